import type { Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem } from "../spec/problem.js";
import { type Bucket, bucketOf } from "./storage-address.js";
import {
  curlConfigurations,
  probeRequests,
  type StorageKeys,
  type StorageRequest,
  signed,
} from "./storage-requests.js";
import { onlySite, type Workspace } from "./workspace.js";

/** The storage of an environment as one of its hosts sees it. */
export interface ImageStorage {
  /** Where it is, in words. */
  readonly name: string;
  /** Bytes of each blob that is there, by its digest. */
  blobs(): Promise<Map<string, number>>;
  /** Leaves a small object that tells of a backup, so that a restoring knows the storage again. */
  mark(id: string, text: string): Promise<void>;
  /** Whether that object is there. */
  hasMark(id: string): Promise<boolean>;
}

/** Milliseconds for one page of a bucket's list, and for looking through a folder. */
const PAGE_TIME = 60_000;
const FOLDER_TIME = 3_600_000;
const BLOBS = "docker/registry/v2/blobs/";
/** Beside the folder of the registry, which looks at nothing but its own. */
const markKey = (id: string) => `harborwright/backups/${id}.json`;

/**
 * The storage through a host of the environment.
 * @returns undefined for one whose requests are not signed here: Azure, Swift, and buckets that a machine's role opens
 */
export function imageStorage(workspace: Workspace, store: SecretStore, host: Host): ImageStorage | undefined {
  const { registry } = workspace.environment;
  const { storage } = registry;
  if (storage.kind === "filesystem") {
    // Harbor mounts this folder of its own.
    const harbor = registry.engine === "harbor" ? `${harborOf(workspace.environment).dataVolume}/registry` : undefined;
    return folderStorage(host, harbor ?? storage.directory);
  }
  const bucket = bucketOf(storage, onlySite(workspace).storage);
  const accessKey = store.get(secretName.storageAccessKey);
  const secretKey = store.get(secretName.storageSecretKey);
  if (bucket === undefined || accessKey === undefined || secretKey === undefined) return undefined;
  return bucketStorage(host, bucket, { accessKey, secretKey });
}

function folderStorage(host: Host, folder: string): ImageStorage {
  const at = quoted(folder);
  return {
    name: folder,
    blobs: async () => {
      const script = `[ ! -d ${at}/${BLOBS} ] || find ${at}/${BLOBS} -type f -name data -printf '%P %s\\n'`;
      return new Map((await host.read(script, { timeout: FOLDER_TIME })).split("\n").flatMap(readPlace));
    },
    mark: async (id, text) => {
      const file = `${at}/${markKey(id)}`;
      await host.change("mark the storage", `mkdir -p "$(dirname ${file})"\ncat > ${file}`, { input: text });
    },
    hasMark: async (id) => (await host.read(`[ ! -e ${at}/${markKey(id)} ] || echo yes`)).trim() === "yes",
  };
}

function bucketStorage(host: Host, bucket: Bucket, keys: StorageKeys): ImageStorage {
  const key = (name: string) => [bucket.prefix, name].filter((part) => part !== "").join("/");
  const send = async (request: StorageRequest) => {
    const input = curlConfigurations([await signed(request, bucket, keys, new Date())]);
    return readAnswer(await host.read(ASK, { input, timeout: PAGE_TIME }));
  };
  const markRequests = (id: string, content: string) => probeRequests(bucket, { key: key(markKey(id)), content });
  return {
    name: bucket.url,
    blobs: async () => {
      const found = new Map<string, number>();
      for (let token: string | undefined = ""; token !== undefined; ) {
        const [, template] = probeRequests(bucket, { key: "", content: "" });
        const { status, body } = await send({ ...template, url: listUrl(bucket, key(BLOBS), token) });
        if (status !== 200) throw refused(bucket, status, body);
        for (const [digest, size] of readPage(body, key(BLOBS))) found.set(digest, size);
        token = nextToken(body);
      }
      return found;
    },
    mark: async (id, text) => {
      const [write] = markRequests(id, text);
      const { status, body } = await send(write);
      if (status >= 300) throw refused(bucket, status, body);
    },
    hasMark: async (id) => {
      const [, read] = markRequests(id, "");
      const { status, body } = await send(read);
      if (status !== 200 && status !== 404) throw refused(bucket, status, body);
      return status === 200;
    },
  };
}

/** Sends the one request on standard input; prints the body, then the status in a line of its own. */
const ASK = `curl --config - --silent --show-error --connect-timeout 5 --max-time 50 --write-out '\\n%{http_code}'`;

function readAnswer(printed: string): { readonly status: number; readonly body: string } {
  const end = printed.lastIndexOf("\n");
  return { status: Number(printed.slice(end + 1)), body: printed.slice(0, end) };
}

/** The next page of all objects below a prefix (Amazon S3, ListObjectsV2). */
function listUrl({ url }: Bucket, prefix: string, token: string): string {
  const list = new URL(url);
  list.searchParams.set("list-type", "2");
  list.searchParams.set("prefix", prefix);
  if (token !== "") list.searchParams.set("continuation-token", token);
  return list.href;
}

/** Digests and sizes in one page of a bucket's list. */
export function readPage(body: string, prefix: string): [digest: string, size: number][] {
  return [...body.matchAll(/<Contents>(.*?)<\/Contents>/gs)].flatMap(([, object = ""]) => {
    const key = inTag(object, "Key");
    return key?.startsWith(prefix) ? readPlace(`${key.slice(prefix.length)} ${inTag(object, "Size")}`) : [];
  });
}

/** What asks for the page after this one. @returns undefined when it is the last */
export function nextToken(body: string): string | undefined {
  return inTag(body, "IsTruncated") === "true" ? inTag(body, "NextContinuationToken") : undefined;
}

function inTag(text: string, tag: string): string | undefined {
  const found = new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1];
  return found?.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** `sha256/ab/ab…/data 123` */
function readPlace(line: string): [string, number][] {
  const [, algorithm, hex, size] = /^([a-z0-9]+)\/..\/([0-9a-f]+)\/data (\d+)$/.exec(line) ?? [];
  return hex === undefined ? [] : [[`${algorithm}:${hex}`, Number(size)]];
}

function refused({ url }: Bucket, status: number, body: string): Problem {
  const code = inTag(body, "Code");
  return new Problem({
    code: "backup/storage-refused",
    says: `the storage ${url} answers ${status}${code === undefined ? "" : ` ${code}`}`,
    instead: "its key must be allowed to list, read and write; `harborwright doctor` looks at it",
    field: "registry.storage",
  });
}

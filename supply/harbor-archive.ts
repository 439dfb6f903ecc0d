import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { $ } from "zx/core";
import { type EachHarborImage, eachHarborImage, HARBOR_IMAGES } from "../release/harbor-images.js";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem } from "../spec/problem.js";

/** An offline installer of Harbor. */
export interface Bundle {
  readonly path: string;
  /** As the user would name it. */
  readonly shown: string;
  /** The release that it shall be: 2.15.2. */
  readonly patch: string;
  /** That of the hosts, as Go spells it. */
  readonly architecture: string;
}

/** What the engine will call each image. */
export type ImageIds = EachHarborImage<{ readonly id: string }>;

/** docker-archive: `<hex>.json`; an engine that writes OCI layouts as well: `blobs/sha256/<hex>`. */
const CONFIGURATION = /^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/;

const manifestSchema = z.array(
  z.object({ Config: z.string().regex(CONFIGURATION), RepoTags: z.array(z.string()).nullable().default([]) }),
);
const configurationSchema = z.object({ architecture: z.string() });

/**
 * Takes the archive of all images out of an offline installer, and tells their ids.
 * @param archive - where the archive shall lie
 * @throws Problem `harbor/bundle-…` when it is something else, of another release, cut short, or for other machines
 */
export async function unpackBundle(bundle: Bundle, archive: string): Promise<ImageIds> {
  const work = `${archive}.work`;
  await mkdir(work);
  const inner = `harbor/harbor.v${bundle.patch}.tar.gz`;
  await refuseOthers(bundle, inner);
  await tar(bundle, ["--extract", "--file", bundle.path, "--directory", work, inner]);
  await rename(join(work, inner), archive);
  const found = await imagesIn(bundle, archive, work);
  await rm(work, { recursive: true });
  return found;
}

async function refuseOthers(bundle: Bundle, inner: string): Promise<void> {
  const names = (await tar(bundle, ["--list", "--file", bundle.path])).split("\n");
  if (names.includes(inner)) return;
  const [, other] = names.map((name) => /^harbor\/harbor\.v(.+)\.tar\.gz$/.exec(name)).find((match) => match) ?? [];
  if (other === undefined) throw noBundle(bundle, ["it holds no harbor/harbor.v….tar.gz"]);
  throw new Problem({
    code: "harbor/bundle-other-version",
    says: `${bundle.shown} is Harbor ${other}, and the environment wants ${bundle.patch}`,
    instead: `the offline installer of ${bundle.patch}, or another registry.version`,
    field: "harbor.release",
  });
}

async function imagesIn(bundle: Bundle, archive: string, work: string): Promise<ImageIds> {
  await tar(bundle, ["--extract", "--file", archive, "--directory", work, "manifest.json"]);
  const manifest = manifestSchema.safeParse(parsedJson(await readFile(join(work, "manifest.json"), "utf8")));
  if (!manifest.success) throw noBundle(bundle, ["its manifest.json is no list of images"]);
  const configurations = new Map(
    HARBOR_IMAGES.flatMap((name) => {
      const tag = `goharbor/${name}:v${bundle.patch}`;
      const has = ({ RepoTags }: { RepoTags: string[] | null }) =>
        (RepoTags ?? []).some((one) => one === tag || one === `docker.io/${tag}`);
      const entry = manifest.data.find(has);
      return entry === undefined ? [] : [[name, entry.Config] as const];
    }),
  );
  const lacking = HARBOR_IMAGES.filter((name) => !configurations.has(name));
  if (lacking.length > 0) throw incomplete(bundle, lacking);
  await tar(bundle, ["--extract", "--file", archive, "--directory", work, ...new Set(configurations.values())]);
  const ids = new Map<string, string>();
  for (const [name, path] of configurations) ids.set(name, await idOf(bundle, name, path, work));
  return eachHarborImage((name) => ({ id: ids.get(name) ?? "" }));
}

/** The id of an image is the sha256 of its configuration. */
async function idOf(bundle: Bundle, name: string, path: string, work: string): Promise<string> {
  const text = await readFile(join(work, path));
  const id = createHash("sha256").update(text).digest("hex");
  if (CONFIGURATION.exec(path)?.[1] !== id)
    throw noBundle(bundle, [`the configuration of ${name} is not what its name says`]);
  const configuration = configurationSchema.safeParse(parsedJson(text.toString()));
  if (configuration.data?.architecture !== bundle.architecture) {
    throw otherArchitecture(bundle, configuration.data?.architecture ?? "an unknown architecture");
  }
  return `sha256:${id}`;
}

async function tar(bundle: Bundle, options: readonly string[]): Promise<string> {
  const done = await $({ quiet: true, nothrow: true })`tar --gzip ${options}`;
  if (done.exitCode !== 0) throw noBundle(bundle, done.stderr.trim().split("\n").slice(-4));
  return done.stdout;
}

function noBundle({ shown, patch }: Bundle, log: readonly string[]): Problem {
  return new Problem({
    code: "harbor/bundle-unreadable",
    says: `${shown} is not the whole offline installer of Harbor ${patch}`,
    instead: "fetch it again: a download that was cut short looks like this; the online installer holds no images",
    log,
    field: "harbor.release",
  });
}

function incomplete({ shown }: Bundle, lacking: readonly string[]): Problem {
  return new Problem({
    code: "harbor/bundle-incomplete",
    says: `${shown} has no ${lacking.join(", ")}`,
    instead: "upstream's own offline installer; one that was built by oneself needs TRIVYFLAG=true EXPORTERFLAG=true",
    field: "harbor.release",
  });
}

function otherArchitecture({ shown, architecture }: Bundle, other: string): Problem {
  return new Problem({
    code: "harbor/bundle-other-architecture",
    says: `${shown} is for ${other}, and the hosts are ${architecture}`,
    instead: `an offline installer for ${architecture}; upstream's is for amd64`,
    field: "harbor.release",
  });
}

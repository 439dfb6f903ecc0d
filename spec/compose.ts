import { Document, isMap, isScalar, isSeq } from "yaml";
import type { EnvironmentFile } from "./environment.js";
import { parseEnvironment } from "./parse.js";

type SiteFile = EnvironmentFile["sites"][number];
type RegistryFile = EnvironmentFile["registry"];
type HostsFile = Extract<SiteFile, { provider: "hosts" }>;
type HostFile = HostsFile["hosts"][number];

/** Where in a cloud, and who may come in. */
export interface CloudPlace {
  readonly provider: "alicloud" | "aws";
  /** cn-hangzhou, eu-central-1 */
  readonly region: string;
  readonly zones: readonly string[];
  /** Blocks from which operators come by SSH. On AWS none: they come through a session of Systems Manager then. */
  readonly operators: readonly string[];
  /** Blocks from which clients pull and push. */
  readonly clients: readonly string[];
  /** Instance type. @default - the one this version was tested with */
  readonly size?: string;
  /** @default 3 */
  readonly nodes?: number;
}

/** What `init` asks for. What is absent is left to the defaults and does not stand in the file. */
export interface Answers {
  /** Name of the environment, and of its file. */
  readonly name: string;
  /** Name under which clients reach the registry. */
  readonly hostname: string;
  readonly place:
    | {
        readonly provider: "local";
        /** @default 3 */
        readonly nodes?: number;
        /** Port of 127.0.0.1, where the hosts' network cannot be reached. @default - none */
        readonly publish?: number;
      }
    | { readonly provider: "hosts"; readonly hosts: readonly HostFile[] }
    | CloudPlace;
  /** @default - the storage that comes with the site */
  readonly storage?: NonNullable<RegistryFile["storage"]>;
  /** @default - on this machine a floating address, with one node the node itself */
  readonly entry?: NonNullable<HostsFile["entry"]>;
  /** @default 3.1 */
  readonly version?: NonNullable<RegistryFile["version"]>;
  /** Accounts that may push and pull. @default - operator */
  readonly users?: readonly string[];
  /** The registry to mirror. @default - none, images are pushed */
  readonly upstream?: string;
  /** Path of the JSON Schema from the file's own folder. @default ../environment.schema.json */
  readonly schema?: string;
}

/**
 * A short environment file with comments, from a few answers.
 * @throws Problems when the answers together are refused; the places are those of the file that was not written
 */
export function composeEnvironment(answers: Answers): string {
  const text = commented(environmentOf(answers), answers.schema ?? "../environment.schema.json");
  parseEnvironment(text, `${answers.name}.yaml`);
  return text;
}

function environmentOf(answers: Answers): EnvironmentFile {
  const { name, hostname, storage, version, users, upstream } = answers;
  return {
    environment: name,
    registry: {
      hostname,
      ...(version === undefined ? {} : { version }),
      ...(storage === undefined ? {} : { storage }),
      ...(upstream === undefined ? {} : { mirror: { upstream } }),
      ...(users === undefined ? {} : { authentication: { kind: "htpasswd", users: [...users] } }),
    },
    sites: [siteOf(answers)],
  };
}

function siteOf({ name, place, entry }: Answers): SiteFile {
  const entrance = entry === undefined ? {} : { entry };
  if (place.provider !== "local" && place.provider !== "hosts") return cloudSite(name, place);
  if (place.provider === "hosts") return { name, provider: "hosts", hosts: [...place.hosts], ...entrance };
  const publish = place.publish === undefined ? {} : { publish: place.publish };
  return { name, provider: "local", nodes: { count: place.nodes ?? 3 }, ...entrance, ...publish };
}

/** The two clouds spell their fields alike; only a session is AWS's own. */
function cloudSite(name: string, place: CloudPlace): SiteFile {
  const { provider, region, zones, operators, clients, size, nodes = 3 } = place;
  const rest = {
    region,
    zones: [...zones],
    network: { ...(operators.length === 0 ? {} : { operators: [...operators] }), clients: [...clients] },
    nodes: { count: nodes, ...(size === undefined ? {} : { size }) },
  };
  if (provider === "alicloud") return { name, provider, ...rest };
  return { name, provider, ...rest, ...(operators.length === 0 ? { access: { from: "session" } } : {}) };
}

/** What a comment says of the field below it. */
const COMMENTS: readonly { readonly path: readonly (string | number)[]; readonly comment: string }[] = [
  { path: ["registry", "hostname"], comment: " the name clients use; it must lead to the entry" },
  { path: ["registry", "storage"], comment: " where image layers are kept; keys are in the secret store" },
  { path: ["registry", "mirror"], comment: " a read-only copy of this registry, filled as images are pulled" },
  { path: ["registry", "authentication"], comment: " passwords are made at random and kept in the secret store" },
  { path: ["sites", 0, "zones"], comment: " nodes are spread over them; append only" },
  { path: ["sites", 0, "network"], comment: " who comes in: operators by SSH, clients to the registry" },
  { path: ["sites", 0, "access"], comment: " SSH goes through AWS Systems Manager: no port is open" },
  { path: ["sites", 0, "nodes"], comment: " one is a trial, three survive a dead node" },
  { path: ["sites", 0, "hosts"], comment: " reached over SSH; one is a trial, three survive a dead node" },
  { path: ["sites", 0, "entry"], comment: " where clients come in" },
];

/** Fields short enough for one line. */
const ON_ONE_LINE: readonly (readonly (string | number)[])[] = [
  ["registry", "mirror"],
  ["registry", "authentication"],
  ["sites", 0, "zones"],
  ["sites", 0, "network"],
  ["sites", 0, "access"],
  ["sites", 0, "nodes"],
  ["sites", 0, "entry"],
];

function commented(environment: EnvironmentFile, schema: string): string {
  const document = new Document(environment, { aliasDuplicateObjects: false });
  document.commentBefore = ` yaml-language-server: $schema=${schema}\n \`harborwright explain\` tells of every field that may stand here`;
  for (const { path, comment } of COMMENTS) commentKey(document, path, comment);
  const hosts = environment.sites.flatMap((site) => (site.provider === "hosts" ? site.hosts : []));
  for (const path of [...ON_ONE_LINE, ...hosts.map((_, index) => ["sites", 0, "hosts", index])])
    onOneLine(document.getIn(path, true));
  return document.toString({ lineWidth: 0 });
}

function commentKey(document: Document, path: readonly (string | number)[], comment: string): void {
  const around = document.getIn(path.slice(0, -1), true);
  if (!isMap(around)) return;
  const pair = around.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  if (isScalar(pair?.key)) pair.key.commentBefore = comment;
}

function onOneLine(node: unknown): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}

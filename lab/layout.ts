import { createHash } from "node:crypto";
import type { Environment } from "../spec/environment.js";
import { harborOf } from "../spec/harbor/software.js";
import { LOCAL_PLACES, localContainer, plannedInventory } from "../spec/inventory.js";
import { addressIn } from "../spec/names.js";
import { Problem } from "../spec/problem.js";
import type { LocalSite } from "../spec/site.js";
import { bytes } from "../spec/size.js";

/** A host of the lab, as the file wants it. */
export interface PlannedHost {
  /** What people call it: node-1, services. */
  readonly name: string;
  /** The engine's name for its container, unique on the machine. */
  readonly container: string;
  /** The named volume that holds its disk. */
  readonly volume: string;
  readonly address: string;
  /** Bytes of memory it may use. @default - no limit */
  readonly memory?: number;
  /** Folders that outlive the host. */
  readonly dataFolders: readonly string[];
}

/** Everything that a lab consists of, before anything is there. */
export interface LabLayout {
  readonly environment: string;
  readonly site: string;
  readonly network: {
    readonly name: string;
    readonly cidr: string;
    readonly gateway: string;
    readonly bridge: string;
  };
  readonly nodes: readonly PlannedHost[];
  readonly services: PlannedHost;
  /** Ports of the nodes that the balancer uses. */
  readonly ports: { readonly https: number; readonly status: number };
  /** Whether clients come in through the balancer on the services host. */
  readonly balanced: boolean;
  /** Port of the machine's 127.0.0.1 that leads to the balancer. @default - none */
  readonly publish?: number;
}

/** The name of the host that stands for the managed services: S3, the load balancer. */
export const SERVICES = "services";

/**
 * Plans the lab of an environment's local site.
 * @throws Problem `lab/no-local-site` when no site of it is on this machine
 */
export function planLab(environment: Environment): LabLayout {
  const site = environment.sites.find((site) => site.provider === "local");
  if (site === undefined) throw noLocalSite(environment);
  const { cidr } = site.network;
  const host = (name: string, address: string, settings: Pick<PlannedHost, "memory" | "dataFolders">): PlannedHost => {
    const container = localContainer(environment.environment, name);
    return { name, container, volume: `${container}-disk`, address, ...settings };
  };
  return {
    environment: environment.environment,
    site: site.name,
    network: {
      name: `${objectPrefix(environment.environment)}-lab`,
      cidr,
      gateway: addressIn(cidr, LOCAL_PLACES.gateway),
      bridge: bridgeName(environment.environment),
    },
    nodes: nodeAddresses(environment, site).map(({ name, address }) =>
      host(name, address, { memory: bytes(site.nodes.memory), dataFolders: dataFolders(environment) }),
    ),
    services: host(SERVICES, addressIn(cidr, LOCAL_PLACES.services), { dataFolders: ["/srv"] }),
    ports: { https: environment.registry.ports.https, status: environment.registry.ports.status },
    balanced: site.entry?.from === "balancer" || site.publish !== undefined,
    ...(site.publish === undefined ? {} : { publish: site.publish }),
  };
}

/** All hosts of a lab. */
export function hostsOf(layout: LabLayout): readonly PlannedHost[] {
  return [...layout.nodes, layout.services];
}

/**
 * The host that a person named.
 * @throws Problem `lab/unknown-host` with those there are
 */
export function hostNamed(layout: LabLayout, name: string): PlannedHost {
  const hosts = hostsOf(layout);
  const found = hosts.find((host) => host.name === name);
  if (found !== undefined) return found;
  throw new Problem({
    code: "lab/unknown-host",
    says: `the lab of ${layout.environment} has no host "${name}"`,
    instead: `name one of ${hosts.map((host) => host.name).join(", ")}`,
  });
}

/** Linux allows 15 characters to an interface; a longer name keeps its beginning and a digest of the whole. */
export function bridgeName(environment: string): string {
  const name = objectPrefix(environment);
  if (name.length <= 15) return name;
  return `${name.slice(0, 8)}-${createHash("sha256").update(environment).digest("hex").slice(0, 6)}`;
}

function objectPrefix(environment: string): string {
  return `hw-${environment}`;
}

function nodeAddresses(environment: Environment, site: LocalSite) {
  const inventory = plannedInventory(environment, { identity: "" });
  return inventory.sites.find(({ name }) => name === site.name)?.nodes ?? [];
}

function dataFolders(environment: Environment): string[] {
  const { storage } = environment.registry;
  const own = storage.kind === "filesystem" ? storage.directory : "/srv";
  const images = own.startsWith("/srv/") || own === "/srv" ? ["/srv"] : ["/srv", own];
  return [...images, ...(carriesDataBase(environment) ? DATA_BASE : [])];
}

/** Folders of data base and Redis on the nodes: without them the images that are kept are nobody's. */
const DATA_BASE = ["etcd", "postgresql", "redis"].map((folder) => `/var/lib/harborwright/${folder}`);

function carriesDataBase(environment: Environment): boolean {
  return environment.registry.engine === "harbor" && harborOf(environment).database.kind === "own";
}

function noLocalSite(environment: Environment): Problem {
  return new Problem({
    code: "lab/no-local-site",
    says: `${environment.environment} has no site on this machine: its provider is ${environment.sites[0]?.provider}`,
    instead: "use an environment with a site whose provider is local",
    field: "sites[0].provider",
  });
}

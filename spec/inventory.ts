import { cloudInventory } from "./cloud/inventory.js";
import type { Outputs } from "./cloud/outputs.js";
import { managedServices } from "./cloud/services.js";
import { type CloudSite, isCloud } from "./cloud/sites.js";
import { milliseconds } from "./duration.js";
import type { Environment } from "./environment.js";
import { addressIn } from "./names.js";
import type { S3Storage } from "./storage.js";

/** A host that carries a node, and how SSH reaches it. */
export interface Node {
  /** Name of the site it belongs to. */
  readonly site: string;
  /** Name within the environment: node-1. */
  readonly name: string;
  /** Where SSH and clients reach it from outside. */
  readonly address: string;
  /** Its address between the nodes. */
  readonly privateAddress: string;
  readonly ssh: {
    readonly user: string;
    readonly port: number;
    /** Path of a private key. @default - the agent and ~/.ssh/config decide */
    readonly identityFile?: string;
    /** The host's public keys, when they are known beforehand. @default - the first seen is kept */
    readonly hostKeys?: readonly string[];
    /** What SSH goes through. @default - it goes straight to the host */
    readonly proxy?: SshProxy;
  };
}

/** What stands between an operator and the SSH port of a host. */
export type SshProxy =
  | {
      /** A machine that is logged in to first. */
      readonly kind: "jump";
      readonly user: string;
      readonly address: string;
      readonly port: number;
      readonly identityFile: string;
    }
  | {
      /** A tunnel of AWS Systems Manager. */
      readonly kind: "session";
      /** Id of the machine. */
      readonly instance: string;
      readonly region: string;
    }
  | {
      /** A host of this machine whose network is out of reach: the engine that runs it carries the connection. */
      readonly kind: "container";
      /** The engine's name for it. */
      readonly container: string;
    };

/** Where clients come in. */
export type EntryPoint =
  | {
      readonly from: "floating";
      readonly address: string;
      /** @default - the interface that holds the node's own address */
      readonly interface?: string;
      readonly routerId: number;
      readonly advertMilliseconds: number;
    }
  | {
      readonly from: "balancer";
      readonly address: string;
      /**
       * Blocks that it comes from where it reads requests: it then names the client in X-Forwarded-For.
       * @default - it passes connections on, with their clients' addresses
       */
      readonly forwardsFrom?: readonly string[];
    }
  | { readonly from: "node"; readonly address: string };

/** An S3 bucket that a site brings along (`storage.kind: managed`). */
export interface ManagedStorage {
  /** @default - Amazon's own */
  readonly endpoint?: string;
  readonly region: string;
  readonly bucket: string;
  readonly forcePathStyle: boolean;
  /** Where the rights come from: an access key in the secret store, or the role of the machine. */
  readonly credentials: "keys" | "instance-role";
  /** Access control list that goes with each object. @default "private" */
  readonly objectAcl?: S3Storage["objectAcl"];
}

/** The PostgreSQL that a site brings along (`harbor.database.kind: managed`). */
export interface SiteDatabase {
  /** Name that leads to the primary. */
  readonly host: string;
  readonly port: number;
  /** Name of the data base. */
  readonly name: string;
  /** Role that owns it. */
  readonly user: string;
}

/** The Redis that a site brings along (`harbor.redis.kind: managed`). It speaks TLS. */
export interface SiteRedis {
  /** Name that leads to the primary. */
  readonly host: string;
  readonly port: number;
  /** Name to log in with. @default - the password alone is asked */
  readonly user?: string;
}

/** One site's hosts and what came with them. */
export interface SiteInventory {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly entry: EntryPoint;
  /** @default - the environment names its own storage */
  readonly storage?: ManagedStorage;
  /** @default - it is on the nodes, or given */
  readonly database?: SiteDatabase;
  /** @default - it is on the nodes, or given */
  readonly redis?: SiteRedis;
  /** Port of 127.0.0.1 on which the entry is published as well. @default - none */
  readonly published?: number;
}

/** The hosts of an environment, whoever made them: the lab, the file's own list, a cloud's stack. */
export interface Inventory {
  readonly environment: string;
  readonly sites: readonly SiteInventory[];
}

/** Places in a local site's network: the machine .1, services .10, nodes from .11, the floating address .100. */
export const LOCAL_PLACES = { gateway: 1, services: 10, firstNode: 11, floating: 100 } as const;

/** Ports and names of what the services host of a local site offers. */
export const LOCAL_SERVICES = { s3Port: 7070, region: "us-east-1", bucket: "registry" } as const;

/** The engine's name for a host on this machine. */
export function localContainer(environment: string, host: string): string {
  return `hw-${environment}-${host}`;
}

type Site = Environment["sites"][number];
type OwnSite = Exclude<Site, CloudSite>;

/** Where the machine keeps what the inventory names, and what stacks have told. */
export interface InventoryFiles {
  /** Path of the private SSH key of hosts that harborwright makes. */
  readonly identity: string;
  /** What the stacks of cloud sites tell, by name of the site. @default - nothing is made yet */
  readonly outputs?: Outputs;
}

/**
 * The inventory of an environment: addresses of local hosts are planned, those of given hosts are written down, and
 * what only a cloud can know comes from the outputs of its stack.
 */
export function plannedInventory(environment: Environment, files: InventoryFiles): Inventory {
  return {
    environment: environment.environment,
    sites: environment.sites.map((site) => siteInventory(site, environment, files)),
  };
}

function siteInventory(site: Site, environment: Environment, files: InventoryFiles): SiteInventory {
  const managed = environment.registry.storage.kind === "managed";
  if (isCloud(site)) {
    const outputs = files.outputs?.[site.name];
    return cloudInventory(site, {
      environment: environment.environment,
      hostname: environment.registry.hostname,
      managed,
      services: managedServices(environment),
      identityFile: files.identity,
      ...(outputs === undefined ? {} : { outputs }),
    });
  }
  const nodes =
    site.provider === "local" ? localNodes(site, environment.environment, files.identity) : givenNodes(site);
  return {
    name: site.name,
    nodes,
    entry: entryPoint(site, nodes),
    ...(site.provider === "local" && managed ? { storage: localStorage(site.network.cidr) } : {}),
    ...(site.provider === "local" && site.publish !== undefined ? { published: site.publish } : {}),
  };
}

/** A file that publishes the entry says that the network of the hosts is out of reach; SSH then takes another way. */
function localNodes(site: Extract<Site, { provider: "local" }>, environment: string, identityFile: string): Node[] {
  const ssh = { user: "root", port: 22, identityFile };
  return Array.from({ length: site.nodes.count }, (_, index) => {
    const address = addressIn(site.network.cidr, LOCAL_PLACES.firstNode + index);
    const name = `node-${index + 1}`;
    const proxy: SshProxy = { kind: "container", container: localContainer(environment, name) };
    return {
      site: site.name,
      name,
      address,
      privateAddress: address,
      ssh: site.publish === undefined ? ssh : { ...ssh, proxy },
    };
  });
}

function givenNodes(site: Extract<Site, { provider: "hosts" }>): Node[] {
  return site.hosts.map((host) => ({
    site: site.name,
    name: host.name,
    address: host.address,
    privateAddress: host.privateAddress ?? host.address,
    ssh: {
      user: host.user,
      port: host.port,
      ...(host.identityFile === undefined ? {} : { identityFile: host.identityFile }),
      ...(host.hostKey === undefined ? {} : { hostKeys: [host.hostKey] }),
    },
  }));
}

const DEFAULT_FLOATING: Extract<NonNullable<OwnSite["entry"]>, { from: "floating" }> = {
  from: "floating",
  routerId: 51,
  advertEvery: "250ms",
};

function entryPoint(site: OwnSite, nodes: readonly Node[]): EntryPoint {
  const only = nodes[0]?.address ?? "";
  const entry = site.entry ?? (nodes.length === 1 ? { from: "node" as const } : undefined);
  if (entry?.from === "node") return { from: "node", address: only };
  if (entry?.from === "balancer") {
    const own = site.provider === "local" ? addressIn(site.network.cidr, LOCAL_PLACES.services) : only;
    return { from: "balancer", address: entry.address ?? own };
  }
  const floating = entry ?? DEFAULT_FLOATING;
  const own = site.provider === "local" ? addressIn(site.network.cidr, LOCAL_PLACES.floating) : only;
  return {
    from: "floating",
    address: floating.address ?? own,
    ...(floating.interface === undefined ? {} : { interface: floating.interface }),
    routerId: floating.routerId,
    advertMilliseconds: milliseconds(floating.advertEvery),
  };
}

function localStorage(cidr: string): ManagedStorage {
  return {
    endpoint: `http://${addressIn(cidr, LOCAL_PLACES.services)}:${LOCAL_SERVICES.s3Port}`,
    region: LOCAL_SERVICES.region,
    bucket: LOCAL_SERVICES.bucket,
    forcePathStyle: true,
    credentials: "keys",
  };
}

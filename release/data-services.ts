import { Problem } from "../spec/problem.js";
import {
  type DataFile,
  type DataRelease,
  type DataServicesContext,
  type DataSettings,
  type DataUnit,
  HARBOR_DATABASE,
  REDIS_MASTER_SET,
} from "./data-context.js";
import { filesDigest } from "./digest.js";
import { dataHostFiles } from "./parts/data-host-files.js";
import { etcdFiles } from "./parts/etcd-files.js";
import { postgresqlFiles } from "./parts/postgresql-files.js";
import { redisFiles } from "./parts/redis-files.js";
import { loadTemplates } from "./templates.js";

/** Where the Harbor of one node finds its data base and its Redis. */
export interface DataAddresses {
  readonly database: {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly user: string;
    /** TLS always; the CA is the environment's own, and the certificate names the primary's address, not the entry's. */
    readonly sslMode: "verify-ca";
  };
  readonly redis: {
    /** `address:port` of every sentinel. */
    readonly sentinels: readonly string[];
    readonly masterSet: string;
    readonly tls: false;
  };
}

/**
 * Where the Harbor of a node finds its data base and its Redis. The data base differs from node to node, for each has
 * a way of its own to the primary; Redis is the same on all.
 * @param node - name of the node
 */
export function dataAddresses(
  { nodes, settings }: Pick<DataServicesContext, "nodes"> & { readonly settings: Pick<DataSettings, "ports"> },
  node: string,
): DataAddresses {
  const own = nodes.find(({ name }) => name === node);
  if (own === undefined) throw new RangeError(`${node} carries no data services`);
  const { databaseEntry, sentinel } = settings.ports;
  return {
    database: {
      host: own.address,
      port: databaseEntry,
      ...HARBOR_DATABASE,
      sslMode: "verify-ca",
    },
    redis: {
      sentinels: nodes.map(({ address }) => `${address}:${sentinel}`),
      masterSet: REDIS_MASTER_SET,
      tls: false,
    },
  };
}

/**
 * The files of the data services, one release for each node and in their order.
 * @throws Problem `data-services/too-few-nodes`, `data-services/password-characters`
 */
export function renderDataServices(context: DataServicesContext): DataRelease[] {
  refuse(context);
  const templates = loadTemplates();
  return context.nodes.map((node) => {
    const files = [
      ...dataHostFiles(templates, context, node),
      ...etcdFiles(templates, context, node),
      ...postgresqlFiles(templates, context, node),
      ...redisFiles(templates, context, node),
    ].sort((one, other) => (one.path < other.path ? -1 : 1));
    return { node: node.name, files, units: dataUnitDigests(files) };
  });
}

function dataUnitDigests(files: readonly DataFile[]): Record<DataUnit, string> {
  const digest = (unit: DataUnit) => filesDigest(files.filter((file) => file.unit === unit));
  return {
    kernel: digest("kernel"),
    folders: digest("folders"),
    filter: digest("filter"),
    etcd: digest("etcd"),
    postgresql: digest("postgresql"),
    "postgresql-program": digest("postgresql-program"),
    "database-entry": digest("database-entry"),
    "database-entry-program": digest("database-entry-program"),
    redis: digest("redis"),
    sentinel: digest("sentinel"),
  };
}

function refuse({ nodes, secrets }: DataServicesContext): void {
  if (nodes.length < 3 || nodes.length % 2 === 0) {
    throw new Problem({
      code: "data-services/too-few-nodes",
      says: `a data base of one's own on ${nodes.length} node${nodes.length === 1 ? "" : "s"} does not survive the loss of one`,
      instead: "give it three nodes or five, or an existing data base and Redis by their addresses",
      field: "harbor.database.kind",
    });
  }
  for (const [name, secret] of Object.entries(secrets)) {
    if (/^[A-Za-z0-9_-]{12,}$/.test(secret.reveal())) continue;
    throw new Problem({
      code: "data-services/password-characters",
      says: `the secret ${name} is shorter than 12 characters, or holds one that configuration files would read otherwise`,
      instead: "use letters, digits, _ and - only",
    });
  }
}

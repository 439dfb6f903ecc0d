import {
  type DataFile,
  type DataRelease,
  type DataServicesContext,
  DEFAULT_DATA_PORTS,
} from "../../release/data-context.js";
import { Secret } from "../../spec/secret.js";
import { MARK } from "./example.js";

const MEBIBYTE = 1024 * 1024;

/** Data services on some nodes, with secrets that a test can find by their mark. */
export function dataContext(count = 3, changes: Partial<DataServicesContext> = {}): DataServicesContext {
  const nodes = Array.from({ length: count }, (_, index) => ({
    name: `node-${index + 1}`,
    address: `198.18.49.${11 + index}`,
  }));
  return {
    environment: "example",
    nodes,
    clients: [],
    authority: "the CA\n",
    certificates: Object.fromEntries(
      nodes.map(({ name }) => [
        name,
        { certificate: `certificate of ${name}\n`, key: new Secret(`${MARK}key-${name}`) },
      ]),
    ),
    secrets: {
      databasePassword: new Secret(`${MARK}database`),
      replicationPassword: new Secret(`${MARK}replication`),
      rewindPassword: new Secret(`${MARK}rewind`),
      redisPassword: new Secret(`${MARK}redis`),
      sentinelPassword: new Secret(`${MARK}sentinel`),
    },
    settings: {
      ports: DEFAULT_DATA_PORTS,
      maxConnections: 300,
      memory: { postgresql: 2048 * MEBIBYTE, redis: 512 * MEBIBYTE, etcd: 512 * MEBIBYTE },
    },
    ...changes,
  };
}

export function dataFileAt(release: DataRelease | undefined, path: string): DataFile {
  const found = release?.files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
}

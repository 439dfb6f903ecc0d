import { randomBytes } from "node:crypto";
import { type DataServicesContext, DEFAULT_DATA_PORTS } from "../../release/data-context.js";
import { makeAuthority } from "../../secrets/certificate-authority.js";
import { issueServerCertificate } from "../../secrets/server-certificate.js";
import type { Node } from "../../spec/inventory.js";
import { Secret } from "../../spec/secret.js";

const MEBIBYTE = 1024 * 1024;

/** Texts of the secrets, as they travel to a program of their own. */
export interface WrittenContext {
  readonly environment: string;
  readonly nodes: DataServicesContext["nodes"];
  readonly authority: string;
  readonly certificates: Readonly<Record<string, { readonly certificate: string; readonly key: string }>>;
  readonly passwords: Readonly<Record<Exclude<keyof DataServicesContext["secrets"], "comingDatabasePassword">, string>>;
}

export interface WrittenDown {
  readonly context: WrittenContext;
  readonly nodes: readonly Node[];
  readonly knownHosts: string;
}

export function contextOf(written: WrittenContext): DataServicesContext {
  const { databasePassword, replicationPassword, rewindPassword, redisPassword, sentinelPassword } = written.passwords;
  const { environment, nodes, authority } = written;
  const certificates = Object.fromEntries(
    Object.entries(written.certificates).map(([node, { certificate, key }]) => [
      node,
      { certificate, key: new Secret(key) },
    ]),
  );
  return {
    environment,
    nodes,
    clients: [],
    authority,
    certificates,
    secrets: {
      databasePassword: new Secret(databasePassword),
      replicationPassword: new Secret(replicationPassword),
      rewindPassword: new Secret(rewindPassword),
      redisPassword: new Secret(redisPassword),
      sentinelPassword: new Secret(sentinelPassword),
    },
    settings: {
      ports: DEFAULT_DATA_PORTS,
      maxConnections: 60,
      memory: { postgresql: 512 * MEBIBYTE, redis: 128 * MEBIBYTE, etcd: 128 * MEBIBYTE },
    },
  };
}

/** Certificates and passwords of a new site. */
export async function writtenContext(environment: string, nodes: readonly Node[]): Promise<WrittenContext> {
  const now = new Date();
  const authority = await makeAuthority(environment, now);
  const certificates = await Promise.all(
    nodes.map(async ({ name, privateAddress }) => {
      const names = [name, privateAddress];
      const { certificate, key } = await issueServerCertificate(authority, names, "397d", now, "server-and-client");
      return [name, { certificate, key: key.reveal() }] as const;
    }),
  );
  const password = () => randomBytes(18).toString("base64url");
  return {
    environment,
    nodes: nodes.map(({ name, privateAddress }) => ({ name, address: privateAddress })),
    authority: authority.certificate,
    certificates: Object.fromEntries(certificates),
    passwords: {
      databasePassword: password(),
      replicationPassword: password(),
      rewindPassword: password(),
      redisPassword: password(),
      sentinelPassword: password(),
    },
  };
}

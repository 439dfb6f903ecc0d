import type { RunningHarbor } from "../../operations/with-harbor.js";
import { asAdmin } from "../../operations/with-harbor.js";
import { secretName } from "../../secrets/names.js";
import type { SecretStore } from "../../secrets/store.js";
import { Secret } from "../../spec/secret.js";
import { type HarborServer, PASSWORD } from "../harbor/server/harbor-server.js";
import { type Desk, deskWith } from "./cloud-workspace.js";

/** An environment with Harbor on hosts of one's own. @param settings - lines of YAML in `harbor.settings` */
export function harborFile(settings = "{}"): string {
  return `environment: prod
registry:
  engine: harbor
  hostname: registry.example.com
  storage: { kind: s3, bucket: images, region: us-east-1 }
harbor:
  release: { sha256: ${"a".repeat(64)} }
  settings: ${settings}
sites:
  - name: cellar
    provider: hosts
    hosts:
      - { name: node-1, address: 10.20.0.11 }
      - { name: node-2, address: 10.20.0.12 }
      - { name: node-3, address: 10.20.0.13 }
    entry: { from: floating, address: 10.20.0.100 }
`;
}

/** A desk whose store has the password that Harbor's admin has in the beginning. */
export async function harborDesk(settings?: string): Promise<Desk> {
  const desk = await deskWith(harborFile(settings));
  process.env.HARBORWRIGHT_IDENTITY = `${desk.folder}/identity.txt`;
  const store = await desk.store();
  store.set(secretName.harbor.adminPassword, new Secret(PASSWORD));
  await store.save();
  return desk;
}

/** Does work with servers that are the nodes of one Harbor, without SSH between. */
export function withServers<T>(
  servers: readonly HarborServer[],
  store: SecretStore,
  work: (harbor: RunningHarbor) => Promise<T>,
): Promise<T> {
  const nodes = servers.map(({ url }, index) => ({ name: `node-${index + 1}`, url }));
  const way = { nodes: nodes.map(({ url }) => url), patience: 0, timeout: 5_000 };
  return asAdmin(way, store, "prod", (client, access) => work({ client, access, nodes }));
}

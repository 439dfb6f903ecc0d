import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openWorkspace, type Workspace } from "../../operations/workspace.js";
import { openStore, type SecretStore } from "../../secrets/store.js";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** The shortest file for a cloud, with more lines where a test wants them. */
export function cloudFile(provider: "aws" | "alicloud", nodes = "{ count: 3 }"): string {
  const [region, zones] =
    provider === "aws"
      ? ["eu-central-1", "[eu-central-1a, eu-central-1b, eu-central-1c]"]
      : ["cn-hangzhou", "[cn-hangzhou-h, cn-hangzhou-i, cn-hangzhou-j]"];
  return `environment: prod
registry:
  hostname: registry.example.com
sites:
  - name: prod
    provider: ${provider} # where it runs
    region: ${region}
    zones: ${zones}
    network: { operators: [203.0.113.0/24], clients: [0.0.0.0/0] }
    nodes: ${nodes}
`;
}

/** A folder with an environment file, and an operator with an identity of their own. */
export interface Desk {
  readonly folder: string;
  readonly file: string;
  open(): Promise<Workspace>;
  /** The store as whoever has this identity reads it. */
  store(): Promise<SecretStore>;
}

export async function deskWith(text: string): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "harborwright-desk-"));
  folders.push(folder);
  const file = join(folder, "prod.yaml");
  await writeFile(file, text);
  return {
    folder,
    file,
    open: () => openWorkspace(file),
    store: () =>
      openStore(join(folder, "prod.secrets.age"), { identityFile: join(folder, "identity.txt"), recipients: [] }),
  };
}

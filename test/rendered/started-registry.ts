import { createHash } from "node:crypto";
import { join } from "node:path";
import { PATHS } from "../../release/layout.js";
import type { ReleaseSecrets } from "../../release/release.js";
import { type Environment, type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { goTool } from "../../supply/go-tool.js";
import { silentProgress } from "../../supply/progress.js";
import { firstRelease, secretsOf } from "../release/example.js";
import { type Answer, askPlainly } from "./client.js";
import { consumer } from "./consumers.js";
import { newFolder, type PlacedRelease, placeRelease } from "./placed.js";
import { freePorts } from "./ports.js";
import { Running } from "./running.js";

/** Where registries and what they need listen. */
export const ADDRESS = "127.75.0.11";

export type RegistryFile = EnvironmentFile["registry"];

/** A registry that runs on what was rendered for the only node of a site. */
export class StartedRegistry {
  constructor(
    readonly url: string,
    readonly placed: PlacedRelease,
    readonly running: Running,
  ) {}

  ask(method: string, path: string, details: Parameters<typeof askPlainly>[2] = {}): Promise<Answer> {
    return askPlainly(`${this.url}${path}`, method, details);
  }

  /** Pushes a blob and reads it back. */
  async keeps(content: string, headers: Record<string, string> = {}): Promise<boolean> {
    const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
    const begun = await this.ask("POST", "/v2/team/app/blobs/uploads/", { headers });
    const place = String(begun.headers.location);
    await this.ask("PUT", `${place}&digest=${digest}`, {
      headers: { ...headers, "Content-Type": "application/octet-stream" },
      body: content,
    });
    return (await this.ask("GET", `/v2/team/app/blobs/${digest}`, { headers })).body === content;
  }
}

/**
 * Starts a registry and waits until it listens.
 * @param registry - what its environment says, beside a name and ports
 * @param running - the program is added to it, for whoever ends it
 */
export async function startRegistry(
  registry: Partial<RegistryFile>,
  secrets: Partial<ReleaseSecrets> = {},
  running: Running[] = [],
): Promise<StartedRegistry> {
  const environment = await environmentOf(registry);
  const release = firstRelease(environment, { ...secretsOf(environment), ...secrets });
  const placed = await placeRelease(release, await newFolder("registry"));
  const major2 = environment.registry.version === "2.8";
  const program = major2 ? await consumer("registry2") : await goTool("registry", silentProgress);
  const { registry: port } = environment.registry.ports;
  const command = [program, "serve", placed.at(PATHS.registryConfig)];
  const one = Running.start(command, join(placed.root, "registry.log"), { OTEL_TRACES_EXPORTER: "none" });
  running.push(one);
  await one.ready(ADDRESS, port);
  return new StartedRegistry(`http://${ADDRESS}:${port}`, placed, one);
}

async function environmentOf(registry: Partial<RegistryFile>): Promise<Environment> {
  const [https = 0, port = 0, metrics = 0, status = 0] = await freePorts(4);
  return environmentSchema.parse({
    environment: "starts",
    registry: {
      hostname: "registry.example.com",
      ports: { https, registry: port, metrics, status },
      ...registry,
    },
    sites: [{ name: "here", provider: "hosts", hosts: [{ name: "node-1", address: ADDRESS }] }],
  });
}

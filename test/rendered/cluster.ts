import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { PATHS } from "../../release/layout.js";
import type { ReleaseSecrets } from "../../release/release.js";
import { render } from "../../release/render.js";
import { type Environment, type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { Secret } from "../../spec/secret.js";
import { goTool } from "../../supply/go-tool.js";
import { silentProgress } from "../../supply/progress.js";
import { IMAGES, secretsOf, siteOf } from "../release/example.js";
import { type ServerIdentity, serverIdentity } from "./certificates.js";
import { consumer } from "./consumers.js";
import { newFolder, type PlacedRelease, placeRelease } from "./placed.js";
import { freePorts } from "./ports.js";
import { Running, until } from "./running.js";

export const USER = { name: "operator", password: "correct horse battery" };
/** The password file's value of the Authorization header. */
export const AUTHORIZATION = `Basic ${Buffer.from(`${USER.name}:${USER.password}`).toString("base64")}`;

export type FrontKind = Environment["front"]["kind"];

/** What a test cluster differs in from the usual one. */
export interface ClusterWishes {
  readonly kind: FrontKind;
  /** Second number of the nodes' loopback addresses, 127.<block>.0.11 and on: no two clusters share it. */
  readonly block: number;
  readonly registry?: Partial<EnvironmentFile["registry"]>;
  readonly front?: EnvironmentFile["front"];
  readonly trusted?: Readonly<Record<string, string>>;
  /** Blocks of a balancer that names the client. */
  readonly forwardsFrom?: readonly string[];
}

/**
 * Three registries on loopback addresses that share a folder, and the front of the first node, all real and all on
 * what was rendered for them.
 */
export class Cluster {
  readonly environment: Environment;
  readonly identity: ServerIdentity;
  readonly secrets: ReleaseSecrets;
  readonly #nodes: readonly PlacedRelease[];
  readonly registries: Running[] = [];
  #front: Running | undefined;

  private constructor(
    environment: Environment,
    identity: ServerIdentity,
    secrets: ReleaseSecrets,
    nodes: readonly PlacedRelease[],
  ) {
    this.environment = environment;
    this.identity = identity;
    this.secrets = secrets;
    this.#nodes = nodes;
  }

  static async start(wishes: ClusterWishes): Promise<Cluster> {
    const folder = await newFolder(`cluster-${wishes.kind}`);
    const environment = await clusterEnvironment(wishes);
    const identity = await serverIdentity([environment.registry.hostname, "127.0.0.1"]);
    const secrets = {
      ...secretsOf(environment),
      htpasswd: new Secret(`${USER.name}:${bcrypt.hashSync(USER.password, 4)}\n`),
      certificates: { here: { chain: identity.chain, key: identity.key } },
      trusted: wishes.trusted ?? {},
    };
    const { forwardsFrom = [] } = wishes;
    const entry = { from: "balancer" as const, address: environment.registry.hostname, forwardsFrom };
    const releases = render(environment, { ...siteOf(environment), entry }, secrets, IMAGES);
    const shared = { "/var/lib/registry": join(folder, "images") };
    const nodes = await Promise.all(
      releases.map((release) => placeRelease(release, join(folder, release.node), shared)),
    );
    const cluster = new Cluster(environment, identity, secrets, nodes);
    try {
      await Promise.all(nodes.map((_, index) => cluster.startRegistry(index)));
      await cluster.#startFront();
      return cluster;
    } catch (error) {
      await cluster.end();
      throw error;
    }
  }

  /** The folder that stands for the root of a node's host. */
  node(index: number): PlacedRelease {
    const node = this.#nodes[index];
    if (node === undefined) throw new Error(`there is no node ${index}`);
    return node;
  }

  registry(index: number): Running {
    const registry = this.registries[index];
    if (registry === undefined) throw new Error(`there is no registry ${index}`);
    return registry;
  }

  /** Private address of a node. */
  address(index: number): string {
    return siteOf(this.environment).nodes[index]?.privateAddress ?? "";
  }

  async startRegistry(index: number): Promise<void> {
    const log = join(this.node(index).root, "registry.log");
    const config = this.node(index).at(PATHS.registryConfig);
    const program = await goTool("registry", silentProgress);
    const environment = { OTEL_TRACES_EXPORTER: "none" };
    const running = Running.start([program, "serve", config], log, environment);
    this.registries[index] = await running.ready(this.address(index), this.environment.registry.ports.registry);
  }

  async #startFront(): Promise<void> {
    const { kind } = this.environment.front;
    const program = await consumer(kind);
    const command =
      kind === "nginx"
        ? [program, "-e", "stderr", "-c", this.node(0).at(PATHS.nginxConfig)]
        : [program, "-W", "-db", "-f", this.node(0).at(PATHS.haproxyConfig)];
    this.#front = Running.start(command, join(this.node(0).root, "front.log"));
    await this.#front.ready("127.0.0.1", this.environment.registry.ports.https);
  }

  /** The front of the first node. */
  get front(): Running {
    if (this.#front === undefined) throw new Error("the front was not started");
    return this.#front;
  }

  /** Writes another certificate where the front of the first node reads it, as a renewal would. */
  async installCertificate({ chain, key }: ServerIdentity): Promise<void> {
    const write = (path: string, text: string) => writeFile(this.node(0).at(path), text);
    if (this.environment.front.kind === "haproxy") return write(PATHS.certificateAndKey, `${chain}${key.reveal()}`);
    await write(PATHS.certificate, chain);
    await write(PATHS.certificateKey, key.reveal());
  }

  /** Ends everything. */
  async end(): Promise<void> {
    this.#front?.signal("SIGTERM"); // its master then ends its workers, which SIGKILL would leave behind
    await until("the front has ended", () => this.#front?.lives !== true);
    await Promise.all(this.registries.map((running) => running.kill()));
  }
}

async function clusterEnvironment({ kind, block, registry, front }: ClusterWishes): Promise<Environment> {
  const [https = 0, registryPort = 0, metrics = 0, status = 0] = await freePorts(4);
  return environmentSchema.parse({
    environment: "fronts",
    registry: {
      hostname: "registry.example.com",
      storage: { kind: "filesystem" },
      metrics: { enabled: false },
      drain: "5s",
      ports: { https, registry: registryPort, metrics, status },
      ...registry,
    },
    front: { ...front, kind },
    sites: [
      {
        name: "here",
        provider: "hosts",
        hosts: [11, 12, 13].map((last, index) => ({ name: `node-${index + 1}`, address: `127.${block}.0.${last}` })),
        entry: { from: "balancer", address: "registry.example.com" },
      },
    ],
  });
}

import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { PATHS } from "../../release/layout.js";
import { render } from "../../release/render.js";
import { type Environment, environmentSchema } from "../../spec/environment.js";
import { IMAGES, siteOf } from "../release/example.js";
import { harborSecrets } from "../release/harbor-example.js";
import { type ServerIdentity, serverIdentity } from "./certificates.js";
import { consumer } from "./consumers.js";
import { newFolder, placeRelease } from "./placed.js";
import { freePorts } from "./ports.js";
import { Running, until } from "./running.js";

/** What a stand-in for a node's Harbor tells about a request that reached it. */
export interface Echo {
  readonly node: string;
  readonly host: string;
  readonly scheme: string;
}

/**
 * Stands for Harbor's own nginx on one node and what is behind it: the same paths, the same health body, and the same
 * statuses when its core or its registry is dead.
 */
export class HarborNode {
  core = true;
  registry = true;
  /** Requests for layers and manifests that reached it. */
  layers = 0;
  readonly name: string;
  readonly #server: Server;

  constructor(name: string, identity: ServerIdentity | undefined) {
    this.name = name;
    const answer = (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response);
    this.#server =
      identity === undefined
        ? createPlainServer(answer)
        : createTlsServer({ cert: identity.chain, key: identity.key.reveal() }, answer);
  }

  listen(address: string, port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, address, resolve));
  }

  end(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "";
    if (path.startsWith("/v2/")) this.layers++;
    request.resume();
    request.once("end", () => {
      const [status, body] = this.#said(path, request);
      response.writeHead(status, { "Content-Type": "application/json" }).end(body);
    });
  }

  #said(path: string, { headers, method }: IncomingMessage): [status: number, body: string] {
    // The page of the portal is there whatever else is dead.
    if (path === "/") return [200, "portal"];
    if (!this.core) return [502, "no core"];
    if (path === "/api/v2.0/ping") return [200, "Pong"];
    if (path === "/api/v2.0/health") return [200, this.#health()];
    if (path.startsWith("/v2/") && !this.registry) return [502, "no registry"];
    const scheme = String(headers["x-forwarded-proto"]);
    const echo: Echo = { node: this.name, host: headers.host ?? "", scheme };
    return [method === "POST" || method === "PUT" ? 201 : 200, JSON.stringify(echo)];
  }

  #health(): string {
    const registry = this.registry
      ? { name: "registry", status: "healthy" }
      : { name: "registry", status: "unhealthy", error: "dial tcp: connection refused" };
    const components = [{ name: "core", status: "healthy" }, registry, { name: "registryctl", status: "healthy" }];
    return JSON.stringify({ status: this.registry ? "healthy" : "unhealthy", components });
  }
}

/** What a cluster of stand-ins differs in. */
export interface HarborWishes {
  readonly kind: Environment["front"]["kind"];
  /** Second number of the nodes' loopback addresses, 127.<block>.0.11 and on: no two clusters share it. */
  readonly block: number;
  /** Whether Harbor's own nginx speaks TLS. @default false */
  readonly tls?: boolean;
}

/** The real front of the first node, on what was rendered for it, before three stand-ins for Harbor. */
export class HarborFront {
  readonly environment: Environment;
  readonly identity: ServerIdentity;
  readonly nodes: readonly HarborNode[];
  readonly #front: Running;

  private constructor(
    environment: Environment,
    identity: ServerIdentity,
    nodes: readonly HarborNode[],
    front: Running,
  ) {
    this.environment = environment;
    this.identity = identity;
    this.nodes = nodes;
    this.#front = front;
  }

  static async start({ kind, block, tls = false }: HarborWishes): Promise<HarborFront> {
    const environment = await harborCluster(kind, block, tls);
    const { ports, hostname } = environment.registry;
    const identity = await serverIdentity([hostname, "127.0.0.1"]);
    const site = siteOf(environment);
    const secrets = {
      ...harborSecrets(environment),
      certificates: { here: { chain: identity.chain, key: identity.key } },
      ca: identity.ca,
    };
    const [release] = render(environment, site, secrets, IMAGES);
    if (release === undefined) throw new Error("a site has a node");
    const nodes = site.nodes.map(({ name }) => new HarborNode(name, tls ? identity : undefined));
    await Promise.all(nodes.map((node, index) => node.listen(site.nodes[index]?.privateAddress ?? "", ports.registry)));
    const folder = await newFolder(`harbor-${kind}`);
    const placed = await placeRelease(release, folder);
    const program = await consumer(kind);
    const command =
      kind === "nginx"
        ? [program, "-e", "stderr", "-c", placed.at(PATHS.nginxConfig)]
        : [program, "-W", "-db", "-f", placed.at(PATHS.haproxyConfig)];
    const front = Running.start(command, join(folder, "front.log"));
    const cluster = new HarborFront(environment, identity, nodes, front);
    try {
      await front.ready("127.0.0.1", ports.https);
      return cluster;
    } catch (error) {
      await cluster.end();
      throw error;
    }
  }

  node(index: number): HarborNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`there is no node ${index}`);
    return node;
  }

  async end(): Promise<void> {
    this.#front.signal("SIGTERM"); // its master then ends its workers, which SIGKILL would leave behind
    await until("the front has ended", () => !this.#front.lives);
    await Promise.all(this.nodes.map((node) => node.end()));
  }
}

async function harborCluster(kind: HarborWishes["kind"], block: number, tls: boolean): Promise<Environment> {
  const [https = 0, registry = 0, metrics = 0, status = 0] = await freePorts(4);
  return environmentSchema.parse({
    environment: "fronts",
    registry: {
      engine: "harbor",
      hostname: "registry.example.com",
      storage: { kind: "s3", bucket: "images", region: "eu-central-1" },
      ports: { https, registry, metrics, status },
    },
    harbor: { nginx: { tls } },
    front: { kind },
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

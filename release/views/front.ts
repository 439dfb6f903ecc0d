import { harborOf } from "../../spec/harbor/software.js";
import { bytes } from "../../spec/size.js";
import { PATHS } from "../layout.js";
import { FRONT_ANSWERS, RETRY_AFTER_SECONDS, TLS12_CIPHERS } from "./front-answers.js";
import { type NodeContext, ownNodeFirst } from "./node-view.js";

/** One registry as a front reaches it. */
export interface RegistryServer {
  /** Name of the node. */
  readonly name: string;
  /** Private address and port. */
  readonly address: string;
}

/** How a front speaks to the Harbor of each node. */
export interface HarborBehind {
  /** The name that it asks for, in checks and in TLS. */
  readonly name: string;
  /** Whether Harbor's own nginx speaks TLS. */
  readonly tls: boolean;
  /** Whether its certificate can be verified: that of a public CA cannot, for no container brings a list of those. */
  readonly verifies: boolean;
  readonly healthPath: string;
  /**
   * What stands in the answer of a Harbor that can serve layers. The overall word cannot be asked for: without Redis or
   * its data base it says "unhealthy" on all nodes, and pulls go on for a while.
   */
  readonly healthy: string;
  /** Answers while the core runs, whatever else does not. */
  readonly pingPath: string;
}

/** What both fronts need to know; nginx and HAProxy add what only they can say. */
export interface FrontView {
  readonly httpsPort: number;
  /** Addresses with the port of the status server: loopback and the private address. */
  readonly statusListen: readonly string[];
  /** All registries of the site, in the order of its nodes. */
  readonly registries: readonly RegistryServer[];
  /** The registry of this node. */
  readonly own: RegistryServer;
  readonly others: readonly RegistryServer[];
  readonly http2: boolean;
  readonly tls13Only: boolean;
  readonly ciphers: string;
  readonly hsts: boolean;
  readonly connectTimeout: string;
  readonly readTimeout: string;
  readonly uploadTimeout: string;
  readonly drain: string;
  readonly clientCertificates: boolean;
  /** Bytes; 0 is no limit. */
  readonly maxBody: number;
  readonly pushesPerSecond: number;
  readonly burst: number;
  readonly connectionsPerClient: number;
  /** Blocks of a balancer whose word on a client's address is taken. */
  readonly forwardsFrom: readonly string[];
  readonly logsRequests: boolean;
  /** What stands behind the front when it is Harbor. @default - Distribution */
  readonly harbor: HarborBehind | undefined;
  readonly answers: typeof FRONT_ANSWERS;
  readonly retryAfter: number;
  readonly paths: typeof PATHS;
}

export function frontView(context: NodeContext): FrontView {
  const { environment, site, node } = context;
  const { front, registry } = environment;
  const server = ({ name, privateAddress }: { name: string; privateAddress: string }) => ({
    name,
    address: `${privateAddress}:${registry.ports.registry}`,
  });
  const [, ...others] = ownNodeFirst(context);
  const { maxLayerSize } = registry.uploads;
  return {
    httpsPort: registry.ports.https,
    statusListen: ["127.0.0.1", node.privateAddress].map((address) => `${address}:${registry.ports.status}`),
    registries: site.nodes.map(server),
    own: server(node),
    others: others.map(server),
    http2: front.http2,
    tls13Only: front.minimumTls === "1.3",
    ciphers: TLS12_CIPHERS,
    hsts: front.hsts,
    connectTimeout: front.connectTimeout,
    readTimeout: front.readTimeout,
    uploadTimeout: front.uploadTimeout,
    drain: registry.drain,
    clientCertificates: registry.clientCertificates !== undefined,
    maxBody: maxLayerSize === undefined ? 0 : bytes(maxLayerSize),
    pushesPerSecond: registry.limits.pushesPerSecond,
    burst: registry.limits.burst,
    connectionsPerClient: registry.limits.connectionsPerClient,
    forwardsFrom: (site.entry.from === "balancer" && site.entry.forwardsFrom) || [],
    logsRequests: registry.log.requests,
    harbor: registry.engine === "harbor" ? harborBehind(context) : undefined,
    answers: FRONT_ANSWERS,
    retryAfter: RETRY_AFTER_SECONDS,
    paths: PATHS,
  };
}

function harborBehind({ environment, secrets }: NodeContext): HarborBehind {
  const { tls } = harborOf(environment).nginx;
  return {
    name: environment.registry.hostname,
    tls,
    verifies: tls && secrets.ca !== "",
    healthPath: "/api/v2.0/health",
    healthy: '"name":"registry","status":"healthy"',
    pingPath: "/api/v2.0/ping",
  };
}

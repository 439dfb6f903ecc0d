import { quoted } from "../hosts/quote.js";
import { HARBOR_PREPARED } from "../release/harbor-layout.js";
import { PATHS } from "../release/layout.js";
import type { Release } from "../release/release.js";
import type { Environment } from "../spec/environment.js";
import { harborOf } from "../spec/harbor/software.js";
import type { Node } from "../spec/inventory.js";
import type { Cluster } from "./cluster.js";
import { PLACES } from "./places.js";
import { type WantedHarbor, wantedRelease } from "./wanted.js";

/** Where a release proves on its host that it serves. Lies beside it, so that an older one can be asked as well. */
export interface GatePoints {
  readonly hostname: string;
  /** Ports of this host. */
  readonly https: number;
  readonly status: number;
  /** Address and port of its registry. */
  readonly registry: string;
  /** How its registry is asked when it is Harbor. @default - Distribution */
  readonly harbor?: HarborGate;
  /** File whose first certificate the front must show. */
  readonly certificate: string;
  /** Whether a client without a certificate is turned away. */
  readonly closed: boolean;
  readonly front: "nginx" | "haproxy";
  readonly registryImage: string;
  readonly frontImage: string;
  /** Label of the registry's container. */
  readonly config: string;
  /** The floating address. @default - there is none */
  readonly floating?: string;
}

/** Where the Harbor of a node proves that it serves. */
export interface HarborGate {
  /** Each container by its name, with its image. */
  readonly containers: readonly { readonly name: string; readonly image: string }[];
  /** Folder of the compose file that they were made from. */
  readonly folder: string;
  /** Whether its own nginx speaks TLS, with the front's certificate. */
  readonly tls: boolean;
}

export function gatePoints({ environment, site }: Cluster, node: Node, release: Release): GatePoints {
  const { front, registry } = environment;
  const image = (name: string) => release.images.find((candidate) => candidate.name === name)?.reference ?? "";
  const { harbor } = wantedRelease(release);
  return {
    hostname: registry.hostname,
    https: registry.ports.https,
    status: registry.ports.status,
    registry: `${node.privateAddress}:${registry.ports.registry}`,
    certificate: front.kind === "nginx" ? PATHS.certificate : PATHS.certificateAndKey,
    closed: registry.clientCertificates !== undefined,
    front: front.kind,
    registryImage: image("registry"),
    frontImage: image(front.kind),
    config: release.units.registry,
    ...(harbor === undefined ? {} : { harbor: harborGate(harbor, environment) }),
    ...(site.entry.from === "floating" ? { floating: site.entry.address } : {}),
  };
}

function harborGate({ containers, prepared }: WantedHarbor, environment: Environment): HarborGate {
  return { containers, folder: `${HARBOR_PREPARED}/${prepared}`, tls: harborOf(environment).nginx.tls };
}

/** The file `gate` of a release: assignments that a shell reads. */
export function gateFile(points: GatePoints): string {
  const values: Readonly<Record<string, string>> = {
    hostname: points.hostname,
    https: `${points.https}`,
    status: `${points.status}`,
    registry: points.registry,
    certificate: points.certificate,
    closed: points.closed ? "yes" : "no",
    front: points.front,
    registry_image: points.registryImage,
    front_image: points.frontImage,
    config: points.config,
    floating: points.floating ?? "",
    harbor: points.harbor?.containers.map(({ name, image }) => `${name}=${image}`).join(" ") ?? "",
    harbor_folder: points.harbor?.folder ?? "",
    harbor_tls: points.harbor?.tls ? "yes" : "no",
  };
  return Object.entries(values)
    .map(([name, value]) => `gate_${name}=${quoted(value)}\n`)
    .join("");
}

/** Shell that reads the gate of the release that is current. Those of older releases do not tell of Harbor. */
export const READ_GATE = `gate_harbor=; . ${PLACES.current}/gate`;

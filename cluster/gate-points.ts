import { quoted } from "../hosts/quote.js";
import { PATHS } from "../release/layout.js";
import type { Release } from "../release/release.js";
import type { Node } from "../spec/inventory.js";
import type { Cluster } from "./cluster.js";
import { PLACES } from "./places.js";

/** Where a release proves on its host that it serves. Lies beside it, so that an older one can be asked as well. */
export interface GatePoints {
  readonly hostname: string;
  /** Ports of this host. */
  readonly https: number;
  readonly status: number;
  /** Address and port of its registry. */
  readonly registry: string;
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

export function gatePoints({ environment, site }: Cluster, node: Node, release: Release): GatePoints {
  const { front, registry } = environment;
  const image = (name: string) => release.images.find((candidate) => candidate.name === name)?.reference ?? "";
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
    ...(site.entry.from === "floating" ? { floating: site.entry.address } : {}),
  };
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
  };
  return Object.entries(values)
    .map(([name, value]) => `gate_${name}=${quoted(value)}\n`)
    .join("");
}

/** Shell that reads the gate of the release that is current. */
export const READ_GATE = `. ${PLACES.current}/gate`;

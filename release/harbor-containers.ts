import type { HarborImageName } from "./harbor-images.js";

/** A container of Harbor on a node: its service in the compose file that `prepare` writes, its name there, its image. */
export interface HarborContainer {
  readonly service: string;
  readonly container: string;
  readonly image: HarborImageName;
}

/** Those that every node runs; the proxy is the last to start. @see goharbor/harbor v2.15.2, docker-compose.yml.jinja */
const ALWAYS: readonly HarborContainer[] = [
  { service: "log", container: "harbor-log", image: "harbor-log" },
  { service: "registry", container: "registry", image: "registry-photon" },
  { service: "registryctl", container: "registryctl", image: "harbor-registryctl" },
  { service: "core", container: "harbor-core", image: "harbor-core" },
  { service: "portal", container: "harbor-portal", image: "harbor-portal" },
  { service: "jobservice", container: "harbor-jobservice", image: "harbor-jobservice" },
  { service: "proxy", container: "nginx", image: "nginx-photon" },
];
const TRIVY: HarborContainer = { service: "trivy-adapter", container: "trivy-adapter", image: "trivy-adapter-photon" };
const EXPORTER: HarborContainer = { service: "exporter", container: "harbor-exporter", image: "harbor-exporter" };

/** The containers that a node of an environment runs. */
export function harborContainers(asked: { readonly trivy: boolean; readonly metrics: boolean }): HarborContainer[] {
  return [...ALWAYS, ...(asked.trivy ? [TRIVY] : []), ...(asked.metrics ? [EXPORTER] : [])];
}

/** Images that only help: they run for a moment, or bring a tool. */
export const HELPING_IMAGES = ["prepare", "harbor-db"] as const satisfies readonly HarborImageName[];

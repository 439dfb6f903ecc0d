import { wholeSeconds } from "../../spec/duration.js";
import { HARBOR_LOG_PORT } from "../../spec/harbor/ports.js";
import { harborOf } from "../../spec/harbor/software.js";
import { type HarborContainer, HELPING_IMAGES, harborContainers } from "../harbor-containers.js";
import type { HarborImageName } from "../harbor-images.js";
import { HARBOR_PATHS, HARBOR_PREPARED, HARBOR_PROJECT } from "../harbor-layout.js";
import { needed } from "../missing.js";
import type { PinnedImage } from "../release.js";
import { harborConfigView } from "./harbor-config.js";
import type { NodeContext } from "./node-view.js";

/** Seconds between the end of a drain and SIGKILL. */
const GRACE_AFTER_DRAIN = 10;

/** What harbor.sh says, and what is said of Harbor's containers besides the compose file of `prepare`. */
export interface HarborProgramView {
  readonly paths: typeof HARBOR_PATHS;
  readonly prepared: string;
  readonly project: string;
  readonly dataVolume: string;
  readonly trivy: boolean;
  /** References of images that help. */
  readonly prepareImage: string;
  readonly databaseImage: string;
  readonly services: readonly ServiceView[];
  /** Port on loopback on which Harbor's log listens. */
  readonly logPort: number;
  /** Seconds until a container that closes is killed: its drain, and some to spare. */
  readonly stopSeconds: number;
  /** How the tools of PostgreSQL check TLS, and whether a CA lies beside Harbor's files. */
  readonly sslMode: string;
  readonly databaseAuthority: boolean;
}

interface ServiceView {
  readonly name: string;
  readonly image: string;
  /** Whether clients come in by it. */
  readonly isProxy: boolean;
  /** `address:port:port` of each port that it opens: on the node's own address alone. */
  readonly ports: readonly string[];
}

export function harborProgramView(context: NodeContext): HarborProgramView {
  const { environment } = context;
  const { database, dataVolume, trivy } = harborOf(environment);
  return {
    paths: HARBOR_PATHS,
    prepared: HARBOR_PREPARED,
    project: HARBOR_PROJECT,
    dataVolume,
    trivy: trivy.enabled,
    prepareImage: harborImage(context, "prepare").reference,
    databaseImage: harborImage(context, "harbor-db").reference,
    services: containersOf(context).map(({ service, image }) => ({
      name: service,
      image: harborImage(context, image).reference,
      isProxy: service === "proxy",
      ports: service === "proxy" ? proxyPorts(context) : [],
    })),
    logPort: HARBOR_LOG_PORT,
    stopSeconds: wholeSeconds(environment.registry.drain) + GRACE_AFTER_DRAIN,
    sslMode: harborConfigView(context).database.sslMode,
    databaseAuthority: database.kind === "own" || database.ca !== undefined,
  };
}

/** The images that a node with Harbor needs, besides its front's. */
export function harborImagesOf(context: NodeContext): PinnedImage[] {
  const names = [...containersOf(context).map(({ image }) => image), ...HELPING_IMAGES];
  return names.map((name) => harborImage(context, name));
}

function containersOf({ environment }: NodeContext): HarborContainer[] {
  const { trivy } = harborOf(environment);
  return harborContainers({ trivy: trivy.enabled, metrics: environment.registry.metrics.enabled });
}

function harborImage({ images }: NodeContext, name: HarborImageName): PinnedImage {
  return needed(images.harbor, "the images of Harbor")[name];
}

/** The file of `prepare` opens them on all addresses of the node, and so past the fronts. */
function proxyPorts(context: NodeContext): string[] {
  const { httpPort, https, metrics } = harborConfigView(context);
  const open = (port: number, inside: number) => `${context.node.privateAddress}:${port}:${inside}`;
  return [
    open(httpPort, 8080),
    ...(https === undefined ? [] : [open(https.port, 8443)]),
    ...(metrics === undefined ? [] : [open(metrics.port, 9090)]),
  ];
}

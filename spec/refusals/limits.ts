import type { Environment } from "../environment.js";
import { refusal, refusalOfEach } from "../refusal.js";
import { bytes } from "../size.js";
import { localSites } from "./views.js";

/** Layers of one image that Docker pushes at once (its max-concurrent-uploads). */
const PARALLEL_UPLOADS = 5;

const burstTooSmall = refusal("limits/burst-too-small", {
  when: ({ registry }) => registry.limits.burst < 40,
  field: "registry.limits.burst",
  says: ({ registry }) => `a burst of ${registry.limits.burst}`,
  because: "an image of ten layers is 34 write requests, and a client that hits the limit inside one push gives it up",
  instead: "40 or more; 200 is the default",
  source: "measured: without a burst a push fails after 0.1 s (503) or 18 s (429)",
});

const connectionsTooFew = refusal("limits/connections-too-few", {
  when: ({ registry }) => registry.limits.connectionsPerClient < 16,
  field: "registry.limits.connectionsPerClient",
  says: ({ registry }) => `${registry.limits.connectionsPerClient} connections`,
  because:
    "one Docker opens eight for one image, with HTTP/2 each request counts as one, and all behind one router share the number",
  instead: "16 or more; 256 is the default",
  source: "nginx, ngx_http_limit_conn_module; Docker: 3 downloads and 5 uploads at once",
});

const layerTooSmall = refusal("uploads/layers-too-small", {
  when: ({ registry }) =>
    registry.uploads.maxLayerSize !== undefined && bytes(registry.uploads.maxLayerSize) < bytes("10MiB"),
  field: "registry.uploads.maxLayerSize",
  says: ({ registry }) => `${registry.uploads.maxLayerSize}`,
  because: "the first layer of nearly every image is larger, and its push ends with 413 after all of it was sent",
  instead: "10MiB or more, or leave it away for no limit",
  source: "measured: nginx's own limit of 1 MiB ends pushes with 413",
});

/** The limits of each container. */
function everyContainer(environment: Environment) {
  return Object.entries(environment.limits).map(([name, limits]) => ({ at: [name], memory: limits.memory }));
}

const containerTooSmall = refusalOfEach(everyContainer, "limits/memory-too-small", {
  when: ({ memory }) => bytes(memory) < bytes("64MiB"),
  field: "limits.*.memory",
  says: ({ memory }) => memory,
  because: "the program would be killed by the kernel under the first load, or at its start",
  instead: "64MiB or more",
  source: "measured: a node at rest uses 42 MiB without the cluster's containers and 75 to 120 with them",
});

const uploadsNeedMore = refusal("limits/memory-below-uploads", {
  when: ({ environment, storage }) =>
    "chunkSize" in storage && PARALLEL_UPLOADS * bytes(storage.chunkSize) > bytes(environment.limits.registry.memory),
  field: "registry.storage.chunkSize",
  says: ({ environment, storage }) =>
    `${"chunkSize" in storage ? storage.chunkSize : ""} with ${environment.limits.registry.memory} of memory for the registry`,
  because:
    "each upload keeps one part in memory and Docker sends five at once, so one push would have the registry killed",
  instead: ({ environment }) =>
    `a fifth of limits.registry.memory (${environment.limits.registry.memory}) at most, or more memory`,
  source: "distribution, s3-aws/s3.go: the writer's buffer; Docker: max-concurrent-uploads is 5",
});

const nodeTooSmall = refusalOfEach(localSites, "limits/node-too-small", {
  when: ({ site }) => bytes(site.nodes.memory) < bytes("256MiB"),
  field: "sites[].nodes.memory",
  says: ({ site }) => site.nodes.memory,
  because: "a host with systemd, Docker, a registry and a front needs more before anybody pushes",
  instead: "256MiB or more; 2GiB is the default",
  source: "measured: 42 MiB bare, 75 to 120 MiB with the cluster at rest, and images are unpacked beside it",
});

/** Refusals that concern limits that would break what they are to protect. */
export const limitRefusals = [
  burstTooSmall,
  connectionsTooFew,
  layerTooSmall,
  containerTooSmall,
  uploadsNeedMore,
  nodeTooSmall,
];

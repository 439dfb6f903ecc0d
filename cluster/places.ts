/** Where things lie on a host. release/ writes some of these paths into its files: they change together. */
export const PLACES = {
  releases: "/opt/harborwright/releases",
  /** Links to the release that is there now, and to the one before. */
  current: "/opt/harborwright/current",
  previous: "/opt/harborwright/previous",
  compose: "/etc/harborwright/compose.yaml",
  kernelSettings: "/etc/sysctl.d/60-harborwright.conf",
  configuration: "/etc/harborwright",
  /** What the node remembers about itself. */
  records: "/var/lib/harborwright",
  journal: "/var/lib/harborwright/journal.jsonl",
  /** Sets of releases that were once carried out on all nodes, the last at the end. */
  history: "/var/lib/harborwright/releases.jsonl",
  logs: "/var/log/harborwright",
  audit: "/var/log/harborwright/audit.jsonl",
  runtime: "/run/harborwright",
  drain: "/run/harborwright/drain",
  registryDrain: "/run/harborwright/registry-drain",
  lease: "/run/lock/harborwright-lease",
  leaseHolder: "/run/lock/harborwright-lease.json",
  composePlugin: "/usr/local/lib/docker/cli-plugins/docker-compose",
} as const;

/** The compose project, its containers, and the systemd units. */
export const PROJECT = "harborwright";
export const CONTAINERS = { registry: "harborwright-registry-1", front: "harborwright-front-1" } as const;
export type Service = keyof typeof CONTAINERS;
export const SERVICE_UNIT = "harborwright.service";
export const FLOATING_UNIT = "harborwright-floating.service";
export const FLOATING_UNIT_FILE = `/etc/systemd/system/${FLOATING_UNIT}`;
/** Label that compose puts on each container: its project. */
export const PROJECT_LABEL = "com.docker.compose.project";
/** Label that compose puts on each container: the folder of its compose file. */
export const FOLDER_LABEL = "com.docker.compose.project.working_dir";
/** Label of the registry's container: the digest of the files it was started with. */
export const CONFIG_LABEL = "harborwright.config";

/**
 * Marks in the records that tell which files a running part has taken up. Each is removed before a file of its part
 * changes and written after the part has acted, so that a part which was interrupted in between acts again.
 */
export const MARKS = {
  registryMade: "registry.made",
  frontMade: "front.made",
  frontLoaded: "front.loaded",
  floatingLoaded: "floating.loaded",
} as const;
export type Mark = keyof typeof MARKS;

/** The folder of a release is named by the first 16 digits of its digest. */
export function releaseName(digest: string): string {
  return digest.slice(0, 16);
}

import type { Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import { DATA_PATHS } from "../release/data-layout.js";
import { HARBOR_PROJECT } from "../release/harbor-layout.js";
import { wholeSeconds } from "../spec/duration.js";
import { harborOf } from "../spec/harbor/software.js";
import { auditScript } from "./audit.js";
import type { Cluster, Operator } from "./cluster.js";
import { FLOATING_UNIT, PLACES, PROJECT, PROJECT_LABEL, SERVICE_UNIT } from "./places.js";
import { during, type OnProgress } from "./progress.js";
import { withLock } from "./with-lock.js";

export interface RemoveOptions {
  readonly operator: Operator;
  /** Remove the images that clients have pushed as well, where they lie on the hosts' own disks. */
  readonly deleteData: boolean;
  /** Nodes that are left out because they cannot be reached. */
  readonly without: readonly string[];
  readonly onProgress: OnProgress;
  /** Removes what else runs on the hosts: under the lock, first. */
  readonly before?: (hosts: readonly Host[]) => Promise<void>;
}

/** Milliseconds that removing takes at the most, besides the stopping of the containers. */
const REMOVE_TIME = 90_000;

/**
 * Removes exactly what was made: containers and their images, units, files, releases, the floating address. Docker and
 * the audit log stay. What clients have pushed and what a data base of its own holds stay too, unless it is asked for.
 */
export async function removeCluster(cluster: Cluster, options: RemoveOptions): Promise<void> {
  const { operator, onProgress } = options;
  const script = (host: Host) => removeScript(cluster, host, options);
  const stopTime = 2 * wholeSeconds(cluster.environment.registry.drain) * 1000;
  await withLock(cluster, { operator, onProgress, without: options.without }, async ({ hosts }) => {
    await options.before?.(hosts);
    await Promise.all(
      hosts.map((host) =>
        during(onProgress, { step: "remove", node: host.node.name }, () =>
          host.change("remove all that was made", script(host), { timeout: stopTime + REMOVE_TIME }),
        ),
      ),
    );
  });
}

/** What tells where the rest lies goes last, so that a removal which was interrupted can be given again. */
function removeScript(cluster: Cluster, host: Host, { operator, deleteData }: RemoveOptions): string {
  return `
${STOP}
from=$(readlink ${PLACES.current} || true)
from=\${from##*/}
if [ -n "$from" ]; then
  ${auditScript(operator, host.node.name, "none")}
fi
if [ -d ${PLACES.releases} ]; then
  cd ${PLACES.releases}
  images=$(sed -n 's/^ *"reference": "\\([^"]*\\)".*/\\1/p' */release.json | sort -u)
  # One that something else uses stays: the engine refuses to remove it.
  for image in $images; do docker image rm "$image" >/dev/null 2>&1 || true; done
  for path in $(find . -path './*/files/*' -type f); do rm -f "/\${path#*/files/}"; done
  cd /
fi
systemctl daemon-reload
${deleteHarbor(cluster)}
${deleteData ? deleteImages(cluster) : ""}
rm -rf ${PLACES.configuration} ${PLACES.runtime}
# Either may be a disk of its own, which cannot be removed but can be left empty.
for folder in ${PLACES.records} /opt/harborwright; do
  [ ! -d $folder ] || find $folder -mindepth 1 -maxdepth 1${KEPT} -exec rm -rf {} +
  rmdir $folder 2>/dev/null || true
done`;
}

/**
 * Folders of the data base, of Redis, and of what decides between their nodes: they are nobody's but the user's. They are
 * taken away with the data services themselves.
 */
const KEPT = [DATA_PATHS.etcd, DATA_PATHS.postgresql, DATA_PATHS.redisData]
  .map((folder) => ` ! -path ${folder}`)
  .join("");

/** Containers are found by their project too: the compose file may be gone already. */
const STOP = `
for unit in ${FLOATING_UNIT} ${SERVICE_UNIT}; do
  if [ -e /etc/systemd/system/$unit ]; then systemctl --quiet disable --now $unit; fi
done
if command -v docker >/dev/null; then
  if [ -e ${PLACES.compose} ]; then docker compose --file ${PLACES.compose} down --remove-orphans 1>&2; fi
  for project in ${PROJECT} ${HARBOR_PROJECT}; do
    containers=$(docker ps --all --quiet --filter label=${PROJECT_LABEL}=$project)
    [ -z "$containers" ] || docker rm --force $containers >/dev/null
    networks=$(docker network ls --quiet --filter label=${PROJECT_LABEL}=$project)
    [ -z "$networks" ] || docker network rm $networks >/dev/null
  done
fi`;

/** What Harbor keeps beside the images: copies of its seeds, the scanner's data base, certificates, logs of jobs. */
function deleteHarbor({ environment }: Cluster): string {
  if (environment.registry.engine !== "harbor") return "";
  const folder = quoted(harborOf(environment).dataVolume);
  const kept = `${folder}/registry ${folder}`;
  const removed = ["secret", "ca_download", "job_logs", "trivy-adapter"].map((name) => `${folder}/${name}`);
  return `rm -rf ${removed.join(" ")}\nrmdir --ignore-fail-on-non-empty ${kept} 2>/dev/null || true`;
}

/** The folder \`docker\` is all that the registry ever makes in its storage; what else is there is not ours. */
function deleteImages({ environment }: Cluster): string {
  const { storage } = environment.registry;
  if (storage.kind !== "filesystem") return "";
  const folder = quoted(storage.directory);
  return `rm -rf ${folder}/docker\nrmdir --ignore-fail-on-non-empty ${folder} 2>/dev/null || true`;
}

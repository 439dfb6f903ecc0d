import type { Host } from "../hosts/host.js";
import { PATHS } from "../release/layout.js";
import { READ_GATE } from "./gate-points.js";
import { LOG_LINES } from "./health-script.js";
import { type JournalEntry, journalled } from "./journal.js";
import { CONTAINERS, FLOATING_UNIT, FLOATING_UNIT_FILE, MARKS, type Mark, PLACES, SERVICE_UNIT } from "./places.js";
import type { Wanted } from "./wanted.js";

/** A part of a node that takes up its files, and the host it is on. */
export interface Activation {
  readonly host: Host;
  readonly wanted: Wanted;
  readonly entry: JournalEntry;
  /** Milliseconds that a container may take to stop: it lets requests under way end. */
  readonly stopTime: number;
}

/** Milliseconds that making and starting a container takes at the most, besides the stopping of the old one. */
const START_TIME = 60_000;
/** Seconds until a reloaded front must have new workers. */
const RELOAD_TIME = 10;

export async function applyKernelSettings({ host, entry }: Activation): Promise<void> {
  await host.change("apply kernel settings", journalled(entry, `sysctl -q -p ${PLACES.kernelSettings}`));
}

/** The old container ends what it has begun while the fronts ask the other nodes. */
export async function makeRegistry({ host, wanted, entry, stopTime }: Activation): Promise<void> {
  const script = `${composeUp("registry")}\n${markScript(wanted, "registryMade")}`;
  await host.change("make the registry's container", journalled(entry, script), { timeout: stopTime + START_TIME });
}

export async function makeFront({ host, wanted, entry, stopTime }: Activation): Promise<void> {
  const script = `${composeUp("front")}\n${markScript(wanted, "frontMade")}\n${markScript(wanted, "frontLoaded")}`;
  await host.change("make the front's container", journalled(entry, script), { timeout: stopTime + START_TIME });
}

/**
 * Has the front read its files again; connections stay. A container of its own tries them first. The signal is sent by
 * the host: after `docker kill` with any signal the engine no longer starts the container at boot. A front that
 * refuses the files at this point keeps the old ones and has no new workers.
 */
export async function reloadFront({ host, wanted, entry }: Activation): Promise<void> {
  const script = `
${READ_GATE}
if [ "$gate_front" = nginx ]; then
  signal=HUP
  set -- -t -q -e stderr -c ${PATHS.nginxConfig}
else
  signal=USR2
  set -- -c -q -f ${PATHS.haproxyConfig}
fi
docker compose --file ${PLACES.compose} run --rm --no-deps --no-TTY front "$@" </dev/null 1>&2
pid=$(docker inspect --format '{{.State.Pid}}' ${CONTAINERS.front})
workers() { cat "/proc/$pid/task/$pid/children"; }
before=" $(workers)"
kill -s $signal "$pid"
end=$(($(date +%s) + ${RELOAD_TIME}))
while :; do
  for worker in $(workers); do
    case "$before" in *" $worker "*) ;; *) break 2 ;; esac
  done
  if [ "$(date +%s)" -ge $end ]; then
    docker logs --tail ${LOG_LINES} ${CONTAINERS.front} >&2
    exit 1
  fi
  sleep 0.1
done
${markScript(wanted, "frontLoaded")}`;
  await host.change("reload the front", journalled(entry, script));
}

/** Starting the unit has compose make whatever is not as its file says, and take away what the file does not know. */
export async function enableService({ host, entry, stopTime }: Activation): Promise<void> {
  const script = `
systemctl daemon-reload
systemctl --quiet enable ${SERVICE_UNIT}
systemctl reload-or-restart ${SERVICE_UNIT}`;
  await host.change("enable the service", journalled(entry, script), { timeout: stopTime + START_TIME });
}

/** A reload keeps the address where it is; only another unit needs a restart. */
export async function startFloatingAddress({ host, wanted, entry }: Activation): Promise<void> {
  const script = `
systemctl daemon-reload
systemctl --quiet enable ${FLOATING_UNIT}
if [ ${FLOATING_UNIT_FILE} -nt ${PLACES.runtime}/keepalived.pid ]; then
  systemctl restart ${FLOATING_UNIT}
else
  systemctl reload-or-restart ${FLOATING_UNIT}
fi
${markScript(wanted, "floatingLoaded")}`;
  await host.change("take part in the floating address", journalled(entry, script));
}

export async function stopFloatingAddress({ host, entry }: Activation): Promise<void> {
  await host.change("leave the floating address", journalled(entry, STOP_FLOATING));
}

export const STOP_FLOATING = `systemctl --quiet disable --now ${FLOATING_UNIT}`;

/** The label alone does not tell a container whose making was interrupted, so it is always made anew. */
function composeUp(service: keyof typeof CONTAINERS): string {
  return `docker compose --file ${PLACES.compose} up --detach --no-deps --force-recreate ${service} 1>&2`;
}

/** Shell that remembers which files a part has taken up. */
export function markScript(wanted: Wanted, name: Mark): string {
  const path = `${PLACES.records}/${MARKS[name]}`;
  return `echo ${wanted.marks[name]} > ${path}.partial\nmv -f ${path}.partial ${path}`;
}

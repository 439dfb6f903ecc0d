import { basename } from "node:path";
import type { Conversation, Host } from "../hosts/host.js";
import { DATA_PATHS } from "../release/data-layout.js";
import { HARBOR_PROJECT } from "../release/harbor-layout.js";
import { READ_GATE } from "./gate-points.js";
import { CONTAINERS, FLOATING_UNIT, PLACES } from "./places.js";

/** Whose log. `database` and `redis` are those on the nodes; `journal` is our own: what was done on the node. */
export const LOG_PARTS = ["registry", "front", "floating", "database", "redis", "journal"] as const;
export type LogPart = (typeof LOG_PARTS)[number];

export interface LogRequest {
  readonly part: LogPart;
  /** How many of the last lines. */
  readonly lines: number;
}

/** The last lines of a log; none when there is no such part on the node. */
export function readLogs(host: Host, request: LogRequest): Promise<string> {
  return host.read(`${command(request, "")} 2>&1 || true`);
}

/** The last lines of a log, and each that follows, until the conversation is ended. */
export function followLogs(host: Host, request: LogRequest): Conversation {
  return host.converse(untilClosed(command(request, "--follow")));
}

function command({ part, lines }: LogRequest, follow: "" | "--follow"): string {
  switch (part) {
    case "registry":
      return `
set -- logs --tail ${lines} ${follow} ${CONTAINERS.registry}
if [ -r ${PLACES.current}/gate ]; then
  ${READ_GATE}
  [ -z "$gate_harbor" ] || set -- compose --project-name ${HARBOR_PROJECT} logs --no-color --tail ${lines} ${follow}
fi
docker "$@"`;
    case "front":
      return `docker logs --tail ${lines} ${follow} ${CONTAINERS[part]}`;
    case "floating":
      return journalOf([FLOATING_UNIT], lines, follow);
    case "database":
      return journalOf([DATA_PATHS.postgresqlUnit, DATA_PATHS.etcdUnit, DATA_PATHS.entryUnit], lines, follow);
    case "redis":
      return journalOf([DATA_PATHS.redisUnit, DATA_PATHS.sentinelUnit], lines, follow);
    case "journal":
      return `tail --lines ${lines} ${follow} ${PLACES.journal}`;
  }
}

/** @param units - by name or by the path of their files */
function journalOf(units: readonly string[], lines: number, follow: string): string {
  const named = units.map((unit) => `--unit ${basename(unit)}`).join(" ");
  return `journalctl ${named} --lines ${lines} --no-pager --quiet --output short-iso ${follow}`;
}

/** A log that is silent would never notice that nobody listens any more: the end of our input tells it. */
function untilClosed(follow: string): string {
  return `
exec 3<&0
${follow} 2>&1 &
followed=$!
{ cat <&3; kill $followed; } >/dev/null 2>&1 &
wait $followed || true`;
}

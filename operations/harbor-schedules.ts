import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import type { HarborClient } from "../harbor/client.js";
import type { Host } from "../hosts/host.js";
import { Problem } from "../spec/problem.js";

/** Jobs that one question asks for, and how often it is asked: a list that never ends is given up. */
const AT_ONCE = 1000;
const MOST_QUESTIONS = 500;

/**
 * Prints a line for each schedule that the job service has in Redis. Only the job service can tell, and only to whom has
 * Harbor's own secret: it is asked in its own container, and the secret never becomes an argument.
 */
export const SCHEDULES_SCRIPT = `
ask() {
  docker exec harbor-jobservice sh -c '
    secret() { printf "header = \\"Authorization: Harbor-Secret %s\\"\\n" "$CORE_SECRET"; }
    secret | curl -sS -i -m 20 -K - "http://localhost:8080$1" 2>/dev/null || secret | curl -sS -i -k -m 20 -K - "https://localhost:8443$1"
  ' sh "$1"
}
cursor=0
left=${MOST_QUESTIONS}
while [ $left -gt 0 ]; do
  answer=$(ask "/api/v1/jobs?page_size=${AT_ONCE}&cursor=$cursor" | tr -d '\\r')
  case $answer in
    "HTTP/"*" 200"*) ;;
    *) printf 'the job service answers %s\\n' "$(printf '%s' "$answer" | head -n 1)" >&2; exit 1 ;;
  esac
  printf '%s\\n' "$answer" | grep -o '"id":"[^"]*","status":"[^"]*","name":"SCHEDULER","kind":"Periodic"' || true
  cursor=$(printf '%s\\n' "$answer" | sed -n 's/^[Nn]ext-[Cc]ursor: *//p')
  [ "\${cursor:-0}" != 0 ] || break
  left=$((left - 1))
done`;

const RESTART = "docker restart --time 30 harbor-jobservice >/dev/null";

/** Schedules as the data base has them, and as they are carried out. */
export interface Schedules {
  readonly wanted: number;
  /** Those that the job services have. */
  readonly alive: number;
}

/**
 * Compares the schedules of the data base with those in Redis. After Redis has lost its data they are gone from there,
 * and nothing says so: no collection, no retention, no replication begins any more.
 * @throws Problem `host/command-failed` when the job service does not answer
 */
export async function readSchedules(client: HarborClient, host: Pick<Host, "read">): Promise<Schedules> {
  const listed = await client.list("/schedules", z.array(z.object({ id: z.number() })));
  if (listed.length === 0) return { wanted: 0, alive: 0 };
  const printed = await host.read(SCHEDULES_SCRIPT, { timeout: 60_000 });
  const alive = new Set(printed.split("\n").flatMap((line) => /^"id":"([^"]*)"/.exec(line)?.[1] ?? []));
  return { wanted: listed.length, alive: alive.size };
}

/** How long a job service may take to bring schedules back, and how often it is asked, in milliseconds. */
export interface HealingTime {
  readonly within: number;
  readonly every: number;
}
const HEALING: HealingTime = { within: 90_000, every: 1_000 };

/**
 * Puts back schedules that are gone: a job service that starts copies them from the data base.
 * @returns how many were put back
 * @throws Problem `harbor/schedules-lost` when they stay away
 */
export async function healSchedules(
  client: HarborClient,
  host: Pick<Host, "node" | "read" | "change">,
  { within, every }: HealingTime = HEALING,
): Promise<number> {
  const { wanted, alive } = await readSchedules(client, host);
  if (alive >= wanted) return 0;
  await host.change("restart Harbor's job service", RESTART, { timeout: 60_000 });
  const deadline = performance.now() + within;
  for (;;) {
    const now = await readSchedules(client, host).catch(unlessStarting);
    if (now !== undefined && now.alive >= now.wanted) return wanted - alive;
    if (performance.now() > deadline) throw stillLost(now ?? { wanted, alive }, host.node.name);
    await pause(every);
  }
}

function unlessStarting(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error;
}

function stillLost({ wanted, alive }: Schedules, node: string): Problem {
  return new Problem({
    code: "harbor/schedules-lost",
    says: `${wanted - alive} of Harbor's ${wanted} schedules are not carried out, although the job service of ${node} was started anew`,
    instead: `look into its log: docker logs harbor-jobservice on ${node}, the lines with "Sync:"`,
  });
}

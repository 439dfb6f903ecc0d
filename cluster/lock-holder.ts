import * as z from "zod";
import type { Host } from "../hosts/host.js";
import { END_CHANGE } from "../hosts/remote-shell.js";
import type { Operator } from "./cluster.js";
import { journalled } from "./journal.js";
import { PLACES } from "./places.js";

/** Who holds the lock of a host. */
export interface Holder {
  readonly who: string;
  /** What they typed. */
  readonly command: string;
  /** When it was taken, by the host's clock, ISO 8601. */
  readonly since: string;
  readonly node: string;
}

const holderSchema = z.object({ who: z.string(), command: z.string(), since: z.string() });

/** Reads what `lock.ts` wrote on a host. */
export function parseHolder(text: string, node: string): Holder | undefined {
  try {
    return { ...holderSchema.parse(JSON.parse(text)), node };
  } catch {
    return undefined;
  }
}

/** Prints the holder if the lock is held: the record of one who was killed stays behind. */
const LOOK = `
[ -s ${PLACES.leaseHolder} ] || exit 0
if flock -n ${PLACES.lease} true; then exit 0; fi
cat ${PLACES.leaseHolder}`;

/** Who holds the lock of each host that is locked. */
export async function lockHolders(hosts: readonly Host[]): Promise<Holder[]> {
  const answers = await Promise.all(hosts.map(async (host) => parseHolder(await host.read(LOOK), host.node.name)));
  return answers.filter((holder) => holder !== undefined);
}

/**
 * Ends the program that holds the lock, and the change it may have under way. Its record goes first, so that the
 * holder's next change is refused. A process is the holder only if it has the lock's file open.
 */
const BREAK = `
[ -s ${PLACES.leaseHolder} ] || exit 0
if flock -n ${PLACES.lease} true; then rm -f ${PLACES.leaseHolder}; exit 0; fi
holder=$(cat ${PLACES.leaseHolder})
rm -f ${PLACES.leaseHolder}
${END_CHANGE}
pid=$(printf '%s' "$holder" | sed -n 's/.*"pid":\\([0-9][0-9]*\\).*/\\1/p')
if [ "$(readlink "/proc/$pid/fd/8" || true)" = ${PLACES.lease} ]; then kill -s KILL "$pid"; fi
flock -w 5 ${PLACES.lease} true
printf '%s\\n' "$holder"`;

/**
 * Breaks the lock wherever it is held, and tells the journal. It does not wait for a change that is under way, as
 * other changes do: that one may be waiting for the very command that hangs.
 * @returns who held it, on which hosts
 */
export async function breakLock(hosts: readonly Host[], operator: Operator): Promise<readonly Holder[]> {
  const script = journalled({ step: "lock", release: "none", operator }, BREAK);
  const broken = await Promise.all(
    hosts.map(async (host) => {
      const said: string[] = [];
      for await (const line of host.converse(script, "break the lock").lines) said.push(line);
      return parseHolder(said.join(""), host.node.name);
    }),
  );
  return broken.filter((holder) => holder !== undefined);
}

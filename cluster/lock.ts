import { randomUUID } from "node:crypto";
import type { Conversation, Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import { EXIT } from "../hosts/remote-shell.js";
import { Problem } from "../spec/problem.js";
import type { Operator } from "./cluster.js";
import { type Holder, parseHolder } from "./lock-holder.js";
import { PLACES } from "./places.js";

export { breakLock, type Holder, lockHolders } from "./lock-holder.js";

/** Seconds of silence, by the host's own clock, after which a host takes the lock back. */
const SILENCE = 15;
/** Milliseconds between two signs of life. */
const HEARTBEAT = 5_000;
/** Seconds that a host waits for the lock of a command that is just ending. */
const PATIENCE = 2;

/** The right to change a cluster, for as long as this program lives and reaches the hosts. */
export interface Lease {
  /** The same hosts; a host itself refuses a change once it has given the lease to somebody else. */
  readonly hosts: readonly Host[];
  /** @throws Problem `lock/lost` when a host has taken the lease back */
  assertHeld(): void;
  release(): Promise<void>;
}

/**
 * Takes the lock on every host. A program on the host holds it, which lives on our signs of life: when we die or are
 * cut off it ends and the lock with it. The first host decides between two that come at once.
 * @throws Problem `lock/held` with who holds it
 */
export async function takeLock(hosts: readonly Host[], operator: Operator, environment: string): Promise<Lease> {
  const token = randomUUID();
  const [first, ...rest] = [...hosts].sort((one, other) => (one.node.name < other.node.name ? -1 : 1));
  const hold = (host: Host) => holdHost(host, token, operator, environment);
  const held: HeldHost[] = first === undefined ? [] : [await hold(first)];
  const answers = await Promise.allSettled(rest.map(hold));
  held.push(...answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : [])));
  const refusal = answers.find((answer) => answer.status === "rejected");
  if (refusal !== undefined) {
    await Promise.all(held.map((one) => one.release()));
    throw refusal.reason;
  }
  const assertHeld = () => {
    for (const one of held) one.assertHeld();
  };
  return {
    hosts: hosts.map((host) => fenced(host, token, assertHeld)),
    assertHeld,
    release: async () => {
      await Promise.all(held.map((one) => one.release()));
    },
  };
}

interface HeldHost {
  assertHeld(): void;
  release(): Promise<void>;
}

async function holdHost(host: Host, token: string, operator: Operator, environment: string): Promise<HeldHost> {
  const conversation = host.converse(holdScript(token, operator), "take the lock");
  const answers = conversation.lines[Symbol.asyncIterator]();
  const first = await answers.next();
  const [word, ...rest] = first.done === true ? [] : first.value.split(" ");
  if (word !== "held") {
    await conversation.end();
    throw refused(parseHolder(rest.join(" "), host.node.name), host, environment);
  }
  return keepAlive(host, conversation, answers);
}

function keepAlive(host: Host, conversation: Conversation, answers: AsyncIterator<string>): HeldHost {
  let lost: string | undefined;
  const timer = setInterval(() => conversation.say("."), HEARTBEAT);
  answers.next().then(
    () => {
      lost ??= "it took it back";
    },
    (error: unknown) => {
      lost ??= error instanceof Problem ? error.details.says : "the connection to it ended";
    },
  );
  return {
    assertHeld: () => {
      if (lost !== undefined) throw leaseLost(host, lost);
    },
    release: async () => {
      clearInterval(timer);
      await conversation.end();
    },
  };
}

/** Each sign of life is two bytes, so `head -c 2` waits for exactly one. Its own copy of the lock is closed. */
function holdScript(token: string, operator: Operator): string {
  const about = JSON.stringify({ token, who: operator.who, command: operator.command }).slice(1, -1);
  return `
umask 022
mkdir -p /run/lock
exec 8>>${PLACES.lease}
if ! flock -w ${PATIENCE} 8; then
  holder=
  read -r holder < ${PLACES.leaseHolder} || true
  printf 'refused %s\\n' "$holder"
  exit 0
fi
printf '{%s,"since":"%s","pid":%s}\\n' ${quoted(about)} "$(date -u +%FT%TZ)" $$ > ${PLACES.leaseHolder}.partial
mv -f ${PLACES.leaseHolder}.partial ${PLACES.leaseHolder}
trap 'rm -f ${PLACES.leaseHolder}' EXIT
trap 'exit 0' HUP INT TERM
echo held
while [ -n "$(timeout ${SILENCE} head -c 2 8>&-)" ]; do :; done`;
}

/**
 * A host that makes sure, at the moment of each change and on its own side, that the lease is still ours. We cannot
 * be sure of it here: this machine may have slept.
 */
function fenced(host: Host, token: string, assertHeld: () => void): Host {
  const fence = `
holder=
read -r holder < ${PLACES.leaseHolder} || true
case "$holder" in *${quoted(token)}*) ;; *) printf 'the lock is held by: %s\\n' "\${holder:-nobody}" >&2; exit ${EXIT.fenced} ;; esac`;
  return {
    node: host.node,
    dial: () => host.dial(),
    read: (script, options) => host.read(script, options),
    change: async (what, script, options) => {
      assertHeld();
      return host.change(what, `${fence}\n${script}`, options);
    },
    stream: (script, options) => host.stream(script, options),
    converse: (script, change) => host.converse(script, change),
    close: () => host.close(),
  };
}

function refused(holder: Holder | undefined, host: Host, environment: string): Problem {
  const by = holder === undefined ? "somebody who is just taking it" : `${holder.who} since ${holder.since}`;
  const command = holder === undefined ? "" : ` (${holder.command})`;
  return new Problem({
    code: "lock/held",
    says: `the lock on ${host.node.name} is held by ${by}${command}`,
    instead: `wait: it is released when that command ends, at the latest ${SILENCE} s after its machine fell silent; \`harborwright unlock ${environment}\` stops that command`,
  });
}

function leaseLost(host: Host, why: string): Problem {
  return new Problem({
    code: "lock/lost",
    says: `the lock on ${host.node.name} is lost: ${why}`,
    instead: "nothing more was changed; give the same command again: it goes on where it stopped",
  });
}

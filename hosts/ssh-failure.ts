import type { Node } from "../spec/inventory.js";
import { Problem, type ProblemDetails } from "../spec/problem.js";
import { hostKeyAlias, keptFingerprints } from "./known-hosts.js";
import { jumpOf } from "./proxy.js";
import { quoted } from "./quote.js";
import { EXIT } from "./remote-shell.js";

/** How ssh ended. */
export interface SshEnd {
  /** @default - it was killed */
  readonly code: number | null;
  readonly stderr: string;
  /** Whether we have ended it because its time was over. */
  readonly expired: boolean;
}

/** Where a failure happened. */
export interface Attempt {
  readonly node: Node;
  readonly knownHosts: string;
  /** What was tried: "install 3 files", "read its facts". */
  readonly what: string;
  /** Milliseconds it was given. */
  readonly timeout: number;
}

/** Lines of a failed script's output that are shown. */
const SHOWN_LINES = 20;

/** What a user is told about an ssh that did not end well. */
export function sshFailure(end: SshEnd, attempt: Attempt): Problem {
  const withoutClient = end.code === 127 && NO_CLIENT.test(end.stderr);
  const kind = end.code === 255 || withoutClient ? connectionFailure(end.stderr, attempt) : undefined;
  return new Problem(kind ?? sudoFailure(end, attempt) ?? scriptFailure(end, attempt));
}

/** What bash says when there is no ssh to start. */
const NO_CLIENT = /exec: ssh: not found/;

type Explanation = (attempt: Attempt, match: RegExpExecArray, stderr: string) => ProblemDetails;

/** What OpenSSH 8 and 9 print, the first that fits. */
const EXPLANATIONS: readonly (readonly [RegExp, Explanation])[] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED/, hostKeyChanged],
  [/No \S+ host key is known for|Host key verification failed/, hostKeyUnknown],
  [/Could not resolve hostname ([^:]*)/, unknownName],
  [/UNPROTECTED PRIVATE KEY FILE|bad permissions/, unprotectedKey],
  [/Permission denied \(([^)]*)\)|Too many authentication failures/, permissionDenied],
  [/Connection refused/, refused],
  [/timed out|No route to host|Network is unreachable|Host is down/, unreachable],
  [NO_CLIENT, noClient],
  [/aws: (command )?not found|SessionManagerPlugin is not found/, noSessionClient],
  [/No such container|[Cc]ontainer \S+ is (not running|paused)/, hostDown],
  [/TargetNotConnected|is not connected/, sessionRefused],
  [/^/, connectionLost],
];

function connectionFailure(stderr: string, whole: Attempt): ProblemDetails {
  const attempt = failedPart(stderr, whole);
  for (const [pattern, explain] of EXPLANATIONS) {
    const match = pattern.exec(stderr);
    if (match !== null) return explain(attempt, match, stderr);
  }
  throw new RangeError("the last explanation fits everything");
}

/** Behind a bastion either of two connections may have failed; ssh names the one that did. */
function failedPart(stderr: string, attempt: Attempt): Attempt {
  const jump = jumpOf(attempt.node);
  if (jump === undefined) return attempt;
  return [jump.address, hostKeyAlias(jump)].some((name) => stderr.includes(name))
    ? { ...attempt, node: jump }
    : attempt;
}

const place = ({ node }: Attempt) => `${node.name} (${node.address}, port ${node.ssh.port})`;

function refused(attempt: Attempt): ProblemDetails {
  return {
    code: "ssh/refused",
    says: `${place(attempt)} refuses the connection`,
    instead: "check that sshd runs there and listens on that port, and that no firewall answers for it",
  };
}

function unreachable(attempt: Attempt, match: RegExpExecArray): ProblemDetails {
  return {
    code: "ssh/unreachable",
    says: `${place(attempt)} does not answer: ${match[0].toLowerCase()}`,
    instead: "check that the machine runs, its address in the environment file, and that this machine may reach it",
  };
}

function unknownName(attempt: Attempt): ProblemDetails {
  return {
    code: "ssh/unknown-name",
    says: `${attempt.node.name}: the name ${attempt.node.address} has no address`,
    instead: "check its spelling and this machine's DNS, or give an IP address",
  };
}

function permissionDenied({ node }: Attempt, match: RegExpExecArray): ProblemDetails {
  const key = node.ssh.identityFile === undefined ? "any key of your agent" : `the key ${node.ssh.identityFile}`;
  const methods = match[1] === undefined ? "" : `; it offers ${match[1]}`;
  const file = node.ssh.identityFile === undefined ? "your public key" : `${node.ssh.identityFile}.pub`;
  return {
    code: "ssh/permission-denied",
    says: `${node.name} does not let ${node.ssh.user}@${node.address} in with ${key}${methods}`,
    instead: `add ${file} to ~${node.ssh.user}/.ssh/authorized_keys there, or give another user or identityFile`,
  };
}

function unprotectedKey({ node }: Attempt): ProblemDetails {
  const file = node.ssh.identityFile ?? "the private key";
  return {
    code: "ssh/unprotected-key",
    says: `${node.name}: ssh does not use ${file}, because others may read it`,
    instead: `chmod 600 ${file}`,
  };
}

function hostKeyChanged(attempt: Attempt, _match: RegExpExecArray, stderr: string): ProblemDetails {
  const { node, knownHosts } = attempt;
  const shown = /(SHA256:[A-Za-z0-9+/=]+)/.exec(stderr)?.[1] ?? "one that was never seen";
  const line = /Offending \S+ key in .*?:(\d+)$/m.exec(stderr)?.[1];
  const kept = keptFingerprints(knownHosts, node).join(", ");
  const file = line === undefined ? knownHosts : `${knownHosts}:${line}`;
  return {
    code: "ssh/host-key-changed",
    says: `${node.name} (${node.address}) shows another host key than before: ${shown}, not ${kept} of ${file}`,
    instead: acceptance(attempt, shown),
  };
}

function acceptance({ node, knownHosts }: Attempt, shown: string): string {
  const compare = `somebody may stand in between; only if the machine was made anew and shows ${shown} on its own console (ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub)`;
  return node.ssh.hostKeys === undefined
    ? `${compare}: ssh-keygen -R ${hostKeyAlias(node)} -f ${quoted(knownHosts)}`
    : `${compare}: write its new key into hostKey of ${node.name} in the environment file`;
}

function hostKeyUnknown(attempt: Attempt): ProblemDetails {
  const { node } = attempt;
  return {
    code: "ssh/host-key-unknown",
    says: `${node.name} (${node.address}) shows none of the host keys that the environment gives for it`,
    instead: `compare hostKey of ${node.name} with /etc/ssh/ssh_host_*_key.pub on the host's own console`,
  };
}

function noClient(): ProblemDetails {
  return {
    code: "ssh/no-client",
    says: "there is no ssh on this machine",
    instead: "install OpenSSH's client: apt-get install openssh-client, or dnf install openssh-clients",
  };
}

function noSessionClient({ node }: Attempt): ProblemDetails {
  return {
    code: "ssh/no-session-client",
    says: `${node.name} is reached through a session of AWS Systems Manager, and this machine lacks the aws command or its plugin`,
    instead: "install the AWS CLI and its Session Manager plugin, or choose another access for the site",
  };
}

function hostDown({ node }: Attempt): ProblemDetails {
  return {
    code: "ssh/host-down",
    says: `${node.name} does not run on this machine`,
    instead: "start or heal it with `harborwright lab`, or make it with `harborwright up`",
  };
}

function sessionRefused({ node }: Attempt): ProblemDetails {
  return {
    code: "ssh/session-refused",
    says: `${node.name} has not joined AWS Systems Manager`,
    instead: "a new machine takes a minute; otherwise see that its agent runs and that it reaches Systems Manager",
  };
}

function connectionLost(attempt: Attempt, _match: RegExpExecArray, stderr: string): ProblemDetails {
  const reason = lastLines(stderr, 1)[0];
  return {
    code: "ssh/connection-lost",
    says: `the connection to ${place(attempt)} ended while it was to ${attempt.what}${reason === undefined ? "" : `: ${reason}`}`,
    instead: "check that the machine still runs, then give the same command again: it goes on where it stopped",
  };
}

function sudoFailure({ stderr }: SshEnd, { node }: Attempt): ProblemDetails | undefined {
  const refusal =
    /^sudo: (a password is required|a terminal is required|.*not found|sorry, you must have a tty).*$/m.exec(stderr);
  const unlisted = /is not (in the sudoers file|allowed to (run sudo|execute))/.test(stderr);
  if (node.ssh.user === "root" || (refusal === null && !unlisted && !/sudo: (command )?not found/.test(stderr)))
    return undefined;
  return {
    code: "ssh/sudo-refused",
    says: `${node.ssh.user} may not become root on ${node.name} without a password`,
    instead: `as root there: echo '${node.ssh.user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/harborwright; or give a user who may`,
    log: lastLines(stderr, 3),
  };
}

function scriptFailure(end: SshEnd, { node, what, timeout }: Attempt): ProblemDetails {
  const log = lastLines(end.stderr, SHOWN_LINES);
  if (end.expired || end.code === EXIT.timedOut || end.code === EXIT.killed) {
    return {
      code: "host/timed-out",
      says: `${node.name} was to ${what} and has not ended after ${timeout / 1000} s`,
      instead: "look at the host's load and at its log, then give the same command again",
      log,
    };
  }
  if (end.code === EXIT.busy) {
    return {
      code: "host/busy",
      says: `${node.name} is still carrying out a change that an earlier command began, so it could not ${what}`,
      instead: "wait until it has ended, then give the same command again; it ends by itself",
    };
  }
  if (end.code === EXIT.fenced) {
    return {
      code: "lock/lost",
      says: `${node.name} did not ${what}, because this command no longer holds the lock`,
      instead: "see who holds it, then give the same command again: it goes on where it stopped",
      log,
    };
  }
  return {
    code: "host/command-failed",
    says: `${node.name} could not ${what} (exit code ${end.code ?? "none"})`,
    instead: "mend what the last lines say, then give the same command again: it goes on where it stopped",
    log,
  };
}

function lastLines(text: string, count: number): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-count);
}

import type { Node } from "../spec/inventory.js";
import { hostKeyAlias } from "./known-hosts.js";
import { jumpOf, proxyCommand } from "./proxy.js";

/** Seconds until a host that does not answer is given up. */
const CONNECT_TIMEOUT = 5;
/** Seconds between two questions to a silent host, and how many may stay open: a dead one is noticed after 9 to 12 s. */
const ALIVE = { interval: 3, count: 3 } as const;
/** Seconds that a shared connection outlives its last use, should nobody be left to close it. */
const PERSIST = 15;

/**
 * The arguments of ssh for a node, up to and without the remote command.
 * @param socket - path of the shared connection. @default - a connection of its own
 * @param terminal - whether a person types into it. @default false
 */
export function sshOptions(node: Node, knownHosts: string, socket?: string, terminal = false): string[] {
  const { user, port, identityFile, hostKeys, proxy } = node.ssh;
  return [
    ...settings({
      BatchMode: "yes",
      ConnectTimeout: `${CONNECT_TIMEOUT}`,
      ServerAliveInterval: `${ALIVE.interval}`,
      ServerAliveCountMax: `${ALIVE.count}`,
      StrictHostKeyChecking: hostKeys === undefined ? "accept-new" : "yes",
      UserKnownHostsFile: quotedPath(knownHosts),
      GlobalKnownHostsFile: "/dev/null",
      HostKeyAlias: hostKeyAlias(node),
      HashKnownHosts: "no",
      // With the address as a second name, a new machine on an old address would be refused.
      CheckHostIP: "no",
      // Otherwise ssh rewrites known_hosts while it is connected, and the hosts share that file.
      UpdateHostKeys: "no",
      LogLevel: "ERROR",
      ForwardAgent: "no",
      ...(identityFile === undefined ? {} : { IdentitiesOnly: "yes", IdentityFile: quotedPath(identityFile) }),
      ...(proxy === undefined ? {} : { ProxyCommand: proxyCommand(proxy, jumpOptions(node, knownHosts)) }),
      ...(socket === undefined
        ? { ControlMaster: "no", ControlPath: "none" }
        : { ControlMaster: "auto", ControlPath: quotedPath(socket), ControlPersist: `${PERSIST}` }),
    }),
    terminal ? "-t" : "-T",
    "-p",
    `${port}`,
    "-l",
    user,
    "--",
    node.address,
  ];
}

/** The machine in between keeps no connection: one that is shared would end with the first of those that use it. */
function jumpOptions(node: Node, knownHosts: string): string[] {
  const jump = jumpOf(node);
  return jump === undefined ? [] : sshOptions(jump, knownHosts);
}

function settings(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/** A path in ssh's own configuration language, where blanks separate and `%` begins a token. */
function quotedPath(path: string): string {
  return `"${path.replaceAll("%", "%%")}"`;
}

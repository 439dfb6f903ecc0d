import type { Node, SshProxy } from "../spec/inventory.js";
import { quoted } from "./quote.js";

/** Name under which the key of a site's bastion is kept, and by which people are told of it. */
export const BASTION = "bastion";

/** The machine that is logged in to on the way to a node, as if it were a node itself. */
export function jumpOf(node: Node): Node | undefined {
  const { proxy } = node.ssh;
  if (proxy?.kind !== "jump") return undefined;
  const { user, address, port, identityFile } = proxy;
  return { site: node.site, name: BASTION, address, privateAddress: address, ssh: { user, port, identityFile } };
}

/**
 * The command whose input and output lead to the node's SSH port; ssh has the user's shell exec it after it has put
 * `%h` and `%p` into it. ProxyJump would do less: a jump takes keys and known hosts from the user's own settings.
 * @param jump - arguments of ssh for the machine in between
 */
export function proxyCommand(proxy: SshProxy, jump: readonly string[]): string {
  if (proxy.kind === "jump") return ["ssh", "-W", "'[%h]:%p'", ...jump.map(shellWord)].join(" ");
  // Its own sshd speaks through the pipe, with the host's keys: to ssh that is a host like any other.
  if (proxy.kind === "container") {
    return ["docker", "exec", "--interactive", shellWord(proxy.container), "/usr/sbin/sshd", "-i"].join(" ");
  }
  const { instance, region } = proxy;
  const target = ["--target", instance, "--region", region].map(shellWord);
  const port = ["--document-name", "AWS-StartSSHSession", "--parameters", "portNumber=%p"];
  return ["aws", "ssm", "start-session", ...target, ...port].join(" ");
}

/** A word for the shell that reads it, in which ssh before it finds no token. */
function shellWord(text: string): string {
  return quoted(text).replaceAll("%", "%%");
}

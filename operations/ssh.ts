import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { sshOptions } from "../hosts/ssh-options.js";
import { nodeNamed, reachableFromHere, withKeyBesideFile } from "./open-cluster.js";
import type { Workspace } from "./workspace.js";

/**
 * A shell on a node, or one command, on the user's own terminal and with the environment's known hosts.
 * @returns the exit code of the shell or the command
 */
export async function shellOn(given: Workspace, name: string, command: readonly string[]): Promise<number> {
  nodeNamed(given, name);
  const workspace = await reachableFromHere(given);
  const node = withKeyBesideFile(nodeNamed(workspace, name), workspace);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const options = sshOptions(node, join(workspace.stateFolder, "known_hosts"), undefined, terminal);
  const ssh = spawn("ssh", [...options, ...command], { stdio: "inherit" });
  const [code] = await once(ssh, "exit");
  return typeof code === "number" ? code : 1;
}

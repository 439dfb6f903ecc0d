import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sshOptions } from "../hosts/ssh-options.js";
import type { Node } from "../spec/inventory.js";
import { withKeyBesideFile } from "./open-cluster.js";
import type { Workspace } from "./workspace.js";

/** Ports of this machine that lead to a port of each node, through SSH. */
export interface Tunnels {
  /** By name of the node. A node that SSH does not reach has a port at which nobody answers. */
  readonly ports: ReadonlyMap<string, number>;
  /** Names of the nodes that SSH reaches. */
  readonly reached: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Milliseconds that SSH gets to open one; a host that does not answer is given up after five seconds. */
const OPENING = 15_000;

/** Opens a way to a port of nodes that this machine reaches by SSH alone. Close it when done. */
export async function openTunnels(workspace: Workspace, nodes: readonly Node[], port: number): Promise<Tunnels> {
  const opened = await Promise.all(nodes.map((node) => openTunnel(workspace, node, port)));
  return {
    ports: new Map(opened.map(({ node, local }) => [node, local])),
    reached: new Set(opened.flatMap(({ node, isOpen }) => (isOpen ? [node] : []))),
    close: async () => {
      await Promise.all(opened.map(({ ssh }) => end(ssh)));
    },
  };
}

async function openTunnel(workspace: Workspace, node: Node, port: number) {
  const local = await freePort();
  const options = sshOptions(withKeyBesideFile(node, workspace), join(workspace.stateFolder, "known_hosts"));
  // To the node's own address, for that is what its front listens on.
  const forward = ["-N", "-o", "ExitOnForwardFailure=yes", "-L", `127.0.0.1:${local}:${node.privateAddress}:${port}`];
  const ssh = spawn("ssh", [...forward, ...options], { stdio: "ignore" });
  const ended = once(ssh, "exit");
  ended.catch(() => {});
  const deadline = performance.now() + OPENING;
  let isOpen = await answers(local);
  while (!isOpen && ssh.exitCode === null && performance.now() < deadline) {
    await pause(50);
    isOpen = await answers(local);
  }
  return { node: node.name, local, ssh, isOpen };
}

async function end(ssh: ChildProcess): Promise<void> {
  if (ssh.exitCode !== null || ssh.signalCode !== null) return;
  const ended = once(ssh, "exit");
  ssh.kill();
  await ended;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new RangeError("a server without a port");
  return address.port;
}

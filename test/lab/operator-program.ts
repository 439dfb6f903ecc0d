import { createInterface } from "node:readline";
import { type Lease, takeLock } from "../../cluster/lock.js";
import { connect } from "../../hosts/connect.js";
import { openGate } from "../../hosts/gate.js";
import type { Node } from "../../spec/inventory.js";
import { Problem } from "../../spec/problem.js";

/**
 * An operator as a process of its own, so that it can be killed, stopped and woken. Its argument says which hosts it
 * knows. It takes the lock, then does each line of its input as a change, and prints what came of it.
 */
const { nodes, knownHosts, name } = JSON.parse(process.argv[2] ?? "") as {
  nodes: Node[];
  knownHosts: string;
  name: string;
};
const hosts = nodes.map((node) => connect(node, { knownHosts, gate: openGate() }));

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await work();
    console.log("done");
    return result;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.log(error.details.code);
    return undefined;
  }
}

const lease: Lease | undefined = await attempt(() =>
  takeLock(hosts, { who: name, command: "harborwright up example" }, "example"),
);
for await (const script of createInterface({ input: process.stdin })) {
  await attempt(async () => lease?.hosts[0]?.change("do as told", script, { timeout: 120_000 }));
}
await lease?.release();
await Promise.all(hosts.map((host) => host.close()));

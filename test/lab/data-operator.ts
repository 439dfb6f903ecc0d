import { text } from "node:stream/consumers";
import { dataCluster } from "../../dataservices/cluster.js";
import { ensureDataServices } from "../../dataservices/ensure.js";
import { connect } from "../../hosts/connect.js";
import { openGate } from "../../hosts/gate.js";
import { contextOf, type WrittenDown } from "./written-context.js";

/** An operator in a process of its own, who can be killed: makes data services and says each step. */
const { context, nodes, knownHosts } = JSON.parse(await text(process.stdin)) as WrittenDown;
const hosts = nodes.map((node) => connect(node, { knownHosts, gate: openGate() }));
await ensureDataServices(dataCluster(contextOf(context), hosts), ({ step, state }) => console.log(`${step} ${state}`));
for (const host of hosts) await host.close();

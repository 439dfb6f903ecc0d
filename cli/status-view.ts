import pc from "picocolors";
import type { NodeStatus, Status } from "../operations/status.js";
import { dataServicesLines } from "./data-services-view.js";
import { printLine } from "./print.js";

/** The nodes of a cluster as a person reads them. */
export function describeStatus(status: Status): void {
  const colours = pc.createColors(process.stdout.isTTY === true);
  printLine(`${status.environment}  ${status.entry.url}  (entry ${status.entry.address})`);
  const width = Math.max(...status.nodes.map((node) => node.name.length));
  for (const node of status.nodes) {
    const sign = node.healthy ? colours.green("✓") : colours.red("✗");
    printLine(`  ${sign} ${node.name.padEnd(width)}  ${node.address.padEnd(15)}  ${remarks(node)}`);
  }
  for (const line of dataServicesLines(status.dataServices, colours)) printLine(line);
  if (status.certificate?.warning) printLine(`  ${colours.yellow("!")} ${status.certificate.warning}`);
  if (status.nodes.length === 1) printLine("  one node: a trial; it does not survive a dead host");
}

function remarks(node: NodeStatus): string {
  const release = node.release === null ? undefined : `release ${node.release}`;
  const words = [
    node.remark ?? "healthy",
    `${node.engine.name} ${node.engine.version}`,
    release,
    node.holdsEntry ? "holds the entry" : undefined,
  ];
  return words.filter((word) => word !== undefined).join(" · ");
}

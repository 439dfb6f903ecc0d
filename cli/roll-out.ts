import type { Workspace } from "../operations/workspace.js";
import { agreeTo } from "./agreement.js";
import { printLine } from "./print.js";
import { clusterProgress, progressOnStderr } from "./progress.js";

/** How a change is rolled out. */
export interface RollOutOptions {
  /** Do not ask. */
  readonly yes: boolean;
  /** The command for the audit log: "up", "renew". */
  readonly command: string;
  /** Nodes to leave out. @default - none */
  readonly without?: readonly string[];
  /** Show only what would be done. @default false */
  readonly dryRun?: boolean;
}

/** Shows the plan, asks, and carries it out node by node. */
export async function rollOut(workspace: Workspace, options: RollOutOptions): Promise<void> {
  const { up } = await import("../operations/up.js");
  const { environment } = workspace.environment;
  await up(workspace, {
    command: `harborwright ${options.command} ${environment}`,
    without: options.without ?? [],
    dryRun: options.dryRun === true,
    progress: progressOnStderr(),
    onProgress: clusterProgress(),
    agree: agreeTo(options.yes || options.dryRun === true, `${options.command} ${environment}`),
  });
  if (options.dryRun !== true) printLine(`${environment} is as its file says.`);
}

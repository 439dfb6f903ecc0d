import { Command } from "commander";
import type { UpOptions } from "../../operations/up.js";
import type { Workspace } from "../../operations/workspace.js";
import type { RollOutOptions } from "../roll-out.js";
import { count } from "../whole-number.js";

/** Commands about the machines that carry the nodes. */
export function machineCommands(): Command[] {
  return [scaleCommand(), resizeCommand(), replaceCommand()];
}

function scaleCommand(): Command {
  return new Command("scale")
    .description("set how many nodes there are, in the file and then in fact; nodes that go are drained first")
    .argument("<environment>", "name in environments/, or a path")
    .requiredOption("--nodes <count>", "nodes, 1 to 9", count)
    .option("--yes", "do not ask")
    .option("--dry-run", "show what would be done and change nothing")
    .action(async (name: string, options) => {
      const { editAndUp } = await import("../../operations/edit-file.js");
      const { scaleTo } = await import("../../spec/edit.js");
      const bring = (workspace: Workspace, how: UpOptions) => editAndUp(workspace, scaleTo(options.nodes), how);
      await rollOut(name, bring, { ...asked(options), command: "scale" });
    });
}

function resizeCommand(): Command {
  return new Command("resize")
    .description("set the instance type of all nodes or of one, in the file and then in fact, one node at a time")
    .argument("<environment>", "name in environments/, or a path")
    .requiredOption("--size <type>", "instance type of the cloud: ecs.c7.2xlarge, c7i.2xlarge")
    .option("--node <node>", "only this node")
    .option("--yes", "do not ask")
    .option("--dry-run", "show what would be done and change nothing")
    .action(async (name: string, options) => {
      const { editAndUp } = await import("../../operations/edit-file.js");
      const { resizeTo } = await import("../../spec/edit.js");
      const edit = resizeTo(options.size, options.node);
      const bring = (workspace: Workspace, how: UpOptions) => editAndUp(workspace, edit, how);
      await rollOut(name, bring, { ...asked(options), command: "resize" });
    });
}

function replaceCommand(): Command {
  return new Command("replace")
    .description("make the machine of a node anew: drained, remade, joined")
    .argument("<environment>", "name in environments/, or a path")
    .argument("<node>", "node-1, node-2, …")
    .option("--yes", "do not ask")
    .option("--dry-run", "show what would be done and change nothing")
    .action(async (name: string, node: string, options) => {
      const { replaceNode } = await import("../../operations/replace.js");
      const bring = (workspace: Workspace, how: UpOptions) => replaceNode(workspace, node, how);
      await rollOut(name, bring, { ...asked(options), command: "replace" });
    });
}

async function rollOut(
  name: string,
  bring: (workspace: Workspace, options: UpOptions) => Promise<void>,
  options: RollOutOptions,
): Promise<void> {
  const { openWorkspace } = await import("../../operations/workspace.js");
  const { rollOutBy } = await import("../roll-out.js");
  await rollOutBy(bring, await openWorkspace(name), options);
}

function asked(options: { readonly yes?: boolean; readonly dryRun?: boolean }) {
  return { yes: options.yes === true, dryRun: options.dryRun === true };
}

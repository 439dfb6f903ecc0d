import { rename, stat, writeFile } from "node:fs/promises";
import type { Edit } from "../spec/edit.js";
import { type UpOptions, up } from "./up.js";
import { openText, type Workspace } from "./workspace.js";

/**
 * Changes the environment file for its user and brings the hosts to what it says then. The file is written once the
 * plan is agreed to, before anything changes: an `up` that is killed after it can be given again.
 * @throws Problems when the changed file would be refused; Problem `edit/…`
 */
export async function editAndUp(workspace: Workspace, edit: Edit, options: UpOptions): Promise<void> {
  const text = edit(workspace.text, workspace.file);
  const changed = await openText(workspace.path, text);
  const agree: UpOptions["agree"] = async (plan) => {
    await options.agree(plan);
    if (!options.dryRun && text !== workspace.text) await replaceText(workspace.path, text);
  };
  await up(changed, { ...options, agree });
}

async function replaceText(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  const { mode } = await stat(path);
  await writeFile(partial, text, { mode, flag: "wx" });
  await rename(partial, path);
}

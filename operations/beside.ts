import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Problem } from "../spec/problem.js";
import type { Workspace } from "./workspace.js";

/**
 * Reads a file that the environment names; it lies beside it.
 * @throws Problem `environment/file-unreadable`
 */
export async function readBeside(workspace: Workspace, path: string): Promise<string> {
  return readFile(resolve(workspace.folder, path), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Problem({
      code: "environment/file-unreadable",
      says: `${workspace.file} names ${path}, which cannot be read: ${error.code ?? error.message}`,
      instead: `the path is relative to ${workspace.folder}`,
    });
  });
}

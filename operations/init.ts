import { mkdir, open } from "node:fs/promises";
import { join, relative } from "node:path";
import { type Answers, composeEnvironment } from "../spec/compose.js";
import { Problem } from "../spec/problem.js";
import { PROJECT } from "./project.js";
import { shownPath } from "./workspace.js";

/**
 * Writes a new environment file; an existing one is never overwritten.
 * @throws Problems when the answers make an environment that would be refused
 */
export async function init(answers: Answers, folder: string): Promise<{ name: string; file: string }> {
  const path = join(folder, `${answers.name}.yaml`);
  const schema = relative(folder, join(PROJECT, "environment.schema.json"));
  const text = composeEnvironment({ ...answers, schema });
  await mkdir(folder, { recursive: true });
  const file = await open(path, "wx").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
    throw new Problem({
      code: "init/exists",
      says: `${shownPath(path)} exists already`,
      instead: "choose another name, or edit that file",
    });
  });
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  return { name: answers.name, file: shownPath(path) };
}

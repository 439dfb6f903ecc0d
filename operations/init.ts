import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { composeEnvironment, type EnvironmentAnswers } from "../spec/compose.js";
import { parseEnvironment } from "../spec/parse.js";
import { Problem } from "../spec/problem.js";
import { shownPath } from "./workspace.js";

/**
 * Writes a new environment file; an existing one is never overwritten.
 * @throws Problems when the answers make an environment that would be refused
 */
export async function init(answers: EnvironmentAnswers, folder: string): Promise<{ name: string; file: string }> {
  const path = join(folder, `${answers.environment}.yaml`);
  const text = composeEnvironment(answers);
  parseEnvironment(text, shownPath(path));
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
  return { name: answers.environment, file: shownPath(path) };
}

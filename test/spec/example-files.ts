import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Every environment file that comes with the project. */
export async function exampleFiles(): Promise<string[]> {
  const folder = fileURLToPath(new URL("../../environments/", import.meta.url));
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".yaml")).map((name) => `${folder}${name}`);
}

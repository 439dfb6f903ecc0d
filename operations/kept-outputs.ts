import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { type Outputs, siteOutputsSchema } from "../spec/cloud/outputs.js";

const outputsSchema = z.record(z.string(), siteOutputsSchema);

/**
 * What a site's stack told last, as this machine keeps it, so that nobody has to wait for Terraform to see how the nodes
 * are. Undefined when it is not known here, or is not readable: the stack can be asked again.
 */
export async function readOutputs(stateFolder: string): Promise<Outputs | undefined> {
  const text = await readFile(fileIn(stateFolder), "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseOutputs(text);
}

/** Outputs of sites from their JSON; undefined when it is none. */
export function parseOutputs(text: string): Outputs | undefined {
  try {
    return outputsSchema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** Keeps them; nothing made is kept as no file. The folder must be there. */
export async function writeOutputs(stateFolder: string, outputs: Outputs | undefined): Promise<void> {
  const file = fileIn(stateFolder);
  if (outputs === undefined) return rm(file, { force: true });
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, `${JSON.stringify(outputs, null, 2)}\n`, { mode: 0o600 });
  await rename(partial, file);
}

function fileIn(stateFolder: string): string {
  return join(stateFolder, "outputs.json");
}

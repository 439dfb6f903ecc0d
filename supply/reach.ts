import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";
import { cacheFolder } from "./cache.js";

/** Milliseconds after which a machine that did not reach something tries again: a day. */
const TRY_AGAIN_AFTER = 86_400_000;

/** Something on the network, and what follows from whether this machine reaches it. */
export interface Reach<Source extends string> {
  /** Name of the note of it in the cache: "images". */
  readonly name: string;
  readonly whenReached: Source;
  readonly whenNot: Source;
  /** Asks for it, within seconds. */
  look(): Promise<boolean>;
}

/**
 * Where something comes from. Once it was reached on the network it is taken to be reachable for good: an outage must
 * end in an error, not in other software. That it was not reached is believed for a day.
 */
export async function sourceByReach<Source extends string>(
  reach: Reach<Source>,
  now: number,
): Promise<{ readonly source: Source; readonly fresh: boolean }> {
  const path = join(cacheFolder(), "machine", `${reach.name}.json`);
  const noteSchema = z.object({ source: z.enum([reach.whenReached, reach.whenNot]), foundAt: z.number() });
  const note = noteSchema.safeParse(parsedJson(await readFile(path, "utf8").catch(() => ""))).data;
  if (note !== undefined && (note.source === reach.whenReached || now - note.foundAt < TRY_AGAIN_AFTER)) {
    return { source: note.source, fresh: false };
  }
  const source = (await reach.look()) ? reach.whenReached : reach.whenNot;
  await remember(path, { source, foundAt: now });
  return { source, fresh: true };
}

async function remember(path: string, note: { source: string; foundAt: number }): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, JSON.stringify(note));
  await rename(partial, path);
}

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Problem } from "../spec/problem.js";
import { cacheFolder } from "./cache.js";
import { parsedJson } from "./json.js";
import { pinOf } from "./pins.js";
import type { Progress } from "./progress.js";

/** Where images come from: hosts pull them from a registry, or they are made here and sent. */
export type ImageSource = "pull" | "make";

/** Where images of docker.io are; Docker's engine knows this by heart. */
const DOCKER_IO = "registry-1.docker.io";

const sourceSchema = z.object({ source: z.enum(["pull", "make"]), foundAt: z.number() });

/** Milliseconds a registry may take to show a pinned image. */
const ANSWER_WITHIN = 3_000;
/** Milliseconds after which a machine that reached no registry tries again: a day. */
const TRY_AGAIN_AFTER = 86_400_000;

/**
 * Whether images are pulled or made. `HARBORWRIGHT_IMAGES=pull|make` decides; else whether this machine reaches the
 * registry of the pinned images. Once it was reached it is taken to be reachable for good: an outage must end in an
 * error, not in hosts that are given other images. That it was not reached is believed for a day.
 * @throws Problem `supply/images-unknown` for another value of the variable
 */
export async function imageSource(progress: Progress, now = Date.now()): Promise<ImageSource> {
  const forced = process.env.HARBORWRIGHT_IMAGES;
  if (forced === "pull" || forced === "make") return forced;
  if (forced) throw unknownSource(forced);
  const path = join(cacheFolder(), "machine", "images.json");
  const found = sourceSchema.safeParse(parsedJson(await readFile(path, "utf8").catch(() => "")));
  if (found.success && (found.data.source === "pull" || now - found.data.foundAt < TRY_AGAIN_AFTER)) {
    return found.data.source;
  }
  const source = (await registryAnswers()) ? "pull" : "make";
  if (source === "make") progress.note("no image registry can be reached: images are made from packages");
  await remember(path, { source, foundAt: now });
  return source;
}

/**
 * Asks for a pinned image without logging in: a registry says no (401), but says it as a registry. No program is
 * needed for it: on a fresh machine there is none yet.
 */
async function registryAnswers(): Promise<boolean> {
  const [, path, digest] = /^docker\.io\/([^@]+)@(.+)$/.exec(pinOf({ name: "registry" }).pulled) ?? [];
  try {
    const answer = await fetch(`https://${DOCKER_IO}/v2/${path}/manifests/${digest}`, {
      method: "HEAD",
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    return answer.headers.get("docker-distribution-api-version") === "registry/2.0";
  } catch {
    return false;
  }
}

async function remember(path: string, found: z.output<typeof sourceSchema>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, JSON.stringify(found));
  await rename(partial, path);
}

function unknownSource(value: string): Problem {
  return new Problem({
    code: "supply/images-unknown",
    says: `HARBORWRIGHT_IMAGES is ${value}`,
    instead: "pull (from docker.io), make (from packages), or unset to find out",
  });
}

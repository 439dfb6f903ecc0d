import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { kept } from "./cache.js";
import { ARCHITECTURE } from "./go-tool.js";
import { writeImageArchive } from "./image-archive.js";
import { CONTAINER_USER, layOutImage } from "./image-tree.js";
import type { ImagePin } from "./pins.js";
import type { Progress } from "./progress.js";

/** An image that was made on this machine. */
export interface MadeImage {
  /** `sha256:…`, what the engine calls it once it is loaded. */
  readonly id: string;
  /** Version of the program that is really inside. */
  readonly version: string;
  /** Path of the archive that `docker load` reads. */
  readonly archive: string;
}

const recordSchema = z.object({ id: z.string().regex(/^sha256:[0-9a-f]{64}$/), version: z.string() });
const ARCHIVE = "image.tar.gz";
const RECORD = "image.json";
/** Raise it whenever the content of made images changes. */
const RECIPE = 2;

/**
 * The image of a pin, made from packages and kept. It is not made anew when Debian has a newer package or the machine
 * a newer Go: hosts would restart for a change that nobody asked for.
 */
export async function madeImage(pin: ImagePin, progress: Progress): Promise<MadeImage> {
  const fromGo = "go" in pin.madeFrom;
  const folder = await kept(
    {
      shelf: "images",
      name: `${pin.name}-${pin.version}`,
      inputs: { from: pin.madeFrom, command: pin.command, architecture: ARCHITECTURE, recipe: RECIPE },
      what: `make the image of ${pin.name} from ${fromGo ? "Go modules" : "Debian's packages"}`,
      about: fromGo ? "100 s" : "15 s",
      make: (inside) => make(pin, inside, progress),
    },
    progress,
  );
  const record = recordSchema.parse(JSON.parse(await readFile(join(folder, RECORD), "utf8")));
  return { ...record, archive: join(folder, ARCHIVE) };
}

async function make(pin: ImagePin, folder: string, progress: Progress): Promise<void> {
  const [tree, packages] = [join(folder, "tree"), join(folder, "packages")];
  await Promise.all([mkdir(tree), mkdir(packages)]);
  const version = await layOutImage(pin, tree, packages, progress);
  const settings = {
    tag: `harborwright/${pin.name}:${version}`,
    architecture: ARCHITECTURE,
    command: pin.command,
    environment: pin.environment ?? {},
    user: `${CONTAINER_USER}:${CONTAINER_USER}`,
  };
  const id = await writeImageArchive(tree, settings, join(folder, ARCHIVE));
  await writeFile(join(folder, RECORD), JSON.stringify({ id, version }));
  await Promise.all([tree, packages].map((done) => rm(done, { recursive: true })));
}

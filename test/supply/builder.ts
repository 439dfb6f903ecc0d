/** A process of its own that wants a thing from the cache. It stays half-way until it is let go on, or killed. */
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { exists, kept } from "../../supply/cache.js";
import type { Progress } from "../../supply/progress.js";

const [cache = ""] = process.argv.slice(2);

const progress: Progress = {
  note: (line) => console.log(line),
  during: (what, work) => {
    console.log(`begin: ${what}`);
    return work();
  },
};

const folder = await kept(
  {
    shelf: "kitchen",
    name: "bread-1.0",
    inputs: { flour: 500 },
    what: "bake bread",
    make: async (inside) => {
      await writeFile(join(inside, "loaf"), "half-baked");
      console.log("half-way");
      while (!(await exists(join(cache, "oven-is-hot")))) await setTimeout(20);
      await writeFile(join(inside, "loaf"), "crusty");
      await appendFile(join(cache, "baked"), "baked\n");
    },
  },
  progress,
  cache,
);
console.log(folder);

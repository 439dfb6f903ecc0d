import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Forces a folder, and unless it is told otherwise all that lies in it, to the disk. Symbolic links have nothing to force. */
export async function syncTree(folder: string, options = { deep: true }): Promise<void> {
  if (options.deep) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await syncTree(path);
      else if (entry.isFile()) await sync(path);
    }
  }
  await sync(folder);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import { preflightScript } from "../../cluster/preflight-script.js";

/** Programs of a host on which nothing runs yet: neither containers nor listeners. */
let programs: string;
beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), "harborwright-preflight-"));
  for (const name of ["docker", "ss"]) {
    await writeFile(join(programs, name), "#!/bin/sh\n");
    await chmod(join(programs, name), 0o755);
  }
});
afterAll(() => rm(programs, { recursive: true }));

/** Names that a host is said to find no address for. */
async function unknownOf(names: readonly string[]): Promise<string[]> {
  const script = preflightScript({ ports: [443], others: [], registryPort: 5000, names });
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH}` };
  const { stdout } = await $({ quiet: true, env })`sh -c ${script}`;
  return stdout.split("\n").flatMap((line) => (line.startsWith("no-name ") ? [line.slice("no-name ".length)] : []));
}

test("an address needs no name: a storage that is given by its address is not refused", async () => {
  // Set aside for documents, so no name server knows a name for them.
  expect(await unknownOf(["192.0.2.7", "2001:db8::7"])).toEqual([]);
});

test("a name without an address is told, and the others are not", async () => {
  // Two dots in a row are in no name: nobody is asked.
  expect(await unknownOf(["localhost", "storage..example"])).toEqual(["storage..example"]);
});

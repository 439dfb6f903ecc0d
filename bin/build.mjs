import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBindings } from "./bindings.mjs";
import { giveUp, PROJECT } from "./project.mjs";

/** Rooms whose sources are compiled, as in tsconfig.build.json. */
const ROOMS = [
  "spec",
  "constructs",
  "stacks",
  "secrets",
  "release",
  "hosts",
  "cluster",
  "supply",
  "lab",
  "operations",
  "cli",
];
const BUILT = join(PROJECT, "dist");
/** What a build was made of: the time of the newest source then. */
const STAMP = join(BUILT, ".newest-source");

/**
 * Compiles the sources into dist/, and makes the classes they build on, unless that was made of the very same; to find
 * out takes some milliseconds.
 */
export async function ensureBuilt() {
  await ensureBindings();
  const newest = newestSource();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === newest) return;
  process.stderr.write("● compile harborwright (about 5 s)\n");
  // Beside node_modules, for it must be on the same disk to be renamed, and git and the linters look into neither.
  const partial = join(PROJECT, "node_modules", `.harborwright-${process.pid}`);
  compile(partial);
  linkOtherFiles(partial);
  writeFileSync(join(partial, ".newest-source"), newest);
  exchange(partial);
}

/** Names of the newest source and its time, as text that changes when any source does. */
function newestSource() {
  let newest = 0;
  let count = 0;
  const look = (path) => {
    newest = Math.max(newest, statSync(path).mtimeMs);
    count += 1;
  };
  const lookInto = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) lookInto(path);
      else if (entry.name.endsWith(".ts")) look(path);
    }
  };
  for (const room of ROOMS) lookInto(join(PROJECT, room));
  for (const file of ["tsconfig.json", "tsconfig.build.json", "package-lock.json"]) look(join(PROJECT, file));
  return `${count} files, the newest from ${newest}\n`;
}

/** Types are checked by `npm run types`; here they would only cost seconds at the first command. */
function compile(folder) {
  const compiler = join(PROJECT, "node_modules", "typescript", "bin", "tsc");
  if (!existsSync(compiler)) giveUp("the npm packages are missing", "type: npm ci");
  const flags = ["-p", join(PROJECT, "tsconfig.build.json"), "--outDir", folder, "--noCheck"];
  const done = spawnSync(process.execPath, [compiler, ...flags], { encoding: "utf8" });
  if (done.status !== 0) giveUp("the sources do not compile", `${done.stdout}${done.stderr}`.trim());
}

/** Scripts and folders of files that lie beside the sources are found beside what was compiled, too. */
function linkOtherFiles(folder) {
  for (const room of ROOMS) {
    const compiled = join(folder, room);
    mkdirSync(compiled, { recursive: true });
    const others = readdirSync(join(PROJECT, room)).filter((name) => !name.endsWith(".ts"));
    for (const name of others.filter((other) => !existsSync(join(compiled, other)))) {
      // From where it will be once it has its final name.
      symlinkSync(relative(join(BUILT, room), join(PROJECT, room, name)), join(compiled, name));
    }
  }
}

/** Puts a build in its place at once, so that another command that starts meanwhile sees the old one or the new one. */
function exchange(partial) {
  const old = `${partial}-old`;
  if (existsSync(BUILT)) renameSync(BUILT, old);
  try {
    renameSync(partial, BUILT);
  } catch (error) {
    // Another command has built the same in this moment.
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    rmSync(partial, { recursive: true });
  }
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBuilt();

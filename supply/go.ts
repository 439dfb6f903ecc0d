import { chmod, cp, readdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";
import { kept } from "./cache.js";
import { findProgram, NEEDS, provide } from "./machine.js";
import { GO_PIN } from "./pins.js";
import type { Progress } from "./progress.js";

/**
 * The `go` of this machine when it is new enough; else an older one, Debian's if there is none, fetches the newer
 * toolchain. Go serves its toolchains as a module, checked like any other, so the settings that this machine has for
 * modules (GOPROXY, GOSUMDB …) hold for it, and no other place to load from is needed.
 * @returns the path of its `go`
 */
export async function provideGo(progress: Progress): Promise<string> {
  const present = await findProgram("go");
  if (present !== undefined && isNewEnough(await versionOf(present))) return present;
  await provide([NEEDS.go], progress);
  const older = (await findProgram("go")) ?? "go";
  return join(await fetchToolchain(older, progress), "go", "bin", "go");
}

/** The version of a toolchain itself, whatever it would fetch for a module: go1.25.4; empty when it does not run. */
async function versionOf(go: string): Promise<string> {
  const env = { ...process.env, GOTOOLCHAIN: "local" };
  return (await $({ quiet: true, nothrow: true, env })`${go} env GOVERSION`).stdout.trim();
}

/** Whether a toolchain can build the pinned modules. A development build says "devel …" and is trusted. */
export function isNewEnough(version: string): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return version.startsWith("devel");
  const [neededMajor, neededMinor] = GO_PIN.minimum;
  return Number(major) > neededMajor || (Number(major) === neededMajor && Number(minor) >= neededMinor);
}

function fetchToolchain(go: string, progress: Progress): Promise<string> {
  const architecture = { x64: "amd64", arm64: "arm64" }[process.arch as string] ?? process.arch;
  const module = `golang.org/toolchain@v0.0.1-go${GO_PIN.fetched}.${process.platform}-${architecture}`;
  return kept(
    {
      shelf: "go",
      name: `toolchain-${GO_PIN.fetched}`,
      inputs: { module, recipe: 1 },
      what: `fetch the Go ${GO_PIN.fetched} toolchain through Go's module proxy`,
      about: "20 s",
      make: (folder) => unpackToolchain(go, module, join(folder, "go")),
    },
    progress,
  );
}

/** A module may hold neither a second go.mod nor programs that can be run: both are put right, as `go` does it itself. */
async function unpackToolchain(go: string, module: string, folder: string): Promise<void> {
  const fetched = await $({
    quiet: true,
    nothrow: true,
    env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "" },
  })`${go} mod download -json ${module}`;
  if (fetched.exitCode !== 0) throw goFailed(`fetch ${module}`, `${fetched.stdout}${fetched.stderr}`);
  const { Dir } = JSON.parse(fetched.stdout) as { Dir: string };
  await cp(Dir, folder, { recursive: true });
  await $({ quiet: true })`chmod -R u+w ${folder}`;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((file) => file.isFile())) {
    const path = join(entry.parentPath, entry.name);
    if (entry.name === "_go.mod") await rename(path, join(entry.parentPath, "go.mod"));
    const inside = dirname(path).slice(folder.length);
    if (inside === "/bin" || inside.startsWith("/pkg/tool")) await chmod(path, 0o755);
  }
}

/** What is told when `go` fails; its last lines say why. */
export function goFailed(what: string, output: string): Problem {
  return new Problem({
    code: "supply/go-failed",
    says: `go could not ${what}`,
    instead:
      "check with `go env GOPROXY` that the module proxy can be reached, and start again: what was built is kept",
    log: output.trim().split("\n").slice(-12),
  });
}

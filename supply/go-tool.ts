import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx/core";
import { kept } from "./cache.js";
import { goFailed, provideGo } from "./go.js";
import { GO_TOOL_PINS, type GoToolName, type GoToolPin } from "./pins.js";
import type { Progress } from "./progress.js";

/** Architecture of this machine as Go spells it. The hosts are of the same kind. */
export const ARCHITECTURE = process.arch === "arm64" ? "arm64" : "amd64";

/**
 * The path of a program built from its pinned Go module: static, for Linux, the same bytes wherever the same Go
 * builds it. A newer Go on this machine does not build it anew: hosts would change for nothing.
 */
export async function goTool(name: GoToolName, progress: Progress): Promise<string> {
  const pin = GO_TOOL_PINS[name];
  const folder = await kept(
    {
      shelf: "go",
      name: `${name}-${pin.version}`,
      inputs: {
        main: pin.main,
        version: pin.version,
        architecture: ARCHITECTURE,
        recipe: 1,
        variables: pin.variables,
        replaced: pin.replaced,
      },
      what: `make ${name} ${pin.version.slice(1)} from Go modules`,
      about: pin.about,
      make: async (inside) => build(await provideGo(progress), pin, inside, name),
    },
    progress,
  );
  return join(folder, name);
}

/**
 * Built through a small module of our own: `go install` refuses modules that replace others, as compose does, and
 * does not build for another system. Modules and what was compiled stay in Go's own caches.
 */
async function build(go: string, pin: GoToolPin, folder: string, name: string): Promise<void> {
  const module = join(folder, "module");
  await mkdir(module);
  const run = $({ quiet: true, nothrow: true, cwd: module, env: { ...process.env, ...settings() } });
  const replacements = Object.entries(pin.replaced ?? {}).map(([one, other]) => `-replace=${one}=${other}`);
  for (const step of [
    () => run`${go} mod init harborwright.internal/tools`,
    () => run`${go} mod edit -fmt ${replacements}`,
    () => run`${go} get ${pin.main}@${pin.version}`,
    () => run`${go} build -ldflags=${linking(pin)} -o ${join(folder, name)} ${pin.main}`,
  ]) {
    const done = await step();
    if (done.exitCode !== 0) throw goFailed(`build ${pin.main}@${pin.version}`, done.stderr);
  }
  await rm(module, { recursive: true });
}

/** No tables for debuggers, and the variables that the pin sets. */
function linking(pin: GoToolPin): string {
  const version = pin.versionVariable === undefined ? {} : { [pin.versionVariable]: pin.version };
  const variables = Object.entries({ ...version, ...pin.variables });
  return ["-s -w", ...variables.map(([name, value]) => `-X ${name}=${value}`)].join(" ");
}

/** Nothing of this machine may show in the bytes: no paths, no repository around, no C compiler. */
function settings(): Record<string, string> {
  return {
    GOTOOLCHAIN: "local",
    GOFLAGS: "-trimpath -buildvcs=false",
    GOWORK: "off",
    GO111MODULE: "on",
    CGO_ENABLED: "0",
    GOOS: "linux",
    GOARCH: ARCHITECTURE,
  };
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";
import { kept } from "./cache.js";
import { findProgram, NEEDS, type Need, provide } from "./machine.js";
import { PYTHON_TOOL_PINS, type PythonToolName } from "./pins.js";
import type { Progress } from "./progress.js";

/** A program written in Python, in an environment of its own. */
export interface PythonTool {
  /** The Python that finds it and what it needs. */
  readonly python: string;
  /** What is to be said to that Python to start it: -m moto.server */
  readonly start: readonly string[];
}

/** Debian ships Python without the part that puts pip into an environment. */
const ENVIRONMENTS: Need = {
  program: "python3 -m venv",
  package: "python3-venv",
  there: async () => (await $({ quiet: true, nothrow: true })`python3 -c ${"import ensurepip, venv"}`).exitCode === 0,
};

/**
 * A pinned program from Python's package index, with pinned packages, in an environment of its own, so that nothing of
 * this machine's own Python packages is touched or used. It is made anew when the Python below it changes.
 * @throws Problem `supply/pip-failed` with the last lines of pip
 */
export async function pythonTool(name: PythonToolName, progress: Progress): Promise<PythonTool> {
  const pin = PYTHON_TOOL_PINS[name];
  await provide([NEEDS.python, ENVIRONMENTS], progress);
  const packages = join(import.meta.dirname, "..", "supply", "python", `${name}.txt`);
  const folder = await kept(
    {
      shelf: "python",
      name: `${name}-${pin.version}`,
      inputs: {
        requirement: pin.requirement,
        packages: await readFile(packages, "utf8"),
        python: await thisPython(),
        recipe: 1,
      },
      what: `install ${name} ${pin.version} with pip`,
      about: pin.about,
      make: (inside) => install(`${pin.requirement}==${pin.version}`, packages, inside),
    },
    progress,
  );
  // Not the program that pip puts beside it: that one names the folder in which the environment was made.
  return { python: join(folder, "bin", "python"), start: ["-m", pin.module] };
}

/** Where this machine's Python is and which: an environment uses it, and breaks without it. */
async function thisPython(): Promise<string> {
  const python = (await findProgram("python3")) ?? "python3";
  return (await $({ quiet: true })`${python} -c ${"import sys; print(sys.base_prefix, sys.version)"}`).stdout.trim();
}

async function install(requirement: string, packages: string, folder: string): Promise<void> {
  const run = $({ quiet: true, nothrow: true });
  for (const step of [
    () => run`python3 -m venv ${folder}`,
    () =>
      run`${join(folder, "bin", "python")} -m pip install --quiet --disable-pip-version-check --no-input --constraint ${packages} ${requirement}`,
  ]) {
    const done = await step();
    if (done.exitCode !== 0) throw pipFailed(requirement, `${done.stdout}${done.stderr}`);
  }
}

function pipFailed(requirement: string, output: string): Problem {
  return new Problem({
    code: "supply/pip-failed",
    says: `pip could not install ${requirement}`,
    instead: "check with `pip config list` where it looks for packages and that this can be reached, and start again",
    log: output.trim().split("\n").slice(-12),
  });
}

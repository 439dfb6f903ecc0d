import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";
import { refreshPackageLists, thisMachine } from "./machine.js";
import type { Progress } from "./progress.js";

/** A Debian package as the package lists of this machine describe it. */
export interface DebianPackage {
  readonly name: string;
  /** Its version as Debian writes it: 1.22.1-9+deb12u2. */
  readonly version: string;
  readonly section: string;
  /** Names of the packages it needs; of alternatives the first. */
  readonly needs: readonly string[];
}

/**
 * Downloads a package and every shared library it needs, into a folder. apt-get checks them against the signed lists.
 * What else it needs (scripts that make users, init systems) is of no use in a container.
 * @returns the package itself
 * @throws Problem `supply/needs-debian` on a system without Debian's packages
 */
export async function downloadWithLibraries(name: string, folder: string, progress: Progress): Promise<DebianPackage> {
  await refuseOtherSystems(name);
  const [main] = await describe([name], progress);
  if (main === undefined) throw downloadFailed(name, `the package lists of this machine do not have ${name}`);
  const wanted = [main, ...(await libraries(main, progress))].map((found) => `${found.name}=${found.version}`);
  const done = await $({ quiet: true, nothrow: true, cwd: folder })`apt-get --quiet download ${wanted}`;
  if (done.exitCode !== 0) throw downloadFailed(name, done.stderr);
  return main;
}

/** All libraries a package needs, those of its libraries included. */
async function libraries(main: DebianPackage, progress: Progress): Promise<DebianPackage[]> {
  const found = new Map<string, DebianPackage>();
  const seen = new Set<string>();
  let next = main.needs;
  while (next.length > 0) {
    for (const name of next) seen.add(name);
    const described = await describe(next, progress);
    const fresh = described.filter((one) => one.section.endsWith("libs"));
    for (const library of fresh) found.set(library.name, library);
    next = [...new Set(fresh.flatMap((library) => library.needs))].filter((name) => !seen.has(name));
  }
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** What the package lists say; names that are only provided by other packages are left out. */
async function describe(names: readonly string[], progress: Progress): Promise<DebianPackage[]> {
  const ask = () => $({ quiet: true, nothrow: true })`apt-cache show --no-all-versions ${names}`;
  const asked = await ask();
  if (asked.stdout !== "") return parsePackages(asked.stdout);
  await refreshPackageLists(progress);
  return parsePackages((await ask()).stdout);
}

/** Reads paragraphs of a Debian control file; continued lines belong to fields that are not needed here. */
export function parsePackages(text: string): DebianPackage[] {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => {
      const fields = new Map(
        paragraph.split("\n").map((line) => {
          const [, field = "", value = ""] = /^([A-Za-z0-9-]+): *(.*)$/.exec(line) ?? [];
          return [field, value] as const;
        }),
      );
      return {
        name: fields.get("Package") ?? "",
        version: fields.get("Version") ?? "",
        section: fields.get("Section") ?? "",
        needs: [...names(fields.get("Pre-Depends")), ...names(fields.get("Depends"))],
      };
    });
}

/** `libc6 (>= 2.34), iproute2 | net-tools` → libc6, iproute2 */
function names(dependencies = ""): string[] {
  return dependencies
    .split(",")
    .map((alternatives) => /^\s*([a-z0-9][a-z0-9.+-]*)/.exec(alternatives)?.[1])
    .filter((name) => name !== undefined);
}

/** The version of the program inside: `2:2.8.2+ds1-1` → 2.8.2. */
export function upstreamVersion(version: string): string {
  return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? version;
}

/** Puts the files of all packages in a folder into one tree; documents, settings and scripts stay behind. */
export async function unpackAll(packages: string, tree: string): Promise<void> {
  const files = (await readdir(packages)).filter((name) => name.endsWith(".deb")).sort();
  for (const file of files) {
    await $({
      quiet: true,
    })`dpkg-deb --fsys-tarfile ${join(packages, file)} | tar --extract --directory ${tree} --keep-directory-symlink --no-same-owner ${LEFT_BEHIND}`;
  }
}

const LEFT_BEHIND = ["./etc", "./var", "./usr/share", "./lib/systemd", "./usr/lib/systemd", "*/gconv"].map(
  (pattern) => `--exclude=${pattern}`,
);

async function refuseOtherSystems(name: string): Promise<void> {
  if ((await thisMachine()).apt) return;
  throw new Problem({
    code: "supply/needs-debian",
    says: `the image of ${name} can be made only on Debian or Ubuntu, and no image registry can be reached`,
    instead: "open the way to docker.io, or type this on a Debian machine",
  });
}

function downloadFailed(name: string, why: string): Problem {
  return new Problem({
    code: "supply/download-failed",
    says: `the Debian package ${name} could not be downloaded`,
    instead: "check with apt-get update that Debian's mirror can be reached, and start again",
    log: why.trim().split("\n").slice(-12),
  });
}

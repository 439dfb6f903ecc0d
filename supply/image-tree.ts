import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";
import { type DebianPackage, downloadWithLibraries, unpackAll, upstreamVersion } from "./debian-package.js";
import { goTool } from "./go-tool.js";
import { GO_TOOL_PINS, type ImagePin } from "./pins.js";
import type { Progress } from "./progress.js";

/** User and group that run in our containers; files on a host that they read have this group. */
export const CONTAINER_USER = 10101;

/**
 * Lays out the files of an image in an empty folder: one program on the PATH under the image's name, what it needs to
 * run, the certificates the world trusts, and no shell and no settings.
 * @param packages - an empty folder for what is downloaded
 * @returns the version of the program
 */
export async function layOutImage(pin: ImagePin, tree: string, packages: string, progress: Progress): Promise<string> {
  await layOutFolders(tree);
  await layOutNames(tree);
  await layOutAuthorities(tree, packages, progress);
  const program = join(tree, "usr", "bin", pin.name);
  if ("go" in pin.madeFrom) {
    await copyFile(await goTool(pin.madeFrom.go, progress), program);
    return GO_TOOL_PINS[pin.madeFrom.go].version.slice(1);
  }
  const source = await downloadWithLibraries(pin.madeFrom.debian, packages, progress);
  await unpackAll(packages, tree);
  await refuseMissingLibraries(source, pin.madeFrom.program, tree);
  if (pin.madeFrom.program !== `usr/sbin/${pin.name}`) await symlink(`/${pin.madeFrom.program}`, program);
  return upstreamVersion(source.version);
}

/** Folders as Debian has them since it merged /bin and /lib into /usr; packages from before fit in as well. */
async function layOutFolders(tree: string): Promise<void> {
  for (const folder of [
    "etc/ssl/certs",
    "run",
    "tmp",
    "usr/bin",
    "usr/sbin",
    "usr/lib",
    "usr/lib64",
    "var/lib",
    "var/log",
  ]) {
    await mkdir(join(tree, folder), { recursive: true });
  }
  for (const name of ["bin", "sbin", "lib", "lib64"]) await symlink(`usr/${name}`, join(tree, name));
  // nginx opens its log of errors before it has read where that shall be.
  await mkdir(join(tree, "var/log/nginx"));
  await symlink("/dev/stderr", join(tree, "var/log/nginx/error.log"));
}

/** Programs look up their own user, and names of hosts in /etc/hosts before DNS. */
async function layOutNames(tree: string): Promise<void> {
  const etc = (name: string, text: string) => writeFile(join(tree, "etc", name), text);
  const user = `harborwright:x:${CONTAINER_USER}`;
  await etc("passwd", `root:x:0:0:root:/:/sbin/nologin\n${user}:${CONTAINER_USER}:harborwright:/:/sbin/nologin\n`);
  await etc("group", `root:x:0:\n${user}:\n`);
  await etc("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
}

/** The authorities come from Debian's package, not from this machine, whose own ones are no concern of other hosts. */
async function layOutAuthorities(tree: string, packages: string, progress: Progress): Promise<void> {
  const [downloads, unpacked] = [join(packages, "authorities"), join(packages, "authorities-unpacked")];
  await mkdir(downloads);
  await mkdir(unpacked);
  await downloadWithLibraries("ca-certificates", downloads, progress);
  await $({ quiet: true, cwd: downloads })`dpkg-deb --extract ca-certificates_*.deb ${unpacked}`;
  const folder = join(unpacked, "usr/share/ca-certificates/mozilla");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".crt")).sort();
  const certificates = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  await writeFile(join(tree, "etc/ssl/certs/ca-certificates.crt"), certificates.join(""));
}

/** Asks the tree's own loader: a library that this machine has by chance must not count. */
async function refuseMissingLibraries(source: DebianPackage, program: string, tree: string): Promise<void> {
  const folders = (await readdir(join(tree, "usr/lib"), { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const libraries = folders.map((folder) => join(tree, "usr/lib", folder.name));
  const loader = await findLoader(libraries);
  const asked = await $({
    quiet: true,
    nothrow: true,
  })`${loader} --inhibit-cache --library-path ${libraries.join(":")} --list ${join(tree, program)}`;
  const strangers = asked.stdout.split("\n").filter((line) => line.includes("=>") && !line.includes(`=> ${tree}`));
  if (asked.exitCode === 0 && strangers.length === 0) return;
  throw new Problem({
    code: "supply/library-missing",
    says: `the package ${source.name} ${source.version} needs libraries that its dependencies do not bring`,
    instead: "report it: this version of Debian is new to harborwright",
    log: [...strangers, ...asked.stderr.trim().split("\n")],
  });
}

async function findLoader(libraries: readonly string[]): Promise<string> {
  for (const folder of libraries) {
    const name = (await readdir(folder)).find((file) => /^ld-linux.*\.so\.\d+$/.test(file));
    if (name !== undefined) return join(folder, name);
  }
  return "ldd";
}

import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";
import { kept } from "../supply/cache.js";
import { goTool } from "../supply/go-tool.js";
import { NEEDS, provide } from "../supply/machine.js";
import type { Progress } from "../supply/progress.js";
import { attemptDocker, docker } from "./docker.js";

const SCRIPT = fileURLToPath(new URL("../lab/host-image.sh", import.meta.url));
/** Where the image is made without root: any Debian with apt. */
const BUILDER = "docker.io/library/debian:bookworm-slim";
/** Files of the image, laid out as on the host. */
const FILES = fileURLToPath(new URL("../lab/host", import.meta.url));

/**
 * The image that hosts are made of: Debian with systemd, sshd, an own Docker engine and no key. It is made once,
 * kept in the cache as an archive, and imported into the engine where that does not have it.
 * @returns its name: `harborwright/lab-host:<digest of its recipe>`
 * @throws Problem `lab/host-image-failed` with the last lines of debootstrap
 */
export async function provideHostImage(progress: Progress): Promise<string> {
  const [compose, versitygw] = [await goTool("docker-compose", progress), await goTool("versitygw", progress)];
  const tools = [compose, versitygw].map((path) => basename(dirname(path)));
  const folder = await kept(
    {
      shelf: "images",
      name: "lab-host",
      inputs: { tools, script: digest(await readFile(SCRIPT)), files: await digestTree(FILES) },
      what: "make the image of the lab's hosts with debootstrap",
      about: "1 min",
      make: (inside) => make(compose, versitygw, inside, progress),
    },
    progress,
  );
  const image = `harborwright/lab-host:${basename(folder).replace("lab-host-", "")}`;
  if ((await attemptDocker(["image", "inspect", image])).exitCode !== 0) {
    await progress.during("import the image of the lab's hosts", () => load(join(folder, ARCHIVE), image), "10 s");
  }
  return image;
}

const ARCHIVE = "host.tar.gz";
const quiet = $({ quiet: true, nothrow: true });

async function make(compose: string, versitygw: string, folder: string, progress: Progress): Promise<void> {
  const archive = join(folder, ARCHIVE);
  const made =
    process.platform === "linux" && process.getuid?.() === 0
      ? await makeHere(compose, versitygw, archive, progress)
      : await makeInContainer(compose, versitygw, folder);
  if (made.exitCode === 0) return;
  throw new Problem({
    code: "lab/host-image-failed",
    says: `the image of the lab's hosts could not be made (exit code ${made.exitCode})`,
    instead:
      "look at the last lines: most often a Debian mirror, or without root an image registry, could not be reached; " +
      "root on Linux needs the mirror only",
    log: `${made.stdout}${made.stderr}`.trim().split("\n").slice(-12),
  });
}

async function makeHere(compose: string, versitygw: string, archive: string, progress: Progress) {
  await provide([NEEDS.debootstrap, NEEDS.tar], progress);
  return quiet`sh ${SCRIPT} ${FILES} ${compose} ${versitygw} ${archive} ${await debianMirror()}`;
}

/** Only root may make a root file system: whoever is not root here, or not on Linux, is so inside a container. */
async function makeInContainer(compose: string, versitygw: string, folder: string) {
  const given = { [SCRIPT]: "/host-image.sh", [FILES]: "/files", [compose]: "/compose", [versitygw]: "/versitygw" };
  const mounts = Object.entries(given).flatMap(([from, to]) => ["--volume", `${from}:${to}:ro`]);
  const rights = ["--cap-add=SYS_ADMIN", "--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"];
  // The archive leaves through standard output: a file made by the container would be root's.
  const script = `
    { apt-get --quiet update && apt-get --quiet --yes install --no-install-recommends debootstrap &&
      sh /host-image.sh /files /compose /versitygw /tmp/${ARCHIVE} ""; } >&2
    cat /tmp/${ARCHIVE}`;
  return quiet`docker run --rm ${mounts} ${rights} ${BUILDER} sh -euc ${script} > ${join(folder, ARCHIVE)}`;
}

/** The mirror this machine itself installs from, when it is a Debian of the same release; otherwise debootstrap's. */
async function debianMirror(): Promise<string> {
  const format = "$(CODENAME) $(REPO_URI)";
  const listed =
    await quiet`apt-get indextargets --format ${format} ${"Identifier: Packages"} ${"Component: main"} ${"Origin: Debian"}`;
  const line = listed.stdout.split("\n").find((line) => /^bookworm https?:/.test(line));
  return line?.split(" ")[1] ?? "";
}

async function load(archive: string, image: string): Promise<void> {
  const changes = ['ENTRYPOINT ["/usr/local/sbin/lab-init"]', "ENV container=docker"];
  await docker(["import", ...changes.flatMap((change) => ["--change", change]), archive, image]);
}

/** A digest of the files of a folder: their paths, contents, and whether they may be run. */
async function digestTree(folder: string): Promise<string> {
  const paths = (await readdir(folder, { recursive: true })).sort();
  const parts = paths.map(async (path) => {
    const found = await stat(join(folder, path));
    return found.isFile() ? `${path} ${found.mode & 0o100} ${digest(await readFile(join(folder, path)))}\n` : "";
  });
  return digest((await Promise.all(parts)).join(""));
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { $ } from "zx";
import { HARBOR_IMAGES } from "../../release/harbor-images.js";
import type { HarborRelease } from "../../spec/harbor/release.js";
import { Problem } from "../../spec/problem.js";
import { ARCHITECTURE } from "../../supply/go-tool.js";
import { provideHarbor } from "../../supply/harbor-bundle.js";
import type { Progress } from "../../supply/progress.js";

const FILE = "harbor-offline-installer-v2.15.2.tgz";

let folder: string;
/** What was done, in the order of its beginning. */
let doing: string[];
const progress: Progress = {
  note: () => {},
  during: (what, work) => {
    doing.push(what);
    return work();
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-bundle-"));
  vi.stubEnv("HARBORWRIGHT_CACHE", join(folder, "cache"));
  doing = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

interface Form {
  readonly patch?: string;
  /** As an engine writes it that knows OCI's layout. */
  readonly oci?: boolean;
  readonly without?: string;
  readonly architecture?: string;
}

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

/** An offline installer of images without layers. */
async function makeBundle({ patch = "2.15.2", oci = false, without, architecture = ARCHITECTURE }: Form = {}) {
  const [images, installer] = [join(folder, "images"), join(folder, "installer")];
  await mkdir(join(installer, "harbor"), { recursive: true });
  const manifest = [];
  for (const name of [...HARBOR_IMAGES, "valkey-photon"].filter((one) => one !== without)) {
    const text = JSON.stringify({ architecture, os: "linux", config: { Labels: { name } } });
    const Config = oci ? `blobs/sha256/${sha256(text)}` : `${sha256(text)}.json`;
    await mkdir(dirname(join(images, Config)), { recursive: true });
    await writeFile(join(images, Config), text);
    manifest.push({ Config, RepoTags: [`goharbor/${name}:v${patch}`], Layers: [] });
  }
  await writeFile(join(images, "manifest.json"), JSON.stringify(manifest));
  await writeFile(join(installer, "harbor/install.sh"), "#!/bin/sh\n");
  const inner = join(installer, `harbor/harbor.v${patch}.tar.gz`);
  // As `docker save` names its files: without "./".
  await $`cd ${images} && tar --create --gzip --file ${inner} *`;
  await $`cd ${installer} && tar --create --gzip --file ${join(folder, FILE)} harbor`;
  await Promise.all([images, installer].map((done) => rm(done, { recursive: true })));
}

const provide = (release: Partial<HarborRelease> = {}, url?: string) =>
  provideHarbor(
    { version: "2.15", release: { from: "bundle", file: FILE, ...release }, folder, ...(url && { url }) },
    progress,
  );

async function refused(release?: Partial<HarborRelease>, url?: string): Promise<Problem["details"]> {
  const problem = await provide(release, url).catch((error: unknown) => error);
  if (problem instanceof Problem) return problem.details;
  throw new Error(`no Problem, but ${String(problem)}`);
}

const digest = async () => sha256(await readFile(join(folder, FILE)));

describe("a file beside the environment", () => {
  test.each([false, true])("gives the id of each image, also in OCI's layout (%s)", async (oci) => {
    await makeBundle({ oci });
    const { images, archive } = await provide();
    expect(Object.keys(images)).toEqual([...HARBOR_IMAGES]);
    const text = JSON.stringify({
      architecture: ARCHITECTURE,
      os: "linux",
      config: { Labels: { name: "harbor-core" } },
    });
    expect(images["harbor-core"]).toEqual({
      name: "harbor-core",
      version: "2.15.2",
      reference: `sha256:${sha256(text)}`,
    });
    expect((await $`tar --list --gzip --file ${archive}`).stdout).toContain("manifest.json");
  });

  test("is read once, until it changes", async () => {
    await makeBundle();
    await provide({ sha256: await digest() });
    expect(doing).toEqual([`read ${FILE}`, "read the images of Harbor 2.15.2 from its offline installer"]);
    doing = [];
    const first = await provide();
    expect(doing).toEqual([]);
    await utimes(join(folder, FILE), 1, 1);
    expect(await provide()).toEqual(first);
    expect(doing).toEqual([`read ${FILE}`]);
  });

  test("that is not there is named, with the folder it belongs to", async () => {
    const { code, says, instead } = await refused();
    expect(code).toBe("harbor/bundle-missing");
    expect(says).toContain(`${FILE} cannot be read: ENOENT`);
    expect(instead).toContain(folder);
  });

  test.each<[string, Form, string, string]>([
    ["of another release", { patch: "2.14.4" }, "harbor/bundle-other-version", "is Harbor 2.14.4"],
    ["without an image", { without: "harbor-exporter" }, "harbor/bundle-incomplete", "has no harbor-exporter"],
    ["for other machines", { architecture: "riscv64" }, "harbor/bundle-other-architecture", "is for riscv64"],
  ])("%s is refused", async (_, form, code, says) => {
    await makeBundle(form);
    expect(await refused()).toMatchObject({ code, says: expect.stringContaining(says) });
    expect(await refused()).toMatchObject({ code });
  });

  test("with another content than was written down is refused", async () => {
    await makeBundle();
    const { code, says } = await refused({ sha256: "0".repeat(64) });
    expect(code).toBe("harbor/bundle-other-content");
    expect(says).toContain(await digest());
  });

  test("that is cut short, and one that is something else, are refused and nothing is kept", async () => {
    await makeBundle();
    await truncate(join(folder, FILE), (await stat(join(folder, FILE))).size - 100);
    expect(await refused()).toMatchObject({ code: "harbor/bundle-unreadable" });
    await writeFile(join(folder, FILE), "<html>not found</html>");
    expect(await refused()).toMatchObject({ code: "harbor/bundle-unreadable" });
    await makeBundle();
    expect((await provide()).images.prepare.reference).toMatch(/^sha256:/);
  });
});

describe("upstream's", () => {
  let server: Server;
  let asked: (string | undefined)[];
  let url: string;
  beforeEach(async () => {
    await makeBundle();
    await copyFile(join(folder, FILE), join(folder, "served"));
    asked = [];
    server = createServer(async (request, response) => {
      asked.push(request.headers.range);
      const whole = await readFile(join(folder, "served"));
      const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, {
        "content-length": whole.length - from,
        ...(from > 0 && { "content-range": `bytes ${from}-${whole.length - 1}/${whole.length}` }),
      });
      response.end(whole.subarray(from));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${FILE}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const upstream = async (): Promise<Partial<HarborRelease>> => ({ from: "upstream", sha256: await digest() });
  const partial = async () => join(folder, "cache/downloads", `${await digest()}.tgz.partial`);

  test("is fetched once", async () => {
    const first = await provide(await upstream(), url);
    expect(await provide(await upstream(), url)).toEqual(first);
    expect(first).toEqual({ ...(await provide()), archive: expect.any(String) });
    expect(asked).toEqual([undefined]);
  });

  test("is gone on with after a kill", async () => {
    const whole = await readFile(join(folder, FILE));
    await mkdir(dirname(await partial()), { recursive: true });
    await writeFile(await partial(), whole.subarray(0, 100));
    await provide(await upstream(), url);
    expect(asked).toEqual(["bytes=100-"]);
  });

  test("is kept as far as it came while the server is silent", async () => {
    await mkdir(dirname(await partial()), { recursive: true });
    await writeFile(await partial(), "half");
    const { code } = await refused(await upstream(), "http://127.0.0.1:9/harbor.tgz");
    expect(code).toBe("supply/download-failed");
    expect(await readFile(await partial(), "utf8")).toBe("half");
  });

  test("is begun anew when what is there does not fit", async () => {
    await mkdir(dirname(await partial()), { recursive: true });
    await writeFile(await partial(), "x".repeat(100));
    await provide(await upstream(), url);
    expect(asked).toEqual(["bytes=100-", undefined]);
  });

  test("is refused when it is another, and a server that is silent is named", async () => {
    const wanted = await upstream();
    await writeFile(join(folder, "served"), "changed");
    expect(await refused(wanted, url)).toMatchObject({ code: "supply/download-other-content" });
    expect(await refused(wanted, "http://127.0.0.1:9/harbor.tgz")).toMatchObject({ code: "supply/download-failed" });
  });
});

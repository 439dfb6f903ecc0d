import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HARBOR_IMAGES } from "../../release/harbor-images.js";
import { HARBOR_PATHS } from "../../release/harbor-layout.js";
import { provideEngine } from "../../supply/engine.js";
import { goTool } from "../../supply/go-tool.js";
import { type HarborBundle, provideHarbor } from "../../supply/harbor-bundle.js";
import { silentProgress } from "../../supply/progress.js";
import { harborBundle } from "../lab/harbor-stand-in/bundle.js";
import { harborEnvironment, harborRelease } from "../release/harbor-example.js";
import { verdict } from "./consumers.js";
import { HarborHost } from "./harbor-tree.js";

const WELL = { exitCode: 0, said: "" };

let bundle: HarborBundle;
beforeAll(async () => {
  await provideEngine(silentProgress);
  const file = await harborBundle("2.15");
  const wanted = { version: "2.15" as const, release: { from: "bundle" as const, file }, folder: dirname(file) };
  bundle = await provideHarbor(wanted, silentProgress);
  const loaded = await verdict(["docker", "load", "--quiet", "--input", bundle.archive]);
  if (loaded.exitCode !== 0) throw new Error(loaded.said);
});

// Nobody shall find a stand-in under Harbor's names.
afterAll(async () => {
  await verdict(["docker", "image", "rm", "--force", ...HARBOR_IMAGES.map((name) => bundle.images[name].reference)]);
});

test("the engine knows the images of an offline installer by the ids that were read from it", async () => {
  const ids = HARBOR_IMAGES.map((name) => bundle.images[name].reference);
  const shown = await verdict(["docker", "image", "inspect", "--format", "{{.Id}} {{index .RepoTags 0}}", ...ids]);
  expect(shown.said.trim().split("\n")).toEqual(
    HARBOR_IMAGES.map((name, index) => `${ids[index]} goharbor/${name}:v2.15.2`),
  );
});

/** Runs the image `prepare` on a folder that stands for a host, as Harbor's own wrapper does. */
async function prepare(host: HarborHost) {
  const input = join(host.installer, "input");
  for (const folder of [input, host.config(""), host.data]) await mkdir(folder, { recursive: true });
  await writeFile(join(input, "harbor.yml"), await host.text(HARBOR_PATHS.config));
  const mounts = [
    [input, "/input"],
    [host.installer, "/compose_location"],
    [host.config(""), "/config"],
    [host.data, "/data"],
    [host.root, "/hostfs"],
  ].flatMap(([from, to]) => ["--volume", `${from}:${to}`]);
  const image = bundle.images.prepare.reference;
  const done = await verdict([
    "docker",
    "run",
    "--rm",
    "--network",
    "none",
    ...mounts,
    image,
    "prepare",
    "--with-trivy",
  ]);
  await rm(input, { recursive: true });
  return done;
}

test("what its prepare makes takes the seeds, stands the check and is the same at each run", async () => {
  const hosts = await Promise.all([1, 2].map(() => HarborHost.make(harborRelease(harborEnvironment()))));
  for (const host of hosts) {
    expect(await host.seed("before")).toEqual(WELL);
    expect(await prepare(host)).toEqual(WELL);
    expect((await host.check()).exitCode).toBe(1);
    expect(await host.seed("after")).toEqual(WELL);
    expect(await host.check()).toEqual(WELL);
  }
  const [first, second] = await Promise.all(hosts.map((host) => host.tree()));
  expect(second).toEqual(first);
});

test("compose reads what it makes", async () => {
  const host = await HarborHost.make(harborRelease(harborEnvironment()));
  await host.seed("before");
  await prepare(host);
  const compose = await goTool("docker-compose", silentProgress);
  const file = join(host.installer, "docker-compose.yml");
  const read = await verdict([compose, "--project-name", "harbor", "--file", file, "config", "--services"]);
  expect(read.exitCode).toBe(0);
  const metrics = "exporter";
  const services = [
    "core",
    "jobservice",
    "log",
    "portal",
    "proxy",
    "registry",
    "registryctl",
    "trivy-adapter",
    metrics,
  ];
  expect(read.said.trim().split("\n").sort()).toEqual(services.sort());
});

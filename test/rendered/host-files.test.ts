import { chmod, copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PATHS } from "../../release/layout.js";
import { goTool } from "../../supply/go-tool.js";
import { silentProgress } from "../../supply/progress.js";
import { exampleEnvironment, fileAt, firstRelease, IMAGES } from "../release/example.js";
import { consumer, type Verdict, verdict } from "./consumers.js";
import { newFolder, type PlacedRelease, placeRelease } from "./placed.js";

let placed: PlacedRelease;

beforeAll(async () => {
  placed = await placeRelease(firstRelease(exampleEnvironment()), await newFolder("host"));
});

describe("docker compose", () => {
  const config = async (path: string): Promise<Verdict> =>
    verdict([await goTool("docker-compose", silentProgress), "--file", path, "config", "--format", "json"]);

  test.each([
    ["nginx", {}],
    ["haproxy", {}],
    ["nginx", { storage: { kind: "filesystem" as const, directory: "/srv/registry" } }],
  ] as const)("reads the services with %s and %j", async (kind, registry) => {
    const release = firstRelease(exampleEnvironment(registry, { front: { kind } }));
    const other = await placeRelease(release, await newFolder("compose"));
    const { exitCode, said } = await config(other.at(PATHS.compose));
    expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
    const { services } = JSON.parse(said);
    expect(services.registry).toMatchObject({
      image: IMAGES.registry.reference,
      user: "10101:10101",
      network_mode: "host",
      read_only: true,
      cap_drop: ["ALL"],
      labels: { "harborwright.config": release.units.registry },
    });
    expect(services.front).toMatchObject({ image: IMAGES[kind].reference, read_only: true, cap_drop: ["ALL"] });
    expect(services.front.labels).toBeUndefined();
  });

  test("the registry of version 2.8 gets no AWS_CA_BUNDLE, on which its s3 driver panics", () => {
    const release = firstRelease(exampleEnvironment({ version: "2.8" }));
    const { environment } = parse(fileAt(release, PATHS.compose).content).services.registry;
    expect(Object.keys(environment)).toEqual(["OTEL_TRACES_EXPORTER", "GOMEMLIMIT"]);
  });

  test("a key that compose does not know is found", async () => {
    const path = join(await newFolder("compose"), "compose.yaml");
    await writeFile(path, `${await readFile(placed.at(PATHS.compose), "utf8")}    pul_policy: never\n`);
    expect((await config(path)).said).toContain("pul_policy");
  });
});

describe("systemd", () => {
  /** A root of its own, in which the programs that the units start exist. */
  async function root(change = (text: string) => text): Promise<string> {
    const folder = await newFolder("systemd");
    const release = firstRelease(exampleEnvironment());
    for (const file of release.files.filter(({ path }) => path.includes("/systemd/") || path.endsWith(".sh"))) {
      await mkdir(dirname(join(folder, file.path)), { recursive: true });
      await writeFile(join(folder, file.path), change(file.content), { mode: file.mode });
    }
    for (const program of ["usr/bin/docker", "usr/bin/systemd-tmpfiles", "usr/sbin/keepalived", "bin/kill"]) {
      await mkdir(dirname(join(folder, program)), { recursive: true });
      await copyFile("/bin/true", join(folder, program));
      await chmod(join(folder, program), 0o755);
    }
    const units = join(folder, "usr/lib/systemd/system");
    await cp("/usr/lib/systemd/system", units, { recursive: true, verbatimSymlinks: true });
    await writeFile(join(units, "docker.service"), "[Service]\nExecStart=/usr/bin/docker\n");
    return folder;
  }

  const verify = async (folder: string) =>
    verdict([
      await consumer("systemd"),
      "verify",
      `--root=${folder}`,
      "harborwright.service",
      "harborwright-floating.service",
    ]);

  test("has nothing to say to the units", async () => {
    expect(await verify(await root())).toEqual({ exitCode: 0, said: "" });
  });

  test("would name a setting that it does not know", async () => {
    const { said } = await verify(await root((text) => text.replace("RestartSec", "RestartSecs")));
    expect(said).toContain("RestartSecs");
  });
});

describe("scripts", () => {
  test.each([PATHS.floatingCheck, PATHS.floatingInterface])("shellcheck has nothing to say to %s", async (path) => {
    expect(await verdict([await consumer("shellcheck"), placed.at(path)])).toEqual({ exitCode: 0, said: "" });
  });

  test("the interface that holds the node's address is found and written down", async () => {
    const looped = exampleEnvironment(
      { storage: { kind: "s3", bucket: "images", region: "eu-central-1" } },
      {
        sites: [
          {
            name: "here",
            provider: "hosts",
            hosts: ["127.0.0.1", "127.0.0.2"].map((address, index) => ({ name: `node-${index + 1}`, address })),
            entry: { from: "floating", address: "127.0.0.100" },
          },
        ],
      },
    );
    await consumer("ip");
    const there = await placeRelease(firstRelease(looped), await newFolder("interface"));
    expect(await verdict([there.at(PATHS.floatingInterface)])).toEqual({ exitCode: 0, said: "" });
    expect(await readFile(there.at(PATHS.foundInterface), "utf8")).toBe("$INTERFACE=lo\n");
  });

  test("an address that no interface holds is an error, and the unit does not start", async () => {
    const { exitCode, said } = await verdict([placed.at(PATHS.floatingInterface)]);
    expect({ exitCode, said }).toEqual({ exitCode: 1, said: "no interface of this host holds 198.18.0.11\n" });
  });
});

describe("the host's own services", () => {
  test("logrotate reads its rules", async () => {
    const { exitCode, said } = await verdict([
      await consumer("logrotate"),
      "--debug",
      "--state",
      join(placed.root, "logrotate.state"),
      placed.at(PATHS.logrotate),
    ]);
    expect(exitCode).toBe(0);
    expect(said).not.toMatch(/error/);
    expect(said).toContain("/*.jsonl");
  });

  test("systemd-tmpfiles makes the folders, also of a storage on the host's disk", async () => {
    const storage = { kind: "filesystem" as const, directory: "/srv/registry" };
    const single = { sites: [{ name: "here", provider: "local" as const, nodes: { count: 1 } }] };
    const release = firstRelease(exampleEnvironment({ storage }, single));
    const root = await newFolder("tmpfiles");
    const rules = join(root, "harborwright.conf");
    await writeFile(rules, fileAt(release, PATHS.tmpfiles).content);
    const done = await verdict([await consumer("tmpfiles"), "--create", `--root=${root}`, rules]);
    expect(done).toEqual({ exitCode: 0, said: "" });
    const listed = await verdict([
      "stat",
      "-c",
      "%a %u %n",
      join(root, "run/harborwright"),
      join(root, "srv/registry"),
    ]);
    expect(listed.said).toBe(`755 0 ${root}/run/harborwright\n750 10101 ${root}/srv/registry\n`);
  });

  test("the kernel takes its settings in a network of its own", async () => {
    await consumer("ip");
    const sysctl = await consumer("sysctl");
    const done = await verdict(["unshare", "--net", sysctl, "--load", placed.at(PATHS.sysctl)]);
    expect(done.exitCode).toBe(0);
    expect(done.said).toBe("net.ipv4.ip_unprivileged_port_start = 443\nnet.core.somaxconn = 4096\n");
  });
});

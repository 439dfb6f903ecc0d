import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HARBOR_PATHS, HARBOR_USER } from "../../release/harbor-layout.js";
import type { Environment } from "../../spec/environment.js";
import { harborEnvironment, harborRelease, harborReleases, SEEDS } from "../release/harbor-example.js";
import { consumer, verdict } from "./consumers.js";
import { HarborHost } from "./harbor-tree.js";

const WELL = { exitCode: 0, said: "" };
const database = { kind: "given", host: "db.example.com", ca: "database.pem" } as const;

/** A host on which seeding and `prepare` have run as often as it says. */
async function seeded(environment: Environment, times = 1): Promise<HarborHost> {
  const host = await HarborHost.make(harborRelease(environment));
  for (let time = 0; time < times; time++) {
    expect(await host.seed("before")).toEqual(WELL);
    await host.prepare();
    expect(await host.seed("after")).toEqual(WELL);
  }
  return host;
}

async function change(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(path, "utf8");
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}

describe("the programs", () => {
  test.each([HARBOR_PATHS.seed, HARBOR_PATHS.check])("shellcheck has nothing to say to %s", async (path) => {
    const host = await HarborHost.make(harborRelease(harborEnvironment()));
    expect(await verdict([await consumer("shellcheck"), host.at(path)])).toEqual(WELL);
  });
});

describe("seeding", () => {
  test("makes the trees of three nodes the same, byte for byte, after any number of runs", async () => {
    const environment = harborEnvironment({ database });
    const hosts = await Promise.all(harborReleases(environment).map((release) => HarborHost.make(release)));
    const trees = [];
    for (const [index, host] of hosts.entries()) {
      for (let time = 0; time <= index; time++) {
        await host.seed("before");
        await host.prepare();
        await host.seed("after");
      }
      trees.push(await host.tree());
    }
    expect(trees[1]).toEqual(trees[0]);
    expect(trees[2]).toEqual(trees[0]);
  });

  test("puts each seed where Harbor reads it", async () => {
    const host = await seeded(harborEnvironment({ database }));
    const tree = await host.tree();
    const { coreSecret, csrfKey, registryHttpSecret, registryHtpasswd, secretKey, tokenKey } = SEEDS;
    expect(tree["/data/secret/keys/secretkey"]).toBe(secretKey.reveal());
    expect(tree["/data/secret/core/private_key.pem"]).toBe(tokenKey.reveal());
    const config = (path: string) => tree[`/opt/harbor/common/config/${path}`];
    expect(config("registryctl/env")).toContain(`CORE_SECRET=${coreSecret.reveal()}\n`);
    expect(config("core/env")).toContain(`CSRF_KEY=${csrfKey.reveal()}\n`);
    expect(config("core/env")).toContain("NO_PROXY=.local,10.0.0.0/8,127.0.0.1,core,registry\n");
    expect(config("registry/passwd")).toBe(`${registryHtpasswd.reveal()}\n`);
    expect(config("registry/config.yml")).toContain(`\n  secret: ${registryHttpSecret.reveal()}\n`);
    expect(config("shared/trust-certificates/database.crt")).toBe("text of database.pem\n");
  });

  test("keeps owner and mode of what it changes, and writes nothing that is right already", async () => {
    const host = await seeded(harborEnvironment());
    const path = host.config("registry/config.yml");
    const before = await stat(path);
    expect([before.uid, before.gid, before.mode & 0o777]).toEqual([HARBOR_USER, HARBOR_USER, 0o640]);
    expect(await host.seed("before")).toEqual(WELL);
    expect(await host.seed("after")).toEqual(WELL);
    expect((await stat(path)).ino).toBe(before.ino);
    const key = await stat(join(host.data, "secret/keys/secretkey"));
    expect([key.uid, key.gid, key.mode & 0o777]).toEqual([HARBOR_USER, HARBOR_USER, 0o600]);
  });

  test("a run that was killed leaves nothing behind for the next one", async () => {
    const host = await seeded(harborEnvironment());
    const whole = await host.tree();
    await writeFile(`${host.config("core/env")}.harborwright-new`, "half");
    await writeFile(host.at(join(HARBOR_PATHS.folder, ".env.abc123")), "half");
    await writeFile(join(host.data, "secret/keys/secretkey.harborwright-new"), "half");
    expect(await host.seed("before")).toEqual(WELL);
    expect(await host.seed("after")).toEqual(WELL);
    expect(await host.tree()).toEqual(whole);
    await expect(stat(host.at(join(HARBOR_PATHS.folder, ".env.abc123")))).rejects.toThrow("ENOENT");
  });

  test.each([
    ["is missing", /^CSRF_KEY=.*\n/m, "", "CSRF_KEY is there 0 times and not once"],
    ["comes twice", /^CSRF_KEY=/m, "CSRF_KEY=other\nCSRF_KEY=", "CSRF_KEY is there 2 times and not once"],
  ])("fails when a key %s, names file and key, and leaves the file as it was", async (_, from, to, said) => {
    const host = await HarborHost.make(harborRelease(harborEnvironment()));
    await host.seed("before");
    await host.prepare();
    await change(host.config("core/env"), from, to);
    const before = await readFile(host.config("core/env"), "utf8");
    const failed = await host.seed("after");
    expect(failed.exitCode).toBe(1);
    expect(failed.said).toBe(`${host.config("core/env")}: ${said}\n`);
    expect(await readFile(host.config("core/env"), "utf8")).toBe(before);
  });

  test("fails when prepare has not run", async () => {
    const host = await HarborHost.make(harborRelease(harborEnvironment()));
    await host.seed("before");
    const said = `${host.config("")} is not there: prepare has not run, or has failed\n`;
    expect(await host.seed("after")).toEqual({ exitCode: 1, said });
  });

  test("no secret stands in a command line", async () => {
    const host = await HarborHost.make(harborRelease(harborEnvironment()));
    await host.seed("before");
    await host.prepare();
    const traced = await verdict(["sh", "-x", host.at(HARBOR_PATHS.seed), "after", host.installer, host.data]);
    expect(traced.exitCode).toBe(0);
    expect(traced.said).toContain("awk");
    for (const seed of [SEEDS.coreSecret, SEEDS.csrfKey, SEEDS.registryPassword, SEEDS.registryHttpSecret]) {
      expect(traced.said).not.toContain(seed.reveal());
    }
  });
});

describe("the check of what was made", () => {
  const storages = [
    { kind: "managed" as const },
    { kind: "oss" as const, bucket: "images", region: "oss-cn-hangzhou" },
    { kind: "azure" as const, account: "images", container: "registry" },
    { kind: "swift" as const, authUrl: "https://keystone.example.com/v3", container: "images", username: "us" },
    { kind: "filesystem" as const, nfs: { server: "nfs.example.com", path: "/export" } },
  ];
  test.each(storages)("has nothing to say to a seeded tree with $kind", async (storage) => {
    for (const trivy of [{ enabled: true }, { enabled: false }]) {
      expect(await (await seeded(harborEnvironment({ trivy, database }, { storage }))).check()).toEqual(WELL);
    }
  });

  test.each<[string, (host: HarborHost) => Promise<void>, RegExp]>([
    ["prepare run again", (host) => host.prepare(), /core\/env: CORE_SECRET differs from .*seeds\/env/],
    [
      "a component with another secret",
      (host) => change(host.config("registryctl/env"), /^JOBSERVICE_SECRET=.*/m, "JOBSERVICE_SECRET=other"),
      /registryctl\/env: JOBSERVICE_SECRET differs from .*core\/env/,
    ],
    [
      "a secret that is missing",
      (host) => change(host.config("jobservice/env"), /^CORE_SECRET=.*\n/m, ""),
      /jobservice\/env: CORE_SECRET is missing or empty/,
    ],
    [
      "another password file",
      (host) => appendFile(host.config("registry/passwd"), "other\n"),
      /registry\/passwd: does not fit/,
    ],
    [
      "another key for the data base",
      (host) => writeFile(join(host.data, "secret/keys/secretkey"), "0123456789abcdef"),
      /keys\/secretkey: is not that of the cluster/,
    ],
    [
      "a key of another length",
      (host) => appendFile(join(host.data, "secret/keys/secretkey"), "\n"),
      /keys\/secretkey: has another length than 16/,
    ],
    [
      "the word that everybody knows",
      (host) => change(host.config("registry/config.yml"), /^ {2}secret: .*/m, "  secret: placeholder"),
      /registry\/config\.yml: http\.secret is not that of the cluster/,
    ],
    [
      "another driver",
      (host) => change(host.config("registry/config.yml"), "  s3:", "  filesystem:"),
      /registry\/config\.yml: storage has no s3; images would go elsewhere/,
    ],
    [
      "another bucket",
      (host) => change(host.config("registry/config.yml"), /bucket: .*/, "bucket: other"),
      /registry\/config\.yml: storage\.s3\.bucket is not that of harbor\.yml/,
    ],
    [
      "a password of Redis that was cut",
      (host) => change(host.config("registry/config.yml"), /password: .*/, "password: cut"),
      /registry\/config\.yml: redis\.password is not that of harbor\.yml/,
    ],
    [
      "a data base of its own",
      (host) => appendFile(join(host.installer, "docker-compose.yml"), "  postgresql:\n    image: x\n"),
      /docker-compose\.yml: has a data base of its own/,
    ],
    [
      "no scanner",
      (host) => change(join(host.installer, "docker-compose.yml"), /^ {2}trivy-adapter:\n.*\n/m, ""),
      /docker-compose\.yml: has no trivy-adapter/,
    ],
    [
      "a CA that prepare has taken away",
      (host) => writeFile(host.config("shared/trust-certificates/database.crt"), "other"),
      /trust-certificates\/database\.crt: is not there or another/,
    ],
    [
      "an address that is another",
      (host) => change(host.config("core/env"), /^EXT_ENDPOINT=.*/m, "EXT_ENDPOINT=http://registry"),
      /core\/env: EXT_ENDPOINT is not external_url/,
    ],
  ])("names %s", async (_, spoil, said) => {
    const host = await seeded(harborEnvironment());
    expect(await host.check()).toEqual(WELL);
    await spoil(host);
    const found = await host.check();
    expect(found.exitCode).toBe(1);
    expect(found.said).toMatch(said);
    for (const seed of [SEEDS.coreSecret, SEEDS.registryHttpSecret, SEEDS.secretKey]) {
      expect(found.said).not.toContain(seed.reveal());
    }
  });
});

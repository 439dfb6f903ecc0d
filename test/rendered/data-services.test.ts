import { chmod, copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { DataRelease } from "../../release/data-context.js";
import { DATA_PATHS } from "../../release/data-layout.js";
import { renderDataServices } from "../../release/data-services.js";
import { dataContext, dataFileAt } from "../release/data-example.js";
import { serverIdentity } from "./certificates.js";
import { consumer, verdict, verdictInOwnNetwork } from "./consumers.js";
import { newFolder } from "./placed.js";

let release: DataRelease;

beforeAll(async () => {
  const { ca } = await serverIdentity(["node-1"]);
  const [first] = renderDataServices(dataContext(3, { authority: ca }));
  if (first === undefined) throw new Error("there is no first node");
  release = first;
});

/** The files of the first node below a folder, in which they also find each other and keep what they write. */
async function place(change: (text: string) => string = (text) => text): Promise<string> {
  const root = await newFolder("data");
  for (const file of release.files) {
    const path = join(root, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      change(file.content.replace(/(?<![\w/])\/(etc|var\/lib|run)\/harborwright/g, `${root}/$1/harborwright`)),
    );
    await chmod(path, file.mode);
  }
  await mkdir(join(root, DATA_PATHS.redisData), { recursive: true });
  return root;
}

describe("HAProxy", () => {
  const read = async (root: string) =>
    verdictInOwnNetwork([await consumer("haproxy"), "-c", "-f", join(root, DATA_PATHS.entryConfig)]);

  test("reads the way to the primary without a complaint", async () => {
    const { exitCode, said } = await read(await place());
    expect(said.replace(/^Configuration file is valid\n?/m, "").replace(/^Note: .*\n?/gm, "")).toBe("");
    expect(exitCode).toBe(0);
  });

  test("would name a word that it does not know", async () => {
    const { said } = await read(await place((text) => text.replace("on-marked-down", "on-market-down")));
    expect(said).toContain("on-market-down");
  });
});

describe("Redis", () => {
  /** Starts a server in a network of its own, asks it something, and gives its answers or its last words. */
  async function ask(config: string, more: string, commands: readonly string[], options = ""): Promise<string> {
    const server = await consumer("redis");
    const root = await place();
    const path = join(root, config);
    await writeFile(path, `${await readFile(path, "utf8")}\n${more}\n`);
    const script = `
export REDISCLI_AUTH="$3"
"$1" "$2" ${options} --supervised no > ${root}/log 2>&1 & server=$!
for _ in $(seq 100); do
  if redis-cli -p "$4" ping >/dev/null 2>&1; then break; fi
  kill -0 $server 2>/dev/null || { cat ${root}/log; exit 1; }
  sleep 0.1
done
${commands.map((command) => `redis-cli -p "$4" ${command}`).join("\n")}
kill $server
wait $server || true`;
    const [password, port] = config === DATA_PATHS.redisConfig ? ["TOP-SECRET-redis", "6379"] : ["", "26379"];
    const { said } = await verdictInOwnNetwork(["sh", "-c", script, "sh", server, path, password, port]);
    return said;
  }

  test("takes its configuration: it keeps a log, evicts nothing, and writes to no disk but its own", async () => {
    const said = await ask(DATA_PATHS.redisConfig, "", [
      "config get appendonly",
      "config get maxmemory-policy",
      "config get min-replicas-to-write",
      "set a b",
    ]);
    expect(said).toMatch(/appendonly\nyes\n/);
    expect(said).toMatch(/maxmemory-policy\nnoeviction\n/);
    // Alone it takes no writes.
    expect(said).toContain("NOREPLICAS");
  });

  test("a sentinel tells everybody who the primary is, and lets nobody without its password change that", async () => {
    const said = await ask(
      DATA_PATHS.sentinelConfig,
      "sentinel monitor harbor 198.18.49.11 6379 2",
      [
        "sentinel get-master-addr-by-name harbor",
        "sentinel set harbor quorum 1",
        "sentinel failover harbor",
        "sentinel reset harbor",
      ],
      "--sentinel",
    );
    expect(said).toContain("198.18.49.11\n6379\n");
    expect(said.match(/NOPERM/g)).toHaveLength(3);
  });
});

describe("systemd", () => {
  const PROGRAMS = ["usr/sbin/haproxy", "usr/bin/install", "bin/kill"];

  async function verify(change?: (text: string) => string) {
    const root = await place();
    for (const file of release.files) {
      await writeFile(join(root, file.path), change ? change(file.content) : file.content, { mode: file.mode });
    }
    for (const program of PROGRAMS) {
      await mkdir(dirname(join(root, program)), { recursive: true });
      await copyFile("/bin/true", join(root, program));
      await chmod(join(root, program), 0o755);
    }
    await cp("/usr/lib/systemd/system", join(root, "usr/lib/systemd/system"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    const units = release.files
      .filter(({ path }) => path.endsWith(".service"))
      .map(({ path }) => path.split("/").at(-1) ?? "");
    expect(units).toHaveLength(6);
    return verdict([await consumer("systemd"), "verify", `--root=${root}`, ...units]);
  }

  test("has nothing to say to the units", async () => {
    expect(await verify()).toEqual({ exitCode: 0, said: "" });
  });

  test("would name a setting that it does not know", async () => {
    expect((await verify((text) => text.replace("RestartSec", "RestartSecs"))).said).toContain("RestartSecs");
  });
});

describe("scripts", () => {
  test.each([
    DATA_PATHS.filter,
    DATA_PATHS.etcdStart,
    DATA_PATHS.postgresqlStart,
    DATA_PATHS.redisStart,
    DATA_PATHS.sentinelStart,
  ])("shellcheck has nothing to say to %s", async (path) => {
    const root = await place();
    expect(await verdict([await consumer("shellcheck"), "--external-sources", join(root, path)])).toEqual({
      exitCode: 0,
      said: "",
    });
  });

  test("a member of etcd without data that nobody told how to begin does not begin", async () => {
    const root = await place();
    const { exitCode, said } = await verdict(["sh", join(root, DATA_PATHS.etcdStart)]);
    expect(exitCode).toBe(1);
    expect(said).toContain("nobody said how to begin");
    expect(dataFileAt(release, DATA_PATHS.etcdStart).mode).toBe(0o755);
  });
});

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { oddNodes, sharedFindings } from "../../operations/doctor-harbor.js";
import { itemName, SHARED_ITEMS } from "../../operations/harbor-shared.js";
import { parseShared, sharedScript } from "../../operations/harbor-shared-script.js";
import { Problem } from "../../spec/problem.js";
import { edit, prepareNode, STORED, storedSeeds } from "./prepared-node.js";
import { ShellHost } from "./shell-host.js";

const NODES = ["node-1", "node-2", "node-3"];
let folder: string;
let hosts: ShellHost[];
/** Every script names the folders of its own node: the paths of a host are the same on all of them. */
const FOLDERS = { config: "HOST/config", secrets: "HOST/secret" };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-prepared-"));
  hosts = await Promise.all(NODES.map((name) => ShellHost.make(name)));
  for (const name of NODES) await prepareNode(join(folder, name));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await Promise.all(hosts.map((host) => host.remove()));
});

const doors = () =>
  hosts.map((host) => ({
    node: host.node,
    read: (script: string) => host.read(script.replaceAll("HOST", join(folder, host.node.name))),
  }));
const asked = () => sharedFindings(doors(), storedSeeds, FOLDERS, "prod");
const at = (node: string) => join(folder, node);

test("three nodes that were seeded alike share everything", async () => {
  const { findings, running } = await asked();
  expect(findings).toEqual([
    {
      check: "harbor",
      state: "ok",
      says: `${SHARED_ITEMS.length} things that nodes must share are the same on node-1, node-2, node-3`,
    },
  ]);
  expect([...running]).toEqual(NODES);
});

test("everything of the table is found on a node that has it, but for what only some files have", async () => {
  const [host] = doors();
  const values = parseShared(SHARED_ITEMS, (await host?.read(sharedScript(SHARED_ITEMS, FOLDERS, "n"))) ?? "") ?? [];
  const unread = SHARED_ITEMS.filter((_, index) => values[index] === undefined).map(itemName);
  expect(unread).toEqual(["core/env CONFIG_OVERWRITE_JSON"]);
  const shown = new Map(SHARED_ITEMS.map((item, index) => [itemName(item), values[index]]));
  expect(shown.get("core/env EXT_ENDPOINT")).toBe("https");
  expect(shown.get("core/env _REDIS_URL_CORE")).toBe("0");
  expect(shown.get("jobservice/config.yml redis_url")).toBe("2");
  expect(shown.get("jobservice/config.yml job_loggers")).toBe("STD_OUTPUT,DB");
  expect(shown.get("registry/config.yml redis.db")).toBe("1");
});

describe("what differs on one node is named with its file and key", () => {
  const cases: readonly [file: string, from: string | RegExp, to: string, told: string][] = [
    ["secret/core/private_key.pem", "token", "other", "core/private_key.pem is not that of the secret store"],
    ["secret/registry/root.crt", "token", "other", "registry/root.crt is not that of the secret store"],
    ["secret/keys/secretkey", "secretkey", "Secretkey", "keys/secretkey is not that of the secret store"],
    ["config/registry/passwd", "abc", "xyz", "registry/passwd is not that"],
    ["config/core/env", "CORE_SECRET=c", "CORE_SECRET=x", "core/env CORE_SECRET is not that"],
    ["config/jobservice/env", "CORE_SECRET=c", "CORE_SECRET=x", "jobservice/env CORE_SECRET is not that"],
    ["config/registryctl/env", "CORE_SECRET=c", "CORE_SECRET=x", "registryctl/env CORE_SECRET is not that"],
    ["config/core/env", "JOBSERVICE_SECRET=j", "JOBSERVICE_SECRET=x", "core/env JOBSERVICE_SECRET is not that"],
    ["config/jobservice/env", "JOBSERVICE_SECRET=j", "JOBSERVICE_SECRET=x", "jobservice/env JOBSERVICE_SECRET is not"],
    [
      "config/registryctl/env",
      "JOBSERVICE_SECRET=j",
      "JOBSERVICE_SECRET=x",
      "registryctl/env JOBSERVICE_SECRET is not",
    ],
    ["config/core/env", "PASSWORD=r", "PASSWORD=x", "core/env REGISTRY_CREDENTIAL_PASSWORD is not that"],
    ["config/jobservice/env", "PASSWORD=r", "PASSWORD=x", "jobservice/env REGISTRY_CREDENTIAL_PASSWORD is not that"],
    ["config/core/env", /CSRF_KEY=.*/, "CSRF_KEY=short", "core/env CSRF_KEY is not that"],
    ["config/core/env", /ROBOT_SCANNER_NAME_PREFIX=.*\n/, "", "core/env ROBOT_SCANNER_NAME_PREFIX is not there"],
    ["config/registry/config.yml", "httpsecret-", "another-", "registry/config.yml http.secret is not that"],
    ["config/core/env", "https://h", "http://h", "core/env EXT_ENDPOINT is http, elsewhere https"],
    ["config/core/env", "WITH_TRIVY=True", "WITH_TRIVY=False", "core/env WITH_TRIVY is False, elsewhere True"],
    ["config/core/env", "CACHE_ENABLED=true\n", "", "core/env CACHE_ENABLED is not there, elsewhere true"],
    ["config/core/env", "EXPIRE_HOURS=24", "EXPIRE_HOURS=1", "core/env CACHE_EXPIRE_HOURS is 1, elsewhere 24"],
    ["config/core/env", "PROVIDER=db", "PROVIDER=redis", "core/env QUOTA_UPDATE_PROVIDER is redis, elsewhere db"],
    ["config/core/env", /$/, 'CONFIG_OVERWRITE_JSON={"a":"b"}\n', "core/env CONFIG_OVERWRITE_JSON differs"],
    ["config/core/env", /(_CORE=.*)\/0\?/, "$1/3?", "core/env _REDIS_URL_CORE is 3, elsewhere 0"],
    ["config/core/env", /(_HARBOR=.*)\/6\?/, "$1/3?", "core/env _REDIS_URL_HARBOR is 3, elsewhere 6"],
    ["config/core/env", /(_LAYER=.*)\/7\?/, "$1/3?", "core/env _REDIS_URL_CACHE_LAYER is 3, elsewhere 7"],
    ["config/core/env", /(_REG=.*)\/1\?/, "$1/3?", "core/env _REDIS_URL_REG is 3, elsewhere 1"],
    ["config/jobservice/config.yml", "harbor/2?", "harbor/9?", "jobservice/config.yml redis_url is 9, elsewhere 2"],
    ["config/jobservice/config.yml", '"DB"', '"FILE"', "job_loggers is STD_OUTPUT,FILE, elsewhere STD_OUTPUT,DB"],
    ["config/registry/config.yml", "db: 1", "db: 4", "registry/config.yml redis.db is 4, elsewhere 1"],
    ["config/trivy-adapter/env", "harbor/5?", "harbor/4?", "SCANNER_STORE_REDIS_URL is 4, elsewhere 5"],
  ];
  test("once each, and nothing else", async () => {
    for (const [file, from, to] of cases) await edit(at("node-2"), file, from, to);
    const { findings } = await asked();
    expect(findings.map(({ state }) => state)).toEqual(cases.map(() => "problem"));
    for (const [, , , told] of cases) expect(findings.filter(({ says }) => says.includes(told))).toHaveLength(1);
    for (const { says, instead } of findings) {
      expect(says).toMatch(/^node-2: /);
      expect(instead).toContain("harborwright ssh prod node-2");
    }
  });
});

test("all nodes that drew the same secret anew differ from the store", async () => {
  for (const node of NODES) await edit(at(node), "config/core/env", "CSRF_KEY=c", "CSRF_KEY=x");
  const { findings } = await asked();
  expect(findings.map(({ says }) => says.slice(0, 25))).toEqual(
    NODES.map((node) => `${node}: core/env CSRF_KEY`.slice(0, 25)),
  );
});

test("no secret leaves a host, and what leaves it is another at each question", async () => {
  const [host] = doors();
  const print = (nonce: string) => host?.read(sharedScript(SHARED_ITEMS, FOLDERS, nonce));
  const [one = "", other = ""] = await Promise.all([print("a"), print("b")]);
  for (const secret of [...Object.values(STORED), "redispassword"]) expect(one).not.toContain(secret.trim());
  const digests = (text: string): readonly string[] => text.match(/[0-9a-f]{64}/g) ?? [];
  expect(digests(one).length).toBe(15);
  expect(digests(other).filter((digest) => digests(one).includes(digest))).toEqual([]);
});

test("a node without Harbor and one that is silent are told, and the others compared", async () => {
  await rm(at("node-1"), { recursive: true });
  await mkdir(at("node-1"));
  const silent = new Problem({ code: "ssh/unreachable", says: "node-3 does not answer", instead: "look at it" });
  const [first, second, third] = doors();
  if (first === undefined || second === undefined || third === undefined) throw new Error("three hosts");
  const mixed = [first, second, { ...third, read: () => Promise.reject(silent) }];
  const { findings, running } = await sharedFindings(mixed, storedSeeds, FOLDERS, "prod");
  expect(findings.map(({ state, says }) => [state, says.slice(0, 24)])).toEqual([
    ["warning", "node-3 cannot be asked: "],
    ["warning", "node-1 has no Harbor yet"],
    ["ok", `${SHARED_ITEMS.length} things that nodes mus`],
  ]);
  expect([...running]).toEqual(["node-2"]);
});

describe("who differs", () => {
  const values = (...list: (string | undefined)[]) =>
    list.map((value, index) => ({ node: `node-${index + 1}`, value }));
  const odd = (list: ReturnType<typeof values>, wanted?: string) => oddNodes(list, wanted).map(({ node }) => node);

  test("is who has something else than most", () => {
    expect(odd(values("a", "b", "a"))).toEqual(["node-2"]);
    expect(odd(values(undefined, undefined, "x"))).toEqual(["node-3"]);
    expect(odd(values("a", "a", "a"))).toEqual([]);
  });
  test("is everybody when no value is more usual than another", () => {
    expect(odd(values("a", "b"))).toEqual(["node-1", "node-2"]);
    expect(odd(values("a", "b", "c"))).toEqual(["node-1", "node-2", "node-3"]);
  });
  test("is told by the store before the others", () => {
    expect(odd(values("a", "b", "a"), "b")).toEqual(["node-1", "node-3"]);
  });
});

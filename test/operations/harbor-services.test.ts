import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ProgressEvent } from "../../cluster/progress.js";
import type { Host } from "../../hosts/host.js";
import { ensureServices } from "../../operations/harbor-services.js";
import { openText, type Workspace } from "../../operations/workspace.js";
import type { SecretStore } from "../../secrets/store.js";
import { Problem } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";
import { type Answer, type Asked, CloudServer } from "./cloud-server.js";
import { cloudFile, deskWith } from "./cloud-workspace.js";

const HARBOR = `harbor:
  release: { from: bundle, file: harbor.tgz }
  database: { kind: managed }
  redis: { kind: managed, ca: ca.pem }
`;

/** What RDS and Tair of Alibaba Cloud know of accounts, as far as it is asked here. */
class Accounts {
  /** Password of the account of RDS. @default - there is none */
  owner: string | undefined;
  rights: string | undefined;
  tair: string | undefined;
  /** So many requests are answered before the rest is refused. */
  answered = Number.POSITIVE_INFINITY;

  answer({ action, parameters }: Asked): Answer {
    this.answered -= 1;
    if (this.answered < 0) return refused("Forbidden.RAM");
    const password = parameters.get("AccountPassword") ?? undefined;
    switch (action) {
      case "DescribeAccounts":
        return json({ Accounts: { DBInstanceAccount: this.owner === undefined ? [] : [this.#account()] } });
      case "CreateAccount":
        if (this.owner !== undefined) return refused("InvalidAccountName.Duplicate");
        this.owner = password;
        return json({});
      case "ResetAccountPassword":
        this.owner = password;
        return json({});
      case "GrantAccountPrivilege":
        this.rights = `${parameters.get("AccountPrivilege")} ${parameters.get("DBName")}`;
        return json({});
      case "ModifyInstanceAttribute":
        this.tair = parameters.get("NewPassword") ?? undefined;
        return json({});
      case "DescribeInstanceAttribute":
        return json({ Instances: { DBInstanceAttribute: [{ InstanceStatus: "Normal" }] } });
      default:
        return refused(`InvalidAction.${action}`);
    }
  }

  #account() {
    const [AccountPrivilege, DBName] = this.rights?.split(" ") ?? [];
    const DatabasePrivilege = DBName === undefined ? [] : [{ DBName, AccountPrivilege }];
    return { AccountStatus: "Available", DatabasePrivileges: { DatabasePrivilege } };
  }
}

function json(body: object): Answer {
  return { body: JSON.stringify(body) };
}

function refused(Code: string): Answer {
  return { status: 400, body: JSON.stringify({ Code, Message: "no" }) };
}

let accounts: Accounts;
let cloud: CloudServer;
beforeEach(async () => {
  accounts = new Accounts();
  cloud = await CloudServer.start((asked) => accounts.answer(asked));
  vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
  vi.stubEnv("ALIBABA_CLOUD_ENDPOINT_RDS", cloud.url);
  vi.stubEnv("ALIBABA_CLOUD_ENDPOINT_KVSTORE", cloud.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await cloud.stop();
});

const never = () => {
  throw new Error("no host is asked on Alibaba Cloud");
};
const host: Host = {
  node: {
    site: "prod",
    name: "node-1",
    address: "10.20.0.11",
    privateAddress: "10.20.0.11",
    ssh: { user: "root", port: 22 },
  },
  dial: never,
  read: never,
  stream: never,
  change: never,
  converse: never,
  close: async () => {},
};

const outputs = {
  prod: {
    nodes: {},
    entry: "nlb.example.net",
    database: { id: "pgm-1", address: "pgm-1.example.net", port: 5432 },
    cache: { id: "r-1", address: "r-1.example.net", port: 6379 },
  },
};

/** A desk whose secrets are made, and whose site is there. */
async function made(): Promise<{ workspace: Workspace; store: SecretStore }> {
  const text = cloudFile("alicloud").replace("registry:\n", "registry:\n  engine: harbor\n") + HARBOR;
  const desk = await deskWith(text);
  const workspace = { ...(await openText(desk.file, text)), outputs };
  const store = await desk.store();
  store.set("harbor/database-password", new Secret("DatabasePassword23456789"));
  store.set("harbor/redis-password", new Secret("RedisPassword23456789"));
  await store.save();
  return { workspace, store };
}

const events: ProgressEvent[] = [];
function giveTo({ workspace, store }: { workspace: Workspace; store: SecretStore }): Promise<void> {
  return ensureServices(workspace, store, { onProgress: (event) => events.push(event) })([host]);
}

test("the data base and the Redis of Alibaba Cloud get the passwords that Harbor comes with, and Harbor owns its data", async () => {
  const desk = await made();
  await giveTo(desk);
  expect(accounts.owner).toBe(desk.store.get("harbor/database-password")?.reveal());
  expect(accounts.rights).toBe("DBOwner registry");
  expect(accounts.tair).toBe(desk.store.get("harbor/redis-password")?.reveal());
  expect(cloud.asked.every(({ authorization }) => authorization.startsWith("ACS3-HMAC-SHA256 "))).toBe(true);
});

test("what was given is not given again, but to another service or with another password", async () => {
  const desk = await made();
  await giveTo(desk);
  const asked = cloud.asked.length;
  await giveTo(desk);
  expect(cloud.asked.length).toBe(asked);
  const other = { ...outputs.prod, cache: { ...outputs.prod.cache, id: "r-2" } };
  await giveTo({ ...desk, workspace: { ...desk.workspace, outputs: { prod: other } } });
  expect(cloud.asked.slice(asked).map(({ parameters }) => parameters.get("InstanceId"))).toEqual(["r-2", "r-2"]);
});

test("killed after any of its requests it is done by the next try", async () => {
  const desk = await made();
  for (const reached of [0, 1, 2, 3, 4]) {
    accounts.answered = reached;
    const error = await giveTo(desk).catch((found: unknown) => found);
    expect(error).toMatchObject({ details: { code: "services/refused" } });
  }
  accounts.answered = Number.POSITIVE_INFINITY;
  await giveTo(desk);
  expect(accounts.owner).toBe(desk.store.get("harbor/database-password")?.reveal());
  expect(accounts.rights).toBe("DBOwner registry");
  expect(accounts.tair).toBe(desk.store.get("harbor/redis-password")?.reveal());
});

test("a refusal names the service and no password", async () => {
  const desk = await made();
  accounts.answered = 0;
  const error = await giveTo(desk).catch((found: unknown) => found);
  if (!(error instanceof Problem)) throw error;
  expect(error.details.code).toBe("services/refused");
  expect(error.details.says).toContain("database");
  expect(JSON.stringify([error.details, events])).not.toContain(desk.store.get("harbor/database-password")?.reveal());
});

test("without credentials of the cloud it is said what is missing", async () => {
  const desk = await made();
  vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", "");
  vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "");
  vi.stubEnv("HOME", desk.workspace.folder);
  const error = await giveTo(desk).catch((found: unknown) => found);
  expect(error).toMatchObject({ details: { code: "services/no-credentials" } });
});

import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { silentProgress } from "../../supply/progress.js";
import { provideTerraform } from "../../supply/terraform.js";
import { Probes } from "../lab/load-probe.js";
import { CloudServer } from "../operations/cloud-server.js";
import { type Exchange, OssStandIn } from "./oss/oss-stand-in.js";
import { SigningClient } from "./oss/signing-client.js";
import { StandInProvider } from "./stand-in/stand-in-provider.js";
import { Machines } from "./whole-way/machines.js";
import { Operator } from "./whole-way/operator.js";

const CIDR = "198.18.48.0/24";
const REGION = "cn-hangzhou";
const ZONES = ["cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"];
const HOSTNAME = "registry.ecs.example.com";
const BUCKET = "ecs-registry-images";

let operator: Operator;
let machines: Machines;
let provider: StandInProvider;
let oss: OssStandIn;
let services: CloudServer;

beforeAll(async () => {
  operator = await Operator.make("ecs");
  vi.stubEnv("HARBORWRIGHT_IDENTITY", operator.identity.HARBORWRIGHT_IDENTITY);
  const stateFolder = join(operator.folder, "machines");
  machines = await Machines.start({ name: "instances", cidr: CIDR, zones: ZONES, hostname: HOSTNAME, stateFolder });
  provider = await StandInProvider.start();
  services = await CloudServer.start(({ action }) => ({ body: JSON.stringify(ANSWERS[action] ?? {}) }));
  oss = await storage();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await services.stop();
  await oss.stop();
  provider.stop();
  await machines.end();
  await operator.end();
});

/** What the cloud's own services answer before Terraform begins. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  GetCallerIdentity: { Arn: "acs:ram::1234567890123456:user/ops" },
  DescribeZones: { Zones: { Zone: ZONES.map((ZoneId) => ({ ZoneId })) } },
  DescribeAvailableResource: {
    AvailableZones: { AvailableZone: ZONES.map((ZoneId) => ({ ZoneId, Status: "Available" })) },
  },
};

/** Milliseconds that OSS takes to learn of a new key after it was first asked about it. */
const KEY_SPREADS = 4_000;
/** How long a registry that has started may take to its first question. */
const ASKED_SOON = { timeout: 60_000, interval: 200 } as const;

/**
 * OSS where the hosts look for it, with the keys that are good at that moment, new ones a little later. It speaks plain HTTP: the registry trusts
 * public CAs alone, and TLS with OSS is tried in registry-on-oss.test.ts.
 */
async function storage(): Promise<OssStandIn> {
  const { cloud } = provider;
  const since = new Map<string, number>();
  const isKnown = (key: string) => {
    if (!since.has(key)) since.set(key, Date.now());
    return Date.now() - (since.get(key) ?? 0) > KEY_SPREADS;
  };
  const settings = {
    region: REGION,
    bucket: BUCKET,
    requireTls: false,
    get keys() {
      return Object.fromEntries(Object.entries(cloud.accessKeys).filter(([key]) => isKnown(key)));
    },
  };
  const standIn = await new OssStandIn(settings).listen({ port: 80, host: machines.gateway });
  await standIn.listen(socket());
  const names = [...standIn.endpoints, ...standIn.bucketHosts].join(" ");
  await machines.runOnEach(`echo '${machines.gateway} ${names}' >> /etc/hosts`);
  return standIn;
}

/** Where this process asks the storage itself. */
const socket = () => join(operator.folder, "oss.sock");

async function environment(): Promise<NodeJS.ProcessEnv> {
  const terraform = await provideTerraform("terraform", silentProgress);
  return {
    ...process.env,
    ...(await provider.environment(terraform)),
    ALIBABA_CLOUD_ACCESS_KEY_ID: "placeholder",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "placeholder",
    ALIBABA_CLOUD_ENDPOINT_STS: services.url,
    ALIBABA_CLOUD_ENDPOINT_ECS: services.url,
  };
}

async function harborwright(verb: string, ...options: readonly string[]): Promise<string> {
  return operator.harborwright(await environment(), verb, ...options);
}

async function publicKeyOfNodes(): Promise<string | undefined> {
  const given = provider.cloud.of("alicloud_ecs_key_pair")[0]?.given.public_key;
  return typeof given === "string" ? given : undefined;
}

test("up makes a registry out of nothing, whose images are in the bucket", { timeout: 900_000 }, async () => {
  await operator.write({
    environment: "ecs",
    registry: {
      hostname: HOSTNAME,
      storage: { kind: "managed" },
      authentication: { kind: "htpasswd", users: ["operator"] },
    },
    sites: [
      {
        name: "ecs",
        provider: "alicloud",
        region: REGION,
        zones: ZONES,
        network: { cidr: CIDR, operators: [CIDR], clients: [CIDR] },
        nodes: { user: "root" },
        access: { from: "private" },
        bucket: { name: BUCKET, endpoint: `http://oss-${REGION}-internal.aliyuncs.com` },
      },
    ],
  });
  await Promise.all([harborwright("up", "--yes"), machines.boot(publicKeyOfNodes)]);
  await operator.pushAndPull(machines.entry);
  expect(await harborwright("plan")).toContain("nothing to change");
  // The key was so new that the storage did not know it: preflight has waited.
  expect(oss.exchanges[0]?.code).toBe("InvalidAccessKeyId");
  const written = oss.exchanges.filter(({ request }) => request.method === "PUT" && request.path.includes("/blobs/"));
  expect(new Set(written.map(({ status }) => status))).toEqual(new Set([200]));
});

/** Pulls and pushes all the while, and takes no second try for a success. */
async function whileInUse(work: () => Promise<void>): Promise<void> {
  const probes = await Probes.start(await operator.door(machines.entry), { every: 150 });
  const failed = await work().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const { pulls, pushes } = await probes.stop();
  if (failed !== undefined) throw failed.error;
  expect(pulls).toMatchObject({ failures: [], retried: 0 });
  expect(pushes.failures).toEqual([]);
}

const keysInCloud = () => Object.keys(provider.cloud.accessKeys);

/** The access key that a request was signed with. */
function keyOf({ request }: Exchange): string | undefined {
  return /Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1];
}

/** What the registries asked of the storage. Preflight tries a key from all hosts at once before one of them gets it. */
function ofRegistries(): Exchange[] {
  return oss.exchanges.filter(({ request }) => !request.path.includes("/.harborwright-probe"));
}

/** Hosts in the order in which their registries first used a key. */
function orderOfTaking(key: string | undefined): string[] {
  const taken = ofRegistries().filter((one) => keyOf(one) === key);
  return [...new Set(taken.map(({ request }) => request.from))];
}

/** What the storage calls its refusal of a key; empty when it takes it. */
async function refusalOf(accessKey: string, secretKey: string): Promise<string> {
  const client = new SigningClient(socket(), oss.bucketHosts[0] ?? "", { accessKey, secretKey });
  return (await client.ask({ method: "GET", query: { "list-type": "2" } })).code;
}

test("the storage key is rotated node by node, no pull fails, and the old key is good for nothing", {
  timeout: 900_000,
}, async () => {
  const before = Object.entries(provider.cloud.accessKeys);
  oss.exchanges.length = 0;
  await whileInUse(async () => {
    const printed = await harborwright("rotate", "storage-key", "--yes");
    // The hosts are the ones that were met before, and what happens to them was shown.
    expect(printed).toContain("(secrets change)");
    expect(printed).not.toMatch(/wait until node|load the image/);
  });
  const [fresh, ...others] = keysInCloud();
  expect(others).toEqual([]);
  await expect.poll(() => orderOfTaking(fresh), ASKED_SOON).toEqual(machines.sources);
  expect(ofRegistries().filter(({ code }) => !["", "NoSuchKey"].includes(code))).toEqual([]);
  expect(await refusalOf(fresh ?? "", provider.cloud.accessKeys[fresh ?? ""] ?? "")).toBe("");
  expect(before).toHaveLength(1);
  for (const [old, secret] of before) expect(await refusalOf(old, secret)).toBe("InvalidAccessKeyId");
});

test("a rotation that is killed when one node has the new key does no harm: up goes on with it, rotate ends it", {
  timeout: 900_000,
}, async () => {
  const [old] = keysInCloud();
  const env = await environment();
  oss.exchanges.length = 0;
  await whileInUse(async () => {
    await operator.killAt(/node-1 .*health/, env, "rotate", "storage-key", "--yes");
    const [, fresh] = keysInCloud();
    // The registry of node-1 has the key; what it asks with it comes a moment later.
    await expect.poll(() => orderOfTaking(fresh), ASKED_SOON).toEqual(machines.sources.slice(0, 1));

    expect(await harborwright("up", "--yes")).toContain("storage-key` ends what was interrupted");
    await expect.poll(() => orderOfTaking(fresh), ASKED_SOON).toEqual(machines.sources);
    expect(keysInCloud()).toEqual([old, fresh]);

    await harborwright("rotate", "storage-key", "--yes");
    expect(keysInCloud()).toEqual([fresh]);
  });
  expect(await harborwright("plan")).toContain("nothing to change");
});

test("down leaves the bucket with the images and its key, and with --delete-data nothing", {
  timeout: 900_000,
}, async () => {
  provider.cloud.fill(BUCKET);
  await harborwright("down", "--yes");
  const left = new Set(provider.cloud.things.map(({ type }) => type.replace(/^alicloud_oss_bucket_.*/, "of a bucket")));
  expect([...left].sort()).toEqual(["alicloud_kms_alias", "alicloud_kms_key", "alicloud_oss_bucket", "of a bucket"]);
  await harborwright("down", "--yes", "--delete-data");
  expect(provider.cloud.things).toEqual([]);
});

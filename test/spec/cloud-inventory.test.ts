import { expect, test } from "vitest";
import type { SiteOutputs } from "../../spec/cloud/outputs.js";
import type { EnvironmentFile } from "../../spec/environment.js";
import { plannedInventory } from "../../spec/inventory.js";
import { parseEnvironment } from "../../spec/parse.js";
import { fileText } from "../arbitrary/environment.js";
import { alicloud, aws, minio } from "./environments.js";
import { release } from "./harbor-environments.js";

const outputs: SiteOutputs = {
  nodes: {
    "node-1": { id: "i-1", publicAddress: "203.0.113.11" },
    "node-2": { id: "i-2", publicAddress: "203.0.113.12" },
    "node-3": { id: "i-3", publicAddress: "203.0.113.13" },
  },
  entry: "nlb-1234.example.net",
  bastion: "203.0.113.5",
  bucket: "prod-images",
};

/** The only site of what a file plans, before or after its stack was made. */
function siteOf(file: EnvironmentFile, made?: SiteOutputs) {
  const environment = parseEnvironment(fileText(file), "prod.yaml");
  const [site] = environment.sites;
  const files = { identity: "state/id", ...(made === undefined ? {} : { outputs: { [site?.name ?? ""]: made } }) };
  return plannedInventory(environment, files).sites[0];
}

test("private addresses are known before anything is made, one zone after the other", () => {
  expect(siteOf(aws())?.nodes.map(({ name, privateAddress }) => [name, privateAddress])).toEqual([
    ["node-1", "10.20.0.11"],
    ["node-2", "10.20.16.12"],
    ["node-3", "10.20.32.13"],
  ]);
});

test("SSH jumps over the bastion once it is there, as the user of the image", () => {
  const proxy = { kind: "jump", address: "203.0.113.5", port: 22, identityFile: "state/id" };
  expect(siteOf(aws())?.nodes[0]?.ssh.proxy).toBeUndefined();
  expect(siteOf(aws(), outputs)?.nodes[0]).toMatchObject({
    address: "10.20.0.11",
    ssh: { user: "admin", identityFile: "state/id", proxy: { ...proxy, user: "admin" } },
  });
  expect(siteOf(alicloud(), outputs)?.nodes[0]?.ssh).toMatchObject({ user: "root", proxy: { ...proxy, user: "root" } });
});

test("with direct access SSH goes to public addresses, and the nodes among themselves do not", () => {
  const [node] = siteOf(aws({ access: { from: "direct" } }), outputs)?.nodes ?? [];
  expect(node).toMatchObject({ address: "203.0.113.11", privateAddress: "10.20.0.11" });
  expect(node?.ssh.proxy).toBeUndefined();
});

test("a session goes to the machine itself and needs no address", () => {
  const [node] = siteOf(aws({ access: { from: "session" } }), outputs)?.nodes ?? [];
  expect(node?.ssh.proxy).toEqual({ kind: "session", instance: "i-1", region: "eu-central-1" });
});

test("clients come in at the balancer, which until then is known by the registry's own name", () => {
  expect(siteOf(aws())?.entry).toEqual({ from: "balancer", address: "registry.example.com" });
  expect(siteOf(aws(), outputs)?.entry).toEqual({ from: "balancer", address: "nlb-1234.example.net" });
});

test("on AWS the role of the machine opens the bucket, on Alibaba Cloud a key and the internal endpoint", () => {
  expect(siteOf(aws(), outputs)?.storage).toEqual({
    region: "eu-central-1",
    bucket: "prod-images",
    forcePathStyle: false,
    credentials: "instance-role",
    objectAcl: "bucket-owner-full-control",
  });
  expect(siteOf(alicloud(), outputs)?.storage).toMatchObject({
    endpoint: "https://oss-cn-hangzhou-internal.aliyuncs.com",
    credentials: "keys",
  });
});

test("a site whose images are elsewhere brings no storage", () => {
  expect(siteOf(alicloud({}, { storage: minio }))?.storage).toBeUndefined();
});

test("a bucket's name comes from the names that are unique already, and fits", () => {
  expect(siteOf(aws())?.storage?.bucket).toBe("prod-frankfurt-registry-example-com");
  const long =
    siteOf(aws({ name: "a".repeat(32) }, { hostname: `${"b".repeat(60)}.example.com` }))?.storage?.bucket ?? "";
  expect(long).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
});

test("long names of buckets that differ at their end only stay apart", () => {
  const bucketOf = (region: string) => {
    const file = aws();
    const hostname = `registry-of-the-whole-company.${region}-of-a-long-name.example.com`;
    return siteOf({ ...file, registry: { ...file.registry, hostname } })?.storage?.bucket ?? "";
  };
  const names = ["the-one-and-only-place", "the-one-and-only-spot"].map(bucketOf);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
});

/** The smallest file of a cloud, with Harbor and both services of the cloud. */
function withServices(file: EnvironmentFile): EnvironmentFile {
  const { registry } = file;
  return {
    ...file,
    registry: { ...registry, engine: "harbor", storage: minio },
    harbor: { release, database: { kind: "managed" }, redis: { kind: "managed", ca: "cloud.pem" } },
  };
}

const services: SiteOutputs = {
  ...outputs,
  database: { id: "prod-database", address: "prod-database.rds.example.net", port: 5432, secret: "arn:secret" },
  cache: { id: "prod-cache", address: "prod-cache.example.net", port: 6379, userId: "prod-harbor" },
};

test("the data base and the Redis of a cloud are nobody's name until they are made, and then their own", () => {
  const planned = siteOf(withServices(aws()));
  expect(planned?.database).toEqual({
    host: "database.frankfurt.invalid",
    port: 5432,
    name: "registry",
    user: "harbor",
  });
  expect(planned?.redis).toEqual({ host: "redis.frankfurt.invalid", port: 6379, user: "harbor" });
  const made = siteOf(withServices(aws()), services);
  expect(made?.database?.host).toBe("prod-database.rds.example.net");
  expect(made?.redis).toEqual({ host: "prod-cache.example.net", port: 6379, user: "harbor" });
});

test("Tair asks for no name, and a site with services on its nodes brings none along", () => {
  expect(siteOf(withServices(alicloud()), services)?.redis).toEqual({ host: "prod-cache.example.net", port: 6379 });
  expect(siteOf(aws(), services)).not.toHaveProperty("database");
  expect(siteOf(aws(), services)).not.toHaveProperty("redis");
});

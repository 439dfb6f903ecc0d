import { expect, test } from "vitest";
import { parse } from "yaml";
import { HARBOR_PATHS } from "../../release/harbor-layout.js";
import { render } from "../../release/render.js";
import type { SiteOutputs } from "../../spec/cloud/outputs.js";
import { type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { plannedInventory } from "../../spec/inventory.js";
import { alicloud, aws, minio } from "../spec/environments.js";
import { fileAt, IMAGES } from "./example.js";
import { harborSecrets, SEED_MARK } from "./harbor-example.js";

type HarborFile = NonNullable<EnvironmentFile["harbor"]>;

const OUTPUTS: SiteOutputs = {
  nodes: {},
  entry: "nlb.example.net",
  database: { id: "prod-database", address: "prod-database.example.net", port: 5432 },
  cache: { id: "prod-cache", address: "prod-cache.example.net", port: 6379 },
};

/** harbor.yml and the programs beside it on the first node, with services of the cloud. */
function releaseOf(file: EnvironmentFile, harbor: HarborFile, storage: EnvironmentFile["registry"]["storage"] = minio) {
  const registry = { ...file.registry, engine: "harbor", storage } as const;
  const environment = environmentSchema.parse({ ...file, registry, harbor });
  const name = environment.sites[0]?.name ?? "";
  const [site] = plannedInventory(environment, { identity: "id", outputs: { [name]: OUTPUTS } }).sites;
  if (site === undefined) throw new Error("an environment has a site");
  const [release] = render(environment, site, harborSecrets(environment), IMAGES);
  if (release === undefined) throw new Error("a site has a node");
  return { release, config: parse(fileAt(release, HARBOR_PATHS.config).content, { version: "1.1" }) };
}

const both: HarborFile = { database: { kind: "managed" }, redis: { kind: "managed" } };

test("Harbor on AWS finds the data base and the Redis where the stack says they are, over TLS, as a user of its own", () => {
  const { config } = releaseOf(aws(), both);
  expect(config.external_database.harbor).toMatchObject({
    host: "prod-database.example.net",
    port: 5432,
    db_name: "registry",
    username: "harbor",
    password: expect.stringContaining(SEED_MARK),
    ssl_mode: "require",
  });
  expect(config.external_redis).toMatchObject({
    host: "prod-cache.example.net:6379",
    username: "harbor",
    password: expect.stringContaining(SEED_MARK),
    tlsOptions: { enable: true },
  });
  expect(config.external_redis.tlsOptions.rootCA).toBeNull();
});

test("with the CA of the cloud the data base has to prove who it is, and Tair's certificate is known", () => {
  const ca = "cloud-ca.pem";
  const { config, release } = releaseOf(alicloud(), {
    database: { kind: "managed", ca },
    redis: { kind: "managed", ca },
  });
  expect(config.external_database.harbor.ssl_mode).toBe("verify-full");
  expect(fileAt(release, HARBOR_PATHS.trusted("database")).content).toBe(`text of ${ca}\n`);
  expect(config.external_redis.tlsOptions.rootCA).toBe(HARBOR_PATHS.authority("redis"));
  expect(fileAt(release, HARBOR_PATHS.authority("redis")).content).toBe(`text of ${ca}\n`);
  expect(config.external_redis.username).toBeFalsy();
});

test("the bucket of a site on Alibaba Cloud is spoken to as OSS, for Harbor's registry cannot speak to it as S3", () => {
  const { config } = releaseOf(alicloud(), {}, { kind: "managed", prefix: "images" });
  expect(Object.keys(config.storage_service)).not.toContain("s3");
  expect(config.storage_service.oss).toMatchObject({
    region: "oss-cn-hangzhou",
    bucket: "prod-hangzhou-registry-example-com",
    internal: true,
    rootdirectory: "/images",
  });
  const own = { bucket: { endpoint: "https://oss.internal.example.com" } };
  expect(releaseOf(alicloud(own), {}, { kind: "managed" }).config.storage_service.oss).toMatchObject({
    internal: false,
    endpoint: "prod-hangzhou-registry-example-com.oss.internal.example.com",
  });
});

import { describe, expect, test } from "vitest";
import type { EnvironmentFile } from "../../spec/environment.js";
import type { Lifted } from "../../stacks/context.js";
import type { Template } from "../constructs/template.js";
import { alicloud, aws, minio } from "../spec/environments.js";
import { CONTEXT, templateOf as onAlicloud } from "./alicloud-stack.js";
import { templateOf as onAws } from "./aws-stack.js";

type HarborFile = NonNullable<EnvironmentFile["harbor"]>;

const both: HarborFile = { database: { kind: "managed" }, redis: { kind: "managed", ca: "cloud.pem" } };
const harbor = { engine: "harbor", storage: minio } as const;

function awsSite(block: HarborFile = both, lifted?: Lifted): Template {
  return onAws({ ...aws({}, harbor), harbor: block }, lifted === undefined ? {} : { lifted });
}

function alicloudSite(block: HarborFile = both, lifted?: Lifted): Template {
  return onAlicloud(
    { ...alicloud({}, harbor), harbor: block },
    { ...CONTEXT, ...(lifted === undefined ? {} : { lifted }) },
  );
}

/** Types of what stands in the rooms of the services. */
function servicesIn({ addresses }: Template): string[] {
  return [...addresses].filter((address) => / (database|cache)\//.test(address));
}

/** What a site tells once it is made. */
function told({ json }: Template) {
  return JSON.parse(json).output.site.value;
}

describe("on AWS", () => {
  test("the data base has what the file says, and the usual size where it says none", () => {
    const small = awsSite().resource("aws_db_instance", "database/instance");
    expect(small).toMatchObject({
      instance_class: "db.t4g.medium",
      allocated_storage: 50,
      backup_retention_period: 14,
    });
    const large = awsSite({
      database: { kind: "managed", size: "db.r7g.large", storage: "200GiB", storageLimit: "1TiB", version: 15 },
    });
    expect(large.resource("aws_db_instance", "database/instance")).toMatchObject({
      instance_class: "db.r7g.large",
      allocated_storage: 200,
      max_allocated_storage: 1024,
      engine_version: "15",
    });
    expect(large.resource("aws_db_parameter_group", "database/parameters").parameter).toContainEqual({
      name: "max_connections",
      value: "400",
      apply_method: "pending-reboot",
    });
  });

  test("one key of the site encrypts disks and services, and is kept as long as the data base is", () => {
    const template = awsSite();
    const key = template.reference("aws_kms_key", "key/key", "arn");
    expect(template.resource("aws_db_instance", "database/instance").kms_key_id).toBe(key);
    expect(template.resource("aws_elasticache_replication_group", "cache/cache").kms_key_id).toBe(key);
    const isKept = (lifted: Lifted) => awsSite(both, lifted).resource("aws_kms_key", "key/key").lifecycle;
    expect(isKept("site")).toMatchObject({ prevent_destroy: true });
    expect(isKept("data")).toMatchObject({ prevent_destroy: false });
  });

  test("nodes reach both, and nobody else does", () => {
    const rules = awsSite().resources("aws_vpc_security_group_ingress_rule");
    const own = Object.entries(rules).filter(([path]) => /^(database|cache)\//.test(path));
    expect(own.map(([path, { from_port, to_port }]) => [path, from_port, to_port])).toEqual([
      ["database/group/from-nodes", 5432, 5432],
      ["cache/group/from-nodes", 6379, 6379],
    ]);
  });

  test("the site tells where they are and whose secret the administrator's password is, and no password", () => {
    const site = told(awsSite());
    expect(site).toMatchObject({ database: { port: 5432 }, cache: { port: 6379 } });
    expect(Object.keys(site.database).sort()).toEqual(["address", "id", "port", "secret"]);
    expect(Object.keys(site.cache).sort()).toEqual(["address", "id", "port", "userId"]);
  });
});

describe("on Alibaba Cloud", () => {
  test("both have what the file says, and the usual size where it says none", () => {
    const template = alicloudSite();
    expect(template.resource("alicloud_db_instance", "database/instance")).toMatchObject({
      instance_type: "pg.n2.2c.2m",
      instance_storage: 50,
      zone_id: "cn-hangzhou-h",
      zone_id_slave_a: "cn-hangzhou-i",
    });
    expect(template.resource("alicloud_kvstore_instance", "cache/instance").instance_class).toBe(
      "redis.shard.small.ce",
    );
    const large = alicloudSite({ ...both, database: { kind: "managed", size: "pg.n4.4c.2m", backupDays: 30 } });
    expect(large.resource("alicloud_db_instance", "database/instance").instance_type).toBe("pg.n4.4c.2m");
    expect(large.resource("alicloud_db_backup_policy", "database/backups").backup_retention_period).toBe(30);
  });

  test("no password is in the stack, not even an encrypted one, and so nobody who could log in", () => {
    const template = alicloudSite();
    const services = servicesIn(template).join("\n");
    expect(services).not.toContain("alicloud_rds_account");
    const instance = template.resource("alicloud_kvstore_instance", "cache/instance");
    expect(Object.keys(instance).filter((name) => name.includes("password"))).toEqual([]);
    expect(instance.vpc_auth_mode).toBe("Open");
  });

  test("the nodes' group is let in", () => {
    const template = alicloudSite();
    const group = template.reference("alicloud_security_group", "security-groups/nodes", "id");
    const { security_group_ids } = template.resource("alicloud_db_instance", "database/instance");
    expect(security_group_ids).toEqual([group]);
  });

  test("the site tells where they are and by which ids", () => {
    const site = told(alicloudSite());
    expect(Object.keys(site.database).sort()).toEqual(["address", "id", "port"]);
    expect(Object.keys(site.cache).sort()).toEqual(["address", "id", "port"]);
  });
});

describe.each([
  ["AWS", awsSite, { type: "aws_db_instance", field: "deletion_protection" }],
  ["Alibaba Cloud", alicloudSite, { type: "alicloud_db_instance", field: "deletion_protection" }],
] as const)("on %s", (_, site, { type, field }) => {
  test("the data base stays with the images when the site goes, the cache does not", () => {
    const guard = (lifted?: Lifted) => site(both, lifted).resource(type, "database/instance")[field];
    expect([guard(), guard("site"), guard("data")]).toEqual([true, true, false]);
    const caches = { site: site(both, "site"), none: site(both) };
    const cacheOf = (template: Template) =>
      Object.values({
        ...template.resources("aws_elasticache_replication_group"),
        ...template.resources("alicloud_kvstore_instance"),
      });
    expect(cacheOf(caches.site)).not.toEqual(cacheOf(caches.none));
  });

  test("what the file keeps on the nodes is not made", () => {
    expect(servicesIn(site({ ...both, redis: { kind: "own" } })).some((one) => one.includes(" cache/"))).toBe(false);
    expect(servicesIn(site({ redis: { kind: "own" } }))).toEqual([]);
  });
});

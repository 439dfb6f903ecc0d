import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Cache, type CacheProps } from "../../../constructs/aws/cache.js";
import type { SiteGroups } from "../../../constructs/firewall.js";
import type { SiteNetwork } from "../../../constructs/network.js";
import { synthesized } from "../template.js";

const KEY = { id: "arn:aws:kms:eu-central-1:123456789012:key/1234" };
const network: SiteNetwork = { id: "vpc-1", cidr: "10.20.0.0/16", subnet: (kind, zone) => `${kind}-${zone}` };
const groups: SiteGroups = { group: (of) => `sg-${of}` };
const CACHE = "aws_elasticache_replication_group";

function cacheOf(props: Partial<CacheProps> = {}, change: (cache: Cache) => void = () => {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  const site = { name: "prod", network, zones: ["a", "b", "c"], key: KEY, size: "cache.t4g.small" };
  const cache = new Cache(stack, "cache", { ...site, ...props });
  change(cache);
  return { cache, template: synthesized(stack) };
}

describe("the cache", () => {
  test("is one Redis with a standby in a second zone, and no cluster", () => {
    expect(cacheOf().template.resource(CACHE, "cache/cache")).toMatchObject({
      engine: "valkey",
      engine_version: "7.2",
      cluster_mode: "disabled",
      num_cache_clusters: 2,
      preferred_cache_cluster_azs: ["a", "b"],
      multi_az_enabled: true,
      automatic_failover_enabled: true,
    });
  });

  test("is encrypted on disk and on the way", () => {
    expect(cacheOf().template.resource(CACHE, "cache/cache")).toMatchObject({
      at_rest_encryption_enabled: "true",
      kms_key_id: KEY.id,
      transit_encryption_enabled: true,
      transit_encryption_mode: "required",
    });
    const withoutKey = cacheOf({ key: "service" }).template.resource(CACHE, "cache/cache");
    expect(withoutKey.at_rest_encryption_enabled).toBe("true");
    expect(withoutKey).not.toHaveProperty("kms_key_id");
  });

  test("throws no queued job away when its memory is full", () => {
    expect(cacheOf().template.resource("aws_elasticache_parameter_group", "cache/parameters")).toMatchObject({
      family: "valkey7",
      parameter: [{ name: "maxmemory-policy", value: "noeviction" }],
    });
  });

  test("can be Redis", () => {
    const { template } = cacheOf({ engine: "redis" });
    expect(template.resource(CACHE, "cache/cache")).toMatchObject({ engine: "redis", engine_version: "7.1" });
    expect(template.resource("aws_elasticache_user", "cache/user-harbor").engine).toBe("redis");
    expect(template.resource("aws_elasticache_parameter_group", "cache/parameters").family).toBe("redis7");
  });

  test("is not deleted while it is protected", () => {
    expect(cacheOf().template.resource(CACHE, "cache/cache")).toMatchObject({
      final_snapshot_identifier: "prod-cache-final",
      lifecycle: { prevent_destroy: true },
    });
    const free = cacheOf({ protect: false }).template.resource(CACHE, "cache/cache");
    expect(free.lifecycle).toEqual({ prevent_destroy: false });
    expect(free).not.toHaveProperty("final_snapshot_identifier");
  });

  test("can be changed before it is made", () => {
    const transform: CacheProps["transform"] = { replicationGroup: (config) => ({ ...config, numCacheClusters: 3 }) };
    expect(cacheOf({ transform }).template.resource(CACHE, "cache/cache").num_cache_clusters).toBe(3);
  });
});

describe("users", () => {
  test("let nobody in by themselves, and have no password that the state could hold", () => {
    const { template } = cacheOf();
    const users = Object.values(template.resources("aws_elasticache_user"));
    expect(users.map(({ user_name }) => user_name)).toEqual(["default", "harbor"]);
    for (const user of users) {
      expect(user.access_string).toMatch(/^off /);
      expect(user).not.toHaveProperty("passwords");
    }
    expect(template.json).not.toContain('"auth_token"');
  });

  test("keep the password that somebody gives the one of Harbor; the default one stays shut", () => {
    const { template } = cacheOf();
    expect(template.resource("aws_elasticache_user", "cache/user-harbor").lifecycle).toEqual({
      ignore_changes: ["access_string", "authentication_mode", "no_password_required", "passwords"],
    });
    expect(template.resource("aws_elasticache_user", "cache/user-default")).not.toHaveProperty("lifecycle");
  });

  test("are the only ones of the cache", () => {
    const { template } = cacheOf();
    const id = (user: string) => template.reference("aws_elasticache_user", `cache/user-${user}`, "user_id");
    expect(template.resource("aws_elasticache_user_group", "cache/users").user_ids).toEqual([
      id("default"),
      id("harbor"),
    ]);
    expect(template.resource(CACHE, "cache/cache").user_group_ids).toEqual([
      template.reference("aws_elasticache_user_group", "cache/users", "user_group_id"),
    ]);
  });

  test("are not made where there is a group of them", () => {
    const { cache, template } = cacheOf({ userGroup: "ours" });
    expect(template.resource(CACHE, "cache/cache").user_group_ids).toEqual(["ours"]);
    expect(template.resources("aws_elasticache_user")).toEqual({});
    expect(cache.userId).toBeUndefined();
  });

  test("have ids that ElastiCache takes, however long the name of the site is", () => {
    const { template } = cacheOf({ name: "a-very-long-environment-in-a-very-long-region" });
    const ids = Object.values(template.resources("aws_elasticache_user")).map(({ user_id }) => String(user_id));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
  });
});

test("only the nodes are let in, at the port of Redis", () => {
  const { template } = cacheOf({}, (cache) => cache.allowFrom(groups));
  expect(template.resources("aws_vpc_security_group_ingress_rule")).toMatchObject({
    "cache/group/from-nodes": { from_port: 6379, to_port: 6379, referenced_security_group_id: "sg-nodes" },
  });
});

test("every part has an address that must not change", () => {
  expect([...cacheOf().template.addresses].sort()).toEqual([
    "aws_elasticache_parameter_group cache/parameters",
    "aws_elasticache_replication_group cache/cache",
    "aws_elasticache_subnet_group cache/subnets",
    "aws_elasticache_user cache/user-default",
    "aws_elasticache_user cache/user-harbor",
    "aws_elasticache_user_group cache/users",
    "aws_security_group cache/group/group",
  ]);
});

import { describe, expect, test } from "vitest";
import { Cache, type CacheProps } from "../../../constructs/alicloud/cache.js";
import { synthesized } from "../template.js";
import { groups, network, ZONES } from "./parts.js";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

const INSTANCE = "alicloud_kvstore_instance";
const password = { kmsCiphertext: "Y2lwaGVydGV4dA==" };

function cacheOf(props: Partial<CacheProps> = {}, change: (cache: Cache) => void = () => {}) {
  const stack = alicloudStack();
  const site = { name: "prod", network, zones: ZONES, size: "redis.shard.small.ce", password };
  const cache = new Cache(stack, "cache", { ...site, ...props });
  change(cache);
  return synthesized(stack);
}

function instanceOf(props: Partial<CacheProps> = {}) {
  return cacheOf(props).resource(INSTANCE, "cache/instance");
}

describe("the cache", () => {
  test("is one Redis with a standby in a second zone", () => {
    const instance = instanceOf();
    expect(instance).toMatchObject({
      instance_type: "Redis",
      engine_version: "7.0",
      instance_class: "redis.shard.small.ce",
      zone_id: "cn-hangzhou-h",
      secondary_zone_id: "cn-hangzhou-i",
      vswitch_id: "vsw-private-cn-hangzhou-h",
    });
    expect(instance).not.toHaveProperty("shard_count");
  });

  test("stays where it is when primary and standby have changed places", () => {
    expect(instanceOf().lifecycle).toEqual({ ignore_changes: ["zone_id", "secondary_zone_id"] });
  });

  test("speaks TLS, asks for a password and lets nobody in without", () => {
    expect(instanceOf()).toMatchObject({ ssl_enable: "Enable", vpc_auth_mode: "Open", security_ips: ["127.0.0.1"] });
  });

  test("has a password that only KMS reads, or none that Terraform knows", () => {
    const instance = instanceOf();
    expect(instance.kms_encrypted_password).toBe(password.kmsCiphertext);
    expect(instance).not.toHaveProperty("password");
    expect(instance).not.toHaveProperty("kms_encryption_context");
    expect(instanceOf({ password: "elsewhere" })).not.toHaveProperty("kms_encrypted_password");
  });

  test("throws no queued job away when its memory is full", () => {
    expect(instanceOf().config).toEqual({ "maxmemory-policy": "noeviction" });
  });

  test("is not deleted while it is protected", () => {
    expect(instanceOf().instance_release_protection).toBe(true);
    expect(instanceOf({ protect: false }).instance_release_protection).toBe(false);
  });

  test("can be changed before it is made", () => {
    const transform: CacheProps["transform"] = { instance: (config) => ({ ...config, engineVersion: "6.0" }) };
    expect(instanceOf({ transform }).engine_version).toBe("6.0");
  });

  test.each(["redis.logic.sharding.1g.2db.0rodb.4proxy.default", "redis.shard.with.proxy.small.ce"])(
    "is refused with a class of shards: %s",
    (size) => {
      expect(() => cacheOf({ size })).toThrow(`${size} spreads its data over shards`);
    },
  );

  test.each(["redis.master.small.default", "redis.shard.small.2.ce"])("takes a class without shards: %s", (size) => {
    expect(instanceOf({ size }).instance_class).toBe(size);
  });
});

test("only the nodes are let in, at the port of Redis", () => {
  expect(instanceOf()).not.toHaveProperty("security_group_id");
  const template = cacheOf({}, (cache) => cache.allowFrom(groups));
  expect(template.resource(INSTANCE, "cache/instance").security_group_id).toBe("sg-nodes");
  expect(template.resources("alicloud_security_group_rule")).toMatchObject({
    "cache/access/of-nodes": { security_group_id: "sg-nodes", port_range: "6379/6379", cidr_ip: network.cidr },
  });
});

test("the provider has nothing against any of it", () => {
  expect(schemaFaults(cacheOf({ tags: { team: "platform" } }, (made) => made.allowFrom(groups)).json)).toEqual([]);
});

test("every part has an address that must not change", () => {
  expect([...cacheOf().addresses]).toEqual(["alicloud_kvstore_instance cache/instance"]);
});

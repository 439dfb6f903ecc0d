import { describe, expect, test } from "vitest";
import { Database, type DatabaseProps } from "../../../constructs/alicloud/database.js";
import { synthesized } from "../template.js";
import { groups, network, ZONES } from "./parts.js";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

const INSTANCE = "alicloud_db_instance";
const password = { kmsCiphertext: "Y2lwaGVydGV4dA==", context: { site: "prod" } };

function databaseOf(props: Partial<DatabaseProps> = {}, change: (database: Database) => void = () => {}) {
  const stack = alicloudStack();
  const site = { name: "prod", network, zones: ZONES, key: { id: "key-1" }, size: "pg.n2.2c.2m", password };
  const database = new Database(stack, "database", { ...site, ...props });
  change(database);
  return synthesized(stack);
}

function instanceOf(props: Partial<DatabaseProps> = {}) {
  return databaseOf(props).resource(INSTANCE, "database/instance");
}

describe("the instance", () => {
  test("has a standby in a second zone", () => {
    expect(instanceOf()).toMatchObject({
      engine: "PostgreSQL",
      engine_version: "16.0",
      category: "HighAvailability",
      zone_id: "cn-hangzhou-h",
      zone_id_slave_a: "cn-hangzhou-i",
      vswitch_id: "vsw-private-cn-hangzhou-h,vsw-private-cn-hangzhou-i",
    });
  });

  test("is not made anew when primary and standby have changed places", () => {
    expect(instanceOf().lifecycle).toEqual({ ignore_changes: ["zone_id", "zone_id_slave_a", "vswitch_id"] });
  });

  test("takes encrypted connections only", () => {
    const { ssl_action, pg_hba_conf } = instanceOf();
    expect(ssl_action).toBe("Open");
    expect(pg_hba_conf).toMatchObject([{ type: "hostssl", database: "all", user: "all" }]);
  });

  test("is on disks with the key, or with one of RDS", () => {
    expect(instanceOf().encryption_key).toBe("key-1");
    expect(instanceOf({ key: "service" }).encryption_key).toBe("ServiceKey");
  });

  test("is not deleted while it is protected, and leaves its last copy", () => {
    expect(instanceOf().deletion_protection).toBe(true);
    expect(instanceOf({ protect: false }).deletion_protection).toBe(false);
    const kept = (props: Partial<DatabaseProps>) =>
      databaseOf(props).resource("alicloud_db_backup_policy", "database/backups").released_keep_policy;
    expect([kept({}), kept({ protect: false })]).toEqual(["Lastest", "None"]);
  });

  test("grows by itself only where it may", () => {
    expect(instanceOf()).toMatchObject({ storage_auto_scale: "Enable", storage_upper_bound: 200 });
    expect(instanceOf({ storageLimitGibibytes: 50 })).not.toHaveProperty("storage_auto_scale");
  });

  test("is copied each day, with the log between the copies", () => {
    const policy = databaseOf({ backupDays: 30 }).resource("alicloud_db_backup_policy", "database/backups");
    expect(policy).toMatchObject({
      backup_retention_period: 30,
      enable_backup_log: true,
      log_backup_retention_period: 30,
    });
    expect(policy.preferred_backup_period).toHaveLength(7);
  });

  test("can be changed before it is made", () => {
    const transform: DatabaseProps["transform"] = { instance: (config) => ({ ...config, category: "cluster" }) };
    expect(instanceOf({ transform }).category).toBe("cluster");
  });
});

describe("the owner", () => {
  test("is an ordinary account that owns the data base, with a password that only KMS reads", () => {
    const template = databaseOf();
    const account = template.resource("alicloud_rds_account", "database/owner");
    expect(account).toMatchObject({
      account_name: "harbor",
      account_type: "Normal",
      kms_encrypted_password: password.kmsCiphertext,
      kms_encryption_context: password.context,
    });
    expect(account).not.toHaveProperty("account_password");
    expect(template.resource("alicloud_db_account_privilege", "database/ownership")).toMatchObject({
      privilege: "DBOwner",
      db_names: [template.reference("alicloud_db_database", "database/database", "data_base_name")],
    });
  });

  test("is left to others where its password is made elsewhere", () => {
    const template = databaseOf({ password: "elsewhere" });
    expect(template.resources("alicloud_rds_account")).toEqual({});
    expect(template.resources("alicloud_db_account_privilege")).toEqual({});
    expect(Object.keys(template.resources("alicloud_db_database"))).toEqual(["database/database"]);
  });
});

describe("the way to it", () => {
  test("is closed until somebody is let in", () => {
    const instance = instanceOf();
    expect(instance.security_ips).toEqual(["127.0.0.1"]);
    expect(instance).not.toHaveProperty("security_group_ids");
  });

  test("leads from the nodes to its port, at both ends", () => {
    const template = databaseOf({}, (database) => database.allowFrom(groups));
    expect(template.resource(INSTANCE, "database/instance").security_group_ids).toEqual(["sg-nodes"]);
    expect(template.resources("alicloud_security_group_rule")).toMatchObject({
      "database/access/of-nodes": {
        security_group_id: "sg-nodes",
        type: "egress",
        port_range: "5432/5432",
        cidr_ip: network.cidr,
        policy: "accept",
      },
    });
  });
});

test("the provider has nothing against any of it", () => {
  expect(schemaFaults(databaseOf({ tags: { team: "platform" } }, (made) => made.allowFrom(groups)).json)).toEqual([]);
});

test("every part has an address that must not change", () => {
  expect([...databaseOf({}, (made) => made.allowFrom(groups)).addresses].sort()).toEqual([
    "alicloud_db_account_privilege database/ownership",
    "alicloud_db_backup_policy database/backups",
    "alicloud_db_database database/database",
    "alicloud_db_instance database/instance",
    "alicloud_rds_account database/owner",
    "alicloud_security_group_rule database/access/of-nodes",
  ]);
});

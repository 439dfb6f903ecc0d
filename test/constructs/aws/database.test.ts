import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Database, type DatabaseProps } from "../../../constructs/aws/database.js";
import { Identity } from "../../../constructs/aws/identity.js";
import type { SiteGroups } from "../../../constructs/firewall.js";
import type { SiteNetwork } from "../../../constructs/network.js";
import { documentIn, synthesized } from "../template.js";

const KEY = { id: "arn:aws:kms:eu-central-1:123456789012:key/1234" };
const network: SiteNetwork = { id: "vpc-1", cidr: "10.20.0.0/16", subnet: (kind, zone) => `${kind}-${zone}` };
const groups: SiteGroups = { group: (of) => `sg-${of}` };
const INSTANCE = "aws_db_instance";

function databaseOf(props: Partial<DatabaseProps> = {}, change: (database: Database) => void = () => {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  const site = { name: "prod", network, zones: ["a", "b", "c"], key: KEY, size: "db.t4g.medium" };
  const database = new Database(stack, "database", { ...site, ...props });
  change(database);
  return { database, template: synthesized(stack) };
}

function instanceOf(props: Partial<DatabaseProps> = {}) {
  return databaseOf(props).template.resource(INSTANCE, "database/instance");
}

describe("the instance", () => {
  test("has a standby in a second zone and no public address", () => {
    const { template } = databaseOf();
    expect(template.resource(INSTANCE, "database/instance")).toMatchObject({
      engine: "postgres",
      engine_version: "16",
      multi_az: true,
      publicly_accessible: false,
      db_subnet_group_name: template.reference("aws_db_subnet_group", "database/subnets", "name"),
    });
    expect(template.resource("aws_db_subnet_group", "database/subnets").subnet_ids).toEqual(["private-a", "private-b"]);
  });

  test("takes as many connections as it is told to, from its first start on", () => {
    const parameters = (props: Partial<DatabaseProps>) =>
      databaseOf(props).template.resource("aws_db_parameter_group", "database/parameters").parameter;
    expect(parameters({ maxConnections: 400 })).toContainEqual({
      name: "max_connections",
      value: "400",
      apply_method: "pending-reboot",
    });
    expect(JSON.stringify(parameters({}))).not.toContain("max_connections");
  });

  test("takes encrypted connections only", () => {
    const { parameter } = databaseOf().template.resource("aws_db_parameter_group", "database/parameters");
    expect(parameter).toContainEqual({ name: "rds.force_ssl", value: "1" });
  });

  test("is encrypted with the key, as are its password and its statistics", () => {
    expect(instanceOf()).toMatchObject({
      storage_encrypted: true,
      kms_key_id: KEY.id,
      master_user_secret_kms_key_id: KEY.id,
      performance_insights_kms_key_id: KEY.id,
    });
    const withoutKey = instanceOf({ key: "service" });
    expect(withoutKey.storage_encrypted).toBe(true);
    expect(Object.keys(withoutKey).filter((name) => name.endsWith("kms_key_id"))).toEqual([]);
  });

  test("has its password made by RDS, and none that the state could hold", () => {
    const instance = instanceOf();
    expect(instance).toMatchObject({ manage_master_user_password: true, username: "postgres", db_name: "registry" });
    expect(instance).not.toHaveProperty("password");
  });

  test("is not deleted while it is protected, and leaves nothing behind afterwards", () => {
    expect(instanceOf()).toMatchObject({
      deletion_protection: true,
      skip_final_snapshot: false,
      final_snapshot_identifier: "prod-database-final",
      lifecycle: { prevent_destroy: true },
    });
    expect(instanceOf({ protect: false })).toMatchObject({
      deletion_protection: false,
      skip_final_snapshot: true,
      delete_automated_backups: true,
      lifecycle: { prevent_destroy: false },
    });
  });

  test("grows by itself only where it may", () => {
    expect(instanceOf({ storageGibibytes: 100 })).toMatchObject({ allocated_storage: 100, max_allocated_storage: 400 });
    const fixed = instanceOf({ storageGibibytes: 100, storageLimitGibibytes: 100 });
    expect(fixed).not.toHaveProperty("max_allocated_storage");
  });

  test("can be changed before it is made", () => {
    const transform: DatabaseProps["transform"] = { instance: (config) => ({ ...config, iops: 3000 }) };
    expect(instanceOf({ transform }).iops).toBe(3000);
  });
});

describe("the password", () => {
  test("is read by whom it is granted to, and by nobody else", () => {
    const rights = (key: DatabaseProps["key"]) => {
      const { database, template } = databaseOf({ key }, (made) =>
        made.grantPassword(new Identity(made, "identity", { name: "prod", description: "nodes" })),
      );
      const { policy } = template.resource("aws_iam_role_policy", "database/identity/database-password");
      return { secret: template.resolved(database.secret), statements: documentIn(policy) };
    };
    const { secret, statements } = rights(KEY);
    expect(statements).toMatchObject({
      Statement: [
        { Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], Resource: [secret] },
        { Action: ["kms:Decrypt"], Resource: [KEY.id], Condition: { StringEquals: {} } },
      ],
    });
    expect(JSON.stringify(rights("service").statements)).not.toContain("kms:");
    expect(databaseOf().template.resources("aws_iam_role_policy")).toEqual({});
  });
});

describe("the way to it", () => {
  test("is closed until somebody is let in", () => {
    const { template } = databaseOf();
    expect(template.resources("aws_vpc_security_group_ingress_rule")).toEqual({});
    expect(template.resources("aws_vpc_security_group_egress_rule")).toEqual({});
  });

  test("leads from the nodes to its port, at both ends", () => {
    const { template } = databaseOf({}, (database) => database.allowFrom(groups));
    const own = template.reference("aws_security_group", "database/group/group", "id");
    const way = { ip_protocol: "tcp", from_port: 5432, to_port: 5432 };
    expect(template.resources("aws_vpc_security_group_ingress_rule")).toMatchObject({
      "database/group/from-nodes": { ...way, security_group_id: own, referenced_security_group_id: "sg-nodes" },
    });
    expect(template.resources("aws_vpc_security_group_egress_rule")).toMatchObject({
      "database/group/of-nodes": { ...way, security_group_id: "sg-nodes", referenced_security_group_id: own },
    });
  });
});

test("every part has an address that must not change", () => {
  const { template } = databaseOf({}, (database) => database.allowFrom(groups));
  expect([...template.addresses].sort()).toEqual([
    "aws_db_instance database/instance",
    "aws_db_parameter_group database/parameters",
    "aws_db_subnet_group database/subnets",
    "aws_iam_role database/monitoring",
    "aws_iam_role_policy_attachment database/monitoring-right",
    "aws_security_group database/group/group",
    "aws_vpc_security_group_egress_rule database/group/of-nodes",
    "aws_vpc_security_group_ingress_rule database/group/from-nodes",
  ]);
});

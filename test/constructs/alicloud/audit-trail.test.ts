import { expect, test } from "vitest";
import { AuditTrail } from "../../../constructs/alicloud/audit-trail.js";
import { Logs } from "../../../constructs/alicloud/logs.js";
import { documentIn, synthesized } from "../template.js";
import { alicloudStack } from "./site.js";

function trailFor(name = "prod-hangzhou") {
  const stack = alicloudStack();
  const logs = new Logs(stack, "logs", { name, keepDays: 180 });
  new AuditTrail(stack, "audit", { name, logs, region: "cn-hangzhou" });
  return synthesized(stack);
}

test("reads and changes of all regions are written down", () => {
  expect(trailFor().resource("alicloud_actiontrail_trail", "audit/trail")).toMatchObject({
    trail_region: "All",
    event_rw: "All",
    status: "Enable",
  });
});

test("the trail goes to the project of the site, whose account is read from the name of the role", () => {
  const template = trailFor();
  const role = template.reference("alicloud_ram_role", "audit/writer", "arn");
  const project = template.reference("alicloud_log_project", "logs/project", "project_name");
  const { sls_project_arn: to, sls_write_role_arn: as } = template.resource(
    "alicloud_actiontrail_trail",
    "audit/trail",
  );
  expect(as).toBe(role);
  expect(to).toBe(`acs:log:cn-hangzhou:\${element(split(":", ${role.slice(2, -1)}), 3)}:project/${project}`);
});

test("the trail is made when its role may write, for ActionTrail tries", () => {
  const template = trailFor();
  const right = template.reference("alicloud_ram_role_policy_attachment", "audit/write-of-writer", "id").slice(2, -4);
  expect(template.resource("alicloud_actiontrail_trail", "audit/trail").depends_on).toEqual([right]);
});

test("only ActionTrail takes the role, and may do nothing but write to this project", () => {
  const template = trailFor();
  const role = template.resource("alicloud_ram_role", "audit/writer");
  expect(documentIn(role.assume_role_policy_document)).toEqual({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: ["actiontrail.aliyuncs.com"] } }],
  });
  const project = template.reference("alicloud_log_project", "logs/project", "project_name");
  const store = `actiontrail_${template.resource("alicloud_actiontrail_trail", "audit/trail").trail_name}`;
  expect(documentIn(template.resource("alicloud_ram_policy", "audit/write").policy_document)).toMatchObject({
    Statement: ["", `/logstore/${store}`, "/dashboard/*", "/savedsearch/*"].map((part) => ({
      Effect: "Allow",
      Resource: [`acs:log:*:*:project/${project}${part}`],
    })),
  });
});

test.each(["a", "x".repeat(60)])("the name of the trail of %s is one that ActionTrail takes", (name) => {
  expect(trailFor(name).resource("alicloud_actiontrail_trail", "audit/trail").trail_name).toMatch(
    /^[a-z][a-z0-9_-]{5,35}$/,
  );
});

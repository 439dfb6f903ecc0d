import { Vpc } from "@cdktf/provider-alicloud/lib/vpc/index.js";
import { describe, expect, test } from "vitest";
import { Alarms, type AlarmsProps } from "../../../constructs/alicloud/alarms.js";
import { documentIn, synthesized } from "../template.js";
import { alicloudStack } from "./site.js";

const hosts = ["node-1", "node-2"].map((name) => ({ name, id: `i-${name}`, privateAddress: "10.20.0.11" }));

function alarmsWith(props: Partial<AlarmsProps> = {}) {
  const stack = alicloudStack();
  const balancer = { metrics: { kind: "nlb", id: "nlb-1" } } as const;
  new Alarms(stack, "alarms", { name: "prod-hangzhou", balancer, hosts, ...props });
  return synthesized(stack);
}

function alarm(id: string, props: Partial<AlarmsProps> = {}) {
  const { metric_dimensions, ...rest } = alarmsWith(props).resource("alicloud_cms_alarm", `alarms/${id}`);
  return { ...rest, dimensions: documentIn(metric_dimensions) };
}

test("there is an alarm for each thing that CloudMonitor measures", () => {
  const store = { bucket: "images-of-example" };
  expect(Object.keys(alarmsWith({ store, plannedSize: "1TiB" }).resources("alicloud_cms_alarm"))).toEqual([
    "alarms/unhealthy-nodes",
    "alarms/no-healthy-node",
    "alarms/cpu-node-1",
    "alarms/cpu-node-2",
    "alarms/bucket-size",
  ]);
});

test("processors are watched by machine, over ten minutes", () => {
  expect(alarm("cpu-node-2", { cpu: 70 })).toMatchObject({
    name: "prod-hangzhou-cpu-node-2",
    project: "acs_ecs_dashboard",
    metric: "CPUUtilization",
    dimensions: [{ instanceId: "i-node-2" }],
    period: 300,
    escalations_critical: { statistics: "Average", comparison_operator: ">=", threshold: "70", times: 2 },
  });
});

test("a machine that fails in the cloud is told of to the same people, each machine by itself", () => {
  const template = alarmsWith({ mail: ["ops@example.com"] });
  expect(Object.keys(template.resources("alicloud_cms_event_rule"))).toEqual([
    "alarms/failed-node-1",
    "alarms/failed-node-2",
  ]);
  expect(template.resource("alicloud_cms_event_rule", "alarms/failed-node-2")).toMatchObject({
    rule_name: "prod-hangzhou-failed-node-2",
    event_pattern: { product: "ecs", event_type_list: ["Exception"], level_list: ["CRITICAL"], sql_filter: "i-node-2" },
    contact_parameters: [
      {
        contact_group_name: template.reference(
          "alicloud_cms_alarm_contact_group",
          "alarms/group",
          "alarm_contact_group_name",
        ),
      },
    ],
  });
});

test("a bucket is watched in bytes, as often as OSS counts", () => {
  const store = { bucket: "images-of-example" };
  expect(alarm("bucket-size", { store, plannedSize: "1TiB", storage: 50 })).toMatchObject({
    project: "acs_oss_dashboard",
    metric: "MeteringStorageUtilization",
    dimensions: [{ BucketName: "images-of-example" }],
    period: 3600,
    escalations_critical: { statistics: "Value", threshold: String(2 ** 39) },
  });
});

test("a bucket that is not the site's is not watched", () => {
  expect(alarmsWith({ plannedSize: "1TiB" }).resources("alicloud_cms_alarm")).not.toHaveProperty("alarms/bucket-size");
});

describe("no healthy node is an alarm at once", () => {
  test.each([
    ["nlb", "acs_nlb", "ListenerHeathyServerCount", { instanceId: "lb-1" }],
    ["clb", "acs_slb_dashboard", "HeathyServerCount", { instanceId: "lb-1" }],
    ["alb", "acs_alb", "LoadBalancerHealthyHostCount", { loadBalancerId: "lb-1" }],
  ] as const)("behind %s", (kind, project, metric, dimensions) => {
    expect(alarm("no-healthy-node", { balancer: { metrics: { kind, id: "lb-1" } } })).toMatchObject({
      project,
      metric,
      dimensions: [dimensions],
      period: 60,
      escalations_critical: { comparison_operator: "<=", threshold: "0", times: 1 },
    });
  });
});

test("an unhealthy node is an alarm when it stays so for longer than an update takes", () => {
  expect(alarm("unhealthy-nodes")).toMatchObject({
    metric: "ListenerUnhealthyServerCount",
    period: 60,
    escalations_critical: { comparison_operator: ">=", threshold: "1", times: 5 },
  });
});

test("everybody on the list is told of every alarm, and a new name on it changes no other", () => {
  const one = alarmsWith({ mail: ["ops@example.com"] });
  const two = alarmsWith({ mail: ["dev@example.com", "ops@example.com"] });
  const ops = "alarms/contact-ops@example.com";
  expect(two.resource("alicloud_cms_alarm_contact", ops)).toEqual(one.resource("alicloud_cms_alarm_contact", ops));
  expect(two.resource("alicloud_cms_alarm_contact_group", "alarms/group").contacts).toEqual(
    ["dev", "ops"].map((who) =>
      two.reference("alicloud_cms_alarm_contact", `alarms/contact-${who}@example.com`, "alarm_contact_name"),
    ),
  );
  const group = two.reference("alicloud_cms_alarm_contact_group", "alarms/group", "alarm_contact_group_name");
  for (const { contact_groups } of Object.values(two.resources("alicloud_cms_alarm"))) {
    expect(contact_groups).toEqual([group]);
  }
});

test("a contact whose mail is not confirmed yet is no change to be made", () => {
  const contact = alarmsWith({ mail: ["ops@example.com"] }).resource(
    "alicloud_cms_alarm_contact",
    "alarms/contact-ops@example.com",
  );
  expect(contact).toMatchObject({
    alarm_contact_name: "prod-hangzhou-ops-example-com",
    channels_mail: "ops@example.com",
    lifecycle: { ignore_changes: ["channels_mail"] },
  });
});

test("an alarm waits for what it watches", () => {
  const stack = alicloudStack();
  const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.20.0.0/16" });
  new Alarms(stack, "alarms", { name: "prod", balancer: { metrics: { kind: "nlb", id: vpc.id } }, hosts });
  const template = synthesized(stack);
  const { metric_dimensions } = template.resource("alicloud_cms_alarm", "alarms/unhealthy-nodes");
  expect(documentIn(metric_dimensions)).toEqual([{ instanceId: template.reference("alicloud_vpc", "vpc", "id") }]);
});

import { Vpc } from "@cdktf/provider-alicloud/lib/vpc/index.js";
import { expect, test } from "vitest";
import { Logs, type LogsProps } from "../../../constructs/alicloud/logs.js";
import type { SiteNetwork } from "../../../constructs/network.js";
import { synthesized } from "../template.js";
import { alicloudStack } from "./site.js";

function logsWith(props: Partial<LogsProps> = {}, withFlows = true) {
  const stack = alicloudStack();
  const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.20.0.0/16" });
  const network: SiteNetwork = { id: vpc.id, cidr: "10.20.0.0/16", subnet: () => "" };
  const logs = new Logs(stack, "logs", { name: "prod-hangzhou", ...props });
  if (withFlows) logs.logFlows(network);
  return synthesized(stack);
}

test("connections of the whole network are written down, made and refused ones", () => {
  const template = logsWith();
  expect(template.resource("alicloud_vpc_flow_log", "logs/flow-log")).toMatchObject({
    resource_type: "VPC",
    resource_id: template.reference("alicloud_vpc", "vpc", "id"),
    traffic_type: "All",
    traffic_path: ["all"],
    project_name: template.reference("alicloud_log_project", "logs/project", "project_name"),
    log_store_name: template.reference("alicloud_log_store", "logs/flows", "logstore_name"),
  });
});

test("logs are encrypted, kept as long as asked, and can be searched", () => {
  const template = logsWith({ keepDays: 180 });
  expect(template.resource("alicloud_log_store", "logs/flows")).toMatchObject({
    retention_period: 180,
    encrypt_conf: { enable: true, encrypt_type: "default" },
  });
  expect(template.resource("alicloud_sls_index", "logs/flows-index")).toMatchObject({
    logstore_name: template.reference("alicloud_log_store", "logs/flows", "logstore_name"),
    line: { token: expect.arrayContaining([" ", "\n", ":"]) },
  });
});

test("logs are never kept for ever by mistake", () => {
  expect(logsWith({ keepDays: 3650 }).resource("alicloud_log_store", "logs/flows").retention_period).toBe(3649);
});

test("the project has a name that nobody else has, and the tags of the site", () => {
  const project = logsWith({ project: "prod-of-example-com", tags: { team: "platform" } });
  expect(project.resource("alicloud_log_project", "logs/project")).toMatchObject({
    project_name: "prod-of-example-com",
    tags: { team: "platform" },
  });
  expect(logsWith().resource("alicloud_log_project", "logs/project").project_name).toBe("prod-hangzhou");
});

test("nothing is written down that nobody asked for", () => {
  expect(logsWith({}, false).addresses).toEqual(["alicloud_vpc vpc", "alicloud_log_project logs/project"]);
});

test("what is made can be changed before it is made", () => {
  const template = logsWith({ transform: { store: (config) => ({ ...config, mode: "query" }) } });
  expect(template.resource("alicloud_log_store", "logs/flows").mode).toBe("query");
});

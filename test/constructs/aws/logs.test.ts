import { TerraformStack, Testing } from "cdktf";
import { expect, test } from "vitest";
import { EncryptionKey } from "../../../constructs/aws/encryption-key.js";
import { Logs, type LogsProps } from "../../../constructs/aws/logs.js";
import { retentionDays } from "../../../constructs/aws/retention.js";
import type { SiteNetwork } from "../../../constructs/network.js";
import { documentIn, synthesized } from "../template.js";

const network: SiteNetwork = { id: "vpc-1", cidr: "10.20.0.0/16", subnet: () => "subnet-1" };

function flowsOf(props: Partial<LogsProps> = {}, withKey = false) {
  const stack = new TerraformStack(Testing.app(), "site");
  const key = withKey ? { key: new EncryptionKey(stack, "key", { name: "prod", description: "logs" }) } : {};
  new Logs(stack, "logs", { name: "prod", ...key, ...props }).logFlows(network);
  return synthesized(stack);
}

test("all connections of a network are written down, by a service that may write there and nowhere else", () => {
  const template = flowsOf();
  const group = template.reference("aws_cloudwatch_log_group", "logs/flows", "arn");
  expect(template.resource("aws_flow_log", "logs/flow-log")).toMatchObject({
    vpc_id: "vpc-1",
    traffic_type: "ALL",
    log_destination: group,
    iam_role_arn: template.reference("aws_iam_role", "logs/flows-writer", "arn"),
  });
  expect(documentIn(template.resource("aws_iam_role_policy", "logs/flows-right").policy)).toMatchObject({
    Statement: [{ Effect: "Allow", Resource: `${group}:*` }],
  });
});

test("the service takes on its role for this account only", () => {
  const template = flowsOf();
  expect(documentIn(template.resource("aws_iam_role", "logs/flows-writer").assume_role_policy)).toMatchObject({
    Statement: [
      {
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Condition: {
          StringEquals: {
            "aws:SourceAccount": template.reference("aws_caller_identity", "account/caller", "account_id"),
          },
        },
      },
    ],
  });
});

test("logs are kept as long as asked, or a little longer where CloudWatch knows no such time", () => {
  expect(flowsOf({ keepDays: 100 }).resource("aws_cloudwatch_log_group", "logs/flows")).toMatchObject({
    name: "/harborwright/prod/flows",
    retention_in_days: 120,
  });
});

test.each([
  [1, 1],
  [2, 3],
  [90, 90],
  [91, 120],
  [3653, 3653],
  [4000, 0],
])("%i days become %i", (wanted, kept) => {
  expect(retentionDays(wanted)).toBe(kept);
});

test("a key of the site encrypts them, and lets CloudWatch in", () => {
  const template = flowsOf({}, true);
  expect(template.resource("aws_cloudwatch_log_group", "logs/flows")).toMatchObject({
    kms_key_id: template.reference("aws_kms_key", "key/key", "arn"),
  });
  expect(template.resource("aws_kms_key", "key/key").policy).toContain("kms:EncryptionContext:aws:logs:arn");
});

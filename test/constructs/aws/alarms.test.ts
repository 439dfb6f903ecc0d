import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Alarms, type AlarmsProps } from "../../../constructs/aws/alarms.js";
import { EncryptionKey } from "../../../constructs/aws/encryption-key.js";
import { documentIn, synthesized } from "../template.js";

const DIMENSIONS = { LoadBalancer: "net/prod/1234", TargetGroup: "targetgroup/prod/5678" };
const ALARM = "aws_cloudwatch_metric_alarm";
const hosts = ["node-1", "node-2"].map((name) => ({ name, id: `id-of-${name}`, privateAddress: "10.20.0.11" }));
const store = { bucket: "example-images", storageTypes: ["StandardStorage", "StandardIAStorage"] };

function alarmsOf(props: Partial<AlarmsProps> = {}, withKey = false) {
  const stack = new TerraformStack(Testing.app(), "site");
  const key = withKey ? { key: new EncryptionKey(stack, "key", { name: "prod", description: "alarms" }) } : {};
  const balancer = { metrics: { namespace: "AWS/NetworkELB", dimensions: DIMENSIONS } };
  new Alarms(stack, "alarms", { name: "prod", balancer, hosts, ...key, ...props });
  return synthesized(stack);
}

describe("an alarm", () => {
  test("goes to people by mail, when it is raised and when it is over", () => {
    const template = alarmsOf({ mail: ["ops@example.com", "night@example.com"] });
    const topic = template.reference("aws_sns_topic", "alarms/topic", "arn");
    expect(template.resources("aws_sns_topic_subscription")).toEqual({
      "alarms/mail-ops@example.com": { topic_arn: topic, protocol: "email", endpoint: "ops@example.com" },
      "alarms/mail-night@example.com": { topic_arn: topic, protocol: "email", endpoint: "night@example.com" },
    });
    for (const alarm of Object.values(template.resources(ALARM))) {
      expect(alarm).toMatchObject({ alarm_actions: [topic], ok_actions: [topic] });
    }
  });

  test("is sent by CloudWatch of this account alone", () => {
    const template = alarmsOf();
    const account = template.reference("aws_caller_identity", "account/caller", "account_id");
    expect(documentIn(template.resource("aws_sns_topic_policy", "alarms/policy").policy)).toMatchObject({
      Statement: [
        {
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    });
  });

  test("is encrypted with a key that lets CloudWatch in", () => {
    const template = alarmsOf({}, true);
    const key = template.reference("aws_kms_key", "key/key", "arn");
    expect(template.resource("aws_sns_topic", "alarms/topic").kms_master_key_id).toBe(key);
    expect(template.resource("aws_kms_key", "key/key").policy).toContain("cloudwatch.amazonaws.com");
  });
});

describe("what is watched", () => {
  test("the balancer: some nodes unhealthy for five minutes, or none healthy at once", () => {
    const template = alarmsOf();
    expect(template.resource(ALARM, "alarms/unhealthy-nodes")).toMatchObject({
      namespace: "AWS/NetworkELB",
      metric_name: "UnHealthyHostCount",
      dimensions: DIMENSIONS,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      period: 60,
      evaluation_periods: 5,
      treat_missing_data: "notBreaching",
    });
    expect(template.resource(ALARM, "alarms/no-healthy-node")).toMatchObject({
      metric_name: "HealthyHostCount",
      statistic: "Maximum",
      comparison_operator: "LessThanOrEqualToThreshold",
      threshold: 0,
      evaluation_periods: 1,
      treat_missing_data: "breaching",
    });
  });

  test("each machine: the cloud's own checks, and its processors", () => {
    const template = alarmsOf({ cpu: 80 });
    expect(template.resource(ALARM, "alarms/failed-node-2")).toMatchObject({
      metric_name: "StatusCheckFailed",
      dimensions: { InstanceId: "id-of-node-2" },
    });
    expect(template.resource(ALARM, "alarms/cpu-node-1")).toMatchObject({
      metric_name: "CPUUtilization",
      statistic: "Average",
      dimensions: { InstanceId: "id-of-node-1" },
      threshold: 80,
      period: 300,
    });
  });

  test("the bucket: all its storage classes together, against what was planned", () => {
    const template = alarmsOf({ store, plannedSize: "100GiB", storage: 50 });
    const alarm = template.resource(ALARM, "alarms/bucket-size");
    expect(alarm).toMatchObject({ threshold: 50 * 1024 ** 3, treat_missing_data: "ignore" });
    expect(alarm.metric_query).toMatchObject([
      { id: "bytes", expression: "SUM(METRICS())", return_data: true },
      { id: "class1", metric: { dimensions: { BucketName: "example-images", StorageType: "StandardStorage" } } },
      { id: "class2", metric: { dimensions: { StorageType: "StandardIAStorage" }, period: 86_400 } },
    ]);
    expect(alarm.metric_name).toBeUndefined();
  });

  test("the certificate of the balancer, in days to its end", () => {
    const template = alarmsOf({ certificate: "arn:aws:acm:::certificate/1", certificateDays: 30 });
    expect(template.resource(ALARM, "alarms/certificate-days")).toMatchObject({
      namespace: "AWS/CertificateManager",
      metric_name: "DaysToExpiry",
      dimensions: { CertificateArn: "arn:aws:acm:::certificate/1" },
      comparison_operator: "LessThanOrEqualToThreshold",
      threshold: 30,
    });
  });

  test("nothing that is not the site's", () => {
    expect(Object.keys(alarmsOf().resources(ALARM)).filter((path) => /bucket|certificate/.test(path))).toEqual([]);
    expect(() => alarmsOf({ plannedSize: "1TiB" })).toThrow("no bucket to watch");
  });
});

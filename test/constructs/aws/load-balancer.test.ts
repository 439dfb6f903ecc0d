import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { balancerLog } from "../../../constructs/aws/balancer-log.js";
import { LoadBalancer, type LoadBalancerProps } from "../../../constructs/aws/load-balancer.js";
import { PrivateBucket } from "../../../constructs/aws/private-bucket.js";
import { documentIn, synthesized } from "../template.js";

const StatementsSchema = z.object({
  Statement: z.array(
    z.object({ Effect: z.string(), Action: z.string(), Principal: z.unknown(), Resource: z.unknown() }),
  ),
});

const ARN = "arn:aws:acm:eu-central-1:1:certificate/c";

function balancer(props: Partial<LoadBalancerProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  const made = new LoadBalancer(stack, "balancer", {
    name: "prod",
    kind: "nlb",
    network: { id: "vpc-1", cidr: "10.20.0.0/16", subnet: (kind, zone) => `${kind}-${zone}` },
    groups: { group: (of) => `sg-${of}` },
    zones: ["eu-central-1a", "eu-central-1b"],
    statusPort: 8081,
    ...props,
  });
  for (const name of ["node-1", "node-2"]) made.addHost({ name, id: `i-${name}`, privateAddress: "10.20.0.11" });
  const template = synthesized(stack);
  return {
    made,
    template,
    balancer: template.resource("aws_lb", "balancer/balancer"),
    targets: template.resource("aws_lb_target_group", "balancer/nodes"),
    listener: template.resource("aws_lb_listener", "balancer/listener"),
  };
}

describe("a network balancer", () => {
  test("passes connections to the nodes in all zones, and shows no certificate", () => {
    const made = balancer();
    expect(made.balancer).toMatchObject({
      load_balancer_type: "network",
      internal: false,
      subnets: ["public-eu-central-1a", "public-eu-central-1b"],
      security_groups: ["sg-balancer"],
      enable_cross_zone_load_balancing: true,
      enable_deletion_protection: true,
    });
    expect(made.listener).toMatchObject({ protocol: "TCP", port: 443 });
    expect(made.listener).not.toHaveProperty("certificate_arn");
    expect(made.targets).toMatchObject({ protocol: "TCP", port: 443, target_type: "instance" });
  });

  test("asks each front for its health in plain HTTP", () => {
    expect(balancer().targets.health_check).toEqual({
      enabled: true,
      protocol: "HTTP",
      port: "8081",
      path: "/healthz",
      matcher: "200",
      interval: 5,
      timeout: 4,
      healthy_threshold: 2,
      unhealthy_threshold: 2,
    });
  });

  test("lets a drained node finish what is under way, and ends it when the drain is over", () => {
    expect(balancer({ drain: "90s" }).targets).toMatchObject({
      deregistration_delay: "90",
      connection_termination: true,
      target_health_state: [{ enable_unhealthy_connection_termination: false, unhealthy_draining_interval: 90 }],
    });
  });

  test("shows fronts the addresses of clients, which they limit", () => {
    expect(balancer().targets.preserve_client_ip).toBe("true");
  });

  test("waits for a silent push longer than the front does", () => {
    expect(balancer({ uploadTimeout: "600s" }).listener.tcp_idle_timeout_seconds).toBe(650);
  });

  test("ends TLS with a certificate of ACM where asked, and speaks TLS to the nodes", () => {
    const { listener, targets } = balancer({ tls: "balancer", certificate: ARN });
    expect(listener).toMatchObject({
      protocol: "TLS",
      certificate_arn: ARN,
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    });
    // Elastic Load Balancing takes it for TCP listeners only.
    expect(listener).not.toHaveProperty("tcp_idle_timeout_seconds");
    expect(targets).toMatchObject({ protocol: "TLS", preserve_client_ip: "true" });
  });

  test("stands in private subnets when only the network shall reach it", () => {
    expect(balancer({ public: false }).balancer).toMatchObject({
      internal: true,
      subnets: ["private-eu-central-1a", "private-eu-central-1b"],
    });
  });

  test("makes a target group of another protocol under another name, for both are there for a while", () => {
    const long = "a-name-as-long-as-an-environment-may-have";
    const names = (["nodes", "balancer"] as const).map(
      (tls) => balancer({ name: long, tls, certificate: ARN }).targets.name,
    );
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$/);
    expect(balancer().targets.lifecycle).toEqual({ create_before_destroy: true });
  });

  test("adds each node under its own name", () => {
    const { template } = balancer();
    expect(template.resource("aws_lb_target_group_attachment", "balancer/node-2")).toEqual({
      target_group_arn: template.reference("aws_lb_target_group", "balancer/nodes", "arn"),
      target_id: "i-node-2",
    });
  });

  test("writes down requests where a bucket is named", () => {
    expect(balancer().balancer).not.toHaveProperty("access_logs");
    expect(balancer({ accessLog: { bucket: "logs", prefix: "prod" } }).balancer.access_logs).toEqual({
      bucket: "logs",
      prefix: "prod",
      enabled: true,
    });
  });

  test.each([
    ["nlb", "delivery.logs.amazonaws.com", ["s3:GetBucketAcl", "s3:PutObject"]],
    ["alb", "logdelivery.elasticloadbalancing.amazonaws.com", ["s3:PutObject"]],
  ] as const)("lets the service that writes for an %s into its folder, and nobody else", (kind, service, actions) => {
    const stack = new TerraformStack(Testing.app(), "site");
    const to = new PrivateBucket(stack, "log", { bucket: "prod-log", key: "service", lifecycle: [] });
    const log = balancerLog(stack, { kind, to, folder: "balancer" });
    const template = synthesized(stack);
    const { Statement } = StatementsSchema.parse(
      documentIn(template.resource("aws_s3_bucket_policy", "log/policy").policy),
    );
    const allowed = Statement.filter(({ Effect }) => Effect === "Allow");
    expect(allowed.map(({ Action }) => Action)).toEqual(actions);
    for (const { Principal } of allowed) expect(Principal).toEqual({ Service: service });
    const bucket = template.reference("aws_s3_bucket", "log/bucket", "arn");
    const account = template.reference("aws_caller_identity", "account/caller", "account_id");
    expect(allowed.at(-1)?.Resource).toBe(`${bucket}/balancer/AWSLogs/${account}/*`);
    expect(log.prefix).toBe("balancer");
  });

  test("tells alarms where its metrics are, and records in which zone its name is", () => {
    const { made, template } = balancer();
    const suffix = (type: string, path: string) => template.reference(type, path, "arn_suffix");
    expect(template.resolved(made.metrics)).toEqual({
      namespace: "AWS/NetworkELB",
      dimensions: {
        LoadBalancer: suffix("aws_lb", "balancer/balancer"),
        TargetGroup: suffix("aws_lb_target_group", "balancer/nodes"),
      },
    });
    expect(template.resolved(made.hostedZone)).toBe(template.reference("aws_lb", "balancer/balancer", "zone_id"));
  });
});

describe("an application balancer", () => {
  test("ends TLS, speaks TLS to the nodes and gives the next request to the least busy one", () => {
    const made = balancer({ kind: "alb", tls: "balancer", certificate: ARN });
    expect(made.balancer).toMatchObject({
      load_balancer_type: "application",
      idle_timeout: 350,
      drop_invalid_header_fields: true,
    });
    expect(made.listener).toMatchObject({ protocol: "HTTPS", certificate_arn: ARN });
    expect(made.targets).toMatchObject({
      protocol: "HTTPS",
      load_balancing_algorithm_type: "least_outstanding_requests",
    });
    // These an application balancer does not know.
    expect(made.targets).not.toHaveProperty("preserve_client_ip");
    expect(made.targets).not.toHaveProperty("target_health_state");
  });

  test("is refused in one zone", () => {
    expect(() => balancer({ kind: "alb", certificate: ARN, zones: ["eu-central-1a"] })).toThrow(
      "an alb in eu-central-1a alone",
    );
  });
});

describe("a balancer is refused", () => {
  test.each(["nlb", "alb"] as const)("when an %s shall end TLS without a certificate", (kind) => {
    expect(() => balancer({ kind, tls: "balancer" })).toThrow("without a certificate");
  });

  test.each([
    ["nlb", "nodes", "5951s", "5950s or less"],
    ["nlb", "balancer", "301s", "300s or less, or tls: nodes"],
    ["alb", "balancer", "3951s", "3950s or less"],
  ] as const)("when an %s with tls: %s would cut a push that is silent for %s", (kind, tls, uploadTimeout, instead) => {
    expect(() => balancer({ kind, tls, certificate: ARN, uploadTimeout })).toThrow(instead);
    const allowed = instead.split(" ")[0] ?? "";
    expect(() => balancer({ kind, tls, certificate: ARN, uploadTimeout: allowed })).not.toThrow();
  });
});

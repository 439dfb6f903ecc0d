import { describe, expect, test } from "vitest";
import { LoadBalancer, type LoadBalancerProps } from "../../../constructs/alicloud/load-balancer.js";
import { synthesized } from "../template.js";
import { groups, host, network, ZONES } from "./parts.js";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

const CERTIFICATE = "12345678-cn-hangzhou";

function entry(props: Partial<LoadBalancerProps> = {}, nodes: readonly string[] = ["node-1", "node-2"]) {
  const stack = alicloudStack();
  const made = new LoadBalancer(stack, "entry", {
    name: "prod-hangzhou",
    kind: "nlb",
    network,
    groups,
    zones: ZONES,
    statusPort: 8081,
    ...props,
  });
  for (const node of nodes) made.addHost(host(node));
  return { made, template: synthesized(stack) };
}

describe("an NLB", () => {
  test("passes TLS through to the nodes, who see the clients' addresses", () => {
    const { template } = entry();
    expect(template.resource("alicloud_nlb_listener", "entry/nlb/listener")).toMatchObject({
      listener_port: 443,
      listener_protocol: "TCP",
      server_group_id: template.reference("alicloud_nlb_server_group", "entry/nlb/nodes", "id"),
    });
    expect(template.resource("alicloud_nlb_server_group", "entry/nlb/nodes")).toMatchObject({
      protocol: "TCP",
      preserve_client_ip_enabled: true,
      server_group_type: "Instance",
    });
  });

  test("ends TLS with a certificate of the cloud and speaks TLS to the nodes", () => {
    const { template } = entry({ tls: "balancer", certificate: CERTIFICATE });
    expect(template.resource("alicloud_nlb_listener", "entry/nlb/listener")).toMatchObject({
      listener_protocol: "TCPSSL",
      certificate_ids: [CERTIFICATE],
      security_policy_id: "tls_cipher_policy_1_2_strict_with_1_3",
    });
    expect(template.resource("alicloud_nlb_server_group", "entry/nlb/nodes")).toMatchObject({
      protocol: "TCPSSL",
      preserve_client_ip_enabled: false,
    });
  });

  test("has an address of its own in each zone, behind its security group, and is not deleted by accident", () => {
    const { made, template } = entry();
    const address = (zone: string, attribute: string) =>
      template.reference("alicloud_eip_address", `entry/nlb/address-${zone}`, attribute);
    expect(template.resource("alicloud_nlb_load_balancer", "entry/nlb/balancer")).toMatchObject({
      address_type: "Internet",
      cross_zone_enabled: true,
      security_group_ids: ["sg-balancer"],
      deletion_protection_enabled: true,
      zone_mappings: ZONES.map((zone) => ({
        zone_id: zone,
        vswitch_id: `vsw-public-${zone}`,
        allocation_id: address(zone, "id"),
      })),
    });
    expect([...made.addresses].map(([zone, value]) => [zone, template.resolved(value)])).toEqual(
      ZONES.map((zone) => [zone, address(zone, "ip_address")]),
    );
    expect(template.resolved(made.address)).toBe(
      template.reference("alicloud_nlb_load_balancer", "entry/nlb/balancer", "dns_name"),
    );
  });

  test("can be without a public address", () => {
    const { made, template } = entry({ public: false });
    expect(template.resources("alicloud_eip_address")).toEqual({});
    expect(template.resource("alicloud_nlb_load_balancer", "entry/nlb/balancer")).toMatchObject({
      address_type: "Intranet",
      zone_mappings: ZONES.map((zone) => ({ zone_id: zone, vswitch_id: `vsw-public-${zone}` })),
    });
    expect(made.addresses.size).toBe(0);
  });

  test("asks each front after its health, and lets a leaving node end what it does", () => {
    const { template } = entry({ drain: "90s" });
    expect(template.resource("alicloud_nlb_server_group", "entry/nlb/nodes")).toMatchObject({
      connection_drain_enabled: true,
      connection_drain_timeout: 90,
      health_check: {
        health_check_enabled: true,
        health_check_type: "HTTP",
        health_check_connect_port: 8081,
        health_check_url: "/healthz",
        health_check_http_code: ["http_2xx"],
        health_check_interval: 5,
        health_check_connect_timeout: 4,
        healthy_threshold: 2,
        unhealthy_threshold: 2,
      },
    });
  });

  test("waits longer for a silent push than the front, and refuses what it cannot wait for", () => {
    const idle = (uploadTimeout: string) =>
      entry({ uploadTimeout }).template.resource("alicloud_nlb_listener", "entry/nlb/listener").idle_timeout;
    expect(idle("300s")).toBe(350);
    expect(idle("15m")).toBe(900);
    expect(() => idle("16m")).toThrow(
      "a push may be silent for 16m, a balancer of kind nlb breaks it off after 900 s; uploadTimeout: 900s or less",
    );
  });

  test("sends clients to each machine that was added", () => {
    const { template } = entry({ port: 8443 });
    expect(template.resources("alicloud_nlb_server_group_server_attachment")).toEqual({
      "entry/nlb/node-1": expect.objectContaining({ server_id: "i-node-1", server_type: "Ecs", port: 8443 }),
      "entry/nlb/node-2": expect.objectContaining({ server_id: "i-node-2", server_type: "Ecs", port: 8443 }),
    });
  });

  test("drains within the bounds of the cloud", () => {
    const drained = (drain: string) =>
      entry({ drain }).template.resource("alicloud_nlb_server_group", "entry/nlb/nodes").connection_drain_timeout;
    expect([drained("1s"), drained("1h")]).toEqual([10, 900]);
  });
});

describe("a CLB", () => {
  const clb = (props: Partial<LoadBalancerProps> = {}) => entry({ kind: "clb", zones: ZONES.slice(0, 1), ...props });

  test("passes connections to the nodes and asks each front after its health", () => {
    const { template } = clb();
    expect(template.resource("alicloud_slb_listener", "entry/clb/listener")).toMatchObject({
      protocol: "tcp",
      frontend_port: 443,
      bandwidth: -1,
      established_timeout: 350,
      health_check_type: "http",
      health_check_connect_port: 8081,
      health_check_uri: "/healthz",
      health_check_http_code: "http_2xx",
      health_check_interval: 5,
      unhealthy_threshold: 2,
      acl_status: "off",
      server_group_id: template.reference("alicloud_slb_server_group", "entry/clb/nodes", "id"),
    });
    expect(Object.keys(template.resources("alicloud_slb_server_group_server_attachment"))).toEqual([
      "entry/clb/node-1",
      "entry/clb/node-2",
    ]);
  });

  test("has one address that lasts, inside the network where it is not public", () => {
    const { made, template } = clb({ public: false });
    const balancer = template.resource("alicloud_slb_load_balancer", "entry/clb/balancer");
    expect(balancer).toMatchObject({
      address_type: "intranet",
      vswitch_id: "vsw-public-cn-hangzhou-h",
      delete_protection: "on",
    });
    const address = template.reference("alicloud_slb_load_balancer", "entry/clb/balancer", "address");
    expect(template.resolved(made.address)).toBe(address);
    expect([...made.addresses.values()].map((value) => template.resolved(value))).toEqual([address]);
    expect(clb({ protect: false }).template.resource("alicloud_slb_load_balancer", "entry/clb/balancer")).toMatchObject(
      {
        address_type: "internet",
        delete_protection: "off",
      },
    );
  });

  test("keeps a list of its clients, for it has no security group", () => {
    const { template } = clb({ clients: ["198.51.100.0/24", "192.0.2.0/24"] });
    const acl = template.reference("alicloud_slb_acl", "entry/clb/clients", "id");
    expect(template.resource("alicloud_slb_listener", "entry/clb/listener")).toMatchObject({
      acl_status: "on",
      acl_type: "white",
      acl_ids: [acl],
    });
    const entries = Object.values(template.resources("alicloud_slb_acl_entry_attachment"));
    expect(entries.map((one) => [one.acl_id, one.entry])).toEqual([
      [acl, "198.51.100.0/24"],
      [acl, "192.0.2.0/24"],
    ]);
  });

  test("keeps no list when everybody may come", () => {
    expect(clb({ clients: ["0.0.0.0/0", "192.0.2.0/24"] }).template.resources("alicloud_slb_acl")).toEqual({});
  });

  test("refuses to end TLS, for it would speak in the clear to the nodes", () => {
    expect(() => clb({ tls: "balancer", certificate: CERTIFICATE })).toThrow("kind: clb with tls: balancer; kind: nlb");
  });
});

describe("an ALB", () => {
  const alb = (props: Partial<LoadBalancerProps> = {}) =>
    entry({ kind: "alb", tls: "balancer", certificate: CERTIFICATE, ...props });

  test("ends TLS, speaks TLS to the nodes and tells them the client", () => {
    const { template } = alb();
    expect(template.resource("alicloud_alb_listener", "entry/alb/listener")).toMatchObject({
      listener_port: 443,
      listener_protocol: "HTTPS",
      certificates: [{ certificate_id: CERTIFICATE }],
      security_policy_id: "tls_cipher_policy_1_2_strict_with_1_3",
      request_timeout: 350,
      idle_timeout: 350,
      gzip_enabled: false,
      x_forwarded_for_config: { x_forwarded_for_enabled: true },
    });
    expect(template.resource("alicloud_alb_server_group", "entry/alb/nodes")).toMatchObject({
      protocol: "HTTPS",
      health_check_config: { health_check_protocol: "HTTP", health_check_codes: ["http_2xx"] },
      connection_drain_config: { connection_drain_enabled: true, connection_drain_timeout: 60 },
    });
  });

  test("lists each machine that was added", () => {
    const { template } = alb();
    expect(template.resource("alicloud_alb_server_group", "entry/alb/nodes").servers).toEqual([
      { server_id: "i-node-1", server_type: "Ecs", port: 443, weight: 100, description: "node-1" },
      { server_id: "i-node-2", server_type: "Ecs", port: 443, weight: 100, description: "node-2" },
    ]);
  });

  test("stands behind its security group, and has no address that lasts", () => {
    const { made, template } = alb();
    expect(
      template.resource("alicloud_alb_load_balancer_security_group_attachment", "entry/alb/security-group"),
    ).toMatchObject({ security_group_id: "sg-balancer" });
    expect(made.addresses.size).toBe(0);
  });

  test("waits ten minutes and no longer", () => {
    expect(() => alb({ uploadTimeout: "20m" })).toThrow("breaks it off after 600 s; uploadTimeout: 600s or less");
  });
});

describe("a balancer on Alibaba Cloud", () => {
  test.each(["nlb", "alb"] as const)("of kind %s needs two zones", (kind) => {
    expect(() => entry({ kind, certificate: CERTIFICATE, zones: ["cn-hangzhou-h"] })).toThrow(
      `a balancer of kind ${kind} in cn-hangzhou-h alone; two zones or more, or kind: clb`,
    );
  });

  test.each(["nlb", "alb"] as const)("of kind %s ends TLS with a certificate only", (kind) => {
    expect(() => entry({ kind, tls: "balancer" })).toThrow(`kind ${kind} that ends TLS, without a certificate`);
  });

  test.each([
    ["nlb", "nodes"],
    ["nlb", "balancer"],
    ["clb", "nodes"],
    ["alb", "balancer"],
  ] as const)("of kind %s with TLS at the %s has no fault in the eyes of the provider", (kind, tls) => {
    const { made, template } = entry({
      kind,
      tls,
      certificate: CERTIFICATE,
      clients: ["192.0.2.0/24"],
      tags: { a: "b" },
    });
    expect(schemaFaults(template.json)).toEqual([]);
    expect(made.metrics).toMatchObject({ kind, port: 443 });
  });

  test("can be changed before it is made", () => {
    const { template } = entry({ transform: { nlb: { listener: (config) => ({ ...config, cps: 1000 }) } } });
    expect(template.resource("alicloud_nlb_listener", "entry/nlb/listener").cps).toBe(1000);
  });
});

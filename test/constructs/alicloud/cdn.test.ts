import { expect, test } from "vitest";
import { Cdn, type CdnProps, cdnScope } from "../../../constructs/alicloud/cdn.js";
import { synthesized, type Template } from "../template.js";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

function cdn(props: Partial<CdnProps> = {}) {
  const stack = alicloudStack();
  const made = new Cdn(stack, "cdn", {
    name: "prod-hangzhou",
    hostname: "cdn.example.com",
    certificate: "87654321-cn-hangzhou",
    origin: "registry.example.com",
    ...props,
  });
  return { made, template: synthesized(stack) };
}

/** Arguments of a function of the CDN, as pairs in the order of their names. */
function setting(template: Template, name: string): unknown {
  const { function_args } = template.resource("alicloud_cdn_domain_config", `cdn/${name}`);
  return function_args;
}

test("a CDN shows its certificate, and fetches over TLS from the registry by its name", () => {
  const { template } = cdn();
  expect(template.resource("alicloud_cdn_domain_new", "cdn/domain")).toMatchObject({
    domain_name: "cdn.example.com",
    cdn_type: "download",
    scope: "domestic",
    sources: [{ type: "domain", content: "registry.example.com", port: 443 }],
    certificate_config: { cert_type: "cas", cert_id: "87654321", cert_region: "cn-hangzhou" },
  });
  expect(setting(template, "forward_scheme")).toContainEqual({ arg_name: "scheme_origin", arg_value: "https" });
  for (const name of ["set_req_host_header", "https_origin_sni"]) {
    expect(setting(template, name)).toContainEqual(expect.objectContaining({ arg_value: "registry.example.com" }));
  }
});

test("a CDN serves the side of the Chinese border that its region is on", () => {
  expect(["cn-hangzhou", "cn-hongkong", "ap-southeast-1"].map(cdnScope)).toEqual(["domestic", "overseas", "overseas"]);
  expect(cdn({ scope: "global" }).template.resource("alicloud_cdn_domain_new", "cdn/domain").scope).toBe("global");
});

test("a CDN speaks TLS 1.2 and newer only", () => {
  expect(setting(cdn().template, "https_tls_version")).toEqual([
    { arg_name: "tls10", arg_value: "off" },
    { arg_name: "tls11", arg_value: "off" },
    { arg_name: "tls12", arg_value: "on" },
    { arg_name: "tls13", arg_value: "on" },
  ]);
});

test.each([
  [false, "off"],
  [true, "on"],
])("a CDN with keepsLayers: %s has the registry's word on what may be kept: %s", (keepsLayers, word) => {
  expect(setting(cdn({ keepsLayers }).template, "path_based_ttl_set")).toEqual([
    { arg_name: "path", arg_value: "/" },
    { arg_name: "ttl", arg_value: "0" },
    { arg_name: "weight", arg_value: "99" },
    { arg_name: "swift_origin_cache_high", arg_value: word },
  ]);
});

test("a CDN's name becomes an alias where its zone is known", () => {
  const { made, template } = cdn({ zone: "example.com" });
  const cname = template.reference("alicloud_cdn_domain_new", "cdn/domain", "cname");
  expect(template.resolved(made.address)).toBe(cname);
  expect(template.resource("alicloud_alidns_record", "cdn/alias")).toMatchObject({
    domain_name: "example.com",
    rr: "cdn",
    type: "CNAME",
    value: cname,
  });
  expect(cdn().template.resources("alicloud_alidns_record")).toEqual({});
  expect(cdn({ zone: "example.org" }).template.resources("alicloud_alidns_record")).toEqual({});
});

test("a CDN refuses a registry on another port, and an id that is none of a certificate", () => {
  expect(() => cdn({ port: 8443 })).toThrow("a CDN before a registry on port 8443; ports: { https: 443 }, or no cdn");
  expect(() => cdn({ certificate: "87654321" })).toThrow("87654321 is no id of a certificate");
});

test("a CDN has no fault in the eyes of the provider", () => {
  expect(schemaFaults(cdn({ zone: "example.com", tags: { a: "b" } }).template.json)).toEqual([]);
});

import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Cdn, type CdnProps } from "../../../constructs/aws/cdn.js";
import { synthesized } from "../template.js";

function cdn(props: Partial<CdnProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  new Cdn(stack, "cdn", {
    name: "prod",
    hostname: "pull.example.com",
    certificate: "arn:aws:acm:us-east-1:1:certificate/c",
    origin: "registry.example.com",
    ...props,
  });
  const template = synthesized(stack);
  return { template, distribution: template.resource("aws_cloudfront_distribution", "cdn/distribution") };
}

describe("a CDN", () => {
  test("keeps nothing, and passes on every method and all that a client says", () => {
    const { distribution, template } = cdn();
    expect(distribution.default_cache_behavior).toMatchObject({
      // CachingDisabled, AllViewerExceptHostHeader
      cache_policy_id: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      origin_request_policy_id: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
      allowed_methods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      viewer_protocol_policy: "https-only",
    });
    expect(distribution).not.toHaveProperty("ordered_cache_behavior");
    expect(template.resources("aws_cloudfront_cache_policy")).toEqual({});
  });

  test("speaks TLS 1.2 or newer, to clients and to the registry", () => {
    const { distribution } = cdn({ port: 8443 });
    expect(distribution.viewer_certificate).toMatchObject({
      acm_certificate_arn: "arn:aws:acm:us-east-1:1:certificate/c",
      minimum_protocol_version: "TLSv1.2_2021",
    });
    expect(distribution.origin).toMatchObject([
      {
        domain_name: "registry.example.com",
        custom_origin_config: {
          origin_protocol_policy: "https-only",
          origin_ssl_protocols: ["TLSv1.2"],
          https_port: 8443,
        },
      },
    ]);
  });

  test("forgets at once that something was not there, for it may be pushed in the next second", () => {
    const { distribution } = cdn();
    expect(distribution.custom_error_response).toContainEqual({ error_code: 404, error_caching_min_ttl: 0 });
  });

  test("keeps layers where nobody is asked for a password, and only as long as the registry says", () => {
    const { distribution, template } = cdn({ keepsLayers: true });
    expect(distribution.ordered_cache_behavior).toMatchObject([
      {
        path_pattern: "/v2/*/blobs/sha256:*",
        cache_policy_id: template.reference("aws_cloudfront_cache_policy", "cdn/layers", "id"),
        cached_methods: ["GET", "HEAD"],
      },
    ]);
    expect(template.resource("aws_cloudfront_cache_policy", "cdn/layers")).toMatchObject({ default_ttl: 0 });
  });

  test("gets a record where a zone is named: a CNAME, or an alias for the zone's own name", () => {
    expect(cdn().template.resources("aws_route53_record")).toEqual({});
    const { template } = cdn({ zone: "example.com" });
    expect(template.resource("aws_route53_record", "cdn/record")).toMatchObject({
      type: "CNAME",
      records: [template.reference("aws_cloudfront_distribution", "cdn/distribution", "domain_name")],
    });
    const apex = cdn({ zone: "pull.example.com" }).template;
    expect(apex.resource("aws_route53_record", "cdn/record")).toMatchObject({
      type: "A",
      alias: { zone_id: apex.reference("aws_cloudfront_distribution", "cdn/distribution", "hosted_zone_id") },
    });
  });
});

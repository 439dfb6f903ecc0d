import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Certificate, type CertificateProps } from "../../../constructs/aws/certificate.js";
import { synthesized } from "../template.js";

function certificate(props: Partial<CertificateProps>) {
  const stack = new TerraformStack(Testing.app(), "site");
  const made = new Certificate(stack, "certificate", { name: "prod", hostname: "registry.example.com", ...props });
  return { made, template: synthesized(stack) };
}

describe("a certificate", () => {
  test("is proved by the record that ACM asks for, in the public zone of the name", () => {
    const { template } = certificate({ zone: "example.com" });
    const wanted = template.reference("aws_acm_certificate", "certificate/certificate", "domain_validation_options");
    const first = `\${tolist(${wanted.slice(2, -1)}).0`;
    expect(template.resource("aws_route53_record", "certificate/proof")).toMatchObject({
      zone_id: template.reference("aws_route53_zone", "certificate/public-zone", "zone_id"),
      name: `${first}.resource_record_name}`,
      type: `${first}.resource_record_type}`,
      records: [`${first}.resource_record_value}`],
      allow_overwrite: true,
    });
    expect(template.dataSources("aws_route53_zone")["certificate/public-zone"]).toMatchObject({
      name: "example.com",
      private_zone: false,
    });
  });

  test("is used once it is signed, and never before", () => {
    const { made, template } = certificate({ zone: "example.com" });
    expect(template.resolved(made.id)).toBe(
      template.reference("aws_acm_certificate_validation", "certificate/validation", "certificate_arn"),
    );
  });

  test("is there before the one it replaces goes", () => {
    const { template } = certificate({ zone: "example.com" });
    expect(template.resource("aws_acm_certificate", "certificate/certificate")).toMatchObject({
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
  });

  test("that exists is taken as it is", () => {
    const { made, template } = certificate({ existing: "arn:aws:acm:eu-central-1:1:certificate/c" });
    expect(made.id).toBe("arn:aws:acm:eu-central-1:1:certificate/c");
    expect(template.addresses).toEqual([]);
  });

  test("cannot be proved without a zone", () => {
    expect(() => certificate({})).toThrow("registry.example.com without a public zone");
  });
});

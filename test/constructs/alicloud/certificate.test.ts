import { expect, test } from "vitest";
import { Certificate } from "../../../constructs/alicloud/certificate.js";
import { synthesized } from "../template.js";
import { alicloudStack } from "./site.js";

function certificate(existing?: string) {
  const stack = alicloudStack();
  const made = new Certificate(stack, "certificate", {
    name: "prod-hangzhou",
    hostname: "registry.example.com",
    ...(existing === undefined ? {} : { existing }),
  });
  return { made, template: synthesized(stack) };
}

test("a certificate that you have is named, and nothing is made", () => {
  const { made, template } = certificate("12345678-cn-hangzhou");
  expect(made.id).toBe("12345678-cn-hangzhou");
  expect(template.addresses).toEqual([]);
});

test("without one it is said where to get it", () => {
  expect(() => certificate()).toThrow(
    "no certificate of Alibaba Cloud for registry.example.com; upload or buy one in the certificate service",
  );
});

test("an id without its region is refused: a balancer would not find the certificate", () => {
  expect(() => certificate("12345678")).toThrow(
    "12345678 is no id that a balancer takes; the number of the certificate",
  );
});

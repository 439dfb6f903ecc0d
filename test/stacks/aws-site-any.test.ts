import fc from "fast-check";
import { expect, test } from "vitest";
import { Problem } from "../../spec/problem.js";
import { awsSites } from "../arbitrary/cloud-site.js";
import { validRegistries } from "../arbitrary/registry.js";
import { names } from "../arbitrary/text.js";
import type { Template } from "../constructs/template.js";
import { templateOf } from "./aws-stack.js";
import { byAddress } from "./by-address.js";

const environments = fc.constantFrom(1, 2, 3, 9).chain((nodes) => {
  const setting = { version: "3.1", provider: "aws", nodes } as const;
  return fc.record({ environment: names, registry: validRegistries(setting), sites: fc.tuple(awsSites(setting)) });
});

/** Milliseconds: dozens of stacks are made. */
const SLOW = 60_000;

/** The stack of an environment, or undefined when it is refused with a reason. */
function templateOrRefusal(file: Parameters<typeof templateOf>[0]): Template | undefined {
  try {
    return templateOf(file);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

test(
  "any site becomes a stack in which no machine, bucket or disk is open",
  () => {
    let made = 0;
    fc.assert(
      fc.property(environments, (file) => {
        const template = templateOrRefusal(file);
        if (template === undefined) return;
        made += 1;
        expect(template.json).not.toMatch(/PRIVATE KEY|"(password|secret_key|access_key|secret)":/);
        for (const [address, body] of byAddress(template)) {
          if (address.startsWith("aws_instance.")) expect(isClosedMachine(body), address).toBe(true);
          if (address.startsWith("aws_vpc_security_group_ingress_rule.")) expect(isOpenSsh(body), address).toBe(false);
        }
        const buckets = Object.keys(template.resources("aws_s3_bucket"));
        expect(Object.keys(template.resources("aws_s3_bucket_public_access_block"))).toHaveLength(buckets.length);
        expect(Object.keys(template.resources("aws_s3_bucket_policy"))).toHaveLength(buckets.length);
      }),
      { numRuns: 15 },
    );
    expect(made).toBeGreaterThan(0);
  },
  SLOW,
);

/** Whether only metadata of version 2 is given out, and the disk is encrypted. */
function isClosedMachine(body: Readonly<Record<string, unknown>>): boolean {
  const metadata: unknown = [body.metadata_options].flat()[0];
  const disk: unknown = [body.root_block_device].flat()[0];
  return Object(metadata).http_tokens === "required" && Object(disk).encrypted === true;
}

function isOpenSsh(body: Readonly<Record<string, unknown>>): boolean {
  return body.from_port === 22 && body.cidr_ipv4 === "0.0.0.0/0";
}

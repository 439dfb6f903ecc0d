import { describe, expect, test } from "vitest";
import { type Diagnostic, failure } from "../../infrastructure/diagnostics.js";
import { Problem, Problems } from "../../spec/problem.js";

const run = { program: "/usr/bin/terraform", folder: "/srv/site", verb: "apply" };

function problem(summary: string, detail = ""): Problem {
  const found = failure(run, [{ summary, detail }], "");
  if (!(found instanceof Problem)) throw new Error("several problems of one complaint");
  return found;
}

/** Complaints as Terraform, the providers and the clouds' APIs spell them. */
const COMPLAINTS: readonly (readonly [string, string])[] = [
  ["interrupted", "creating EC2 VPC: operation error EC2: CreateVpc, request canceled, context canceled"],
  ["credentials-missing", "No valid credential sources found"],
  [
    "credentials-missing",
    "configuring Terraform Alibaba Cloud Provider: no valid credential sources for Terraform Alibaba Cloud Provider found.",
  ],
  [
    "credentials-expired",
    "operation error STS: GetCallerIdentity, api error ExpiredToken: The security token included in the request is expired",
  ],
  ["credentials-expired", "ErrorCode: InvalidSecurityToken.Expired"],
  ["credentials-refused", "api error InvalidClientTokenId: The security token included in the request is invalid."],
  ["credentials-refused", "ErrorCode: InvalidAccessKeyId.NotFound Message: Specified access key is not found."],
  ["rights-missing", "api error UnauthorizedOperation: You are not authorized to perform this operation."],
  ["rights-missing", "ErrorCode: Forbidden.RAM Message: User not authorized to operate on the specified resource"],
  ["quota", "api error VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit"],
  ["quota", "ErrorCode: QuotaExceeded.Eip Message: Elastic IP address quota exceeded"],
  ["out-of-stock", "api error InsufficientInstanceCapacity: We currently do not have sufficient c7i.xlarge capacity"],
  ["out-of-stock", "ErrorCode: OperationDenied.NoStock Message: The requested resource is sold out"],
  ["region", "Invalid AWS Region: eu-nowhere-1"],
  [
    "region",
    "Invalid Alibaba Cloud region: cn-nowhere. You can skip checking this region by setting provider parameter",
  ],
  ["image-unknown", "api error InvalidAMIID.NotFound: The image id '[ami-1]' does not exist"],
  ["bucket-taken", "creating S3 Bucket (images): BucketAlreadyExists: The requested bucket name is not available."],
  ["bucket-not-empty", "deleting S3 Bucket (images): api error BucketNotEmpty"],
  [
    "protected",
    "api error OperationNotPermitted: The instance 'i-1' may not be terminated. Modify its 'disableApiTermination' instance attribute",
  ],
  [
    "data-would-go",
    "Resource aws_kms_key.key_key_1A2B3C4D has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed.",
  ],
  ["account-unpaid", "ErrorCode: InvalidAccountStatus.NotEnoughBalance"],
  ["service-closed", "ErrorCode: ServiceNotOpen Message: The service is not open"],
  ["state-elsewhere", "Backend configuration changed"],
  ["state-store-missing", 'S3 bucket "states" does not exist.'],
  ["plan-stale", "Saved plan is stale"],
  ["throttled", "api error RequestLimitExceeded: Request limit exceeded."],
  ["unreachable", "dial tcp 192.0.2.1:443: i/o timeout"],
];

describe("a complaint", () => {
  test.each(COMPLAINTS)("is known as %s: %s", (code, text) => {
    const { details } = problem("creating something", text);
    expect(details.code).toBe(`infrastructure/${code}`);
    expect(details.instead).not.toContain("{{");
    expect(details.log?.join("\n")).toContain(text.split("\n")[0]);
  });

  test("that nobody knows is told as it is", () => {
    const { details } = problem("Invalid function argument", "on cdk.tf.json line 3");
    expect(details).toMatchObject({
      code: "infrastructure/apply-failed",
      says: "Terraform cannot apply: Invalid function argument",
      log: ["Invalid function argument", "on cdk.tf.json line 3"],
    });
  });

  test("about a lock says who has held it since when, and how to take it away", () => {
    const { details } = problem(
      "Error acquiring the state lock",
      "Error message: …\nLock Info:\n  ID:        8d0a\n  Path:      states/site.tfstate\n  Operation: OperationTypeApply\n  Who:       ops@laptop\n  Version:   1.11.4\n  Created:   2026-11-25 12:36:04.9 +0000 UTC\n  Info:      \n",
    );
    expect(details.code).toBe("infrastructure/state-locked");
    expect(details.says).toBe("ops@laptop is at work on this site since 2026-11-25 12:36:04: the state is locked");
    expect(details.instead).toContain("/usr/bin/terraform -chdir=/srv/site force-unlock 8d0a");
  });

  test("without -json is read from its frame", () => {
    const text = "\n╷\n│ Error: Backend configuration changed\n│ \n│ A change in the backend was detected\n╵\n";
    const found = failure({ ...run, verb: "init" }, [], text);
    expect(found).toMatchObject({ details: { code: "infrastructure/state-elsewhere" } });
  });
});

test("several complaints are told once each", () => {
  const quota: Diagnostic = { summary: "creating EIP", detail: "AddressLimitExceeded" };
  const found = failure(run, [quota, quota, { summary: "creating image", detail: "InvalidAMIID" }], "");
  expect(found).toBeInstanceOf(Problems);
  expect(found instanceof Problems && found.problems.map(({ code }) => code)).toEqual([
    "infrastructure/quota",
    "infrastructure/image-unknown",
  ]);
});

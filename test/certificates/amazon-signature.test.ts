import { expect, test } from "vitest";
import { signedAmazon } from "../../certificates/amazon-signature.js";
import { Secret } from "../../spec/secret.js";

const KEYS = {
  accessKey: "AKIDEXAMPLE",
  secretKey: new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
};
const DATE = new Date("2015-08-30T12:36:00Z");

/** The example of Amazon's own description of the method: "Create a signed AWS API request", ListUsers. */
test("the documented example has the documented signature", async () => {
  const { headers } = await signedAmazon(
    {
      method: "GET",
      url: new URL("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"),
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    },
    KEYS,
    { service: "iam", region: "us-east-1" },
    DATE,
  );
  expect(headers.authorization).toContain("Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request");
  expect(headers.authorization).toContain("Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
});

test("a token for a while is sent and signed", async () => {
  const { headers } = await signedAmazon(
    { method: "GET", url: new URL("https://route53.amazonaws.com/2013-04-01/hostedzonesbyname") },
    { ...KEYS, token: new Secret("token") },
    { service: "route53", region: "us-east-1" },
    DATE,
  );
  expect(headers["x-amz-security-token"]).toBe("token");
  expect(headers.authorization).toContain("x-amz-security-token");
});

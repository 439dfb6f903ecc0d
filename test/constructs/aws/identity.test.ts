import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Identity, type IdentityProps } from "../../../constructs/aws/identity.js";
import { documentIn, synthesized } from "../template.js";

function identityOf(change: (identity: Identity) => void = () => {}, props: Partial<IdentityProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  change(new Identity(stack, "identity", { name: "prod-frankfurt", description: "nodes", ...props }));
  return synthesized(stack);
}

describe("an identity", () => {
  test("is taken on by machines only", () => {
    const template = identityOf();
    const suffix = template.reference("aws_partition", "account/partition", "dns_suffix");
    expect(documentIn(template.resource("aws_iam_role", "identity/role").assume_role_policy)).toMatchObject({
      Statement: [{ Effect: "Allow", Principal: { Service: `ec2.${suffix}` }, Action: "sts:AssumeRole" }],
    });
    expect(template.resource("aws_iam_instance_profile", "identity/profile")).toMatchObject({
      role: template.reference("aws_iam_role", "identity/role", "name"),
    });
  });

  test("has no right until one is given", () => {
    expect(identityOf().addresses.filter((address) => address.includes("policy"))).toEqual([]);
  });

  test("gets each right under its own name, with its condition", () => {
    const template = identityOf((identity) => {
      identity.allow("mail", {
        actions: ["ses:SendEmail"],
        resources: ["*"],
        when: { Bool: { "aws:Secure": "true" } },
      });
      identity.allow("queue", { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:::queue"] });
    });
    expect(documentIn(template.resource("aws_iam_role_policy", "identity/mail").policy)).toMatchObject({
      Statement: [{ Action: ["ses:SendEmail"], Resource: ["*"], Condition: { Bool: { "aws:Secure": "true" } } }],
    });
    expect(Object.keys(template.resources("aws_iam_role_policy"))).toEqual(["identity/mail", "identity/queue"]);
  });

  test("opens sessions without reading parameters of the account", () => {
    const right = identityOf(() => {}, { sessions: true }).resource("aws_iam_role_policy", "identity/sessions");
    expect(right.policy).toContain("ssmmessages:OpenDataChannel");
    expect(right.policy).not.toContain("GetParameter");
  });

  test("keeps two long names apart", () => {
    const nameOf = (name: string) => identityOf(() => {}, { name }).resource("aws_iam_role", "identity/role").name;
    const [one, other] = [nameOf(`${"a".repeat(70)}1`), nameOf(`${"a".repeat(70)}2`)];
    expect(one).not.toBe(other);
    expect(String(one).length).toBeLessThanOrEqual(64);
  });
});

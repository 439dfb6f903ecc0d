import * as z from "zod";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { type AmazonRequests, textAt } from "./amazon-requests.js";
import { settled } from "./settled.js";

/** The role that made a data base, as RDS keeps it in Secrets Manager. */
export interface Administrator {
  readonly user: string;
  readonly password: Secret;
}

const secretSchema = z.object({ SecretString: z.string() });
const administratorSchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "is no JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.object({ username: z.string(), password: z.string() }));

/** Who a user that ElastiCache lets in is: all that Harbor asks for; what would endanger the instance nobody gets. */
const LET_IN = "on ~* &* +@all";

/**
 * The administrator of a data base of RDS. RDS gives it a new password each week.
 * @param secret - ARN of the secret that RDS keeps it in
 * @throws CloudRefusal, CloudSilent; Problem `services/no-administrator`
 */
export async function databaseAdministrator(requests: AmazonRequests, secret: string): Promise<Administrator> {
  const answer = secretSchema.safeParse(await requests.json("secretsmanager", "GetSecretValue", { SecretId: secret }));
  const found = administratorSchema.safeParse(answer.data?.SecretString);
  if (!found.success) {
    throw new Problem({
      code: "services/no-administrator",
      says: `${secret} does not hold the name and the password of the data base's administrator`,
      instead: "let RDS keep the password of its master user in Secrets Manager, as the stack of the site says",
    });
  }
  return { user: found.data.username, password: new Secret(found.data.password) };
}

/** Whether ElastiCache lets a user in that asks with a password. */
export async function isCacheUserOn(requests: AmazonRequests, userId: string): Promise<boolean> {
  const found = await userOf(requests, userId);
  return found.access?.startsWith("on ") === true && found.authentication === "password";
}

/**
 * Gives a user of ElastiCache its password and lets it in. Connections that there are stay.
 * @throws CloudRefusal, CloudSilent; Problem `services/not-settled`
 */
export async function giveCachePassword(requests: AmazonRequests, userId: string, password: Secret): Promise<void> {
  await requests.query("elasticache", "ModifyUser", {
    UserId: userId,
    AccessString: LET_IN,
    "AuthenticationMode.Type": "password",
    "AuthenticationMode.Passwords.member.1": password.reveal(),
  });
  await settled(`the user ${userId} of ElastiCache`, async () => {
    const { status } = await userOf(requests, userId);
    return status === "active";
  });
}

async function userOf(requests: AmazonRequests, userId: string) {
  const answer = await requests.query("elasticache", "DescribeUsers", { UserId: userId });
  const told = (...path: readonly string[]) => textAt(answer, "DescribeUsersResult", "Users", "member", ...path);
  return { status: told("Status"), access: told("AccessString"), authentication: told("Authentication", "Type") };
}

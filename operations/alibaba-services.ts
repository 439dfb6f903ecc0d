import * as z from "zod";
import type { Secret } from "../spec/secret.js";
import type { AlibabaRequests } from "./alibaba-requests.js";
import { CloudRefusal } from "./cloud-api.js";
import { settled } from "./settled.js";

/** Whose data base it is. */
export interface Owner {
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
}

const accountsSchema = z.object({
  Accounts: z.object({
    DBInstanceAccount: z.array(
      z.object({
        AccountStatus: z.string(),
        DatabasePrivileges: z
          .object({
            DatabasePrivilege: z.array(z.object({ DBName: z.string(), AccountPrivilege: z.string() })).default([]),
          })
          .optional(),
      }),
    ),
  }),
});

const cachesSchema = z.object({
  Instances: z.object({ DBInstanceAttribute: z.array(z.object({ InstanceStatus: z.string() })) }),
});

/** An instance that does something else just now says so, and takes the same request a moment later. */
const BUSY =
  /IncorrectDBInstanceState|OperationDenied\.DBInstanceStatus|IncorrectDBInstanceLockMode|InvalidInstanceState|OperationDenied\.OtherOperation/i;

/**
 * Makes the account that owns a data base of RDS, or gives the one that is there its password. It is an ordinary one.
 * @throws CloudRefusal, CloudSilent; Problem `services/not-settled`
 */
export async function giveOwner(requests: AlibabaRequests, instance: string, owner: Owner): Promise<void> {
  const { user, password, database } = owner;
  const account = { DBInstanceId: instance, AccountName: user };
  const secret = { ...account, AccountPassword: password.reveal() };
  const known = await accountOf(requests, account);
  await whenIdle(`the data base ${instance}`, () =>
    known === undefined
      ? requests.ask("rds", "CreateAccount", { ...secret, AccountType: "Normal" })
      : requests.ask("rds", "ResetAccountPassword", secret),
  );
  await settled(`the account ${user} of ${instance}`, async () => {
    const found = await accountOf(requests, account);
    return found?.AccountStatus === "Available";
  });
  const rights = known?.DatabasePrivileges?.DatabasePrivilege ?? [];
  if (rights.some(({ DBName, AccountPrivilege }) => DBName === database && AccountPrivilege === "DBOwner")) return;
  await whenIdle(`the data base ${instance}`, () =>
    requests.ask("rds", "GrantAccountPrivilege", { ...account, DBName: database, AccountPrivilege: "DBOwner" }),
  );
}

/**
 * Gives an instance of Tair its password. Connections that there are stay.
 * @throws CloudRefusal, CloudSilent; Problem `services/not-settled`
 */
export async function giveTairPassword(requests: AlibabaRequests, instance: string, password: Secret): Promise<void> {
  const asked = { InstanceId: instance, NewPassword: password.reveal() };
  await whenIdle(`the Redis ${instance}`, () => requests.ask("r-kvstore", "ModifyInstanceAttribute", asked));
  await settled(`the Redis ${instance}`, async () => {
    const answer = await requests.ask("r-kvstore", "DescribeInstanceAttribute", { InstanceId: instance });
    return cachesSchema
      .parse(answer)
      .Instances.DBInstanceAttribute.every(({ InstanceStatus }) => InstanceStatus === "Normal");
  });
}

async function accountOf(requests: AlibabaRequests, account: Readonly<Record<string, string>>) {
  const answer = accountsSchema.parse(await requests.ask("rds", "DescribeAccounts", account));
  return answer.Accounts.DBInstanceAccount[0];
}

/** An answer that says "not now" is no refusal. */
async function whenIdle(what: string, ask: () => Promise<unknown>): Promise<void> {
  await settled(what, async () => {
    try {
      await ask();
      return true;
    } catch (error) {
      if (error instanceof CloudRefusal && BUSY.test(error.code)) return false;
      throw error;
    }
  });
}

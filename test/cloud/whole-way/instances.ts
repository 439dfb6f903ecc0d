import { expect } from "vitest";
import type { MotoServer } from "../moto/moto-server.js";

/** A machine as EC2 tells of it. */
export interface Instance {
  readonly id: string;
  readonly state: string;
  readonly type: string;
  readonly address: string;
  /** Name of its instance profile. */
  readonly profile: string;
}

/** Machines that run. */
export async function runningInstances(moto: MotoServer): Promise<Instance[]> {
  const told = await moto.query("ec2", "DescribeInstances");
  const instances = told.split(/(?=<instanceId>)/).slice(1);
  return instances.map(instanceOf).filter(({ state }) => state === "running");
}

function instanceOf(told: string): Instance {
  const field = (pattern: RegExp) => pattern.exec(told)?.[1] ?? "";
  return {
    id: field(/<instanceId>([^<]+)</),
    state: field(/<instanceState>[\s\S]*?<name>([^<]+)</),
    type: field(/<instanceType>([^<]+)</),
    address: field(/<privateIpAddress>([^<]+)</),
    profile: field(/instance-profile\/([^<]+)</),
  };
}

/** Waits until no machine runs that has the id. */
export async function untilEnded(moto: MotoServer, id: string): Promise<void> {
  const ids = async () => (await runningInstances(moto)).map((instance) => instance.id);
  await expect.poll(ids, { timeout: 300_000, interval: 200 }).not.toContain(id);
}

/** Waits until there is a machine that was given its profile, and gives the name of its role. */
export async function roleOfInstances(moto: MotoServer): Promise<string> {
  const profile = async () => (await runningInstances(moto)).find((instance) => instance.profile !== "")?.profile;
  await expect.poll(profile, { timeout: 300_000, interval: 1_000 }).toBeDefined();
  const told = await moto.query("iam", "GetInstanceProfile", `InstanceProfileName=${await profile()}`);
  const role = /<RoleName>([^<]+)</.exec(told)?.[1];
  if (role === undefined) throw new Error(`the machines have no role: ${told}`);
  return role;
}

/** What a machine's first boot takes over: the public half of the key pair; undefined while there is none. */
export async function publicKeyOfInstances(moto: MotoServer): Promise<string | undefined> {
  const told = await moto.query("ec2", "DescribeKeyPairs", "IncludePublicKey=true");
  return /<publicKey>([^<]+)<\/publicKey>/.exec(told)?.[1]?.trim();
}

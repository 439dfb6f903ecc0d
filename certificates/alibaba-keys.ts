import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import type { CloudKeys } from "./cloud-keys.js";

/** Names of the variables, the preferred one first, as Terraform's provider 1.285 reads them. */
const VARIABLES = {
  accessKey: ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY"],
  secretKey: ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY"],
  token: ["ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN"],
  profile: ["ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"],
  file: ["ALIBABA_CLOUD_CREDENTIALS_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE"],
} as const;

const configSchema = z.object({
  current: z.string().optional(),
  profiles: z.array(
    z.object({
      name: z.string(),
      mode: z.string().default("AK"),
      access_key_id: z.string().default(""),
      access_key_secret: z.string().default(""),
      sts_token: z.string().default(""),
    }),
  ),
});

/**
 * The operator's keys for Alibaba Cloud: from the environment, or from the profiles of the `aliyun` command.
 * @returns undefined where neither has any
 * @throws Problem `dns/profile-without-keys` for a profile that would have to ask for keys elsewhere
 */
export async function alibabaKeys(variables: NodeJS.ProcessEnv): Promise<CloudKeys | undefined> {
  const said = (names: readonly string[]) => names.map((name) => variables[name]).find(Boolean);
  const accessKey = said(VARIABLES.accessKey);
  const secretKey = said(VARIABLES.secretKey);
  if (accessKey !== undefined && secretKey !== undefined) {
    return keys(accessKey, secretKey, said(VARIABLES.token));
  }
  const file = said(VARIABLES.file) ?? join(variables.HOME || homedir(), ".aliyun", "config.json");
  return keysOfProfile(file, said(VARIABLES.profile));
}

async function keysOfProfile(file: string, named: string | undefined): Promise<CloudKeys | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  const parsed = configSchema.safeParse(text === undefined ? undefined : parsedJson(text));
  if (!parsed.success) return undefined;
  const name = named ?? parsed.data.current ?? "default";
  const profile = parsed.data.profiles.find((one) => one.name === name);
  if (profile === undefined) return undefined;
  if (profile.access_key_id !== "" && profile.access_key_secret !== "" && ["AK", "StsToken"].includes(profile.mode)) {
    return keys(profile.access_key_id, profile.access_key_secret, profile.sts_token || undefined);
  }
  throw new Problem({
    code: "dns/profile-without-keys",
    says: `profile ${name} in ${file} is of mode ${profile.mode}, whose keys this version cannot ask for`,
    instead:
      "set ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN to those that `aliyun sts AssumeRole` gives, or name another with ALIBABA_CLOUD_PROFILE",
  });
}

function keys(accessKey: string, secretKey: string, token: string | undefined): CloudKeys {
  return { accessKey, secretKey: new Secret(secretKey), ...(token === undefined ? {} : { token: new Secret(token) }) };
}

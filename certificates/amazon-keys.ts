import { Secret } from "../spec/secret.js";
import type { CloudKeys } from "./cloud-keys.js";

/**
 * The operator's keys for AWS by AWS's own chain: the environment, a profile with its files, single sign-on, a role.
 * @param profile - the profile to take. @default - the one that AWS_PROFILE names
 * @returns undefined where none of them has any
 */
export async function amazonKeys(profile?: string): Promise<CloudKeys | undefined> {
  // Loaded when it is needed only: few commands are, and it reads a hundred files.
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await defaultProvider(
      profile === undefined ? {} : { profile },
    )();
    const token = sessionToken === undefined ? {} : { token: new Secret(sessionToken) };
    return { accessKey: accessKeyId, secretKey: new Secret(secretAccessKey), ...token };
  } catch (error) {
    // Also what hinders a single one of them, as a session that has ended: the message says so and names no secret.
    if (error instanceof Error && /Could not load credentials from any providers/.test(error.message)) return undefined;
    throw error;
  }
}

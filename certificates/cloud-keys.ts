import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import type { LetsEncrypt } from "../spec/certificate.js";
import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import { alibabaKeys } from "./alibaba-keys.js";
import { amazonKeys } from "./amazon-keys.js";

/** What a request to a cloud is signed with. */
export interface CloudKeys {
  readonly accessKey: string;
  readonly secretKey: Secret;
  /** Token of keys that are valid for a while only. @default - the keys stay valid */
  readonly token?: Secret;
}

export type DnsProvider = LetsEncrypt["dns"]["provider"];

/** How the providers are called where people read it. */
export const PROVIDER_NAMES: Readonly<Record<DnsProvider, string>> = {
  route53: "Amazon Route 53",
  alidns: "Alibaba Cloud DNS",
};

/**
 * The keys for a zone: those that were kept for this environment, otherwise the operator's own, found where Terraform's
 * provider for that cloud finds them.
 * @param environment - name of the environment, for what is to be typed
 * @throws Problem `dns/no-credentials`, `dns/keys-incomplete`
 */
export async function keysFor(
  provider: DnsProvider,
  store: SecretStore,
  environment: string,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<CloudKeys> {
  const accessKey = store.get(secretName.dnsAccessKey);
  const secretKey = store.get(secretName.dnsSecretKey);
  if (accessKey !== undefined && secretKey !== undefined) return { accessKey: accessKey.reveal(), secretKey };
  if (accessKey !== undefined || secretKey !== undefined) {
    const missing = accessKey === undefined ? secretName.dnsAccessKey : secretName.dnsSecretKey;
    throw new Problem({
      code: "dns/keys-incomplete",
      says: `one of the two keys for the DNS zone is in ${store.path}, and ${missing} is not`,
      instead: `harborwright secret set ${environment} ${missing}`,
    });
  }
  const found = provider === "route53" ? await amazonKeys().catch(notGiven) : await alibabaKeys(variables);
  if (found !== undefined) return found;
  throw new Problem({
    code: "dns/no-credentials",
    says: `there are no credentials for ${PROVIDER_NAMES[provider]}`,
    instead: `${WHERE[provider]}; or keep a pair of keys: harborwright secret set ${environment} dns-access-key, and dns-secret-key`,
  });
}

/** A profile that should have keys and has none now: a session that has ended, a program that failed. */
function notGiven(error: unknown): never {
  throw new Problem({
    code: "dns/credentials-not-given",
    says: `your profile gives no credentials for AWS: ${error instanceof Error ? error.message : error}`,
    instead: "`aws sts get-caller-identity` must work with it; a session is begun anew with `aws sso login`",
  });
}

const WHERE: Readonly<Record<DnsProvider, string>> = {
  route53: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, as for Terraform",
  alidns:
    "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or ALIBABA_CLOUD_PROFILE, as for Terraform",
};

/** What is told of a failure: a part of a problem's details. */
export interface Explanation {
  readonly code: string;
  readonly says: string;
  readonly instead: string;
}

/** What a host's own role can have against it, by the kind that the script tells. */
export const ROLE_KINDS: Readonly<Record<string, (detail: string) => Explanation>> = {
  "no-metadata": (detail) => ({
    code: "no-metadata",
    says: `no metadata service answers, which has the keys of the machine's role (${detail})`,
    instead: `${OPEN_METADATA}. Machines that are not on EC2 have no role: ${GIVE_KEYS}`,
  }),
  "no-token": (status) => ({
    code: "no-metadata",
    says: `the metadata service, which has the keys of the machine's role, answers ${status}`,
    instead: OPEN_METADATA,
  }),
  "no-role": () => ({
    code: "no-role",
    says: "the machine has no role",
    instead: `attach one: aws ec2 associate-iam-instance-profile --instance-id ID --iam-instance-profile Name=PROFILE; or ${GIVE_KEYS}`,
  }),
  "no-keys": (detail) => {
    const [role = "", ...why] = detail.split(" ");
    return {
      code: "no-role",
      says: `the metadata service has no keys of the role ${role} (${why.join(" ")})`,
      instead: `see that the role ${role} exists and that its trust policy lets ec2.amazonaws.com take it; then attach its instance profile anew`,
    };
  },
};

const OPEN_METADATA =
  "switch it on: aws ec2 modify-instance-metadata-options --instance-id ID --http-endpoint enabled --http-put-response-hop-limit 1; and see that no firewall of the host keeps 169.254.169.254 away";
const GIVE_KEYS = "registry.storage.credentials: keys";

/** What S3 asks for at each step (Amazon S3, "Required permissions for API operations"); the last is for encryption. */
const RIGHTS: Readonly<Record<string, string>> = {
  write: "s3:PutObject, and with a key of KMS kms:GenerateDataKey",
  read: "s3:GetObject, and with a key of KMS kms:Decrypt",
  remove: "s3:DeleteObject",
};

/** What a storage's refusal means when a role asked; undefined when it means the same whoever asks. */
export function roleRefused(step: string, answer: string, detail: string): Explanation | undefined {
  const role = / to role (\S+)$/.exec(detail)?.[1];
  if (role === undefined) return undefined;
  if (answer === "AccessDenied") {
    return {
      code: "denied",
      says: `the role ${role} has no right to do this (${detail})`,
      instead: `allow the role ${RIGHTS[step] ?? "to use the bucket"}; a policy of the bucket, or a bucket of somebody else, refuses as well. A right that was given just now takes some seconds`,
    };
  }
  if (!UNKNOWN_KEYS.has(answer)) return undefined;
  return {
    code: "wrong-key",
    says: `it does not take the keys of the role ${role} (${detail})`,
    instead: `the roles of machines are known to Amazon S3 of the same partition only: correct registry.storage, or ${GIVE_KEYS}`,
  };
}

/** Error codes of S3 for keys that it does not know. */
const UNKNOWN_KEYS: ReadonlySet<string> = new Set([
  "InvalidAccessKeyId",
  "XAdminUserNotFound",
  "SignatureDoesNotMatch",
  "InvalidToken",
  "ExpiredToken",
]);

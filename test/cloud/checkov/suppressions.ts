import type { Finding } from "./scan.js";

/** A finding that is to stay, and why. */
export interface Suppression {
  /** CKV_AWS_18 */
  readonly check: string;
  /** What it is about: store_images_bucket; a * stands for one construct's own name. */
  readonly resource: string;
  readonly reason: string;
  /** Names of the only examples it is about, which ask for what is found. @default - all */
  readonly examples?: readonly string[];
  /** What is to be so in the stack for the reason to be true. @default - nothing */
  readonly provided?: (finding: Finding) => boolean;
}

/** Checkov reads arguments of the bucket only; the provider wants these settings as resources of their own. */
function setBy(type: string, argument: string, value: RegExp): (finding: Finding) => boolean {
  return ({ resource, stack }) =>
    stack.some(
      (other) =>
        other.type === type &&
        String(other.arguments.bucket).includes(`.${resource.id}.`) &&
        value.test(String(other.arguments[argument])),
    );
}

/** The peer of a rule is a security group, not everybody; Checkov takes a missing block for everybody's. */
function fromGroup(argument: string): (finding: Finding) => boolean {
  return ({ resource }) =>
    /^\$\{.*_security_group\..*\.id\}$/.test(String(resource.arguments[argument])) &&
    resource.arguments.cidr_ip === undefined &&
    resource.arguments.cidr_ipv4 === undefined;
}

const SET_ELSEWHERE = "Checkov looks for an argument of the bucket; a resource of its own sets it, and is there";
const NO_KEY_FOR_LOGS = "the service that delivers this log can write to no bucket with a key of KMS";
const ONLY_ADDED_TO = "a log, which is only added to and expires by itself; versions of it would be copies";
const NO_BROWSER = "clients are container engines, which show no pages and heed no headers for browsers";
const NO_WAF = [
  "a firewall for web applications inspects the first kilobytes of a request, for faults of programs that are not here;",
  "layers are gigabytes, and the nodes' fronts limit and log every client. `transform` attaches one",
].join(" ");
const FRONT_LOGS = [
  "the nodes' fronts log every request, with the client's address; a balancer of connections logs only what it has",
  "decrypted, to a bucket that would double the log",
].join(" ");

/** What stays of Checkov's findings. A test fails for a finding that is not here, and for an entry without a finding. */
export const SUPPRESSIONS: readonly Suppression[] = [
  // The bucket of images.
  {
    check: "CKV_ALI_10",
    resource: "store_images_bucket",
    reason: SET_ELSEWHERE,
    provided: setBy("alicloud_oss_bucket_versioning", "status", /^Enabled$/),
  },
  { check: "CKV_ALI_10", resource: "store_requests_bucket", reason: ONLY_ADDED_TO },
  {
    check: "CKV_ALI_11",
    resource: "store_*_bucket",
    reason: "transfer acceleration costs for every gigabyte, and nodes are in the bucket's region; it protects nothing",
  },
  {
    check: "CKV_ALI_12",
    resource: "store_images_bucket",
    reason: SET_ELSEWHERE,
    provided: setBy("alicloud_oss_bucket_logging", "target_bucket", /./),
  },
  { check: "CKV_ALI_12", resource: "store_requests_bucket", reason: "it is the log; one of itself would never end" },
  {
    check: "CKV_ALI_6",
    resource: "store_images_bucket",
    reason: SET_ELSEWHERE,
    provided: setBy("alicloud_oss_bucket_server_side_encryption", "sse_algorithm", /^KMS$/),
  },
  {
    check: "CKV_ALI_6",
    resource: "store_images_bucket",
    examples: ["alicloud-clb"],
    reason: "the file asks for the key that OSS owns: `key: service`",
    provided: setBy("alicloud_oss_bucket_server_side_encryption", "sse_algorithm", /^AES256$/),
  },
  {
    check: "CKV_ALI_6",
    resource: "store_requests_bucket",
    reason: NO_KEY_FOR_LOGS,
    provided: setBy("alicloud_oss_bucket_server_side_encryption", "sse_algorithm", /^AES256$/),
  },
  {
    check: "CKV_ALI_27",
    resource: "key",
    reason: "the master key that an account has for nothing can be rotated only by a service that is bought first",
    provided: ({ resource }) => resource.arguments.dkms_instance_id === undefined,
  },
  {
    check: "CKV_AWS_18",
    resource: "audit_files_bucket",
    examples: ["harbor-aws"],
    reason: "its images are in a bucket of the user's, so the site has none for requests to buckets",
  },
  // What Harbor keeps besides its images.
  {
    check: "CKV_ALI_35",
    resource: "database_instance",
    reason: "the length of each statement would be a line of the log: slow ones are there, the audit has all",
  },
  {
    check: "CKV_AWS_145",
    resource: "store_images_bucket",
    examples: ["aws-session-alb"],
    reason: "the file asks for the key that S3 owns: `key: service`",
  },
  { check: "CKV_AWS_145", resource: "store_access-log_bucket", reason: NO_KEY_FOR_LOGS },
  {
    check: "CKV_AWS_18",
    resource: "store_images_bucket",
    examples: ["aws-session-alb"],
    reason: "the file asks for no log of requests: `accessLog: false`",
  },
  {
    check: "CKV_AWS_144",
    resource: "*_*_bucket",
    reason: "a copy in another region costs as much again; versions are kept, so one can be set up at any time",
  },
  {
    check: "CKV2_AWS_62",
    resource: "*_*_bucket",
    reason: "nobody listens: the registry tells of pushes itself, and the log of requests has all of them",
  },
  // Machines and their network.
  {
    check: "CKV_ALI_2",
    resource: "security-groups_nodes-ssh-from-bastion",
    reason: "only the bastion's group may come; Checkov takes a rule without a block of addresses for open to all",
    provided: fromGroup("source_security_group_id"),
  },
  {
    check: "CKV_AWS_24",
    resource: "security-groups_nodes-ssh-from-bastion",
    reason: "only the bastion's group may come; Checkov takes a rule without a block of addresses for open to all",
    provided: fromGroup("referenced_security_group_id"),
  },
  {
    check: "CKV_AWS_126",
    resource: "hosts_*",
    reason: "figures of each minute cost 2 USD a month and node; the alarms ask for averages over five minutes",
  },
  { check: "CKV_AWS_126", resource: "bastion_machine", reason: "nobody waits for the processor of a bastion" },
  {
    check: "CKV2_AWS_41",
    resource: "bastion_machine",
    reason: "it passes SSH on and has no right in the cloud at all, so there is none to be stolen",
  },
  // Balancer and CDN.
  { check: "CKV_AWS_91", resource: "entry_balancer", reason: FRONT_LOGS },
  { check: "CKV2_AWS_28", resource: "entry_balancer", examples: ["aws-session-alb"], reason: NO_WAF },
  { check: "CKV_AWS_68", resource: "cdn_distribution", reason: NO_WAF },
  { check: "CKV2_AWS_47", resource: "cdn_distribution", reason: "nothing behind it is written in Java" },
  { check: "CKV2_AWS_32", resource: "cdn_distribution", reason: NO_BROWSER },
  { check: "CKV_AWS_305", resource: "cdn_distribution", reason: "a registry has no page at its root" },
  {
    check: "CKV_AWS_310",
    resource: "cdn_distribution",
    reason: "the one origin is a balancer before nodes in several zones; there is no second one",
  },
  {
    check: "CKV_AWS_374",
    resource: "cdn_distribution",
    reason: "where machines that pull may stand is the user's to say, by `transform`",
  },
  {
    check: "CKV_AWS_86",
    resource: "cdn_distribution",
    reason: "this kind of log is written by ACL, and the buckets here have none; every login reaches the fronts' logs",
  },
  // What is written down.
  {
    check: "CKV_AWS_338",
    resource: "logs_*",
    reason: "how long logs are kept is the file's to say, `logs.keep`; 90 days of them unless it does",
  },
  {
    check: "CKV_AWS_252",
    resource: "audit_trail",
    reason:
      "a message for each file of the trail, every five minutes, is read by nobody; alarms have a topic of their own",
  },
];

/** The entry that allows a finding, if there is one. */
export function suppressionOf(finding: Finding, example: string): Suppression | undefined {
  return SUPPRESSIONS.find(
    ({ check, resource, examples, provided }) =>
      check === finding.check &&
      patternOf(resource).test(finding.resource.path) &&
      (examples?.includes(example) ?? true) &&
      (provided?.(finding) ?? true),
  );
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll("*", "[^_]+")}$`);
}

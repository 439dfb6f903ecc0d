import { distance } from "fastest-levenshtein";
import { Problem } from "../spec/problem.js";

/** Where a secret comes from: harborwright makes it, or only the user can know it. */
export type Origin = "made" | "given";

/** One kind of secret that a store may hold. */
export interface SecretKind {
  /** Its name; `<name>` and `<site>` stand for the user, receiver or site it belongs to. */
  readonly name: string;
  readonly origin: Origin;
  /** Whether `harborwright secret set` takes it. */
  readonly settable: boolean;
  readonly description: string;
}

/** All secrets there are. Documentation, checks and suggestions are made from this table. */
export const SECRET_KINDS: readonly SecretKind[] = [
  kind("http-secret", "made", "Signs the state of uploads; the same on all nodes."),
  settable("user/<name>", "made", "Password of a user."),
  kind(
    "user/<name>/bcrypt",
    "made",
    "Its hash. Kept, because a new one would differ each time and so change the release.",
  ),
  settable(
    "storage-access-key",
    "given",
    "Access key of the storage. Made for the storage that comes with a local site, given by the cloud for its own.",
  ),
  settable("storage-secret-key", "given", "Secret key of the storage; with azure, the key of the account."),
  kind(
    "storage-key-recipient",
    "made",
    "OpenPGP key to which Alibaba Cloud's provider encrypts the secret key it makes.",
  ),
  kind("storage-key-identity", "made", "Its private half, which reads that key out of the stack's outputs."),
  kind("storage-key-rotation", "made", "Which of the bucket's access keys are in use, coming and leaving."),
  kind("node-key", "made", "SSH key with which operators log in on machines that a cloud carries."),
  kind("node-key-public", "made", "Its public half, which the machines are made with."),
  settable("redis-password", "given", "Password of Redis."),
  settable("mirror-password", "given", "Password at the upstream of a mirror."),
  settable("notification-<name>", "given", "Authorization header for the receiver of events."),
  settable("dns-access-key", "given", "Access key for the DNS zone in which a certificate is proved."),
  settable("dns-secret-key", "given", "Its secret key. Without the two the operator's own of that cloud are used."),
  kind("acme-account-key", "made", "Key with which the environment is known to the CA it asks for certificates, PEM."),
  kind("acme/<site>", "made", "A site's certificate from that CA, its private key, and an order under way."),
  kind("ca-certificate", "made", "The environment's own CA, PEM."),
  kind("ca-key", "made", "Its private key, PEM."),
  kind("server-certificate/<site>", "made", "Certificate of a site's entry, PEM."),
  kind("server-key/<site>", "made", "Its private key, PEM."),
  kind("harbor/secret-key", "made", "Encrypts passwords in Harbor's data base. A backup of one needs the other."),
  kind("harbor/token-key", "made", "Signs Harbor's tokens, PEM."),
  kind("harbor/token-certificate", "made", "Its certificate, PEM."),
  kind("harbor/core-secret", "made", "By which Harbor's parts know a core."),
  kind("harbor/jobservice-secret", "made", "By which Harbor's parts know a job service."),
  kind("harbor/csrf-key", "made", "Protects the forms of Harbor's pages."),
  kind("harbor/scanner-robot-prefix", "made", "Begins the names of the scanner's robots."),
  kind("harbor/registry-password", "made", "By which Harbor's core comes to its registry."),
  kind("harbor/registry-htpasswd", "made", "Its line in the registry's password file."),
  kind("harbor/registry-http-secret", "made", "Signs the state of uploads to Harbor's registry."),
  settable("harbor/admin-password", "made", "Password of Harbor's admin."),
  kind(
    "harbor/admin-password/coming",
    "made",
    "The one that it is changed to; the same as it when no change is under way.",
  ),
  kind("harbor/internal-certificate", "made", "Certificate that Harbor's containers show each other, PEM."),
  kind("harbor/internal-key", "made", "Its private key, PEM."),
  settable("harbor/database-password", "given", "Password of Harbor's data base. Made when the nodes carry it."),
  kind("harbor/database-rotation", "made", "The password that it is changed to, and how far the change is."),
  settable("harbor/redis-password", "given", "Password of Harbor's Redis. Made when the nodes carry it."),
  kind("harbor/replication-password", "made", "By which PostgreSQL's replicas follow the primary on the nodes."),
  kind(
    "harbor/rewind-password",
    "made",
    "By which an old primary on the nodes is taken back to where it left the others.",
  ),
  kind("harbor/sentinel-password", "made", "By which the nodes' sentinels know each other."),
  kind("harbor/data-certificate/<node>", "made", "Certificate of a node's data base and etcd, PEM."),
  kind("harbor/data-key/<node>", "made", "Its private key, PEM."),
  settable("harbor/github-token", "given", "Token by which Trivy fetches its data base from GitHub."),
  settable("harbor/jaeger-password", "given", "Password at the collector of Jaeger."),
  settable("harbor/ldap", "given", "Password with which Harbor asks LDAP."),
  settable("harbor/oidc", "given", "Secret of Harbor at an OpenID Connect provider."),
  settable("harbor/registry/<name>", "given", "Password at another registry that Harbor copies from or to."),
  settable("harbor/preheat/<name>", "given", "Password or token at a network of peers."),
  settable("harbor/webhook/<project>/<name>", "given", "Authorization header for a receiver of a project's events."),
  kind("harbor/robot/<name>", "made", "Secret of a robot that reaches several projects."),
  kind("harbor/robot/<project>+<name>", "made", "Secret of a project's robot."),
  ...["ldap", "oidc", "registry/<name>", "preheat/<name>"].map((of) =>
    kind(`harbor/${of}/sent`, "made", "Which of these Harbor has, for it never shows it again."),
  ),
  ...["database-password", "redis-password"].map((of) =>
    kind(`harbor/${of}/sent`, "made", "Which of these the cloud's service has, for it never shows it again."),
  ),
];

/** Names in the store, by what they belong to. */
export const secretName = {
  httpSecret: "http-secret",
  user: (user: string) => `user/${user}`,
  userHash: (user: string) => `user/${user}/bcrypt`,
  storageAccessKey: "storage-access-key",
  storageSecretKey: "storage-secret-key",
  storageKeyRecipient: "storage-key-recipient",
  storageKeyIdentity: "storage-key-identity",
  storageKeyRotation: "storage-key-rotation",
  nodeKey: "node-key",
  nodeKeyPublic: "node-key-public",
  redisPassword: "redis-password",
  mirrorPassword: "mirror-password",
  notification: (receiver: string) => `notification-${receiver}`,
  dnsAccessKey: "dns-access-key",
  dnsSecretKey: "dns-secret-key",
  acmeAccountKey: "acme-account-key",
  acme: (site: string) => `acme/${site}`,
  caCertificate: "ca-certificate",
  caKey: "ca-key",
  serverCertificate: (site: string) => `server-certificate/${site}`,
  serverKey: (site: string) => `server-key/${site}`,
  harbor: {
    secretKey: "harbor/secret-key",
    tokenKey: "harbor/token-key",
    tokenCertificate: "harbor/token-certificate",
    coreSecret: "harbor/core-secret",
    jobserviceSecret: "harbor/jobservice-secret",
    csrfKey: "harbor/csrf-key",
    scannerRobotPrefix: "harbor/scanner-robot-prefix",
    registryPassword: "harbor/registry-password",
    registryHtpasswd: "harbor/registry-htpasswd",
    registryHttpSecret: "harbor/registry-http-secret",
    adminPassword: "harbor/admin-password",
    comingAdminPassword: "harbor/admin-password/coming",
    internalCertificate: "harbor/internal-certificate",
    internalKey: "harbor/internal-key",
    databasePassword: "harbor/database-password",
    databaseRotation: "harbor/database-rotation",
    redisPassword: "harbor/redis-password",
    replicationPassword: "harbor/replication-password",
    rewindPassword: "harbor/rewind-password",
    sentinelPassword: "harbor/sentinel-password",
    dataCertificate: (node: string) => `harbor/data-certificate/${node}`,
    dataKey: (node: string) => `harbor/data-key/${node}`,
    /** Which service of the cloud has a password. */
    sent: (password: "harbor/database-password" | "harbor/redis-password") => `${password}/sent`,
    githubToken: "harbor/github-token",
    jaegerPassword: "harbor/jaeger-password",
  },
} as const;

/**
 * The kind of a secret that a user may set.
 * @throws Problem `secrets/unknown-name`, `secrets/not-settable`
 */
export function settableKind(name: string): SecretKind {
  const found = SECRET_KINDS.find((candidate) => patternOf(candidate).test(name));
  if (found?.settable) return found;
  const allowed = SECRET_KINDS.filter((candidate) => candidate.settable).map((candidate) => candidate.name);
  if (found !== undefined) {
    throw new Problem({
      code: "secrets/not-settable",
      says: `${name} is made by harborwright and cannot be set`,
      instead: `what can be set: ${allowed.join(", ")}`,
    });
  }
  const [closest = ""] = [...allowed].sort((left, right) => distance(left, name) - distance(right, name));
  throw new Problem({
    code: "secrets/unknown-name",
    says: `there is no secret ${JSON.stringify(name)}`,
    instead: distance(closest, name) <= 4 ? `did you mean ${closest}?` : `one of: ${allowed.join(", ")}`,
  });
}

/** Whether harborwright makes the secret of this name by itself. */
export function isMade(name: string): boolean {
  return SECRET_KINDS.some((candidate) => candidate.origin === "made" && patternOf(candidate).test(name));
}

/** A user or receiver as the environment file allows it. */
const OWNER = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";

function patternOf(candidate: SecretKind): RegExp {
  return new RegExp(`^${candidate.name.replaceAll("+", "\\+").replaceAll(/<[a-z]+>/g, OWNER)}$`);
}

function kind(name: string, origin: Origin, description: string): SecretKind {
  return { name, origin, settable: false, description };
}

function settable(name: string, origin: Origin, description: string): SecretKind {
  return { name, origin, settable: true, description };
}

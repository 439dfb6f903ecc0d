import type { Secret } from "../secret.js";

/** The account by which Harbor's own components come to the registry; Harbor has no setting for it. */
export const REGISTRY_ACCOUNT = "harbor_registry_user";

/** What Harbor writes into files that know no quotes, so the only letters that come back unchanged everywhere. */
export const SEED_LETTERS = /^[A-Za-z0-9_-]+$/;

/** Length in characters of the seeds that Harbor counts. Another one and a core starts, but answers browsers with 500. */
export const SEED_LENGTHS = {
  secretKey: 16,
  coreSecret: 16,
  jobserviceSecret: 16,
  csrfKey: 32,
  scannerRobotPrefix: 8,
  registryPassword: 32,
  registryHttpSecret: 32,
} as const;

/**
 * What has to be the same on every node of Harbor, and what Harbor's own `prepare` would draw anew on each of them at
 * every run. Made once and kept; all of {@link SEED_LETTERS} but keys, certificate and hash.
 */
export interface HarborSeeds {
  /** Encrypts what the data base keeps of passwords: 16 bytes. Lost, all of them are lost. */
  readonly secretKey: Secret;
  /** Signs the tokens of clients: RSA of 4096 bits, PEM, PKCS #1. */
  readonly tokenKey: Secret;
  /** Its certificate, signed by itself, PEM. `prepare` makes both anew unless it finds both. */
  readonly tokenCertificate: string;
  /** By which job services and registry controllers know a core. */
  readonly coreSecret: Secret;
  /** By which cores know a job service. It travels inside jobs, which another node may run. */
  readonly jobserviceSecret: Secret;
  /** Protects the forms of browsers: exactly 32 characters. */
  readonly csrfKey: Secret;
  /** Begins the names of the scanner's robots. */
  readonly scannerRobotPrefix: Secret;
  /** Password of {@link REGISTRY_ACCOUNT}. */
  readonly registryPassword: Secret;
  /** Line of the registry's password file for it. bcrypt salts, so a line that is made twice is another line. */
  readonly registryHtpasswd: Secret;
  /** Signs the state of uploads. */
  readonly registryHttpSecret: Secret;
  /** Password of `admin`. Read by the first start alone, while the data base has none. */
  readonly adminPassword: Secret;
  /** Password of Harbor's role in PostgreSQL. */
  readonly databasePassword: Secret;
  /** The one that it shall have, with which nodes log in by a second name meanwhile. @default - it is not being changed */
  readonly comingDatabasePassword?: Secret;
  /** Password of Redis. @default - it asks for none */
  readonly redisPassword?: Secret;
  /** What the containers of a node show each other: one certificate for the names of all. @default - they speak plainly */
  readonly internalTls?: { readonly certificate: string; readonly key: Secret };
  /** PEM of the environment's own CA, which data base and Redis on the nodes and the containers show certificates of. @default - none of them does */
  readonly authority?: string;
  /** Token by which Trivy comes to GitHub. @default - anonymously */
  readonly githubToken?: Secret;
  /** Password at Jaeger's collector. @default - it asks for none */
  readonly jaegerPassword?: Secret;
}

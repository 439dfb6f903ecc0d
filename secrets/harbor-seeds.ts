import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { hash } from "bcryptjs";
import { type HarborSeeds, REGISTRY_ACCOUNT, SEED_LENGTHS } from "../spec/harbor/seeds.js";
import { Secret } from "../spec/secret.js";
import { secretName } from "./names.js";
import { randomSecret } from "./passwords.js";
import type { RequiredSecrets } from "./required-secrets.js";
import type { SecretStore } from "./store.js";
import { loadX509, MINUTES_OF_SKEW, randomSerial } from "./x509.js";

const names = secretName.harbor;

/** Seeds that are nothing but random letters, and how many. */
const RANDOM_SEEDS: readonly (readonly [name: string, length: number])[] = [
  [names.secretKey, SEED_LENGTHS.secretKey],
  [names.coreSecret, SEED_LENGTHS.coreSecret],
  [names.jobserviceSecret, SEED_LENGTHS.jobserviceSecret],
  [names.csrfKey, SEED_LENGTHS.csrfKey],
  [names.scannerRobotPrefix, SEED_LENGTHS.scannerRobotPrefix],
  [names.registryPassword, SEED_LENGTHS.registryPassword],
  [names.registryHttpSecret, SEED_LENGTHS.registryHttpSecret],
];

/** Rounds of bcrypt as a power of two: 32 random letters are guessed at no speed, and each request is checked anew. */
const REGISTRY_HASH_COST = 5;
const ADMIN_PASSWORD_LENGTH = 24;
/** As many as every service of a cloud takes. */
const SERVICE_PASSWORD_LENGTH = 32;

/** Harbor's `prepare` makes keys of this kind, and its core reads no other (PKCS #1, RSA). */
const TOKEN_KEY_BITS = 4096;
const TOKEN_ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
/** Nobody checks how long it is valid: it only comes with the key. */
const TOKEN_CERTIFICATE_YEARS = 30;

/** Which passwords of services are ours to make; those of servers that were there before are given. */
export interface OwnServices {
  readonly database: boolean;
  readonly redis: boolean;
}

/**
 * Makes every seed of Harbor that is missing; what is there stays as it is.
 * @param environment - its name, which the token's certificate carries
 * @returns whether anything was made
 */
export async function ensureHarborSeeds(
  environment: string,
  own: OwnServices,
  store: SecretStore,
  now: Date,
): Promise<boolean> {
  const made = [
    ...RANDOM_SEEDS.map(([name, length]) => ensure(store, name, () => randomSecret(length))),
    ensure(store, names.adminPassword, randomAdminPassword),
    own.database && ensure(store, names.databasePassword, randomDatabasePassword),
    own.redis && ensure(store, names.redisPassword, () => randomOfAllKinds(SERVICE_PASSWORD_LENGTH)),
    await ensureRegistryHash(store),
    await ensureTokenPair(environment, store, now),
  ];
  return made.includes(true);
}

/** Secrets that some settings of Harbor need, and others not. */
export interface AskedSecrets {
  readonly redisPassword: boolean;
  readonly githubToken: boolean;
  readonly jaegerPassword: boolean;
}

/** Harbor's seeds out of the store, with those of the given secrets that its settings ask for. */
export function harborSeeds(required: RequiredSecrets, asked: AskedSecrets): HarborSeeds {
  return {
    secretKey: required.take(names.secretKey),
    tokenKey: required.take(names.tokenKey),
    tokenCertificate: required.take(names.tokenCertificate).reveal(),
    coreSecret: required.take(names.coreSecret),
    jobserviceSecret: required.take(names.jobserviceSecret),
    csrfKey: required.take(names.csrfKey),
    scannerRobotPrefix: required.take(names.scannerRobotPrefix),
    registryPassword: required.take(names.registryPassword),
    registryHtpasswd: required.take(names.registryHtpasswd),
    registryHttpSecret: required.take(names.registryHttpSecret),
    adminPassword: required.take(names.adminPassword),
    databasePassword: required.take(names.databasePassword, "harbor.database"),
    ...(asked.redisPassword ? { redisPassword: required.take(names.redisPassword, "harbor.redis") } : {}),
    ...(asked.githubToken ? { githubToken: required.take(names.githubToken, "harbor.trivy.githubToken") } : {}),
    ...(asked.jaegerPassword ? { jaegerPassword: required.take(names.jaegerPassword, "harbor.trace.jaeger") } : {}),
  };
}

/** A password for Harbor's admin. */
export function randomAdminPassword(): Secret {
  return randomOfAllKinds(ADMIN_PASSWORD_LENGTH);
}

/** A password for Harbor's role in PostgreSQL. */
export function randomDatabasePassword(): Secret {
  return randomOfAllKinds(SERVICE_PASSWORD_LENGTH);
}

/** Small and capital letters and digits, as Harbor's rule asks of its admin, and Alibaba Cloud of its services. */
function randomOfAllKinds(length: number): Secret {
  for (;;) {
    const password = randomSecret(length);
    if ([/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(password.reveal()))) return password;
  }
}

/** Made with the password: another salt would be another file on each node. */
async function ensureRegistryHash(store: SecretStore): Promise<boolean> {
  if (store.get(names.registryHtpasswd)) return false;
  const password = store.get(names.registryPassword)?.reveal() ?? "";
  // The same hash by the name that Apache's tools know, too.
  const hashed = (await hash(password, REGISTRY_HASH_COST)).replace(/^\$2b\$/, "$2y$");
  store.set(names.registryHtpasswd, new Secret(`${REGISTRY_ACCOUNT}:${hashed}`));
  return true;
}

/** Key and certificate belong together, so one without the other is replaced with it. */
async function ensureTokenPair(environment: string, store: SecretStore, now: Date): Promise<boolean> {
  if (store.get(names.tokenKey) && store.get(names.tokenCertificate)) return false;
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: TOKEN_KEY_BITS });
  const key = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  store.set(names.tokenKey, new Secret(key));
  store.set(names.tokenCertificate, new Secret(await tokenCertificate(environment, pair, now)));
  return true;
}

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

async function tokenCertificate(environment: string, pair: KeyPair, now: Date): Promise<string> {
  const x509 = await loadX509();
  const secret = pair.privateKey.export({ type: "pkcs8", format: "der" });
  const open = pair.publicKey.export({ type: "spki", format: "der" });
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + TOKEN_CERTIFICATE_YEARS);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: [{ CN: [`harborwright ${environment} tokens`] }],
    notBefore: new Date(now.getTime() - MINUTES_OF_SKEW * 60_000),
    notAfter,
    signingAlgorithm: TOKEN_ALGORITHM,
    keys: {
      privateKey: await crypto.subtle.importKey("pkcs8", secret, TOKEN_ALGORITHM, true, ["sign"]),
      publicKey: await crypto.subtle.importKey("spki", open, TOKEN_ALGORITHM, true, ["verify"]),
    },
  });
  return `${certificate.toString("pem").trim()}\n`;
}

function ensure(store: SecretStore, name: string, make: () => Secret): boolean {
  if (store.get(name)) return false;
  store.set(name, make());
  return true;
}

import { showsOwnCertificate } from "../spec/certificate.js";
import type { Clock } from "../spec/clock.js";
import type { Environment } from "../spec/environment.js";
import type { HarborSeeds } from "../spec/harbor/seeds.js";
import { harborOf } from "../spec/harbor/software.js";
import type { Inventory } from "../spec/inventory.js";
import { Problem } from "../spec/problem.js";
import type { ReleaseSecrets } from "../spec/release-secrets.js";
import { Secret } from "../spec/secret.js";
import { acmeRecord } from "./acme-record.js";
import { certificatesIn, checkCertificateFile } from "./certificate-file.js";
import { comingDatabasePassword } from "./database-rotation.js";
import { harborSeeds } from "./harbor-seeds.js";
import { secretName } from "./names.js";
import { RequiredSecrets } from "./required-secrets.js";
import type { SecretStore } from "./store.js";

/** Reads a text file that the environment names, by the path it names it with. */
export type Read = (path: string) => Promise<string>;

/**
 * Gathers all that rendering may read: the secrets of the store, and the certificate files that the environment names.
 * Nothing is made here; `ensureSecrets` does that before.
 * @throws Problems that name each missing secret with the command that sets it, or what is wrong with a file
 */
export async function releaseSecrets(
  environment: Environment,
  inventory: Inventory,
  store: SecretStore,
  read: Read,
  clock: Clock = () => new Date(),
): Promise<ReleaseSecrets> {
  const required = new RequiredSecrets(environment.environment, store);
  const gathered = {
    httpSecret: required.take(secretName.httpSecret),
    notifications: notifications(environment, required),
    ...htpasswd(environment, required),
    ...storageKeys(environment, inventory, required),
    ...redisPassword(environment, required),
    ...mirrorPassword(environment, required),
    ...certificatesInStore(environment, store, required),
    ...harbor(environment, store, required),
  };
  required.refuseMissing();
  const brought = await broughtCertificates(environment, read, clock());
  return {
    ...gathered,
    certificates: { ...gathered.certificates, ...brought.certificates },
    ca: [...new Set([...gathered.ca, ...brought.ca])].join(""),
    trusted: await trusted(environment, read),
  };
}

function notifications(environment: Environment, required: RequiredSecrets): Record<string, Secret> {
  const receivers = environment.registry.notifications.filter((receiver) => receiver.authorization);
  return Object.fromEntries(
    receivers.map(({ name }) => [name, required.take(secretName.notification(name), "registry.notifications")]),
  );
}

/** One line a user, in the order of the file; the registry reads it again when it changes. */
function htpasswd({ registry }: Environment, required: RequiredSecrets): { htpasswd?: Secret } {
  if (registry.authentication.kind !== "htpasswd" || registry.engine === "harbor") return {};
  const lines = registry.authentication.users.map(
    (user) => `${user}:${required.take(secretName.userHash(user), "registry.authentication.users").reveal()}\n`,
  );
  return { htpasswd: new Secret(lines.join("")) };
}

function storageKeys(
  { registry: { storage } }: Environment,
  inventory: Inventory,
  required: RequiredSecrets,
): { storage?: { accessKey: Secret; secretKey: Secret } } {
  const field = "registry.storage";
  const both = () => ({
    accessKey: required.take(secretName.storageAccessKey, field),
    secretKey: required.take(secretName.storageSecretKey, field),
  });
  switch (storage.kind) {
    case "managed":
      return inventory.sites.some((site) => site.storage?.credentials === "keys") ? { storage: both() } : {};
    case "s3":
      return storage.credentials === "keys" ? { storage: both() } : {};
    case "oss":
      return { storage: both() };
    case "azure":
    case "swift":
      return { storage: { accessKey: new Secret(""), secretKey: required.take(secretName.storageSecretKey, field) } };
    case "filesystem":
      return {};
  }
}

function redisPassword({ registry: { cache } }: Environment, required: RequiredSecrets): { redisPassword?: Secret } {
  if (cache.kind !== "redis" || !cache.password) return {};
  return { redisPassword: required.take(secretName.redisPassword, "registry.cache.password") };
}

function mirrorPassword({ registry: { mirror } }: Environment, required: RequiredSecrets): { mirrorPassword?: Secret } {
  if (mirror?.username === undefined) return {};
  return { mirrorPassword: required.take(secretName.mirrorPassword, "registry.mirror.username") };
}

function harbor(environment: Environment, store: SecretStore, required: RequiredSecrets): { harbor?: HarborSeeds } {
  if (environment.registry.engine !== "harbor") return {};
  const { database, internalTls, redis, trivy, trace } = harborOf(environment);
  const seeds = harborSeeds(required, {
    redisPassword: redis.kind !== "given" || redis.password,
    githubToken: trivy.enabled && trivy.githubToken,
    jaegerPassword: trace?.jaeger?.user !== undefined,
  });
  const inside = internalTls.enabled
    ? {
        certificate: required.take(secretName.harbor.internalCertificate).reveal(),
        key: required.take(secretName.harbor.internalKey),
      }
    : undefined;
  if (database.kind !== "own" && inside === undefined) return { harbor: seeds };
  const authority = required.take(secretName.caCertificate).reveal();
  const coming = database.kind === "own" ? comingDatabasePassword(store) : {};
  return { harbor: { ...seeds, ...coming, authority, ...(inside === undefined ? {} : { internalTls: inside }) } };
}

type Certificates = Record<string, { readonly chain: string; readonly key: Secret }>;
interface Trust {
  readonly certificates: Certificates;
  /** PEM of each CA, perhaps the same several times. */
  readonly ca: readonly string[];
}

function certificatesInStore(environment: Environment, store: SecretStore, required: RequiredSecrets): Trust {
  const sites = environment.sites.filter(({ certificate }) => certificate.from !== "file");
  const certificates = sites.map(({ name, certificate }) => {
    const issued = certificate.from === "lets-encrypt" ? acmeRecord(store, name).issued : undefined;
    if (issued !== undefined) return [name, { chain: issued.chain, key: new Secret(issued.key) }] as const;
    const chain = required.take(secretName.serverCertificate(name)).reveal();
    return [name, { chain, key: required.take(secretName.serverKey(name)) }] as const;
  });
  const shown = sites.some(({ certificate }) => showsOwnCertificate(certificate));
  const ca = shown ? [required.take(secretName.caCertificate).reveal()] : [];
  return { certificates: Object.fromEntries(certificates), ca };
}

async function broughtCertificates(environment: Environment, read: Read, now: Date): Promise<Trust> {
  const certificates: Certificates = {};
  const ca: string[] = [];
  for (const [index, { name, certificate }] of environment.sites.entries()) {
    if (certificate.from === "lets-encrypt" && certificate.ca !== undefined) {
      ca.push(await readAuthorities(read, certificate.ca, `sites[${index}].certificate.ca`));
    }
    if (certificate.from !== "file") continue;
    const field = `sites[${index}].certificate`;
    const file = {
      path: certificate.certificate,
      chain: await read(certificate.certificate),
      key: new Secret(await read(certificate.key)),
      ca: certificate.ca && (await readAuthorities(read, certificate.ca, `${field}.ca`)),
      field,
    };
    certificates[name] = { chain: checkCertificateFile(file, environment.registry.hostname, now), key: file.key };
    if (file.ca !== undefined) ca.push(file.ca);
  }
  return { certificates, ca };
}

async function trusted(environment: Environment, read: Read): Promise<Record<string, string>> {
  const { registry } = environment;
  const texts: Record<string, string> = {};
  if (registry.engine === "harbor") {
    const { database, redis, trust } = harborOf(environment);
    const named: Record<string, string | undefined> = {
      "harbor.database.ca": database.kind === "own" ? undefined : database.ca,
      "harbor.redis.ca": redis.kind === "own" ? undefined : redis.ca,
      "harbor.trust.storage": trust.storage,
      "harbor.trust.uaa": trust.uaa,
    };
    for (const [field, path] of Object.entries(named)) {
      if (path !== undefined) texts[path] = await readAuthorities(read, path, field);
    }
  }
  const clients = registry.clientCertificates;
  if (clients) texts[clients.ca] = await readAuthorities(read, clients.ca, "registry.clientCertificates.ca");
  if (registry.authentication.kind === "token") {
    const path = registry.authentication.rootCertificates;
    texts[path] = await readAuthorities(read, path, "registry.authentication.rootCertificates");
  }
  return texts;
}

/**
 * Certificates in a file, without whatever else stands in it.
 * @throws Problem `certificate/unreadable`
 */
export async function readAuthorities(read: Read, path: string, field: string): Promise<string> {
  const certificates = certificatesIn(await read(path));
  if (certificates.length > 0) return certificates.map((certificate) => certificate.toString()).join("");
  throw new Problem({
    code: "certificate/unreadable",
    says: `${path} holds no certificate that can be read`,
    instead: "a PEM file is needed: -----BEGIN CERTIFICATE-----",
    field,
  });
}

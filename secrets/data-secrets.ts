import type { Environment } from "../spec/environment.js";
import { harborOf } from "../spec/harbor/software.js";
import type { Inventory, Node } from "../spec/inventory.js";
import { Secret } from "../spec/secret.js";
import type { Authority } from "./certificate-authority.js";
import { comingDatabasePassword } from "./database-rotation.js";
import { secretName } from "./names.js";
import { randomSecret } from "./passwords.js";
import { RequiredSecrets } from "./required-secrets.js";
import {
  isServerCertificateDue,
  issueServerCertificate,
  type ServerCertificate,
  serverRenewalDue,
} from "./server-certificate.js";
import type { SecretStore } from "./store.js";

const names = secretName.harbor;

const PASSWORDS = [names.replicationPassword, names.rewindPassword, names.sentinelPassword];
const PASSWORD_LENGTH = 32;
const VALIDITY = "397d";

/** What data base and Redis on the nodes must know, out of the store. */
export interface DataSecrets {
  /** Of Harbor's role, which owns its data base. */
  readonly databasePassword: Secret;
  /** The one that it shall have. @default - it is not being changed */
  readonly comingDatabasePassword?: Secret;
  readonly replicationPassword: Secret;
  readonly rewindPassword: Secret;
  readonly redisPassword: Secret;
  readonly sentinelPassword: Secret;
  /** PEM of the environment's CA. */
  readonly authority: string;
  /** By name of the node; those that carry nothing have one, too. */
  readonly certificates: Readonly<Record<string, ServerCertificate>>;
}

/** Whether the nodes of an environment carry Harbor's data base and Redis. */
export function carriesDataServices(environment: Environment): boolean {
  return environment.registry.engine === "harbor" && harborOf(environment).database.kind === "own";
}

/** Makes the passwords by which the parts of the data services know each other. @returns whether one was missing */
export function ensureDataPasswords(environment: Environment, store: SecretStore): boolean {
  if (!carriesDataServices(environment)) return false;
  const missing = PASSWORDS.filter((name) => store.get(name) === undefined);
  for (const name of missing) store.set(name, randomSecret(PASSWORD_LENGTH));
  return missing.length > 0;
}

/**
 * Makes and renews the certificates of the nodes' data services as far as it is needed.
 * @returns whether one was made
 */
export async function ensureDataCertificates(
  environment: Environment,
  inventory: Inventory,
  authority: Authority,
  store: SecretStore,
  now: Date,
): Promise<boolean> {
  if (!carriesDataServices(environment)) return false;
  let made = false;
  for (const node of nodesOf(inventory)) {
    const present = storedDataCertificate(store, node.name);
    const wanted = certificateNames(node);
    if (present !== undefined && !isServerCertificateDue(present, authority, wanted, now)) continue;
    const { certificate, key } = await issueServerCertificate(authority, wanted, VALIDITY, now, "server-and-client");
    store.set(names.dataCertificate(node.name), new Secret(certificate));
    store.set(names.dataKey(node.name), key);
    made = true;
  }
  return made;
}

/** When the first certificate of the data services will be replaced by the next `up`. @default - there is none */
export function dataRenewalDue(environment: Environment, inventory: Inventory, store: SecretStore): Date | undefined {
  if (!carriesDataServices(environment)) return undefined;
  const dues = nodesOf(inventory).flatMap(({ name }) => {
    const present = storedDataCertificate(store, name);
    return present === undefined ? [] : [serverRenewalDue(present)];
  });
  return dues.sort((one, other) => one.getTime() - other.getTime())[0];
}

/**
 * Gathers the secrets of the data services. Nothing is made here; `ensureSecrets` does that before.
 * @returns undefined when the nodes carry none
 * @throws Problems `secrets/missing`
 */
export function dataSecrets(
  environment: Environment,
  inventory: Inventory,
  store: SecretStore,
): DataSecrets | undefined {
  if (!carriesDataServices(environment)) return undefined;
  const required = new RequiredSecrets(environment.environment, store);
  const certificates = nodesOf(inventory).map(({ name }) => {
    const certificate = required.take(names.dataCertificate(name)).reveal();
    return [name, { certificate, key: required.take(names.dataKey(name)) }] as const;
  });
  const gathered = {
    databasePassword: required.take(names.databasePassword, "harbor.database"),
    ...comingDatabasePassword(store),
    replicationPassword: required.take(names.replicationPassword),
    rewindPassword: required.take(names.rewindPassword),
    redisPassword: required.take(names.redisPassword, "harbor.redis"),
    sentinelPassword: required.take(names.sentinelPassword),
    authority: required.take(secretName.caCertificate).reveal(),
    certificates: Object.fromEntries(certificates),
  };
  required.refuseMissing();
  return gathered;
}

/** What a node's programs are asked for by: its name, its address between the nodes, and itself. */
function certificateNames({ name, privateAddress }: Node): string[] {
  return [name, privateAddress, "127.0.0.1"];
}

function storedDataCertificate(store: SecretStore, node: string): ServerCertificate | undefined {
  const certificate = store.get(names.dataCertificate(node));
  const key = store.get(names.dataKey(node));
  return certificate && key ? { certificate: certificate.reveal(), key } : undefined;
}

function nodesOf(inventory: Inventory): readonly Node[] {
  return inventory.sites.flatMap(({ nodes }) => nodes);
}

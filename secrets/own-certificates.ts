import { ownValidity } from "../spec/certificate.js";
import type { Clock } from "../spec/clock.js";
import type { Environment } from "../spec/environment.js";
import { harborOf } from "../spec/harbor/software.js";
import type { Inventory, SiteInventory } from "../spec/inventory.js";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import type { Site } from "../spec/site.js";
import { type Authority, isAuthorityDue, makeAuthority, renewAuthority } from "./certificate-authority.js";
import { ensureDataCertificates } from "./data-secrets.js";
import { secretName } from "./names.js";
import {
  certificateNames,
  isServerCertificateDue,
  issueServerCertificate,
  type ServerCertificate,
  serverRenewalDue,
} from "./server-certificate.js";
import type { SecretStore } from "./store.js";

/** Names by which Harbor's containers reach each other. */
const HARBOR_CONTAINERS = ["proxy", "core", "jobservice", "portal", "registry", "registryctl", "trivy-adapter"];
const INTERNAL_VALIDITY = "397d";

/** Makes and renews the CA and the certificates of all sites that use it, as far as it is needed. */
export async function ensureCertificates(
  environment: Environment,
  inventory: Inventory,
  store: SecretStore,
  now: Date,
): Promise<boolean> {
  const sites = environment.sites.flatMap(({ name, certificate }) => {
    const validity = ownValidity(certificate);
    return validity === undefined ? [] : [{ name, validity }];
  });
  if (sites.length === 0 && !needsAuthority(environment)) return false;
  const { authority, isNew } = await ensureAuthority(environment, store, now);
  let made = isNew;
  for (const { name, validity } of sites) {
    const names = certificateNames(environment.registry.hostname, siteOf(inventory, name));
    const present = storedServer(store, name);
    if (present !== undefined && !isServerCertificateDue(present, authority, names, now)) continue;
    keepServer(store, name, await issueServerCertificate(authority, names, validity, now));
    made = true;
  }
  const others = [
    await ensureInternal(environment, authority, store, now),
    await ensureDataCertificates(environment, inventory, authority, store, now),
  ];
  return made || others.includes(true);
}

/** The certificate that Harbor's containers show each other. */
async function ensureInternal(
  environment: Environment,
  authority: Authority,
  store: SecretStore,
  now: Date,
): Promise<boolean> {
  if (!speaksTlsInside(environment)) return false;
  const { internalCertificate, internalKey } = secretName.harbor;
  const [certificate, key] = [store.get(internalCertificate)?.reveal(), store.get(internalKey)];
  const present = certificate === undefined || key === undefined ? undefined : { certificate, key };
  if (present !== undefined && !isServerCertificateDue(present, authority, HARBOR_CONTAINERS, now)) return false;
  const made = await issueServerCertificate(authority, HARBOR_CONTAINERS, INTERNAL_VALIDITY, now);
  store.set(internalCertificate, new Secret(made.certificate));
  store.set(internalKey, made.key);
  return true;
}

function speaksTlsInside(environment: Environment): boolean {
  return environment.registry.engine === "harbor" && harborOf(environment).internalTls.enabled;
}

/** Whether something of Harbor's on the nodes needs certificates, which are always of the environment's CA. */
function needsAuthority(environment: Environment): boolean {
  if (environment.registry.engine !== "harbor") return false;
  const { database, redis } = harborOf(environment);
  return database.kind === "own" || redis.kind === "own" || speaksTlsInside(environment);
}

/**
 * Makes a new certificate and key for one site, whatever the age of the present one: `harborwright renew`. The CA's key
 * stays, so clients notice nothing. Nothing is written: call `store.save()`.
 * @throws Problem `certificate/not-ours` when the site's certificate comes from a file, `site/unknown`
 */
export async function renewCertificate(
  environment: Environment,
  inventory: Inventory,
  store: SecretStore,
  clock: Clock,
  siteName: string,
): Promise<void> {
  const site = environment.sites.find(({ name }) => name === siteName);
  if (site === undefined) throw unknownSite(siteName, environment);
  const validity = ownValidity(site.certificate);
  if (validity === undefined) throw notOurs(site, environment);
  const now = clock();
  const { authority } = await ensureAuthority(environment, store, now);
  const names = certificateNames(environment.registry.hostname, siteOf(inventory, siteName));
  keepServer(store, siteName, await issueServerCertificate(authority, names, validity, now));
}

/** The CA of an environment as the store holds it. */
export function storedAuthority(store: SecretStore): Authority | undefined {
  const certificate = store.get(secretName.caCertificate);
  const key = store.get(secretName.caKey);
  return certificate && key ? { certificate: certificate.reveal(), key } : undefined;
}

/** A site's own certificate as the store holds it. */
export function storedServer(store: SecretStore, site: string): ServerCertificate | undefined {
  const certificate = store.get(secretName.serverCertificate(site));
  const key = store.get(secretName.serverKey(site));
  return certificate && key ? { certificate: certificate.reveal(), key } : undefined;
}

/** When a site's own certificate will be replaced by the next `up`; undefined when it has none yet. */
export function ownRenewalDue(store: SecretStore, site: string): Date | undefined {
  const stored = storedServer(store, site);
  return stored === undefined ? undefined : serverRenewalDue(stored);
}

async function ensureAuthority(
  environment: Environment,
  store: SecretStore,
  now: Date,
): Promise<{ readonly authority: Authority; readonly isNew: boolean }> {
  const present = storedAuthority(store);
  if (present !== undefined && !isAuthorityDue(present, now)) return { authority: present, isNew: false };
  const name = environment.environment;
  const authority = await (present === undefined ? makeAuthority(name, now) : renewAuthority(present, name, now));
  store.set(secretName.caCertificate, new Secret(authority.certificate));
  store.set(secretName.caKey, authority.key);
  return { authority, isNew: true };
}

function keepServer(store: SecretStore, site: string, made: ServerCertificate): void {
  store.set(secretName.serverCertificate(site), new Secret(made.certificate));
  store.set(secretName.serverKey(site), made.key);
}

function siteOf(inventory: Inventory, name: string): SiteInventory {
  const site = inventory.sites.find((candidate) => candidate.name === name);
  if (site === undefined) throw new RangeError(`the inventory lacks the site ${name}`);
  return site;
}

function notOurs({ name, certificate }: Site, environment: Environment): Problem {
  const file = certificate.from === "file" ? certificate.certificate : certificate.from;
  return new Problem({
    code: "certificate/not-ours",
    says: `the certificate of ${name} is the file ${file}, which harborwright did not make`,
    instead: `replace the file and run \`harborwright up ${environment.environment}\``,
  });
}

function unknownSite(name: string, environment: Environment): Problem {
  return new Problem({
    code: "site/unknown",
    says: `${environment.environment} has no site ${JSON.stringify(name)}`,
    instead: `one of: ${environment.sites.map((site) => site.name).join(", ")}`,
  });
}

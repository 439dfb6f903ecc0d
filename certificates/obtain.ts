import { acmeAccountKey, acmeRecord, type Issued, keepAcmeRecord, newPrivateKey } from "../secrets/acme-record.js";
import { checkCertificateFile } from "../secrets/certificate-file.js";
import type { SecretStore } from "../secrets/store.js";
import type { LetsEncrypt } from "../spec/certificate.js";
import type { Clock } from "../spec/clock.js";
import { Secret } from "../spec/secret.js";
import { caName, directoryUrl } from "./acme-directory.js";
import { AcmeSession, type Authorization, type Order } from "./acme-session.js";
import { ChallengeRecords, type OpenZone } from "./challenge-records.js";
import { type Patience, until } from "./patience.js";
import { untilSeen } from "./seen-record.js";

/** A certificate that a site shall have. */
export interface Wish {
  readonly site: string;
  readonly hostname: string;
  readonly wanted: LetsEncrypt;
  /** PEM of `wanted.ca`. @default - the CA is a public one */
  readonly ca?: string | undefined;
}

/** What is needed to ask for it. */
export interface Means {
  readonly store: SecretStore;
  readonly openZone: OpenZone;
  /** Tells what happens, a line a step. */
  readonly note: (line: string) => void;
  readonly clock: Clock;
  /** How long name servers may take to know a record. @default - five minutes */
  readonly propagation?: Patience;
}

/** A CA decides within seconds; five minutes when it is busy. Milliseconds. */
const PATIENCE: Patience = { deadline: 300_000, between: 1_000 };

/**
 * Asks a CA for a certificate and proves the name by a record in DNS. All that matters is saved before the next step
 * depends on it: the account's key, the certificate's key and the place of the order, the record. So a run that was killed
 * anywhere is taken up by the next one, and the CA does not count a second certificate.
 * @returns what was issued; it is in the store, and saved
 * @throws Problem `certificate/…`, `dns/…`
 */
export async function obtainCertificate(wish: Wish, means: Means): Promise<Issued> {
  const { store } = means;
  const { wanted, hostname, site } = wish;
  const ca = caName(wanted);
  const accountKey = acmeAccountKey(store);
  await store.save();
  const records = new ChallengeRecords(store, site, means.openZone, means.note);
  await records.clear();
  const server = { directory: directoryUrl(wanted), ca: wish.ca };
  const asked = { hostname, ca, isProduction: wanted.directory === "production" };
  const session = await AcmeSession.open(server, accountKey, asked);
  await session.register(wanted.mail);

  const { order, key } = await orderFor(session, wish, means);
  if (order.status === "pending") await proveName(session, order, records, wish, means);
  const done = await finalized(session, order, hostname, key);
  const chain = checked(await session.certificate(done), key, wish, means.clock());
  const issued = { directory: wanted.directory, chain, key: key.reveal() };
  keepAcmeRecord(store, site, { records: acmeRecord(store, site).records, issued });
  await store.save();
  return issued;
}

/** The order that an earlier run has begun, or a new one. The key is saved before the CA hears of it. */
async function orderFor(
  session: AcmeSession,
  { site, hostname, wanted }: Wish,
  { store, note }: Means,
): Promise<{ readonly order: Order; readonly key: Secret }> {
  const record = acmeRecord(store, site);
  const begun = record.order;
  if (begun !== undefined && begun.directory === wanted.directory && begun.hostname === hostname) {
    const order = await session.orderAt(begun.url);
    if (order !== undefined) {
      note(`going on with an order that was begun earlier (${order.status})`);
      return { order, key: new Secret(begun.key) };
    }
  }
  const key = newPrivateKey();
  const order = await session.order(hostname);
  const kept = { directory: wanted.directory, hostname, url: order.url, key: key.reveal() };
  keepAcmeRecord(store, site, { ...record, order: kept });
  await store.save();
  return { order, key };
}

async function proveName(
  session: AcmeSession,
  order: Order,
  records: ChallengeRecords,
  { wanted, hostname }: Wish,
  { note, propagation }: Means,
): Promise<void> {
  const open = (await session.authorizations(order)).filter(({ status }) => status !== "valid");
  for (const authorization of open) {
    const challenge = authorization.challenges.find(({ type }) => type === "dns-01");
    if (challenge === undefined) throw session.refused(undefined, "it does not offer to look for a record in DNS");
    const { provider, zone, resolvers } = wanted.dns;
    const name = `_acme-challenge.${hostname}`;
    const value = await session.proof(challenge);
    await records.during({ provider, zone, name, value }, async () => {
      note(`record ${name} made; waiting until all name servers give it`);
      await untilSeen({ zone, name, text: value, resolvers }, propagation);
      if (challenge.status === "pending") await session.look(challenge);
      await untilProved(session, order, authorization.url);
    });
  }
}

async function untilProved(session: AcmeSession, order: Order, url: string): Promise<void> {
  const state = await until(async () => {
    const all = await session.authorizations(order);
    const own = all.find((one) => one.url === url);
    return own === undefined || own.status === "pending" ? undefined : own;
  }, PATIENCE);
  if (state?.status === "valid") return;
  throw session.refused(errorOf(state), `the proof is ${state?.status ?? "still not looked at"}`);
}

function errorOf(authorization: Authorization | undefined): unknown {
  return authorization?.challenges.find(({ error }) => error !== undefined)?.error;
}

/** The order when its certificate is there. One that an earlier run has finalized is not finalized again. */
async function finalized(session: AcmeSession, order: Order, hostname: string, key: Secret): Promise<Order> {
  const settled = (wanted: readonly Order["status"][]) =>
    until(async () => {
      const now = await session.orderAt(order.url);
      if (now === undefined) throw session.refused(order.error, "the order was given up");
      return wanted.includes(now.status) ? now : undefined;
    }, PATIENCE);
  const ready = await settled(["ready", "processing", "valid"]);
  if (ready?.status === "ready") await session.finalize(ready, await requestFor(hostname, key));
  const valid = await settled(["valid"]);
  if (valid === undefined)
    throw session.refused(undefined, `the order is still not done after ${PATIENCE.deadline / 60_000} minutes`);
  return valid;
}

/** What the CA is asked to sign: the name and the public key. */
async function requestFor(hostname: string, key: Secret): Promise<string> {
  const acme = await import("acme-client");
  const [, request] = await acme.crypto.createCsr({ altNames: [hostname] }, key.reveal());
  return request.toString();
}

/** The chain as it is served. A CA that is asked by its URL may be anybody: what it gives is checked as a user's file is. */
function checked(chain: string, key: Secret, { wanted, hostname, ca }: Wish, now: Date): string {
  return checkCertificateFile({ path: caName(wanted), chain, key, ca, field: "certificate" }, hostname, now);
}

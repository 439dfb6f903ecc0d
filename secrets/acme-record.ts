import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import * as z from "zod";
import type { LetsEncrypt } from "../spec/certificate.js";
import { milliseconds } from "../spec/duration.js";
import { parsedJson } from "../spec/parsed-json.js";
import { Secret } from "../spec/secret.js";
import { damaged } from "./envelope.js";
import { secretName } from "./names.js";
import { covers } from "./server-certificate.js";
import type { SecretStore } from "./store.js";
import { validity } from "./x509.js";

const pem = z.string().min(1);

const recordSchema = z.strictObject({
  /** The certificate that was issued last. */
  issued: z
    .strictObject({
      /** The CA's directory, as the environment file named it: production. */
      directory: z.string(),
      /** PEM: the certificate, then its intermediates. */
      chain: pem,
      /** PEM, PKCS #8. */
      key: pem,
    })
    .optional(),
  /** An order that is under way, so that one that was interrupted goes on and the CA does not count another. */
  order: z.strictObject({ directory: z.string(), hostname: z.string(), url: z.string(), key: pem }).optional(),
  /** Records that were put into DNS, or were about to be, and have not been seen to be gone. */
  records: z
    .array(
      z.strictObject({
        provider: z.enum(["route53", "alidns"]),
        zone: z.string(),
        name: z.string(),
        value: z.string(),
      }),
    )
    .default([]),
});

/** What the store knows of one site's certificate from a CA that is asked with ACME. */
export type AcmeRecord = z.output<typeof recordSchema>;
/** A certificate that was issued. */
export type Issued = NonNullable<AcmeRecord["issued"]>;

/** What the store knows; an empty record when nothing was ever asked for. */
export function acmeRecord(store: SecretStore, site: string): AcmeRecord {
  const text = store.get(secretName.acme(site))?.reveal();
  if (text === undefined) return { records: [] };
  const parsed = recordSchema.safeParse(parsedJson(text));
  if (!parsed.success) throw damaged(store.path);
  return parsed.data;
}

/** Remembers it. Nothing is written: call `store.save()`. */
export function keepAcmeRecord(store: SecretStore, site: string, record: AcmeRecord): void {
  store.set(secretName.acme(site), new Secret(JSON.stringify(record)));
}

/**
 * The key with which this environment is known to every CA it asks; made at the first time. It is kept even before the
 * CA knows it, for a CA limits how many accounts one may open. Nothing is written: call `store.save()`.
 */
export function acmeAccountKey(store: SecretStore): Secret {
  const present = store.get(secretName.acmeAccountKey);
  if (present !== undefined) return present;
  const key = newPrivateKey();
  store.set(secretName.acmeAccountKey, key);
  return key;
}

/** A private key, ECDSA P-256, as PEM, PKCS #8. */
export function newPrivateKey(): Secret {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
}

/** Why a certificate has to be asked for. */
export type Reason = "none" | "directory" | "name" | "key" | "ends";

/**
 * Why a site needs a new certificate; undefined when it does not.
 * @param wanted - what the environment file says now
 */
export function reasonToAsk(
  issued: Issued | undefined,
  wanted: LetsEncrypt,
  hostname: string,
  now: Date,
): Reason | undefined {
  if (issued === undefined) return "none";
  const certificate = new X509Certificate(issued.chain);
  if (issued.directory !== wanted.directory) return "directory";
  if (!covers(certificate, hostname)) return "name";
  if (!certificate.checkPrivateKey(createPrivateKey(issued.key))) return "key";
  return renewalDue(certificate, wanted.renewBefore) <= now ? "ends" : undefined;
}

/**
 * When a certificate is to be replaced: so long before its end, but not before half of its time has gone by. Otherwise
 * one that is valid for a shorter time than that would be asked for anew at every run, until the CA gives no more.
 */
export function renewalDue(certificate: X509Certificate, renewBefore: string): Date {
  const { from, to } = validity(certificate);
  const half = (from.getTime() + to.getTime()) / 2;
  return new Date(Math.max(half, to.getTime() - milliseconds(renewBefore)));
}

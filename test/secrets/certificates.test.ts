import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Authority, isAuthorityDue, makeAuthority, renewAuthority } from "../../secrets/certificate-authority.js";
import {
  certificateNames,
  covers,
  isServerCertificateDue,
  issueServerCertificate,
  type ServerCertificate,
} from "../../secrets/server-certificate.js";
import { hostnames, privateAddresses } from "../arbitrary/text.js";
import { exampleEnvironment, siteOf } from "../release/example.js";

const NOW = new Date("2026-11-22T12:00:00Z");
const NAMES = ["registry.example.com", "198.18.0.100"];
const DAY = 86_400_000;

let authority: Authority;
let server: ServerCertificate;
beforeAll(async () => {
  authority = await makeAuthority("prod", NOW);
  server = await issueServerCertificate(authority, NAMES, "90d", NOW);
});

function later(days: number): Date {
  return new Date(NOW.getTime() + days * DAY);
}

test("the CA signs servers for ten years, and no further CAs", () => {
  const ca = new X509Certificate(authority.certificate);
  expect(ca.ca).toBe(true);
  expect(ca.subject).toBe("CN=harborwright prod CA");
  expect(new Date(ca.validTo)).toEqual(new Date("2036-11-22T12:00:00Z"));
  expect(ca.verify(ca.publicKey)).toBe(true);
});

test("a server's certificate begins five minutes ago, for hosts whose clocks are behind", () => {
  const { validFrom, validTo } = new X509Certificate(server.certificate);
  expect(new Date(validFrom)).toEqual(new Date(NOW.getTime() - 5 * 60_000));
  expect(new Date(validTo)).toEqual(later(90));
});

test("a server's certificate does not outlive its CA", async () => {
  const { certificate } = await issueServerCertificate(authority, NAMES, "9999d", NOW);
  expect(new X509Certificate(certificate).validTo).toBe(new X509Certificate(authority.certificate).validTo);
});

test("serial numbers differ and have 16 bytes", async () => {
  const serials = [authority.certificate, server.certificate].map((pem) => new X509Certificate(pem).serialNumber);
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  expect(new Set(serials).size).toBe(2);
});

test("a certificate covers exactly the names it was asked for", async () => {
  const names = fc.uniqueArray(fc.oneof(hostnames, privateAddresses, fc.constant("2001:db8::11")), {
    minLength: 2,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(names, async ([other = "", ...wanted]) => {
      const { certificate } = await issueServerCertificate(authority, wanted, "1d", NOW);
      const made = new X509Certificate(certificate);
      expect(wanted.filter((name) => !covers(made, name))).toEqual([]);
      expect(covers(made, other)).toBe(false);
    }),
    { numRuns: 20 },
  );
});

test("a host name longer than a common name is covered all the same", async () => {
  const long = `${"a".repeat(60)}.${"b".repeat(60)}.example.com`;
  const { certificate } = await issueServerCertificate(authority, [long], "1d", NOW);
  expect(covers(new X509Certificate(certificate), long)).toBe(true);
});

test("a certificate is kept for two thirds of its time and then replaced", () => {
  const isDue = (days: number) => isServerCertificateDue(server, authority, NAMES, later(days));
  expect([0, 30, 59].map(isDue)).toEqual([false, false, false]);
  expect([61, 89, 91, 4000].map(isDue)).toEqual([true, true, true, true]);
});

test("a certificate is replaced when a name is missing, not when there is one more", () => {
  expect(isServerCertificateDue(server, authority, [...NAMES, "198.18.0.14"], NOW)).toBe(true);
  expect(isServerCertificateDue(server, authority, NAMES.slice(0, 1), NOW)).toBe(false);
});

test("a certificate is replaced when its key or its CA is another", async () => {
  const other = await makeAuthority("prod", NOW);
  const { key } = await issueServerCertificate(other, NAMES, "90d", NOW);
  expect(isServerCertificateDue(server, other, NAMES, NOW)).toBe(true);
  expect(isServerCertificateDue({ ...server, key }, authority, NAMES, NOW)).toBe(true);
});

test("a renewed CA keeps its key and name, so old certificates go on", async () => {
  expect(isAuthorityDue(authority, later(6 * 365))).toBe(false);
  expect(isAuthorityDue(authority, later(7 * 365))).toBe(true);
  const renewed = await renewAuthority(authority, "prod", later(7 * 365));
  const [before, after] = [authority, renewed].map(({ certificate }) => new X509Certificate(certificate));
  expect(after?.subject).toBe(before?.subject);
  expect(after?.fingerprint256).not.toBe(before?.fingerprint256);
  expect(isServerCertificateDue(server, renewed, NAMES, NOW)).toBe(false);
});

test("names are the host name, the entry, the nodes, and the local ones where the entry is published", () => {
  const local = (publish?: number) =>
    exampleEnvironment({}, { sites: [{ name: "here", provider: "local", ...(publish && { publish }) }] });
  const plain = certificateNames("registry.example.com", siteOf(local()));
  expect(plain).toEqual(["registry.example.com", "198.18.0.100", "198.18.0.11", "198.18.0.12", "198.18.0.13"]);
  expect(certificateNames("registry.example.com", siteOf(local(8443)))).toEqual([...plain, "localhost", "127.0.0.1"]);
});

import { beforeAll, expect, test } from "vitest";
import { type Authority, makeAuthority } from "../../secrets/certificate-authority.js";
import { type CertificateFile, checkCertificateFile } from "../../secrets/certificate-file.js";
import { issueServerCertificate, type ServerCertificate } from "../../secrets/server-certificate.js";
import { Problem, Problems } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";

const NOW = new Date("2026-11-22T12:00:00Z");
const HOSTNAME = "registry.example.com";

let authority: Authority;
let stranger: Authority;
let server: ServerCertificate;
let other: ServerCertificate;
beforeAll(async () => {
  authority = await makeAuthority("one", NOW);
  stranger = await makeAuthority("two", NOW);
  server = await issueServerCertificate(authority, [HOSTNAME], "90d", NOW);
  other = await issueServerCertificate(authority, ["*.example.com"], "90d", NOW);
});

function file(more: Partial<CertificateFile> = {}): CertificateFile {
  return { path: "server.pem", chain: server.certificate, key: server.key, field: "sites.0.certificate", ...more };
}

/** Codes of all that is wrong. */
function codes(given: CertificateFile, hostname = HOSTNAME, now = NOW): string[] {
  try {
    checkCertificateFile(given, hostname, now);
    return [];
  } catch (error) {
    if (error instanceof Problem) return [error.details.code];
    if (error instanceof Problems) return error.problems.map(({ code }) => code);
    throw error;
  }
}

test("a chain in order with its key and its CA is taken, without what else stands in the file", () => {
  const text = `subject=us\n${server.certificate}\nissuer=them\n${authority.certificate}`;
  const chain = checkCertificateFile(file({ chain: text, ca: authority.certificate }), HOSTNAME, NOW);
  expect(chain).toBe(`${server.certificate}${authority.certificate}`);
});

test("a wildcard covers the name", () => {
  expect(codes(file({ chain: other.certificate, key: other.key }))).toEqual([]);
});

test("a key of another certificate is refused", () => {
  expect(codes(file({ key: other.key }))).toEqual(["certificate/key-mismatch"]);
});

test("a chain that begins with the CA is in the wrong order", () => {
  const wrong = codes(file({ chain: authority.certificate + server.certificate }));
  expect(wrong).toContain("certificate/chain-order");
  expect(wrong).not.toContain("certificate/key-mismatch");
});

test("a certificate followed by a CA that did not issue it is refused", () => {
  expect(codes(file({ chain: server.certificate + stranger.certificate }))).toEqual(["certificate/chain-order"]);
});

test("a chain that does not end at the named CA is incomplete", () => {
  expect(codes(file({ ca: stranger.certificate }))).toEqual(["certificate/chain-incomplete"]);
  expect(codes(file({ ca: authority.certificate }))).toEqual([]);
});

test("a certificate for another name is refused with the names it has", () => {
  expect(codes(file(), "images.example.org")).toEqual(["certificate/name-missing"]);
  expect(() => checkCertificateFile(file(), "images.example.org", NOW)).toThrow("it is for DNS:registry.example.com");
});

test("an expired certificate and one of tomorrow are told apart", () => {
  expect(codes(file(), HOSTNAME, new Date("2027-11-22T12:00:00Z"))).toEqual(["certificate/expired"]);
  expect(codes(file(), HOSTNAME, new Date("2026-11-21T12:00:00Z"))).toEqual(["certificate/not-yet-valid"]);
});

test("what cannot be read is named: no certificate, no key, a key with a passphrase", () => {
  expect(codes(file({ chain: "nothing" }))).toEqual(["certificate/unreadable"]);
  expect(codes(file({ key: new Secret("nothing") }))).toEqual(["certificate/key-unreadable"]);
  const locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
  expect(() => checkCertificateFile(file({ key: new Secret(locked) }), HOSTNAME, NOW)).toThrow("passphrase");
});

test("several faults are told at once", () => {
  const wrong = codes(file({ key: other.key, ca: stranger.certificate }), "images.example.org");
  expect(wrong).toEqual(["certificate/key-mismatch", "certificate/name-missing", "certificate/chain-incomplete"]);
});

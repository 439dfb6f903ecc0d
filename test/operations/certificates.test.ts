import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { certificatesToAsk } from "../../operations/certificates.js";
import { identityFile } from "../../operations/secret-store.js";
import { openWorkspace, type Workspace } from "../../operations/workspace.js";
import { keepAcmeRecord, newPrivateKey, reasonToAsk, renewalDue } from "../../secrets/acme-record.js";
import { makeAuthority } from "../../secrets/certificate-authority.js";
import { ensureSecrets } from "../../secrets/ensure.js";
import { releaseSecrets } from "../../secrets/release-secrets.js";
import { issueServerCertificate } from "../../secrets/server-certificate.js";
import { openStore, type SecretStore } from "../../secrets/store.js";
import type { LetsEncrypt } from "../../spec/certificate.js";

const NOW = new Date("2026-11-25T12:00:00Z");
const DAY = 86_400_000;
const HOSTNAME = "registry.example.com";
const WANTED: LetsEncrypt = {
  from: "lets-encrypt",
  dns: { provider: "alidns", zone: "example.com", resolvers: [] },
  directory: "production",
  renewBefore: "30d",
};

const later = (days: number) => new Date(NOW.getTime() + days * DAY);

async function issued(days: number, hostname = HOSTNAME, directory = "production") {
  const authority = await makeAuthority("some CA", NOW);
  const { certificate, key } = await issueServerCertificate(authority, [hostname], `${days}d`, NOW);
  return { directory, chain: certificate, key: key.reveal() };
}

test("a certificate is asked for when there is none, when it is another one's, and when it ends soon", async () => {
  const present = await issued(90);
  const reason = (changes: Partial<LetsEncrypt>, days = 0, hostname = HOSTNAME) =>
    reasonToAsk(present, { ...WANTED, ...changes }, hostname, later(days));
  expect(reasonToAsk(undefined, WANTED, HOSTNAME, NOW)).toBe("none");
  expect(reason({})).toBeUndefined();
  expect(reason({ directory: "staging" })).toBe("directory");
  expect(reason({}, 0, "other.example.com")).toBe("name");
  expect(reason({}, 59)).toBeUndefined();
  expect(reason({}, 61)).toBe("ends");
  expect(reasonToAsk({ ...present, key: newPrivateKey().reveal() }, WANTED, HOSTNAME, NOW)).toBe("key");
});

test("one that is valid for a shorter time than renewBefore is replaced at its half, not at every run", async () => {
  const six = new X509Certificate((await issued(6)).chain);
  expect(renewalDue(six, "30d").getTime()).toBeCloseTo(later(3).getTime(), -6);
});

async function environment(
  certificate: string,
): Promise<{ readonly workspace: Workspace; readonly store: SecretStore }> {
  const folder = await mkdtemp(join(tmpdir(), "certificates-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "prod.yaml");
  const sites = `sites: [{ name: here, provider: local, certificate: ${certificate} }]`;
  await writeFile(file, `environment: prod\nregistry: { hostname: ${HOSTNAME} }\n${sites}\n`);
  const workspace = await openWorkspace(file);
  const store = await openStore(workspace.secretsFile, {
    identityFile: identityFile({ HARBORWRIGHT_IDENTITY: join(folder, "identity.txt") }),
    recipients: [],
  });
  return { workspace, store };
}

const ASKED = "{ from: lets-encrypt, dns: { provider: alidns, zone: example.com }, directory: staging }";

test("a plan says what will be asked of whom, and why", async () => {
  const { workspace, store } = await environment(ASKED);
  const ask = "ask Let's Encrypt's staging environment for a certificate for registry.example.com";
  expect(certificatesToAsk(workspace, store, NOW)).toEqual([ask]);
  keepAcmeRecord(store, "here", { records: [], issued: await issued(90) });
  expect(certificatesToAsk(workspace, store, NOW)).toEqual([`${ask}: the present one is from Let's Encrypt`]);
  keepAcmeRecord(store, "here", { records: [], issued: await issued(90, HOSTNAME, "staging") });
  expect(certificatesToAsk(workspace, store, NOW)).toEqual([]);
  expect(certificatesToAsk(workspace, store, later(80))).toEqual([`${ask}: the present one ends at 2027-02-23`]);
});

test("where the certificate is always one's own, nothing is asked", async () => {
  const { workspace, store } = await environment("{ from: own-ca }");
  expect(certificatesToAsk(workspace, store, NOW)).toEqual([]);
});

test("hosts get what the CA issued, its key, and the CA's own certificate only where it is no public one", async () => {
  const { workspace, store } = await environment(ASKED);
  const { chain, key, directory } = await issued(90, HOSTNAME, "staging");
  keepAcmeRecord(store, "here", { records: [], issued: { chain, key, directory } });
  await ensureSecrets(workspace.environment, workspace.inventory, store, () => NOW);
  expect(store.names()).not.toContain("ca-key");
  const secrets = await releaseSecrets(
    workspace.environment,
    workspace.inventory,
    store,
    async () => "",
    () => NOW,
  );
  expect(secrets.certificates.here?.chain).toBe(chain);
  expect(secrets.certificates.here?.key.reveal()).toBe(key);
  expect(secrets.ca).toBe("");
});

import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { servedCertificate } from "../../operations/served-certificate.js";
import { openWorkspace, type Workspace } from "../../operations/workspace.js";
import { makeAuthority } from "../../secrets/certificate-authority.js";
import { issueServerCertificate } from "../../secrets/server-certificate.js";
import { freePorts } from "../rendered/ports.js";

const NOW = new Date("2026-11-25T12:00:00Z");
const HOSTNAME = "registry.example.com";
const later = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

/** An environment whose entry is this machine. */
async function environment(certificate: string, port: number): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), "served-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "prod.yaml");
  const storage = "storage: { kind: s3, bucket: images, region: eu-central-1 }";
  const site = `{ name: here, provider: hosts, hosts: [{ name: node-1, address: 10.20.0.11 }], certificate: ${certificate} }`;
  await writeFile(
    file,
    `environment: prod\nregistry: { hostname: ${HOSTNAME}, ports: { https: ${port} }, ${storage} }\nsites: [${site}]\n`,
  );
  const workspace = await openWorkspace(file);
  const sites = workspace.inventory.sites.map((one) => ({
    ...one,
    entry: { from: "node" as const, address: "127.0.0.1" },
  }));
  return { ...workspace, inventory: { ...workspace.inventory, sites } };
}

async function entryWith(days: number): Promise<number> {
  const authority = await makeAuthority("some CA", NOW);
  const { certificate, key } = await issueServerCertificate(authority, [HOSTNAME], `${days}d`, NOW);
  const server = createServer({ cert: certificate, key: key.reveal() }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const ASKED = "{ from: lets-encrypt, dns: { provider: route53, zone: example.com }, renewBefore: 20d }";

test("a certificate that ends within renewBefore is warned of, one that does not is not", async () => {
  const workspace = await environment(ASKED, await entryWith(90));
  expect(await servedCertificate(workspace, later(69))).toEqual({ notAfter: later(90).toISOString() });
  expect((await servedCertificate(workspace, later(71)))?.warning).toBe(
    "the certificate ends on 2027-02-23, in 19 days: harborwright renew prod",
  );
  expect((await servedCertificate(workspace, later(91)))?.warning).toContain("ended on 2027-02-23");
});

test("who brought the certificate replaces the file", async () => {
  const workspace = await environment("{ from: file, certificate: a.crt, key: a.key }", await entryWith(90));
  expect((await servedCertificate(workspace, later(75)))?.warning).toContain("replace the file");
});

test("an entry that does not answer has no certificate, and is no failure", async () => {
  const [port = 0] = await freePorts(1);
  expect(await servedCertificate(await environment(ASKED, port), NOW)).toBeUndefined();
});

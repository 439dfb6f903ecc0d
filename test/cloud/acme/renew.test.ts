import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { $ } from "zx";
import { ensureCertificate } from "../../../operations/certificates.js";
import { certificateFindings } from "../../../operations/doctor-certificate.js";
import { type Renewal, renew, rolledOut } from "../../../operations/renew.js";
import { openSecrets } from "../../../operations/secret-store.js";
import { openWorkspace, type Workspace } from "../../../operations/workspace.js";
import { acmeRecord, keepAcmeRecord } from "../../../secrets/acme-record.js";
import { makeAuthority } from "../../../secrets/certificate-authority.js";
import { certificatesIn } from "../../../secrets/certificate-file.js";
import { issueServerCertificate } from "../../../secrets/server-certificate.js";
import { silentProgress } from "../../../supply/progress.js";
import { AcmeWorld, HOSTNAME, ZONE } from "./acme-world.js";

const PROJECT = join(import.meta.dirname, "../../..");
let world: AcmeWorld;
let folder: string;
let file: string;
beforeAll(async () => {
  world = await AcmeWorld.start();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world?.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "renew-"));
  file = join(folder, "prod.yaml");
  await writeFile(join(folder, "test-ca.crt"), world.ca);
  const variables = { ...world.variables, HARBORWRIGHT_IDENTITY: join(folder, "identity.txt") };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return () => rm(folder, { recursive: true, force: true });
});

async function environment(provider: "route53" | "alidns", directory = world.directory): Promise<Workspace> {
  const dns = `{ provider: ${provider}, zone: ${ZONE}, resolvers: ["${world.resolver}"] }`;
  const certificate = `{ from: lets-encrypt, dns: ${dns}, directory: "${directory}", ca: test-ca.crt }`;
  const site = `{ name: here, provider: hosts, hosts: [{ name: node-1, address: 10.20.0.11 }], certificate: ${certificate} }`;
  const storage = "storage: { kind: s3, bucket: images, region: eu-central-1 }";
  await writeFile(file, `environment: prod\nregistry: { hostname: ${HOSTNAME}, ${storage} }\nsites: [${site}]\n`);
  return openWorkspace(file);
}

const renewIfDue = (workspace: Workspace): Promise<Renewal> =>
  renew(workspace, { ifDue: true, progress: silentProgress });

/** Puts a certificate into the store that has so many of its 90 days left. */
async function withDaysLeft(workspace: Workspace, days: number): Promise<void> {
  const begin = new Date(Date.now() - (90 - days) * 86_400_000);
  const authority = await makeAuthority("an earlier time", begin);
  const { certificate, key } = await issueServerCertificate(authority, [HOSTNAME], "90d", begin);
  const store = await openSecrets(workspace);
  const issued = { directory: world.directory, chain: certificate, key: key.reveal() };
  keepAcmeRecord(store, "here", { records: [], issued });
  await store.save();
}

test("a certificate that is due is renewed once, and goes on being rolled out until every host has it", async () => {
  const workspace = await environment("alidns");
  await withDaysLeft(workspace, 29);
  const first = await renewIfDue(workspace);
  expect(first).toMatchObject({ made: true, toRollOut: true });
  const second = await renewIfDue(workspace);
  expect(second).toEqual({ ...first, made: false });
  await rolledOut(workspace);
  expect(await renewIfDue(workspace)).toEqual({ ...first, made: false, toRollOut: false });
});

test("one that is not due is left alone, and the command says until when and ends well", async () => {
  const workspace = await environment("route53");
  await withDaysLeft(workspace, 31);
  const before = acmeRecord(await openSecrets(workspace), "here");
  const run = $({ quiet: true, nothrow: true, cwd: PROJECT });
  const said = await run`${join(PROJECT, "node_modules/.bin/tsx")} cli/main.ts renew ${file} --if-due --yes`;
  expect(said.stdout).toMatch(/^certificate [0-9A-F]+ is valid until .*; it is due on \d{4}-\d{2}-\d{2}\n$/);
  expect({ code: said.exitCode, errors: said.stderr }).toEqual({ code: 0, errors: "" });
  expect(acmeRecord(await openSecrets(workspace), "here")).toEqual(before);
});

test("without --if-due it is renewed whatever its age", async () => {
  const workspace = await environment("route53");
  await withDaysLeft(workspace, 80);
  expect(await renew(workspace, { progress: silentProgress })).toMatchObject({ made: true });
  const { issued } = acmeRecord(await openSecrets(workspace), "here");
  const last = certificatesIn(issued?.chain ?? "").at(-1);
  expect(last?.verify(new X509Certificate(world.root).publicKey)).toBe(true);
});

test("a change from one CA to another asks the new one", async () => {
  const workspace = await environment("alidns");
  await withDaysLeft(workspace, 80);
  // The same CA under another name: localhost and 127.0.0.1 are both in its certificate.
  const other = await environment("alidns", world.directory.replace("localhost", "127.0.0.1"));
  const store = await openSecrets(other);
  await ensureCertificate(other, store, silentProgress);
  expect(acmeRecord(store, "here").issued?.directory).toContain("127.0.0.1");
});

test("a renewal that fails holds nothing up while the present certificate is valid", async () => {
  const workspace = await environment("alidns", "https://127.0.0.1:1/dir");
  await withDaysLeft(workspace, 20);
  const store = await openSecrets(workspace);
  const { records, issued } = acmeRecord(store, "here");
  if (issued === undefined) throw new Error("there is a certificate");
  keepAcmeRecord(store, "here", { records, issued: { ...issued, directory: "https://127.0.0.1:1/dir" } });
  const notes: string[] = [];
  await ensureCertificate(workspace, store, { ...silentProgress, note: (line) => void notes.push(line) });
  expect(notes[0]).toContain("could not be renewed: 127.0.0.1:1 does not answer");
  expect(notes[1]).toContain("going on with the one that is valid until");
});

test("doctor looks into the zone with the credentials at hand, and changes nothing", async () => {
  const before = world.zone.history.length;
  for (const provider of ["alidns", "route53"] as const) {
    const workspace = await environment(provider);
    expect(await certificateFindings(workspace)).toMatchObject([{ check: "certificate", state: "ok" }]);
    vi.stubEnv(provider === "alidns" ? "ALIBABA_CLOUD_ACCESS_KEY_SECRET" : "AWS_SECRET_ACCESS_KEY", "wrong");
    expect(await certificateFindings(workspace)).toMatchObject([{ check: "certificate", state: "problem" }]);
  }
  expect(world.zone.history.length).toBe(before);
});

test("without credentials anywhere, doctor says where they may come from", async () => {
  for (const name of Object.keys(world.variables)) vi.stubEnv(name, name === "AWS_EC2_METADATA_DISABLED" ? "true" : "");
  vi.stubEnv("HOME", folder);
  const [aws] = await certificateFindings(await environment("route53"));
  expect(aws?.says).toBe("there are no credentials for Amazon Route 53");
  expect(aws?.instead).toContain("harborwright secret set prod dns-access-key");
  const session = [
    "sso_start_url = https://sso.example.com",
    "sso_region = eu-central-1",
    "sso_account_id = 123456789012",
  ];
  await writeFile(join(folder, "aws"), ["[profile ended]", ...session, "sso_role_name = dns", ""].join("\n"));
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "aws"));
  vi.stubEnv("AWS_PROFILE", "ended");
  const [missing] = await certificateFindings(await environment("route53"));
  expect(missing?.says).toContain("your profile gives no credentials for AWS");
  const [alibaba] = await certificateFindings(await environment("alidns"));
  expect(alibaba?.instead).toContain("ALIBABA_CLOUD_PROFILE");
});

test("what is kept of it lies encrypted beside the file", async () => {
  const workspace = await environment("alidns");
  await renew(workspace, { progress: silentProgress });
  const armoured = await readFile(workspace.secretsFile, "utf8");
  expect(armoured).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
  expect(armoured).not.toContain("PRIVATE KEY");
});

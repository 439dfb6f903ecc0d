import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { $ } from "zx";
import { probeOf, run, type StorageFile } from "../rendered/probing.js";
import { MetadataService, type RoleKeys } from "./metadata-service.js";
import { MotoServer } from "./moto/moto-server.js";

const BUCKET = "images";
const PREFIX = "registry";
/** May do all that is tried. */
const ABLE = "able";
const ROLES: Readonly<Record<string, readonly string[]>> = {
  [ABLE]: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
  "without-rights": [],
  "without-reading": ["s3:PutObject", "s3:DeleteObject"],
  "without-removing": ["s3:PutObject", "s3:GetObject"],
};

let moto: MotoServer;
let metadata: MetadataService;
let able: RoleKeys;
/** Folder of a curl to which the metadata service is where it runs here; all else is the real one. */
let folder: string;

beforeAll(async () => {
  moto = await MotoServer.start();
  metadata = await MetadataService.start("127.0.0.1");
  folder = await mkdtemp(join(tmpdir(), "role-"));
  const curl = (await $`command -v curl`).stdout.trim();
  const leads = `#!/bin/sh\nexec ${curl} --connect-to 169.254.169.254:80:${metadata.place} "$@"\n`;
  await writeFile(join(folder, "curl"), leads, { mode: 0o755 });
  await fetch(`${moto.endpoint}/${BUCKET}`, { method: "PUT" });
  for (const [role, actions] of Object.entries(ROLES)) {
    const resource = `arn:aws:s3:::*/${PREFIX}/*`;
    await moto.makeRole(role, actions.length === 0 ? [] : [{ actions, resource }]);
  }
  able = await moto.keysOf(ABLE);
});
afterAll(async () => {
  metadata.stop();
  await moto.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  Object.assign(metadata, { keys: able, code: "Success", isOn: true });
});

function bucket(more: Partial<Extract<StorageFile, { kind: "s3" }>> = {}): StorageFile {
  return {
    kind: "s3",
    bucket: BUCKET,
    region: "us-east-1",
    endpoint: moto.endpoint,
    forcePathStyle: true,
    prefix: `/${PREFIX}`,
    credentials: "instance-role",
    ...more,
  };
}

async function asRole(storage = bucket()) {
  return run(await probeOf(storage, undefined), `${folder}:${process.env.PATH}`);
}

test("an object is written, read and removed with the keys of the role, and nothing is left", async () => {
  const { printed, says } = await asRole();
  expect(says).toBe("");
  expect(printed).toMatch(/^written, read and removed in \d+ ms$/);
  expect(await (await fetch(`${moto.endpoint}/${BUCKET}`)).text()).not.toContain("probe");
});

test("what a bucket asks of each object is signed as well", async () => {
  expect((await asRole(bucket({ encrypt: true, kmsKey: "alias/registry" }))).says).toBe("");
});

test("an object is written with the bucket in the host name", async () => {
  const { says } = await asRole(
    bucket({ endpoint: moto.endpoint.replace("127.0.0.1", "localhost"), forcePathStyle: false }),
  );
  expect(says).toBe("");
});

test.each([
  ["without-rights", "write to", "s3:PutObject"],
  ["without-reading", "read from", "s3:GetObject"],
  ["without-removing", "remove from", "s3:DeleteObject"],
])("of a role %s it is told that it cannot %s the bucket, and what it lacks", async (role, verb, lacks) => {
  metadata.keys = await moto.keysOf(role);
  const { code, says, instead } = await asRole();
  expect(code).toBe("storage/denied");
  expect(says).toContain(`node-1 cannot ${verb} `);
  expect(says).toContain(`the role ${role} has no right`);
  expect(instead).toContain(lacks);
});

test("keys that the storage does not know are told as the role's", async () => {
  const wrong = { accessKey: "ASIAUNKNOWN", secretKey: "another", token: "another" };
  for (const [name, value] of Object.entries(wrong)) {
    metadata.keys = { ...able, [name]: value };
    const { code, says } = await asRole();
    expect(code).toBe("storage/wrong-key");
    expect(says).toContain(`the keys of the role ${ABLE}`);
  }
});

test("a bucket that does not exist is named", async () => {
  expect((await asRole(bucket({ bucket: "nowhere" }))).code).toBe("storage/no-such-bucket");
});

test("a machine without a role, one whose role cannot be taken, and one whose metadata service is off are told apart", async () => {
  metadata.keys = undefined;
  const without = await asRole();
  Object.assign(metadata, { keys: able, code: "AssumeRoleUnauthorizedAccess" });
  const untaken = await asRole();
  metadata.isOn = false;
  const off = await asRole();
  expect([without.code, untaken.code, off.code]).toEqual(["storage/no-role", "storage/no-role", "storage/no-metadata"]);
  expect(without.instead).toContain("associate-iam-instance-profile");
  expect(untaken.says).toContain(`${ABLE} (200 AssumeRoleUnauthorizedAccess)`);
  expect(off.instead).toContain("--http-endpoint enabled");
});

test("a machine without a metadata service is told so", async () => {
  const away = await MetadataService.start("127.0.0.1");
  const script = await readFile(join(folder, "curl"), "utf8");
  const elsewhere = await mkdtemp(join(folder, "away-"));
  await writeFile(join(elsewhere, "curl"), script.replace(metadata.place, away.place), { mode: 0o755 });
  away.stop();
  const { code, says, instead } = await run(await probeOf(bucket(), undefined), `${elsewhere}:${process.env.PATH}`);
  expect(code).toBe("storage/no-metadata");
  expect(says).toContain("curl: (7)");
  expect(instead).toContain("credentials: keys");
});

test("neither keys nor signatures are seen in a list of processes, in the script or in what it prints", async () => {
  const seen = join(folder, "seen");
  const watched = await mkdtemp(join(folder, "watched-"));
  const programs = [
    "awk",
    "cat",
    "curl",
    "cut",
    "date",
    "grep",
    "head",
    "mktemp",
    "od",
    "rm",
    "sed",
    "sha256sum",
    "tail",
    "tr",
  ];
  for (const program of programs) {
    const real = program === "curl" ? join(folder, "curl") : (await $`command -v ${program}`).stdout.trim();
    const watch = `#!/bin/sh\nprintf '%s\\n' "${program} $*" >>${seen}\nenv >>${seen}\nexec ${real} "$@"\n`;
    await writeFile(join(watched, program), watch, { mode: 0o755 });
  }
  const asked = await probeOf(bucket(), undefined);
  const { printed, error } = await run(asked, `${watched}:${process.env.PATH}`);
  expect(printed).toContain("written");
  const all = [await readFile(seen, "utf8"), asked.script, asked.input, printed, error].join("\n");
  expect(all).toContain("sha256sum");
  const hex = Buffer.from(`AWS4${able.secretKey}`).toString("hex");
  for (const secret of [able.accessKey, able.secretKey, able.token, hex]) expect(all).not.toContain(secret);
  expect(all.replace(asked.script, "")).not.toContain("Signature=");
});

test.each(["dash", "bash"])("%s computes what the storage does", async (shell) => {
  const { script, input = "" } = await probeOf(bucket(), undefined);
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  expect((await $({ quiet: true, input, env })`${shell} -c ${script}`).stdout).toContain("written");
});

test("shellcheck has nothing to say about the script", async () => {
  for (const storage of [bucket(), bucket({ encrypt: true, kmsKey: "it's" })]) {
    const { script } = await probeOf(storage, undefined);
    expect((await $({ quiet: true, nothrow: true, input: script })`shellcheck --shell=sh -`).stdout).toBe("");
  }
});

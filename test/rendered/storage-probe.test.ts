import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import type { Probe } from "../../cluster/apply.js";
import { Secret } from "../../spec/secret.js";
import { freePort, RealRegistries } from "../operations/real-registry.js";
import { RealS3 } from "../operations/real-s3.js";
import { probeOf, run, type StorageFile } from "./probing.js";

let s3: RealS3;
let folder: string;
beforeAll(async () => {
  s3 = await RealS3.start();
  folder = await mkdtemp(join(tmpdir(), "probe-"));
});
afterAll(async () => {
  await s3.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The bucket of the server that runs. */
function bucket(more: Partial<Extract<StorageFile, { kind: "s3" }>> = {}): StorageFile {
  const endpoint = `http://127.0.0.1:${s3.port}`;
  return { kind: "s3", bucket: s3.bucket, region: "us-east-1", endpoint, forcePathStyle: true, ...more };
}

function probe(storage: StorageFile, keys = s3.keys, now = new Date()): Promise<Probe> {
  return probeOf(storage, keys, now);
}

test("an object is written, read and removed with the bucket in the path", async () => {
  const { printed, says } = await run(await probe(bucket({ prefix: "/deep/registry" })));
  expect(says).toBe("");
  expect(printed).toMatch(/^written, read and removed in \d+ ms$/);
});

test("an object is written, read and removed with the bucket in the host name", async () => {
  const endpoint = `http://localhost:${s3.port}`;
  const { printed, says } = await run(await probe(bucket({ endpoint, forcePathStyle: false })));
  expect(says).toBe("");
  expect(printed).toMatch(/^written, read and removed/);
});

test("nothing is left in the bucket", async () => {
  await run(await probe(bucket({ prefix: "" })));
  expect(await readdir(join(s3.folder, s3.bucket))).not.toContain(".harborwright-probe-node-1");
});

test("no secret key stands in the script or in its input, and no signature in the script", async () => {
  const { script, input = "" } = await probe(bucket());
  expect(script + input).not.toContain(s3.keys.secretKey.reveal());
  expect(script).not.toContain("AWS4-HMAC-SHA256");
  expect(input).toContain("AWS4-HMAC-SHA256");
});

test("a wrong access key and a wrong secret key are told apart, with the command that sets them", async () => {
  const stranger = { ...s3.keys, accessKey: new Secret("somebody-else") };
  const mistyped = { ...s3.keys, secretKey: new Secret("mistyped") };
  const first = await run(await probe(bucket(), stranger));
  const second = await run(await probe(bucket(), mistyped));
  expect([first.code, second.code]).toEqual(["storage/wrong-key", "storage/wrong-key"]);
  expect(first.says).toContain("does not know the access key");
  expect(second.says).toContain("the secret key does not belong to the access key");
});

test("a bucket that does not exist is named", async () => {
  const { code, says } = await run(await probe(bucket({ bucket: "nowhere" })));
  expect(code).toBe("storage/no-such-bucket");
  expect(says).toContain("/nowhere/");
});

test("a name that is not found, a refused connection and an untrusted certificate have their own words", async () => {
  const registries = await RealRegistries.start([{}]);
  const tls = `https://127.0.0.1:${registries.targets[0]?.port}`;
  const closed = `http://127.0.0.1:${await freePort()}`;
  const endpoints = ["http://nowhere.invalid", closed, tls];
  const results = await Promise.all(endpoints.map(async (endpoint) => run(await probe(bucket({ endpoint })))));
  await registries.stop();
  expect(results.map(({ code }) => code)).toEqual(["storage/name", "storage/refused", "storage/certificate"]);
});

test("a request that was signed an hour ago is told as a matter of clocks", async () => {
  const { code } = await run(await probe(bucket(), s3.keys, new Date(Date.now() - 3_600_000)));
  expect(code).toBe("storage/clock");
});

test("a host whose clock is an hour ahead of the storage's is told so", async () => {
  const clock = join(folder, "date");
  const ahead = "echo $(($(/bin/date -u +%s) + 3600))";
  await writeFile(clock, `#!/bin/sh\nif [ "$*" = "-u +%s" ]; then ${ahead}; else exec /bin/date "$@"; fi\n`);
  await chmod(clock, 0o755);
  const { code, says } = await run(await probe(bucket()), `${folder}:${process.env.PATH}`);
  expect(code).toBe("storage/clock");
  expect(says).toMatch(/the host's clock is 3(599|600|601) s ahead/);
});

test("with Azure the way to the account is tried, and any answer is good", async () => {
  const asked = await probe({ kind: "azure", account: "images", container: "registry", realm: "invalid" });
  expect(asked.what).toBe("storage reachable");
  expect((await run(asked)).code).toBe("storage/name");
});

test("a folder must be writable for the registry's user", async () => {
  const directory = join(folder, "registry");
  await mkdir(directory);
  await chmod(folder, 0o755);
  const asked = await probe({ kind: "filesystem", directory });
  expect((await run(asked)).code).toBe("storage/not-writable");
  await chmod(directory, 0o777);
  expect((await run(asked)).printed).toBe("written, read and removed");
  expect(await readdir(directory)).toEqual([]);
});

test("shellcheck has nothing to say about the scripts", async () => {
  for (const storage of [bucket(), bucket({ credentials: "instance-role" }), { kind: "filesystem" as const }]) {
    const { script } = await probe(storage);
    const checked = await $({ quiet: true, nothrow: true, input: script })`shellcheck --shell=sh -`;
    expect(checked.stdout).toBe("");
  }
});

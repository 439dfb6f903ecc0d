import { afterEach, expect, onTestFinished, test } from "vitest";
import { RegistryClient } from "../../operations/registry-client.js";
import { VERIFY_REPOSITORY, type Verification, type VerifyTarget, verify } from "../../operations/verify.js";
import type { LoadTarget } from "../lab/load-target.js";
import { freePort, RealRegistries, type RegistrySettings } from "../operations/real-registry.js";
import { RealS3 } from "../operations/real-s3.js";

let registries: RealRegistries | undefined;
afterEach(async () => {
  await registries?.stop();
  registries = undefined;
});

async function start(...settings: RegistrySettings[]): Promise<RealRegistries> {
  registries = await RealRegistries.start(settings);
  return registries;
}

/** The first one plays the entry too. */
function target(targets: readonly LoadTarget[], leaveOut: VerifyTarget["leaveOut"] = []): VerifyTarget {
  const [entry] = targets;
  if (entry === undefined) throw new RangeError("no registry was started");
  const nodes = targets.map((address, index) => ({ through: `node-${index + 1}`, node: true, address }));
  return { doors: [{ through: "entry", node: false, address: entry }, ...nodes], run: "run", leaveOut };
}

function failed({ steps }: Verification): string[] {
  return steps.flatMap(({ ok, through, step, problem }) => (ok ? [] : [`${through} ${step} ${problem?.code}`]));
}

test("every step goes well through the entry and through each node, and nothing is left", async () => {
  const { targets } = await start({}, {}, {});
  const verification = await verify(target(targets));
  expect(failed(verification)).toEqual([]);
  expect(verification.ok).toBe(true);
  expect(new Set(verification.steps.map(({ step }) => step))).toEqual(
    new Set(["reach", "push", "pull-by-tag", "pull-by-digest", "upload-across", "delete", "gone"]),
  );
  expect(verification.steps.filter(({ step }) => step === "upload-across").map(({ through }) => through)).toEqual([
    "node-1 → node-2",
    "node-2 → node-3",
    "node-3 → node-1",
  ]);
  expect(await tagsOf(targets[0])).toEqual([]);
});

test("a node that signs uploads with another secret fails the upload across nodes, and only that", async () => {
  const { targets } = await start({}, { httpSecret: "another" });
  const verification = await verify(target(targets));
  expect(failed(verification)).toEqual([
    "node-1 → node-2 upload-across registry/not-found",
    "node-2 → node-1 upload-across registry/not-found",
  ]);
});

test("a node that does not answer is told once, and the others are verified all the same", async () => {
  const running = await start({}, {}, {});
  await running.kill(1);
  const verification = await verify(target(running.targets));
  expect(failed(verification)).toEqual(["node-2 reach registry/refused"]);
  expect(verification.steps.filter(({ through }) => through === "node-3 → entry").length).toBeGreaterThan(0);
});

test("a wrong password, a certificate of another CA and a silent port each have their own words", async () => {
  const { targets } = await start({});
  const [one] = targets;
  if (one === undefined) throw new RangeError("no registry was started");
  const stranger = await RealRegistries.start([{}]);
  const silent = { ...one, port: await freePort() };
  const wrongPassword = { ...one, credentials: { ...one.credentials, username: "nobody" } };
  const otherCa = { ...one, ca: stranger.targets[0]?.ca ?? "" };
  const otherName = { ...one, hostname: "registry.example.com" };
  await stranger.stop();
  const codes = await Promise.all([wrongPassword, otherCa, otherName, silent].map(codeOfPing));
  expect(codes).toEqual(["registry/unauthorized", "registry/certificate", "registry/certificate", "registry/refused"]);
});

test("a read-only registry refuses a push with the words of the registry", async () => {
  const { targets } = await start({ readOnly: true });
  const verification = await verify(target(targets));
  expect(failed(verification)).toContain("entry push registry/not-allowed");
});

test("where nothing can be deleted the steps are left out and a second run makes the same images", async () => {
  const { targets } = await start({ delete: false });
  const leaveOut = [
    { step: "delete", why: "registry.delete is false" },
    { step: "gone", why: "registry.delete is false" },
  ] as const;
  const first = await verify(target(targets, leaveOut));
  const second = await verify(target(targets, leaveOut));
  expect([first.ok, second.ok]).toEqual([true, true]);
  expect(first.leftOut).toEqual(leaveOut);
  expect(await tagsOf(targets[0])).toEqual(["run-entry", "run-node-1"]);
});

test("layers that the registry sends us to the storage for are fetched there, without our password", async () => {
  const s3 = await RealS3.start();
  onTestFinished(() => s3.stop());
  const driver = {
    region: "us-east-1",
    regionendpoint: `http://127.0.0.1:${s3.port}`,
    forcepathstyle: true,
    bucket: s3.bucket,
    accesskey: s3.keys.accessKey.reveal(),
    secretkey: s3.keys.secretKey.reveal(),
  };
  const { targets } = await start({ storage: { s3: driver } });
  const verification = await verify(target(targets));
  expect(failed(verification)).toEqual([]);
});

async function tagsOf(address: LoadTarget | undefined): Promise<string[]> {
  if (address === undefined) throw new RangeError("no registry was started");
  const client = new RegistryClient(address);
  try {
    return await client.tags(VERIFY_REPOSITORY);
  } finally {
    client.close();
  }
}

async function codeOfPing(address: LoadTarget): Promise<string> {
  const client = new RegistryClient(address);
  return client.ping().then(
    () => "no problem",
    (error) => error.details.code,
  );
}

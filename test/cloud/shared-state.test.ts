import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import { Problem } from "../../spec/problem.js";
import { MotoServer } from "./moto/moto-server.js";
import { type SmallSite, smallSite } from "./small-site.js";

const BUCKET = "states";
const KEY = "harborwright/small.tfstate";

let folder: string;
let moto: MotoServer;
let site: SmallSite & { readonly backend: { readonly s3: object } };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-shared-"));
  moto = await MotoServer.start();
  await inBucket("PUT", "");
  site = {
    nodes: 1,
    backend: {
      s3: {
        bucket: BUCKET,
        key: KEY,
        region: "us-east-1",
        encrypt: true,
        use_lockfile: true,
        use_path_style: true,
        endpoints: { s3: moto.endpoint },
        skip_credentials_validation: true,
        skip_requesting_account_id: true,
      },
    },
  };
});
afterAll(async () => {
  await moto.stop();
  await rm(folder, { recursive: true });
});

async function inBucket(method: string, path: string, body?: string): Promise<string> {
  const headers = { authorization: "AWS4-HMAC-SHA256 Credential=placeholder/20260101/us-east-1/s3/aws4_request" };
  const answer = await fetch(`${moto.endpoint}/${BUCKET}/${path}`, { method, headers, ...(body ? { body } : {}) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.text();
}

function openedBy(owner: string) {
  return smallSite(folder, site, "terraform", { owner, env: moto.environment });
}

test("a site whose state is in S3 is made at one machine and known at another, and a lock names its holder", async () => {
  const here = await openedBy("me");
  await here.plan();
  await here.apply();
  const there = await openedBy("you");
  expect(await there.plan()).toMatchObject({ changes: [], isEmpty: true });
  expect(await there.outputs()).toEqual(await here.outputs());

  const held = { ID: "8d0a", Operation: "OperationTypeApply", Who: "ops@laptop", Created: "2026-11-25T12:36:04Z" };
  await inBucket("PUT", `${KEY}.tflock`, JSON.stringify(held));
  await expect(there.plan()).rejects.toMatchObject({
    details: {
      code: "infrastructure/state-locked",
      says: expect.stringMatching(/^ops@laptop is at work on this site since 2026-11-25 12:36:04/),
      instead: expect.stringContaining("force-unlock 8d0a"),
    },
  });
});

test("a site whose state was elsewhere before does not begin from nothing, and goes on once it is brought along", async () => {
  const local = await smallSite(folder, { nodes: 1 }, "terraform", { owner: "mover" });
  await local.plan();
  await local.apply();
  const moved = { s3: { ...site.backend.s3, key: "harborwright/moved.tfstate" } };
  const open = () =>
    smallSite(folder, { nodes: 1, backend: moved }, "terraform", { owner: "mover", env: moto.environment });
  const refused: unknown = await (await open()).plan().catch((error: unknown) => error);
  if (!(refused instanceof Problem)) throw new Error("it was planned");
  expect(refused.details.code).toBe("infrastructure/state-elsewhere");

  const [, command = ""] = /`(.*)`/.exec(refused.details.instead) ?? [];
  const env = { ...process.env, ...moto.environment };
  await $({ env, quiet: true })`sh -c ${`${command} -force-copy -input=false`}`;
  expect(await (await open()).plan()).toMatchObject({ changes: [], isEmpty: true });
});

import { afterEach, beforeEach, expect, test } from "vitest";
import type { Plan } from "../../cluster/plan.js";
import { replaceNode } from "../../operations/replace.js";
import { isRotating, rotateStorageKey } from "../../operations/rotate-storage-key.js";
import type { UpOptions } from "../../operations/up.js";
import { storedRotation, wantedGenerations } from "../../secrets/storage-key-rotation.js";
import { Problem } from "../../spec/problem.js";
import { silentProgress } from "../../supply/progress.js";
import { cloudFile, type Desk, deskWith } from "./cloud-workspace.js";
import { Killed } from "./memory-infrastructure.js";

const EMPTY: Plan = { environment: "prod", hosts: [], unreachable: [] };

const QUIET: UpOptions = {
  command: "test",
  without: [],
  dryRun: false,
  agree: async () => {},
  progress: silentProgress,
  onProgress: () => {},
};

let desk: Desk;
const before = process.env.HARBORWRIGHT_IDENTITY;
beforeEach(async () => {
  desk = await deskWith(cloudFile("alicloud"));
  process.env.HARBORWRIGHT_IDENTITY = `${desk.folder}/identity.txt`;
});
afterEach(() => {
  if (before === undefined) delete process.env.HARBORWRIGHT_IDENTITY;
  else process.env.HARBORWRIGHT_IDENTITY = before;
});

const code = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "none",
    (error: unknown) => (error instanceof Problem ? error.details.code : String(error)),
  );

test("both keys are there while the hosts change, and the old one goes only after it", async () => {
  const seen: number[][] = [];
  await rotateStorageKey(await desk.open(), QUIET, async () => {
    seen.push(wantedGenerations(storedRotation(await desk.store())));
  });
  expect(seen).toEqual([[1, 2], [2]]);
  expect(storedRotation(await desk.store())).toEqual({ inUse: 2 });
});

test.each([1, 2])("killed in its up number %i it ends with the same key when it is given again", async (killedIn) => {
  const workspace = await desk.open();
  let ups = 0;
  const attempt = rotateStorageKey(workspace, QUIET, async (_, { agree }) => {
    await agree(EMPTY);
    ups += 1;
    if (ups === killedIn) throw new Killed();
  });
  await expect(attempt).rejects.toThrow(Killed);
  await rotateStorageKey(workspace, QUIET, async () => {});
  expect(storedRotation(await desk.store())).toEqual({ inUse: 2 });
});

test("whoever does not agree to the plan has begun no rotation", async () => {
  const workspace = await desk.open();
  const declined: UpOptions = { ...QUIET, agree: () => Promise.reject(new Killed()) };
  const attempt = rotateStorageKey(workspace, declined, (_, { agree }) => agree(EMPTY));
  await expect(attempt).rejects.toThrow(Killed);
  expect(await isRotating(workspace)).toBe(false);
  expect(wantedGenerations(storedRotation(await desk.store()))).toEqual([1]);
});

test("a rotation that was killed stays under way when the rest of it is declined", async () => {
  const workspace = await desk.open();
  const killed = rotateStorageKey(workspace, QUIET, async (_, { agree }) => {
    await agree(EMPTY);
    throw new Killed();
  });
  await expect(killed).rejects.toThrow(Killed);
  const declined: UpOptions = { ...QUIET, agree: () => Promise.reject(new Killed()) };
  await expect(rotateStorageKey(workspace, declined, (_, { agree }) => agree(EMPTY))).rejects.toThrow(Killed);
  expect(await isRotating(workspace)).toBe(true);
  expect(wantedGenerations(storedRotation(await desk.store()))).toEqual([1, 2]);
});

test("where the cloud gives no key there is none to rotate, and the reason is told", async () => {
  const elsewhere = await deskWith(cloudFile("aws"));
  expect(await code(rotateStorageKey(await elsewhere.open(), QUIET))).toBe("rotate/no-storage-key");
});

test("a machine that no cloud makes is not replaced", async () => {
  const local = await deskWith(
    "environment: prod\nregistry: { hostname: registry.example.com }\nsites: [{ name: prod, provider: local }]\n",
  );
  expect(await code(replaceNode(await local.open(), "node-1", QUIET))).toBe("replace/not-in-a-cloud");
  expect(await code(replaceNode(await local.open(), "node-9", QUIET))).toBe("nodes/unknown");
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LabEnvironment } from "./fixture.js";

/**
 * Where a first `up` is killed, one after the other. A node that is done is not touched again, so node-2 is the canary
 * of the `up` that finds node-1 healthy, and node-3 that of the next.
 */
const FIRST_STEPS = [
  /start the hosts/,
  /^\W+\s+preflight\b/,
  /node-1 canary\s+images\b/,
  /node-1 canary\s+switch\b/,
  /node-1 canary\s+front\b/,
  /node-1 canary\s+health\b/,
  /node-2 canary\s+stage\b/,
  /node-2 canary\s+health\b/,
  /node-3 canary\s+registry\b/,
];

/** The steps of a later `up`: it is killed as soon as its progress says that one is done, so when the next begins. */
const STEPS = [
  /^\W+\s+preflight\b/,
  /node-1 canary\s+stage\b/,
  /node-1 canary\s+switch\b/,
  /node-1 canary\s+registry\b/,
  /node-1 canary\s+health\b/,
  /node-2\s+stage\b/,
  /node-2\s+switch\b/,
  /node-2\s+registry\b/,
  /node-3\s+health\b/,
];

describe("an operator who is cut off", () => {
  let lab: LabEnvironment;
  let turn = 0;

  beforeAll(async () => {
    lab = await LabEnvironment.make("cutoff", 12);
  });
  afterAll(() => lab.remove());

  /** A change that makes every node load, stage, switch and restart something. */
  async function change(): Promise<void> {
    turn += 1;
    await lab.edit((content) => ({
      ...content,
      registry: { ...content.registry, catalogEntries: 1000 + turn },
      front: { uploadTimeout: `${300 + turn}s` },
    }));
  }

  test("a first up that is killed again and again goes on each time where it was, and the last one ends it", async () => {
    for (const step of FIRST_STEPS) await lab.killAt(step, "up", "--yes");
    await lab.succeed("up", "--yes");
    expect((await lab.run("plan")).code).toBe(0);
    expect((await lab.run("status")).code).toBe(0);
    await lab.succeed("verify");
  });

  test.each(STEPS.map((step) => [step.source, step] as const))(
    "up killed at %s leaves nodes that serve, and the next up ends in the state of an undisturbed one",
    async (_name, step) => {
      await change();
      await lab.killAt(step, "up", "--yes");
      await lab.succeed("verify");
      await lab.succeed("up", "--yes");
      expect((await lab.run("plan")).code).toBe(0);
      expect((await lab.run("status")).code).toBe(0);
    },
  );

  test("a second operator is refused with who holds the lock and how it ends", async () => {
    await change();
    const first = lab.start("up", "--yes");
    const ended = new Promise((resolve) => first.once("exit", resolve));
    await saysOn(first.stderr, /lock\s+held by/);
    const second = await lab.run("up", "--yes");
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/@/);
    expect(second.stderr).toContain("harborwright up");
    expect(second.stderr).toContain("unlock");
    expect(await ended).toBe(0);
    expect((await lab.run("plan")).code).toBe(0);
  });

  test("unlock ends the hold of a command that hangs", async () => {
    await change();
    const hanging = lab.start("up", "--yes");
    hanging.stdout.resume();
    await saysOn(hanging.stderr, /lock\s+held by/);
    hanging.kill("SIGSTOP");
    await lab.succeed("unlock", "--yes");
    await lab.succeed("up", "--yes");
    hanging.kill("SIGKILL");
    expect((await lab.run("plan")).code).toBe(0);
  });
});

/** Awaits a line on a stream and keeps the stream flowing afterwards. */
function saysOn(stream: NodeJS.ReadableStream, line: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.on("data", (part: Buffer) => {
      text += part.toString();
      if (line.test(text)) resolve();
    });
    stream.once("end", () => reject(new Error(`never said ${line}:\n${text}`)));
  });
}

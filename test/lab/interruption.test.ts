import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LabEnvironment } from "./fixture.js";

/** The steps of `up`, as its progress names them; killed when each begins on the node where it matters. */
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

  test("up killed while the hosts are made is finished by the next up", async () => {
    await lab.killAt(/node|host/, "up", "--yes");
    await lab.succeed("up", "--yes");
    expect((await lab.run("plan")).code).toBe(0);
  });

  test.each(STEPS.map((step) => [step.source, step] as const))(
    "up killed at %s leaves nodes that serve, and the next up ends in the state of an undisturbed one",
    async (_name, step) => {
      await change();
      const outcome = await lab.killAt(step, "up", "--yes");
      expect(outcome).toBe("killed");
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

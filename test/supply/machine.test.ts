import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findProgram, missing, provide } from "../../supply/machine.js";
import { silentProgress } from "../../supply/progress.js";

const present = { program: "tar", package: "tar" };
const absent = { program: "no-such-program", package: "no-such-package" };

test("a program is found where administrators have theirs, although the PATH leaves that out", async () => {
  expect(await findProgram("chroot")).toMatch(/sbin\/chroot$/);
});

test("only the programs that are not there count as missing", async () => {
  expect(await missing([present, absent])).toEqual([absent]);
});

test("a machine that has everything is left alone", async () => {
  await expect(provide([present], silentProgress)).resolves.toBeUndefined();
});

describe("without root", () => {
  /** A process that gives up its rights before it asks for something; see unprivileged.ts. */
  function askUnprivileged(...what: string[]) {
    const script = fileURLToPath(new URL("unprivileged.ts", import.meta.url));
    const { DOCKER_HOST: _, ...env } = process.env;
    const asked = spawnSync(process.execPath, ["--import", "tsx", script, ...what], { encoding: "utf8", env });
    return JSON.parse(asked.stdout) as { code: string; says: string; instead: string };
  }

  test("what is missing is named, with the one command that mends it", () => {
    const other = { program: "another-program", package: "another-package" };
    expect(askUnprivileged(JSON.stringify([absent, present, other]))).toMatchObject({
      code: "machine/programs-missing",
      says: "this machine lacks no-such-program, another-program, and only root may install",
      instead: "type: sudo apt-get install another-package no-such-package",
    });
  });

  test("an engine is neither installed nor started, and it is said who may", () => {
    expect(askUnprivileged()).toMatchObject({ code: "engine/silent", instead: expect.stringContaining("as root") });
  });
});

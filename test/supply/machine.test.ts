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
  /** A process that gives up its rights before it asks for programs; see unprivileged.ts. */
  function askUnprivileged(...needs: readonly { program: string; package: string }[]) {
    const script = fileURLToPath(new URL("unprivileged.ts", import.meta.url));
    const asked = spawnSync(process.execPath, ["--import", "tsx", script, JSON.stringify(needs)], { encoding: "utf8" });
    return JSON.parse(asked.stdout) as { code: string; says: string; instead: string };
  }

  test("what is missing is named, with the one command that mends it", () => {
    const other = { program: "another-program", package: "another-package" };
    expect(askUnprivileged(absent, present, other)).toMatchObject({
      code: "machine/programs-missing",
      says: "this machine lacks no-such-program, another-program, and only root may install",
      instead: "type: sudo apt-get install another-package no-such-package",
    });
  });
});

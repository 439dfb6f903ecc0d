import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { quoted } from "../../hosts/quote.js";
import { EXIT, framed, remoteCommand } from "../../hosts/remote-shell.js";

/** Does what sshd does with the command: has a shell read it. */
function receive(input: string, command = remoteCommand("root")) {
  return spawnSync("sh", ["-c", command], { input, encoding: "utf8" });
}

test("a script runs, and what follows it is its standard input", () => {
  expect(receive(`${framed("echo begin; cat; echo end")}one\ntwo\n`).stdout).toBe("begin\none\ntwo\nend\n");
});

test("a script of any size leaves its input alone", () => {
  const long = `: '${"x".repeat(200_000)}'\nwc -c`;
  expect(receive(`${framed(long)}12345`).stdout.trim()).toBe("5");
});

test("letters beyond ASCII are counted as the bytes that they are", () => {
  expect(receive(`${framed("printf '%s ' 'größer → 日本'; cat")}input`).stdout).toBe("größer → 日本 input");
});

test("a script that was cut short does not run", () => {
  const whole = framed("echo first\necho second");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
      const { status, stdout } = receive(whole.slice(0, length));
      expect(stdout).toBe("");
      expect(status).not.toBe(0);
    }),
    { numRuns: 20 },
  );
  expect(receive(whole.slice(0, -1)).status).toBe(EXIT.truncated);
});

test("a script ends at its first command that fails", () => {
  const { status, stdout } = receive(framed("false\necho never"));
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
});

test("the host itself ends a script whose time is over", () => {
  expect(receive(framed("sleep 30"), remoteCommand("root", 1)).status).toBe(EXIT.timedOut);
});

test("neither the script nor its input stands in a list of processes", async () => {
  const shell = spawn("sh", ["-c", remoteCommand("root")]);
  shell.stdin.write(`${framed("echo begun; read -r secret; read -r again")}TOP-SECRET\n`);
  await once(shell.stdout, "data");
  const shown = readFileSync(`/proc/${shell.pid}/cmdline`, "utf8") + readFileSync(`/proc/${shell.pid}/environ`, "utf8");
  expect(shown).toContain("head -c");
  expect(shown).not.toContain("TOP-SECRET");
  expect(shown).not.toContain("begun");
  shell.stdin.end();
});

test("a user who is not root becomes it by sudo, without being asked for a password", () => {
  expect(remoteCommand("admin", 30)).toMatch(/^sudo -n timeout -k 5 30 sh -c '/);
  expect(remoteCommand("root", 30)).toMatch(/^timeout -k 5 30 sh -c '/);
});

test("a quoted text is one word of a shell, whatever it holds", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
      (text) => {
        const { stdout } = spawnSync("sh", ["-c", `printf %s ${quoted(text)}`], { encoding: "utf8" });
        expect(stdout).toBe(Buffer.from(text, "utf8").toString("utf8"));
      },
    ),
    { numRuns: 50 },
  );
});

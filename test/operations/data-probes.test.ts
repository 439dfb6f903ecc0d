import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { $ } from "zx";
import { dataProbes } from "../../operations/data-probes.js";
import { dataContext } from "../release/data-example.js";

/** A host on which everything is there and nobody listens. */
const WELL = {
  patroni: "",
  etcd: "",
  "redis-server": "",
  haproxy: "",
  ss: "",
  df: "echo Avail; echo 99999999999",
  awk: "echo 99999999",
  systemctl: "exit 3",
} as const;

/** Codes of what a host is told whose programs answer like this. */
async function codesOf(answers: Partial<Record<keyof typeof WELL, string>> = {}): Promise<string[]> {
  const programs = await mkdtemp(join(tmpdir(), "harborwright-data-probes-"));
  onTestFinished(() => rm(programs, { recursive: true }));
  for (const [name, script] of Object.entries({ ...WELL, ...answers })) {
    await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(programs, name), 0o755);
  }
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH}` };
  const own = dataProbes(dataContext()).filter(({ node }) => node === "node-1");
  const codes = await Promise.all(
    own.map(async ({ script, explain }) => {
      const { exitCode, stderr } = await $({ quiet: true, nothrow: true, env })`sh -euc ${script}`;
      return exitCode === 0 ? [] : [explain?.(stderr.trim()).details.code ?? "unexplained"];
    }),
  );
  return codes.flat();
}

/** What `ss -Hltnp` prints of a program that listens at an address. */
const listening = (at: string) => `echo 'LISTEN 0 244 ${at} 0.0.0.0:* users:(("postgres",pid=12,fd=6))'`;

test("a host with room and without listeners is not refused", async () => {
  expect(await codesOf()).toEqual([]);
});

test.each([
  ["a full disk", { df: "echo Avail; echo 1000" }, "preflight/data-disk-full"],
  ["little memory", { awk: "echo 1000000" }, "preflight/data-memory"],
  ["a data base on every address", { ss: listening("0.0.0.0:5432") }, "preflight/data-port-taken"],
  ["a data base on the node's address", { ss: listening("198.18.49.11:5432") }, "preflight/data-port-taken"],
])("%s is told before anything changes", async (_, answers, code) => {
  expect(await codesOf(answers)).toEqual([code]);
});

test.each([
  ["a data base of the system on loopback alone", { ss: listening("127.0.0.1:5432") }],
  ["our own data base", { ss: listening("198.18.49.11:5432"), systemctl: "exit 0" }],
  ["another program", { ss: listening("0.0.0.0:22") }],
])("%s is not in the way", async (_, answers) => {
  expect(await codesOf(answers)).toEqual([]);
});

test("who has taken a port is named", () => {
  const problems = dataProbes(dataContext()).map(({ explain }) => explain?.('5432 users:(("postgres",pid=12,fd=6))'));
  expect(problems.map((problem) => problem?.details.says)).toContain(
    "of the ports of data base and Redis, 5432 (by postgres, process 12) of node-1 is taken",
  );
});

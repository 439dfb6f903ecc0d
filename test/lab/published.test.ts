import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import { freePort } from "../operations/real-registry.js";
import { LabEnvironment } from "./fixture.js";

const BLOCK = 23;
/** What an engine in a virtual machine does: nothing on this machine reaches the hosts, but for the published port. */
const OUT_OF_REACH = [
  ["OUTPUT", "-d", `198.18.${BLOCK}.10`, "-p", "tcp", "--dport", "443", "-j", "ACCEPT"],
  ["OUTPUT", "-d", `198.18.${BLOCK}.0/24`, "-j", "DROP"],
];

let hosts: LabEnvironment;

beforeAll(async () => {
  const publish = await freePort();
  hosts = await LabEnvironment.make("labtest-published", BLOCK);
  await hosts.edit((content) => ({ ...content, sites: content.sites.map((site) => ({ ...site, publish })) }));
  // The last one is put in first, and so stands last.
  for (const rule of [...OUT_OF_REACH].reverse()) await $({ quiet: true })`iptables --wait --insert ${rule}`;
});

afterAll(async () => {
  for (const rule of OUT_OF_REACH) await $({ quiet: true, nothrow: true })`iptables --wait --delete ${rule}`;
  await hosts.remove();
});

test("hosts whose network is out of reach are set up, and serve through the published port", async () => {
  await hosts.succeed("up", "--yes");
  const { nodes } = await hosts.json<{ nodes: { healthy: boolean }[] }>("status");
  expect(nodes.map(({ healthy }) => healthy)).toEqual([true, true, true]);
  const { ok, steps, leftOut } = await hosts.json<{
    ok: boolean;
    steps: { through: string }[];
    leftOut: { step: string }[];
  }>("verify");
  expect([ok, [...new Set(steps.map(({ through }) => through))], leftOut.map(({ step }) => step)]).toEqual([
    true,
    ["published"],
    ["reach"],
  ]);
});

test("a dead node among them is told, and the published port serves on", async () => {
  await hosts.succeed("lab kill", "node-2");
  const { nodes } = await hosts.json<{ nodes: { name: string; healthy: boolean; remark?: string }[] }>("status");
  expect(nodes.filter(({ healthy }) => !healthy)).toEqual([
    expect.objectContaining({ name: "node-2", remark: "node-2 does not run on this machine" }),
  ]);
  expect((await hosts.json<{ ok: boolean }>("verify")).ok).toBe(true);
  await hosts.succeed("lab start", "node-2");
  await hosts.succeed("up", "--yes");
});

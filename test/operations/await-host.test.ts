import { expect, test } from "vitest";
import type { Host } from "../../hosts/host.js";
import { awaitHost } from "../../operations/await-host.js";
import { Problem } from "../../spec/problem.js";

const node = {
  site: "prod",
  name: "node-1",
  address: "10.20.0.11",
  privateAddress: "10.20.0.11",
  ssh: { user: "root", port: 22 },
};

/** A host that fails so many times, with these problems, before it answers. */
function hostAfter(codes: readonly string[]): Host & { readonly asked: string[] } {
  const asked: string[] = [];
  const never = () => {
    throw new Error("not asked for here");
  };
  return {
    node,
    asked,
    dial: never,
    change: never,
    stream: never,
    converse: never,
    close: async () => {},
    read: async (script) => {
      const failure = codes[asked.length];
      asked.push(script);
      if (failure !== undefined) throw new Problem({ code: failure, says: `${failure} it says`, instead: "wait" });
      return "";
    },
  };
}

const PATIENCE = { deadline: 5_000, between: 1 };

test("a machine is waited for while it boots and lets nobody in yet, and until its first boot is over", async () => {
  const host = hostAfter(["ssh/refused", "ssh/permission-denied", "ssh/sudo-refused"]);
  await awaitHost(host, PATIENCE);
  expect(host.asked.slice(0, 4)).toEqual([":", ":", ":", ":"]);
  expect(host.asked[4]).toContain("is-system-running --wait");
});

test("what waiting does not mend is told at once", async () => {
  const host = hostAfter(["ssh/host-key-changed", "ssh/refused"]);
  await expect(awaitHost(host, PATIENCE)).rejects.toThrow("ssh/host-key-changed it says");
  expect(host.asked).toHaveLength(1);
});

test("a machine that stays silent is named, with what SSH said last", async () => {
  const host = hostAfter(Array.from({ length: 10_000 }, () => "ssh/refused"));
  const error = await awaitHost(host, { deadline: 30, between: 5 }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Problem);
  expect(error instanceof Problem ? error.details : undefined).toMatchObject({
    code: "cloud/machine-silent",
    says: expect.stringContaining("ssh/refused it says"),
  });
});

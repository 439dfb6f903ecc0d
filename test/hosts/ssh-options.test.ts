import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { sshOptions } from "../../hosts/ssh-options.js";
import type { Node } from "../../spec/inventory.js";

function nodeWith(ssh: Partial<Node["ssh"]> = {}): Node {
  return {
    site: "here",
    name: "node-1",
    address: "192.0.2.11",
    privateAddress: "10.0.0.11",
    ssh: { user: "root", port: 22, ...ssh },
  };
}

/** The settings as OpenSSH itself understands them. */
function understood(options: readonly string[]): Map<string, string> {
  const { stdout } = spawnSync("ssh", ["-G", "-F", "none", ...options], { encoding: "utf8" });
  return new Map(
    stdout.split("\n").map((line) => {
      const at = line.indexOf(" ");
      return [line.slice(0, at), line.slice(at + 1).replaceAll('"', "")];
    }),
  );
}

test("ssh never asks, gives up in time, and keeps host keys in this environment's own file", () => {
  const settings = understood(sshOptions(nodeWith(), "/state/known_hosts"));
  expect(Object.fromEntries(settings)).toMatchObject({
    batchmode: "yes",
    connecttimeout: "5",
    serveraliveinterval: "3",
    serveralivecountmax: "3",
    stricthostkeychecking: "accept-new",
    userknownhostsfile: "/state/known_hosts",
    globalknownhostsfile: "/dev/null",
    hostkeyalias: "node-1.here",
    host: "192.0.2.11",
    user: "root",
    forwardagent: "no",
  });
});

test("a host whose keys are given must show one of them", () => {
  const settings = understood(sshOptions(nodeWith({ hostKeys: ["ssh-ed25519 AAAA"] }), "/state/known_hosts"));
  expect(settings.get("stricthostkeychecking")).toBe("true");
});

test("a key file is the only key that is tried", () => {
  const settings = understood(sshOptions(nodeWith({ identityFile: "/keys/id" }), "/state/known_hosts"));
  expect(settings.get("identitiesonly")).toBe("yes");
  expect(settings.get("identityfile")).toBe("/keys/id");
});

test("blanks and percent signs in paths are parts of the paths", () => {
  const settings = understood(sshOptions(nodeWith({ identityFile: "/my keys/50%h" }), "/a b/known_hosts", "/t m p/1"));
  expect(settings.get("identityfile")).toBe("/my keys/50%%h");
  expect(settings.get("userknownhostsfile")).toBe("/a b/known_hosts");
  expect(settings.get("controlpath")).toBe("/t m p/1");
});

test("an address that looks like an option is an address", () => {
  const options = sshOptions({ ...nodeWith(), address: "-oProxyCommand=false" }, "/state/known_hosts");
  expect(options.slice(-2)).toEqual(["--", "-oProxyCommand=false"]);
});

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

const BASTION = {
  kind: "jump",
  user: "admin",
  address: "203.0.113.7",
  port: 22,
  identityFile: "/my keys/50%",
} as const;

test("a node behind a bastion is reached through it, with its own key and the same known hosts", () => {
  const command = understood(sshOptions(nodeWith({ proxy: BASTION }), "/a b/known_hosts")).get("proxycommand");
  expect(command).toMatch(/^ssh -W '\[%h\]:%p' .* -l admin -- 203\.0\.113\.7$/);
  expect(command).toContain("HostKeyAlias=bastion.here");
  expect(command).toContain("IdentitiesOnly=yes");
});

test("the bastion's paths come through ssh and the shell as they are", () => {
  const outer = sshOptions(nodeWith({ proxy: BASTION }), "/a b/known_hosts");
  const command = outer.find((option) => option.startsWith("ProxyCommand="))?.slice("ProxyCommand=".length) ?? "";
  // As ssh itself puts its tokens in.
  const tokens: Readonly<Record<string, string>> = { "%": "%", h: "192.0.2.11", p: "22" };
  const replaced = command.replace(/%(.)/g, (_, token: string) => tokens[token] ?? "").replace(/^ssh/, "ssh -G");
  const { stdout } = spawnSync("sh", ["-c", replaced], { encoding: "utf8" });
  expect(stdout).toContain("identityfile /my keys/50%%\n");
  expect(stdout).toContain("userknownhostsfile /a b/known_hosts\n");
});

test("a node without any open port is reached through a session of its cloud", () => {
  const proxy = { kind: "session", instance: "i-0123456789abcdef0", region: "eu-central-1" } as const;
  expect(understood(sshOptions(nodeWith({ proxy }), "/state/known_hosts")).get("proxycommand")).toBe(
    "aws ssm start-session --target i-0123456789abcdef0 --region eu-central-1 --document-name AWS-StartSSHSession --parameters portNumber=%p",
  );
});

test("a host of this machine whose network is out of reach is reached through its engine", () => {
  const proxy = { kind: "container", container: "hw-local-node-1" } as const;
  expect(understood(sshOptions(nodeWith({ proxy }), "/state/known_hosts")).get("proxycommand")).toBe(
    "docker exec --interactive hw-local-node-1 /usr/sbin/sshd -i",
  );
});

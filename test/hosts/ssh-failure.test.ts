import { expect, test } from "vitest";
import { EXIT } from "../../hosts/remote-shell.js";
import { type Attempt, type SshEnd, sshFailure } from "../../hosts/ssh-failure.js";
import type { Node } from "../../spec/inventory.js";

function attemptOn(ssh: Partial<Node["ssh"]> = {}): Attempt {
  return {
    node: {
      site: "here",
      name: "node-1",
      address: "192.0.2.11",
      privateAddress: "10.0.0.11",
      ssh: { user: "admin", port: 2222, identityFile: "/keys/id", ...ssh },
    },
    knownHosts: "/state/known hosts",
    what: "install 3 files",
    timeout: 30_000,
  };
}

function explained(end: Partial<SshEnd>, ssh: Partial<Node["ssh"]> = {}) {
  return sshFailure({ code: 255, stderr: "", expired: false, ...end }, attemptOn(ssh)).details;
}

/** What OpenSSH 9.2 has printed with LogLevel=ERROR. */
const CHANGED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Someone could be eavesdropping on you right now (man-in-the-middle attack)!
It is also possible that a host key has just been changed.
The fingerprint for the ED25519 key sent by the remote host is
SHA256:SiRHtw2EtNgYhSaqkaNVn6zwPcjtm+3IDY5uWig4ssc.
Please contact your system administrator.
Add correct host key in /state/known hosts to get rid of this message.
Offending ED25519 key in /state/known hosts:7
Host key for node-1.here has changed and you have requested strict checking.
Host key verification failed.
`;

test.each<[string, string, RegExp]>([
  ["ssh/refused", "ssh: connect to host 192.0.2.11 port 2222: Connection refused", /192\.0\.2\.11, port 2222/],
  [
    "ssh/unreachable",
    "ssh: connect to host 192.0.2.11 port 2222: Connection timed out",
    /connection timed out|timed out/,
  ],
  ["ssh/unreachable", "Connection timed out during banner exchange", /timed out/],
  ["ssh/unreachable", "ssh: connect to host 192.0.2.11 port 2222: No route to host", /no route to host/],
  ["ssh/unknown-name", "ssh: Could not resolve hostname nowhere: Name or service not known", /has no address/],
  [
    "ssh/permission-denied",
    "admin@192.0.2.11: Permission denied (publickey).",
    /admin@192\.0\.2\.11 in with the key \/keys\/id/,
  ],
  ["ssh/unprotected-key", "@ WARNING: UNPROTECTED PRIVATE KEY FILE! @\nPermission denied (publickey).", /\/keys\/id/],
  [
    "ssh/host-key-unknown",
    "No ED25519 host key is known for node-1.here and you have requested strict checking.",
    /none of the host keys/,
  ],
  ["ssh/connection-lost", "client_loop: send disconnect: Broken pipe", /Broken pipe/],
  ["ssh/connection-lost", "", /install 3 files/],
])("%s is recognized", (code, stderr, says) => {
  const problem = explained({ stderr });
  expect(problem.code).toBe(code);
  expect(problem.says).toMatch(says);
});

test("a changed host key is told with both fingerprints, the place of the kept one and the command to accept the other", () => {
  const problem = explained({ stderr: CHANGED });
  expect(problem.code).toBe("ssh/host-key-changed");
  expect(problem.says).toContain("SHA256:SiRHtw2EtNgYhSaqkaNVn6zwPcjtm+3IDY5uWig4ssc");
  expect(problem.says).toContain("/state/known hosts:7");
  expect(problem.instead).toContain("ssh-keygen -R node-1.here -f '/state/known hosts'");
});

test("a key that is given in the environment file is changed there", () => {
  const problem = explained({ stderr: CHANGED }, { hostKeys: ["ssh-ed25519 AAAA"] });
  expect(problem.instead).toContain("hostKey of node-1 in the environment file");
  expect(problem.instead).not.toContain("ssh-keygen -R");
});

test("sudo that asks for a password is told with the line that lets the user in", () => {
  const problem = explained({ code: 1, stderr: "sudo: a password is required\n" });
  expect(problem.code).toBe("ssh/sudo-refused");
  expect(problem.instead).toContain("admin ALL=(ALL) NOPASSWD: ALL");
  expect(explained({ code: 1, stderr: "sudo: a password is required\n" }, { user: "root" }).code).toBe(
    "host/command-failed",
  );
});

test("a script that fails is told with its exit code and the last lines that it wrote", () => {
  const stderr = Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n");
  const problem = explained({ code: 3, stderr });
  expect(problem).toMatchObject({
    code: "host/command-failed",
    says: "node-1 could not install 3 files (exit code 3)",
  });
  expect(problem.log).toHaveLength(20);
  expect(problem.log?.at(-1)).toBe("line 29");
});

test("a command of the script that ssh's own words would fit is still the script's", () => {
  const problem = explained({ code: 7, stderr: "curl: (7) Failed to connect: Connection refused" });
  expect(problem.code).toBe("host/command-failed");
});

test("a program that is missing on the host is not taken for a missing ssh", () => {
  expect(explained({ code: 127, stderr: "sh: 3: docker: not found" }).code).toBe("host/command-failed");
  expect(explained({ code: 127, stderr: "bash: line 1: exec: ssh: not found" }).code).toBe("ssh/no-client");
});

test.each<[string, Partial<SshEnd>]>([
  ["host/timed-out", { code: EXIT.timedOut }],
  ["host/timed-out", { code: null, expired: true }],
  ["host/busy", { code: EXIT.busy }],
  ["lock/lost", { code: EXIT.fenced, stderr: "the lock is held by: nobody" }],
])("%s comes from our own exit codes", (code, end) => {
  expect(explained(end).code).toBe(code);
});

const BASTION = { kind: "jump", user: "admin", address: "203.0.113.7", port: 22, identityFile: "/keys/id" } as const;

test("behind a bastion the machine that failed is the one that is named", () => {
  const closed = "\nConnection closed by UNKNOWN port 65535";
  const bastion = explained(
    { stderr: `ssh: connect to host 203.0.113.7 port 22: Connection timed out${closed}` },
    { proxy: BASTION },
  );
  expect(bastion.says).toMatch(/^bastion \(203\.0\.113\.7, port 22\) does not answer/);
  const node = explained(
    { stderr: `channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed${closed}` },
    { proxy: BASTION },
  );
  expect(node.says).toMatch(/^node-1 .* refuses the connection/);
});

test.each([
  ["ssh/no-session-client", "sh: 1: exec: aws: not found\nConnection closed by UNKNOWN port 65535"],
  ["ssh/no-session-client", "SessionManagerPlugin is not found. Please refer to the documentation"],
  [
    "ssh/session-refused",
    "An error occurred (TargetNotConnected) when calling the StartSession operation: i-0 is not connected.",
  ],
])("a session that does not come about says why: %s", (code, stderr) => {
  const proxy = { kind: "session", instance: "i-0", region: "eu-central-1" } as const;
  expect(explained({ stderr }, { proxy }).code).toBe(code);
});

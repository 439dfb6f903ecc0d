import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LabEnvironment } from "./fixture.js";

describe("trouble is told clearly, and nothing is lost", () => {
  let lab: LabEnvironment;

  beforeAll(async () => {
    lab = await LabEnvironment.make("trouble", 14);
    await lab.succeed("up", "--yes");
  });
  afterAll(() => lab.remove());

  const someChange = (entries: number) =>
    lab.edit((content) => ({ ...content, registry: { ...content.registry, catalogEntries: entries } }));

  test("hosts on this machine that do not run are started by up", async () => {
    await lab.succeed("lab kill", "node-3");
    await lab.succeed("lab stop", "services");
    await someChange(1001);
    await lab.succeed("up", "--yes");
    expect((await lab.run("status")).code).toBe(0);
    await lab.succeed("verify");
  });

  test("a full disk is found before anything is changed", async () => {
    await lab.succeed("lab fill-disk", "node-2");
    await someChange(1003);
    const { code, stderr } = await lab.run("up", "--yes");
    expect(code).toBe(1);
    expect(stderr).toMatch(/node-2/);
    expect(stderr).toMatch(/free|room|space/);
    expect((await lab.run("verify")).code).toBe(0);
    await lab.succeed("lab heal", "node-2");
    await lab.succeed("up", "--yes");
  });

  test("a host whose key changed is refused with the command that accepts it", async () => {
    await lab.succeed("ssh", "node-1", "--", "rm /etc/ssh/ssh_host_*; ssh-keygen -A >/dev/null; systemctl restart ssh");
    const { code, stdout } = await lab.run("plan");
    expect(code).toBe(1);
    expect(stdout).toContain("ssh/host-key-changed");
    expect(stdout).toContain("ssh-keygen -R");
    const known = join(lab.stateFolder, "known_hosts");
    const others = (await readFile(known, "utf8")).split("\n").filter((line) => !line.startsWith("node-1."));
    await writeFile(known, others.join("\n"));
    expect((await lab.run("plan")).code).toBe(0);
  });

  test("rotate makes the old password useless on every node and needs no restart", async () => {
    const before = await lab.json<{ password: string }>("credentials");
    await lab.succeed("rotate", "operator", "--yes");
    const after = await lab.json<{ password: string }>("credentials");
    expect(after.password).not.toBe(before.password);
    for (const last of [11, 12, 13]) {
      expect(await loginStatus(lab, `198.18.14.${last}`, before.password)).toBe("401");
      expect(await loginStatus(lab, `198.18.14.${last}`, after.password)).toBe("200");
    }
  });

  test("renew rolls out a new certificate that the same CA signs", async () => {
    const ca = await lab.ca();
    const before = await servedSerial(lab, "198.18.14.12");
    await lab.succeed("renew", "--yes");
    expect(await servedSerial(lab, "198.18.14.12")).not.toBe(before);
    expect(await lab.ca()).toBe(ca);
    await lab.succeed("verify");
  });

  test("an expired certificate is refused with its date before it reaches a host", async () => {
    const { $ } = await import("zx");
    const shell = $({ quiet: true, cwd: lab.folder });
    const subject = "/CN=registry.trouble";
    await shell`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout old.key -out old.crt -subj ${subject} -addext subjectAltName=DNS:registry.trouble -days 1 2>/dev/null`;
    await shell`openssl x509 -in old.crt -signkey old.key -days -1 -out old.crt 2>/dev/null || openssl x509 -in old.crt -signkey old.key -not_after 20200101000000Z -out old.crt`;
    const before = lab.content;
    await lab.edit((content) => ({
      ...content,
      sites: content.sites.map((site) => ({
        ...site,
        certificate: { from: "file", certificate: "old.crt", key: "old.key" },
      })),
    }));
    const { code, stderr } = await lab.run("up", "--yes");
    await lab.edit(() => before);
    expect(code).toBe(1);
    expect(stderr).toContain("certificate/expired");
    expect(stderr).toMatch(/expired at \d{4}-/);
  });

  test("a damaged secret store is named, and the cluster goes on", async () => {
    const store = join(lab.folder, "trouble.secrets.age");
    const whole = await readFile(store, "utf8");
    await writeFile(store, whole.replace(/[A-Za-z](?=[^\n]*\n-----END)/, "!"));
    const { code, stderr } = await lab.run("plan");
    expect(code).toBe(1);
    expect(stderr).toContain("trouble.secrets.age");
    await writeFile(store, whole);
    expect((await lab.run("status")).code).toBe(0);
  });
});

/** HTTP status of a login, asked from the node itself; the password goes through curl's standard input. */
async function loginStatus(lab: LabEnvironment, address: string, password: string): Promise<string> {
  const { $ } = await import("zx");
  const host = new URL((await lab.json<{ url: string }>("credentials")).url).hostname;
  const curl = $({ quiet: true, input: `user = "operator:${password}"\n` });
  const args = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", join(lab.stateFolder, "ca.crt"), "-K", "-"];
  return (await curl`curl ${args} --resolve ${host}:443:${address} https://${host}/v2/`).stdout;
}

async function servedSerial(lab: LabEnvironment, address: string): Promise<string> {
  const { connect } = await import("node:tls");
  const ca = await lab.ca();
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: 443, servername: "registry.trouble", ca }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.end();
    });
    socket.once("error", reject);
  });
}

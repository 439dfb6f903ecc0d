import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret } from "../../spec/secret.js";
import { silentProgress } from "../../supply/progress.js";
import { CREDENTIALS, HOSTS, LabUnderTest, quiet, until } from "./lab-under-test.js";

let hosts: LabUnderTest;

beforeAll(async () => {
  hosts = await LabUnderTest.make("labtest", 4);
  await hosts.up();
});
afterAll(() => hosts.remove());

describe("hosts", () => {
  test.each(HOSTS)("SSH lets the lab's key into %s, which shows the pinned host key", async (name) => {
    expect((await hosts.ssh(name, "hostname")).stdout.trim()).toBe(name);
  });

  test("a host with another key than the pinned one is refused", async () => {
    const knownHosts = join(hosts.state, "known_hosts");
    const before = await readFile(knownHosts, "utf8");
    await writeFile(knownHosts, before.replaceAll("node-1.", "was-1.").replaceAll("node-2.", "node-1."));
    expect((await hosts.ssh("node-1", "hostname")).stderr).toContain("HOST IDENTIFICATION HAS CHANGED");
    await writeFile(knownHosts, before);
  });

  test("hosts have systemd, the sysctls of a registry, an own engine with compose, and an own disk", async () => {
    const facts = await hosts.ssh(
      "node-1",
      `systemctl is-system-running --wait
       sysctl -n net.ipv4.ip_nonlocal_bind net.ipv4.ip_unprivileged_port_start net.core.somaxconn
       docker info --format '{{.Driver}} {{.CgroupDriver}}'; docker compose version --short | cut -d . -f 1
       df --output=target /var/lib/docker /opt | tail -n 2`,
    );
    const expected = ["running", "1", "0", "4096", "overlay2 systemd", "2", "/var/lib/docker", "/opt"];
    expect(facts.stdout.trim().split("\n")).toEqual(expected);
  });

  test("status tells the state, the address, the memory and the disk of each", async () => {
    const seen = await hosts.lab.status();
    expect(seen.map(({ name, address, state }) => ({ name, address, state }))).toEqual(
      HOSTS.map((name) => ({ name, address: hosts.address(name), state: "running" })),
    );
    for (const { memory, disk } of seen) {
      expect(memory).toBeGreaterThan(10_000_000);
      expect(memory).toBeLessThan(512 * 1024 ** 2);
      expect(disk?.used).toBeLessThan(disk?.size ?? 0);
    }
  });

  test("up with nothing to do leaves every host as it is", async () => {
    const look = () =>
      quiet`docker inspect --format ${"{{.Id}} {{.State.StartedAt}}"} ${HOSTS.map((name) => hosts.container(name))}`;
    const before = (await look()).stdout;
    await hosts.up();
    expect((await look()).stdout).toBe(before);
  });
});

describe("storage", () => {
  const others = { accessKey: CREDENTIALS.accessKey, secretKey: new Secret("another-long-key") };

  test("the bucket takes and gives with the keys it was given, and with no others", async () => {
    expect((await hosts.s3("PUT", "blob", "a layer")).status).toBe(200);
    expect(await hosts.s3("GET", "blob")).toEqual({ status: 200, body: "a layer" });
    expect((await hosts.s3("GET", "blob", "", others)).status).toBe(403);
  });

  test("its keys are in no program's arguments, in no settings of a container, and only root may read them", async () => {
    const container = hosts.container("services");
    const seen = await quiet`docker inspect ${container}; docker logs ${container}; ps -eo args`;
    expect(seen.stdout).toContain(container);
    expect(seen.stdout).not.toContain("$HOME");
    const modes = (await hosts.ssh("services", "stat --format %a /etc/lab/s3.env*")).stdout;
    expect(new Set(modes.trim().split("\n"))).toEqual(new Set(["600"]));
  });

  test("other keys replace the old ones, and the objects stay", async () => {
    await hosts.s3("PUT", "kept", "through a change of keys");
    await hosts.up(others);
    expect((await hosts.s3("GET", "kept")).status).toBe(403);
    expect((await hosts.s3("GET", "kept", "", others)).status).toBe(200);
    await hosts.up();
    expect((await hosts.s3("GET", "kept")).status).toBe(200);
  });
});

describe("coming and going", () => {
  test("down keeps the disks: the next hosts find the objects, and none of the old containers", async () => {
    await hosts.s3("PUT", "kept", "through down and up");
    await hosts.ssh(
      "node-1",
      "tar --directory /usr/bin --create true | docker import - old:1 && docker create old:1 true",
    );
    expect((await hosts.ssh("node-1", "docker ps --all --quiet")).stdout).not.toBe("");
    await hosts.lab.down({ deleteData: false }, silentProgress);
    expect(await hosts.states()).toEqual(["missing", "missing", "missing"]);
    expect(await hosts.objects("network")).toEqual([]);
    await hosts.up();
    expect((await hosts.s3("GET", "kept")).body).toBe("through down and up");
    expect(await hosts.ssh("node-1", "docker ps --all --quiet")).toMatchObject({ stdout: "", exitCode: 0 });
  });

  test("down with the data leaves nothing, and can be typed twice", async () => {
    for (const _ of ["once", "twice"]) {
      await hosts.lab.down({ deleteData: true }, silentProgress);
      for (const kind of ["container", "volume", "network"] as const) expect(await hosts.objects(kind)).toEqual([]);
    }
  });

  test("up that is killed again and again, each time a little later, can be run once more", async () => {
    const services = hosts.container("services");
    const inside = async (command: string) => (await quiet`docker exec ${services} sh -c ${command}`).exitCode === 0;
    const stages: Readonly<Record<string, () => Promise<boolean>>> = {
      "the network is there": async () => (await hosts.objects("network")).length > 0,
      "a host was created": async () => (await hosts.objects("container")).length > 0,
      "a host runs": () => inside("true"),
      "storage has its keys": () => inside("test -e /etc/lab/s3.env"),
      "sshd runs": () => inside("systemctl is-active ssh"),
    };
    for (const [stage, reached] of Object.entries(stages)) {
      const running = upInAProcessOfItsOwn();
      const ended = once(running, "exit");
      await until(stage, reached).finally(() => running.kill("SIGKILL"));
      await ended;
    }
    await hosts.up();
    expect(await hosts.states()).toEqual(["running", "running", "running"]);
    for (const name of HOSTS) expect((await hosts.ssh(name, "docker info")).exitCode).toBe(0);
    expect((await hosts.s3("PUT", "blob", "after all")).status).toBe(200);
  });

  function upInAProcessOfItsOwn() {
    const module = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
    const program = `
      import { openLab } from ${module("lab/lab.ts")};
      import { Secret } from ${module("spec/secret.ts")};
      import { silentProgress } from ${module("supply/progress.ts")};
      const keys = { accessKey: new Secret("access"), secretKey: new Secret(process.env.LAB_TEST_SECRET) };
      await openLab(${JSON.stringify(hosts.environment)}, ${JSON.stringify(hosts.state)}).up(keys, silentProgress);
    `;
    return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
      stdio: "inherit",
      env: { ...process.env, LAB_TEST_SECRET: CREDENTIALS.secretKey.reveal() },
    });
  }
});

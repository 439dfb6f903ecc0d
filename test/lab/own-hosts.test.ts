import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inside } from "../../lab/docker.js";
import { type Lab, openLab } from "../../lab/lab.js";
import { environmentSchema } from "../../spec/environment.js";
import { LOCAL_SERVICES } from "../../spec/inventory.js";
import { Secret } from "../../spec/secret.js";
import { provideEngine } from "../../supply/engine.js";
import { silentProgress } from "../../supply/progress.js";
import { LabEnvironment } from "./fixture.js";

const NETWORK = "198.18.18";
const KEYS = { accessKey: new Secret("ACCESS-OF-OWN-HOSTS"), secretKey: new Secret("secret-of-own-hosts-0123456789") };

describe("hosts that exist already, reached over SSH", () => {
  let machines: Lab;
  let own: LabEnvironment;

  beforeAll(async () => {
    own = await LabEnvironment.make("own", 18);
    const bare = environmentSchema.parse({
      environment: "bare",
      registry: { hostname: "registry.bare" },
      sites: [{ name: "here", provider: "local", nodes: { memory: "1GiB" }, network: { cidr: `${NETWORK}.0/24` } }],
    });
    await provideEngine(silentProgress);
    machines = openLab(bare, join(own.folder, "machines"));
    await machines.up(KEYS, silentProgress);
    await own.edit((content) => ({
      ...content,
      registry: {
        hostname: "registry.own",
        storage: {
          kind: "s3",
          bucket: LOCAL_SERVICES.bucket,
          region: LOCAL_SERVICES.region,
          endpoint: `http://${NETWORK}.10:${LOCAL_SERVICES.s3Port}`,
          forcePathStyle: true,
        },
      },
      sites: [
        {
          name: "cellar",
          provider: "hosts",
          entry: { from: "floating", address: `${NETWORK}.100` },
          hosts: [11, 12, 13].map((last, index) => ({
            name: `rack-${index + 1}`,
            address: `${NETWORK}.${last}`,
            identityFile: "machines/lab_ed25519",
          })),
        },
      ],
    }));
  });
  afterAll(async () => {
    await machines.down({ deleteData: true }, silentProgress);
    await own.remove();
  });

  test("without the storage's keys the command that sets them is named", async () => {
    const { code, stderr } = await own.run("plan");
    expect(code).toBe(1);
    expect(stderr).toMatch(/secret set \S+ storage-access-key/);
    expect(stderr).toMatch(/secret set \S+ storage-secret-key/);
  });

  test("with a wrong key up is refused before anything is installed, and says which key", async () => {
    await own.setSecret("storage-access-key", KEYS.accessKey.reveal());
    await own.setSecret("storage-secret-key", "not-the-right-one");
    const { code, stderr } = await own.run("up", "--yes");
    expect(code).toBe(1);
    expect(stderr).toMatch(/storage/);
    expect(stderr).toMatch(/key/);
    expect(stderr).not.toContain("not-the-right-one");
    expect(await own.succeed("ssh", "rack-1", "--", "ls /etc/harborwright 2>/dev/null || echo none")).toBe("none\n");
  });

  test("a host whose clock is an hour ahead is refused before anything is installed", async () => {
    const ahead = '#!/bin/sh\\nexec /bin/date -d "+1 hour" "$@"\\n';
    await own.setSecret("storage-secret-key", KEYS.secretKey.reveal());
    await own.succeed(
      "ssh",
      "rack-2",
      "--",
      `printf '${ahead}' > /usr/local/sbin/date; chmod 755 /usr/local/sbin/date`,
    );
    const { code, stderr } = await own.run("up", "--yes");
    await own.succeed("ssh", "rack-2", "--", "rm /usr/local/sbin/date");
    expect(code).toBe(1);
    expect(stderr).toContain("rack-2");
    expect(stderr).toMatch(/clock/);
  });

  test("up makes a cluster of them that survives a dead host", async () => {
    await own.succeed("up", "--yes");
    await own.succeed("verify");
    await machines.kill("node-1");
    const { stdout } = await own.run("verify", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { through: string; ok: boolean }[] };
    expect(steps.filter((step) => step.through === "entry").every((step) => step.ok)).toBe(true);
    await machines.start("node-1");
  });

  const someChange = (catalogEntries: number) =>
    own.edit((content) => ({ ...content, registry: { ...content.registry, catalogEntries } }));

  test("a dead node: up refuses before it changes anything, --without goes on, and up later brings the node along", async () => {
    await machines.kill("node-3");
    await someChange(1001);
    const refused = await own.run("up", "--yes");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("rack-3");
    expect(refused.stderr).toContain("--without");
    await own.succeed("up", "--yes", "--without", "rack-3");
    await machines.start("node-3");
    await own.succeed("up", "--yes");
    expect((await own.run("status")).code).toBe(0);
  });

  test("storage gone: nodes stay up and say so, up is refused with the reason, and all is well when it is back", async () => {
    const storage = (verb: string) => inside("hw-bare-services", `systemctl ${verb} lab-s3`);
    await storage("stop");
    await someChange(1002);
    const { code, stderr } = await own.run("up", "--yes");
    expect(code).toBe(1);
    expect(stderr).toMatch(/storage/);
    // A registry counts three failures before it says so.
    const silent = async () => (await own.run("status")).stdout;
    await expect.poll(silent, { timeout: 120_000, interval: 1_000 }).toContain("storage does not answer");
    expect((await own.run("status")).code).toBe(1);
    await storage("start");
    await own.succeed("up", "--yes");
    await own.succeed("verify");
  });

  test("down takes away all that is ours and nothing else", async () => {
    await own.succeed("down", "--yes");
    for (const node of ["rack-1", "rack-2", "rack-3"]) {
      const left = await own.succeed(
        "ssh",
        node,
        "--",
        "find / -xdev -name '*harborwright*' -not '(' -type d -empty ')' -not -path '/proc/*' -not -path '/sys/*' -not -path '/run/lock/*' -not -path '/var/log/journal/*' -not -path '/tmp/*'; docker ps -aq; ip -o addr | grep -F .100/ || true; systemctl is-active docker ssh",
      );
      expect(left).toBe("active\nactive\n");
    }
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret } from "../../spec/secret.js";
import { LabEnvironment } from "./fixture.js";
import { harborBundle } from "./harbor-stand-in/bundle.js";
import { Load } from "./load.js";

const NETWORK = "198.18.54";
const NODES = ["node-1", "node-2", "node-3"] as const;
/** Where a first `up` is killed, one after the other: each finds what the one before has left. */
const FIRST_STEPS = [
  /^\W+\s+preflight\b/,
  /\betcd\b/,
  /node-1 canary\s+switch\b/,
  /node-1 canary\s+prepare\b/,
  /node-1 canary\s+migrate\b/,
  /node-1 canary\s+registry\b/,
  /node-2\s+(canary\s+)?registry\b/,
];
/** The same of a change; by a later step a part of the nodes has it. */
const STEPS = [/node-2\s+switch\b/];

/** Everything that Harbor on a node reads, but what may differ: who purges uploads, and each node's way to its data base. */
const TREES = `
cd /var/lib/harborwright/harbor/current
find common docker-compose.yml -type f | sort | while read -r file; do
  echo "$(sed '/^\\(POSTGRESQL\\|HARBOR_DATABASE\\)_HOST=/d; /^  maintenance:/,/^  delete:/d' "$file" | sha256sum | cut -c 1-64) $file"
done
cd /data/secret
sha256sum keys/secretkey core/private_key.pem registry/root.crt`;

/** How often the data base was really migrated, as the stand-in counts it; asked as Harbor's own role. */
const MIGRATIONS = `
settings=$(sed -n 's/^POSTGRESQL_HOST=/PGHOST=/p; s/^POSTGRESQL_PORT=/PGPORT=/p; s/^POSTGRESQL_DATABASE=/PGDATABASE=/p
  s/^POSTGRESQL_USERNAME=/PGUSER=/p; s/^POSTGRESQL_PASSWORD=/PGPASSWORD=/p' /var/lib/harborwright/harbor/current/common/config/core/env)
env $settings PGSSLMODE=require psql --tuples-only --no-align --command 'select count(*) from stand_in_migrations'`;

const WORKERS = "grep max_job_workers /etc/harborwright/harbor/harbor.yml";

describe("three active nodes of Harbor, with stand-ins for its programs", () => {
  let lab: LabEnvironment;
  let turn = 0;

  beforeAll(async () => {
    lab = await LabEnvironment.make("harbor", 54, {
      registry: { engine: "harbor", hostname: "registry.harbor", drain: "5s" },
      harbor: {
        release: { from: "bundle", file: await harborBundle() },
        trivy: { enabled: false },
      },
      sites: [{ name: "here", provider: "local", nodes: { memory: "2GiB" }, network: { cidr: `${NETWORK}.0/24` } }],
    });
  });
  afterAll(() => lab.remove());

  const on = (node: string, script: string) => lab.succeed("ssh", node, "--", script);

  /** A change that makes every node prepare and restart Harbor. */
  async function change(): Promise<void> {
    turn += 1;
    await lab.edit((content) => ({ ...content, harbor: { ...content.harbor, jobs: { workers: 10 + turn } } }));
  }

  async function load() {
    const admin = await lab.json<{ username: string; password: string }>("credentials");
    return Load.start(
      {
        hostname: "registry.harbor",
        address: `${NETWORK}.100`,
        port: 443,
        ca: await lab.ca(),
        credentials: { username: admin.username, password: new Secret(admin.password) },
      },
      { repository: "library/load", layerSizes: [1024, 100_000] },
    );
  }

  test("a first up that is killed again and again goes on each time where it was, and the data base is migrated once", async () => {
    for (const step of FIRST_STEPS) await lab.killAt(step, "up", "--yes");
    await lab.succeed("up", "--yes");
    expect((await lab.run("plan")).code).toBe(0);
    expect((await lab.run("status")).code).toBe(0);
    expect((await on("node-2", MIGRATIONS)).trim()).toBe("1");
  }, 900_000);

  test("what the nodes must share is the same on all of them, byte for byte", async () => {
    const [one, ...others] = await Promise.all(NODES.map((node) => on(node, TREES)));
    expect(one?.split("\n").length).toBeGreaterThan(10);
    for (const other of others) expect(other).toBe(one);
  });

  test("Harbor's ports are open on the node's own address alone", async () => {
    const listening = await on("node-1", "ss -Hltn 'sport = :5000 or sport = :1514' | awk '{print $4}'");
    expect(listening.trim().split("\n").sort()).toEqual(["127.0.0.1:1514", `${NETWORK}.11:5000`]);
  });

  test("images are pushed and pulled while another password of the data base rolls every node twice, and while a node dies", async () => {
    const clients = await load();
    await lab.succeed("rotate", "database-password", "--yes");
    await lab.run("lab kill", "node-2");
    const seen = clients.operations.length;
    await expect.poll(() => clients.operations.length, { timeout: 60_000 }).toBeGreaterThan(seen + 10);
    await lab.run("lab start", "node-2");
    const { failures, lost } = await clients.stop();
    expect({ failures, lost }).toEqual({ failures: [], lost: [] });
    await expect.poll(async () => (await lab.run("status")).code, { timeout: 120_000 }).toBe(0);
  });

  test.each(STEPS.map((step) => [step.source, step] as const))(
    "up killed at %s leaves a cluster that serves, and the next up ends in the state of an undisturbed one",
    async (_name, step) => {
      await change();
      await lab.killAt(step, "up", "--yes");
      await lab.succeed("up", "--yes");
      expect((await lab.run("plan")).code).toBe(0);
      expect((await lab.run("status")).code).toBe(0);
    },
  );

  test("a node whose Harbor does not become healthy stops the change, and the others go on serving", async () => {
    await on("node-1", "mkdir -p /data/stand-in && echo jobservice > /data/stand-in/unhealthy");
    await change();
    const { code, stderr } = await lab.run("up", "--yes");
    expect(code).toBe(1);
    expect(stderr).toMatch(/node-1 does not serve/);
    const parts = [...stderr.matchAll(/Harbor\s+says\s+that\s+its\s+(\w+)\s+is\s+unhealthy/g)].map(([, part]) => part);
    expect(parts).toEqual(["jobservice"]);
    expect(await on("node-2", WORKERS)).not.toBe(await on("node-1", WORKERS));
    await on("node-1", "rm /data/stand-in/unhealthy");
    await lab.succeed("up", "--yes");
  });

  test("a drained node is asked by no front, and comes back", async () => {
    await lab.succeed("drain", "node-3");
    expect(await on("node-3", "docker inspect --format '{{.State.Status}}' nginx")).toBe("exited\n");
    await lab.succeed("undrain", "node-3");
    expect((await lab.run("status")).code).toBe(0);
  });

  test("down leaves nothing of it on the hosts", async () => {
    await lab.succeed("down", "--yes");
  });
});

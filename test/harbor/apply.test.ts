import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Problem } from "../../spec/problem.js";
import { everything } from "./everything.js";
import { MemoryStore, Operator, withoutRobotSecrets } from "./harbor.js";
import { HarborServer } from "./server/harbor-server.js";
import { State } from "./server/state.js";

let server: HarborServer;
beforeAll(async () => {
  server = await HarborServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.state = new State();
  server.rise();
});

test("settings are applied to an empty Harbor, and then there is nothing left to do", async () => {
  const operator = new Operator(server);
  const { changes } = await operator.apply(everything);
  expect(changes.length).toBeGreaterThan(20);
  expect(await operator.text(everything)).toEqual([]);
});

test("nothing is sent when nothing differs", async () => {
  const operator = new Operator(server);
  await operator.apply(everything);
  server.changes.length = 0;
  await operator.apply(everything);
  expect(server.changes).toEqual([]);
});

test("a plan asks Harbor nothing twice: each question costs it a tenth of a second", async () => {
  const operator = new Operator(server);
  await operator.apply(everything);
  server.looks.length = 0;
  await operator.plan(everything);
  expect(server.looks).toHaveLength(new Set(server.looks).size);
});

test("a receiver of the audit log that Harbor cannot connect to is refused by its field", async () => {
  server.state.reachable = false;
  await expect(
    new Operator(server).apply({ system: { auditForward: { address: "syslog.example.com:514" } } }),
  ).rejects.toMatchObject({ details: { code: "harbor/refused", field: "harbor.settings.system" } });
});

test("a robot logs in with the secret that the store keeps, and with no other", async () => {
  const operator = new Operator(server);
  await operator.apply(everything);
  const secret = operator.store.get("harbor/robot/team+ci");
  expect(secret && (await operator.client.accepts("bot+team+ci", secret))).toBe(true);
  const other = operator.store.get("harbor/robot/deploy");
  expect(other && (await operator.client.accepts("bot+team+ci", other))).toBe(false);
});

test("no secret is in a plan's text", async () => {
  const operator = new Operator(server);
  const text = (await operator.text(everything)).join("\n");
  expect(text).toContain("password: ***");
  expect(text).not.toContain("given-");
});

describe("what somebody changes by hand is seen, and put right", () => {
  const cases: readonly [string, (state: State) => void, string][] = [
    [
      "a system setting",
      ({ configuration }) => Object.assign(configuration, { token_expiration: 5 }),
      "token_expiration: 5 → 60",
    ],
    [
      "what blocks no pull from any project",
      (state) => Object.assign(state, { allowList: { items: [{ cve_id: "CVE-2020-0001" }] } }),
      'allowedCves: ["CVE-2020-0001"] → ["CVE-2023-44487"]',
    ],
    [
      "the login",
      ({ configuration }) => Object.assign(configuration, { ldap_url: "ldap://x" }),
      "ldap_url: ldap://x → ldaps://ldap.example.com",
    ],
    [
      "a registry",
      ({ registries }) => registries.change(501, { url: "https://evil.example.com" }),
      "url: https://evil.example.com → https://hub.docker.com",
    ],
    ["a label", ({ labels }) => labels.change(301, { color: "#000000" }), "color: #000000 → #00AA00"],
    [
      "a preheat instance",
      ({ preheatInstances }) => preheatInstances.change(1001, { enabled: false }),
      "enabled: false → true",
    ],
    [
      "a project that was made public",
      ({ projects }) => projects.change(12, { metadata: { ...Object(projects.get(12).metadata), public: "maybe" } }),
      "public: maybe → false",
    ],
    ["a quota", ({ quotas }) => quotas.change(102, { storage: -1 }), "quota: -1 → 107374182400"],
    [
      "what does not block a pull",
      ({ projects }) => projects.change(12, { items: [] }),
      'allowedCves: none → ["CVE-2021-44228","CVE-2024-3094"]',
    ],
    ["a role", ({ members }) => members.change(members.idOf("alice"), { role: 1 }), "role: admin → maintainer"],
    [
      "a robot's rights",
      ({ robots }) =>
        robots.change(401, {
          permissions: [{ kind: "project", namespace: "team", access: [{ resource: "repository", action: "delete" }] }],
        }),
      'rights: ["project team repository delete"] → ["project team repository pull","project team repository push","project team tag list"]',
    ],
    ["a robot's secret", ({ robots }) => robots.change(401, { secret: "Another-Secret-1" }), "login: refused → works"],
    ["a robot that was switched on", ({ robots }) => robots.change(402, { disable: false }), "disabled: false → true"],
    ["retention", ({ retentions }) => retentions.change(703, { rules: [] }), "rules: none →"],
    ["immutability", ({ immutabilities }) => immutabilities.change(801, { disabled: true }), "disabled: true → false"],
    [
      "a webhook",
      ({ webhooks }) =>
        webhooks.change(901, {
          targets: [
            {
              type: "http",
              address: "https://scanner.example.com/in",
              auth_header: "other",
              payload_format: "Default",
            },
          ],
        }),
      "authorization: *** → ***",
    ],
    [
      "a preheat rule",
      ({ preheatPolicies }) => preheatPolicies.change(1101, { trigger: '{"type":"manual"}' }),
      "when: manual → event_based",
    ],
    [
      "a replication rule",
      ({ replications }) => replications.change(601, { deletion: false }),
      "deletions: false → true",
    ],
    [
      "a schedule that was lost",
      ({ schedules }) => void schedules.delete("/system/gc/schedule"),
      "cron: none → 0 17 2 * * 0",
    ],
    [
      "what is purged",
      ({ schedules }) =>
        void schedules.set("/system/purgeaudit/schedule", {
          schedule: { type: "Custom", cron: "0 0 1 * * 6" },
          job_parameters: '{"audit_retention_hour":1,"include_event_types":"create_artifact,pull_artifact"}',
        }),
      "audit_retention_hour: 1 → 720",
    ],
  ];
  test.each(cases)("%s", async (_name, change, line) => {
    const operator = new Operator(server);
    await operator.apply(everything);
    change(server.state);
    const text = await operator.text(everything);
    expect(text.join("\n")).toContain(line);
    await operator.apply(everything);
    expect(await operator.text(everything)).toEqual([]);
  });
});

test("a thing that was made anew by hand gets its secret again, for Harbor never shows which one it has", async () => {
  const operator = new Operator(server);
  await operator.apply({ registries: everything.registries ?? [] });
  const { registries } = server.state;
  const hub = registries.get(registries.idOf("hub"));
  registries.delete(registries.idOf("hub"));
  registries.add({ ...hub, secret: "wrong" });
  expect(await operator.text({ registries: everything.registries ?? [] })).toEqual([
    "~ registry hub",
    "    password: none → ***",
  ]);
  await operator.apply({ registries: everything.registries ?? [] });
  expect(registries.where(({ name }) => name === "hub")[0]?.secret).toBe("given-harbor/registry/hub");
});

describe("what settings do not name", () => {
  const mine = { projects: [{ name: "team", robots: [{ name: "ci", rights: { repository: ["pull"] } }] }] };
  const byHand = async () => {
    const operator = new Operator(server);
    await operator.apply(everything);
    return operator;
  };

  test("is left alone", async () => {
    const operator = await byHand();
    const before = server.state.picture();
    const { changes } = await operator.plan({ projects: [{ name: "team" }] });
    expect(changes).toEqual([]);
    await operator.apply({ projects: [{ name: "team" }] });
    expect(server.state.picture()).toBe(before);
  });

  test("is deleted with prune: true, in an order that Harbor allows; images, library and admin stay", async () => {
    const operator = await byHand();
    const { projects } = server.state;
    projects.change(projects.idOf("dr-cache"), { repositories: 3 });
    const pruned = { ...mine, prune: true, registries: everything.registries?.slice(1) ?? [] };
    expect(await operator.text(pruned)).toContain("  project dr-cache stays: it has 3 repositories");
    await operator.apply(pruned);
    const { members, replications, registries, robots, webhooks } = server.state;
    expect([...projects.rows.values()].map(({ name }) => name)).toEqual(["library", "team", "dr-cache"]);
    expect(members.where(({ project }) => project === 12).map(({ name }) => name)).toEqual(["admin"]);
    expect([replications.rows.size, webhooks.rows.size, registries.rows.size]).toEqual([0, 0, 1]);
    expect([...robots.rows.values()].map(({ name }) => name)).toEqual(["ci"]);
    expect((await operator.plan(pruned)).changes).toEqual([]);
  });
});

describe("a command that is killed at any change and run again ends as one that was not", () => {
  test.each([
    ["before Harbor makes it", false],
    ["after Harbor made it", true],
  ])("%s", async (_name, made) => {
    const whole = new Operator(server);
    await whole.apply(everything);
    const names = [...whole.store.kept.keys()].sort();
    const wanted = withoutRobotSecrets(server.state.picture());
    const total = server.changes.length;
    for (let count = 0; count <= total; count += 1) {
      server.state = new State();
      server.fallAfter(count, made);
      const store = new MemoryStore();
      const first = new Operator(server, store);
      const failure = await first.apply(everything).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (!server.rise()) break;
      expect(failure).toBeInstanceOf(Problem);
      await new Operator(server, store).apply(everything);
      expect(withoutRobotSecrets(server.state.picture()), `killed at change ${count}`).toBe(wanted);
      expect([...store.kept.keys()].sort()).toEqual(names);
      // One that may not log in has whatever secret it has.
      for (const { name, project, secret } of server.state.robots.where(({ disable }) => disable !== true)) {
        const stored = project === 0 ? `harbor/robot/${name}` : `harbor/robot/team+${name}`;
        expect(store.get(stored)?.reveal()).toBe(secret);
      }
    }
    server.changes.length = 0;
  });
});

test("two operators who apply the same plan both succeed", async () => {
  const store = new MemoryStore();
  const [one, other] = [new Operator(server, store), new Operator(server, store)];
  const file = { ...everything };
  await Promise.all([one.apply(file), other.apply(file)]);
  await one.apply(file);
  expect(await one.text(file)).toEqual([]);
});

test("Harbor is made read-only last, and writable first", async () => {
  const operator = new Operator(server);
  const frozen = { ...everything, system: { ...everything.system, readOnly: true } };
  await operator.apply(frozen);
  expect(server.state.configuration.read_only).toBe(true);
  await operator.apply({ ...frozen, labels: [{ name: "new" }], system: { readOnly: false } });
  expect(server.state.labels.has(({ name }) => name === "new")).toBe(true);
});

import { describe, expect, test } from "vitest";
import { planForScripts } from "../../cli/plan-json.js";
import { describePlan } from "../../cli/plan-view.js";
import { type FileChange, type HostPlan, isEmpty, type Plan, type ResourcePlan } from "../../cluster/plan.js";
import type { DataNodePlan } from "../../spec/data-plan.js";
import type { SettingsPlan } from "../../spec/settings-plan.js";

const state = (sha256: string) => ({ sha256, mode: "640", owner: "0:10101" });
const file = (more: Partial<FileChange> = {}): FileChange => ({
  path: "/etc/harborwright/front/nginx.conf",
  change: "change",
  unit: "front",
  before: state("aa"),
  after: state("bb"),
  drifted: false,
  sensitive: false,
  diff: "@@ -1,2 +1,2 @@\n same\n-  keepalive 16;\n+  keepalive 64;\n",
  secretsChange: false,
  ...more,
});
const host = (node: string, more: Partial<HostPlan> = {}): HostPlan => ({
  site: "here",
  node,
  release: { before: "1".repeat(16), after: "2".repeat(64) },
  files: [file()],
  actions: [{ kind: "reload-front", says: "reload nginx" }],
  ...more,
});
const plan = (more: Partial<Plan> = {}): Plan => ({
  environment: "prod",
  hosts: [host("node-1"), host("node-2"), host("node-3")],
  unreachable: [],
  ...more,
});
const shown = (what: Plan) => describePlan(what, { colour: false });

describe("a plan as a person reads it", () => {
  test("shows changed lines only, once for hosts that change alike", () => {
    expect(shown(plan())).toBe(
      [
        "prod",
        "  node-1  1 file, no interruption expected",
        "      ~ /etc/harborwright/front/nginx.conf",
        "          -  keepalive 16;",
        "          +  keepalive 64;",
        "      → reload nginx",
        "  node-2  as node-1",
        "  node-3  as node-1",
        "6 changes on 3 hosts. `harborwright up prod` makes them, one node at a time.",
      ].join("\n"),
    );
  });

  test("says that only secrets change when the diff cannot show it", () => {
    const secret = file({
      path: "/etc/harborwright/registry/config.yml",
      sensitive: true,
      diff: "",
      secretsChange: true,
    });
    expect(shown(plan({ hosts: [host("node-1", { files: [secret] })] }))).toContain("config.yml  (secrets change)");
  });

  test("says that a file was edited on the host, and that only its rights differ", () => {
    const drifted = file({ drifted: true, diff: "" });
    expect(shown(plan({ hosts: [host("node-1", { files: [drifted] })] }))).toContain(
      "(edited on the host, rights or owner change)",
    );
  });

  test("names hosts that cannot be asked, with the reason", () => {
    const silent = { node: "node-3", code: "ssh/timed-out", says: "node-3 does not answer", instead: "look at it" };
    expect(shown(plan({ unreachable: [silent] }))).toContain(
      "node-3  cannot be asked: node-3 does not answer\n          look at it   ssh/timed-out",
    );
  });

  test("is one line when nothing changes", () => {
    const same = host("node-1", { files: [], actions: [] });
    expect(shown(plan({ hosts: [same] }))).toBe("prod  nothing to change on 1 host");
  });
});

describe("a plan with machines of a cloud", () => {
  const resource = (more: Partial<ResourcePlan> = {}): ResourcePlan => ({
    address: "aws_instance.hosts_node-2",
    type: "aws_instance",
    path: "hosts/node-2",
    action: "update",
    arguments: ["instance_type"],
    node: "node-2",
    ...more,
  });
  const same = ["node-1", "node-2"].map((node) => host(node, { files: [], actions: [] }));

  test("says which argument changes and which node stops for it", () => {
    const resources = [resource()];
    expect(shown(plan({ infrastructure: ["change"], resources, hosts: same }))).toBe(
      [
        "prod",
        "  Terraform: 1 to change",
        "      ~ hosts/node-2  aws_instance  instance_type  (node-2 is drained, stops and comes back)",
        "  node-1  nothing to change",
        "  node-2  nothing to change",
        "1 change in the cloud. `harborwright up prod` makes it, one node at a time.",
      ].join("\n"),
    );
  });

  test("counts by part what is made in numbers, and still names every node that stops", () => {
    const made = Array.from({ length: 13 }, (_, index) => {
      const { node: _node, ...rest } = resource({ action: "create", path: `network/part-${index}`, arguments: [] });
      return rest;
    });
    const replaced = Array.from({ length: 13 }, (_, index) =>
      resource({ action: "replace", path: `hosts/node-${index}`, node: `node-${index}` }),
    );
    const text = shown(plan({ infrastructure: ["make"], resources: [...made, ...replaced], hosts: same }));
    expect(text).toContain("Terraform: 13 to make, 13 to replace");
    expect(text).toContain("+ network  (13)");
    expect(text.match(/is drained, remade and joins again/g)).toHaveLength(13);
  });

  test("a site that goes is told without hosts", () => {
    const resources = [resource({ action: "delete", arguments: [] })];
    expect(shown(plan({ infrastructure: ["delete"], resources, hosts: [] }))).toBe(
      [
        "prod",
        "  Terraform: 1 to delete",
        "      - hosts/node-2  aws_instance  (node-2 goes)",
        "1 resource in the cloud.",
      ].join("\n"),
    );
  });

  test("a script gets resources with the node that stops, or null", () => {
    const { node: _, ...still } = resource({ path: "network/vpc", action: "create" });
    const { resources } = planForScripts(plan({ resources: [resource(), still], hosts: [] }));
    expect(resources.map(({ path, node }) => [path, node])).toEqual([
      ["hosts/node-2", "node-2"],
      ["network/vpc", null],
    ]);
  });
});

describe("a plan with a certificate that is still to be asked for", () => {
  const asks = ["ask Let's Encrypt for a certificate for registry.example.com: the present one ends at 2026-12-20"];
  const same = host("node-1", { files: [], actions: [] });

  test("says what is asked of whom, and that there is something to do", () => {
    const asking = plan({ certificates: asks, hosts: [same] });
    expect(isEmpty(asking)).toBe(false);
    expect(shown(asking)).toBe(
      [
        "prod",
        `  → ${asks[0]}`,
        "  node-1  nothing to change",
        "1 certificate. `harborwright up prod` asks for it and brings it to every node, without an interruption.",
      ].join("\n"),
    );
  });

  test("tells scripts too", () => {
    expect(planForScripts(plan({ certificates: asks, hosts: [same] }))).toMatchObject({
      changes: true,
      certificates: asks,
    });
  });
});

describe("a plan with settings of Harbor", () => {
  const same = host("node-1", { files: [], actions: [] });
  const settings: SettingsPlan = {
    changes: [
      { action: "create", what: "label approved", values: [{ name: "color", after: "#00AA00" }] },
      { action: "update", what: "settings", values: [{ name: "token_expiration", before: "5", after: "60" }] },
      { action: "delete", what: "robot old", values: [] },
    ],
    left: [{ what: "project cache", because: "it has 3 repositories" }],
  };

  test("shows each value that differs, and that no node is touched for it", () => {
    expect(isEmpty(plan({ hosts: [same], settings }))).toBe(false);
    expect(shown(plan({ hosts: [same], settings }))).toBe(
      [
        "prod",
        "  node-1  nothing to change",
        "  Harbor  3 settings",
        "      + label approved",
        "          color: #00AA00",
        "      ~ settings",
        "          token_expiration: 5 → 60",
        "      - robot old",
        "        project cache stays: it has 3 repositories",
        "3 settings of Harbor. `harborwright up prod` makes them; no node is touched.",
      ].join("\n"),
    );
  });

  test("counts them with what changes on hosts", () => {
    expect(shown(plan({ settings }))).toContain("9 changes on 3 hosts and inside of Harbor.");
  });

  test("says how many are made when Harbor runs for the first time", () => {
    const awaiting = plan({ settings: { changes: [], left: [], awaiting: 12 } });
    expect(shown(awaiting)).toContain("  Harbor  12 settings will be made when it runs");
    expect(planForScripts(awaiting).settingsAwaiting).toBe(12);
  });

  test("says that Harbor could not be asked, and is not empty then", () => {
    const silent = plan({ hosts: [same], settings: { changes: [], left: [], silent: "no node answers" } });
    expect(isEmpty(silent)).toBe(false);
    expect(shown(silent)).toBe(
      [
        "prod",
        "  node-1  nothing to change",
        "  Harbor  cannot be asked: no node answers",
        "What would change inside of Harbor is not known. `harborwright status prod` shows how the nodes are.",
      ].join("\n"),
    );
  });

  test("gives scripts the values, null where there was none", () => {
    expect(planForScripts(plan({ hosts: [same], settings })).settings).toEqual([
      { action: "create", what: "label approved", values: [{ name: "color", before: null, after: "#00AA00" }] },
      { action: "update", what: "settings", values: [{ name: "token_expiration", before: "5", after: "60" }] },
      { action: "delete", what: "robot old", values: [] },
    ]);
  });

  test("is not empty of words when nothing differs", () => {
    const nothing = plan({ hosts: [same], settings: { changes: [], left: [] } });
    expect(shown(nothing)).toBe("prod  nothing to change on 1 host");
  });
});

test("a script gets digests and actions, null where there is nothing", () => {
  const added = file({ change: "add", diff: "+ all of it" });
  const { before: _before, ...withoutBefore } = added;
  const first = host("node-1", { release: { after: "2".repeat(64) }, files: [withoutBefore] });
  expect(planForScripts(plan({ hosts: [first] }))).toEqual({
    environment: "prod",
    changes: true,
    certificates: [],
    infrastructure: [],
    resources: [],
    settings: [],
    settingsAwaiting: 0,
    settingsSilent: null,
    dataServices: [],
    hosts: [
      {
        node: "node-1",
        release: { before: null, after: "2".repeat(64) },
        files: [{ path: "/etc/harborwright/front/nginx.conf", change: "add", before: null, after: "bb" }],
        actions: [{ kind: "reload-front", what: "reload nginx" }],
      },
    ],
    unreachable: [],
  });
});

describe("data base and Redis on the nodes", () => {
  const data = (node: string): DataNodePlan => ({
    node,
    files: [{ path: "/etc/harborwright/redis/redis.conf", change: "change", sensitive: true }],
    actions: ["restart Redis"],
  });
  const stay = (node: string): DataNodePlan => ({ node, files: [], actions: [] });
  const well = ["node-1", "node-2", "node-3"].map((node) => host(node, { files: [], actions: [] }));

  test("are shown before the hosts, once for nodes that change alike", () => {
    expect(shown(plan({ hosts: well, dataServices: [data("node-1"), data("node-2"), stay("node-3")] }))).toBe(
      [
        "prod",
        "  data base and Redis",
        "    node-1  1 file",
        "      ~ /etc/harborwright/redis/redis.conf  (with secrets)",
        "      → restart Redis",
        "    node-2  as node-1",
        "    node-3  nothing to change",
        "  node-1  nothing to change",
        "  node-2  nothing to change",
        "  node-3  nothing to change",
        "4 changes on 2 hosts. `harborwright up prod` makes them, one node at a time.",
      ].join("\n"),
    );
  });

  test("count among the changes of a plan", () => {
    expect(isEmpty(plan({ hosts: well, dataServices: [stay("node-1")] }))).toBe(true);
    expect(isEmpty(plan({ hosts: well, dataServices: [stay("node-1"), data("node-2")] }))).toBe(false);
  });
});

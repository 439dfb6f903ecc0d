import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nodesAgree } from "../../operations/harbor-agreement.js";
import { applySettings, compareSettings, harborWish, planSettings } from "../../operations/harbor-settings.js";
import type { Workspace } from "../../operations/workspace.js";
import { harborOf } from "../../spec/harbor/software.js";
import { Secret } from "../../spec/secret.js";
import { Operator } from "../harbor/harbor.js";
import { HarborServer } from "../harbor/server/harbor-server.js";
import { State } from "../harbor/server/state.js";
import type { Desk } from "./cloud-workspace.js";
import { harborDesk, withServers } from "./harbor-desk.js";

const SETTINGS = `
    registries: [{ name: hub, kind: docker-hub, url: "https://hub.docker.com", username: acme }]
    projects:
      - name: team
        robots: [{ name: ci, expires: 90d, rights: { repository: [pull] } }]
    gc: { schedule: weekly }`;

let servers: readonly HarborServer[];
let desk: Desk;
let workspace: Workspace;
const before = process.env.HARBORWRIGHT_IDENTITY;

beforeAll(async () => {
  servers = await Promise.all([HarborServer.start(), HarborServer.start(), HarborServer.start()]);
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));
beforeEach(async () => {
  const shared = new State();
  for (const server of servers) {
    server.state = shared;
    server.rise();
    server.changes.length = 0;
    Object.assign(server.keys, { token: "shared", uploads: "shared" });
  }
  desk = await harborDesk(SETTINGS);
  workspace = await desk.open();
});
afterEach(() => {
  if (before === undefined) delete process.env.HARBORWRIGHT_IDENTITY;
  else process.env.HARBORWRIGHT_IDENTITY = before;
});

async function givePassword(): Promise<void> {
  const store = await desk.store();
  store.set("harbor/registry/hub", new Secret("hub p@ss"));
  await store.save();
}

/** What an `up` does of it, with a store of its own, as each command has. */
async function apply(): Promise<{ readonly count: number; readonly told: readonly string[] }> {
  const store = await desk.store();
  const told: string[] = [];
  const wish = harborWish(workspace.environment, store);
  if (wish === undefined) throw new Error("the file wants something");
  const count = await withServers(servers, store, ({ client }) =>
    applySettings(client, wish, (what) => told.push(what)),
  );
  return { count, told };
}

describe("settings of a file", () => {
  test("are counted before there is a Harbor, and nobody is asked", async () => {
    await givePassword();
    expect(await planSettings(workspace, await desk.store(), false)).toEqual({
      changes: [],
      left: [],
      awaiting: 4,
    });
  });

  test("miss a password that somebody has to give before anything is made", async () => {
    const planned = planSettings(workspace, await desk.store(), false);
    await expect(planned).rejects.toMatchObject({
      details: { code: "harbor/secret-missing", says: expect.stringContaining("harbor/registry/hub") },
    });
  });

  test("are made once; robots' secrets and marks are in the real store, and work", async () => {
    await givePassword();
    const { count, told } = await apply();
    expect(count).toBe(4);
    expect(told).toContain("robot team/ci");
    const names = (await desk.store()).names();
    expect(names).toContain("harbor/robot/team+ci");
    expect(names).toContain("harbor/registry/hub/sent");
    const [server] = servers;
    const secret = (await desk.store()).get("harbor/robot/team+ci");
    expect(server && secret && (await new Operator(server).client.accepts("robot$team+ci", secret))).toBe(true);
    const changes = server?.changes.length;
    expect((await apply()).count).toBe(0);
    expect(server?.changes.length).toBe(changes);
  });

  test("are compared with what Harbor has, and secrets stay hidden", async () => {
    await givePassword();
    const store = await desk.store();
    const wish = harborWish(workspace.environment, store);
    const planned = wish && (await withServers(servers, store, ({ client }) => compareSettings(client, wish)));
    expect(planned?.changes.map(({ action, what }) => `${action} ${what}`)).toEqual([
      "create registry hub",
      "create project team",
      "create robot team/ci",
      "update garbage collection",
    ]);
    expect(JSON.stringify(planned)).not.toContain("hub p@ss");
  });

  test("that a kill has interrupted are all made by the next up", async () => {
    await givePassword();
    for (let made = 0; made < 6; made += 1) {
      for (const server of servers) server.fallAfter(made, true);
      await apply().catch(() => undefined);
      for (const server of servers) server.rise();
    }
    await apply();
    expect((await apply()).count).toBe(0);
    const secret = (await desk.store()).get("harbor/robot/team+ci")?.reveal();
    expect(servers[0]?.state.robots.where(({ name }) => name === "ci").map((row) => row.secret)).toEqual([secret]);
  });

  test("a file that says nothing of them asks nobody", async () => {
    const silent = await (await harborDesk()).open();
    expect(await planSettings(silent, await desk.store(), true)).toBeUndefined();
  });
});

describe("nodes", () => {
  const ask = async (uploads = true) => {
    const { settings } = harborOf(workspace.environment);
    return withServers(servers, await desk.store(), (running) => nodesAgree(running, settings, "prod", uploads));
  };

  test("that agree are no problem, and leave one blob", async () => {
    expect(await ask()).toEqual({ disagreements: [] });
    expect(servers[0]?.state.blobs.size).toBe(1);
  });

  test("that disagree are told with the one that differs and where to look", async () => {
    Object.assign(servers[1]?.keys ?? {}, { uploads: "another" });
    const { problem } = await ask();
    expect(problem?.details).toMatchObject({
      code: "harbor/nodes-disagree",
      says: "node-2 and the other nodes do not accept each other's uploads: clients that meet two of them fail",
      instead: "harborwright doctor prod names the file and the key that differ on node-2",
      log: ["an upload begun on node-1 and ended on node-2: 404", "an upload begun on node-2 and ended on node-3: 404"],
    });
  });

  test("are compared by tokens alone where nothing may be left, or nothing can be pushed to", async () => {
    expect((await ask(false)).uploadsLeftOut).toBe("there is no project to push to");
    const { projects } = servers[0]?.state ?? new State();
    projects.change(projects.idOf("library"), { registry: 501 });
    expect((await ask()).uploadsLeftOut).toBe("there is no project to push to");
    expect(servers[0]?.state.blobs.size).toBe(0);
  });
});

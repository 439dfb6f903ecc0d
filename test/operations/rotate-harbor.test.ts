import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Reach, rotateHarborAdmin } from "../../operations/rotate-harbor-admin.js";
import { rotateRobot } from "../../operations/rotate-robot.js";
import type { UpOptions } from "../../operations/up.js";
import type { Workspace } from "../../operations/workspace.js";
import { secretName } from "../../secrets/names.js";
import { Problem } from "../../spec/problem.js";
import { silentProgress } from "../../supply/progress.js";
import { Operator } from "../harbor/harbor.js";
import { HarborServer, PASSWORD } from "../harbor/server/harbor-server.js";
import { State } from "../harbor/server/state.js";
import type { Desk } from "./cloud-workspace.js";
import { harborDesk, withServers } from "./harbor-desk.js";

const SETTINGS = `
    projects:
      - name: team
        robots: [{ name: ci, expires: 90d, rights: { repository: [pull] } }]
    robots: [{ name: deploy, projects: [{ name: "*", rights: { repository: [pull] } }] }]`;
const QUIET: UpOptions = {
  command: "test",
  without: [],
  dryRun: false,
  agree: async () => {},
  progress: silentProgress,
  onProgress: () => {},
};
const names = secretName.harbor;

let server: HarborServer;
let desk: Desk;
let workspace: Workspace;
const before = process.env.HARBORWRIGHT_IDENTITY;

beforeAll(async () => {
  server = await HarborServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.state = new State();
  server.rise();
  desk = await harborDesk(SETTINGS);
  workspace = await desk.open();
});
afterEach(() => {
  if (before === undefined) delete process.env.HARBORWRIGHT_IDENTITY;
  else process.env.HARBORWRIGHT_IDENTITY = before;
});

const reach: Reach = (store, work) => withServers([server], store, work);
const stored = async (name: string) => (await desk.store()).get(name)?.reveal();
const rotate = (bring: () => Promise<void> = async () => {}) => rotateHarborAdmin(workspace, QUIET, bring, reach);
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "none",
    (error: unknown) => (error instanceof Problem ? error.details.code : String(error)),
  );

test("admin gets a new password, which the store has when the hosts are told", async () => {
  let told: string | undefined;
  await rotate(async () => {
    told = await stored(names.adminPassword);
  });
  expect(server.state.adminPassword).not.toBe(PASSWORD);
  expect(told).toBe(server.state.adminPassword);
});

test("each rotation makes another password", async () => {
  await rotate();
  const first = server.state.adminPassword;
  await rotate();
  expect(server.state.adminPassword).not.toBe(first);
  expect(await stored(names.adminPassword)).toBe(server.state.adminPassword);
});

test.each([
  ["before Harbor changes it", false],
  ["after Harbor has changed it", true],
])(
  "killed %s, the store knows the password, and the next rotation ends with one that both have",
  async (_name, made) => {
    server.fallAfter(0, made);
    expect(await codeOf(rotate())).toBe("harbor/unreachable");
    server.rise();
    // Any other command comes in meanwhile, too.
    await withServers([server], await desk.store(), ({ client }) =>
      client.put("/configurations", { token_expiration: 30 }),
    );
    await rotate();
    expect(await stored(names.adminPassword)).toBe(server.state.adminPassword);
    expect(server.state.adminPassword).not.toBe(PASSWORD);
  },
);

test("a password that somebody has changed by hand is a problem that says how to mend it", async () => {
  server.state.adminPassword = "By-Hand-1";
  const problem = await rotate().catch((error: unknown) => error);
  expect(problem).toMatchObject({
    details: {
      code: "harbor/wrong-password",
      instead: expect.stringContaining("harborwright secret set prod harbor/admin-password"),
    },
  });
  expect(JSON.stringify(problem)).not.toContain("By-Hand-1");
});

test("a robot gets a new secret, which works, and the old one does not", async () => {
  const operator = new Operator(server);
  await operator.apply({
    projects: [{ name: "team", robots: [{ name: "ci", rights: { repository: ["pull"] } }] }],
    robots: [{ name: "deploy", projects: [{ name: "*", rights: { repository: ["pull"] } }] }],
  });
  for (const [robot, login] of [
    ["team+ci", "robot$team+ci"],
    ["deploy", "robot$deploy"],
  ] as const) {
    const old = operator.store.get(`harbor/robot/${robot}`);
    await rotateRobot(workspace, robot, reach);
    const secret = (await desk.store()).get(`harbor/robot/${robot}`);
    expect(secret && (await operator.client.accepts(login, secret))).toBe(true);
    expect(old && (await operator.client.accepts(login, old))).toBe(false);
  }
});

test("a robot's secret is kept before Harbor has it, so that a kill loses none", async () => {
  await new Operator(server).apply({
    robots: [{ name: "deploy", projects: [{ name: "*", rights: { repository: ["pull"] } }] }],
  });
  server.fallAfter(0, true);
  expect(await codeOf(rotateRobot(workspace, "deploy", reach))).toBe("harbor/unreachable");
  server.rise();
  const secret = (await desk.store()).get("harbor/robot/deploy");
  expect(secret && (await new Operator(server).client.accepts("robot$deploy", secret))).toBe(true);
});

test("robots that nobody knows, and that Harbor has not made yet, are refused", async () => {
  expect(await codeOf(rotateRobot(workspace, "cd", reach))).toBe("rotate/unknown-robot");
  expect(await codeOf(rotateRobot(workspace, "team+ci", reach))).toBe("rotate/robot-not-made");
});

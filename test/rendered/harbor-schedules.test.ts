import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { healSchedules, readSchedules } from "../../operations/harbor-schedules.js";
import { Problem } from "../../spec/problem.js";
import { NEEDS, provide } from "../../supply/machine.js";
import { silentProgress } from "../../supply/progress.js";
import { Operator } from "../harbor/harbor.js";
import { HarborServer } from "../harbor/server/harbor-server.js";
import { State } from "../harbor/server/state.js";
import { JobService } from "../operations/job-service.js";
import { ShellHost } from "../operations/shell-host.js";

const BRIEFLY = { within: 300, every: 20 };
let server: HarborServer;
let service: JobService;
let host: ShellHost;

beforeAll(async () => {
  await provide([NEEDS.curl], silentProgress);
  [server, service] = await Promise.all([HarborServer.start(), JobService.start()]);
  host = await ShellHost.make("node-1", { docker: service.docker });
});
afterAll(() => Promise.all([server.stop(), service.stop(), host.remove()]));
beforeEach(() => {
  server.state = new State();
  Object.assign(service, { schedules: [], jobs: [], runs: true, onStart: () => {} });
  host.changes.length = 0;
});

const scheduled = async () => {
  const operator = new Operator(server);
  await operator.apply({ gc: { schedule: "weekly" }, scanAll: { schedule: "daily" } });
  return operator.client;
};

test("schedules are counted once each, whatever else the job service does", async () => {
  const client = await scheduled();
  service.schedules = ["a", "b"];
  service.jobs = ["c", "d", "e"];
  expect(await readSchedules(client, host)).toEqual({ wanted: 2, alive: 2 });
  expect(await healSchedules(client, host)).toBe(0);
  expect(host.changes).toEqual([]);
});

test("schedules that Redis has lost come back when the job service is started anew", async () => {
  const client = await scheduled();
  service.jobs = ["c"];
  service.onStart = () => {
    service.runs = false;
    setTimeout(() => Object.assign(service, { runs: true, schedules: ["a", "b"] }), 30);
  };
  expect(await healSchedules(client, host, BRIEFLY)).toBe(2);
  expect(host.changes).toEqual(["restart Harbor's job service"]);
});

test("schedules that stay away are told", async () => {
  const client = await scheduled();
  const healing = healSchedules(client, host, BRIEFLY);
  await expect(healing).rejects.toMatchObject({
    details: { code: "harbor/schedules-lost", says: expect.stringContaining("2 of Harbor's 2 schedules") },
  });
});

test("a Harbor without schedules has no job service asked", async () => {
  const { client } = new Operator(server);
  service.runs = false;
  expect(await healSchedules(client, host)).toBe(0);
});

test("a job service that does not know the secret is a problem, and nothing is started anew", async () => {
  const client = await scheduled();
  const other = await ShellHost.make("node-2", { docker: service.docker.replace(service.secret, "another") });
  await expect(readSchedules(client, other)).rejects.toThrow(Problem);
  await expect(healSchedules(client, other)).rejects.toThrow("401");
  expect(other.changes).toEqual([]);
  await other.remove();
});

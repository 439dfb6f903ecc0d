import { expect, test } from "vitest";
import type { Cluster } from "../../cluster/cluster.js";
import { drainForMachine } from "../../cluster/drain.js";
import type { Host } from "../../hosts/host.js";
import { Problem } from "../../spec/problem.js";
import { exampleEnvironment, siteOf } from "../release/example.js";

const OPTIONS = { operator: { who: "ops@desk", command: "harborwright up prod" }, onProgress: () => {} };

/** A host that tells how it is, and fails the test when anybody changes it. */
function hostThatIs(index: number, health: string | Problem): Host {
  const environment = exampleEnvironment();
  const node = siteOf(environment).nodes[index];
  if (node === undefined) throw new Error(`there is no node ${index}`);
  const never = () => {
    throw new Error(`${node.name} was changed`);
  };
  return {
    node,
    dial: () => {},
    change: never,
    stream: never,
    converse: never,
    close: async () => {},
    read: async () => {
      if (health instanceof Problem) throw health;
      return health;
    },
  };
}

function clusterOf(hosts: readonly Host[]): Cluster {
  const environment = exampleEnvironment();
  return { environment, site: siteOf(environment), hosts };
}

const silent = new Problem({ code: "ssh/unreachable", says: "it does not answer", instead: "look" });
const SERVES = "release 0123456789abcdef\n";
const code = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "done",
    (error: unknown) => (error instanceof Problem ? error.details.code : String(error)),
  );

test("a dead node need not be drained before its machine is remade", async () => {
  const cluster = clusterOf([hostThatIs(0, SERVES), hostThatIs(1, silent), hostThatIs(2, SERVES)]);
  expect(await drainForMachine(cluster, "node-2", OPTIONS)).toBe(false);
});

test("a node that keeps clients away already is left as it is", async () => {
  const cluster = clusterOf([
    hostThatIs(0, SERVES),
    hostThatIs(1, `${SERVES}drained operator\n`),
    hostThatIs(2, SERVES),
  ]);
  expect(await drainForMachine(cluster, "node-2", OPTIONS)).toBe(false);
});

test("the only node has nobody to send clients to", async () => {
  expect(await drainForMachine(clusterOf([hostThatIs(0, SERVES)]), "node-1", OPTIONS)).toBe(false);
});

test("no machine stops while another node is away", async () => {
  const away = hostThatIs(2, `${SERVES}reason the registry does not answer\n`);
  const cluster = clusterOf([hostThatIs(0, SERVES), hostThatIs(1, SERVES), away]);
  expect(await code(drainForMachine(cluster, "node-1", OPTIONS))).toBe("health/others-unhealthy");
  const dead = clusterOf([hostThatIs(0, SERVES), hostThatIs(1, silent)]);
  expect(await code(drainForMachine(dead, "node-1", OPTIONS))).toBe("ssh/unreachable");
});

test("a new node that has nothing yet keeps no machine from changing", async () => {
  const fresh = hostThatIs(2, "absent\n");
  const cluster = clusterOf([hostThatIs(0, SERVES), hostThatIs(1, silent), fresh]);
  expect(await drainForMachine(cluster, "node-2", OPTIONS)).toBe(false);
});

import { Agent, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import { freePort } from "../operations/real-registry.js";
import { LabUnderTest, until } from "./lab-under-test.js";

const NODES = ["node-1", "node-2"] as const;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let hosts: LabUnderTest;
let port: number;

beforeAll(async () => {
  port = await freePort();
  hosts = await LabUnderTest.make("labtest-balancer", 9, { entry: { from: "balancer" }, publish: port });
  await hosts.up();
  for (const name of NODES) {
    await answerAll(name, "front", 443, `200 content-type text/plain string ${name}`);
    await answerAll(name, "health", 8081, "200");
  }
  await untilAnswering(NODES);
});

afterAll(async () => {
  agent.destroy();
  await hosts.remove();
});

/** Runs a program that gives one answer to everything, where a node's front would be. */
async function answerAll(name: string, unit: string, listen: number, answer: string): Promise<void> {
  const input = `defaults
  mode http
  timeout client 5m
  timeout server 5m
  timeout connect 1s
frontend all
  bind :${listen}
  http-request return status ${answer}
`;
  // The new one takes over from the old one without a gap: a check between the two would find the node dead.
  const script = `cat > /run/${unit}.cfg
    haproxy -D -f /run/${unit}.cfg -p /run/${unit}.pid -sf $(cat /run/${unit}.pid 2>/dev/null)`;
  await $({ quiet: true, input })`docker exec --interactive ${hosts.container(name)} sh -c ${script}`;
}

/** Which node answers through the published port, or "nobody"; with the agent: on the connection it holds. */
function ask(through: Agent | false): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port, agent: through, timeout: 10_000 }, (answer) => {
      let text = "";
      answer.on("data", (part) => {
        text += part;
      });
      answer.on("end", () => resolve(text));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve("nobody"));
    asked.end();
  });
}

/** Waits until new connections are answered by these nodes and no others. */
function untilAnswering(nodes: readonly string[]): Promise<number> {
  return until(`${nodes.join(" and ")} answer`, async () => {
    const answering = await Promise.all(Array.from({ length: 8 }, () => ask(false)));
    return [...new Set(answering)].sort().join() === nodes.join();
  });
}

function otherThan(node: string): string[] {
  return NODES.filter((name) => name !== node);
}

test("a drained node gets no new connections and keeps those it has", async () => {
  const node = await ask(agent);
  await answerAll(node, "health", 8081, "503");
  await untilAnswering(otherThan(node));
  expect(await ask(agent)).toBe(node);
  await answerAll(node, "health", 8081, "200");
  await untilAnswering(NODES);
});

test("the connections of a node that hangs are closed within 3 s, and the others serve", async () => {
  const node = await ask(agent);
  await hosts.lab.pause(node);
  const paused = performance.now();
  expect(await ask(agent)).toBe("nobody");
  expect(performance.now() - paused).toBeLessThan(3_000);
  await untilAnswering(otherThan(node));
  await hosts.lab.heal(node);
  await untilAnswering(NODES);
});

test("a node that is killed leaves, and joins again when it is back", async () => {
  await hosts.lab.kill("node-1");
  await untilAnswering(["node-2"]);
  await hosts.lab.start("node-1");
  await answerAll("node-1", "front", 443, "200 content-type text/plain string node-1");
  await answerAll("node-1", "health", 8081, "200");
  await untilAnswering(NODES);
});

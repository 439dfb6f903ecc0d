import type { Host } from "../hosts/host.js";
import type { Environment } from "../spec/environment.js";
import { Problem } from "../spec/problem.js";
import { gateScript, HEALTH_SCRIPT } from "./health-script.js";

/** Seconds that a node has to become healthy. */
const GATE_TIME = 60;
/** The same with Harbor, whose parts start one after the other and look at each other every 10 s. */
const HARBOR_GATE_TIME = 120;

/** How a node is, seen from inside. */
export interface NodeHealth {
  readonly node: string;
  /** Whether a release is there at all. */
  readonly installed: boolean;
  /** Name of that release, when it was asked for. */
  readonly release?: string;
  /** What keeps it from serving; healthy when there is nothing. */
  readonly reasons: readonly string[];
  /** Who keeps clients away from it. @default - nobody */
  readonly drained?: string;
  /** Whether it holds the floating address. */
  readonly holdsAddress: boolean;
}

/**
 * Looks at a node once.
 * @throws Problem of ssh when it cannot be reached
 */
export async function readHealth(host: Host): Promise<NodeHealth> {
  return parseHealth(host.node.name, await host.read(HEALTH_SCRIPT));
}

/** Reads what the health scripts print. */
export function parseHealth(node: string, printed: string): NodeHealth {
  const lines = printed.split("\n");
  const drained = after(lines, "drained ")[0];
  const release = after(lines, "release ")[0];
  return {
    node,
    installed: !lines.includes("absent"),
    reasons: after(lines, "reason "),
    ...(release === undefined ? {} : { release }),
    ...(drained === undefined ? {} : { drained }),
    holdsAddress: lines.includes("floating held"),
  };
}

/** Whether clients are served by it. */
export function serves({ installed, reasons, drained }: NodeHealth): boolean {
  return installed && reasons.length === 0 && drained === undefined;
}

/**
 * Waits until a node serves.
 * @returns how it is then
 * @throws Problem `health/unhealthy` with the reasons and the end of the logs
 */
export async function passGate(
  host: Host,
  { environment, registry }: Pick<Environment, "environment" | "registry">,
): Promise<NodeHealth> {
  const seconds = registry.engine === "harbor" ? HARBOR_GATE_TIME : GATE_TIME;
  const printed = await host.read(gateScript(seconds), { timeout: (seconds + 30) * 1000 });
  const health = parseHealth(host.node.name, printed);
  if (health.reasons.length === 0) return health;
  const log = after(printed.split("\n"), "log ");
  throw new Problem({
    code: "health/unhealthy",
    says: `${health.node} does not serve ${seconds} s after the change: ${health.reasons.join("; ")}`,
    instead: `it was left as it is and nothing after it was changed; the other nodes go on serving. Mend what the log says and run \`harborwright up ${environment}\`, or go back with \`harborwright rollback ${environment}\``,
    log,
  });
}

/**
 * Makes sure that no other node is unhealthy, before one is interrupted.
 * @throws Problem `health/others-unhealthy`
 */
export async function assertOthersHealthy(others: readonly Host[], node: string): Promise<void> {
  const health = await Promise.all(others.map((host) => readHealth(host)));
  const away = health.filter((one) => one.installed && !serves(one));
  if (away.length === 0) return;
  const named = away.map((one) => `${one.node} does not serve (${one.reasons.join("; ") || "drained"})`);
  throw new Problem({
    code: "health/others-unhealthy",
    says: `${node} was not changed, because ${named.join(" and ")}`,
    instead: "one node at a time: mend or undrain that one first, then give the same command again",
  });
}

function after(lines: readonly string[], prefix: string): string[] {
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}

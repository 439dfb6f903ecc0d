import pc from "picocolors";
import { type FileChange, type HostPlan, isEmpty, type Plan } from "../cluster/plan.js";
import { settingsText } from "../harbor/plan-text.js";
import { dataServicesStay } from "../spec/data-plan.js";
import type { SettingsPlan } from "../spec/settings-plan.js";
import { dataServicesBlock, dataServicesCount } from "./data-services-view.js";
import { describeResources } from "./resources-view.js";

/** Releases of nodes differ in their digests even where the change is the same. */
const DIGEST = /\b[0-9a-f]{16}([0-9a-f]{48})?\b/g;

/** A plan as a person reads it: a block for each host; hosts whose changes are the same are named only. */
export function describePlan(plan: Plan, options: { readonly colour: boolean }): string {
  const colours = pc.createColors(options.colour);
  if (isEmpty(plan)) return `${plan.environment}  nothing to change on ${count(plan.hosts.length, "host")}`;
  const width = Math.max(
    ...plan.hosts.map((host) => host.node.length),
    ...plan.unreachable.map(({ node }) => node.length),
  );
  const seen = new Map<string, string>();
  const blocks = plan.hosts.map((host) => {
    const changes = changesOf(host, colours);
    const likeness = changes.join("\n").replaceAll(DIGEST, "");
    const same = seen.get(likeness);
    if (changes.length > 1 && same !== undefined) return [`  ${host.node.padEnd(width)}  as ${same}`];
    seen.set(likeness, host.node);
    return [`  ${host.node.padEnd(width)}  ${summary(host)}`, ...changes];
  });
  const silent = plan.unreachable.flatMap(({ node, code, says, instead }) => [
    `  ${colours.red(node.padEnd(width))}  cannot be asked: ${says}`,
    `  ${"".padEnd(width)}  ${instead}   ${code}`,
  ]);
  const made = plan.resources === undefined ? (plan.infrastructure ?? []) : describeResources(plan.resources, colours);
  const lines = made.map((line) => `  ${plan.resources === undefined ? `${colours.dim("→")} ` : ""}${line}`);
  const asks = (plan.certificates ?? []).map((line) => `  ${colours.dim("→")} ${line}`);
  const settings = plan.settings === undefined ? [] : settingsBlock(plan.settings, colours);
  const data = dataServicesBlock(plan.dataServices, colours);
  return [plan.environment, ...lines, ...asks, ...data, ...blocks.flat(), ...settings, ...silent, total(plan)].join(
    "\n",
  );
}

/** What changes inside of Harbor, after the hosts. */
function settingsBlock(settings: SettingsPlan, colours: ReturnType<typeof pc.createColors>): string[] {
  const awaiting = settings.awaiting ?? 0;
  if (settings.silent !== undefined) return [`  ${colours.red("Harbor")}  cannot be asked: ${settings.silent}`];
  if (awaiting > 0) return [`  Harbor  ${count(awaiting, "setting")} will be made when it runs`];
  const head = settings.changes.length === 0 ? "nothing to change" : count(settings.changes.length, "setting");
  return [`  Harbor  ${head}`, ...settingsText(settings).map((line) => `      ${painted(line, colours)}`)];
}

function painted(line: string, colours: ReturnType<typeof pc.createColors>): string {
  if (line.startsWith("+")) return colours.green(line);
  return line.startsWith("-") ? colours.red(line) : line;
}

function summary(host: HostPlan): string {
  if (host.actions.length === 0) return "nothing to change";
  const parts = [
    host.files.length > 0 ? count(host.files.length, "file") : undefined,
    host.interruption ?? "no interruption expected",
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function changesOf(host: HostPlan, colours: ReturnType<typeof pc.createColors>): string[] {
  return [
    ...host.files.flatMap((file) => fileLines(file, colours)),
    ...host.actions.map((action) => `      ${colours.dim("→")} ${action.says}`),
  ];
}

const SIGNS = { add: "+", change: "~", remove: "-" } as const;

function fileLines(file: FileChange, colours: ReturnType<typeof pc.createColors>): string[] {
  const remarks = [
    file.drifted ? "edited on the host" : undefined,
    file.secretsChange ? "secrets change" : undefined,
    file.change === "change" && file.diff === "" && !file.secretsChange ? "rights or owner change" : undefined,
  ].filter((remark) => remark !== undefined);
  const head = `      ${SIGNS[file.change]} ${file.path}${remarks.length > 0 ? `  (${remarks.join(", ")})` : ""}`;
  if (file.change !== "change" || !file.diff) return [head];
  const lines = file.diff
    .trimEnd()
    .split("\n")
    .filter((line) => /^[-+]/.test(line) && !/^(---|\+\+\+) /.test(line));
  return [head, ...lines.map((line) => `          ${(line.startsWith("+") ? colours.green : colours.red)(line)}`)];
}

function total(plan: Plan): string {
  const resources = plan.resources?.length ?? 0;
  const certificates = plan.certificates?.length ?? 0;
  const settings = settingsCount(plan.settings);
  if (settings > 0 && resources === 0 && plan.unreachable.length === 0 && certificates === 0 && hostsStay(plan))
    return `${count(settings, "setting")} of Harbor. \`harborwright up ${plan.environment}\` makes ${settings === 1 ? "it" : "them"}; no node is touched.`;
  if (resources > 0 && plan.hosts.length === 0) return `${count(resources, "resource")} in the cloud.`;
  if (certificates > 0 && resources === 0 && plan.unreachable.length === 0 && hostsStay(plan))
    return `${count(certificates, "certificate")}. \`harborwright up ${plan.environment}\` asks for it and brings it to every node, without an interruption.`;
  if (plan.settings?.silent !== undefined && resources === 0 && plan.unreachable.length === 0 && hostsStay(plan))
    return `What would change inside of Harbor is not known. \`harborwright status ${plan.environment}\` shows how the nodes are.`;
  if (resources === 0 && hostsStay(plan)) return `${count(plan.unreachable.length, "host")} cannot be asked.`;
  const onHosts = plan.hosts.reduce((sum, host) => sum + host.files.length + host.actions.length, 0);
  const changes = resources + onHosts + dataServicesCount(plan.dataServices) + settings;
  const carriers = (plan.dataServices ?? []).filter((one) => dataServicesCount([one]) > 0).map(({ node }) => node);
  const hosts = new Set([...plan.hosts.filter((host) => host.actions.length > 0).map(({ node }) => node), ...carriers])
    .size;
  const where = [
    resources > 0 ? "in the cloud" : undefined,
    hosts > 0 ? `on ${count(hosts, "host")}` : undefined,
    settings > 0 ? "inside of Harbor" : undefined,
  ];
  return `${count(changes, "change")} ${where.filter((part) => part !== undefined).join(" and ")}. \`harborwright up ${plan.environment}\` makes ${changes === 1 ? "it" : "them"}, one node at a time.`;
}

function settingsCount(settings: SettingsPlan | undefined): number {
  return settings === undefined ? 0 : settings.changes.length + (settings.awaiting ?? 0);
}

function hostsStay(plan: Plan): boolean {
  return dataServicesStay(plan.dataServices) && plan.hosts.every((host) => host.actions.length === 0);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

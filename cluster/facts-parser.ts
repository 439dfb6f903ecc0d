import * as z from "zod";
import { HARBOR_PROJECT } from "../release/harbor-layout.js";
import type { Node } from "../spec/inventory.js";
import type { FileState } from "./file-state.js";
import type { ContainerFact, HostFacts, UnitFact } from "./host-facts.js";
import {
  CONTAINERS,
  FLOATING_UNIT,
  MARKS,
  type Mark,
  PLACES,
  PROJECT_LABEL,
  SERVICE_UNIT,
  type Service,
} from "./places.js";

/** One section of what a host printed: the words after its name, and the lines below. */
interface Section {
  readonly name: string;
  readonly words: readonly string[];
  readonly lines: readonly string[];
}

/**
 * Reads what {@link factsScript} printed.
 * @param now - milliseconds since 1970 by our own clock, when it was printed
 */
export function parseFacts({ site, name }: Pick<Node, "site" | "name">, printed: string, now: number): HostFacts {
  const sections = split(printed);
  const all = (wanted: string) => sections.filter((section) => section.name === wanted);
  const words = (section: string) => all(section)[0]?.words ?? [];
  const lines = (section: string) => all(section)[0]?.lines ?? [];
  const [id = "unknown", version = "-", architecture = "unknown", ...title] = words("system");
  const states = fileStates(lines("digests"), lines("rights"));
  const objects = parseObjects(lines("objects"));
  const tools = new Map(all("tool").map(({ words: [tool = "", ...rest] }) => [tool, rest.join(" ")]));
  return {
    site,
    node: name,
    system: { id, version, architecture, name: title.join(" ") || id },
    boot: words("boot")[0] ?? "",
    clockAhead: Number(words("clock")[0]) - now,
    memory: Number(words("memory")[0]) * 1024,
    free: freeSpace(lines("space")),
    tools: {
      docker: !tools.has("docker") ? "absent" : objects.reachable ? "running" : "stopped",
      ...defined("compose", tools.get("compose")),
      keepalived: tools.has("keepalived"),
      curl: tools.has("curl"),
    },
    releases: releases(words("releases"), lines("complete")[0]),
    files: states.live,
    released: states.released,
    texts: new Map(all("text").map(({ words: [path = "", text = ""] }) => [path, decoded(text)])),
    containers: objects.containers,
    ...(objects.harbor.size === 0 ? {} : { harbor: objects.harbor }),
    ...(objects.strangers.length === 0 ? {} : { strangers: objects.strangers }),
    images: objects.images,
    marks: Object.fromEntries(
      all("mark").flatMap(({ words: [name, value] }) => markNamed(name).map((mark) => [mark, value])),
    ),
    units: units(lines("units")),
    kernel: Object.fromEntries(lines("kernel").map(kernelSetting)),
    drained: drained(all("drained").map((section) => section.words)),
  };
}

function split(printed: string): Section[] {
  const sections: { name: string; words: string[]; lines: string[] }[] = [];
  for (const line of printed.split("\n")) {
    if (line.startsWith("@")) {
      const [name = "", ...words] = line.slice(1).split(" ");
      sections.push({ name, words: words.filter((word) => word !== ""), lines: [] });
    } else if (line !== "") sections.at(-1)?.lines.push(line);
  }
  return sections;
}

/** `df -Pk` of three folders: a heading, then the fourth column. */
function freeSpace(lines: readonly string[]): HostFacts["free"] {
  const [opt = 0, docker = 0, log = 0] = lines.slice(1).map((line) => Number(line.trim().split(/\s+/)[3]) * 1024);
  return { opt, docker, log };
}

function releases(words: readonly string[], complete: string | undefined): HostFacts["releases"] {
  const [current = "-", previous = "-", ...kept] = words;
  return {
    ...defined("current", current === "-" ? undefined : current),
    ...defined("previous", previous === "-" ? undefined : previous),
    kept: kept.filter((name) => /^[0-9a-f]{16}$/.test(name)),
    ...defined("complete", complete === undefined ? undefined : completeSchema.parse(JSON.parse(complete)).releases),
  };
}

/** A line of the history; `history.ts` writes them. */
const completeSchema = z.object({ releases: z.record(z.string(), z.string()) });

/** Joins digests with rights, and parts the real files from those of the current release. */
function fileStates(digests: readonly string[], rights: readonly string[]) {
  const sums = new Map(digests.map((line) => [line.slice(66), line.slice(0, 64)]));
  const live = new Map<string, FileState>();
  const released = new Map<string, FileState>();
  for (const line of rights) {
    const [mode = "", owner = "", path = ""] = line.split(" ");
    const digest = sums.get(path);
    if (digest === undefined) continue;
    const state = { sha256: digest, mode, owner };
    if (path.startsWith(`${PLACES.releases}/`))
      released.set(path.slice(path.indexOf("/files/") + "/files".length), state);
    else live.set(path, state);
  }
  return { live, released };
}

/** Whoever touched the file by hand counts as an operator. */
function drained(drains: readonly (readonly string[])[]): HostFacts["drained"] {
  const front = drains.find(([part]) => part === "front");
  return {
    ...defined("by", front === undefined ? undefined : front[1] === "up" ? ("up" as const) : ("operator" as const)),
    registry: drains.some(([part]) => part === "registry"),
  };
}

/** `/proc/sys/net/core/somaxconn:4096` */
function kernelSetting(line: string): [string, string] {
  const at = line.indexOf(":");
  return [line.slice("/proc/sys/".length, at).replaceAll("/", "."), line.slice(at + 1).replaceAll(/\s+/g, " ")];
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

const containerSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  RestartCount: z.number(),
  State: z.object({
    Status: z.string(),
    StartedAt: z.string(),
    Health: z.object({ Status: z.string() }).nullish(),
  }),
  Config: z.object({ Image: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
});
const imageSchema = z.object({ Id: z.string(), RepoDigests: z.array(z.string()).nullish() });

/** `docker inspect` prints an object a line, and an error for each name that it does not know. */
function parseObjects(lines: readonly string[]) {
  const containers: Partial<Record<Service, ContainerFact>> = {};
  const harbor = new Map<string, ContainerFact>();
  const strangers: string[] = [];
  const images = new Set<string>();
  for (const line of lines.filter((candidate) => candidate.startsWith("{"))) {
    const object: unknown = JSON.parse(line);
    const container = containerSchema.safeParse(object);
    if (container.success) {
      const name = container.data.Name.replace(/^\//, "");
      const service = serviceOf(name);
      const fact = containerFact(container.data);
      if (service !== undefined) containers[service] = fact;
      else if (fact.labels[PROJECT_LABEL] === HARBOR_PROJECT) harbor.set(name, fact);
      else strangers.push(name);
      continue;
    }
    const image = imageSchema.parse(object);
    images.add(image.Id);
    for (const digest of image.RepoDigests ?? []) images.add(digest.slice(digest.indexOf("@") + 1));
  }
  return {
    containers,
    harbor,
    strangers,
    images,
    reachable: !lines.some((line) => /cannot connect to the docker daemon/i.test(line)),
  };
}

function containerFact(container: z.infer<typeof containerSchema>): ContainerFact {
  return {
    id: container.Id,
    image: container.Config.Image,
    state: container.State.Status,
    ...defined("health", container.State.Health?.Status),
    restarts: container.RestartCount,
    started: container.State.StartedAt,
    labels: container.Config.Labels ?? {},
  };
}

function serviceOf(name: string): Service | undefined {
  if (name === CONTAINERS.registry) return "registry";
  return name === CONTAINERS.front ? "front" : undefined;
}

function markNamed(name: string | undefined): Mark[] {
  const marks: readonly Mark[] = ["registryMade", "frontMade", "frontLoaded", "floatingLoaded"];
  return marks.filter((mark) => MARKS[mark] === name);
}

/** `systemctl show` prints the properties of a unit as lines `Key=value`; a unit begins wherever a key comes again. */
function units(lines: readonly string[]): HostFacts["units"] {
  const found: Record<string, string>[] = [];
  for (const line of lines) {
    const at = line.indexOf("=");
    const key = line.slice(0, at);
    if (found.length === 0 || key in (found.at(-1) ?? {})) found.push({});
    Object.assign(found.at(-1) ?? {}, { [key]: line.slice(at + 1) });
  }
  const unit = (id: string): UnitFact => {
    const properties = found.find((candidate) => candidate.Id === id) ?? {};
    return {
      active: ["active", "reloading", "activating"].includes(properties.ActiveState ?? ""),
      enabled: (properties.UnitFileState ?? "").startsWith("enabled"),
      outdated: properties.NeedDaemonReload === "yes",
    };
  };
  return { service: unit(SERVICE_UNIT), floating: unit(FLOATING_UNIT) };
}

/** A property that is there only when its value is. */
function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

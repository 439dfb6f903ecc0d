import { HARBOR_PREPARED } from "../release/harbor-layout.js";
import type { Unit } from "../release/release.js";
import type { FileChange } from "./file-changes.js";
import type { HostFacts } from "./host-facts.js";
import { CONFIG_LABEL, FOLDER_LABEL, type Mark, PLACES } from "./places.js";
import type { Wanted, WantedHarbor } from "./wanted.js";

/** What is done on a host, in the order in which it is done. */
export const ACTIONS = [
  "install-runtime",
  "load-image",
  "stage-release",
  "install-files",
  "apply-kernel-settings",
  "prepare-harbor",
  "migrate-database",
  "start-registry",
  "restart-registry",
  "start-front",
  "recreate-front",
  "reload-front",
  "enable-service",
  "end-drain",
  "start-floating-address",
  "restart-floating-address",
  "stop-floating-address",
  "remove-files",
  "record-release",
] as const;
export type ActionKind = (typeof ACTIONS)[number];

/** One thing that will be done on a host. */
export interface Action {
  readonly kind: ActionKind;
  /** In words, with its object: "restart the registry". */
  readonly says: string;
}

/** A set of releases, one a node: the name of the release by that of its node. */
export type ReleaseSet = Readonly<Record<string, string>>;

/** The oldest compose plugin whose `up` knows all that our compose files say: `!override` is the newest of it. */
export const OLDEST_COMPOSE = [2, 24] as const;

/** What must be done on a host, found out from the host alone, so that work which was killed anywhere is taken up. */
export function actionsFor(wanted: Wanted, facts: HostFacts, files: readonly FileChange[], set: ReleaseSet): Action[] {
  const installed = files.filter((file) => file.change !== "remove");
  const removed = files.filter((file) => file.change === "remove");
  return [
    ...runtime(wanted, facts),
    ...missingImages(wanted, facts).map((reference) =>
      action("load-image", `load the image ${shortImage(wanted, reference)}`),
    ),
    ...when(!facts.releases.kept.includes(wanted.name), "stage-release", `stage release ${wanted.name}`),
    ...when(
      installed.length > 0 || facts.releases.current !== wanted.name,
      "install-files",
      installed.length > 0
        ? `install ${count(installed.length, "file")}`
        : `make release ${wanted.name} the current one`,
    ),
    ...kernel(wanted, facts),
    ...(wanted.harbor === undefined ? registry(wanted, facts, files) : harbor(wanted, wanted.harbor, facts, files)),
    ...front(wanted, facts, files),
    ...service(facts, files),
    ...endOfDrain(facts),
    ...floating(wanted, facts, files),
    ...when(removed.length > 0, "remove-files", `remove ${count(removed.length, "file")}`),
    ...when(!sameSet(facts.releases.complete, set), "record-release", "record that all nodes run this release"),
  ];
}

/** Marks of the parts that will act: taken away before the first file changes, so that an interrupted part acts again. */
export function outdatedMarks(actions: readonly Action[]): Mark[] {
  const acting = (...kinds: ActionKind[]) => actions.some(({ kind }) => kinds.includes(kind));
  return [
    ...(acting("start-registry", "restart-registry") ? ["registryMade" as const] : []),
    ...(acting("start-front", "recreate-front") ? ["frontMade" as const] : []),
    ...(acting("start-front", "recreate-front", "reload-front") ? ["frontLoaded" as const] : []),
    ...(acting("start-floating-address", "restart-floating-address") ? ["floatingLoaded" as const] : []),
  ];
}

/** Programs that the host lacks. */
export function missingTools(wanted: Wanted, { tools }: HostFacts): string[] {
  return [
    ...(tools.docker === "running" ? [] : ["Docker's engine"]),
    ...(composeIsOld(tools.compose) ? ["Docker's compose plugin"] : []),
    ...(wanted.floating && !tools.keepalived ? ["keepalived"] : []),
    ...(tools.curl ? [] : ["curl"]),
  ];
}

/** References of images that the host lacks. */
export function missingImages(wanted: Wanted, facts: HostFacts): string[] {
  const references = new Set(wanted.images.map((image) => image.reference));
  return [...references].filter((reference) => !facts.images.has(reference.slice(reference.indexOf("@") + 1)));
}

function runtime(wanted: Wanted, facts: HostFacts): Action[] {
  const missing = missingTools(wanted, facts);
  return when(missing.length > 0, "install-runtime", `install ${missing.join(", ")}`);
}

export function composeIsOld(version: string | undefined): boolean {
  if (version === undefined) return true;
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_COMPOSE;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/** Settings that may be better than they are asked for. */
const SUFFICES: Readonly<Record<string, (real: number, wanted: number) => boolean>> = {
  "net.ipv4.ip_unprivileged_port_start": (real, wanted) => real <= wanted,
  "net.core.somaxconn": (real, wanted) => real >= wanted,
};

/** Asked of the kernel, not of the file: inside a container nothing can be set, and what is there may suffice. */
function kernel(wanted: Wanted, facts: HostFacts): Action[] {
  const lacking = Object.entries(wanted.kernel).some(([key, value]) => {
    const real = facts.kernel[key];
    return real === undefined || !(SUFFICES[key]?.(Number(real), Number(value)) ?? real === value);
  });
  return when(lacking, "apply-kernel-settings", "apply kernel settings");
}

/** The compose file belongs to the service, but it is each container's own step that carries it out. */
function service({ units }: HostFacts, files: readonly FileChange[]): Action[] {
  const { service: unit, floating: floatingUnit } = units;
  const touched = files.some((file) => file.unit === "service" && (file.path !== PLACES.compose || file.drifted));
  if (!unit.enabled || !unit.active) return [action("enable-service", "have systemd start it at boot")];
  const outdated = unit.outdated || floatingUnit.outdated;
  return when(outdated || touched, "enable-service", "have systemd read its unit again");
}

function registry(wanted: Wanted, facts: HostFacts, files: readonly FileChange[]): Action[] {
  const container = facts.containers.registry;
  if (container === undefined) return [action("start-registry", "start the registry")];
  const current =
    container.state === "running" &&
    container.labels[CONFIG_LABEL] === wanted.units.registry &&
    isMarked(wanted, facts, "registryMade") &&
    !touches(files, "registry");
  return when(!current, "restart-registry", "restart the registry");
}

/**
 * All of Harbor's containers of a node act together: another release is another folder for each of them. Who brings a
 * new core brings the data base to it; the first node that does, for all.
 */
function harbor(wanted: Wanted, asked: WantedHarbor, facts: HostFacts, files: readonly FileChange[]): Action[] {
  const folder = `${HARBOR_PREPARED}/${asked.prepared}`;
  const found = asked.containers.map(({ name, image }) => ({ image, fact: facts.harbor?.get(name) }));
  const isCurrent =
    found.every(
      ({ fact, image }) => fact?.state === "running" && fact.image === image && fact.labels[FOLDER_LABEL] === folder,
    ) &&
    isMarked(wanted, facts, "registryMade") &&
    !touches(files, "registry");
  if (isCurrent) return [];
  const core = asked.containers.find(({ name }) => name === "harbor-core");
  const isNewCore = facts.harbor?.get("harbor-core")?.image !== core?.image;
  const isRunning = found.some(({ fact }) => fact !== undefined);
  return [
    action("prepare-harbor", "prepare Harbor's configuration"),
    ...when(
      isNewCore,
      "migrate-database",
      `bring the data base to Harbor ${asked.version}, if no other node has; a dump goes before`,
    ),
    isRunning ? action("restart-registry", "restart Harbor") : action("start-registry", "start Harbor"),
  ];
}

function front(wanted: Wanted, facts: HostFacts, files: readonly FileChange[]): Action[] {
  const container = facts.containers.front;
  if (container === undefined) return [action("start-front", "start the front")];
  if (container.state !== "running" || !isMarked(wanted, facts, "frontMade")) {
    return [action("recreate-front", "recreate the front")];
  }
  const loaded = isMarked(wanted, facts, "frontLoaded") && !touches(files, "front");
  return when(!loaded, "reload-front", "reload the front");
}

/** A drain that an interrupted `up` has left; one that an operator asked for stays. */
function endOfDrain({ drained }: HostFacts): Action[] {
  return when(drained.by === "up", "end-drain", "let clients come back");
}

function floating(wanted: Wanted, facts: HostFacts, files: readonly FileChange[]): Action[] {
  const unit = facts.units.floating;
  if (!wanted.floating) return when(unit.active, "stop-floating-address", "leave the floating address");
  if (!unit.active || !unit.enabled) return [action("start-floating-address", "take part in the floating address")];
  const loaded = isMarked(wanted, facts, "floatingLoaded") && !touches(files, "floating-address");
  return when(!loaded, "restart-floating-address", "restart the floating address");
}

function isMarked(wanted: Wanted, facts: HostFacts, mark: Mark): boolean {
  return facts.marks[mark] === wanted.marks[mark];
}

function touches(files: readonly FileChange[], unit: Unit): boolean {
  return files.some((file) => file.unit === unit);
}

function sameSet(one: ReleaseSet | undefined, other: ReleaseSet): boolean {
  const nodes = Object.keys(other);
  return (
    one !== undefined && Object.keys(one).length === nodes.length && nodes.every((node) => one[node] === other[node])
  );
}

function shortImage(wanted: Wanted, reference: string): string {
  const image = wanted.images.find((candidate) => candidate.reference === reference);
  return image === undefined ? reference : `${image.name} ${image.version}`;
}

function action(kind: ActionKind, says: string): Action {
  return { kind, says };
}

function when(condition: boolean, kind: ActionKind, says: string): Action[] {
  return condition ? [action(kind, says)] : [];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

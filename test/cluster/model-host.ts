import { type Action, outdatedMarks } from "../../cluster/actions.js";
import type { FileChange } from "../../cluster/file-changes.js";
import type { FileState } from "../../cluster/file-state.js";
import type { ContainerFact, HostFacts } from "../../cluster/host-facts.js";
import { CONFIG_LABEL, FOLDER_LABEL, type Mark, PROJECT_LABEL } from "../../cluster/places.js";
import type { HostPlan } from "../../cluster/plan.js";
import type { Wanted, WantedHarbor } from "../../cluster/wanted.js";
import { HARBOR_PREPARED, HARBOR_PROJECT } from "../../release/harbor-layout.js";

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A host in memory that is changed as the steps of cluster/ change a real one, so that their order and their
 * interruption can be tried a thousand times. Besides what facts tell it knows which files its programs have really
 * read: that is what marks and labels only stand for.
 */
export class ModelHost {
  readonly facts: Draft<HostFacts>;
  /** Digests of the files that each program has read, by path. */
  readonly loaded: Partial<Record<"registry" | "front" | "floating-address", string>> = {};
  /** The release that was switched to last: its files are those that the programs' configurations name. */
  private installed?: Wanted;

  constructor(node: string) {
    this.facts = {
      site: "here",
      node,
      system: { id: "debian", version: "12", name: "Debian", architecture: "x86_64" },
      boot: "1",
      clockAhead: 0,
      memory: 2 ** 31,
      free: { opt: 2 ** 40, docker: 2 ** 40, log: 2 ** 40 },
      tools: { docker: "absent", keepalived: false, curl: false },
      releases: { kept: [] },
      files: new Map(),
      released: new Map(),
      texts: new Map(),
      containers: {},
      images: new Set(),
      marks: {},
      units: {
        service: { active: false, enabled: false, outdated: false },
        floating: { active: false, enabled: false, outdated: false },
      },
      kernel: {},
      drained: { registry: false },
    };
  }

  /** Does the first `count` moves of a plan; the rest never happens. @default - all */
  carryOut(plan: HostPlan, wanted: Wanted, count = Number.POSITIVE_INFINITY): void {
    for (const move of this.moves(plan, wanted).slice(0, count)) move();
  }

  /** Everything in memory is lost; the containers come back by themselves and read what lies on the disk. */
  reboot(): void {
    const wanted = this.installed;
    if (wanted === undefined) return;
    if ((this.facts.harbor ?? this.facts.containers.registry) !== undefined) this.read("registry", wanted);
    if (this.facts.containers.front !== undefined) this.read("front", wanted);
    if (this.facts.units.floating.enabled) this.read("floating-address", wanted);
    this.facts.drained = { registry: false };
  }

  /** What a program reads when it starts or is told to. */
  private read(unit: "registry" | "front" | "floating-address", wanted: Wanted): void {
    this.loaded[unit] = digestsOf(unit, wanted, this.facts.files);
  }

  private moves(plan: HostPlan, wanted: Wanted): (() => void)[] {
    return plan.actions.flatMap((action) => this.movesOf(action, plan, wanted));
  }

  private movesOf({ kind }: Action, plan: HostPlan, wanted: Wanted): (() => void)[] {
    const { facts } = this;
    const marked = (mark: Mark) => () => this.mark(mark, wanted.marks[mark]);
    const container = { id: "1", state: "running", restarts: 0, started: "", image: "" };
    switch (kind) {
      case "install-runtime":
        return [
          () => Object.assign(facts, { tools: { docker: "running", compose: "2.40.0", keepalived: true, curl: true } }),
        ];
      case "load-image":
        return [
          () => Object.assign(facts, { images: new Set(wanted.images.map(({ reference }) => digestOf(reference))) }),
        ];
      case "stage-release":
        return [
          () => Object.assign(facts, { releases: { ...facts.releases, kept: [...facts.releases.kept, wanted.name] } }),
        ];
      case "install-files":
        return this.installation(plan, wanted);
      case "apply-kernel-settings":
        return [() => Object.assign(facts, { kernel: wanted.kernel })];
      case "prepare-harbor":
      case "migrate-database":
        return [];
      case "start-registry":
      case "restart-registry":
        return [
          () => {
            if (wanted.harbor === undefined) {
              const labels = { [CONFIG_LABEL]: wanted.units.registry };
              facts.containers = { ...facts.containers, registry: { ...container, labels } };
            } else facts.harbor = harborContainers(wanted.harbor);
            this.read("registry", wanted);
          },
          marked("registryMade"),
        ];
      case "start-front":
      case "recreate-front":
        return [
          () => {
            facts.containers = { ...facts.containers, front: { ...container, labels: {} } };
            this.read("front", wanted);
          },
          marked("frontMade"),
          marked("frontLoaded"),
        ];
      case "reload-front":
        return [() => this.read("front", wanted), marked("frontLoaded")];
      case "enable-service":
        return [() => this.unit("service", true)];
      case "end-drain":
        return [() => Object.assign(facts, { drained: { registry: false } })];
      case "start-floating-address":
      case "restart-floating-address":
        return [
          () => {
            this.unit("floating", true);
            this.read("floating-address", wanted);
          },
          marked("floatingLoaded"),
        ];
      case "stop-floating-address":
        return [() => this.unit("floating", false)];
      case "remove-files":
        return plan.files.filter(({ change }) => change === "remove").map((file) => () => this.put(file));
      case "record-release":
        return [
          () => Object.assign(facts, { releases: { ...facts.releases, complete: { [wanted.node]: wanted.name } } }),
        ];
    }
  }

  /** As `switchRelease` does it: marks, then each file, then the link. */
  private installation(plan: HostPlan, wanted: Wanted): (() => void)[] {
    const { facts } = this;
    return [
      () => {
        for (const mark of outdatedMarks(plan.actions)) this.mark(mark, undefined);
      },
      ...plan.files.filter(({ change }) => change !== "remove").map((file) => () => this.put(file)),
      () => {
        const { current } = facts.releases;
        const previous = current === undefined || current === wanted.name ? {} : { previous: current };
        facts.releases = { ...facts.releases, ...previous, current: wanted.name };
        this.installed = wanted;
        facts.released = new Map(wanted.files.map(({ path, state }) => [path, state]));
      },
    ];
  }

  private put({ path, after }: FileChange): void {
    const files = new Map(this.facts.files);
    if (after === undefined) files.delete(path);
    else files.set(path, after);
    this.facts.files = files;
  }

  private mark(mark: Mark, value: string | undefined): void {
    const { [mark]: _, ...rest } = this.facts.marks;
    this.facts.marks = value === undefined ? rest : { ...rest, [mark]: value };
  }

  private unit(name: "service" | "floating", on: boolean): void {
    this.facts.units = { ...this.facts.units, [name]: { active: on, enabled: on, outdated: false } };
  }
}

function harborContainers({ containers, prepared }: WantedHarbor): Map<string, ContainerFact> {
  const labels = { [PROJECT_LABEL]: HARBOR_PROJECT, [FOLDER_LABEL]: `${HARBOR_PREPARED}/${prepared}` };
  const running = { id: "1", state: "running", restarts: 0, started: "", labels };
  return new Map(containers.map(({ name, image }) => [name, { ...running, image }]));
}

/** The digests of the files of one unit, as they lie on a host; all that its program can know of them. */
export function digestsOf(unit: string, wanted: Wanted, files: ReadonlyMap<string, FileState>): string {
  return wanted.files
    .filter((file) => file.unit === unit)
    .map(({ path }) => `${path} ${files.get(path)?.sha256 ?? "absent"}`)
    .join("\n");
}

/** As a host knows an image: by its id, or by the digest that it was pulled by. */
function digestOf(reference: string): string {
  return reference.slice(reference.indexOf("@") + 1);
}

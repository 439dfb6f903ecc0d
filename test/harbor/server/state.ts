import { DEFAULTS } from "./defaults.js";
import type { Json } from "./reply.js";
import { Table } from "./table.js";

/** The administrator's first password. */
export const PASSWORD = "Harbor-12345";

/** Everything that this Harbor keeps. */
export class State {
  readonly projects = new Table(11);
  readonly quotas = new Table(101);
  readonly members = new Table(201);
  readonly labels = new Table(301);
  readonly robots = new Table(401);
  readonly registries = new Table(501);
  readonly replications = new Table(601);
  readonly retentions = new Table(701);
  readonly immutabilities = new Table(801);
  readonly webhooks = new Table(901);
  readonly preheatInstances = new Table(1001);
  readonly preheatPolicies = new Table(1101);
  readonly groups = new Table(1201);
  readonly configuration: Json = { ...DEFAULTS };
  /** Secrets that the API never shows. */
  readonly hidden: Json = {};
  readonly schedules = new Map<string, Json>();
  /** Uploads under way, and blobs that were uploaded: `library/app@sha256:…`. */
  readonly uploads = new Map<string, string>();
  readonly blobs = new Set<string>();
  readonly users = new Set(["admin", "alice", "bob"]);
  /** What does not block a pull from any project. */
  allowList: Json = { items: [] };
  adminPassword = PASSWORD;
  /** Collections that were begun by hand, how they end and with what. */
  readonly collections: { readonly parameters: Json; questions: number }[] = [];
  collectionStatus = "Success";
  collectionResult: Json = { freed_space: 5_368_709_120, purged_blobs: 12, purged_manifests: 3 };
  /** Whether Harbor goes on saying that a collection runs, after its job has ended. */
  collectionLags = false;
  /** Whether there is a scanner. */
  scanner = true;
  /** Whether other registries answer, when Harbor asks them. */
  reachable = true;

  constructor() {
    const id = this.projects.add({ name: "library", metadata: { public: "true" }, repositories: 0, items: [] });
    this.quotas.add({ project: id, storage: -1 });
    this.members.add({ project: id, name: "admin", type: "u", role: 1, entity: 1 });
  }

  /** All of it as a text that is the same for the same settings: without numbers that Harbor gives. */
  picture(): string {
    const names = new Map(
      [...this.projects.rows.values(), ...this.registries.rows.values(), ...this.preheatInstances.rows.values()].map(
        ({ id, name }) => [id, name],
      ),
    );
    const plain = (table: Table) =>
      [...table.rows.values()]
        .map((row) => JSON.stringify(row, (key, value: unknown) => withoutNumbers(key, value, names)))
        .sort();
    const tables = Object.entries(this).filter((entry): entry is [string, Table] => entry[1] instanceof Table);
    return JSON.stringify(
      [
        ...tables.map(([name, table]) => [name, plain(table)]),
        this.configuration,
        this.hidden,
        this.allowList,
        [...this.schedules].sort(),
      ],
      null,
      1,
    );
  }
}

function withoutNumbers(key: string, value: unknown, names: ReadonlyMap<unknown, unknown>): unknown {
  if (key === "id" || key === "retention_id") return undefined;
  if (["project", "registry", "src", "dest", "provider"].includes(key)) return names.get(value) ?? value;
  return value;
}

import { afterEach, beforeEach, expect, test } from "vitest";
import type { Plan } from "../../cluster/plan.js";
import {
  type DatabaseHosts,
  isRotatingDatabasePassword,
  rotateDatabasePassword,
} from "../../operations/rotate-database-password.js";
import { setSecret } from "../../operations/secret.js";
import type { UpOptions } from "../../operations/up.js";
import type { Workspace } from "../../operations/workspace.js";
import { ROTATING_USER } from "../../release/data-context.js";
import { comingDatabasePassword } from "../../secrets/database-rotation.js";
import { secretName } from "../../secrets/names.js";
import { Problem } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";
import { silentProgress } from "../../supply/progress.js";
import { cloudFile, type Desk, deskWith } from "./cloud-workspace.js";
import { harborFile } from "./harbor-desk.js";
import { Killed } from "./memory-infrastructure.js";

const EMPTY: Plan = { environment: "prod", hosts: [], unreachable: [] };
const OLD = "the-old-one";
const name = secretName.harbor.databasePassword;

/** Three nodes and the roles of their data base, brought by `up` one after the other to what the store says. */
class Hosts implements DatabaseHosts {
  readonly roles = new Map([["harbor", OLD]]);
  readonly nodes = Array.from({ length: 3 }, () => ({ user: "harbor", password: OLD }));
  /** So many changes happen before the kill. */
  #left = Number.POSITIVE_INFINITY;
  #happens = false;
  changes = 0;

  /** @param happens - whether that change still happens, and only what comes after it does not */
  killAt(change: number, happens: boolean): void {
    this.#left = change;
    this.#happens = happens;
  }

  readonly bring: DatabaseHosts["bring"] = async (_, { agree }) => {
    await agree(EMPTY);
    const store = await desk.store();
    const password = store.get(name)?.reveal() ?? "";
    const coming = comingDatabasePassword(store).comingDatabasePassword?.reveal();
    this.#change(() => this.roles.set("harbor", password));
    if (coming !== undefined) this.#change(() => this.roles.set(ROTATING_USER, coming));
    const login = coming === undefined ? { user: "harbor", password } : { user: ROTATING_USER, password: coming };
    for (const index of this.nodes.keys()) this.#change(() => this.nodes.splice(index, 1, login));
  };

  readonly forget = async () => this.#change(() => this.roles.delete(ROTATING_USER));

  #change(change: () => void): void {
    this.changes += 1;
    this.#left -= 1;
    const isKilled = this.#left < 0;
    if (!isKilled || this.#happens) change();
    // Whoever pulls now: the node opens a connection to the data base.
    for (const { user, password } of this.nodes) expect(this.roles.get(user)).toBe(password);
    if (!isKilled) return;
    this.#left = Number.POSITIVE_INFINITY;
    throw new Killed();
  }
}

let desk: Desk;
let workspace: Workspace;
let hosts: Hosts;
const before = process.env.HARBORWRIGHT_IDENTITY;
beforeEach(async () => {
  desk = await deskWith(harborFile());
  process.env.HARBORWRIGHT_IDENTITY = `${desk.folder}/identity.txt`;
  const store = await desk.store();
  store.set(name, new Secret(OLD));
  await store.save();
  workspace = await desk.open();
  hosts = new Hosts();
});
afterEach(() => {
  if (before === undefined) delete process.env.HARBORWRIGHT_IDENTITY;
  else process.env.HARBORWRIGHT_IDENTITY = before;
});

const options = (agree: UpOptions["agree"] = async () => {}): UpOptions => ({
  command: "test",
  without: [],
  dryRun: false,
  agree,
  progress: silentProgress,
  onProgress: () => {},
});
const rotate = (agree?: UpOptions["agree"]) => rotateDatabasePassword(workspace, options(agree), hosts);
const stored = async () => (await desk.store()).get(name)?.reveal();
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "none",
    (error: unknown) => (error instanceof Problem ? error.details.code : String(error)),
  );

/** Everybody has the same new password, and nothing is left of the second login. */
async function assertEnded(): Promise<void> {
  const password = await stored();
  expect(password).not.toBe(OLD);
  expect([...hosts.roles]).toEqual([["harbor", password]]);
  expect(hosts.nodes).toEqual(Array.from({ length: 3 }, () => ({ user: "harbor", password })));
  expect(await isRotatingDatabasePassword(workspace)).toBe(false);
}

test("Harbor's role gets another password while each node always has a login that works", async () => {
  await rotate();
  await assertEnded();
  const first = await stored();
  await rotate();
  await assertEnded();
  expect(await stored()).not.toBe(first);
});

const CHANGES = Array.from({ length: 10 }, (_, index) => index);
test.each(CHANGES)("killed around change %i it ends the same, with or without an up in between", async (change) => {
  for (const happened of [false, true]) {
    hosts.killAt(change, happened);
    await expect(rotate()).rejects.toThrow(Killed);
    expect(await isRotatingDatabasePassword(workspace)).toBe(true);
    if (happened) await hosts.bring(workspace, options());
    await rotate();
    await assertEnded();
  }
});

test("the kills above are all that there are", async () => {
  await rotate();
  expect(hosts.changes).toBe(CHANGES.length);
});

test("the plan is agreed to once, for the way there and the way back", async () => {
  let asked = 0;
  await rotate(async () => {
    asked += 1;
  });
  expect(asked).toBe(1);
});

test("whoever does not agree to the plan has begun nothing, and ends nothing that was begun", async () => {
  const decline = () => Promise.reject(new Killed());
  await expect(rotate(decline)).rejects.toThrow(Killed);
  expect([await isRotatingDatabasePassword(workspace), await stored()]).toEqual([false, OLD]);
  hosts.killAt(3, false);
  await expect(rotate()).rejects.toThrow(Killed);
  await expect(rotate(decline)).rejects.toThrow(Killed);
  expect(await isRotatingDatabasePassword(workspace)).toBe(true);
});

test.each([
  ["another engine", cloudFile("aws"), "rotate/no-harbor"],
  [
    "a data base that was there before",
    harborFile().replace(
      "harbor:\n",
      "harbor:\n  database: { kind: given, host: db.example.com }\n  redis: { kind: given, addresses: ['10.20.0.30:6379'] }\n",
    ),
    "rotate/database-elsewhere",
  ],
  ["a data base that is not made yet", harborFile(), "rotate/database-not-made"],
])("with %s nothing is changed, and the reason is told", async (_, text, code) => {
  const elsewhere = await (await deskWith(text)).open();
  expect(await codeOf(rotateDatabasePassword(elsewhere, options(), hosts))).toBe(code);
  expect(hosts.changes).toBe(0);
});

test("a password of one's own is not set over the one in use: nodes would be without a login until they are rolled", async () => {
  expect(await codeOf(setSecret(workspace, name, new Secret("a-password-of-ones-own")))).toBe("secret/rotate-instead");
  expect(await stored()).toBe(OLD);
});

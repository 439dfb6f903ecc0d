import { expect, test } from "vitest";
import { harborAccount } from "../../operations/harbor-account.js";
import { Secret } from "../../spec/secret.js";
import { harborEnvironment } from "../release/harbor-example.js";

const KEPT: Readonly<Record<string, string>> = {
  "harbor/admin-password": "the-admins",
  "harbor/robot/team+ci": "the-robots",
  "harbor/robot/mover": "the-movers",
};
const STORE = {
  get(name: string) {
    const kept = KEPT[name];
    return kept === undefined ? undefined : new Secret(kept);
  },
};
const ROBOTS = harborEnvironment({
  settings: {
    system: { robotPrefix: "bot+" },
    projects: [{ name: "team", robots: [{ name: "ci", rights: { repository: ["pull"] } }] }],
    robots: [
      { name: "mover", projects: [{ name: "team", rights: { repository: ["pull"] } }] },
      { name: "new", projects: [{ name: "team", rights: { repository: ["pull"] } }] },
    ],
  },
});

test("nobody named is Harbor's admin", () => {
  expect(harborAccount(ROBOTS, STORE)).toEqual({ username: "admin", password: new Secret("the-admins") });
});

test.each([
  ["team+ci", "bot+team+ci"],
  ["mover", "bot+mover"],
])("the robot %s logs in as %s", (name, username) => {
  expect(harborAccount(ROBOTS, STORE, name).username).toBe(username);
});

test("an account that the file does not know is refused with those that it does", () => {
  expect(() => harborAccount(ROBOTS, STORE, "team+cd")).toThrow(/"team\+cd"/);
  expect(() => harborAccount(ROBOTS, STORE, "team+cd")).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({ instead: expect.stringContaining("admin, mover, new, team+ci") }),
    }),
  );
});

test("a robot that was not made yet has no password", () => {
  expect(() => harborAccount(ROBOTS, STORE, "new")).toThrow(/not made yet/);
});

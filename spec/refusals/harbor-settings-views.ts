import type { Environment } from "../environment.js";
import type { HarborSettings } from "../harbor/settings/settings.js";
import type { View } from "../refusal.js";
import { harbors, type WithHarbor } from "./harbor-views.js";

type Project = HarborSettings["projects"][number];

/** What is set inside of Harbor. */
export interface WithSettings extends WithHarbor {
  readonly settings: HarborSettings;
}

/** An entry of a list, with those before it. */
export interface Entry<One> extends View {
  readonly one: One;
  readonly before: readonly One[];
}

/** The settings, if the engine is Harbor. */
export function harborSettings(environment: Environment): WithSettings[] {
  return harbors(environment).map((seen) => ({ ...seen, settings: seen.harbor.settings }));
}

/** Each entry of a list of the settings. */
export function everyIn<One>(listOf: (settings: HarborSettings) => readonly One[]) {
  return (environment: Environment): (Omit<WithSettings, "at"> & Entry<One>)[] =>
    harborSettings(environment).flatMap((seen) =>
      entries(listOf(seen.settings)).map((entry) => ({ ...seen, ...entry })),
    );
}

/** Each entry of a list of each project. */
export function everyInProjects<One>(listOf: (project: Project) => readonly One[]) {
  return (environment: Environment): (Omit<WithSettings, "at"> & Entry<One> & { readonly project: Project })[] =>
    everyIn(({ projects }) => projects)(environment).flatMap(({ one: project, before: _, at, ...seen }) =>
      entries(listOf(project)).map((entry) => ({ ...seen, ...entry, project, at: [...at, ...entry.at] })),
    );
}

function entries<One>(list: readonly One[]): Entry<One>[] {
  return list.map((one, index) => ({ one, before: list.slice(0, index), at: [index] }));
}

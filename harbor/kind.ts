import type { HarborSettings } from "../spec/harbor/settings/settings.js";
import type { HarborClient } from "./client.js";
import type { HarborError } from "./harbor-error.js";
import type { HarborSecrets } from "./secrets.js";
import type { Shape } from "./shape.js";

/** What is wanted, before anybody is asked. */
export interface HarborWish {
  readonly secrets: HarborSecrets;
  readonly settings: HarborSettings;
}

/** What every kind of thing needs to be read and changed. */
export interface Harbor extends HarborWish {
  readonly client: HarborClient;
}

/** A thing as settings want it. */
export interface Wanted {
  /** What it is found by, within its kind and project. */
  readonly name: string;
  /** Where settings say so: `harbor.settings.projects[0].robots[1]`. */
  readonly field: string;
  /** What it shall be like, in the words of the settings. */
  readonly shape: Shape;
  /** What cannot be changed once it is made. @default - everything can */
  readonly fixed?: readonly string[];
}

/** A thing as Harbor has it. */
export interface Found {
  readonly name: string;
  /** What Harbor's API calls it by. */
  readonly id: string;
  readonly shape: Shape;
  /** Why it is not deleted though settings do not name it. @default - it may be deleted */
  readonly stays?: string | undefined;
}

/** A project that things are looked for in. */
export interface ProjectOf {
  readonly name: string;
  readonly id: number;
}

/** A kind of thing of which there is one set in all of Harbor, or one in each project. */
interface Common<Place> {
  /** In the singular: "robot". */
  readonly title: string;
  /** Whether `prune` concerns it; single settings stay as they are. */
  readonly prunable: boolean;
  /** All there are. */
  read(harbor: Harbor, place: Place): Promise<readonly Found[]>;
  create(harbor: Harbor, wanted: Wanted, place: Place): Promise<void>;
  /** @param changed - names of what differs */
  update(harbor: Harbor, wanted: Wanted, found: Found, place: Place, changed: ReadonlySet<string>): Promise<void>;
  remove(harbor: Harbor, found: Found, place: Place): Promise<void>;
  /** Whether Harbor's refusal to make it means that it is there. @default 409 */
  exists?(error: HarborError): boolean;
}

/** Of the whole of Harbor. */
export interface Kind extends Common<undefined> {
  want(wish: HarborWish): readonly Wanted[];
}

/** Of one project. */
export interface ProjectKind extends Common<ProjectOf> {
  want(wish: HarborWish, project: HarborSettings["projects"][number], field: string): readonly Wanted[];
}

/** The part of a field before what belongs to Harbor's settings. */
export const SETTINGS = "harbor.settings";

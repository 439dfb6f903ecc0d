import * as z from "zod";
import type { Rights } from "../../spec/harbor/settings/rights.js";
import type { ProjectRobot, SystemRobot } from "../../spec/harbor/settings/robot.js";
import { robotSecretName } from "../../spec/harbor/settings/secret-names.js";
import type { Secret } from "../../spec/secret.js";
import type { Found, Harbor, Kind, ProjectKind, ProjectOf, Wanted } from "../kind.js";
import { SETTINGS } from "../kind.js";
import { makeRobotSecret } from "../secrets.js";
import type { Shape } from "../shape.js";

const PATH = "/robots";

const permission = z.object({
  kind: z.string(),
  namespace: z.string(),
  access: z.array(z.object({ resource: z.string(), action: z.string() })).nullish(),
});
const robot = z.object({
  id: z.number(),
  name: z.string(),
  description: z.string().default(""),
  disable: z.boolean().default(false),
  duration: z.number().default(0),
  expires_at: z.number().default(-1),
  editable: z.boolean().default(true),
  permissions: z.array(permission).nullish(),
});

/** Accounts of programs that reach several projects, or Harbor itself. */
export const systemRobotKind: Kind = {
  title: "robot",
  prunable: true,
  want: ({ settings }) =>
    settings.robots.map((one, index) => wanted(one, `${SETTINGS}.robots[${index}]`, systemRights(one))),
  read: (harbor) => readRobots(harbor, undefined),
  create: (harbor, one) => createRobot(harbor, one, undefined),
  update: (harbor, one, found, _place, changed) => updateRobot(harbor, one, found, undefined, changed),
  remove: removeRobot,
};

/** Accounts of programs that reach one project. */
export const projectRobotKind: ProjectKind = {
  title: "robot",
  prunable: true,
  want: (_harbor, project, field) =>
    project.robots.map((one, index) =>
      wanted(one, `${field}.robots[${index}]`, projectRights(project.name, one.rights)),
    ),
  read: readRobots,
  create: createRobot,
  update: updateRobot,
  remove: removeRobot,
};

function wanted(
  { name, description, expires, enabled }: ProjectRobot | SystemRobot,
  field: string,
  rights: readonly string[],
): Wanted {
  return {
    name,
    field,
    shape: {
      description: description ?? "",
      duration: expires === "never" ? -1 : Number.parseInt(expires, 10),
      disabled: !enabled,
      rights: [...rights].sort(),
      // Of one that may not log in, nobody can tell whether its secret is right.
      login: enabled ? "works" : undefined,
    },
  };
}

function systemRights({ system, projects }: SystemRobot): readonly string[] {
  return [...words("system", "/", system), ...projects.flatMap(({ name, rights }) => projectRights(name, rights))];
}

function projectRights(project: string, rights: Rights): readonly string[] {
  return words("project", project, rights);
}

/** Each right as a line of words, so that two robots' can be compared: `project team repository pull`. */
function words(kind: string, namespace: string, rights: Rights): readonly string[] {
  return Object.entries(rights).flatMap(([resource, actions]) =>
    (actions ?? []).map((action) => `${kind} ${namespace} ${resource} ${action}`),
  );
}

/** Rights as Harbor's API takes them. */
function permissions({ rights }: Shape) {
  const byPlace = new Map<
    string,
    { kind: string; namespace: string; access: { resource: string; action: string }[] }
  >();
  for (const right of Array.isArray(rights) ? rights : []) {
    const [kind = "", namespace = "", resource = "", action = ""] = `${right}`.split(" ");
    const place = byPlace.get(`${kind} ${namespace}`) ?? { kind, namespace, access: [] };
    place.access.push({ resource, action });
    byPlace.set(`${kind} ${namespace}`, place);
  }
  return [...byPlace.values()];
}

async function readRobots(harbor: Harbor, place: ProjectOf | undefined): Promise<readonly Found[]> {
  const { client } = harbor;
  const query = place === undefined ? "Level=system" : `Level=project,ProjectID=${place.id}`;
  const [prefix, found] = await Promise.all([robotPrefix(harbor), client.list(PATH, z.array(robot), { q: query })]);
  return Promise.all(
    found.map(async (one) => {
      const name = plainName(one.name, prefix, place);
      return {
        name,
        id: `${one.id}`,
        shape: {
          description: one.description,
          duration: one.duration,
          disabled: one.disable,
          rights: (one.permissions ?? [])
            .flatMap(({ kind, namespace, access }) =>
              (access ?? []).map(({ resource, action }) => `${kind} ${namespace} ${resource} ${action}`),
            )
            .sort(),
          login: (await mayLogIn(harbor, one, robotSecretName(place?.name, name))) ? "works" : "refused",
        },
        stays: one.editable ? undefined : "it is of a kind that Harbor no longer makes",
      };
    }),
  );
}

async function mayLogIn(
  { client, secrets }: Harbor,
  { name, disable, expires_at: expires }: z.output<typeof robot>,
  secretName: string,
): Promise<boolean> {
  // Its time is over, as was wished: another secret would change nothing.
  if (expires > 0 && expires * 1000 < Date.now()) return true;
  const secret = secrets.get(secretName);
  if (secret === undefined || disable) return false;
  return client.accepts(name, secret);
}

/** What every name begins with. */
async function robotPrefix({ client }: Harbor): Promise<string> {
  const found = await client.get("/configurations", z.object({ robot_name_prefix: z.object({ value: z.string() }) }));
  return found?.robot_name_prefix.value ?? "robot$";
}

function plainName(name: string, prefix: string, place: ProjectOf | undefined): string {
  const start = `${prefix}${place === undefined ? "" : `${place.name}+`}`;
  return name.startsWith(start) ? name.slice(start.length) : name;
}

async function createRobot(harbor: Harbor, one: Wanted, place: ProjectOf | undefined): Promise<void> {
  const secret = await ensureSecret(harbor, one, place);
  const { name, shape } = one;
  const id = await harbor.client.post(PATH, { name, ...body(shape, place) });
  await harbor.client.patch(`${PATH}/${id}`, { secret: secret.reveal() });
  // Harbor makes every robot able to log in.
  if (shape.disabled === true) await change(harbor, one, id, place);
}

async function updateRobot(
  harbor: Harbor,
  one: Wanted,
  { id }: Pick<Found, "id">,
  place: ProjectOf | undefined,
  changed: ReadonlySet<string>,
): Promise<void> {
  if ([...changed].some((key) => key !== "login")) await change(harbor, one, id, place);
  if (!changed.has("login")) return;
  const secret = await ensureSecret(harbor, one, place);
  await harbor.client.patch(`${PATH}/${id}`, { secret: secret.reveal() });
}

async function change({ client }: Harbor, { shape }: Wanted, id: string, place: ProjectOf | undefined): Promise<void> {
  // Its name with the prefix of now: another one is refused.
  const now = await client.get(`${PATH}/${id}`, robot);
  await client.put(`${PATH}/${id}`, { name: now?.name, disable: shape.disabled, ...body(shape, place) });
}

function body(shape: Shape, place: ProjectOf | undefined) {
  return {
    level: place === undefined ? "system" : "project",
    description: shape.description,
    duration: shape.duration,
    permissions: permissions(shape),
  };
}

/** The robot's secret, made and kept before Harbor sees it: Harbor ignores one that is sent when a robot is made. */
async function ensureSecret({ secrets }: Harbor, { name }: Wanted, place: ProjectOf | undefined): Promise<Secret> {
  const stored = robotSecretName(place?.name, name);
  const kept = secrets.get(stored);
  if (kept !== undefined) return kept;
  const made = makeRobotSecret();
  await secrets.keep(stored, made);
  return made;
}

/**
 * Sends the secret that the store has to a robot, which from then on has no other.
 * @returns whether there is such a robot
 */
export async function sendRobotSecret(harbor: Harbor, name: string, place: ProjectOf | undefined): Promise<boolean> {
  const found = (await readRobots(harbor, place)).find((one) => one.name === name);
  const secret = harbor.secrets.get(robotSecretName(place?.name, name));
  if (found === undefined || secret === undefined) return false;
  await harbor.client.patch(`${PATH}/${found.id}`, { secret: secret.reveal() });
  return true;
}

async function removeRobot({ client }: Harbor, { id }: Found): Promise<void> {
  await client.delete(`${PATH}/${id}`);
}

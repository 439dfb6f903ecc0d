import { createHash } from "node:crypto";
import { named } from "./projects.js";
import { badRequest, conflict, type Json, json, list, notFound, number, type Route, route, text } from "./reply.js";
import type { State } from "./state.js";
import { created, done, paged } from "./table.js";

/** Accounts of programs. */
export function robotRoutes(state: State): Route[] {
  const shown = (row: Json): Json => ({
    id: row.id,
    name: fullName(state, row),
    level: row.project === 0 ? "system" : "project",
    description: row.description,
    duration: row.duration,
    disable: row.disable,
    expires_at: -1,
    editable: true,
    permissions: row.permissions,
  });
  return [
    route("GET /robots", (asked) => {
      const query = new Map(
        (asked.query.get("q") ?? "Level=system")
          .split(",")
          .map((part): [string, string] => [part.split("=")[0] ?? "", part.split("=")[1] ?? ""]),
      );
      if (query.get("Level") === "project" && !query.has("ProjectID"))
        throw badRequest("must with project ID when to query project robots");
      const project = Number(query.get("ProjectID") ?? 0);
      return paged(asked, state.robots.where((row) => row.project === project).map(shown));
    }),
    route("GET /robots/:", ({ at }) => ({ status: 200, body: shown(state.robots.get(at[0])) })),
    route("POST /robots", (asked) => {
      const { body } = asked;
      if (!/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(text(body.name)))
        throw badRequest("robot name is not in lower case or contains illegal characters");
      const kept = checked(state, body);
      if (state.robots.has((row) => row.name === body.name && row.project === kept.project))
        throw conflict("robot account already exists");
      // A secret that is sent, and `disable`, are dropped without a word.
      const id = state.robots.add({ ...kept, name: body.name, disable: false, secret: madeSecret(text(body.name)) });
      const { secret } = state.robots.get(id);
      return {
        ...created(asked, id),
        body: { id, name: fullName(state, state.robots.get(id)), secret, expires_at: -1 },
      };
    }),
    route("PUT /robots/:", ({ at, body }) => {
      const row = state.robots.get(at[0]);
      if (body.name !== fullName(state, row) || body.level !== shown(row).level)
        throw badRequest("cannot update the level or name of robot");
      state.robots.change(at[0], { ...checked(state, body), disable: body.disable === true });
      return done;
    }),
    route("PATCH /robots/:", ({ at, body }) => {
      const secret = text(body.secret);
      if (!/^(?=.*[A-Z])(?=.*[a-z])(?=.*\d).{8,128}$/.test(secret))
        throw badRequest(
          "the secret must be 8-128, inclusively, characters long with at least 1 uppercase letter, 1 lowercase letter and 1 number",
        );
      state.robots.change(at[0], { secret });
      return { status: 200, body: { secret: "" } };
    }),
    route("DELETE /robots/:", ({ at }) => {
      state.robots.delete(at[0]);
      return done;
    }),
  ];
}

/** Whether a robot may log in. */
export function robotMayLogIn(state: State, name: string, secret: string): boolean {
  return state.robots.has((row) => fullName(state, row) === name && row.secret === secret && row.disable !== true);
}

function fullName(state: State, { name, project }: Json): string {
  const prefix = text(state.configuration.robot_name_prefix);
  return project === 0 ? `${prefix}${name}` : `${prefix}${state.projects.get(number(project)).name}+${name}`;
}

function checked(state: State, { level, duration, description, permissions }: Json): Json {
  if (typeof duration !== "number" || duration === 0) throw badRequest("bad request error duration input");
  if (list(permissions).length === 0) throw badRequest("bad request empty permission");
  for (const permission of list(permissions).map(json)) {
    if (list(permission.access).length === 0) throw badRequest("bad request empty access");
    for (const { resource, action } of list(permission.access).map(json)) {
      if (action === "fly") throw badRequest(`bad request permission: ${resource}:${action}`);
    }
    const namespace = text(permission.namespace);
    if (permission.kind === "project" && namespace !== "*" && !state.projects.has((row) => row.name === namespace))
      throw notFound(`project ${namespace} not found`);
  }
  if (level === "project" && list(permissions).length !== 1) throw badRequest("bad request permission");
  const project = level === "project" ? named(state, text(json(list(permissions)[0]).namespace)).id : 0;
  return { project, duration, description, permissions };
}

function madeSecret(name: string): string {
  return `Aa1${createHash("sha256").update(name).digest("hex")}`;
}

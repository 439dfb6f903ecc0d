import {
  badRequest,
  conflict,
  type Json,
  json,
  list,
  notFound,
  number,
  precondition,
  Refusal,
  type Route,
  route,
  text,
} from "./reply.js";
import type { State } from "./state.js";
import { created, done, paged } from "./table.js";

const METADATA = [
  "public",
  "enable_content_trust",
  "enable_content_trust_cosign",
  "prevent_vul",
  "severity",
  "auto_scan",
  "auto_sbom_generation",
  "reuse_sys_cve_allowlist",
  "proxy_speed_kb",
  "max_upstream_conn",
  "proxy_cache_local_on_not_found",
];
const CACHEABLE = [
  "docker-hub",
  "harbor",
  "docker-registry",
  "aws-ecr",
  "ali-acr",
  "azure-acr",
  "google-gcr",
  "github-ghcr",
  "jfrog-artifactory",
];
const ROLES = ["", "projectAdmin", "developer", "guest", "maintainer", "limitedGuest"];

/** Projects, their limits, members and labels. */
export function projectRoutes(state: State): Route[] {
  return [
    route("GET /projects", (asked) =>
      paged(
        asked,
        [...state.projects.rows.values()].map((row) => shownProject(row, false)),
      ),
    ),
    route("POST /projects", (asked) => {
      const { body } = asked;
      const name = text(body.project_name);
      if (!/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name)) throw badRequest(`invalid project name: ${name}`);
      if (state.projects.has((row) => row.name === name)) throw conflict(`The project named ${name} already exists`);
      const metadata = sentMetadata(body.metadata, body.registry_id !== undefined);
      if (metadata.public !== "true" && metadata.public !== "false")
        throw badRequest("metadata.public should only be 'true' or 'false'");
      const registry = body.registry_id === undefined ? undefined : state.registries.get(number(body.registry_id));
      if (registry !== undefined && !CACHEABLE.includes(text(registry.type)))
        throw badRequest(`unsupported registry type ${registry.type}`);
      const limit = number(body.storage_limit) || number(state.configuration.storage_per_project);
      if (limit < -1) throw badRequest("invalid storage limit");
      // cve_allowlist is dropped here.
      const id = state.projects.add({ name, metadata, registry: registry?.id, repositories: 0, items: [] });
      if (state.configuration.quota_per_project_enable === true) state.quotas.add({ project: id, storage: limit });
      state.members.add({ project: id, name: "admin", type: "u", role: 1, entity: 1 });
      if (registry !== undefined) defaultRetention(state, id);
      return created(asked, id);
    }),
    route("GET /projects/:", ({ at }) => ({ status: 200, body: shownProject(named(state, at[0]), true) })),
    route("PUT /projects/:", ({ at, body }) => {
      const row = named(state, at[0]);
      // storage_limit and what is unknown are dropped without a word.
      const metadata = { ...json(row.metadata), ...sentMetadata(body.metadata, row.registry !== undefined) };
      const allowed = body.cve_allowlist === undefined ? undefined : json(body.cve_allowlist);
      state.projects.change(number(row.id), {
        metadata,
        ...(allowed === undefined ? {} : { items: list(allowed.items), expires: allowed.expires_at }),
      });
      return done;
    }),
    route("DELETE /projects/:", ({ at }) => {
      const row = named(state, at[0]);
      if (number(row.repositories) > 0) throw precondition("the project contains repositories, can not be deleted");
      for (const table of [
        state.members,
        state.labels,
        state.robots,
        state.webhooks,
        state.immutabilities,
        state.preheatPolicies,
        state.retentions,
        state.quotas,
      ]) {
        for (const { id } of table.where(({ project }) => project === row.id)) table.delete(number(id));
      }
      state.projects.delete(number(row.id));
      return done;
    }),
    route("GET /quotas", (asked) => {
      const project = Number(asked.query.get("reference_id"));
      return paged(
        asked,
        state.quotas
          .where((row) => row.project === project)
          .map((row) => ({ id: row.id, ref: { id: project }, hard: { storage: row.storage }, used: { storage: 0 } })),
      );
    }),
    route("PUT /quotas/:", ({ at, body }) => {
      const storage = number(json(body.hard).storage);
      if (storage === 0 || storage < -1) throw badRequest("invalid hard limit");
      state.quotas.change(at[0], { storage });
      return done;
    }),
    route("GET /system/CVEAllowlist", () => ({ status: 200, body: { id: 1, project_id: 0, ...state.allowList } })),
    route("PUT /system/CVEAllowlist", ({ body: { items, expires_at } }) => {
      state.allowList = { items, ...(expires_at === undefined ? {} : { expires_at }) };
      return done;
    }),
    ...memberRoutes(state),
    ...labelRoutes(state),
  ];
}

/** @throws Refusal 404 */
export function named(state: State, name: string | undefined): Json {
  const [row] = state.projects.where((one) => one.name === name);
  if (row === undefined) throw notFound(`project ${name} not found`);
  return row;
}

function sentMetadata(metadata: unknown, cache: boolean): Json {
  const sent = json(metadata);
  for (const [key, value] of Object.entries(sent)) {
    if (typeof value !== "string") throw new Refusal(422, "", `metadata.${key} in body must be of type string`);
  }
  const dropped = cache ? ["enable_content_trust"] : ["proxy_speed_kb", "max_upstream_conn"];
  return Object.fromEntries(Object.entries(sent).filter(([key]) => METADATA.includes(key) && !dropped.includes(key)));
}

function shownProject({ id, name, registry, metadata, items, expires, repositories }: Json, whole: boolean): Json {
  return {
    project_id: id,
    name,
    ...(registry === undefined ? {} : { registry_id: registry }),
    repo_count: repositories,
    metadata,
    ...(whole ? { cve_allowlist: { items, ...(expires === undefined ? {} : { expires_at: expires }) } } : {}),
  };
}

/** A cache keeps what was pulled within a week, unless told otherwise. */
function defaultRetention(state: State, project: number): void {
  const id = state.retentions.add({
    project,
    trigger: { kind: "Schedule", settings: { cron: "0 0 0 * * *" } },
    rules: [
      {
        action: "retain",
        template: "nDaysSinceLastPull",
        params: { nDaysSinceLastPull: 7 },
        tag_selectors: [],
        scope_selectors: {},
      },
    ],
  });
  const row = state.projects.get(project);
  state.projects.change(project, { metadata: { ...json(row.metadata), retention_id: `${id}` } });
}

function memberRoutes(state: State): Route[] {
  const shown = ({ id, name, type, entity, role }: Json): Json => ({
    id,
    entity_name: name,
    entity_type: type,
    entity_id: entity,
    role_id: role,
    role_name: ROLES[number(role)],
  });
  return [
    route("GET /projects/:/members", (asked) => {
      const project = named(state, asked.at[0]).id;
      return paged(asked, state.members.where((row) => row.project === project).map(shown));
    }),
    route("POST /projects/:/members", (asked) => {
      const project = named(state, asked.at[0]).id;
      const who = entityOf(state, asked.body);
      if (state.members.has((row) => row.project === project && row.name === who.name && row.type === who.type))
        throw conflict("project member already exists");
      checkRole(asked.body.role_id);
      return created(asked, state.members.add({ project, role: asked.body.role_id, ...who }));
    }),
    route("PUT /projects/:/members/:", ({ at, body }) => {
      checkRole(body.role_id);
      state.members.change(at[1], { role: body.role_id });
      return done;
    }),
    route("DELETE /projects/:/members/:", ({ at }) => {
      state.members.delete(at[1]);
      return done;
    }),
  ];
}

function checkRole(role: unknown): void {
  if (ROLES[number(role)] === undefined || number(role) === 0) throw badRequest("invalid role");
}

function entityOf(state: State, body: Json): Json {
  const user = text(json(body.member_user).username);
  if (user !== "") {
    if (!state.users.has(user)) throw notFound(`user ${user} not found`);
    return { name: user, type: "u", entity: 1 };
  }
  const group = json(body.member_group);
  const mode = state.configuration.auth_mode;
  if (mode !== "ldap_auth" && mode !== "oidc_auth") throw notFound("user group not found");
  const dn = text(group.ldap_group_dn);
  // The list shows a short name, whatever DN it was made with.
  const name = dn === "" ? text(group.group_name) : (dn.split(/[=,]/)[1] ?? dn);
  const [known] = state.groups.where((row) => row.group_name === name);
  const entity = known === undefined ? state.groups.add({ group_name: name, ldap_group_dn: dn }) : number(known.id);
  return { name, type: "g", entity };
}

function labelRoutes(state: State): Route[] {
  const place = (scope: unknown, project: unknown) => {
    if (scope !== "g" && scope !== "p") throw badRequest(`invalid scope: ${scope}`);
    if (scope === "p") state.projects.get(number(project));
    return scope === "g" ? 0 : number(project);
  };
  return [
    route("GET /labels", (asked) => {
      const project = place(asked.query.get("scope"), Number(asked.query.get("project_id")));
      return paged(
        asked,
        state.labels.where((row) => row.project === project),
      );
    }),
    route("POST /labels", (asked) => {
      const { name, description, color, scope, project_id } = asked.body;
      const project = place(scope, project_id);
      if (state.labels.has((row) => row.name === name && row.project === project))
        throw conflict(`label ${name} already exists`);
      return created(asked, state.labels.add({ name, description, color, project }));
    }),
    route("PUT /labels/:", ({ at, body: { name, description, color } }) => {
      state.labels.change(at[0], { name, description, color });
      return done;
    }),
    route("DELETE /labels/:", ({ at }) => {
      state.labels.delete(at[0]);
      return done;
    }),
    route("GET /usergroups", (asked) => paged(asked, [...state.groups.rows.values()])),
  ];
}

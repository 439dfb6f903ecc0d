import { named } from "./projects.js";
import {
  badRequest,
  checkCron,
  conflict,
  internal,
  isJson,
  type Json,
  json,
  list,
  number,
  type Route,
  route,
  text,
  withoutZeros,
} from "./reply.js";
import type { State } from "./state.js";
import { created, done, paged, type Table } from "./table.js";

const MOST_RULES = 15;
const EVENTS = [
  "PUSH_ARTIFACT",
  "PULL_ARTIFACT",
  "DELETE_ARTIFACT",
  "QUOTA_EXCEED",
  "QUOTA_WARNING",
  "SCANNING_FAILED",
  "SCANNING_STOPPED",
  "SCANNING_COMPLETED",
  "REPLICATION",
  "TAG_RETENTION",
];

/** Rules and receivers of a project. */
export function ruleRoutes(state: State): Route[] {
  return [...retentionRoutes(state), ...immutabilityRoutes(state), ...webhookRoutes(state), ...preheatRoutes(state)];
}

function retentionRoutes(state: State): Route[] {
  const checked = ({ trigger, rules }: Json): Json => {
    if (!isJson(trigger)) throw internal();
    const cron = text(json(trigger.settings).cron);
    if (cron !== "") checkCron(cron, "tag retention");
    if (list(rules).length > MOST_RULES) throw badRequest("only 15 rules are allowed at most");
    const texts = list(rules).map((rule) => JSON.stringify(rule));
    if (new Set(texts).size < texts.length) throw conflict("rule 1 is conflict with rule 0");
    return { trigger, rules };
  };
  return [
    route("GET /retentions/:", ({ at }) => {
      const row = state.retentions.rows.get(Number(at[0]));
      if (row === undefined) throw internal();
      const trigger = json(row.trigger);
      return {
        status: 200,
        body: {
          id: row.id,
          algorithm: "or",
          rules: list(row.rules).map((rule, index) => ({ ...withoutZeros(json(rule)), id: index })),
          trigger: { ...trigger, settings: { ...json(trigger.settings), next_scheduled_time: "2027-01-01T00:00:00Z" } },
        },
      };
    }),
    route("POST /retentions", (asked) => {
      const project = state.projects.get(number(json(asked.body.scope).ref));
      const policy = checked(asked.body);
      const metadata = json(project.metadata);
      if (state.retentions.rows.has(Number(metadata.retention_id)))
        throw badRequest(`project ${project.id} already has retention policy ${metadata.retention_id}`);
      const id = state.retentions.add({ project: project.id, ...policy });
      state.projects.change(number(project.id), { metadata: { ...metadata, retention_id: `${id}` } });
      return created(asked, id);
    }),
    route("PUT /retentions/:", ({ at, body }) => {
      state.retentions.change(at[0], checked(body));
      return done;
    }),
    // The project goes on naming it: that is what stays in the cache.
    route("DELETE /retentions/:", ({ at }) => {
      state.retentions.delete(at[0]);
      return done;
    }),
  ];
}

function immutabilityRoutes(state: State): Route[] {
  const filter = ({ tag_selectors, scope_selectors }: Json) => JSON.stringify([tag_selectors, scope_selectors]);
  return [
    ...listed(state, "immutabletagrules", state.immutabilities, withoutZeros),
    route("POST /projects/:/immutabletagrules", (asked) => {
      const project = named(state, asked.at[0]).id;
      const { tag_selectors, scope_selectors } = asked.body;
      if (state.immutabilities.has((row) => row.project === project && filter(row) === filter(asked.body)))
        throw conflict("immutable rule already exists");
      return created(asked, state.immutabilities.add({ project, tag_selectors, scope_selectors, disabled: false }));
    }),
    route("PUT /projects/:/immutabletagrules/:", ({ at, body }) => {
      const row = state.immutabilities.get(at[1]);
      if (body.id !== row.id) throw badRequest("the immutable_rule_id doesn't match the id in the payload");
      // One or the other: switching it changes nothing else.
      if (body.disabled !== row.disabled) state.immutabilities.change(at[1], { disabled: body.disabled });
      else
        state.immutabilities.change(at[1], {
          tag_selectors: body.tag_selectors,
          scope_selectors: body.scope_selectors,
        });
      return done;
    }),
  ];
}

function webhookRoutes(state: State): Route[] {
  const checked = ({ name, description, enabled, event_types, targets }: Json): Json => {
    if (list(targets).length === 0) throw badRequest("empty notification target with policy");
    const unknown = list(event_types).find((event) => !EVENTS.includes(text(event)));
    if (unknown !== undefined || list(event_types).length === 0) throw badRequest(`unsupported event type ${unknown}`);
    const kept = list(targets).map((target) => ({ payload_format: "Default", ...json(target) }));
    return { name, description, enabled, event_types, targets: kept };
  };
  return [
    ...listed(state, "webhook/policies", state.webhooks, (row) => row),
    route("POST /projects/:/webhook/policies", (asked) => {
      const project = named(state, asked.at[0]).id;
      const policy = checked(asked.body);
      if (state.webhooks.has((row) => row.project === project && row.name === policy.name))
        throw conflict("notification policy already exists");
      return created(asked, state.webhooks.add({ project, ...policy }));
    }),
    route("PUT /projects/:/webhook/policies/:", ({ at, body }) => {
      state.webhooks.change(at[1], checked(body));
      return done;
    }),
  ];
}

function preheatRoutes(state: State): Route[] {
  const checked = ({ name, description, provider_id, enabled, filters, trigger, extra_attrs }: Json): Json => {
    for (const value of [filters, trigger, extra_attrs])
      if (typeof value !== "string") throw badRequest("JSON strings are needed");
    state.preheatInstances.get(number(provider_id));
    const given = json(JSON.parse(text(trigger)));
    if (given.type === "scheduled") checkCron(json(given.trigger_setting).cron, "preheat");
    return { name, description, provider: provider_id, enabled, filters, trigger, extra_attrs };
  };
  const find = (project: string | undefined, name: string | undefined) => {
    const { id } = named(state, project);
    return number(state.preheatPolicies.where((row) => row.project === id && row.name === name)[0]?.id);
  };
  return [
    route("GET /projects/:/preheat/policies", (asked) => {
      const project = named(state, asked.at[0]).id;
      const rows = state.preheatPolicies.where((row) => row.project === project);
      return paged(
        asked,
        rows.map((row) => ({
          ...row,
          provider_id: row.provider,
          provider_name: state.preheatInstances.get(number(row.provider)).name,
        })),
      );
    }),
    route("POST /projects/:/preheat/policies", (asked) => {
      const project = named(state, asked.at[0]).id;
      if (state.preheatPolicies.has((row) => row.project === project && row.name === asked.body.name))
        throw conflict("preheat policy already exists");
      state.preheatPolicies.add({ project, ...checked(asked.body) });
      return created(asked, text(asked.body.name));
    }),
    route("PUT /projects/:/preheat/policies/:", ({ at, body }) => {
      const id = find(at[0], at[1]);
      if (body.id !== id) throw internal();
      state.preheatPolicies.change(id, checked(body));
      return done;
    }),
    route("DELETE /projects/:/preheat/policies/:", ({ at }) => {
      state.preheatPolicies.delete(find(at[0], at[1]));
      return done;
    }),
  ];
}

/** The calls that are alike: to list and to delete by number. */
function listed(state: State, path: string, table: Table, shown: (row: Json) => Json): Route[] {
  return [
    route(`GET /projects/:/${path}`, (asked) => {
      const project = named(state, asked.at[0]).id;
      return paged(asked, table.where((row) => row.project === project).map(shown));
    }),
    route(`DELETE /projects/:/${path}/:`, ({ at }) => {
      table.delete(at[1]);
      return done;
    }),
  ];
}

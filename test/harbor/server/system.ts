import {
  badRequest,
  checkCron,
  conflict,
  internal,
  isJson,
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
  withoutZeros,
} from "./reply.js";
import type { State } from "./state.js";
import { created, done, paged } from "./table.js";

const KINDS = [
  "docker-registry",
  "harbor",
  "docker-hub",
  "aws-ecr",
  "ali-acr",
  "azure-acr",
  "google-gcr",
  "github-ghcr",
  "gitlab",
  "quay",
  "jfrog-artifactory",
  "huawei-SWR",
  "tencent-tcr",
  "volcengine-cr",
  "dtr",
];
const HIDDEN = ["ldap_search_password", "oidc_client_secret"];

/** What belongs to no project. */
export function systemRoutes(state: State): Route[] {
  return [
    ...configurationRoutes(state),
    ...registryRoutes(state),
    ...replicationRoutes(state),
    ...instanceRoutes(state),
    ...userRoutes(state),
    route("GET /schedules", (asked) =>
      paged(
        asked,
        [...state.schedules].map(([path, { schedule }], index) => ({
          id: index + 1,
          vendor_type: path,
          ...json(schedule),
        })),
      ),
    ),
    ...["/system/gc/schedule", "/system/purgeaudit/schedule", "/system/scanAll/schedule"].flatMap((path) =>
      scheduleRoutes(state, path),
    ),
    // After them: "schedule" is no number of a collection.
    ...collectionRoutes(state),
  ];
}

function configurationRoutes(state: State): Route[] {
  return [
    route("GET /configurations", () => ({
      status: 200,
      body: Object.fromEntries(
        // One of them is shown without a value, as long as nothing is scanned on a schedule.
        [...Object.entries(state.configuration), ["scan_all_policy", undefined]].map(([key, value]) => [
          key,
          value === undefined ? {} : { value, editable: true },
        ]),
      ),
    })),
    route("PUT /configurations", ({ body }) => {
      const address = text(body.audit_log_forward_endpoint);
      // It is connected to before anything is kept.
      if (address !== "" && !state.reachable) throw badRequest(`could not connect to the audit endpoint: ${address}`);
      for (const [key, value] of Object.entries(body)) {
        if (HIDDEN.includes(key)) state.hidden[key] = value;
        // What Harbor does not know is dropped without a word.
        else if (key in state.configuration) {
          const known = state.configuration[key];
          if (typeof known !== typeof value)
            throw new Refusal(422, "", `${key} in body must be of type ${typeof known}`);
          state.configuration[key] = value;
        }
      }
      if (state.configuration.skip_audit_log_database === true && state.configuration.audit_log_forward_endpoint === "")
        throw badRequest("audit log forward endpoint should be configured before enable skip audit log in database");
      return done;
    }),
  ];
}

function registryRoutes(state: State): Route[] {
  const probe = () => {
    if (!state.reachable) throw badRequest("the registry is unhealthy");
  };
  return [
    route("GET /registries", (asked) =>
      paged(
        asked,
        [...state.registries.rows.values()].map(({ secret, username, ...row }) => ({
          ...withoutZeros(row),
          ...(username ? { credential: { type: "basic", access_key: username, access_secret: "*****" } } : {}),
          status: "healthy",
        })),
      ),
    ),
    route("POST /registries", (asked) => {
      const { name, type, url, description, insecure, credential, ca_certificate } = asked.body;
      if (state.registries.has((row) => row.name === name)) throw conflict(`registry ${name} already exists`);
      if (!KINDS.includes(text(type))) throw internal();
      probe();
      const { access_key: username, access_secret: secret } = json(credential);
      return created(
        asked,
        state.registries.add({ name, type, url, description, insecure, ca_certificate, username, secret }),
      );
    }),
    route("PUT /registries/:", ({ at, body }) => {
      probe();
      const { name, url, description, insecure, ca_certificate, access_key, access_secret } = body;
      state.registries.change(at[0], {
        name,
        url,
        description,
        insecure,
        ...(ca_certificate === undefined ? {} : { ca_certificate }),
        ...(access_key === undefined ? {} : { username: access_key }),
        ...(access_secret === undefined ? {} : { secret: access_secret }),
      });
      return done;
    }),
    route("DELETE /registries/:", ({ at }) => {
      const id = Number(at[0]);
      if (state.replications.has(({ src, dest }) => src === id || dest === id))
        throw precondition(`the registry ${id} is referenced by replication policies, cannot delete it`);
      if (state.projects.has(({ registry }) => registry === id))
        throw precondition(`the registry ${id} is referenced by proxy cache project, cannot delete it`);
      state.registries.delete(at[0]);
      return done;
    }),
  ];
}

function replicationRoutes(state: State): Route[] {
  const end = (id: unknown) => {
    const row = state.registries.rows.get(number(id));
    return row === undefined
      ? { id: 0, name: "Local", type: "harbor" }
      : { id: row.id, name: row.name, type: row.type };
  };
  const checked = (body: Json): Json => {
    const src = number(json(body.src_registry).id);
    const dest = number(json(body.dest_registry).id);
    if ((src === 0) === (dest === 0))
      throw badRequest("either src_registry or dest_registry should be empty and the other one shouldn't be empty");
    state.registries.get(src || dest);
    const trigger = json(body.trigger);
    if (trigger.type === "event_based" && body.single_active_replication === true) throw internal();
    if (trigger.type === "scheduled") {
      const { cron } = json(trigger.trigger_settings);
      checkCron(cron, "trigger");
      if (text(cron).split(" ")[1] === "*")
        throw badRequest("* is not allowed for the Minutes field of the cron setting of replication policy");
    }
    for (const { type, value } of list(body.filters).map(json)) {
      if (Array.isArray(value) !== (type === "label")) throw badRequest("the type of filter value isn't string");
    }
    // replicate_deletion is not read.
    const {
      name,
      description,
      dest_namespace,
      filters,
      deletion,
      override,
      enabled,
      copy_by_chunk,
      single_active_replication,
    } = body;
    return {
      name,
      description,
      dest_namespace,
      filters,
      deletion,
      override,
      enabled,
      copy_by_chunk,
      single_active_replication,
      trigger,
      src,
      dest,
      dest_namespace_replace_count: body.dest_namespace_replace_count ?? -1,
      speed: Math.max(0, number(body.speed)),
    };
  };
  return [
    route("GET /replication/policies", (asked) =>
      paged(
        asked,
        [...state.replications.rows.values()].map(({ src, dest, ...row }) => ({
          ...withoutZeros(row),
          src_registry: end(src),
          dest_registry: end(dest),
        })),
      ),
    ),
    route("POST /replication/policies", (asked) => {
      const policy = checked(asked.body);
      if (state.replications.has((row) => row.name === policy.name))
        throw conflict(`replication policy ${policy.name} already exists`);
      return created(asked, state.replications.add(policy));
    }),
    route("PUT /replication/policies/:", ({ at, body }) => {
      state.replications.change(at[0], checked(body));
      return done;
    }),
    route("DELETE /replication/policies/:", ({ at }) => {
      state.replications.delete(at[0]);
      return done;
    }),
  ];
}

function instanceRoutes(state: State): Route[] {
  const find = (name: string | undefined) => number(state.preheatInstances.where((row) => row.name === name)[0]?.id);
  return [
    route("GET /p2p/preheat/instances", (asked) =>
      paged(
        asked,
        [...state.preheatInstances.rows.values()].map(({ auth_info, ...row }) => ({
          ...row,
          status: "Unknown",
          default: false,
        })),
      ),
    ),
    route("POST /p2p/preheat/instances", (asked) => {
      const { body } = asked;
      if (state.preheatInstances.has((row) => row.name === body.name || row.endpoint === body.endpoint))
        throw internal();
      state.preheatInstances.add(body);
      return created(asked, text(body.name));
    }),
    route("PUT /p2p/preheat/instances/:", ({ at, body }) => {
      const id = find(at[0]);
      if (body.id !== id) throw internal();
      if (body.enabled !== true && state.preheatPolicies.has(({ provider }) => provider === id))
        throw precondition(`Provider [${at[0]}] cannot be disabled as some preheat policies are using it`);
      state.preheatInstances.change(id, { auth_info: {}, ...body });
      return done;
    }),
    route("DELETE /p2p/preheat/instances/:", ({ at }) => {
      const id = find(at[0]);
      if (state.preheatPolicies.has(({ provider }) => provider === id))
        throw precondition("the instance is used by policies");
      state.preheatInstances.delete(id);
      return done;
    }),
  ];
}

/** A collection that was begun by hand: it runs for some questions, and what Harbor says of it lags behind its log. */
function collectionRoutes(state: State): Route[] {
  const runs = state.collections;
  const asked = (at: readonly string[]) => {
    const run = runs[Number(at[0]) - 1];
    if (run === undefined) throw notFound(`garbage collection execution ${at[0]} not found`);
    return run;
  };
  return [
    route("POST /system/gc/schedule", ({ body }) => {
      if (json(body.schedule).type !== "Manual") throw badRequest("only what begins at once is known here");
      runs.push({ parameters: json(body.parameters), questions: 0 });
      return { status: 201, location: `/api/v2.0/system/gc/${runs.length}` };
    }),
    route("GET /system/gc/:", ({ at }) => {
      const run = asked(at);
      run.questions += 1;
      const { questions, parameters } = run;
      const ended = questions > 2 ? state.collectionResult : {};
      const lagging = questions > 2 && state.collectionLags ? "Running" : state.collectionStatus;
      return {
        status: 200,
        body: {
          id: Number(at[0]),
          job_status: questions === 1 ? "Pending" : questions === 2 ? "Running" : lagging,
          job_parameters: JSON.stringify({ ...withoutZeros(parameters), ...ended }),
        },
      };
    }),
    route("GET /system/gc/:/log", ({ at }) => {
      if (asked(at).questions < 3) throw notFound(`garbage collection ${at[0]} log is not found`);
      const end = state.collectionStatus === "Success" ? "success to run gc in job." : "failed to execute GC job";
      return { status: 200, text: `start to run gc in job.\n${end}\n` };
    }),
  ];
}

function userRoutes(state: State): Route[] {
  return [
    route("GET /users/current", () => ({ status: 200, body: { user_id: 1, username: "admin" } })),
    route("PUT /users/:/password", ({ at, body }) => {
      if (at[0] !== "1") throw notFound(`user ${at[0]} not found`);
      if (body.old_password !== state.adminPassword)
        throw new Refusal(403, "FORBIDDEN", "Current password is incorrect");
      const password = text(body.new_password);
      if (!/^(?=.*[A-Z])(?=.*[a-z])(?=.*\d).{8,128}$/.test(password))
        throw badRequest("the password or secret must be 8-128 characters long");
      if (password === state.adminPassword) throw badRequest("New password is identical to old password");
      state.adminPassword = password;
      return done;
    }),
  ];
}

function scheduleRoutes(state: State, path: string): Route[] {
  const scans = path.includes("scanAll");
  const access = () => {
    if (scans && !state.scanner) throw precondition("no scanner is configured, it's not possible to scan");
  };
  const set = ({ schedule, parameters }: Json) => {
    access();
    if (path.includes("purge") && !isJson(parameters)) throw badRequest("schedule parameter cann't be empty");
    const told = json(parameters);
    if (path.includes("purge") && told.include_event_types === undefined)
      throw badRequest("include_event_types should provide");
    const workers = told.workers;
    if (workers !== undefined && (number(workers) < 1 || number(workers) > 10))
      throw badRequest("Invalid number of workers");
    const { type, cron } = json(schedule);
    if (type === "None") state.schedules.delete(path);
    else {
      checkCron(cron, path);
      state.schedules.set(path, {
        schedule: { type, cron },
        ...(scans ? {} : { job_parameters: JSON.stringify(withoutZeros(told)) }),
      });
    }
  };
  return [
    route(`GET ${path}`, () => {
      access();
      const known = state.schedules.get(path);
      return known === undefined
        ? done
        : { status: 200, body: { ...known, id: 7, creation_time: "2027-01-01T00:00:00Z" } };
    }),
    route(`PUT ${path}`, ({ body }) => {
      set(body);
      return done;
    }),
  ];
}

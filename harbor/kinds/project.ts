import * as z from "zod";
import { limitBytes } from "../../spec/harbor/settings/limit.js";
import type { Project } from "../../spec/harbor/settings/project.js";
import { Problem } from "../../spec/problem.js";
import { bytes } from "../../spec/size.js";
import { allowList, foundAllowList, sentAllowList, wantedAllowList } from "../allow-list.js";
import type { HarborClient } from "../client.js";
import type { Harbor, Kind, ProjectOf, Wanted } from "../kind.js";
import { SETTINGS } from "../kind.js";
import type { Shape } from "../shape.js";
import { registryIds } from "./registry.js";

const PATH = "/projects";
/** The project that Harbor makes for itself. */
const OWN = "library";
const KIB = 1024;

const project = z.object({
  project_id: z.number(),
  name: z.string(),
  registry_id: z.number().nullish(),
  repo_count: z.number().default(0),
  metadata: z.record(z.string(), z.string().nullish()).nullish(),
  cve_allowlist: allowList.nullish(),
});
const quotas = z.array(z.object({ id: z.number(), hard: z.object({ storage: z.number() }) }));

/** Projects, without what belongs to them. */
export const projectKind: Kind = {
  title: "project",
  prunable: true,
  want: ({ settings }) =>
    settings.projects.map((one, index) => ({
      name: one.name,
      field: `${SETTINGS}.projects[${index}]`,
      shape: wantedShape(one),
      fixed: ["cacheOf"],
    })),
  read: readProjects,
  create: createProject,
  update: updateProject,
  remove: async ({ client }, { name }) => client.delete(`${PATH}/${name}`),
};

/** The project with a name, if there is one. */
export async function findProject(client: HarborClient, name: string): Promise<ProjectOf | undefined> {
  const found = await client.get(`${PATH}/${name}`, project);
  return found && { name, id: found.project_id };
}

async function readProjects({ client, settings }: Harbor) {
  const listed = await client.list(PATH, z.array(project));
  const names = new Map([...(await registryIds(client))].map(([name, id]) => [id, name]));
  const isWanted = (name: string) => settings.projects.some((one) => one.name === name);
  return Promise.all(
    listed.map(async (one) => {
      if (!isWanted(one.name)) return { name: one.name, id: `${one.project_id}`, shape: {}, stays: whyItStays(one) };
      // Lists leave out what does not block a pull.
      const whole = (await client.get(`${PATH}/${one.name}`, project)) ?? one;
      return { name: one.name, id: `${one.project_id}`, shape: await foundShape(client, whole, names) };
    }),
  );
}

function whyItStays({ name, repo_count: repositories }: z.output<typeof project>): string | undefined {
  if (name === OWN) return "Harbor made it";
  return repositories > 0 ? `it has ${repositories} ${repositories === 1 ? "repository" : "repositories"}` : undefined;
}

async function foundShape(
  client: HarborClient,
  { project_id: id, registry_id: registry, metadata, cve_allowlist: allowed }: z.output<typeof project>,
  registries: ReadonlyMap<number, string>,
): Promise<Shape> {
  const [quota] = await client.list("/quotas", quotas, { reference: "project", reference_id: id });
  return {
    cacheOf: registry ? (registries.get(registry) ?? `registry ${registry}`) : "none",
    // A project that was made while quotas were off has none.
    quota: quota?.hard.storage ?? -1,
    ...foundAllowList(allowed),
    ...Object.fromEntries(Object.entries(metadata ?? {}).map(([key, text]) => [key, asValue(text)])),
  };
}

/** Harbor keeps all of a project's settings as texts. */
function asValue(text: string | null | undefined): string | boolean | undefined {
  if (text === "true") return true;
  return text === "false" ? false : (text ?? undefined);
}

function wantedShape({ proxyCache, quota, cveAllowList, blockFrom, contentTrust, ...one }: Project): Shape {
  const speed = proxyCache?.speed;
  return {
    cacheOf: proxyCache?.registry ?? "none",
    quota: quota === undefined ? undefined : limitBytes(quota),
    public: one.public,
    enable_content_trust_cosign: contentTrust?.includes("cosign"),
    // Harbor drops this one of a cache.
    enable_content_trust: proxyCache === undefined ? contentTrust?.includes("notation") : undefined,
    auto_scan: one.scanOnPush,
    auto_sbom_generation: one.sbomOnPush,
    prevent_vul: blockFrom === undefined ? undefined : blockFrom !== "off",
    severity: blockFrom === "off" ? undefined : blockFrom,
    reuse_sys_cve_allowlist: cveAllowList === undefined ? undefined : cveAllowList.kind === "system",
    ...wantedAllowList(cveAllowList?.kind === "own" ? cveAllowList : undefined),
    proxy_speed_kb: speed === undefined ? undefined : `${bytes(speed) / KIB}`,
    max_upstream_conn: proxyCache?.connections === undefined ? undefined : `${proxyCache.connections}`,
    proxy_cache_local_on_not_found: proxyCache?.serveDeleted,
  };
}

/** Names of a shape that are no texts of the project's own metadata. */
const APART = new Set(["cacheOf", "quota", "allowedCves", "allowedUntil"]);

function metadataOf(shape: Shape): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, value]) => (value === undefined || APART.has(key) ? [] : [[key, `${value}`]])),
  );
}

async function createProject(harbor: Harbor, { name, field, shape }: Wanted): Promise<void> {
  const { client } = harbor;
  await client.post(PATH, {
    project_name: name,
    metadata: metadataOf(shape),
    ...(shape.quota === undefined ? {} : { storage_limit: shape.quota }),
    ...(shape.cacheOf === "none" ? {} : { registry_id: await registryId(client, `${shape.cacheOf}`, field) }),
  });
  // Harbor reads this only when a project is changed.
  if (shape.allowedCves !== undefined) await client.put(`${PATH}/${name}`, { cve_allowlist: sentAllowList(shape) });
}

async function updateProject(
  { client }: Harbor,
  { name, field, shape }: Wanted,
  { id }: { readonly id: string },
  _place: undefined,
  changed: ReadonlySet<string>,
): Promise<void> {
  if ([...changed].some((key) => key !== "quota")) {
    const listed = changed.has("allowedCves") || changed.has("allowedUntil");
    await client.put(`${PATH}/${name}`, {
      metadata: metadataOf(shape),
      ...(listed ? { cve_allowlist: sentAllowList(shape) } : {}),
    });
  }
  if (!changed.has("quota")) return;
  // A change of the project answers 200 to a new limit and forgets it.
  const [quota] = await client.list("/quotas", quotas, { reference: "project", reference_id: id });
  if (quota === undefined) {
    throw new Problem({
      code: "harbor/no-quota",
      field: `${field}.quota`,
      says: `Harbor has no quota for the project ${name}: it was made while quotas were off`,
      instead: "switch quotas on with system.quota.enabled: true, and make the project anew",
    });
  }
  await client.put(`/quotas/${quota.id}`, { hard: { storage: shape.quota } });
}

async function registryId(client: HarborClient, name: string, field: string): Promise<number> {
  const id = (await registryIds(client)).get(name);
  if (id !== undefined) return id;
  throw new Problem({
    code: "harbor/no-such-registry",
    field: `${field}.proxyCache.registry`,
    says: `Harbor has no registry ${name}`,
    instead: "name it among harbor.settings.registries",
  });
}

import * as z from "zod";
import type { PreheatInstance } from "../../spec/harbor/settings/preheat.js";
import { preheatSecretName } from "../../spec/harbor/settings/secret-names.js";
import { Secret } from "../../spec/secret.js";
import type { HarborClient } from "../client.js";
import type { HarborError } from "../harbor-error.js";
import type { Kind, Wanted } from "../kind.js";
import { SETTINGS } from "../kind.js";
import { givenSecret, type HarborSecrets, rememberSent, sentSecret } from "../secrets.js";
import type { Shape } from "../shape.js";

const PATH = "/p2p/preheat/instances";
const MODES = { none: "NONE", basic: "BASIC", token: "OAUTH" } as const;

const instances = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    description: z.string().default(""),
    vendor: z.string().default(""),
    endpoint: z.string().default(""),
    auth_mode: z.string().default("NONE"),
    enabled: z.boolean().default(false),
    insecure: z.boolean().default(false),
  }),
);

/** Networks of peers. Their name is their address in the API. */
export const preheatInstanceKind: Kind = {
  title: "preheat instance",
  prunable: true,
  want: ({ settings, secrets }) => settings.preheatInstances.map((instance, index) => wanted(instance, index, secrets)),
  read: async ({ client, secrets, settings }) =>
    (await client.list(PATH, instances)).map((instance) => ({
      name: instance.name,
      id: `${instance.id}`,
      shape: {
        description: instance.description,
        vendor: instance.vendor,
        endpoint: instance.endpoint,
        login: instance.auth_mode,
        secret: sentSecret(
          secrets,
          preheatSecretName(instance.name),
          markId(settings.preheatInstances, instance.name, `${instance.id}`),
        ),
        verifyCertificate: instance.insecure ? "no" : "yes",
        enabled: instance.enabled,
      },
    })),
  create: async (harbor, { name, shape }) => {
    await harbor.client.post(PATH, { ...common(name, shape), ...login(harbor.settings.preheatInstances, name, shape) });
    if (shape.secret === undefined) return;
    const id = (await preheatIds(harbor.client)).get(name);
    await rememberSent(
      harbor.secrets,
      preheatSecretName(name),
      markId(harbor.settings.preheatInstances, name, `${id}`),
    );
  },
  update: async ({ client, secrets, settings }, { name, shape }, { id }) => {
    // Without its login Harbor 2.13 and 2.14 would forget it.
    const body = { id: Number(id), ...common(name, shape), ...login(settings.preheatInstances, name, shape) };
    await client.put(`${PATH}/${name}`, body);
    if (shape.secret === undefined) return;
    await rememberSent(secrets, preheatSecretName(name), markId(settings.preheatInstances, name, id));
  },
  remove: async ({ client }, { name }) => client.delete(`${PATH}/${name}`),
  // A name that is taken breaks the data base's rule, which Harbor does not tell from a fault of its own.
  exists: ({ status }: HarborError) => status === 409 || status === 500,
};

function wanted(instance: PreheatInstance, index: number, secrets: HarborSecrets): Wanted {
  const { name, description, vendor, endpoint, login: given, verifyCertificate, enabled } = instance;
  const field = `${SETTINGS}.preheatInstances[${index}]`;
  return {
    name,
    field,
    shape: {
      description: description ?? "",
      vendor,
      endpoint,
      login: MODES[given.kind],
      secret: given.kind === "none" ? undefined : givenSecret(secrets, preheatSecretName(name), `${field}.login`),
      verifyCertificate: verifyCertificate ? "yes" : "no",
      enabled,
    },
  };
}

function common(name: string, shape: Shape) {
  return {
    name,
    description: shape.description,
    vendor: shape.vendor,
    endpoint: shape.endpoint,
    auth_mode: shape.login,
    insecure: shape.verifyCertificate === "no",
    enabled: shape.enabled,
  };
}

function login(instances: readonly PreheatInstance[], name: string, { secret }: Shape) {
  const given = instances.find((instance) => instance.name === name)?.login;
  if (given === undefined || given.kind === "none" || !(secret instanceof Secret)) return {};
  const value = secret.reveal();
  return {
    // The name is the key: Harbor takes the first there is (src/pkg/p2p/preheat/provider/auth/basic_handler.go).
    auth_info: given.kind === "basic" ? { [given.username]: value } : { token: value },
  };
}

/** What a secret was sent for: the network, and the name that goes with it, which Harbor never shows either. */
function markId(instances: readonly PreheatInstance[], name: string, id: string): string {
  const given = instances.find((instance) => instance.name === name)?.login;
  return given?.kind === "basic" ? `${id}/${given.username}` : id;
}

/** Ids of the networks, by their names. */
export async function preheatIds(client: HarborClient): Promise<ReadonlyMap<string, number>> {
  return new Map((await client.list(PATH, instances)).map(({ id, name }) => [name, id]));
}

import * as z from "zod";
import type { OtherRegistry } from "../../spec/harbor/settings/other-registry.js";
import { registrySecretName } from "../../spec/harbor/settings/secret-names.js";
import { Secret } from "../../spec/secret.js";
import type { HarborClient } from "../client.js";
import type { Kind, Wanted } from "../kind.js";
import { SETTINGS } from "../kind.js";
import { givenSecret, type HarborSecrets, rememberSent, sentSecret } from "../secrets.js";

const PATH = "/registries";

const registries = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    type: z.string(),
    url: z.string(),
    description: z.string().default(""),
    insecure: z.boolean().default(false),
    credential: z.object({ access_key: z.string().default("") }).nullish(),
    ca_certificate: z.string().nullish(),
  }),
);

/** Other registries. Harbor asks one before it takes it in, and whenever its login changes. */
export const registryKind: Kind = {
  title: "registry",
  prunable: true,
  want: ({ settings, secrets }) => settings.registries.map((registry, index) => wanted(registry, index, secrets)),
  read: async ({ client, secrets }) =>
    (await client.list(PATH, registries)).map(({ id, name, type, url, description, insecure, ...rest }) => ({
      name,
      id: `${id}`,
      shape: {
        kind: type,
        url: withoutSlash(url),
        description,
        verifyCertificate: insecure ? "no" : "yes",
        username: rest.credential?.access_key ?? "",
        password: sentSecret(secrets, registrySecretName(name), `${id}`),
        ca: rest.ca_certificate?.trim() ?? "",
      },
    })),
  create: async ({ client, secrets }, { name, shape }) => {
    const id = await client.post(PATH, {
      ...common(name, shape),
      type: shape.kind,
      ...(shape.username === ""
        ? {}
        : { credential: { type: "basic", access_key: shape.username, access_secret: revealed(shape.password) } }),
    });
    if (shape.username !== "") await rememberSent(secrets, registrySecretName(name), id);
  },
  update: async ({ client, secrets }, { name, shape }, { id }, _place, changed) => {
    const login = changed.has("username") || changed.has("password");
    await client.put(`${PATH}/${id}`, {
      ...common(name, shape),
      ...(login
        ? { credential_type: "basic", access_key: shape.username, access_secret: revealed(shape.password) }
        : {}),
    });
    if (login && shape.username !== "") await rememberSent(secrets, registrySecretName(name), id);
  },
  remove: async ({ client }, { id }) => client.delete(`${PATH}/${id}`),
};

function wanted(registry: OtherRegistry, index: number, secrets: HarborSecrets): Wanted {
  const { name, kind, url, description, username, verifyCertificate, ca } = registry;
  const field = `${SETTINGS}.registries[${index}]`;
  return {
    name,
    field,
    shape: {
      kind,
      url: withoutSlash(url),
      description: description ?? "",
      verifyCertificate: verifyCertificate ? "yes" : "no",
      username: username ?? "",
      password:
        username === undefined ? undefined : givenSecret(secrets, registrySecretName(name), `${field}.username`),
      ca: ca?.trim(),
    },
    fixed: ["kind"],
  };
}

function common(name: string, shape: Wanted["shape"]) {
  return {
    name,
    url: shape.url,
    description: shape.description,
    insecure: shape.verifyCertificate === "no",
    ...(shape.ca === undefined ? {} : { ca_certificate: shape.ca }),
  };
}

function revealed(secret: unknown): string {
  return secret instanceof Secret ? secret.reveal() : "";
}

/** Harbor may drop the last slash of an address. */
function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

/** Ids of the registries, by their names. */
export async function registryIds(client: HarborClient): Promise<ReadonlyMap<string, number>> {
  return new Map((await client.list(PATH, registries)).map(({ id, name }) => [name, id]));
}

import * as z from "zod";
import { webhookSecretName } from "../../spec/harbor/settings/secret-names.js";
import { WEBHOOK_EVENTS, type Webhook } from "../../spec/harbor/settings/webhook.js";
import { Secret } from "../../spec/secret.js";
import type { ProjectKind, ProjectOf, Wanted } from "../kind.js";
import { givenSecret } from "../secrets.js";
import type { Shape, Value } from "../shape.js";

const FORMATS = { default: "Default", "cloud-events": "CloudEvents" } as const;

const policies = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    description: z.string().default(""),
    enabled: z.boolean().default(false),
    event_types: z.array(z.string()).nullish(),
    targets: z
      .array(
        z.object({
          type: z.string(),
          address: z.string(),
          auth_header: z.string().default(""),
          skip_cert_verify: z.boolean().default(false),
          payload_format: z.string().default(""),
        }),
      )
      .nullish(),
  }),
);

/** Who is told what happens in a project. Harbor shows their header to every administrator: it can be compared. */
export const webhookKind: ProjectKind = {
  title: "webhook",
  prunable: true,
  want: ({ secrets }, { name: project, webhooks }, field) =>
    webhooks.map((webhook, index) => {
      const at = `${field}.webhooks[${index}]`;
      const authorization = webhook.authorization
        ? givenSecret(secrets, webhookSecretName(project, webhook.name), `${at}.authorization`)
        : undefined;
      return { name: webhook.name, field: at, shape: wantedShape(webhook, authorization) };
    }),
  read: async ({ client }, place) => (await client.list(path(place), policies)).map(found),
  create: async ({ client }, wanted, place) => {
    await client.post(path(place), body(wanted));
  },
  update: async ({ client }, wanted, { id }, place) =>
    client.put(`${path(place)}/${id}`, { id: Number(id), ...body(wanted) }),
  remove: async ({ client }, { id }, place) => client.delete(`${path(place)}/${id}`),
};

function path({ name }: ProjectOf): string {
  return `/projects/${name}/webhook/policies`;
}

function wantedShape(webhook: Webhook, authorization: Secret | undefined): Shape {
  return {
    description: webhook.description ?? "",
    enabled: webhook.enabled,
    events: webhook.events.map((event) => WEBHOOK_EVENTS[event]).sort(),
    url: webhook.url,
    kind: webhook.kind,
    format: webhook.kind === "slack" ? undefined : FORMATS[webhook.format],
    authorization: authorization ?? "",
    verifyCertificate: webhook.verifyCertificate ? "yes" : "no",
  };
}

function found({ id, name, description, enabled, event_types: events, targets }: z.output<typeof policies>[number]) {
  const [target, ...others] = targets ?? [];
  const url = [target?.address ?? "", ...others.map(({ address }) => address)].join(" and ");
  return {
    name,
    id: `${id}`,
    shape: {
      description,
      enabled,
      events: [...(events ?? [])].sort(),
      url,
      kind: target?.type ?? "",
      format: target?.payload_format || FORMATS.default,
      authorization: target?.auth_header ? new Secret(target.auth_header) : "",
      verifyCertificate: target?.skip_cert_verify ? "no" : "yes",
    },
  };
}

function body({ name, shape }: Wanted) {
  return {
    name,
    description: shape.description,
    enabled: shape.enabled,
    event_types: shape.events,
    targets: [
      {
        type: shape.kind,
        address: shape.url,
        auth_header: header(shape.authorization),
        skip_cert_verify: shape.verifyCertificate === "no",
        ...(shape.format === undefined ? {} : { payload_format: shape.format }),
      },
    ],
  };
}

function header(value: Value): string {
  return value instanceof Secret ? value.reveal() : "";
}

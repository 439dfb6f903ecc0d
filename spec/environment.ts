import * as z from "zod";
import { infrastructureSchema } from "./cloud/infrastructure.js";
import { frontSchema, limitsSchema } from "./front.js";
import { harborSchema } from "./harbor/software.js";
import { nameSchema } from "./names.js";
import { registrySchema } from "./registry.js";
import { siteSchema } from "./site.js";

const secretsSchema = z.strictObject({
  recipients: z
    .array(z.string().regex(/^age1[a-z0-9]{20,}$/, { error: "a public age key: age1…" }))
    .default([])
    .meta({
      description:
        "Public age keys of everybody who may read this environment's secrets, besides the one who makes it.",
    }),
});

const hostSettingsSchema = z.strictObject({
  installRuntime: z
    .boolean()
    .default(true)
    .meta({ description: "Install Docker's engine and keepalived from the system's packages where they are missing." }),
  keepReleases: z.int().min(2).max(50).default(5).meta({ description: "Releases kept on each host for a rollback." }),
});

/** One environment file: the one source of types, defaults, the JSON Schema, `explain` and the errors. */
export const environmentSchema = z
  .strictObject({
    environment: nameSchema.meta({ description: "Name of the environment; the file carries it too: <name>.yaml." }),
    registry: registrySchema.meta({ description: "The registry: its engine, storage, users and limits." }),
    harbor: harborSchema
      .optional()
      .meta({ description: "Harbor, with engine: harbor: its programs, data base and Redis." }),
    front: frontSchema.prefault({}).meta({ description: "The reverse proxy on each node." }),
    limits: limitsSchema.prefault({ registry: {}, front: {} }).meta({ description: "What the containers may use." }),
    hosts: hostSettingsSchema.prefault({}).meta({ description: "How hosts are kept." }),
    secrets: secretsSchema.prefault({}).meta({ description: "Who may read the secrets." }),
    infrastructure: infrastructureSchema.prefault({}).meta({ description: "How Terraform makes the sites of clouds." }),
    sites: z.array(siteSchema).min(1).max(16).meta({ description: "Where nodes run." }),
  })
  .meta({ title: "harborwright environment", description: "A private container registry: where it runs and how." });

/** An environment whose defaults are filled in. */
export type Environment = z.output<typeof environmentSchema>;
/** An environment as a person writes it. */
export type EnvironmentFile = z.input<typeof environmentSchema>;

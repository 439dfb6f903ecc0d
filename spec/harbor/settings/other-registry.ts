import * as z from "zod";
import { lineSchema } from "../../names.js";
import { urlSchema } from "../../url.js";
import { thingNameSchema } from "./names.js";

/** Registries that Harbor knows how to speak to (src/pkg/reg/adapter, 2.13 to 2.15), by Harbor's own names. */
export const REGISTRY_KINDS = [
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
] as const;

/** Another registry, to copy from or to. */
export const otherRegistrySchema = z.strictObject({
  name: thingNameSchema.meta({ description: "Name by which projects and replication rules mean it." }),
  kind: z
    .enum(REGISTRY_KINDS)
    .meta({ description: "What it is; docker-registry is anything that speaks the plain API: Nexus, Distribution." }),
  url: urlSchema.meta({ description: "Its address. Harbor asks it once before it accepts it." }),
  description: lineSchema.optional().meta({ description: "What it is for." }),
  username: lineSchema.optional().meta({
    description: "Name or access key to log in with; the password is the secret harbor/registry/<name>.",
  }),
  verifyCertificate: z.boolean().default(true).meta({ description: "Whether its certificate must be valid." }),
  ca: z
    .string()
    .max(65_536)
    .regex(/^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----\s*$/, { error: "a certificate in PEM" })
    .optional()
    .meta({ description: "PEM of the CA that signed its certificate, where it is none of the public ones." }),
});
export type OtherRegistry = z.output<typeof otherRegistrySchema>;

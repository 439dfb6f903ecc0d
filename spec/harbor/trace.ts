import * as z from "zod";
import { durationSchema } from "../duration.js";
import { addressSchema, lineSchema, portSchema } from "../names.js";
import { urlSchema } from "../url.js";

/** A word that stands unquoted in env files and YAML. */
const word = z.string().regex(/^[A-Za-z0-9._/-]{1,128}$/, { error: "up to 128 of A-Z, a-z, 0-9, '.', '_', '/', '-'" });

const jaegerSchema = z.strictObject({
  endpoint: urlSchema.optional().meta({ description: "Its collector: http://jaeger.internal:14268/api/traces." }),
  user: word.optional().meta({ description: "Account at it; the password is the secret harbor/jaeger-password." }),
  agentHost: addressSchema.optional().meta({ description: "An agent, in place of the collector." }),
  agentPort: portSchema.default(6831).meta({ description: "The agent's port." }),
});

const otelSchema = z.strictObject({
  endpoint: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,253}:[0-9]{1,5}$/, { error: "host and port: otel.internal:4318" })
    .meta({ description: "The collector for OTLP over HTTP; host:port." }),
  path: lineSchema
    .regex(/^(\/[A-Za-z0-9._-]+)+$/, { error: "a path: /v1/traces" })
    .default("/v1/traces")
    .meta({ description: "Path of traces at it." }),
  compression: z.boolean().default(false).meta({ description: "Compress what is sent." }),
  insecure: z.boolean().default(true).meta({ description: "Speak plain HTTP to it." }),
  timeout: durationSchema.default("10s").meta({ description: "How long it may take; whole seconds." }),
});

/** Where traces go; one of the two. */
export const traceSchema = z.strictObject({
  sampleRate: z.number().min(0).max(1).default(1).meta({ description: "Part of the requests that are traced." }),
  namespace: word.optional().meta({ description: "Namespace of the service in each trace." }),
  attributes: z.record(word, word).default({}).meta({ description: "Attributes of each trace, by name." }),
  jaeger: jaegerSchema.optional().meta({ description: "Jaeger: a collector or an agent." }),
  otel: otelSchema.optional().meta({ description: "An OpenTelemetry collector." }),
});
export type HarborTrace = z.output<typeof traceSchema>;

import * as z from "zod";
import { durationSchema } from "./duration.js";

/** The reverse proxy on each node that ends TLS and spreads requests over all registries. */
export const frontSchema = z.strictObject({
  kind: z.enum(["nginx", "haproxy"]).default("nginx").meta({ description: "The program: nginx, or HAProxy." }),
  http2: z.boolean().default(true).meta({ description: "Offer HTTP/2 to clients." }),
  minimumTls: z.enum(["1.2", "1.3"]).default("1.2").meta({ description: "Oldest version of TLS that is spoken." }),
  connectTimeout: durationSchema
    .default("1s")
    .meta({ description: "How long a node may take to accept a connection." }),
  readTimeout: durationSchema
    .default("2500ms")
    .meta({ description: "How long a node may be silent in a pull before another is asked." }),
  uploadTimeout: durationSchema.default("300s").meta({
    description: "How long a node may be silent in a push: a commit copies the whole layer inside the storage.",
  }),
  hsts: z.boolean().default(true).meta({ description: "Tell browsers to use TLS only." }),
});
export type Front = z.output<typeof frontSchema>;

const containerLimits = (memory: string, cpus: number) =>
  z
    .strictObject({
      memory: z
        .string()
        .regex(/^[1-9][0-9]{0,5}(MiB|GiB)$/, { error: "a size in MiB or GiB: 512MiB, 2GiB" })
        .default(memory)
        .meta({ description: "Most memory." }),
      cpus: z.number().min(0.1).max(256).default(cpus).meta({ description: "Most processors." }),
      processes: z.int().min(32).max(100_000).default(1024).meta({ description: "Most processes and threads." }),
    })
    .prefault({});

/** What the containers on a node may use. */
export const limitsSchema = z.strictObject({
  registry: containerLimits("1GiB", 4).meta({ description: "Limits of the registry's container." }),
  front: containerLimits("512MiB", 4).meta({ description: "Limits of the front's container." }),
});

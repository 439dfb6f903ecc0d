import * as z from "zod";
import { addressSchema, cidrSchema, lineSchema } from "../names.js";

/** The site's own network: one block, a private and a public subnet in each zone. */
export const cloudNetworkSchema = z
  .strictObject({
    cidr: cidrSchema.default("10.20.0.0/16").meta({
      description: "Block of the whole network; /24 or larger. Sites that shall meet later must not overlap.",
    }),
    operators: z
      .array(cidrSchema)
      .max(50)
      .default([])
      .meta({ description: "Blocks from which operators come by SSH. Needed unless access is a session." }),
    clients: z
      .array(cidrSchema)
      .min(1)
      .max(50)
      .meta({ description: "Blocks from which clients pull and push: [0.0.0.0/0] for everybody." }),
    nat: z
      .enum(["one", "per-zone"])
      .default("one")
      .meta({ description: "NAT gateways: one costs least; one in each zone outlives a zone." }),
    flowLogs: z.boolean().default(true).meta({ description: "Write down which connections were made and refused." }),
  })
  .meta({ description: "The network that is made." });

const size = lineSchema
  .optional()
  .meta({ description: "Instance type of the bastion. Absent: the smallest this version was tested with." });

/** How operators reach the nodes' SSH. */
export const accessKinds = {
  bastion: z
    .strictObject({ from: z.literal("bastion"), size })
    .meta({ description: "A small machine with a public address; SSH jumps over it." }),
  direct: z.strictObject({ from: z.literal("direct") }).meta({ description: "Every node has a public address." }),
  private: z.strictObject({ from: z.literal("private") }).meta({
    description: "You reach the nodes' private addresses already: a VPN, a peering, a machine inside.",
  }),
  session: z
    .strictObject({ from: z.literal("session") })
    .meta({ description: "A tunnel of AWS Systems Manager; no port is open. Needs the aws command and its plugin." }),
} as const;

/** DNS records of the registry's name. */
export const cloudDnsSchema = z
  .strictObject({
    zone: addressSchema.meta({ description: "Zone of the cloud's DNS that the host name is in: example.com." }),
    ttl: z.int().min(1).max(86_400).default(300).meta({ description: "Seconds that a client may keep the answer." }),
    private: z
      .boolean()
      .default(false)
      .meta({ description: "Make a private zone that only the site's network sees, and do not touch the public one." }),
  })
  .meta({ description: "Records of the registry's name. Absent: you make them yourself." });

import * as z from "zod";
import { certificateSchema } from "../certificate.js";
import { lineSchema, nameSchema } from "../names.js";
import { cloudBucketSchema } from "./bucket.js";
import { cloudAlarmsSchema, cloudBudgetSchema, cloudCdnSchema, cloudLogsSchema } from "./care.js";
import { accessKinds, cloudDnsSchema, cloudNetworkSchema } from "./network.js";
import { cloudNodesSchema } from "./nodes.js";

/** Balancers of a cloud: of connections (nlb, clb) or of requests (alb). */
function cloudEntrySchema<const Kind extends string>(kinds: readonly [Kind, ...Kind[]]) {
  return z
    .strictObject({
      from: z.literal("balancer").default("balancer"),
      kind: z.enum(kinds).default(kinds[0]).meta({ description: "The cloud's balancer." }),
      public: z.boolean().default(true).meta({
        description: "Give it a public address. Otherwise only the network and what is joined to it reach it.",
      }),
      tls: z.enum(["nodes", "balancer"]).default("nodes").meta({
        description:
          "Who shows the certificate to clients: the nodes, or the balancer with a certificate of the cloud; it speaks TLS to the nodes too.",
      }),
    })
    .prefault({})
    .meta({ description: "Where clients come in: the cloud's balancer before the nodes." });
}

const common = {
  name: nameSchema.meta({ description: "Name of the site." }),
  network: cloudNetworkSchema,
  bucket: cloudBucketSchema,
  dns: cloudDnsSchema.optional(),
  logs: cloudLogsSchema,
  alarms: cloudAlarmsSchema,
  budget: cloudBudgetSchema.optional(),
  cdn: cloudCdnSchema.optional(),
  tags: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9:_./-]{0,62}$/, { error: "a tag's name" }), lineSchema)
    .default({})
    .meta({ description: "Tags on everything that is made, besides those that say which environment and site it is." }),
  providerArguments: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, { error: "an argument of the Terraform provider" }), z.json())
    .default({})
    .meta({
      description: "More for the provider block, as Terraform's provider takes it: assume_role, endpoints, profile.",
    }),
};

/** A site on Alibaba Cloud. */
const alicloudSite = z
  .strictObject({
    provider: z.literal("alicloud"),
    ...common,
    region: z
      .string()
      .regex(/^[a-z]{2}-[a-z0-9-]{2,28}$/, { error: "a region of Alibaba Cloud: cn-hangzhou, ap-southeast-1" })
      .meta({ description: "Region: cn-hangzhou." }),
    zones: z
      .array(z.string().regex(/^[a-z]{2}-[a-z0-9-]{2,28}$/, { error: "a zone of Alibaba Cloud: cn-hangzhou-h" }))
      .min(1)
      .max(8)
      .meta({
        description: "Zones, in order; nodes are spread over them. Append only: each keeps its subnets by place.",
      }),
    nodes: cloudNodesSchema({ pattern: /^ecs\.[a-z][a-z0-9-]{1,20}\.[a-z0-9]{4,12}$/, example: "ecs.c7.xlarge" }),
    access: z
      .discriminatedUnion("from", [accessKinds.bastion, accessKinds.direct, accessKinds.private])
      .default({ from: "bastion" })
      .meta({ description: "How operators reach SSH on the nodes." }),
    entry: cloudEntrySchema(["nlb", "clb", "alb"]),
    certificate: certificateSchema,
  })
  .meta({ description: "Machines, network, bucket and balancer on Alibaba Cloud, made with Terraform." });

/** A site on AWS. */
const awsSite = z
  .strictObject({
    provider: z.literal("aws"),
    ...common,
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "a region of AWS: eu-central-1, cn-north-1" })
      .meta({ description: "Region: eu-central-1." }),
    zones: z
      .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, { error: "a zone of AWS: eu-central-1a" }))
      .min(1)
      .max(8)
      .meta({
        description: "Zones, in order; nodes are spread over them. Append only: each keeps its subnets by place.",
      }),
    nodes: cloudNodesSchema({ pattern: /^[a-z][a-z0-9-]{1,15}\.[a-z0-9-]{4,14}$/, example: "c7i.xlarge" }),
    access: z
      .discriminatedUnion("from", [accessKinds.bastion, accessKinds.direct, accessKinds.private, accessKinds.session])
      .default({ from: "bastion" })
      .meta({ description: "How operators reach SSH on the nodes." }),
    entry: cloudEntrySchema(["nlb", "alb"]),
    certificate: certificateSchema,
  })
  .meta({ description: "Machines, network, bucket and balancer on AWS, made with Terraform." });

/** The sites that a cloud carries. */
export const cloudSites = [alicloudSite, awsSite] as const;
export type AlicloudSite = z.output<typeof alicloudSite>;
export type AwsSite = z.output<typeof awsSite>;
export type CloudSite = AlicloudSite | AwsSite;

/** Whether Terraform makes a site's machines. */
export function isCloud<Site extends { readonly provider: string }>(
  site: Site,
): site is Extract<Site, { provider: "alicloud" | "aws" }> {
  return site.provider === "alicloud" || site.provider === "aws";
}

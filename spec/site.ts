import * as z from "zod";
import { certificateSchema } from "./certificate.js";
import { cloudSites } from "./cloud/sites.js";
import { durationSchema } from "./duration.js";
import { addressSchema, cidrSchema, ipv4Schema, lineSchema, nameSchema, portSchema } from "./names.js";

const floatingEntry = z
  .strictObject({
    from: z.literal("floating"),
    address: ipv4Schema
      .optional()
      .meta({ description: "The address. On this machine the default is .100 of the network." }),
    interface: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,15}$/, { error: "a network interface: eth0" })
      .optional()
      .meta({ description: "Interface that carries it. Absent: the one that holds the node's own address." }),
    routerId: z
      .int()
      .min(1)
      .max(255)
      .default(51)
      .meta({ description: "VRRP router id; no two clusters in one network share it." }),
    advertEvery: durationSchema
      .default("250ms")
      .meta({ description: "How often the holder announces itself; three missed and the next takes over." }),
  })
  .meta({ description: "An address that moves between the nodes (VRRP, keepalived)." });

const balancerEntry = z
  .strictObject({
    from: z.literal("balancer"),
    address: addressSchema
      .optional()
      .meta({ description: "Host name or address of the load balancer. On this machine: the one in the lab." }),
  })
  .meta({ description: "A TCP load balancer before the nodes that asks /healthz on the status port." });

const nodeEntry = z.strictObject({ from: z.literal("node") }).meta({ description: "The only node itself." });

const entrySchema = z.discriminatedUnion("from", [floatingEntry, balancerEntry, nodeEntry]);

/** Three hosts on this machine. */
const localSite = z
  .strictObject({
    name: nameSchema.meta({ description: "Name of the site." }),
    provider: z.literal("local"),
    nodes: z
      .strictObject({
        count: z
          .int()
          .min(1)
          .max(9)
          .default(3)
          .meta({ description: "Nodes: one is a trial, three survive a dead node." }),
        memory: z
          .string()
          .regex(/^[1-9][0-9]{0,5}(MiB|GiB)$/, { error: "a size in MiB or GiB: 512MiB, 2GiB" })
          .default("2GiB")
          .meta({ description: "Most memory of one node." }),
      })
      .prefault({})
      .meta({ description: "The hosts that are made." }),
    network: z
      .strictObject({
        cidr: cidrSchema
          .default("198.18.0.0/24")
          .meta({ description: "Block of addresses for the hosts, inside 198.18.0.0/15." }),
      })
      .prefault({})
      .meta({ description: "Their network." }),
    entry: entrySchema
      .optional()
      .meta({ description: "Where clients come in. Absent: a floating address; with one node the node itself." }),
    publish: portSchema.optional().meta({
      description:
        "Publish the entry on this port of 127.0.0.1 as well, where the network of the hosts cannot be reached (Docker Desktop).",
    }),
    certificate: certificateSchema,
  })
  .meta({ description: "Hosts on this machine, for trying and rehearsing." });

const hostSchema = z.strictObject({
  name: nameSchema.meta({ description: "Name of the node: node-1." }),
  address: addressSchema.meta({ description: "Where SSH reaches it." }),
  privateAddress: ipv4Schema
    .optional()
    .meta({ description: "Its address between the nodes. Absent: address, which must then be an IPv4 address." }),
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_.-]{0,31}$/, { error: "a user name of the host: root, admin" })
    .default("root")
    .meta({ description: "Who logs in. Not root: sudo must work without a password." }),
  port: portSchema.default(22).meta({ description: "Port of SSH." }),
  identityFile: lineSchema
    .optional()
    .meta({ description: "Private key for SSH. Absent: your agent and ~/.ssh/config decide." }),
  hostKey: z
    .string()
    .regex(/^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/=]+$/, {
      error: "a public key: ssh-ed25519 AAAA…",
    })
    .optional()
    .meta({
      description: "The host's public key. Absent: the one seen first is kept and every later one must equal it.",
    }),
});

/** Hosts that exist already. */
const hostsSite = z
  .strictObject({
    name: nameSchema.meta({ description: "Name of the site." }),
    provider: z.literal("hosts"),
    hosts: z
      .array(hostSchema)
      .min(1)
      .max(9)
      .meta({ description: "The machines: one is a trial, three survive a dead node." }),
    entry: entrySchema.optional().meta({
      description: "Where clients come in. Absent: with one node the node itself; otherwise it must be said.",
    }),
    certificate: certificateSchema,
  })
  .meta({ description: "Machines you have, reached over SSH." });

/** One place where nodes run. */
export const siteSchema = z.discriminatedUnion("provider", [localSite, hostsSite, ...cloudSites]);
export type Site = z.output<typeof siteSchema>;
export type LocalSite = z.output<typeof localSite>;
export type HostsSite = z.output<typeof hostsSite>;
export type Entry = z.output<typeof entrySchema>;
export type { AlicloudSite, AwsSite, CloudSite } from "./cloud/sites.js";

import * as z from "zod";
import { durationSchema } from "./duration.js";
import { dnsServerSchema, hostnameSchema, lineSchema, mailSchema } from "./names.js";

const ownCertificate = z
  .strictObject({
    from: z.literal("own-ca"),
    validity: durationSchema.default("397d").meta({ description: "How long a server certificate is valid." }),
  })
  .meta({ description: "A CA of this environment, made once, signs the server's certificate." });

const fileCertificate = z
  .strictObject({
    from: z.literal("file"),
    certificate: lineSchema.meta({
      description: "PEM file: the certificate, then its intermediates. Beside the environment file.",
    }),
    key: lineSchema.meta({ description: "PEM file with its private key. Beside the environment file." }),
    ca: lineSchema
      .optional()
      .meta({ description: "PEM file of the CA that clients must trust, when it is not a public one." }),
  })
  .meta({ description: "A certificate you have." });

const acmCertificate = z
  .strictObject({
    from: z.literal("acm"),
    arn: z
      .string()
      .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-z0-9-]+$/, { error: "the ARN of a certificate" })
      .optional()
      .meta({ description: "A certificate that you have in ACM. Absent: one is asked for and proved by DNS." }),
  })
  .meta({ description: "AWS: a certificate that never leaves the balancer; the nodes have one of the own CA." });

const alicloudCertificate = z
  .strictObject({
    from: z.literal("alicloud"),
    id: lineSchema.meta({
      description: "Id of a certificate in Alibaba Cloud's certificate service: 12345678-cn-hangzhou.",
    }),
  })
  .meta({ description: "Alibaba Cloud: a certificate for the balancer; the nodes have one of the own CA." });

const letsEncryptCertificate = z
  .strictObject({
    from: z.literal("lets-encrypt"),
    mail: mailSchema.optional().meta({
      description: "Whom the CA writes to when something is wrong with the account. Absent: nobody.",
    }),
    dns: z
      .strictObject({
        provider: z.enum(["route53", "alidns"]).meta({
          description: "Whose name servers hold the zone: Amazon Route 53, or Alibaba Cloud DNS.",
        }),
        zone: hostnameSchema.meta({ description: "Public zone that registry.hostname is in: example.com." }),
        resolvers: z.array(dnsServerSchema).max(8).default([]).meta({
          description:
            "Name servers that are asked whether the record can be seen: 10.0.0.2 or 10.0.0.2:5353. Empty: those of the zone itself, on port 53.",
        }),
      })
      .meta({ description: "Where a record is made that proves to the CA that the name is yours." }),
    directory: z
      .string()
      .max(1024)
      .regex(/^(production|staging|https:\/\/[A-Za-z0-9._~:/?=&%-]+)$/, {
        error: "production, staging, or the URL of a CA's ACME directory: https://ca.example.com/acme/directory",
      })
      .default("production")
      .meta({
        description:
          "Let's Encrypt itself, its staging environment, which clients do not trust and which hardly limits how often one may try, or the URL of another CA's directory.",
      }),
    ca: lineSchema.optional().meta({
      description:
        "PEM file with the CAs to trust when they are not public ones: of the directory's own server and of what it issues. Beside the environment file.",
    }),
    renewBefore: durationSchema.default("30d").meta({
      description: "How long before its end a certificate is replaced; never before half of its time has gone by.",
    }),
  })
  .meta({
    description:
      "A public certificate, free of charge, proved by a record in DNS. Whoever writes this accepts the terms of service of the CA.",
  });
export type LetsEncrypt = z.output<typeof letsEncryptCertificate>;

/** The certificate that clients see. */
export const certificateSchema = z
  .discriminatedUnion("from", [
    ownCertificate,
    fileCertificate,
    letsEncryptCertificate,
    acmCertificate,
    alicloudCertificate,
  ])
  .default({ from: "own-ca", validity: "397d" })
  .meta({ description: "The certificate that clients see." });
export type Certificate = z.output<typeof certificateSchema>;

/** How long a certificate of the own CA is valid on the nodes behind a balancer that shows one of the cloud. */
const BEHIND_BALANCER = "397d";

/** How long a site's certificate of the own CA is valid; undefined when its nodes have one that comes from elsewhere. */
export function ownValidity(certificate: Certificate): string | undefined {
  switch (certificate.from) {
    case "own-ca":
      return certificate.validity;
    case "acm":
    case "alicloud":
      return BEHIND_BALANCER;
    case "file":
    case "lets-encrypt":
      return undefined;
  }
}

/** Whether clients see a certificate of the own CA, and must trust it. */
export function showsOwnCertificate(certificate: Certificate): boolean {
  return certificate.from === "own-ca";
}

import { alicloud, aws } from "../environments.js";
import type { RefusalCase } from "./refusal-case.js";

const budget = { monthly: 900, currency: "USD" } as const;
const cdn = { hostname: "cdn.example.com", certificate: "12345678-cn-hangzhou" };
const everybody = { operators: ["203.0.113.0/24"], clients: ["0.0.0.0/0"] };
const ARN = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

/** What watches over sites of clouds, and what stands before them. */
export const cloudCare: readonly RefusalCase[] = [
  {
    code: "budget/none-on-alicloud",
    refused: alicloud({ budget }),
    field: "sites[0].budget",
    allowed: aws({ budget, alarms: { mail: ["ops@example.com"] } }),
  },
  {
    code: "alarms/certificate-days-on-alicloud",
    refused: alicloud({ alarms: { certificateDays: 30 } }),
    field: "sites[0].alarms.certificateDays",
    allowed: aws({ alarms: { certificateDays: 30 } }),
  },
  {
    code: "cdn/clients-listed",
    refused: alicloud({ cdn }),
    field: "sites[0].network.clients",
    allowed: alicloud({ cdn, network: everybody }),
  },
  {
    code: "cdn/port",
    refused: alicloud({ cdn, network: everybody }, { ports: { https: 8443 } }),
    field: "registry.ports.https",
    allowed: aws({ cdn: { ...cdn, certificate: ARN }, network: everybody }, { ports: { https: 8443 } }),
  },
  {
    code: "bucket/infrequent-too-soon",
    refused: aws({ bucket: { infrequentAfter: "29d" } }),
    field: "sites[0].bucket.infrequentAfter",
    allowed: aws({ bucket: { infrequentAfter: "30d" } }),
  },
];

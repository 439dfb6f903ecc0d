import { hosts, local } from "../environments.js";
import type { RefusalCase } from "./refusal-case.js";

const asked = { from: "lets-encrypt", dns: { provider: "alidns", zone: "example.com" } } as const;
const inside = { ...asked, dns: { ...asked.dns, zone: "registry.test" } } as const;

/** Certificates that are asked for with ACME. */
export const certificates: readonly RefusalCase[] = [
  {
    code: "certificate/name-outside-zone",
    refused: hosts({ certificate: { ...asked, dns: { ...asked.dns, zone: "y.example.com" } } }),
    field: "sites[0].certificate.dns.zone",
    allowed: hosts({ certificate: { ...asked, dns: { ...asked.dns, zone: "registry.example.com" } } }),
  },
  {
    code: "certificate/name-not-public",
    refused: local({ hostname: "registry.test" }, { certificate: inside }),
    field: "sites[0].certificate.from",
    allowed: local(
      { hostname: "registry.test" },
      { certificate: { ...inside, directory: "https://ca.example.internal/acme/directory" } },
    ),
  },
  {
    code: "certificate/zone-without-a-dot",
    refused: hosts({ certificate: { ...asked, dns: { ...asked.dns, zone: "com" } } }),
    field: "sites[0].certificate.dns.zone",
    allowed: hosts({ certificate: asked }),
  },
  {
    code: "certificate/renew-before",
    refused: hosts({ certificate: { ...asked, renewBefore: "61d" } }),
    field: "sites[0].certificate.renewBefore",
    allowed: hosts({ certificate: { ...asked, renewBefore: "60d" } }),
  },
];

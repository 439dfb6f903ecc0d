import type { LetsEncrypt } from "../certificate.js";
import type { Environment } from "../environment.js";
import { refusalOfEach } from "../refusal.js";
import { isPublicName } from "../url.js";
import { everySite } from "./views.js";

/** Each site whose certificate is asked for with ACME. */
function everyAsked(environment: Environment) {
  return everySite(environment).flatMap((seen) => {
    const asked: LetsEncrypt | undefined =
      seen.site.certificate.from === "lets-encrypt" ? seen.site.certificate : undefined;
    return asked === undefined ? [] : [{ ...seen, asked, hostname: environment.registry.hostname }];
  });
}

const nameOutsideZone = refusalOfEach(everyAsked, "certificate/name-outside-zone", {
  when: ({ asked, hostname }) => hostname !== asked.dns.zone && !hostname.endsWith(`.${asked.dns.zone}`),
  field: "sites[].certificate.dns.zone",
  says: ({ asked, hostname }) => `${hostname} is not in ${asked.dns.zone}`,
  because: "the CA looks for its record below the name of the registry, and nobody asks that zone for it",
  instead: ({ hostname }) => hostname.split(".").slice(1).join(".") || hostname,
  source: "RFC 8555 §8.4: the record is _acme-challenge.<name>",
});

const nameNotPublic = refusalOfEach(everyAsked, "certificate/name-not-public", {
  when: ({ asked, hostname }) => !asked.directory.startsWith("https://") && !isPublicName(hostname),
  field: "sites[].certificate.from",
  says: ({ hostname }) => `lets-encrypt for ${hostname}`,
  because: "no public CA may issue a certificate for a name that belongs to nobody",
  instead: "a name below a domain of yours; or from: own-ca; or directory: the URL of a CA inside your network",
  source: "CA/Browser Forum Baseline Requirements §7.1.4.2.1: no internal names",
});

const zoneIsTopLevel = refusalOfEach(everyAsked, "certificate/zone-without-a-dot", {
  when: ({ asked }) => !asked.dns.zone.includes("."),
  field: "sites[].certificate.dns.zone",
  says: ({ asked }) => asked.dns.zone,
  because: "a top-level domain is nobody's zone to write into",
  instead: ({ hostname }) => hostname.split(".").slice(-2).join("."),
  source: "by design",
});

/** Refusals that concern certificates that are asked for with ACME. */
export const certificateRefusals = [nameOutsideZone, nameNotPublic, zoneIsTopLevel];

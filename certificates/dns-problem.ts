import { Problem } from "../spec/problem.js";
import { type DnsProvider, PROVIDER_NAMES } from "./cloud-keys.js";

/** A request that a provider of DNS has refused, in the provider's words. */
export interface DnsRefusal {
  readonly provider: DnsProvider;
  readonly zone: string;
  /** The provider's code: SignatureDoesNotMatch. */
  readonly code: string;
  readonly message: string;
}

/** What a key needs to be allowed, for the problem that says it is not. */
const RIGHTS: Readonly<Record<DnsProvider, string>> = {
  route53:
    "route53:ListHostedZonesByName, route53:GetChange, and on the zone route53:ListResourceRecordSets and route53:ChangeResourceRecordSets",
  alidns: "alidns:DescribeSubDomainRecords, alidns:AddDomainRecord and alidns:DeleteDomainRecord on the domain",
};

const KINDS: readonly { readonly codes: RegExp; readonly problem: (refusal: DnsRefusal) => Problem }[] = [
  { codes: /^(RequestExpired|InvalidTimeStamp)/, problem: clockWrong },
  {
    codes:
      /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|ExpiredToken|MissingAuthenticationToken|InvalidAccessKey|InvalidSecurityToken|Forbidden\.AccessKey)/,
    problem: credentialsRefused,
  },
  {
    codes: /^(NoSuchHostedZone|InvalidDomainName|IncorrectDomainUser|DomainNotFound|ZoneNotFound)/,
    problem: zoneMissing,
  },
  { codes: /^(AccessDenied|Forbidden|NoPermission|NotAuthorized|UnauthorizedOperation)/, problem: notAllowed },
];

/** What is said to the user of a refused request. */
export function dnsProblem(refusal: DnsRefusal): Problem {
  const kind = KINDS.find(({ codes }) => codes.test(refusal.code));
  return kind === undefined ? failed(refusal) : kind.problem(refusal);
}

/** Whether the same request may well be taken a moment later. */
export function isPassing({ code }: DnsRefusal): boolean {
  return /^(Throttling|PriorRequestNotComplete|ServiceUnavailable|InternalError|InternalFailure)/.test(code);
}

/** A zone that the account of the keys does not have. */
export function zoneMissing({ provider, zone }: Pick<DnsRefusal, "provider" | "zone">): Problem {
  return new Problem({
    code: "dns/zone-not-found",
    says: `${PROVIDER_NAMES[provider]} has no public zone ${zone} in the account of these credentials`,
    instead:
      "certificate.dns.zone is the zone as that console names it, often the domain itself; or the credentials are of another account",
    field: "certificate.dns.zone",
  });
}

/** No answer at all from a provider. */
export function providerUnreachable(provider: DnsProvider, host: string, why: string): Problem {
  return new Problem({
    code: "dns/unreachable",
    says: `${PROVIDER_NAMES[provider]} does not answer at ${host}: ${why}`,
    instead: `check with \`curl https://${host}\` that this machine may reach it, and run the command again`,
  });
}

function credentialsRefused({ provider, code, message }: DnsRefusal): Problem {
  return new Problem({
    code: "dns/credentials-refused",
    says: `${PROVIDER_NAMES[provider]} does not take these credentials: ${code}, ${message}`,
    instead:
      "a key that is deleted, turned off or mistyped; `harborwright secret list E` says whether dns-access-key is kept, otherwise they are those of your environment or profile",
  });
}

function notAllowed({ provider, zone, code, message }: DnsRefusal): Problem {
  return new Problem({
    code: "dns/not-allowed",
    says: `${PROVIDER_NAMES[provider]} takes these credentials, but they may not change ${zone}: ${code}, ${message}`,
    instead: `allow ${RIGHTS[provider]}`,
  });
}

function clockWrong({ provider, message }: DnsRefusal): Problem {
  return new Problem({
    code: "dns/clock-wrong",
    says: `${PROVIDER_NAMES[provider]} finds the time of this machine wrong, ${new Date().toISOString()}: ${message}`,
    instead: "set the clock: timedatectl set-ntp true",
  });
}

function failed({ provider, zone, code, message }: DnsRefusal): Problem {
  return new Problem({
    code: "dns/refused",
    says: `${PROVIDER_NAMES[provider]} refused a record in ${zone}: ${code}, ${message}`,
    instead: "mend what it says and run the command again; nothing was changed on any host",
  });
}

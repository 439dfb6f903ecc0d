import { Problem } from "../spec/problem.js";

/** What a CA has said no to: a problem document (RFC 8555 §6.7). */
export class AcmeRefusal extends Error {
  /** Its kind, without the common beginning: rateLimited. */
  readonly kind: string;
  /** When the CA may be asked again, as it says itself. @default - it does not say */
  readonly retryAfter: string | undefined;

  constructor(kind: string, detail: string, retryAfter?: string) {
    super(detail);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }
}

/** For what a certificate was asked. */
export interface Asked {
  readonly hostname: string;
  /** How the CA is called where people read it. */
  readonly ca: string;
  /** Whether it is Let's Encrypt itself, whose limits are known. */
  readonly isProduction: boolean;
}

type Wording = Omit<ConstructorParameters<typeof Problem>[0], "code">;

/** Limits of Let's Encrypt that an operator can meet (letsencrypt.org/docs/rate-limits). */
const LIMITS =
  "Let's Encrypt gives 5 certificates a week for the same name, 50 a week for a domain, and takes 5 failed attempts an hour";

/** What is said to the user of a CA's refusal. */
export function acmeProblem({ kind, message, retryAfter }: AcmeRefusal, asked: Asked): Problem {
  const wording = WORDINGS[kind] ?? other;
  const { code, ...rest } = wording(message, asked, retryAfter);
  return new Problem({ code: `certificate/${code}`, ...rest });
}

type Worded = Wording & { readonly code: string };
type Worder = (detail: string, asked: Asked, retryAfter: string | undefined) => Worded;

const notProved: Worder = (detail, { hostname, ca }) => ({
  code: "not-proved",
  says: `${ca} did not find the record that proves ${hostname}: ${detail}`,
  instead:
    "the record was seen from here, so the CA asks other name servers: compare what the registrar names as the domain's servers with those of certificate.dns.provider; DNSSEC keys that no longer fit have the same effect",
});

const refusedName: Worder = (detail, { hostname, ca }) => ({
  code: "name-refused",
  says: `${ca} gives no certificate for ${hostname}: ${detail}`,
  instead: "another registry.hostname, below a domain of yours; or certificate: { from: own-ca }",
  field: "registry.hostname",
});

const other: Worder = (detail, { hostname, ca }) => ({
  code: "refused",
  says: `${ca} gives no certificate for ${hostname}: ${detail}`,
  instead: "mend what it says and run the command again; the certificate that is in use stays",
});

const WORDINGS: Readonly<Record<string, Worder>> = {
  rateLimited: (detail, { hostname, ca, isProduction }, retryAfter) => ({
    code: "rate-limited",
    says: `${ca} gives no certificate for ${hostname} for now: ${detail}`,
    instead: [
      ...(isProduction ? [LIMITS] : []),
      `run the command again ${retryAfter === undefined ? "later" : `after ${retryAfter}`}; what is in use stays until then`,
      ...(isProduction ? ["to try settings, use directory: staging, which hardly limits"] : []),
    ].join("; "),
    source: "letsencrypt.org/docs/rate-limits",
  }),
  dns: notProved,
  unauthorized: notProved,
  incorrectResponse: notProved,
  connection: notProved,
  rejectedIdentifier: refusedName,
  unsupportedIdentifier: refusedName,
  caa: (detail, { hostname, ca }) => ({
    code: "forbidden-by-caa",
    says: `a CAA record forbids ${ca} to certify ${hostname}: ${detail}`,
    instead: 'allow it in the zone: CAA 0 issue "letsencrypt.org"',
    source: "RFC 8659",
  }),
  invalidContact: (detail, { ca }) => ({
    code: "mail-refused",
    says: `${ca} does not take the mail address: ${detail}`,
    instead: "an address that receives mail, or none",
    field: "certificate.mail",
  }),
  unsupportedContact: (detail, asked, retryAfter) =>
    WORDINGS.invalidContact?.(detail, asked, retryAfter) ?? other(detail, asked, retryAfter),
  externalAccountRequired: (detail, { ca }) => ({
    code: "account-elsewhere",
    says: `${ca} takes only accounts that were opened with it beforehand: ${detail}`,
    instead: "directory: production for Let's Encrypt, or another CA; this version cannot bind accounts",
    field: "certificate.directory",
  }),
};

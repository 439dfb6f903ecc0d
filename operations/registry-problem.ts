import * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem, type ProblemDetails } from "../spec/problem.js";

/** What went wrong between us and a registry, with what a program may want to know about it. */
export class RegistryProblem extends Problem {
  /** Status of the answer. @default - there was none */
  readonly status: number | undefined;
  /** The registry's own code, `MANIFEST_UNKNOWN`, or that of the connection, `ECONNRESET`. */
  readonly errorCode: string;
  /** Bytes of an answer's body that had arrived when the connection was cut; undefined when no answer had begun. */
  readonly received: number | undefined;

  constructor(
    details: ProblemDetails,
    cause: { readonly status?: number; readonly errorCode: string; readonly received?: number | undefined },
  ) {
    super(details);
    this.status = cause.status;
    this.errorCode = cause.errorCode;
    this.received = cause.received;
  }
}

/** Where a request went, for messages. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly hostname: string;
  readonly address: string;
  readonly port: number;
  readonly timeout: number;
}

const errorsSchema = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string().optional() })).min(1),
});

/** An answer that is not the one expected (OCI distribution-spec, "Error Codes"). */
export function refusedAnswer(asked: Asked, status: number, body: Uint8Array): RegistryProblem {
  const parsed = errorsSchema.safeParse(parsedJson(Buffer.from(body).toString("utf8")));
  const [error] = parsed.success ? parsed.data.errors : [];
  const errorCode = error?.code ?? `HTTP_${status}`;
  const told = error === undefined ? "" : `: ${[error.code, error.message].filter(Boolean).join(" ")}`;
  return new RegistryProblem(
    {
      code: `registry/${STATUS_CODES[status] ?? "refused"}`,
      says: `${asked.method} ${asked.path} at ${asked.address}:${asked.port} was answered ${status}${told}`,
      instead: STATUS_HINTS[status] ?? "see the log of the registry: harborwright logs",
    },
    { status, errorCode },
  );
}

/** A body that does not have the digest that was asked for. */
export function wrongDigest(asked: Asked, wanted: string, got: string): RegistryProblem {
  return new RegistryProblem(
    {
      code: "registry/digest-differs",
      says: `${asked.path} at ${asked.address}:${asked.port} has the digest ${got}, not ${wanted}`,
      instead: "the storage is damaged, or something between answers in its place",
    },
    { errorCode: "DIGEST_DIFFERS" },
  );
}

/** A connection that could not be made or did not last. */
export function brokenConnection(asked: Asked, error: unknown, received: number | undefined): RegistryProblem {
  const errorCode = codeOf(error);
  const { code, says, instead } = connectionProblem(errorCode, asked, error);
  const where = `${asked.address}:${asked.port}`;
  return new RegistryProblem({ code: `registry/${code}`, says: `${where} ${says}`, instead }, { errorCode, received });
}

const STATUS_CODES: Readonly<Record<number, string>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  405: "not-allowed",
  413: "too-large",
  416: "range",
  429: "too-many-requests",
  500: "storage",
  503: "unavailable",
};

const STATUS_HINTS: Readonly<Record<number, string>> = {
  401: "the password is not the one that the hosts know: harborwright up brings it to them",
  403: "a client certificate is needed, or the address is not allowed",
  405: "the registry is read-only, a mirror, or deletes are not allowed",
  429: "wait, or raise registry.limits",
  500: "the registry could not use its storage: harborwright logs",
  503: "no node or no storage answers: harborwright status",
};

function connectionProblem(
  errorCode: string,
  asked: Asked,
  error: unknown,
): Record<"code" | "says" | "instead", string> {
  switch (errorCode) {
    case "TIMEOUT":
      return {
        code: "timeout",
        says: `did not answer ${asked.method} ${asked.path} within ${asked.timeout} ms`,
        instead: "the node hangs or is cut off: harborwright status",
      };
    case "ECONNREFUSED":
      return { code: "refused", says: "refuses connections", instead: "start the node: harborwright up" };
    case "CERT_HAS_EXPIRED":
      return { code: "certificate", says: "shows an expired certificate", instead: "harborwright renew" };
    case "CERT_NOT_YET_VALID":
      return {
        code: "certificate",
        says: "shows a certificate that is not yet valid by this machine's clock",
        instead: "set the clock right",
      };
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return {
        code: "certificate",
        says: `shows a certificate for other names than ${asked.hostname}`,
        instead: "harborwright up brings the right one",
      };
    default:
      if (/CERT|ISSUER|SIGNATURE/.test(errorCode)) {
        return {
          code: "certificate",
          says: `shows a certificate that is not trusted (${errorCode})`,
          instead: "harborwright up brings the right one; another program may be listening there",
        };
      }
      return {
        code: "connection",
        says: `cut the connection during ${asked.method} ${asked.path}: ${messageOf(error)}`,
        instead: "harborwright status shows which node is missing",
      };
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "TIMEOUT";
  if (error instanceof Error && error.cause instanceof Error) return codeOf(error.cause);
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

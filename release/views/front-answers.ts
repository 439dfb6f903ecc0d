/** An answer that the front gives itself, in the form in which a registry answers (OCI distribution-spec, error codes). */
export interface FrontAnswer {
  /** Name of the named location in nginx. */
  readonly name: string;
  readonly status: number;
  /** The body: `{"errors":[…]}`. */
  readonly body: string;
}

function answer(name: string, status: number, code: string, message: string): FrontAnswer {
  return { name, status, body: JSON.stringify({ errors: [{ code, message }] }) };
}

/**
 * The front's own answers. Clients print the message: skopeo shows `toomanyrequests: …` where an HTML page would leave
 * it with a scrap.
 */
export const FRONT_ANSWERS = {
  tooManyPushes: answer("too_many_pushes", 429, "TOOMANYREQUESTS", "push rate limit reached, retry later"),
  tooManyConnections: answer("too_many_connections", 429, "TOOMANYREQUESTS", "too many connections, retry later"),
  certificateNeeded: answer("certificate_needed", 403, "DENIED", "a client certificate of this registry is needed"),
  tooLarge: answer("too_large", 413, "SIZE_INVALID", "the layer is larger than this registry accepts"),
  notFound: answer("not_found", 404, "NOT_FOUND", "a registry answers below /v2/"),
  unavailable: answer("unavailable", 503, "UNAVAILABLE", "no registry node can serve this now, retry later"),
} as const;

/** Seconds that a client is told to wait after a 429 or 503. */
export const RETRY_AFTER_SECONDS = 5;

/** Cipher suites of TLS 1.2: forward secret and authenticated. Those of TLS 1.3 are all good and not chosen here. */
export const TLS12_CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

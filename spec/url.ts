import * as z from "zod";

/** The signs a URL may hold as they are (RFC 3986): no blank, no quote, no line break, which JavaScript's parser drops silently. */
const WEB_URL = /^https?:\/\/[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+$/;

/** A URL with http or https. Its parts are ASCII, and it carries no user and no password: those are secrets. */
export const urlSchema = z
  .string()
  .max(1024)
  .regex(WEB_URL, { error: "a URL with http or https is needed: https://s3.example.com:9000", abort: true })
  .refine((text) => URL.canParse(text), {
    error: "this URL cannot be read: its host or its port is not valid",
    abort: true,
  })
  .refine((text) => !hasCredentials(text), {
    error: "a URL without a user or a password is needed; passwords belong into the secret store",
  })
  .meta({ format: "uri" });

function hasCredentials(text: string): boolean {
  const url = new URL(text);
  return url.username !== "" || url.password !== "";
}

/** Top-level domains that no public name server answers for (RFC 2606, 6762, 8375, 9476, ICANN's `internal`), and common inside names. */
const PRIVATE_DOMAINS =
  /(^|\.)(internal|local|localhost|lan|home\.arpa|corp|intranet|private|test|example|invalid|alt)$/;

/** Private, loopback, link-local, carrier-grade and benchmark blocks of IPv4. */
const PRIVATE_IPV4 =
  /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|198\.1[89]\.)/;

/** Unique local, link-local and loopback addresses of IPv6, in brackets as a URL has them. */
const PRIVATE_IPV6 = /^\[(f[cd]|fe[89ab]|::1\])/;

/** Whether the host of a URL can only be a name or an address inside one's own network. */
export function isPrivateHost(url: string): boolean {
  const host = new URL(url).hostname;
  if (/^[0-9.]+$/.test(host)) return PRIVATE_IPV4.test(host);
  if (host.startsWith("[")) return PRIVATE_IPV6.test(host);
  return !host.includes(".") || PRIVATE_DOMAINS.test(host);
}

/** Whether a name can be registered by somebody, so that a public CA may certify it. */
export function isPublicName(name: string): boolean {
  return name.includes(".") && !PRIVATE_DOMAINS.test(name);
}

/** Whether the host of a URL is the machine that asks. */
export function isLoopback(url: string): boolean {
  const host = new URL(url).hostname;
  return host.startsWith("127.") || host === "localhost" || host.endsWith(".localhost") || host === "[::1]";
}

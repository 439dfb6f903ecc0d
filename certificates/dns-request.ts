import type { DnsProvider } from "./cloud-keys.js";
import { type DnsRefusal, dnsProblem, isPassing, providerUnreachable } from "./dns-problem.js";
import { again } from "./patience.js";

/** Milliseconds after which an answer is not waited for any longer. */
const TIMEOUT = 30_000;

/** A request with its signature. */
export interface SignedRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a provider answered. */
export interface DnsAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: string;
}

/** A refusal while it may still turn out that it passes. */
class Refused extends Error {
  constructor(readonly refusal: DnsRefusal) {
    super(refusal.code);
  }
}

/**
 * Sends a request, and again when the provider asks for patience. It is signed anew each time.
 * @param refusalIn - the provider's words in the body of a refusal
 * @throws Problem `dns/…`
 */
export async function askDns(
  provider: DnsProvider,
  zone: string,
  sign: () => Promise<SignedRequest> | SignedRequest,
  refusalIn: (answer: DnsAnswer) => { readonly code: string; readonly message: string },
): Promise<string> {
  const once = async () => {
    const answer = await send(provider, await sign());
    if (answer.ok) return answer.body;
    throw new Refused({ provider, zone, ...refusalIn(answer) });
  };
  try {
    return await again(once, (error) => error instanceof Refused && isPassing(error.refusal));
  } catch (error) {
    throw error instanceof Refused ? dnsProblem(error.refusal) : error;
  }
}

async function send(provider: DnsProvider, { method, url, headers, body }: SignedRequest): Promise<DnsAnswer> {
  // The host is signed, but sent by fetch itself.
  const { host: _, ...others } = headers;
  const options = {
    method,
    headers: others,
    signal: AbortSignal.timeout(TIMEOUT),
    ...(body === undefined ? {} : { body }),
  };
  try {
    const response = await fetch(url, options);
    return { ok: response.ok, status: response.status, body: await response.text() };
  } catch (error) {
    throw providerUnreachable(provider, new URL(url).host, reasonOf(error));
  }
}

/** fetch says no more than "fetch failed"; what failed is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

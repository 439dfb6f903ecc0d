import { Agent } from "node:https";
import { rootCertificates } from "node:tls";
import type { Authorization, Client, Order } from "acme-client";
import * as z from "zod";
import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import { AcmeRefusal, type Asked, acmeProblem } from "./acme-refusal.js";
import { again } from "./patience.js";

export type { Authorization, Order } from "acme-client";

/** How a CA is reached. */
export interface AcmeServer {
  /** URL of its directory. */
  readonly directory: string;
  /** PEM of CAs that its server may show besides the public ones. @default - none */
  readonly ca?: string | undefined;
}

const PROBLEM = "urn:ietf:params:acme:error:";
const problemSchema = z.object({
  type: z.string().startsWith(PROBLEM),
  detail: z.string().default(""),
  subproblems: z.array(z.object({ detail: z.string().default("") })).default([]),
});

/** Milliseconds for one request. */
const TIMEOUT = 30_000;

/**
 * A conversation with a CA (RFC 8555). Each step is taken again when the CA or the way to it fails in passing; what the
 * CA refuses becomes a Problem.
 */
export class AcmeSession {
  readonly #client: Client;
  readonly #asked: Asked;

  private constructor(client: Client, asked: Asked) {
    this.#client = client;
    this.#asked = asked;
  }

  static async open(server: AcmeServer, accountKey: Secret, asked: Asked): Promise<AcmeSession> {
    const acme = await import("acme-client");
    settle(acme.axios, server.ca);
    return new AcmeSession(new acme.Client({ directoryUrl: server.directory, accountKey: accountKey.reveal() }), asked);
  }

  /** Opens the account, or finds the one of this key; the CA takes the mail address it has now. */
  async register(mail: string | undefined): Promise<void> {
    const contact = mail === undefined ? [] : [`mailto:${mail}`];
    await this.#ask(() => this.#client.createAccount({ termsOfServiceAgreed: true, contact }));
  }

  order(hostname: string): Promise<Order> {
    return this.#ask(() => this.#client.createOrder({ identifiers: [{ type: "dns", value: hostname }] }));
  }

  /** An order that was begun earlier; undefined when the CA knows it no more or has given it up. */
  async orderAt(url: string): Promise<Order | undefined> {
    return this.#ask(async () => {
      try {
        const order = await this.#client.getOrder({ ...NO_ORDER, url });
        return order.status === "invalid" ? undefined : order;
      } catch (error) {
        const isGone = error instanceof AcmeRefusal && !["serverInternal", "rateLimited"].includes(error.kind);
        if (isGone) return undefined;
        throw error;
      }
    });
  }

  authorizations(order: Order): Promise<Authorization[]> {
    return this.#ask(() => this.#client.getAuthorizations(order));
  }

  /** The text that proves a name: the digest of the challenge's token and of the account's key. */
  proof(challenge: Authorization["challenges"][number]): Promise<string> {
    return this.#client.getChallengeKeyAuthorization(challenge);
  }

  /** Tells the CA to look now. */
  async look(challenge: Authorization["challenges"][number]): Promise<void> {
    await this.#ask(() => this.#client.completeChallenge(challenge));
  }

  async finalize(order: Order, request: string): Promise<void> {
    await this.#ask(() => this.#client.finalizeOrder(order, request));
  }

  /** The chain, PEM: the certificate first. */
  certificate(order: Order): Promise<string> {
    return this.#ask(() => this.#client.getCertificate(order));
  }

  /** The Problem for what the CA found out later, as it stands in a challenge or an order. */
  refused(error: unknown, otherwise: string): Problem {
    const refusal = refusalIn(error) ?? new AcmeRefusal("unknown", otherwise);
    return acmeProblem(refusal, this.#asked);
  }

  async #ask<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await again(step, mayPass);
    } catch (error) {
      throw this.#problem(error);
    }
  }

  #problem(error: unknown): unknown {
    if (error instanceof AcmeRefusal) return acmeProblem(error, this.#asked);
    const code = codeOf(error);
    if (code === undefined) return acmeProblem(new AcmeRefusal("unknown", messageOf(error)), this.#asked);
    return unreachable(this.#asked.ca, code, error);
  }
}

/** An order of which only the place matters; the library wants the rest as well and does not look at it. */
const NO_ORDER = {
  status: "pending",
  identifiers: [],
  authorizations: [],
  finalize: "",
} as const satisfies Partial<Order>;

type Axios = typeof import("acme-client")["axios"];

/** Settings of the library's only connection, which all of its clients share. */
function settle(axios: Axios, ca: string | undefined): void {
  axios.defaults.timeout = TIMEOUT;
  axios.defaults.headers.common["User-Agent"] = "harborwright";
  if (ca === undefined) delete axios.defaults.httpsAgent;
  else axios.defaults.httpsAgent = new Agent({ ca: [...rootCertificates, ca] });
  // The library's own rules for another try wait as long as a CA that limits asks for, which is days, and lose the
  // reason of a connection that failed.
  axios.interceptors.request.clear();
  axios.interceptors.response.clear();
  axios.interceptors.response.use((response) => {
    const { status, data, headers } = response;
    const refusal = status >= 400 ? refusalIn(data, retryAfterOf(headers["retry-after"])) : undefined;
    // The library asks again by itself with a new nonce.
    if (refusal !== undefined && refusal.kind !== "badNonce") throw refusal;
    if (refusal === undefined && status >= 400) {
      throw new AcmeRefusal(status >= 500 ? "serverInternal" : "unknown", `HTTP ${status}`);
    }
    return response;
  });
}

function refusalIn(document: unknown, retryAfter?: string): AcmeRefusal | undefined {
  const parsed = problemSchema.safeParse(document);
  if (!parsed.success) return undefined;
  const { type, detail, subproblems } = parsed.data;
  const details = [detail, ...subproblems.map((one) => one.detail)].filter((one) => one !== "");
  return new AcmeRefusal(type.slice(PROBLEM.length), details.join("; "), retryAfter);
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfterOf(header: unknown): string | undefined {
  if (typeof header !== "string" || header === "") return undefined;
  const date = /^\d+$/.test(header) ? new Date(Date.now() + Number(header) * 1_000) : new Date(header);
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function mayPass(error: unknown): boolean {
  if (error instanceof AcmeRefusal) return error.kind === "serverInternal";
  return ["ECONNRESET", "ECONNABORTED", "ETIMEDOUT", "EAI_AGAIN", "ECONNREFUSED"].includes(codeOf(error) ?? "");
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unreachable(ca: string, code: string, error: unknown): Problem {
  const isUntrusted = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code);
  return new Problem({
    code: isUntrusted ? "certificate/ca-untrusted" : "certificate/ca-unreachable",
    says: `${ca} ${isUntrusted ? "shows a certificate that is not trusted here" : "does not answer"}: ${code}, ${messageOf(error)}`,
    instead: isUntrusted
      ? "name the PEM file of its CA as certificate.ca, or check who answers in its place"
      : "check that this machine may reach it, HTTPS_PROXY is heeded; then run the command again",
    ...(isUntrusted ? { field: "certificate.ca" } : {}),
  });
}

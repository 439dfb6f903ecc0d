import { lookup } from "node:dns";
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Secret } from "../spec/secret.js";
import { type Asked, brokenConnection } from "./registry-problem.js";

/** A registry behind one address: one and the same registry can be reached through its entry and through each node. */
export interface RegistryAddress {
  /** Name that the registry's certificate and its clients know. */
  readonly hostname: string;
  /** IP address or name to connect to instead. */
  readonly address: string;
  readonly port: number;
  /** PEM of the CAs that are trusted. @default - the public ones */
  readonly ca?: string;
  readonly credentials?: { readonly username: string; readonly password: Secret };
  /** For a registry that asks its clients for one, PEM. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: Secret };
  /** Milliseconds that one request may take. @default 10000 */
  readonly timeout?: number;
  /** Use a connection for several requests. @default true */
  readonly keepAlive?: boolean;
}

export interface Request {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const TIMEOUT = 10_000;

/** Sends requests to one address of a registry. */
export class RegistryConnection {
  readonly #to: RegistryAddress;
  readonly #agent: Agent;

  constructor(to: RegistryAddress) {
    this.#to = to;
    this.#agent = new Agent({ keepAlive: to.keepAlive ?? true });
  }

  /** @throws RegistryProblem when there is no whole answer; whatever its status, an answer is returned */
  send(asked: Request): Promise<Answer> {
    const { hostname, port, credentials, clientCertificate, ca } = this.#to;
    const options: RequestOptions = {
      agent: this.#agent,
      host: hostname,
      port,
      lookup: lookupOf(this.#to.address),
      ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      ...(ca === undefined ? {} : { ca }),
      ...(clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.key.reveal() }),
      ...(credentials && { auth: `${credentials.username}:${credentials.password.reveal()}` }),
    };
    return exchange((signal) => request({ ...options, ...head(asked), signal }), asked, this.describe(asked));
  }

  /** Follows a redirect to the storage: another host, its own name, and never our password. */
  follow(location: string, asked: Request): Promise<Answer> {
    const url = new URL(location);
    const begin = url.protocol === "http:" ? plainRequest : request;
    const agent = url.protocol === "http:" ? new PlainAgent() : new Agent();
    const described = { ...this.describe(asked), address: url.hostname, port: Number(url.port) || 443 };
    return exchange((signal) => begin(url, { method: asked.method, agent, signal }), asked, described);
  }

  /** A request as messages tell it. */
  describe({ method, path }: Request): Asked {
    const { hostname, address, port, timeout = TIMEOUT } = this.#to;
    return { method, path, hostname, address, port, timeout };
  }

  close(): void {
    this.#agent.destroy();
  }
}

function head({ method, path, headers, body }: Request): RequestOptions {
  return { method, path, headers: { ...headers, ...(body && { "Content-Length": body.byteLength }) } };
}

/** Sends one request and collects its answer, within the time it has. */
async function exchange(
  begin: (signal: AbortSignal) => ReturnType<typeof request>,
  asked: Request,
  described: Asked,
): Promise<Answer> {
  let received: number | undefined;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = begin(AbortSignal.timeout(described.timeout));
      sent.once("response", resolve).once("error", reject).end(asked.body);
    });
    received = 0;
    const parts: Buffer[] = [];
    for await (const part of response as AsyncIterable<Buffer>) {
      parts.push(part);
      received += part.byteLength;
    }
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) };
  } catch (error) {
    throw brokenConnection(described, error, received);
  }
}

/** Resolves every name to the one address we want to reach. */
function lookupOf(address: string): LookupFunction {
  const family = isIP(address);
  if (family === 0) return (_, options, done) => lookup(address, options, done);
  return (_, options, done) => {
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Secret } from "../spec/secret.js";

/** Where Harbor is, and who asks. */
export interface HarborAccess {
  /** Its nodes, any of which answers: https://10.20.0.11. */
  readonly nodes: readonly string[];
  /** The name that its certificate is for, and that requests name. @default - that of each node */
  readonly hostname?: string;
  readonly user: string;
  readonly password: Secret;
  /** PEM of the CA that signed its certificate. @default - the public ones */
  readonly ca?: string;
  /** How long one answer may take, in milliseconds. @default 30_000 */
  readonly timeout?: number;
  /** How long nodes are asked again and again when none answers, in milliseconds. @default 30_000 */
  readonly patience?: number;
}

/** What is sent. */
export interface Exchange {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with its query, from the root. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `user:password`. @default - nobody is named */
  readonly login?: Secret;
  /** A token in the place of a login. */
  readonly token?: Secret;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Number of all entries of a list, where the answer has it. */
  readonly total: number | undefined;
  readonly location: string | undefined;
}

/** Largest answer that is read: lists come in pages of a hundred. */
const MOST_BYTES = 32 * 1024 ** 2;

/** Speaks HTTP with the nodes, over connections that stay open. */
export class Wire {
  readonly #access: HarborAccess;
  readonly #secure = new HttpsAgent({ keepAlive: true, maxSockets: 8 });
  readonly #plain = new HttpAgent({ keepAlive: true, maxSockets: 8 });

  constructor(access: HarborAccess) {
    this.#access = access;
  }

  /** Sends one request to one node. Rejects with the system's error when no whole answer came. */
  exchange(node: string, { method, path, body, headers, login, token }: Exchange): Promise<Answer> {
    const { hostname, ca, timeout = 30_000 } = this.#access;
    const url = new URL(path, node);
    const secure = url.protocol === "https:";
    const options = {
      method,
      agent: secure ? this.#secure : this.#plain,
      headers: {
        accept: "application/json",
        ...(login && { authorization: `Basic ${Buffer.from(login.reveal()).toString("base64")}` }),
        ...(token && { authorization: `Bearer ${token.reveal()}` }),
        ...(hostname === undefined ? {} : { host: url.port === "" ? hostname : `${hostname}:${url.port}` }),
        ...(body === undefined
          ? {}
          : { "content-type": "application/json", "content-length": `${Buffer.byteLength(body)}` }),
        ...headers,
      },
      ...(hostname === undefined ? {} : { servername: hostname }),
      ...(ca === undefined ? {} : { ca }),
    };
    return new Promise((resolve, reject) => {
      const request = secure ? httpsRequest(url, options) : httpRequest(url, options);
      // Of the whole exchange: a node that sends a byte now and then must not hold us for ever.
      const limit = setTimeout(() => request.destroy(timeoutError(timeout)), timeout);
      const fail = (error: Error) => {
        clearTimeout(limit);
        reject(error);
      };
      request.on("error", fail);
      request.on("response", (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on("data", (part: Buffer) => {
          parts.push(part);
          length += part.length;
          if (length > MOST_BYTES) request.destroy(new Error("the answer is larger than any of Harbor's"));
        });
        response.on("error", fail);
        response.on("aborted", () => fail(new Error("the connection broke in the middle of the answer")));
        response.on("end", () => {
          clearTimeout(limit);
          const total = Number(response.headers["x-total-count"] ?? Number.NaN);
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString("utf8"),
            total: Number.isInteger(total) ? total : undefined,
            location: response.headers.location,
          });
        });
      });
      request.end(body);
    });
  }

  /** Lets go of the connections. */
  close(): void {
    this.#secure.destroy();
    this.#plain.destroy();
  }
}

function timeoutError(milliseconds: number): Error {
  return Object.assign(new Error(`no answer within ${milliseconds / 1000} s`), { code: "ETIMEDOUT" });
}

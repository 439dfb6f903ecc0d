import { setTimeout as pause } from "node:timers/promises";
import type * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { type Answer, type Exchange, type HarborAccess, Wire } from "./exchange.js";
import { HarborError } from "./harbor-error.js";

/** What a path may be followed by. */
export type Query = Readonly<Record<string, string | number>>;
/** What a request may carry. */
export type Body = Readonly<Record<string, unknown>>;

/** Entries of a list in one answer: more is refused with 422. */
const PAGE = 100;
/** The node's own proxy says so of a core that is gone, Harbor of a registry that is. */
const GONE = new Set([502, 503, 504]);

/**
 * Harbor's API, through any of its nodes. A request whose connection breaks is sent again, to the next node: reading
 * changes nothing, PUT and DELETE may be done twice, and who makes a thing looks at "exists already" anyway.
 */
export class HarborClient {
  readonly #access: HarborAccess;
  readonly #wire: Wire;
  readonly #login: Secret;
  /** The node that answered last: it is asked first. */
  #current = 0;
  /** What was asked already, when answers are remembered. */
  #answers: Map<string, Promise<Answer>> | undefined;

  constructor(access: HarborAccess, wire = new Wire(access)) {
    if (access.nodes.length === 0) throw new RangeError("a Harbor has at least one node");
    this.#access = access;
    this.#wire = wire;
    this.#login = new Secret(`${access.user}:${access.password.reveal()}`);
  }

  /**
   * One thing; undefined when there is none (404, or an empty answer).
   * @throws HarborError what Harbor refuses
   * @throws Problem `harbor/unreachable`, `harbor/certificate`, `harbor/wrong-password`, `harbor/strange-answer`
   */
  async get<Shape extends z.ZodType>(
    path: string,
    shape: Shape,
    query: Query = {},
  ): Promise<z.output<Shape> | undefined> {
    const answer = await this.#send("GET", withQuery(path, query));
    if (answer.status === 404) return undefined;
    this.#expectSuccess(answer, `GET ${path}`);
    if (answer.body.trim() === "" || answer.body.trim() === "null") return undefined;
    return understood(answer.body, shape, `GET ${path}`);
  }

  /** A text as it is, a log; undefined when there is none. @throws as {@link get} */
  async text(path: string): Promise<string | undefined> {
    const answer = await this.#send("GET", path);
    if (answer.status === 404) return undefined;
    this.#expectSuccess(answer, `GET ${path}`);
    return answer.body;
  }

  /** All entries of a list, page by page. @throws as {@link get} */
  async list<Shape extends z.ZodType>(
    path: string,
    shape: z.ZodArray<Shape>,
    query: Query = {},
  ): Promise<z.output<Shape>[]> {
    const all: z.output<Shape>[] = [];
    for (let page = 1; ; page += 1) {
      const answer = await this.#send("GET", withQuery(path, { ...query, page, page_size: PAGE }));
      this.#expectSuccess(answer, `GET ${path}`);
      // Go writes an empty list as null.
      const entries = /^\s*(null)?\s*$/.test(answer.body) ? [] : understood(answer.body, shape, `GET ${path}`);
      all.push(...entries);
      if (entries.length < PAGE || all.length === answer.total) return all;
    }
  }

  /** Makes a thing. Gives the last part of its address: its id, mostly. @throws as {@link get} */
  async post(path: string, body: Body): Promise<string> {
    const answer = await this.#send("POST", path, body);
    this.#expectSuccess(answer, `POST ${path}`);
    return answer.location?.split("/").at(-1) ?? "";
  }

  /** Changes a thing. @throws as {@link get} */
  async put(path: string, body: Body): Promise<void> {
    this.#expectSuccess(await this.#send("PUT", path, body), `PUT ${path}`);
  }

  /** Changes a part of a thing. @throws as {@link get} */
  async patch(path: string, body: Body): Promise<void> {
    this.#expectSuccess(await this.#send("PATCH", path, body), `PATCH ${path}`);
  }

  /** Takes a thing away; one that is gone already is none of our concern. @throws as {@link get} */
  async delete(path: string): Promise<void> {
    const answer = await this.#send("DELETE", path);
    if (answer.status !== 404) this.#expectSuccess(answer, `DELETE ${path}`);
  }

  /**
   * Whether somebody may log in. The registry's own path is asked: the one that gives tokens answers 200 to anybody.
   */
  async accepts(user: string, secret: Secret): Promise<boolean> {
    const login = new Secret(`${user}:${secret.reveal()}`);
    const answer = await this.#exchange({ method: "GET", path: "/v2/", login });
    if (answer.status !== 401) this.#expectSuccess(answer, "GET /v2/");
    return answer.status !== 401;
  }

  /**
   * The same Harbor, asked nothing twice: for one look at it. Each request costs Harbor 600,000 rounds of a hash of the
   * password, a tenth of a second of a core.
   */
  remembering(): HarborClient {
    const client = new HarborClient(this.#access, this.#wire);
    client.#answers = new Map();
    return client;
  }

  close(): void {
    this.#wire.close();
  }

  #send(method: Exchange["method"], path: string, body?: Body): Promise<Answer> {
    if (method !== "GET") return this.#sendNow(method, path, body);
    const answer = this.#answers?.get(path) ?? this.#sendNow(method, path, body);
    this.#answers?.set(path, answer);
    return answer;
  }

  async #sendNow(method: Exchange["method"], path: string, body?: Body): Promise<Answer> {
    const answer = await this.#exchange({
      method,
      path: `/api/v2.0${path}`,
      login: this.#login,
      // A path names projects, and a name of digits alone would be read as an id.
      headers: { "x-is-resource-name": "true" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 401) throw this.#wrongPassword();
    return answer;
  }

  /** Asks node after node, and all of them again until patience ends. */
  async #exchange(exchange: Exchange): Promise<Answer> {
    const { nodes, patience = 30_000 } = this.#access;
    const deadline = performance.now() + patience;
    for (let round = 0; ; round += 1) {
      let last: Error | Answer | undefined;
      for (let step = 0; step < nodes.length; step += 1) {
        const index = (this.#current + step) % nodes.length;
        const outcome = await this.#wire
          .exchange(nodes[index] ?? "", exchange)
          .catch((error: unknown) => asError(error));
        if (!(outcome instanceof Error) && !GONE.has(outcome.status)) {
          this.#current = index;
          return outcome;
        }
        // A certificate does not become right by asking again.
        if (outcome instanceof Error && isCertificateError(outcome))
          throw this.#certificate(nodes[index] ?? "", outcome);
        last = outcome;
      }
      const wait = Math.min(250 * 2 ** round, 4_000);
      if (performance.now() + wait > deadline) throw this.#unreachable(last);
      await pause(wait);
    }
  }

  #expectSuccess(answer: Answer, request: string): void {
    if (answer.status < 200 || answer.status > 299) throw new HarborError(answer.status, answer.body, request);
  }

  #wrongPassword(): Problem {
    return new Problem({
      code: "harbor/wrong-password",
      says: `Harbor does not accept the password of ${this.#access.user}`,
      instead:
        "put the right one into the secret store (harbor/admin-password); Harbor says the same while its data base is down: look at /api/v2.0/health",
    });
  }

  #certificate(node: string, error: Error): Problem {
    return new Problem({
      code: "harbor/certificate",
      says: `the certificate of ${node} cannot be trusted: ${error.message}`,
      instead: "name the CA that signed it, or let the certificate be renewed for the name it is asked by",
    });
  }

  #unreachable(last: Error | Answer | undefined): Problem {
    const why = last instanceof Error ? last.message : `its proxy answers ${last?.status}`;
    const { nodes } = this.#access;
    return new Problem({
      code: "harbor/unreachable",
      says: `Harbor cannot be reached through ${nodes.length === 1 ? nodes[0] : `any of ${nodes.join(", ")}`}: ${why}`,
      instead: "look whether it runs and whether this machine may reach its port",
    });
  }
}

function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) search.set(key, `${value}`);
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

function understood<Shape extends z.ZodType>(body: string, shape: Shape, request: string): z.output<Shape> {
  const result = shape.safeParse(parsedJson(body));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Problem({
    code: "harbor/strange-answer",
    says: `Harbor's answer to ${request} is not what its API describes: ${issue?.path.join(".")} ${issue?.message}`,
    instead: "look whether it is Harbor 2.13, 2.14 or 2.15 that answers there",
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** OpenSSL's words for a certificate that does not fit; everything else is a fault of the network. */
function isCertificateError(error: Error): boolean {
  const code: unknown = Reflect.get(error, "code");
  return (
    typeof code === "string" &&
    /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA/.test(code)
  );
}

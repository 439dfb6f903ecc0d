import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { projectRoutes } from "./projects.js";
import { type NodeKeys, registryReply } from "./registry.js";
import { isJson, type Json, Refusal, type Reply, type Route } from "./reply.js";
import { robotRoutes } from "./robots.js";
import { ruleRoutes } from "./rules.js";
import { PASSWORD, State } from "./state.js";
import { systemRoutes } from "./system.js";

export { PASSWORD };

const BASE = "/api/v2.0";

/** When the server falls silent: at which change, and whether it is still made. */
interface Fall {
  left: number;
  readonly made: boolean;
}

/** Harbor's API in memory, with the rules that are known of it. */
export class HarborServer {
  #state = new State();
  #routes = routesOf(this.#state);
  /** Requests that changed something, or tried to: `POST /projects`. */
  readonly changes: string[] = [];
  /** Requests that only looked. */
  readonly looks: string[] = [];
  /** What this node has of that which all nodes of a Harbor share. */
  readonly keys: NodeKeys = { token: "shared", uploads: "shared" };
  #fall: Fall | undefined;
  #down = false;
  readonly #server;
  readonly #secure: boolean;

  private constructor(tls?: { readonly key: string; readonly cert: string }) {
    this.#secure = tls !== undefined;
    const answer = (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response);
    this.#server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
  }

  static async start(tls?: { readonly key: string; readonly cert: string }): Promise<HarborServer> {
    const server = new HarborServer(tls);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get state(): State {
    return this.#state;
  }

  /** Another Harbor at the same address. */
  set state(state: State) {
    this.#state = state;
    this.#routes = routesOf(state);
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return `${this.#secure ? "https" : "http"}://127.0.0.1:${port}`;
  }

  /** From the change after so many on, no request is answered; that one is made or not. */
  fallAfter(changes: number, made: boolean): void {
    this.#fall = { left: changes, made };
  }

  /** Answers again. Gives whether it had fallen. */
  rise(): boolean {
    const fell = this.#down;
    this.#down = false;
    this.#fall = undefined;
    return fell;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    if (this.#down) return void response.destroy();
    if (request.method !== "GET" && this.#falls()) {
      this.#down = true;
      if (this.#fall?.made) this.#reply(request, Buffer.concat(parts).toString());
      return void response.destroy();
    }
    const { status, body, text, location, total } = this.#reply(request, Buffer.concat(parts).toString());
    response.writeHead(status, {
      ...(location === undefined ? {} : { location }),
      ...(total === undefined ? {} : { "x-total-count": `${total}` }),
    });
    response.end(text ?? (body === undefined ? "" : JSON.stringify(body)));
  }

  #falls(): boolean {
    if (this.#fall === undefined) return false;
    this.#fall.left -= 1;
    return this.#fall.left < 0;
  }

  #reply(request: IncomingMessage, text: string): Reply {
    const { method = "", url = "", headers } = request;
    try {
      const { authorization = "" } = headers;
      const mayLogIn = (user: string, password: string) => user === "admin" && password === this.state.adminPassword;
      if (/^\/(v2|service)\//.test(url)) {
        const asked = { method, url: new URL(url, "http://harbor"), authorization, body: text, mayLogIn };
        return registryReply(this.state, this.keys, asked);
      }
      const [user = "", password = ""] = Buffer.from(authorization.slice("Basic ".length), "base64")
        .toString()
        .split(/:(.*)/s);
      if (!mayLogIn(user, password)) throw new Refusal(401, "UNAUTHORIZED", "unauthorized");
      (method === "GET" ? this.looks : this.changes).push(`${method} ${url}`);
      return this.#routed(method, new URL(url.slice(BASE.length), "http://harbor"), text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message } = error;
      return { status, body: status === 422 ? { code: 422, message } : { errors: [{ code, message }] } };
    }
  }

  #routed(method: string, { pathname, searchParams }: URL, text: string): Reply {
    const readOnly = this.state.configuration.read_only === true;
    if (readOnly && method !== "GET" && pathname !== "/configurations")
      throw new Refusal(403, "DENIED", "The system is in read only mode. Any modification is prohibited.");
    const body: unknown = text === "" ? {} : JSON.parse(text);
    for (const route of this.#routes) {
      const match = route.method === method ? route.path.exec(pathname) : null;
      if (match !== null) {
        return route.answer({
          method,
          path: pathname,
          query: searchParams,
          body: isJson(body) ? body : ({} satisfies Json),
          at: match.slice(1).map(decodeURIComponent),
        });
      }
    }
    throw new Refusal(404, "NOT_FOUND", `no such path: ${method} ${pathname}`);
  }
}

function routesOf(state: State): readonly Route[] {
  return [...projectRoutes(state), ...robotRoutes(state), ...ruleRoutes(state), ...systemRoutes(state)];
}

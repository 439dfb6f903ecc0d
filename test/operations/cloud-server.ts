import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";

/** What a cloud is asked, whichever way it takes its parameters. */
export interface Asked {
  readonly action: string;
  readonly parameters: URLSearchParams;
  readonly authorization: string;
}

/** An answer: a status and a body, and the time on the cloud's clock. */
export interface Answer {
  readonly status?: number;
  readonly body: string;
  readonly date?: Date;
}

/** A small cloud on a port of 127.0.0.1. */
export class CloudServer {
  readonly asked: readonly Asked[];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string, asked: readonly Asked[]) {
    this.#server = server;
    this.url = url;
    this.asked = asked;
  }

  static async start(answer: (asked: Asked) => Answer): Promise<CloudServer> {
    const seen: Asked[] = [];
    const server = createServer(async (request, response) => {
      const url = new URL(request.url ?? "/", "http://cloud");
      const parameters = new URLSearchParams(`${url.search.slice(1)}&${await text(request)}`);
      const action = parameters.get("Action") ?? `${request.headers["x-acs-action"]}`;
      const asked = { action, parameters, authorization: request.headers.authorization ?? "" };
      seen.push(asked);
      const { status = 200, body, date } = answer(asked);
      response.writeHead(status, date === undefined ? {} : { date: date.toUTCString() });
      response.end(body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return new CloudServer(server, `http://127.0.0.1:${address.port}`, seen);
  }

  async stop(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";

/** What a stand-in answers. */
export interface Answer {
  readonly status: number;
  readonly type: "application/json" | "text/xml";
  readonly body: string;
}

/** A request that has come whole. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A small server on this machine. */
export class Answering {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: (asked: Asked) => Promise<Answer> | Answer): Promise<Answering> {
    const server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
      const asked = { method: request.method ?? "GET", url, headers: request.headers, body };
      const { status, type, body: text } = await answer(asked);
      response.writeHead(status, { "content-type": type }).end(text);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Answering(server);
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the server has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

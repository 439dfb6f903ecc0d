import { createHash } from "node:crypto";
import { type ClientRequest, request as plainRequest } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { connect } from "node:tls";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly milliseconds: number;
}

/** Asks without TLS. */
export function askPlainly(url: string, method = "GET", { headers = {}, body }: Details = {}): Promise<Answer> {
  const length = method === "GET" ? {} : { "Content-Length": Buffer.byteLength(body ?? "") };
  return exchange(plainRequest(url, { method, agent: false, headers: { ...headers, ...length } }), body);
}

/** What a request says beside its method and path. */
interface Details {
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

function exchange(asked: ClientRequest, body: string | Buffer | undefined): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    asked.once("error", reject);
    asked.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
          milliseconds: performance.now() - started,
        }),
      );
    });
    asked.end(body);
  });
}

/** A client of a registry behind TLS. */
export class RegistryClient {
  readonly #options: RequestOptions;
  readonly #agent: Agent;

  /**
   * @param options.localAddress - where it comes from: limits count by address
   * @param options.authorization - value of the header
   */
  constructor(options: {
    readonly port: number;
    readonly ca: string;
    readonly localAddress?: string;
    readonly authorization?: string;
    readonly certificate?: { readonly certificate: string; readonly key: string };
  }) {
    const { certificate, key } = options.certificate ?? {};
    this.#agent = new Agent({ keepAlive: true, maxSockets: 200 });
    this.#options = {
      host: "127.0.0.1",
      servername: "registry.example.com",
      port: options.port,
      ca: options.ca,
      agent: this.#agent,
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
      ...(certificate === undefined ? {} : { cert: certificate, key }),
      headers: {
        Host: "registry.example.com",
        Accept: MANIFEST,
        ...(options.authorization === undefined ? {} : { Authorization: options.authorization }),
      },
    };
  }

  /**
   * Asks, and asks again when a kept connection was closed before a byte came back, as Go's clients do with requests
   * that may be repeated.
   */
  async ask(method: string, path: string, details: Details = {}): Promise<Answer> {
    const asked = this.#request(method, path, details);
    try {
      return await exchange(asked, details.body);
    } catch (error) {
      const stale = asked.reusedSocket && (error as NodeJS.ErrnoException).code === "ECONNRESET";
      if (!stale || (method !== "GET" && method !== "HEAD")) throw error;
      return this.ask(method, path, details);
    }
  }

  #request(method: string, path: string, { headers, body }: Details): ClientRequest {
    const length = method === "GET" || method === "HEAD" ? {} : { "Content-Length": Buffer.byteLength(body ?? "") };
    const all = { ...(this.#options.headers as Record<string, string>), ...headers, ...length };
    return request({ ...this.#options, method, path, headers: all });
  }

  /** Begins an upload and gives the place where it goes on. */
  async begin(repository: string): Promise<{ readonly answer: Answer; readonly place: string }> {
    const answer = await this.ask("POST", `/v2/${repository}/blobs/uploads/`);
    return { answer, place: String(answer.headers.location) };
  }

  /** Pushes a blob in one chunk and gives its digest. @throws Error when the registry does not take it */
  async pushBlob(repository: string, content: Buffer): Promise<string> {
    const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
    const { answer, place } = await this.begin(repository);
    if (answer.status !== 202) throw new Error(`begin: ${answer.status} ${answer.body}`);
    const headers = { "Content-Type": "application/octet-stream" };
    const sent = await this.ask("PATCH", place, { headers, body: content });
    if (sent.status !== 202) throw new Error(`send: ${sent.status} ${sent.body}`);
    const next = String(sent.headers.location);
    const finished = await this.ask("PUT", `${next}${next.includes("?") ? "&" : "?"}digest=${digest}`);
    if (finished.status !== 201) throw new Error(`finish: ${finished.status} ${finished.body}`);
    return digest;
  }

  /** Pushes an image of some layers under a tag. @throws Error when the registry does not take it */
  async pushImage(repository: string, tag: string, layers: readonly Buffer[]): Promise<void> {
    const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers" } }));
    const blobs = [];
    for (const content of [config, ...layers]) {
      blobs.push({ digest: await this.pushBlob(repository, content), size: content.length });
    }
    const [first, ...rest] = blobs;
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...first },
      layers: rest.map((layer) => ({ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer })),
    };
    const body = JSON.stringify(manifest);
    const put = await this.ask("PUT", `/v2/${repository}/manifests/${tag}`, {
      headers: { "Content-Type": MANIFEST },
      body,
    });
    if (put.status !== 201) throw new Error(`manifest: ${put.status} ${put.body}`);
  }

  /** The serial number of the certificate that a new connection is shown. */
  shownCertificate(): Promise<string> {
    const { host, port, servername, ca } = this.#options;
    return new Promise((resolve, reject) => {
      const socket = connect({ host: host ?? "", port: Number(port), servername: servername ?? "", ca }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.once("error", reject);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

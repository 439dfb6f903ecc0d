import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type Answer, refused } from "./answer.js";
import { Bucket } from "./bucket.js";
import { askBucket } from "./bucket-verbs.js";
import { askObject } from "./object-verbs.js";
import { accessDenied, OssError } from "./oss-error.js";
import { type OssRequest, readRequest } from "./oss-request.js";
import { verifySignature } from "./signature-v4.js";
import { checkMd5, refuseChunks } from "./write-headers.js";

/** What the stand-in holds, and for whom. */
export interface OssSettings {
  /** Spelt without oss-: cn-hangzhou. */
  readonly region: string;
  readonly bucket: string;
  /** Secret keys by access key. */
  readonly keys: Readonly<Record<string, string>>;
  /** Keys of the key service that a write may name. @default - none */
  readonly kmsKeys?: readonly string[];
  /** A policy of the bucket that refuses plain HTTP. @default true */
  readonly requireTls?: boolean;
  /** @default - this machine's clock */
  readonly clock?: () => Date;
}

/** A request and how it was answered. */
export interface Exchange {
  readonly request: OssRequest;
  readonly status: number;
  /** What a refusal is called; empty when there was none. */
  readonly code: string;
}

/**
 * Object storage in memory that speaks S3 as Alibaba Cloud OSS does, and refuses what OSS refuses: a bucket in the
 * path, bodies in signed chunks, wrong signatures, classes and ciphers it does not have.
 */
export class OssStandIn {
  readonly bucket: Bucket;
  /** Everything that was asked so far. */
  readonly exchanges: Exchange[] = [];
  readonly #settings: OssSettings;
  readonly #servers: Server[] = [];

  constructor(settings: OssSettings) {
    this.#settings = settings;
    this.bucket = new Bucket(settings.bucket, settings.region, settings.kmsKeys ?? []);
  }

  /** Where the region is found, from the outside and from inside Alibaba Cloud. */
  get endpoints(): string[] {
    return ["", "-internal"].map((inside) => `oss-${this.#settings.region}${inside}.aliyuncs.com`);
  }

  /** Where the bucket is found. */
  get bucketHosts(): string[] {
    return this.endpoints.map((endpoint) => `${this.#settings.bucket}.${endpoint}`);
  }

  /**
   * Listens on a socket.
   * @param tls - certificate chain and key, PEM. @default - plain HTTP
   */
  async listen(at: string | { port: number; host: string }, tls?: { chain: string; key: string }): Promise<this> {
    const reply = (message: IncomingMessage, response: ServerResponse) =>
      void this.#reply(message, response, tls !== undefined);
    const server = tls === undefined ? createServer(reply) : createTlsServer({ cert: tls.chain, key: tls.key }, reply);
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(at, resolve));
    this.#servers.push(server);
    return this;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers.splice(0)) {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }
  }

  async #reply(message: IncomingMessage, response: ServerResponse, secure: boolean): Promise<void> {
    const request = await readRequest(message, secure);
    const { answer, code } = this.#answer(request);
    this.exchanges.push({ request, status: answer.status, code });
    response.writeHead(answer.status, { "Content-Length": Buffer.byteLength(answer.body), ...answer.headers });
    response.end(request.method === "HEAD" ? undefined : answer.body);
  }

  #answer(request: OssRequest): { readonly answer: Answer; readonly code: string } {
    const id = String(this.exchanges.length + 1).padStart(24, "0");
    const { answer, code } = this.#admitted(request, id);
    const headers = { Server: "AliyunOSS", "x-oss-request-id": id, ...answer.headers };
    return { answer: { ...answer, headers }, code };
  }

  #admitted(request: OssRequest, id: string): { readonly answer: Answer; readonly code: string } {
    try {
      return { answer: this.#admit(request), code: "" };
    } catch (error) {
      if (!(error instanceof OssError)) throw error;
      return { answer: refused(error, id, request.headers.host ?? ""), code: error.code };
    }
  }

  /** @throws OssError for the first reason to refuse */
  #admit(request: OssRequest): Answer {
    const { clock = () => new Date(), requireTls = true } = this.#settings;
    const now = clock();
    this.#requireBucketInName(request);
    if (requireTls && !request.secure) throw accessDenied("The bucket's policy allows HTTPS only.");
    refuseChunks(request);
    verifySignature(request, this.#settings, now);
    checkMd5(request);
    const key = decodeURIComponent(request.path.slice(1));
    return key === "" ? askBucket(this.bucket, request) : askObject(this.bucket, { ...request, key }, now);
  }

  #requireBucketInName({ headers }: OssRequest): void {
    const host = (headers.host ?? "").replace(/:\d+$/, "");
    if (this.endpoints.includes(host)) {
      const message = "Please use virtual hosted style to access.";
      throw new OssError(403, "SecondLevelDomainForbidden", message);
    }
    if (!this.bucketHosts.includes(host)) {
      throw new OssError(404, "NoSuchBucket", "The specified bucket does not exist.", { BucketName: host });
    }
  }
}

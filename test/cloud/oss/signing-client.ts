import { createHash } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { KEYS } from "./node-on-oss.js";

/** A request before it is signed. */
export interface Wish {
  readonly method: string;
  /** Key of an object; empty for the bucket. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request as it is sent. */
export interface Signed {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What a refusal is called; empty when there is none. */
  readonly code: string;
}

/** Speaks to a stand-in for OSS with the signatures of Amazon's own signer. */
export class SigningClient {
  readonly #socket: string;
  readonly #host: string;
  readonly #signer: SignatureV4;

  constructor(socket: string, host: string, keys = KEYS) {
    this.#socket = socket;
    this.#host = host;
    const credentials = { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey };
    this.#signer = new SignatureV4({
      service: "s3",
      region: "cn-hangzhou",
      credentials,
      sha256: Sha256,
      uriEscapePath: false,
    });
  }

  /** Signs in the headers, as SDKs do. */
  async sign(wish: Wish, signingDate = new Date()): Promise<Signed> {
    const checksum = createHash("sha256")
      .update(wish.body ?? "")
      .digest("hex");
    const unsigned = this.#unsigned(wish, { "x-amz-content-sha256": checksum, ...wish.headers });
    const { headers } = await this.#signer.sign(unsigned, { signingDate });
    return { method: wish.method, path: pathOf(unsigned), headers, body: wish.body ?? "" };
  }

  /** Signs in the query: a link that somebody else may follow for a while, in seconds. */
  async link(wish: Wish, expiresIn: number, signingDate = new Date()): Promise<Signed> {
    const presigned = await this.#signer.presign(this.#unsigned(wish, { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }), {
      signingDate,
      expiresIn,
    });
    return { method: wish.method, path: pathOf(presigned), headers: { host: this.#host }, body: "" };
  }

  send({ method, path, headers, body }: Signed): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const options = { socketPath: this.#socket, method, path, headers: { ...headers }, agent: false as const };
      const sent = request(options, async (response) => {
        const answer = Buffer.concat(await response.toArray()).toString();
        const [, code = ""] = /<Code>(\w+)<\/Code>/.exec(answer) ?? [];
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer, code });
      });
      sent.setHeader("Content-Length", Buffer.byteLength(body));
      sent.once("error", reject).end(body);
    });
  }

  async ask(wish: Wish): Promise<Answered> {
    return this.send(await this.sign(wish));
  }

  #unsigned({ method, key = "", query = {} }: Wish, headers: Readonly<Record<string, string>>) {
    return {
      method,
      protocol: "https:",
      hostname: this.#host,
      path: `/${key.split("/").map(encoded).join("/")}`,
      query: { ...query },
      headers: { ...headers, host: this.#host },
    };
  }
}

/** Path and query as they are sent. */
function pathOf({ path, query }: { readonly path: string; readonly query?: object }): string {
  const parameters = Object.entries(query ?? {}).map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`);
  return parameters.length === 0 ? path : `${path}?${parameters.join("&")}`;
}

/** As SDKs encode: more than JavaScript does by itself. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

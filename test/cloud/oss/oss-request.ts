import type { IncomingMessage } from "node:http";

/** A request as it came in, read to its end. */
export interface OssRequest {
  readonly method: string;
  /** As it was sent, still encoded: it is part of what was signed. */
  readonly path: string;
  /** Decoded names and values, in their order. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Whether it came through TLS. */
  readonly secure: boolean;
  /** Address of who asks; empty where it came through a socket of this machine. */
  readonly from: string;
}

/** What a request does to whom, once its bucket is known. */
export interface Verb extends OssRequest {
  /** The object; empty for the bucket itself. */
  readonly key: string;
}

export async function readRequest(message: IncomingMessage, secure: boolean): Promise<OssRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const [path = "/", query = ""] = (message.url ?? "/").split(/\?(.*)/s, 2);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : (value ?? ""),
    ]),
  );
  return {
    method: message.method ?? "",
    path,
    query: parseQuery(query),
    headers,
    body: Buffer.concat(chunks),
    secure,
    from: message.socket.remoteAddress ?? "",
  };
}

/** The value of a parameter; empty for one that stands alone, undefined for one that is not there. */
export function parameter({ query }: OssRequest, name: string): string | undefined {
  return query.find(([one]) => one === name)?.[1];
}

/** Not URLSearchParams: there a plus sign is a blank, in what is signed it is a plus sign. */
function parseQuery(query: string): [string, string][] {
  return query
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", value = ""] = part.split(/=(.*)/s, 2);
      return [decodeURIComponent(name), decodeURIComponent(value)];
    });
}

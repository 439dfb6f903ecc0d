import type { OssError } from "./oss-error.js";
import { buildXml } from "./xml.js";

/** What a verb answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export function empty(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: "" };
}

export function xml(root: string, content: object, headers: Record<string, string> = {}): Answer {
  return { status: 200, headers: { "Content-Type": "application/xml", ...headers }, body: buildXml(root, content) };
}

/** A refusal in the form of OSS. */
export function refused({ status, code, message, details }: OssError, requestId: string, host: string): Answer {
  const body = buildXml("Error", { Code: code, Message: message, RequestId: requestId, HostId: host, ...details });
  return { status, headers: { "Content-Type": "application/xml" }, body };
}

import * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";

/** Harbor's answer to a request that it refused, in its own words. */
export class HarborError extends Error {
  /** The status of HTTP. */
  readonly status: number;
  /** Harbor's code: CONFLICT, PRECONDITION, BAD_REQUEST, … */
  readonly code: string;
  /** What Harbor says, without the request's body: a body may hold secrets. */
  readonly says: string;
  /** Method and path. */
  readonly request: string;

  constructor(status: number, body: string, request: string) {
    const { code, message } = parseError(body);
    const says = message || `status ${status} without a word`;
    super(`${request}: ${status} ${says}`);
    this.name = "HarborError";
    this.status = status;
    this.code = code;
    this.says = says;
    this.request = request;
  }
}

const answer = z.object({
  errors: z.array(z.object({ code: z.string().default(""), message: z.string().default("") })).min(1),
});
/** What checks the shape of a body answers (422), before Harbor's own code sees it. */
const shapeAnswer = z.object({ code: z.number(), message: z.string() });

function parseError(body: string): { readonly code: string; readonly message: string } {
  const json = parsedJson(body);
  const own = answer.safeParse(json);
  if (own.success) {
    const messages = own.data.errors.map(({ message }) => message);
    return { code: own.data.errors[0]?.code ?? "", message: messages.join("; ") };
  }
  const shape = shapeAnswer.safeParse(json);
  if (shape.success) return { code: `${shape.data.code}`, message: shape.data.message };
  return { code: "", message: "" };
}

/** An object of JSON, as a client sent it or as it is kept. */
export type Json = Record<string, unknown>;

/** Harbor's way of saying no. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
export const badRequest = (says: string) => new Refusal(400, "BAD_REQUEST", `bad request: ${says}`);
export const conflict = (says: string) => new Refusal(409, "CONFLICT", says);
export const notFound = (says: string) => new Refusal(404, "NOT_FOUND", says);
export const precondition = (says: string) => new Refusal(412, "PRECONDITION", says);
export const internal = () => new Refusal(500, "UNKNOWN", "internal server error");

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
  /** What the pattern of the route has caught. */
  readonly at: readonly string[];
}
export interface Reply {
  readonly status: number;
  /** @default - an empty body */
  readonly body?: unknown;
  /** A body that is no JSON. */
  readonly text?: string;
  readonly location?: string;
  readonly total?: number;
}
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  answer(asked: Asked): Reply;
}

/** `/projects/:/members` stands for any name between. */
export function route(line: string, answer: Route["answer"]): Route {
  const [method = "", path = ""] = line.split(" ");
  return { method, path: new RegExp(`^${path.replaceAll(":", "([^/]+)")}$`), answer };
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
export function json(value: unknown): Json {
  return isJson(value) ? value : {};
}
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
export function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** As Go writes it: what is false, 0, empty or null is left out. */
export function withoutZeros(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== false && value !== 0 && value !== "" && value !== null),
  );
}

const CRON_FIELDS = 6;

/** @throws Refusal as Harbor's check of a schedule does */
export function checkCron(cron: unknown, of: string): void {
  const fields = text(cron).split(" ");
  if (fields.length !== CRON_FIELDS) throw badRequest(`invalid cron string for scheduled ${of}: ${text(cron)}`);
  if (fields[0] !== "0") {
    throw badRequest("the 1st field (indicating Seconds of time) of the cron setting must be 0");
  }
}

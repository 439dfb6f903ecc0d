import { createHash, createHmac } from "node:crypto";
import { isJson, type Json, json, type Reply, text } from "./reply.js";
import { robotMayLogIn } from "./robots.js";
import type { State } from "./state.js";

/** What the nodes of one Harbor share, and what this node has of it. */
export interface NodeKeys {
  /** Signs tokens. */
  token: string;
  /** Signs the state of uploads. */
  uploads: string;
}

export interface RegistryRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string;
  readonly body: string;
  readonly mayLogIn: (user: string, password: string) => boolean;
}

/** The registry behind Harbor's core, and the service that gives tokens for it. */
export function registryReply(state: State, keys: NodeKeys, request: RegistryRequest): Reply {
  const { url } = request;
  if (url.pathname === "/service/token") return { status: 200, body: { token: makeToken(keys, request, state) } };
  if (!isKnown(state, keys, request)) return refused(401, "UNAUTHORIZED", "unauthorized");
  if (url.pathname === "/v2/") return { status: 200 };
  return uploads(state, keys, request);
}

/** A wrong password is answered with a token, too, which is good for nothing. */
function makeToken(keys: NodeKeys, request: RegistryRequest, state: State): string {
  const [user, password] = login(request.authorization);
  const isRight = request.mayLogIn(user, password) || robotMayLogIn(state, user, password);
  const claims = Buffer.from(JSON.stringify({ sub: isRight ? user : "" })).toString("base64url");
  return `${claims}.${signature(keys.token, claims)}`;
}

function isKnown(state: State, keys: NodeKeys, { authorization, mayLogIn }: RegistryRequest): boolean {
  if (authorization.startsWith("Bearer ")) {
    const [claims = "", sign = ""] = authorization.slice("Bearer ".length).split(".");
    return sign === signature(keys.token, claims) && read(claims).sub !== "";
  }
  const [user, password] = login(authorization);
  return mayLogIn(user, password) || robotMayLogIn(state, user, password);
}

/** An upload's state travels with the client, signed. */
function uploads(state: State, keys: NodeKeys, { method, url, body }: RegistryRequest): Reply {
  const match = /^\/v2\/([^/]+)\/(.+)\/blobs\/uploads\/([^/]*)$/.exec(url.pathname);
  const [, project = "", repository = "", id = ""] = match ?? [];
  if (match === null || !state.projects.has(({ name }) => name === project)) {
    return refused(404, "NOT_FOUND", `project ${project} not found`);
  }
  if (state.configuration.read_only === true) return refused(403, "DENIED", "The system is in read only mode.");
  const next = (at: string, status: number): Reply => {
    const claims = Buffer.from(JSON.stringify({ at })).toString("base64url");
    const signed = `${claims}.${signature(keys.uploads, claims)}`;
    return {
      status,
      location: `https://harbor.example.com/v2/${project}/${repository}/blobs/uploads/${at}?_state=${signed}`,
    };
  };
  if (method === "POST") {
    const at = `u${state.uploads.size + 1}`;
    state.uploads.set(at, "");
    return next(at, 202);
  }
  const [claims = "", sign = ""] = (url.searchParams.get("_state") ?? "").split(".");
  if (sign !== signature(keys.uploads, claims) || read(claims).at !== id || !state.uploads.has(id)) {
    return refused(404, "BLOB_UPLOAD_INVALID", "blob upload invalid");
  }
  if (method === "DELETE") {
    state.uploads.delete(id);
    return { status: 204 };
  }
  const whole = `${state.uploads.get(id)}${body}`;
  if (method === "PATCH") {
    state.uploads.set(id, whole);
    return next(id, 202);
  }
  const digest = `sha256:${createHash("sha256").update(whole).digest("hex")}`;
  if (digest !== url.searchParams.get("digest")) return refused(400, "DIGEST_INVALID", "digest invalid");
  state.uploads.delete(id);
  state.blobs.add(`${project}/${repository}@${digest}`);
  return { status: 201 };
}

function login(authorization: string): [user: string, password: string] {
  const [user = "", password = ""] = Buffer.from(authorization.slice("Basic ".length), "base64")
    .toString()
    .split(/:(.*)/s);
  return [user, password];
}

function signature(key: string, claims: string): string {
  return createHmac("sha256", key).update(claims).digest("base64url");
}

function read(claims: string): Json {
  const value: unknown = JSON.parse(Buffer.from(claims, "base64url").toString() || "{}");
  return isJson(value) ? { ...value, at: text(json(value).at) } : {};
}

function refused(status: number, code: string, message: string): Reply {
  return { status, body: { errors: [{ code, message }] } };
}

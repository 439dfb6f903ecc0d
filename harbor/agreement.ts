import { createHash } from "node:crypto";
import * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";
import { Secret } from "../spec/secret.js";
import { type Answer, type Exchange, type HarborAccess, Wire } from "./exchange.js";

/** One node of Harbor, by a way that leads to it alone. */
export interface HarborNode {
  readonly name: string;
  /** http://127.0.0.1:40123 */
  readonly url: string;
}

/** Two nodes that do not take what the other has given. */
export interface Disagreement {
  /** tokens: made by one, refused by the other; uploads: begun on one, not known to the other. */
  readonly what: "tokens" | "uploads";
  readonly from: string;
  readonly to: string;
  /** Status of the answer. */
  readonly status: number;
}

/** What was found out about nodes. */
export interface Agreement {
  readonly disagreements: readonly Disagreement[];
  /** Why no upload was tried. @default - uploads were tried */
  readonly uploadsLeftOut?: string;
}

/** Harbor's name for the service that its tokens are for. */
const SERVICE = "harbor-registry";
/** Repository of the one blob that is uploaded. It holds no image, so that nobody sees it, and the next collection takes it. */
const REPOSITORY = "harborwright-agreement";
/** Always the same bytes: however often it is tried, the storage has one blob of it. */
const BLOB = "harborwright asks whether the nodes of this Harbor agree\n";
const HALF = 20;
const DIGEST = `sha256:${createHash("sha256").update(BLOB).digest("hex")}`;

/**
 * Finds out whether nodes accept each other's tokens, and go on with each other's uploads. Both fail when what the nodes
 * must share differs on one of them, and no health check shows it.
 * @param project - one that may be pushed to. @default - no upload is tried
 * @throws the system's error when a node does not answer
 */
export async function agreementOf(
  access: HarborAccess,
  nodes: readonly HarborNode[],
  project: string | undefined,
): Promise<Agreement> {
  const wire = new Wire(access);
  const round = new Round(access, wire, project);
  try {
    const tokens = await Promise.all(nodes.map(async (node) => ({ node, token: await round.token(node) })));
    const refused = (await Promise.all(tokens.flatMap((from) => nodes.map((to) => round.showToken(from, to))))).flat();
    if (project === undefined) return { disagreements: refused, uploadsLeftOut: "there is no project to push to" };
    const uploads = await Promise.all(tokens.map((from, index) => round.upload(from, after(tokens, index))));
    const leftOut = uploads.find(({ leftOut }) => leftOut !== undefined)?.leftOut;
    return {
      disagreements: [...refused, ...uploads.flatMap(({ disagreement }) => disagreement ?? [])],
      ...(leftOut === undefined ? {} : { uploadsLeftOut: leftOut }),
    };
  } finally {
    wire.close();
  }
}

/** The one node that is part of every disagreement, so that the others agree. @default - it cannot be told */
export function oddNode(names: readonly string[], disagreements: readonly Disagreement[]): string | undefined {
  if (names.length < 3) return undefined;
  const odd = names.filter((name) => disagreements.every(({ from, to }) => from === name || to === name));
  return odd.length === 1 ? odd[0] : undefined;
}

function after(holders: readonly Holder[], index: number): Holder {
  const next = holders[(index + 1) % holders.length];
  if (next === undefined) throw new RangeError("no nodes to compare");
  return next;
}

interface Holder {
  readonly node: HarborNode;
  readonly token: Secret | undefined;
}
interface Upload {
  readonly disagreement?: Disagreement;
  readonly leftOut?: string;
}

class Round {
  readonly #wire: Wire;
  readonly #login: Secret;
  readonly #repository: string | undefined;

  constructor(access: HarborAccess, wire: Wire, project: string | undefined) {
    this.#wire = wire;
    this.#login = new Secret(`${access.user}:${access.password.reveal()}`);
    this.#repository = project === undefined ? undefined : `${project}/${REPOSITORY}`;
  }

  async token(node: HarborNode): Promise<Secret | undefined> {
    const scope = this.#repository === undefined ? "" : `&scope=repository:${this.#repository}:pull,push`;
    const path = `/service/token?service=${SERVICE}${scope}`;
    const { status, body } = await this.#send(node, { method: "GET", path, login: this.#login });
    const told = z.object({ token: z.string() }).safeParse(parsedJson(body));
    return status === 200 && told.success ? new Secret(told.data.token) : undefined;
  }

  async showToken({ node, token }: Holder, to: HarborNode): Promise<Disagreement[]> {
    if (token === undefined) return node === to ? [{ what: "tokens", from: node.name, to: to.name, status: 0 }] : [];
    const { status } = await this.#send(to, { method: "GET", path: "/v2/", token });
    return status === 401 ? [{ what: "tokens", from: node.name, to: to.name, status }] : [];
  }

  /**
   * Each node is shown its own token: whether it takes those of others is another question. Not the password, which costs
   * Harbor a tenth of a second each time.
   */
  async upload({ node, token }: Holder, { node: to, token: theirs }: Holder): Promise<Upload> {
    if (token === undefined || theirs === undefined) return { leftOut: "a node gives no tokens" };
    const headers = { "content-type": "application/octet-stream" };
    const begun = await this.#send(node, { method: "POST", path: `/v2/${this.#repository}/blobs/uploads/`, token });
    const path = pathOf(begun);
    if (begun.status !== 202 || path === undefined) return { leftOut: refusal(begun) };
    const first = await this.#send(node, { method: "PATCH", path, token, headers, body: BLOB.slice(0, HALF) });
    const onward = pathOf(first);
    if (first.status !== 202 || onward === undefined) return { leftOut: refusal(first) };
    const whole = `${onward}${onward.includes("?") ? "&" : "?"}digest=${encodeURIComponent(DIGEST)}`;
    const rest = { method: "PUT", path: whole, token: theirs, headers, body: BLOB.slice(HALF) } as const;
    const ended = await this.#send(to, rest);
    if (ended.status === 201) return {};
    // An administrator may give it up; a token for pushing may not.
    await this.#send(node, { method: "DELETE", path: onward, login: this.#login });
    if (ended.status !== 404) return { leftOut: refusal(ended) };
    return { disagreement: { what: "uploads", from: node.name, to: to.name, status: ended.status } };
  }

  #send(node: HarborNode, exchange: Exchange): Promise<Answer> {
    return this.#wire.exchange(node.url, exchange);
  }
}

/** Without its host: a registry names itself, and here each node is asked by its own way. */
function pathOf({ location }: Answer): string | undefined {
  if (location === undefined) return undefined;
  const url = new URL(location, "http://registry.invalid");
  return url.pathname + url.search;
}

const errors = z.object({ errors: z.array(z.object({ message: z.string().default("") })).min(1) });

function refusal({ status, body }: Answer): string {
  const told = errors.safeParse(parsedJson(body));
  const why = told.success ? (told.data.errors[0]?.message ?? "") : "";
  return `an upload was answered with ${status}${why === "" ? "" : `: ${why}`}`;
}

/** What harborwright asks a cloud itself, before Terraform does: whether it will let us make a site. */
export interface CloudApi {
  /** How people call it. */
  readonly name: string;
  /** Who the credentials belong to, as the cloud names them. @throws CloudRefusal, CloudSilent */
  identity(): Promise<string>;
  /** Zones of the region. */
  zones(): Promise<string[]>;
  /** Zones that have an instance type now, of those that were asked for. */
  offering(size: string): Promise<string[]>;
  /** Whether the region has the image; without an id, one of the default system. */
  hasImage(id: string | undefined): Promise<boolean>;
  /** How many public addresses may still be had. @default - the cloud does not tell */
  addressesLeft(): Promise<number | undefined>;
  /** Milliseconds by which the cloud's clock is ahead of ours, by its last answer. @default - it has not answered */
  readonly clockAhead: number | undefined;
}

/** The cloud has answered and said no. */
export class CloudRefusal extends Error {
  /** The cloud's own name for it: InvalidClientTokenId. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "CloudRefusal";
    this.code = code;
  }
}

/** The cloud could not be asked from here. */
export class CloudSilent extends Error {
  constructor(host: string, reason: string) {
    super(`${host} does not answer: ${reason}`);
    this.name = "CloudSilent";
  }
}

/** An answer of a cloud. */
export interface CloudAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: string;
  /** Milliseconds by which its clock is ahead. @default - it did not say */
  readonly clockAhead: number | undefined;
}

/** Milliseconds that a cloud gets for an answer. */
const TIMEOUT = 8_000;

/** Sends one request. @throws CloudSilent */
export async function askCloud(request: {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}): Promise<CloudAnswer> {
  // The host is signed, but sent by fetch itself.
  const { host: _, ...headers } = request.headers;
  const body = request.body === undefined ? {} : { body: request.body };
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(request.url, { method: "POST", headers, signal, ...body });
    const date = Date.parse(response.headers.get("date") ?? "");
    const clockAhead = Number.isNaN(date) ? undefined : date - Date.now();
    return { ok: response.ok, status: response.status, body: await response.text(), clockAhead };
  } catch (error) {
    throw new CloudSilent(request.url.host, reasonOf(error));
  }
}

/** fetch says no more than "fetch failed"; what failed is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

import { createHash } from "node:crypto";
import { refusedAnswer, wrongDigest } from "./registry-problem.js";
import { type Answer, type RegistryAddress, RegistryConnection, type Request } from "./registry-request.js";

/** A manifest as the registry keeps it: its bytes are what the digest is made from. */
export interface Manifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/** The media types of images that we can read, most wanted first. */
const ACCEPTED = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

/** The digest of bytes as registries write it. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/**
 * Speaks to a registry through one of its addresses (OCI distribution-spec 1.1). Every method throws a RegistryProblem
 * when the answer is not the one that the specification promises.
 */
export class RegistryClient {
  readonly #connection: RegistryConnection;
  readonly #isKnown: boolean;

  constructor(to: RegistryAddress) {
    this.#isKnown = to.credentials !== undefined;
    this.#connection = new RegistryConnection(to);
  }

  /** Asks whether a registry is there, and with an account whether it knows it. */
  async ping(): Promise<void> {
    await this.#expect(this.#isKnown ? [200] : [200, 401], { method: "GET", path: "/v2/" });
  }

  /** Begins an upload. @returns its location: path and query, good for every node */
  async startUpload(repository: string): Promise<string> {
    const answer = await this.#expect([202], { method: "POST", path: `/v2/${repository}/blobs/uploads/` });
    return locationIn(answer);
  }

  /** Appends bytes to an upload. @returns its next location */
  async patch(location: string, bytes: Uint8Array, offset = 0): Promise<string> {
    const headers = {
      "Content-Type": "application/octet-stream",
      "Content-Range": `${offset}-${offset + bytes.byteLength - 1}`,
    };
    return locationIn(await this.#expect([202], { method: "PATCH", path: location, headers, body: bytes }));
  }

  /** Ends an upload: from now on the bytes are a blob. */
  async finish(location: string, digest: string): Promise<void> {
    const path = `${location}${location.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
    await this.#expect([201], { method: "PUT", path, headers: { "Content-Length": 0 } });
  }

  /** Gives an upload up. */
  async cancel(location: string): Promise<void> {
    await this.#expect([204], { method: "DELETE", path: location });
  }

  async hasBlob(repository: string, digest: string): Promise<boolean> {
    const answer = await this.#expect([200, 307, 404], { method: "HEAD", path: `/v2/${repository}/blobs/${digest}` });
    return answer.status !== 404;
  }

  /** Uploads a blob unless it is there already. */
  async pushBlob(repository: string, bytes: Uint8Array): Promise<string> {
    const digest = digestOf(bytes);
    if (await this.hasBlob(repository, digest)) return digest;
    const location = await this.patch(await this.startUpload(repository), bytes);
    await this.finish(location, digest);
    return digest;
  }

  /** @returns the manifest's digest */
  async pushManifest(repository: string, reference: string, mediaType: string, bytes: Uint8Array): Promise<string> {
    const path = `/v2/${repository}/manifests/${reference}`;
    const headers = { "Content-Type": mediaType };
    const request = { method: "PUT", path, headers, body: bytes } as const;
    const { headers: answered } = await this.#expect([201], request);
    const digest = digestOf(bytes);
    const told = answered["docker-content-digest"];
    if (told !== undefined && told !== digest) throw wrongDigest(this.#connection.describe(request), digest, `${told}`);
    return digest;
  }

  /** @param reference - a tag, or a digest that the bytes must then have */
  async pullManifest(repository: string, reference: string): Promise<Manifest> {
    const path = `/v2/${repository}/manifests/${reference}`;
    const request = { method: "GET", path, headers: { Accept: ACCEPTED } } as const;
    const { headers, body } = await this.#expect([200], request);
    const digest = digestOf(body);
    if (reference.includes(":") && digest !== reference) {
      throw wrongDigest(this.#connection.describe(request), reference, digest);
    }
    return { mediaType: headers["content-type"] ?? "", bytes: body, digest };
  }

  /** Gets a blob, from the storage itself if the registry sends us there, and checks its digest. */
  async pullBlob(repository: string, digest: string): Promise<Uint8Array> {
    const request = { method: "GET", path: `/v2/${repository}/blobs/${digest}` } as const;
    let answer = await this.#expect([200, 307], request);
    if (answer.status === 307) {
      answer = await this.#connection.follow(answer.headers.location ?? "", request);
      if (answer.status !== 200) throw refusedAnswer(this.#connection.describe(request), answer.status, answer.body);
    }
    const got = digestOf(answer.body);
    if (got !== digest) throw wrongDigest(this.#connection.describe(request), digest, got);
    return answer.body;
  }

  async deleteManifest(repository: string, digest: string): Promise<void> {
    await this.#expect([202], { method: "DELETE", path: `/v2/${repository}/manifests/${digest}` });
  }

  /** All tags of a repository, in one answer; none when there is no such repository. */
  async tags(repository: string): Promise<string[]> {
    const answer = await this.#expect([200, 404], { method: "GET", path: `/v2/${repository}/tags/list` });
    if (answer.status === 404) return [];
    const { tags } = JSON.parse(answer.body.toString("utf8")) as { tags: string[] | null };
    return tags ?? [];
  }

  /** Closes connections that are kept for further requests. */
  close(): void {
    this.#connection.close();
  }

  async #expect(statuses: readonly number[], request: Request): Promise<Answer> {
    const answer = await this.#connection.send(request);
    if (statuses.includes(answer.status)) return answer;
    throw refusedAnswer(this.#connection.describe(request), answer.status, answer.body);
  }
}

/** An upload's location without its host: a registry names itself, and we want to choose the node. */
function locationIn({ headers }: Answer): string {
  const url = new URL(headers.location ?? "", "https://registry.invalid");
  return url.pathname + url.search;
}

import { Problem } from "../spec/problem.js";
import { signedAmazon } from "./amazon-signature.js";
import type { CloudKeys } from "./cloud-keys.js";
import { zoneMissing } from "./dns-problem.js";
import { askDns, type SignedRequest } from "./dns-request.js";
import { type DnsZone, RECORD_TTL } from "./dns-zone.js";
import { type Patience, until } from "./patience.js";
import { changeBody, changeIn, route53Refusal, type TextSet, textSet, zoneIds } from "./route53-xml.js";

const API = "/2013-04-01";

/** Amazon says "usually within 60 seconds" of a change (Route 53 API reference, GetChange). */
const PATIENCE: Patience = { deadline: 300_000, between: 2_000 };

/** Where the API answers, and the region its requests are signed for: it has none of its own. */
export interface Route53Endpoint {
  readonly url: URL;
  readonly region: string;
}

/** The endpoint of the partition one works in. `AWS_ENDPOINT_URL_ROUTE_53` names another, as for AWS's own programs. */
export function route53Endpoint(variables: NodeJS.ProcessEnv = process.env): Route53Endpoint {
  const isChina = (variables.AWS_REGION || variables.AWS_DEFAULT_REGION || "").startsWith("cn-");
  const usual = isChina ? "https://route53.amazonaws.com.cn" : "https://route53.amazonaws.com";
  const named = variables.AWS_ENDPOINT_URL_ROUTE_53 || variables.AWS_ENDPOINT_URL || usual;
  return { url: new URL(named), region: isChina ? "cn-northwest-1" : "us-east-1" };
}

/** A public hosted zone of Amazon Route 53. All texts of a name are one record set. */
export class Route53Zone implements DnsZone {
  readonly name: string;
  readonly #endpoint: Route53Endpoint;
  readonly #keys: CloudKeys;
  #id: Promise<string> | undefined;

  constructor(name: string, keys: CloudKeys, endpoint = route53Endpoint()) {
    this.name = name;
    this.#endpoint = endpoint;
    this.#keys = keys;
  }

  async look(name: string): Promise<void> {
    await this.#texts(name);
  }

  async add(name: string, text: string): Promise<void> {
    const present = await this.#texts(name);
    const values = [...new Set([...(present?.values ?? []), quoted(text)])];
    await this.#change("UPSERT", name, { values, ttl: String(RECORD_TTL.route53) });
  }

  async remove(name: string, text: string): Promise<void> {
    const present = await this.#texts(name);
    if (present === undefined || !present.values.includes(quoted(text))) return;
    const values = present.values.filter((value) => value !== quoted(text));
    // A set is deleted by naming all of it.
    await (values.length === 0
      ? this.#change("DELETE", name, present)
      : this.#change("UPSERT", name, { ...present, values }));
  }

  async #texts(name: string): Promise<TextSet | undefined> {
    const query = { name: `${name}.`, type: "TXT", maxitems: "1" };
    return textSet(await this.#ask("GET", `${API}/hostedzone/${await this.#zoneId()}/rrset`, query), name);
  }

  async #change(action: "UPSERT" | "DELETE", name: string, texts: TextSet): Promise<void> {
    const path = `${API}/hostedzone/${await this.#zoneId()}/rrset`;
    const { id, known } = changeIn(await this.#ask("POST", path, {}, changeBody(action, name, texts)));
    // Nobody waits for what is gone.
    if (known || action === "DELETE") return;
    const done = await until(async () => {
      const change = changeIn(await this.#ask("GET", `${API}/change/${id}`));
      return change.known ? true : undefined;
    }, PATIENCE);
    if (done === undefined) throw stillPending(this.name);
  }

  #zoneId(): Promise<string> {
    this.#id ??= this.#findZone();
    return this.#id;
  }

  async #findZone(): Promise<string> {
    const ids = zoneIds(await this.#ask("GET", `${API}/hostedzonesbyname`, { dnsname: `${this.name}.` }), this.name);
    const [id, ...others] = ids;
    if (id === undefined) throw zoneMissing({ provider: "route53", zone: this.name });
    if (others.length > 0) throw ambiguous(this.name, ids);
    return id;
  }

  #ask(method: "GET" | "POST", path: string, query: Record<string, string> = {}, body?: string): Promise<string> {
    return askDns(
      "route53",
      this.name,
      () => this.#signed(method, path, query, body),
      (answer) => route53Refusal(answer.status, answer.body),
    );
  }

  #signed(method: "GET" | "POST", path: string, query: Record<string, string>, body?: string): Promise<SignedRequest> {
    const url = new URL(path, this.#endpoint.url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const content = body === undefined ? {} : { body, headers: { "content-type": "application/xml" } };
    return signedAmazon({ method, url, ...content }, this.#keys, { service: "route53", region: this.#endpoint.region });
  }
}

function quoted(text: string): string {
  return `"${text}"`;
}

function ambiguous(zone: string, ids: readonly string[]): Problem {
  return new Problem({
    code: "dns/zone-ambiguous",
    says: `Amazon Route 53 has ${ids.length} public zones ${zone}: ${ids.join(", ")}`,
    instead: `the world asks one of them only: compare with \`dig NS ${zone}\`, and delete the others`,
    field: "certificate.dns.zone",
  });
}

function stillPending(zone: string): Problem {
  return new Problem({
    code: "dns/still-pending",
    says: `Amazon Route 53 has not told all its servers of a record in ${zone} within ${PATIENCE.deadline / 60_000} minutes`,
    instead: "run the command again; if that stays so: https://health.aws.amazon.com",
  });
}

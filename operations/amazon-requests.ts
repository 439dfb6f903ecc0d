import { XMLParser } from "fast-xml-parser";
import { signedAmazon } from "../certificates/amazon-signature.js";
import type { CloudKeys } from "../certificates/cloud-keys.js";
import { parsedJson } from "../spec/parsed-json.js";
import type { AwsSite } from "../spec/site.js";
import { askCloud, CloudRefusal } from "./cloud-api.js";

const FORM = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
/** Services whose protocol is the query, and the versions of their interfaces. */
const VERSIONS = { sts: "2011-06-15", ec2: "2016-11-15", elasticache: "2015-02-02" } as const;
/** Services that take JSON, and what they call themselves in it. */
const TARGETS = { secretsmanager: "secretsmanager" } as const;
type QueryService = keyof typeof VERSIONS;
type JsonService = keyof typeof TARGETS;

const parser = new XMLParser({
  parseTagValue: false,
  isArray: (tag) => tag === "item",
});

/** Requests to AWS's services of a site's region, signed with the operator's keys. */
export class AmazonRequests {
  /** Milliseconds by which AWS's clock is ahead of ours, by its last answer. @default - it has not answered */
  clockAhead: number | undefined;
  readonly #site: AwsSite;
  readonly #keys: CloudKeys;
  readonly #variables: NodeJS.ProcessEnv;

  constructor(site: AwsSite, keys: CloudKeys, variables: NodeJS.ProcessEnv = process.env) {
    this.#site = site;
    this.#keys = keys;
    this.#variables = variables;
  }

  /** What stands in the root of the answer. @throws CloudRefusal, CloudSilent */
  async query(
    service: QueryService,
    action: string,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const body = new URLSearchParams({ Action: action, Version: VERSIONS[service], ...parameters }).toString();
    const answer = await this.#send(service, FORM, body);
    const parsed = parsedXml(answer.body);
    if (!answer.ok) throw refusal(parsed, answer.status);
    return Object.values(isRecord(parsed) ? parsed : {}).find(isRecord);
  }

  /** The JSON of the answer. @throws CloudRefusal, CloudSilent */
  async json(service: JsonService, action: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `${TARGETS[service]}.${action}` };
    const answer = await this.#send(service, headers, JSON.stringify(parameters));
    const parsed = parsedJson(answer.body);
    if (answer.ok) return parsed;
    const code = textAt(parsed, "__type")?.split("#").at(-1) ?? `HTTP ${answer.status}`;
    throw new CloudRefusal(code, textAt(parsed, "message") ?? textAt(parsed, "Message") ?? `HTTP ${answer.status}`);
  }

  async #send(service: QueryService | JsonService, headers: Readonly<Record<string, string>>, body: string) {
    const url = this.#endpoint(service);
    const scope = { service, region: this.#site.region };
    const signed = await signedAmazon({ method: "POST", url, headers, body }, this.#keys, scope);
    const answer = await askCloud({ url, headers: signed.headers, body });
    this.clockAhead = answer.clockAhead ?? this.clockAhead;
    return answer;
  }

  /** As AWS's own programs and Terraform's provider find it. */
  #endpoint(service: QueryService | JsonService): URL {
    const { region, providerArguments } = this.#site;
    const listed = [providerArguments.endpoints].flat().find((one) => textAt(one, service) !== undefined);
    const variable = service === "secretsmanager" ? "SECRETS_MANAGER" : service.toUpperCase();
    const named =
      textAt(listed, service) || this.#variables[`AWS_ENDPOINT_URL_${variable}`] || this.#variables.AWS_ENDPOINT_URL;
    const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return new URL(named || `https://${service}.${region}.${domain}`);
  }
}

/** STS wraps its errors otherwise than EC2 does. */
function refusal(answer: unknown, status: number): CloudRefusal {
  const said = (name: string) =>
    textAt(answer, "ErrorResponse", "Error", name) ?? textAt(answer, "Response", "Errors", "Error", name);
  return new CloudRefusal(said("Code") ?? `HTTP ${status}`, said("Message") ?? `HTTP ${status}`);
}

function parsedXml(text: string): unknown {
  try {
    return parser.parse(text);
  } catch {
    return undefined;
  }
}

/** What a list of EC2 holds; an empty one is an element without content. */
export function itemsAt(answer: unknown, list: string): unknown[] {
  const items = at(answer, list, "item");
  return Array.isArray(items) ? items : [];
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => (isRecord(found) ? found[name] : undefined), value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

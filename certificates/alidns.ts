import { randomUUID } from "node:crypto";
import * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";
import { queryText, signedAcs3 } from "./acs3-signature.js";
import type { CloudKeys } from "./cloud-keys.js";
import { askDns, type DnsAnswer, type SignedRequest } from "./dns-request.js";
import { type DnsZone, RECORD_TTL } from "./dns-zone.js";

const VERSION = "2015-01-09";

const recordsSchema = z.object({
  DomainRecords: z.object({ Record: z.array(z.object({ RecordId: z.string(), Type: z.string(), Value: z.string() })) }),
});
const refusalSchema = z.object({ Code: z.string(), Message: z.string().default("") });

/** Where the API answers. `ALIDNS_ENDPOINT` names another place, as for Terraform's provider. */
export function alidnsEndpoint(variables: NodeJS.ProcessEnv = process.env): URL {
  const named = variables.ALIDNS_ENDPOINT || "alidns.aliyuncs.com";
  return new URL(named.includes("://") ? named : `https://${named}`);
}

/** A zone of Alibaba Cloud DNS. Each text is a record of its own. */
export class AlidnsZone implements DnsZone {
  readonly name: string;
  readonly #keys: CloudKeys;
  readonly #endpoint: URL;

  constructor(name: string, keys: CloudKeys, endpoint = alidnsEndpoint()) {
    this.name = name;
    this.#keys = keys;
    this.#endpoint = endpoint;
  }

  async look(name: string): Promise<void> {
    await this.#records(name);
  }

  async add(name: string, text: string): Promise<void> {
    const present = await this.#records(name);
    if (present.some((record) => record.Value === text)) return;
    await this.#ask("AddDomainRecord", {
      DomainName: this.name,
      RR: this.#below(name),
      Type: "TXT",
      Value: text,
      TTL: String(RECORD_TTL.alidns),
    });
  }

  async remove(name: string, text: string): Promise<void> {
    const records = await this.#records(name);
    for (const { RecordId } of records.filter((record) => record.Value === text)) {
      await this.#ask("DeleteDomainRecord", { RecordId });
    }
  }

  async #records(name: string) {
    const body = await this.#ask("DescribeSubDomainRecords", {
      DomainName: this.name,
      SubDomain: name,
      Type: "TXT",
      PageSize: "500",
    });
    return recordsSchema.parse(JSON.parse(body)).DomainRecords.Record;
  }

  /** The part of a name before the zone; the zone's own name is "@". */
  #below(name: string): string {
    return name === this.name ? "@" : name.slice(0, -this.name.length - 1);
  }

  #ask(action: string, query: Readonly<Record<string, string>>): Promise<string> {
    return askDns("alidns", this.name, () => this.#signed(action, query), refusalIn);
  }

  #signed(action: string, query: Readonly<Record<string, string>>): SignedRequest {
    const { host, origin } = this.#endpoint;
    const request = { host, action, version: VERSION, query, date: new Date(), nonce: randomUUID() };
    return {
      method: "POST",
      url: `${origin}/?${queryText(query)}`,
      headers: { ...signedAcs3(request, this.#keys), accept: "application/json" },
    };
  }
}

function refusalIn({ status, body }: DnsAnswer) {
  const parsed = refusalSchema.safeParse(parsedJson(body));
  if (!parsed.success) return { code: status >= 500 ? "ServiceUnavailable" : "Unknown", message: `HTTP ${status}` };
  return { code: parsed.data.Code, message: parsed.data.Message };
}

import { randomUUID } from "node:crypto";
import * as z from "zod";
import { queryText, signedAcs3 } from "../certificates/acs3-signature.js";
import type { CloudKeys } from "../certificates/cloud-keys.js";
import { parsedJson } from "../spec/parsed-json.js";
import type { AlicloudSite } from "../spec/site.js";
import { askCloud, CloudRefusal } from "./cloud-api.js";

const VERSIONS = { sts: "2015-04-01", ecs: "2014-05-26", rds: "2014-08-15", "r-kvstore": "2015-01-01" } as const;
type Service = keyof typeof VERSIONS;
/** What Terraform's provider calls them, where that is another name. */
const PROVIDER_NAMES: Partial<Record<Service, string>> = { "r-kvstore": "kvstore" };

/** Regions whose data bases and caches are asked at one host for all (endpoints of Alibaba Cloud's own SDKs). */
const CENTRAL_REGIONS: readonly string[] = [
  "ap-southeast-1",
  "cn-beijing",
  "cn-hangzhou",
  "cn-hongkong",
  "cn-qingdao",
  "cn-shanghai",
  "cn-shenzhen",
  "us-east-1",
  "us-west-1",
];
const CENTRAL: readonly Service[] = ["rds", "r-kvstore"];

const refusalSchema = z.object({ Code: z.string(), Message: z.string().default("") });

/** Requests to Alibaba Cloud's services of a site's region, signed with the operator's keys. */
export class AlibabaRequests {
  /** Milliseconds by which the cloud's clock is ahead of ours, by its last answer. @default - it has not answered */
  clockAhead: number | undefined;
  readonly #site: AlicloudSite;
  readonly #keys: CloudKeys;
  readonly #variables: NodeJS.ProcessEnv;

  constructor(site: AlicloudSite, keys: CloudKeys, variables: NodeJS.ProcessEnv = process.env) {
    this.#site = site;
    this.#keys = keys;
    this.#variables = variables;
  }

  /** The JSON of the answer. @throws CloudRefusal, CloudSilent */
  async ask(service: Service, action: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const url = this.#endpoint(service);
    const query = service === "sts" ? parameters : { RegionId: this.#site.region, ...parameters };
    url.search = queryText(query);
    const headers = signedAcs3(
      { host: url.host, action, version: VERSIONS[service], query, date: new Date(), nonce: randomUUID() },
      this.#keys,
    );
    const answer = await askCloud({ url, headers });
    this.clockAhead = answer.clockAhead ?? this.clockAhead;
    const json = parsedJson(answer.body);
    if (answer.ok) return json;
    const refused = refusalSchema.safeParse(json);
    throw refused.success
      ? new CloudRefusal(refused.data.Code, refused.data.Message)
      : new CloudRefusal(`HTTP ${answer.status}`, `HTTP ${answer.status}`);
  }

  /** As Terraform's provider finds it: in its `endpoints`, in a variable, or the region's own. */
  #endpoint(service: Service): URL {
    const { region, providerArguments } = this.#site;
    const name = PROVIDER_NAMES[service] ?? service;
    const lists = z.array(z.record(z.string(), z.unknown())).catch([]).parse([providerArguments.endpoints].flat());
    const listed = lists.map((one) => one[name]).find((one) => typeof one === "string");
    const named = listed || this.#variables[`ALIBABA_CLOUD_ENDPOINT_${name.toUpperCase()}`];
    const protocol = `${providerArguments.protocol ?? "HTTPS"}`.toLowerCase();
    const isCentral = CENTRAL.includes(service) && CENTRAL_REGIONS.includes(region);
    const host = `${named || `${service}.${isCentral ? "" : `${region}.`}aliyuncs.com`}`;
    return new URL(host.includes("://") ? host : `${protocol}://${host}`);
  }
}

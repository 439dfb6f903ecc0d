import { randomUUID } from "node:crypto";
import * as z from "zod";
import { queryText, signedAcs3 } from "../certificates/acs3-signature.js";
import type { CloudKeys } from "../certificates/cloud-keys.js";
import { parsedJson } from "../spec/parsed-json.js";
import type { AlicloudSite } from "../spec/site.js";
import { askCloud, type CloudApi, CloudRefusal } from "./cloud-api.js";

const VERSIONS = { sts: "2015-04-01", ecs: "2014-05-26" } as const;
type Service = keyof typeof VERSIONS;

const identitySchema = z.object({ Arn: z.string() });
const zonesSchema = z.object({ Zones: z.object({ Zone: z.array(z.object({ ZoneId: z.string() })) }) });
const imagesSchema = z.object({ Images: z.object({ Image: z.array(z.object({ ImageId: z.string() })) }) });
/** Without stock a zone is left out, or says so. */
const availableSchema = z.object({
  AvailableZones: z
    .object({
      AvailableZone: z.array(
        z.object({ ZoneId: z.string(), Status: z.string(), StatusCategory: z.string().default("") }),
      ),
    })
    .optional(),
});
const refusalSchema = z.object({ Code: z.string(), Message: z.string().default("") });

/** Alibaba Cloud's own services of a site's region, asked with the operator's keys. */
export class AlicloudApi implements CloudApi {
  readonly name = "Alibaba Cloud";
  clockAhead: number | undefined;
  readonly #site: AlicloudSite;
  readonly #keys: CloudKeys;
  readonly #variables: NodeJS.ProcessEnv;

  constructor(site: AlicloudSite, keys: CloudKeys, variables: NodeJS.ProcessEnv = process.env) {
    this.#site = site;
    this.#keys = keys;
    this.#variables = variables;
  }

  async identity(): Promise<string> {
    return identitySchema.parse(await this.#ask("sts", "GetCallerIdentity")).Arn;
  }

  async zones(): Promise<string[]> {
    const answer = zonesSchema.parse(await this.#ask("ecs", "DescribeZones", { Verbose: "false" }));
    return answer.Zones.Zone.map(({ ZoneId }) => ZoneId);
  }

  async offering(size: string): Promise<string[]> {
    const asked = { DestinationResource: "InstanceType", InstanceType: size, IoOptimized: "optimized" };
    const { AvailableZones } = availableSchema.parse(await this.#ask("ecs", "DescribeAvailableResource", asked));
    return (AvailableZones?.AvailableZone ?? [])
      .filter(({ Status, StatusCategory }) => Status === "Available" && !/WithoutStock/.test(StatusCategory))
      .map(({ ZoneId }) => ZoneId);
  }

  async hasImage(id: string | undefined): Promise<boolean> {
    // The default is Alibaba Cloud's own system, which every region has.
    if (id === undefined) return true;
    const answer = imagesSchema.parse(await this.#ask("ecs", "DescribeImages", { ImageId: id }));
    return answer.Images.Image.length > 0;
  }

  async addressesLeft(): Promise<number | undefined> {
    return undefined;
  }

  async #ask(service: Service, action: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> {
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
    const lists = z.array(z.record(z.string(), z.unknown())).catch([]).parse([providerArguments.endpoints].flat());
    const listed = lists.map((one) => one[service]).find((one) => typeof one === "string");
    const named = listed || this.#variables[`ALIBABA_CLOUD_ENDPOINT_${service.toUpperCase()}`];
    const protocol = `${providerArguments.protocol ?? "HTTPS"}`.toLowerCase();
    const host = `${named || `${service}.${region}.aliyuncs.com`}`;
    return new URL(host.includes("://") ? host : `${protocol}://${host}`);
  }
}

import * as z from "zod";
import type { CloudKeys } from "../certificates/cloud-keys.js";
import type { AlicloudSite } from "../spec/site.js";
import { AlibabaRequests } from "./alibaba-requests.js";
import type { CloudApi } from "./cloud-api.js";

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

/** Alibaba Cloud's own services of a site's region, asked with the operator's keys. */
export class AlicloudApi implements CloudApi {
  readonly name = "Alibaba Cloud";
  readonly #requests: AlibabaRequests;

  constructor(site: AlicloudSite, keys: CloudKeys, variables: NodeJS.ProcessEnv = process.env) {
    this.#requests = new AlibabaRequests(site, keys, variables);
  }

  get clockAhead(): number | undefined {
    return this.#requests.clockAhead;
  }

  async identity(): Promise<string> {
    return identitySchema.parse(await this.#requests.ask("sts", "GetCallerIdentity")).Arn;
  }

  async zones(): Promise<string[]> {
    const answer = zonesSchema.parse(await this.#requests.ask("ecs", "DescribeZones", { Verbose: "false" }));
    return answer.Zones.Zone.map(({ ZoneId }) => ZoneId);
  }

  async offering(size: string): Promise<string[]> {
    const asked = { DestinationResource: "InstanceType", InstanceType: size, IoOptimized: "optimized" };
    const { AvailableZones } = availableSchema.parse(
      await this.#requests.ask("ecs", "DescribeAvailableResource", asked),
    );
    return (AvailableZones?.AvailableZone ?? [])
      .filter(({ Status, StatusCategory }) => Status === "Available" && !/WithoutStock/.test(StatusCategory))
      .map(({ ZoneId }) => ZoneId);
  }

  async hasImage(id: string | undefined): Promise<boolean> {
    // The default is Alibaba Cloud's own system, which every region has.
    if (id === undefined) return true;
    const answer = imagesSchema.parse(await this.#requests.ask("ecs", "DescribeImages", { ImageId: id }));
    return answer.Images.Image.length > 0;
  }

  async addressesLeft(): Promise<number | undefined> {
    return undefined;
  }
}

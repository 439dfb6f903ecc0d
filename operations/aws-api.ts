import type { CloudKeys } from "../certificates/cloud-keys.js";
import type { AwsSite } from "../spec/site.js";
import { AmazonRequests, itemsAt, textAt } from "./amazon-requests.js";
import { type CloudApi, CloudRefusal } from "./cloud-api.js";

/** Debian's own account, whose images are the default. Source: wiki.debian.org/Cloud/AmazonEC2Image. */
const DEBIAN = "136693071363";

/** AWS's own services of a site's region, asked with the operator's keys. */
export class AwsApi implements CloudApi {
  readonly name = "AWS";
  readonly #requests: AmazonRequests;

  constructor(site: AwsSite, keys: CloudKeys, variables: NodeJS.ProcessEnv = process.env) {
    this.#requests = new AmazonRequests(site, keys, variables);
  }

  get clockAhead(): number | undefined {
    return this.#requests.clockAhead;
  }

  async identity(): Promise<string> {
    return textAt(await this.#requests.query("sts", "GetCallerIdentity"), "GetCallerIdentityResult", "Arn") ?? "";
  }

  async zones(): Promise<string[]> {
    const answer = await this.#requests.query("ec2", "DescribeAvailabilityZones");
    return itemsAt(answer, "availabilityZoneInfo").flatMap((item) => textAt(item, "zoneName") ?? []);
  }

  async offering(size: string): Promise<string[]> {
    const answer = await this.#requests.query("ec2", "DescribeInstanceTypeOfferings", {
      LocationType: "availability-zone",
      "Filter.1.Name": "instance-type",
      "Filter.1.Value.1": size,
    });
    return itemsAt(answer, "instanceTypeOfferingSet")
      .filter((item) => textAt(item, "instanceType") === size)
      .flatMap((item) => textAt(item, "location") ?? []);
  }

  async hasImage(id: string | undefined): Promise<boolean> {
    const asked: Record<string, string> =
      id === undefined
        ? { "Owner.1": DEBIAN, "Filter.1.Name": "name", "Filter.1.Value.1": "debian-12-*" }
        : { "ImageId.1": id };
    try {
      return itemsAt(await this.#requests.query("ec2", "DescribeImages", asked), "imagesSet").length > 0;
    } catch (error) {
      if (error instanceof CloudRefusal && error.code.startsWith("InvalidAMIID")) return false;
      throw error;
    }
  }

  async addressesLeft(): Promise<number | undefined> {
    const [allowed, used] = await Promise.all([
      this.#requests.query("ec2", "DescribeAccountAttributes", { "AttributeName.1": "vpc-max-elastic-ips" }),
      this.#requests.query("ec2", "DescribeAddresses"),
    ]);
    const [attribute] = itemsAt(allowed, "accountAttributeSet");
    const [value] = attribute === undefined ? [] : itemsAt(attribute, "attributeValueSet");
    const limit = Number(value && textAt(value, "attributeValue"));
    return Number.isInteger(limit) ? limit - itemsAt(used, "addressesSet").length : undefined;
  }
}

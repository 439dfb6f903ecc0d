import { XMLParser } from "fast-xml-parser";
import { signedAmazon } from "../certificates/amazon-signature.js";
import type { CloudKeys } from "../certificates/cloud-keys.js";
import type { AwsSite } from "../spec/site.js";
import { askCloud, type CloudApi, CloudRefusal } from "./cloud-api.js";

/** Debian's own account, whose images are the default. Source: wiki.debian.org/Cloud/AmazonEC2Image. */
const DEBIAN = "136693071363";

const FORM = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
const VERSIONS = { sts: "2011-06-15", ec2: "2016-11-15" } as const;
type Service = keyof typeof VERSIONS;

const parser = new XMLParser({ parseTagValue: false, isArray: (tag) => tag === "item" });

/** AWS's own services of a site's region, asked with the operator's keys. */
export class AwsApi implements CloudApi {
  readonly name = "AWS";
  clockAhead: number | undefined;
  readonly #site: AwsSite;
  readonly #keys: CloudKeys;
  readonly #variables: NodeJS.ProcessEnv;

  constructor(site: AwsSite, keys: CloudKeys, variables: NodeJS.ProcessEnv = process.env) {
    this.#site = site;
    this.#keys = keys;
    this.#variables = variables;
  }

  async identity(): Promise<string> {
    return textAt(await this.#ask("sts", "GetCallerIdentity"), "GetCallerIdentityResult", "Arn") ?? "";
  }

  async zones(): Promise<string[]> {
    const answer = await this.#ask("ec2", "DescribeAvailabilityZones");
    return itemsAt(answer, "availabilityZoneInfo").flatMap((item) => textAt(item, "zoneName") ?? []);
  }

  async offering(size: string): Promise<string[]> {
    const answer = await this.#ask("ec2", "DescribeInstanceTypeOfferings", {
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
      return itemsAt(await this.#ask("ec2", "DescribeImages", asked), "imagesSet").length > 0;
    } catch (error) {
      if (error instanceof CloudRefusal && error.code.startsWith("InvalidAMIID")) return false;
      throw error;
    }
  }

  async addressesLeft(): Promise<number | undefined> {
    const [allowed, used] = await Promise.all([
      this.#ask("ec2", "DescribeAccountAttributes", { "AttributeName.1": "vpc-max-elastic-ips" }),
      this.#ask("ec2", "DescribeAddresses"),
    ]);
    const [attribute] = itemsAt(allowed, "accountAttributeSet");
    const [value] = attribute === undefined ? [] : itemsAt(attribute, "attributeValueSet");
    const limit = Number(value && textAt(value, "attributeValue"));
    return Number.isInteger(limit) ? limit - itemsAt(used, "addressesSet").length : undefined;
  }

  async #ask(service: Service, action: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const url = this.#endpoint(service);
    const body = new URLSearchParams({ Action: action, Version: VERSIONS[service], ...parameters }).toString();
    const scope = { service, region: this.#site.region };
    const { headers } = await signedAmazon({ method: "POST", url, headers: FORM, body }, this.#keys, scope);
    const answer = await askCloud({ url, headers, body });
    this.clockAhead = answer.clockAhead ?? this.clockAhead;
    const parsed = parsedXml(answer.body);
    if (!answer.ok) throw refusal(parsed, answer.status);
    return Object.values(isRecord(parsed) ? parsed : {}).find(isRecord);
  }

  /** As AWS's own programs and Terraform's provider find it. */
  #endpoint(service: Service): URL {
    const { region, providerArguments } = this.#site;
    const listed = [providerArguments.endpoints].flat().find((one) => textAt(one, service) !== undefined);
    const named =
      textAt(listed, service) ||
      this.#variables[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ||
      this.#variables.AWS_ENDPOINT_URL;
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
function itemsAt(answer: unknown, list: string): unknown[] {
  const items = at(answer, list, "item");
  return Array.isArray(items) ? items : [];
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => (isRecord(found) ? found[name] : undefined), value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

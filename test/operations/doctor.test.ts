import { afterEach, describe, expect, test } from "vitest";
import { AlicloudApi } from "../../operations/alicloud-api.js";
import { AwsApi } from "../../operations/aws-api.js";
import { type CloudApi, CloudRefusal, CloudSilent } from "../../operations/cloud-api.js";
import { cloudFindings } from "../../operations/doctor-cloud.js";
import { type Names, nameFindings } from "../../operations/doctor-names.js";
import type { Finding } from "../../operations/finding.js";
import { isCloud } from "../../spec/cloud/sites.js";
import { parseEnvironment } from "../../spec/parse.js";
import { Secret } from "../../spec/secret.js";
import type { AlicloudSite, AwsSite, CloudSite } from "../../spec/site.js";
import { type Answer, type Asked, CloudServer } from "./cloud-server.js";
import { cloudFile } from "./cloud-workspace.js";

const KEYS = { accessKey: "AKIDEXAMPLE", secretKey: new Secret("secret") };

function siteOf(provider: "aws" | "alicloud", more = "", nodes?: string): CloudSite {
  const site = parseEnvironment(cloudFile(provider, nodes) + more, "prod.yaml").sites.find(isCloud);
  if (site === undefined) throw new Error("no site");
  return site;
}

function awsSite(more = "", nodes?: string): AwsSite {
  const site = siteOf("aws", more, nodes);
  if (site.provider !== "aws") throw new Error("not AWS");
  return site;
}

function alicloudSite(more = "", nodes?: string): AlicloudSite {
  const site = siteOf("alicloud", more, nodes);
  if (site.provider !== "alicloud") throw new Error("not Alibaba Cloud");
  return site;
}

let server: CloudServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function serve(answer: (asked: Asked) => Answer): Promise<CloudServer> {
  server = await CloudServer.start(answer);
  return server;
}

const states = (findings: readonly Finding[]) => Object.fromEntries(findings.map(({ check, state }) => [check, state]));
const found = (findings: readonly Finding[], check: string) => findings.find((finding) => finding.check === check);

const EC2: Readonly<Record<string, string>> = {
  GetCallerIdentity:
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/ops</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
  DescribeAvailabilityZones: `<DescribeAvailabilityZonesResponse><availabilityZoneInfo>${["a", "b", "c"]
    .map((zone) => `<item><zoneName>eu-central-1${zone}</zoneName></item>`)
    .join("")}</availabilityZoneInfo></DescribeAvailabilityZonesResponse>`,
  DescribeInstanceTypeOfferings: `<DescribeInstanceTypeOfferingsResponse><instanceTypeOfferingSet>${["a", "b"]
    .map((zone) => `<item><instanceType>c7i.xlarge</instanceType><location>eu-central-1${zone}</location></item>`)
    .join("")}</instanceTypeOfferingSet></DescribeInstanceTypeOfferingsResponse>`,
  DescribeImages: "<DescribeImagesResponse><imagesSet/></DescribeImagesResponse>",
  DescribeAccountAttributes:
    "<DescribeAccountAttributesResponse><accountAttributeSet><item><attributeName>vpc-max-elastic-ips</attributeName><attributeValueSet><item><attributeValue>5</attributeValue></item></attributeValueSet></item></accountAttributeSet></DescribeAccountAttributesResponse>",
  DescribeAddresses: `<DescribeAddressesResponse><addressesSet>${"<item/>".repeat(4)}</addressesSet></DescribeAddressesResponse>`,
};

describe("asking AWS before Terraform does", () => {
  test("names the zone that lacks the instance type, the image, and addresses that do not suffice", async () => {
    const { url, asked } = await serve(({ action }) => ({ body: EC2[action] ?? "" }));
    const site = awsSite();
    const findings = await cloudFindings(site, new AwsApi(site, KEYS, { AWS_ENDPOINT_URL: url }), false);
    expect(states(findings)).toEqual({
      credentials: "ok",
      clock: "ok",
      zones: "ok",
      sizes: "problem",
      image: "problem",
      addresses: "problem",
    });
    expect(found(findings, "credentials")?.says).toContain("arn:aws:iam::1:user/ops");
    expect(found(findings, "sizes")?.says).toBe("eu-central-1c does not have c7i.xlarge");
    expect(found(findings, "addresses")?.says).toBe("1 public addresses may still be had, and 2 are needed");
    expect(asked.every(({ authorization }) => authorization.startsWith("AWS4-HMAC-SHA256 "))).toBe(true);
    expect(asked[0]?.authorization).toContain("/eu-central-1/sts/aws4_request");
  });

  test("a site that is made already needs no more addresses", async () => {
    const { url } = await serve(({ action }) => ({ body: EC2[action] ?? "" }));
    const site = awsSite();
    const findings = await cloudFindings(
      site,
      new AwsApi(site, KEYS, { AWS_ENDPOINT_URL_STS: url, AWS_ENDPOINT_URL_EC2: url }),
      true,
    );
    expect(found(findings, "addresses")).toBeUndefined();
  });

  test("keys that are refused are the one thing told, with the clock that may be the reason", async () => {
    const body =
      "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired</Message></Error></ErrorResponse>";
    const date = new Date(Date.now() + 900_000);
    const { url } = await serve(() => ({ status: 403, body, date }));
    const site = awsSite();
    const findings = await cloudFindings(site, new AwsApi(site, KEYS, { AWS_ENDPOINT_URL: url }), false);
    expect(states(findings)).toEqual({ credentials: "problem", clock: "problem" });
    expect(found(findings, "credentials")?.says).toBe("the cloud refuses: Signature expired (SignatureDoesNotMatch)");
    expect(found(findings, "clock")?.says).toMatch(/clock is (899|900) s behind/);
  });

  test("a right to look that is missing stops nobody", async () => {
    const refusal =
      "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
    const { url } = await serve(({ action }) =>
      action === "DescribeAvailabilityZones" ? { status: 403, body: refusal } : { body: EC2[action] ?? "" },
    );
    const site = awsSite();
    const findings = await cloudFindings(site, new AwsApi(site, KEYS, { AWS_ENDPOINT_URL: url }), true);
    expect(found(findings, "zones")?.state).toBe("warning");
  });

  test("an image of another region is told as such", async () => {
    const refusal =
      "<Response><Errors><Error><Code>InvalidAMIID.NotFound</Code><Message>no</Message></Error></Errors></Response>";
    const { url, asked } = await serve(({ action }) =>
      action === "DescribeImages" ? { status: 400, body: refusal } : { body: EC2[action] ?? "" },
    );
    const site = awsSite("", "{ image: ami-0123456789abcdef0 }");
    const findings = await cloudFindings(site, new AwsApi(site, KEYS, { AWS_ENDPOINT_URL: url }), true);
    expect(found(findings, "image")?.says).toBe("eu-central-1 has no image ami-0123456789abcdef0");
    const question = asked.find(({ action }) => action === "DescribeImages");
    expect(question?.parameters.get("ImageId.1")).toBe("ami-0123456789abcdef0");
  });

  test("endpoints that the site names for Terraform's provider hold here too", async () => {
    const { url, asked } = await serve(({ action }) => ({ body: EC2[action] ?? "" }));
    const site = awsSite(`    providerArguments: { endpoints: [{ sts: "${url}", ec2: "${url}" }] }\n`);
    await new AwsApi(site, KEYS, {}).identity();
    expect(asked.map(({ action }) => action)).toEqual(["GetCallerIdentity"]);
  });
});

const ECS: Readonly<Record<string, unknown>> = {
  GetCallerIdentity: { Arn: "acs:ram::1:user/ops" },
  DescribeZones: { Zones: { Zone: [{ ZoneId: "cn-hangzhou-h" }, { ZoneId: "cn-hangzhou-i" }] } },
  DescribeAvailableResource: {
    AvailableZones: {
      AvailableZone: [
        { ZoneId: "cn-hangzhou-h", Status: "Available", StatusCategory: "WithStock" },
        { ZoneId: "cn-hangzhou-i", Status: "Available", StatusCategory: "ClosedWithoutStock" },
        { ZoneId: "cn-hangzhou-j", Status: "SoldOut", StatusCategory: "WithoutStock" },
      ],
    },
  },
  DescribeImages: { Images: { Image: [] } },
};

describe("asking Alibaba Cloud before Terraform does", () => {
  const variables = (url: string) => ({ ALIBABA_CLOUD_ENDPOINT_STS: url, ALIBABA_CLOUD_ENDPOINT_ECS: url });

  test("names a zone that the region does not have, and looks no further there", async () => {
    const { url, asked } = await serve(({ action }) => ({ body: JSON.stringify(ECS[action]) }));
    const site = alicloudSite();
    const findings = await cloudFindings(site, new AlicloudApi(site, KEYS, variables(url)), false);
    expect(states(findings)).toEqual({ credentials: "ok", clock: "ok", zones: "problem", image: "ok" });
    expect(found(findings, "zones")?.says).toBe("cn-hangzhou has no zone cn-hangzhou-j");
    expect(asked.every(({ authorization }) => authorization.startsWith("ACS3-HMAC-SHA256 "))).toBe(true);
  });

  test("zones without stock do not have an instance type", async () => {
    const zones = { Zones: { Zone: ["h", "i", "j"].map((zone) => ({ ZoneId: `cn-hangzhou-${zone}` })) } };
    const { url } = await serve(({ action }) => ({
      body: JSON.stringify(action === "DescribeZones" ? zones : ECS[action]),
    }));
    const site = alicloudSite("", "{ image: m-1 }");
    const findings = await cloudFindings(site, new AlicloudApi(site, KEYS, variables(url)), false);
    expect(found(findings, "sizes")?.says).toBe("cn-hangzhou-i, cn-hangzhou-j do not have ecs.c7.xlarge");
    expect(found(findings, "image")?.says).toBe("cn-hangzhou has no image m-1");
  });

  test("a refusal is told in the cloud's words", async () => {
    const body = JSON.stringify({ Code: "InvalidAccessKeyId.NotFound", Message: "Specified access key is not found." });
    const { url } = await serve(() => ({ status: 404, body }));
    const site = alicloudSite();
    const findings = await cloudFindings(site, new AlicloudApi(site, KEYS, variables(url)), false);
    expect(found(findings, "credentials")).toMatchObject({
      state: "problem",
      says: "the cloud refuses: Specified access key is not found. (InvalidAccessKeyId.NotFound)",
    });
  });
});

test("a cloud that cannot be reached is a warning, not a verdict", async () => {
  const never = () => Promise.reject(new CloudRefusal("Never", "not asked"));
  const api: CloudApi = {
    name: "a cloud",
    identity: () => Promise.reject(new CloudSilent("sts.example.com", "no route")),
    zones: never,
    offering: never,
    hasImage: never,
    addressesLeft: never,
    clockAhead: undefined,
  };
  expect(await cloudFindings(awsSite(), api, false)).toEqual([
    expect.objectContaining({
      check: "credentials",
      state: "warning",
      says: "sts.example.com does not answer: no route",
    }),
  ]);
});

describe("the registry's name", () => {
  const names = (known: Readonly<Record<string, readonly string[]>>): Names => {
    const answer = async (name: string) => {
      const found = known[name];
      if (found === undefined) throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
      return found;
    };
    return { addresses: answer, servers: answer };
  };
  const HOST = "registry.example.com";
  const ENTRY = "nlb.example.net";
  const DNS = "    dns: { zone: example.com }\n";

  test("leads to the entry by whatever records", async () => {
    const known = names({ [HOST]: ["198.51.100.7"], [ENTRY]: ["198.51.100.6", "198.51.100.7"] });
    expect(states(await nameFindings(HOST, awsSite(), ENTRY, known))).toEqual({ name: "ok" });
    expect(states(await nameFindings(HOST, awsSite(), "198.51.100.7", known))).toEqual({ name: "ok" });
  });

  test("that leads elsewhere or nowhere is told with the record that is missing", async () => {
    const known = names({ [HOST]: ["192.0.2.1"], [ENTRY]: ["198.51.100.6"] });
    const [elsewhere] = await nameFindings(HOST, awsSite(), ENTRY, known);
    expect(elsewhere).toMatchObject({ state: "warning", instead: `make a CNAME to ${ENTRY}` });
    const [nowhere] = await nameFindings(HOST, awsSite(), "198.51.100.6", names({}));
    expect(nowhere).toMatchObject({
      says: `${HOST} has no address, not to the entry 198.51.100.6`,
      instead: "make an A record with 198.51.100.6",
    });
  });

  test("before the balancer is made is nobody's fault", async () => {
    expect(states(await nameFindings(HOST, awsSite(), undefined, names({})))).toEqual({ name: "ok" });
  });

  test("in a zone that is served by others would be written where nobody looks", async () => {
    const others = names({ "example.com": ["ns1.elsewhere.net"] });
    expect(found(await nameFindings(HOST, awsSite(DNS), undefined, others), "zone")).toMatchObject({
      state: "problem",
      says: "example.com is served by ns1.elsewhere.net, not by Route 53: nobody would see the records made there",
    });
    const own = names({ "example.com": ["ns-1.awsdns-01.org"] });
    expect(states(await nameFindings(HOST, awsSite(DNS), undefined, own))).toEqual({ zone: "ok", name: "ok" });
    const hichina = names({ "example.com": ["dns9.hichina.com"] });
    expect(states(await nameFindings(HOST, alicloudSite(DNS), undefined, hichina))).toMatchObject({ zone: "ok" });
  });

  test("cannot be judged where name servers are silent", async () => {
    const silent = () => Promise.reject(Object.assign(new Error("no"), { code: "ECONNREFUSED" }));
    const findings = await nameFindings(HOST, awsSite(DNS), ENTRY, { addresses: silent, servers: silent });
    expect(states(findings)).toEqual({ zone: "warning", name: "warning" });
  });
});

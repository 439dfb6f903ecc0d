import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { signedAmazon } from "../../../certificates/amazon-signature.js";
import { Route53Zone } from "../../../certificates/route53.js";
import { Secret } from "../../../spec/secret.js";
import { codeOf } from "../../secrets/fixture.js";
import { MotoServer } from "../moto/moto-server.js";

const KEYS = { accessKey: "placeholder", secretKey: new Secret("placeholder") };
const NAME = "_acme-challenge.registry.example.com";
let moto: MotoServer;
beforeAll(async () => {
  moto = await MotoServer.start();
  await newZone("example.com", false);
  await newZone("example.com", true);
  await newZone("a.example.com", false);
});
afterAll(() => moto?.stop());

let zone: Route53Zone;
beforeEach(() => {
  zone = zoneOf("example.com");
});

function zoneOf(name: string): Route53Zone {
  return new Route53Zone(name, KEYS, { url: new URL(moto.endpoint), region: "us-east-1" });
}

async function ask(method: "GET" | "POST", path: string, body?: string): Promise<string> {
  const content = body === undefined ? {} : { body, headers: { "content-type": "application/xml" } };
  const scope = { service: "route53", region: "us-east-1" };
  const signed = await signedAmazon({ method, url: new URL(path, moto.endpoint), ...content }, KEYS, scope);
  const { host: _, ...headers } = signed.headers;
  const response = await fetch(signed.url, { method, headers, ...(body === undefined ? {} : { body }) });
  if (!response.ok) throw new Error(await response.text());
  return response.text();
}

async function newZone(name: string, isPrivate: boolean): Promise<void> {
  const vpc = isPrivate ? "<VPC><VPCRegion>us-east-1</VPCRegion><VPCId>vpc-1</VPCId></VPC>" : "";
  const config = `<HostedZoneConfig><Comment>x</Comment><PrivateZone>${isPrivate}</PrivateZone></HostedZoneConfig>`;
  const reference = `<CallerReference>${name}-${isPrivate}</CallerReference>`;
  const inside = `<Name>${name}</Name>${reference}${config}${vpc}`;
  const xmlns = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';
  await ask("POST", "/2013-04-01/hostedzone", `<CreateHostedZoneRequest ${xmlns}>${inside}</CreateHostedZoneRequest>`);
}

/** Texts of the name in the public zone, as the cloud lists them. */
async function texts(): Promise<string[]> {
  const zones = await ask("GET", "/2013-04-01/hostedzonesbyname?dnsname=example.com.");
  const [, id = ""] =
    /<Id>\/hostedzone\/(\w+)<\/Id>\s*<Name>example\.com\.<\/Name>(?:(?!<\/HostedZone>)[\s\S])*<PrivateZone>false/.exec(
      zones,
    ) ?? [];
  const sets = await ask("GET", `/2013-04-01/hostedzone/${id}/rrset?name=${NAME}.&type=TXT`);
  return [...sets.matchAll(/<Value>"([^"]*)"<\/Value>/g)].map(([, text = ""]) => text);
}

test("texts come beside each other into the public zone, and go one by one", async () => {
  await zone.add(NAME, "one");
  await zone.add(NAME, "other");
  await zone.add(NAME, "other");
  expect((await texts()).sort()).toEqual(["one", "other"]);
  await zone.remove(NAME, "one");
  expect(await texts()).toEqual(["other"]);
  await zone.remove(NAME, "never there");
  await zone.remove(NAME, "other");
  expect(await texts()).toEqual([]);
  await zone.remove(NAME, "other");
});

test("a name below the zone is no zone, and neither is a private one", async () => {
  expect(await codeOf(zoneOf("registry.example.com").add(NAME, "x"))).toBe("dns/zone-not-found");
});

test("two public zones of one name are refused: the world asks only one of them", async () => {
  await newZone("twice.com", false);
  const again = "<Name>twice.com</Name><CallerReference>second</CallerReference>";
  await ask("POST", "/2013-04-01/hostedzone", `<CreateHostedZoneRequest>${again}</CreateHostedZoneRequest>`);
  expect(await codeOf(zoneOf("twice.com").add("_acme-challenge.twice.com", "x"))).toBe("dns/zone-ambiguous");
});

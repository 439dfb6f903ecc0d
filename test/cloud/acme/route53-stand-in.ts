import { createHash, createHmac } from "node:crypto";
import { XMLParser } from "fast-xml-parser";
import * as z from "zod";
import { type Answer, Answering, type Asked } from "./answering.js";
import type { TestZone } from "./test-zone.js";

export const AMAZON_KEYS = { id: "AKIASTANDIN", secret: "the/secret+of the stand-in" } as const;
const ZONE_ID = "Z0123456789STANDIN";

const changeSchema = z.object({
  ChangeResourceRecordSetsRequest: z.object({
    ChangeBatch: z.object({
      Changes: z.object({
        Change: z.object({
          Action: z.enum(["UPSERT", "DELETE"]),
          ResourceRecordSet: z.object({
            Name: z.string(),
            Type: z.literal("TXT"),
            TTL: z.string(),
            ResourceRecords: z.object({ ResourceRecord: z.array(z.object({ Value: z.string().regex(/^".*"$/) })) }),
          }),
        }),
      }),
    }),
  }),
});
const parser = new XMLParser({ parseTagValue: false, isArray: (tag) => tag === "ResourceRecord" });

/**
 * The calls of Route 53 that a record needs. It takes only requests that are signed by version 4, knows one zone, asks
 * for the whole set when one is deleted, and says of a change at first that it is still on its way.
 */
export async function route53StandIn(zone: TestZone): Promise<Answering> {
  const asked = new Map<string, number>();
  return Answering.start(async (request) => {
    const objection = objectionTo(request);
    if (objection !== undefined) return refusal(403, objection, "The request is not signed as it should be.");
    const { pathname } = request.url;
    if (pathname === "/2013-04-01/hostedzonesbyname") return zones(zone);
    const [, change] = /^\/2013-04-01\/change\/(\w+)$/.exec(pathname) ?? [];
    if (change !== undefined) {
      asked.set(change, (asked.get(change) ?? 0) + 1);
      return xml(`<GetChangeResponse>${changeInfo(change, (asked.get(change) ?? 0) > 1)}</GetChangeResponse>`);
    }
    if (pathname !== `/2013-04-01/hostedzone/${ZONE_ID}/rrset`)
      return refusal(404, "NoSuchHostedZone", "No hosted zone found.");
    return request.method === "GET" ? sets(zone, request) : carriedOut(zone, request, asked.size);
  });
}

function zones({ name }: TestZone): Answer {
  const zone = (id: string, called: string, secret: boolean) =>
    `<HostedZone><Id>/hostedzone/${id}</Id><Name>${called}.</Name><CallerReference>x</CallerReference>` +
    `<Config><PrivateZone>${secret}</PrivateZone></Config></HostedZone>`;
  const all = [zone("ZPRIVATE", name, true), zone(ZONE_ID, name, false), zone("ZOTHER", `z.${name}`, false)];
  return xml(
    `<ListHostedZonesByNameResponse><HostedZones>${all.join("")}</HostedZones>` +
      "<IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesByNameResponse>",
  );
}

function sets(zone: TestZone, { url }: Asked): Answer {
  const name = (url.searchParams.get("name") ?? "").replace(/\.$/, "");
  const values = zone.texts(name).map((text) => `<ResourceRecord><Value>"${text}"</Value></ResourceRecord>`);
  const own = `<ResourceRecordSet><Name>${name}.</Name><Type>TXT</Type><TTL>60</TTL><ResourceRecords>${values.join("")}</ResourceRecords></ResourceRecordSet>`;
  return xml(
    `<ListResourceRecordSetsResponse><ResourceRecordSets>${values.length === 0 ? "" : own}</ResourceRecordSets>` +
      "<IsTruncated>false</IsTruncated><MaxItems>1</MaxItems></ListResourceRecordSetsResponse>",
  );
}

async function carriedOut(zone: TestZone, { body }: Asked, number: number): Promise<Answer> {
  const { Action, ResourceRecordSet } = changeSchema.parse(parser.parse(body)).ChangeResourceRecordSetsRequest
    .ChangeBatch.Changes.Change;
  const name = ResourceRecordSet.Name.replace(/\.$/, "");
  const texts = ResourceRecordSet.ResourceRecords.ResourceRecord.map(({ Value }) => Value.slice(1, -1));
  if (!name.endsWith(`.${zone.name}`)) return refusal(400, "InvalidChangeBatch", "RRSet is not permitted in zone.");
  if (Action === "DELETE" && texts.sort().join() !== [...zone.texts(name)].sort().join()) {
    return refusal(400, "InvalidChangeBatch", "The values provided do not match the current values.");
  }
  await zone.set(name, Action === "DELETE" ? [] : texts);
  return xml(
    `<ChangeResourceRecordSetsResponse>${changeInfo(`C${number}X`, false)}</ChangeResourceRecordSetsResponse>`,
  );
}

function changeInfo(id: string, known: boolean): string {
  return `<ChangeInfo><Id>/change/${id}</Id><Status>${known ? "INSYNC" : "PENDING"}</Status><SubmittedAt>2026-11-25T12:00:00Z</SubmittedAt></ChangeInfo>`;
}

/** Code of the refusal, when the signature is not the one this request has by AWS's rules. */
function objectionTo({ method, url, headers, body }: Asked): string | undefined {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/us-east-1\/route53\/aws4_request), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
  const [, id, scope = "", names = "", signature] = form.exec(headers.authorization ?? "") ?? [];
  if (id === undefined) return "MissingAuthenticationToken";
  if (id !== AMAZON_KEYS.id) return "InvalidClientTokenId";
  const header = (name: string) => String(headers[name] ?? "").trim();
  const query = [...url.searchParams].map((pair) => pair.map(encodeURIComponent).join("=")).sort();
  const lines = names.split(";").map((name) => `${name}:${header(name)}\n`);
  const canonical = `${method}\n${url.pathname}\n${query.join("&")}\n${lines.join("")}\n${names}\n${hash(body)}`;
  const text = `AWS4-HMAC-SHA256\n${header("x-amz-date")}\n${scope}\n${hash(canonical)}`;
  const key = scope
    .split("/")
    .reduce<Buffer>((before, part) => hmac(before, part), Buffer.from(`AWS4${AMAZON_KEYS.secret}`));
  return hmac(key, text).toString("hex") === signature ? undefined : "SignatureDoesNotMatch";
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function xml(body: string): Answer {
  return { status: 200, type: "text/xml", body: `<?xml version="1.0"?>\n${body}` };
}

function refusal(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0"?>\n<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  return { status, type: "text/xml", body };
}

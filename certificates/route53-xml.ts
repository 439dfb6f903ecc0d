import { XMLBuilder, XMLParser } from "fast-xml-parser";
import * as z from "zod";

const LISTS = new Set(["HostedZone", "ResourceRecordSet", "ResourceRecord"]);
const parser = new XMLParser({ parseTagValue: false, isArray: (tag) => LISTS.has(tag) });
const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

/** An empty list is an element without content, which reads as an empty text. */
const maybe = <Shape extends z.ZodType>(shape: Shape) => z.union([shape, z.literal("")]);

const zonesSchema = z.object({
  ListHostedZonesByNameResponse: z.object({
    HostedZones: maybe(
      z.object({
        HostedZone: z.array(
          z.object({
            Id: z.string(),
            Name: z.string(),
            Config: maybe(z.object({ PrivateZone: z.string().default("false") })).optional(),
          }),
        ),
      }),
    ),
  }),
});

const setsSchema = z.object({
  ListResourceRecordSetsResponse: z.object({
    ResourceRecordSets: maybe(
      z.object({
        ResourceRecordSet: z.array(
          z.object({
            Name: z.string(),
            Type: z.string(),
            TTL: z.string().optional(),
            ResourceRecords: z.object({ ResourceRecord: z.array(z.object({ Value: z.string() })) }).optional(),
          }),
        ),
      }),
    ),
  }),
});

const changeSchema = z.object({ ChangeInfo: z.object({ Id: z.string(), Status: z.string() }) });
const answeredSchema = z.union([
  z
    .object({ ChangeResourceRecordSetsResponse: changeSchema })
    .transform((read) => read.ChangeResourceRecordSetsResponse),
  z.object({ GetChangeResponse: changeSchema }).transform((read) => read.GetChangeResponse),
]);
const refusalSchema = z.object({
  ErrorResponse: z.object({ Error: z.object({ Code: z.string(), Message: z.string().default("") }) }),
});
const invalidSchema = z.object({
  InvalidChangeBatch: z.object({ Messages: z.object({ Message: z.union([z.string(), z.array(z.string())]) }) }),
});

/** Texts of one name, and how long an answer may be kept: seconds. */
export interface TextSet {
  readonly values: readonly string[];
  readonly ttl: string;
}

/** Ids of the public zones of a name. */
export function zoneIds(xml: string, name: string): string[] {
  const { HostedZones } = zonesSchema.parse(parser.parse(xml)).ListHostedZonesByNameResponse;
  if (HostedZones === "") return [];
  const isPublic = (config: "" | { readonly PrivateZone: string } | undefined) =>
    config === undefined || config === "" || config.PrivateZone !== "true";
  return HostedZones.HostedZone.filter((zone) => zone.Name === `${name}.` && isPublic(zone.Config)).map((zone) =>
    zone.Id.replace("/hostedzone/", ""),
  );
}

/** The texts that a name has; undefined when it has none. Values are in quotes, as Route 53 keeps them. */
export function textSet(xml: string, name: string): TextSet | undefined {
  const { ResourceRecordSets } = setsSchema.parse(parser.parse(xml)).ListResourceRecordSetsResponse;
  if (ResourceRecordSets === "") return undefined;
  const found = ResourceRecordSets.ResourceRecordSet.find((set) => set.Name === `${name}.` && set.Type === "TXT");
  const values = found?.ResourceRecords?.ResourceRecord.map(({ Value }) => Value) ?? [];
  return values.length === 0 ? undefined : { values, ttl: found?.TTL ?? "" };
}

/** Id of a change, and whether all servers know it. */
export function changeIn(xml: string): { readonly id: string; readonly known: boolean } {
  const { Id, Status } = answeredSchema.parse(parser.parse(xml)).ChangeInfo;
  return { id: Id.replace("/change/", ""), known: Status === "INSYNC" };
}

/** What a refusal says. */
export function route53Refusal(status: number, body: string): { readonly code: string; readonly message: string } {
  const parsed: unknown = body.startsWith("<") ? parser.parse(body) : undefined;
  const refusal = refusalSchema.safeParse(parsed);
  if (refusal.success) {
    const { Code, Message } = refusal.data.ErrorResponse.Error;
    return { code: Code, message: Message };
  }
  const invalid = invalidSchema.safeParse(parsed);
  if (invalid.success)
    return { code: "InvalidChangeBatch", message: `${invalid.data.InvalidChangeBatch.Messages.Message}` };
  return { code: status >= 500 ? "ServiceUnavailable" : "Unknown", message: `HTTP ${status}` };
}

/** The body that changes the texts of a name. */
export function changeBody(action: "UPSERT" | "DELETE", name: string, { values, ttl }: TextSet): string {
  const set = {
    Name: `${name}.`,
    Type: "TXT",
    TTL: ttl,
    ResourceRecords: { ResourceRecord: values.map((Value) => ({ Value })) },
  };
  return builder.build({
    "?xml": { "@_version": "1.0", "@_encoding": "UTF-8" },
    ChangeResourceRecordSetsRequest: {
      "@_xmlns": "https://route53.amazonaws.com/doc/2013-04-01/",
      ChangeBatch: { Changes: { Change: { Action: action, ResourceRecordSet: set } } },
    },
  });
}

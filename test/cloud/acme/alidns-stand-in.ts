import { createHash, createHmac, randomInt } from "node:crypto";
import { type Answer, Answering, type Asked } from "./answering.js";
import type { TestZone } from "./test-zone.js";

export const ALIBABA_KEYS = { id: "LTAI-stand-in", secret: "the secret of the stand-in" } as const;

/** A refusal as Alibaba Cloud words it. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The three calls of Alibaba Cloud DNS that a record needs. It takes only requests that are signed by version 3 of the
 * rules, of this minute, each nonce once, and knows one domain.
 */
export async function alidnsStandIn(zone: TestZone): Promise<Answering> {
  const seen = new Set<string>();
  const ids = new Map<string, { readonly name: string; readonly value: string }>();
  return Answering.start(async (asked) => {
    try {
      verify(asked, seen);
      return json(200, { RequestId: "1", ...(await perform(asked, zone, ids)) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return json(error.status, { RequestId: "1", HostId: asked.url.host, Code: error.code, Message: error.message });
    }
  });
}

type Ids = Map<string, { readonly name: string; readonly value: string }>;

async function perform({ headers, url }: Asked, zone: TestZone, ids: Ids): Promise<object> {
  const said = (name: string) => {
    const value = url.searchParams.get(name);
    if (value === null) throw new Refused(400, `Missing${name}`, `${name} is mandatory for this action.`);
    return value;
  };
  const checkDomain = () => {
    if (said("DomainName") === zone.name) return;
    throw new Refused(400, "InvalidDomainName.NoExist", "The specified domain name does not exist.");
  };
  switch (headers["x-acs-action"]) {
    case "DescribeSubDomainRecords": {
      checkDomain();
      const name = said("SubDomain");
      const own = zone.texts(name).map((Value) => ({ RecordId: idOf(ids, name, Value), Type: said("Type"), Value }));
      return { TotalCount: own.length, DomainRecords: { Record: own } };
    }
    case "AddDomainRecord": {
      checkDomain();
      if (Number(said("TTL")) < 600)
        throw new Refused(400, "QuotaExceeded.TTL", "The TTL is out of the edition's range.");
      const name = `${said("RR")}.${zone.name}`;
      const value = said("Value");
      if (zone.texts(name).includes(value))
        throw new Refused(400, "DomainRecordDuplicate", "The DNS record already exists.");
      await zone.set(name, [...zone.texts(name), value]);
      return { RecordId: idOf(ids, name, value) };
    }
    case "DeleteDomainRecord": {
      const record = ids.get(said("RecordId"));
      if (record === undefined) throw new Refused(400, "DomainRecordNotBelongToUser", "The DNS record does not exist.");
      await zone.set(
        record.name,
        zone.texts(record.name).filter((text) => text !== record.value),
      );
      return { RecordId: said("RecordId") };
    }
    default:
      throw new Refused(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
  }
}

/** A record keeps its id. */
function idOf(ids: Ids, name: string, value: string): string {
  const known = [...ids].find(([, record]) => record.name === name && record.value === value);
  if (known !== undefined) return known[0];
  const id = String(randomInt(10 ** 9, 10 ** 10));
  ids.set(id, { name, value });
  return id;
}

function verify({ method, url, headers, body }: Asked, seen: Set<string>): void {
  const form = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/;
  const [, id, names = "", signature] = form.exec(headers.authorization ?? "") ?? [];
  if (id === undefined) throw new Refused(400, "MissingSignature", "The request is not signed.");
  if (id !== ALIBABA_KEYS.id)
    throw new Refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
  const header = (name: string) => String(headers[name] ?? "");
  if (Math.abs(Date.parse(header("x-acs-date")) - Date.now()) > 15 * 60_000) {
    throw new Refused(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
  }
  const needed = [
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
  ];
  if (!needed.every((name) => names.split(";").includes(name)) || header("x-acs-version") !== "2015-01-09") {
    throw new Refused(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.");
  }
  const query = [...url.searchParams].map((pair) => pair.map(encodeURIComponent).join("=")).sort();
  const lines = names.split(";").map((name) => `${name}:${header(name)}\n`);
  const canonical = `${method}\n${url.pathname}\n${query.join("&")}\n${lines.join("")}\n${names}\n${sha256(body)}`;
  const right = createHmac("sha256", ALIBABA_KEYS.secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex");
  if (right !== signature || header("x-acs-content-sha256") !== sha256(body)) {
    throw new Refused(400, "SignatureDoesNotMatch", "The signature does not match.");
  }
  const nonce = header("x-acs-signature-nonce");
  if (seen.has(nonce)) throw new Refused(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
  seen.add(nonce);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function json(status: number, body: object): Answer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}

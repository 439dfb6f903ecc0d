import type { Answers, CloudPlace } from "../spec/compose.js";
import { Problem } from "../spec/problem.js";

/** The flags of `init`, as commander gives them. */
export interface InitFlags {
  readonly hostname?: string;
  readonly provider?: string;
  readonly nodes?: number;
  readonly publish?: number;
  readonly host?: readonly string[];
  readonly user?: string;
  readonly entry?: string;
  readonly entryFrom?: string;
  readonly storage?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly pathStyle?: boolean;
  readonly account?: string;
  readonly zone?: readonly string[];
  readonly operators?: readonly string[];
  readonly clients?: readonly string[];
  readonly size?: string;
}

const PROVIDERS = ["local", "hosts", "alicloud", "aws"] as const;

/** How a question is put to the user. Without a terminal there is nobody to ask. */
export interface Interviewer {
  text(message: string, proposal?: string): Promise<string>;
  choice<T extends string>(message: string, choices: readonly T[]): Promise<T>;
}

/**
 * Answers for a new environment: from flags, and from questions for what no flag says.
 * @throws Problem `init/missing` when there is nobody to ask
 */
export async function answersFrom(
  name: string | undefined,
  flags: InitFlags,
  interviewer?: Interviewer,
): Promise<Answers> {
  const ask = asking(interviewer);
  const environment = name ?? (await ask.text("the name", "Name of the environment:", "prod"));
  const hostname =
    flags.hostname ?? (await ask.text("--hostname", "Host name of the registry:", "registry.example.com"));
  const provider = flags.provider ?? (await ask.choice("--provider", "Where do its nodes run?", PROVIDERS));
  if (provider === "local") {
    return { name: environment, hostname, place: localPlace(flags), ...storageOf(flags), ...entryOf(flags) };
  }
  if (provider === "alicloud" || provider === "aws") {
    const place = await cloudPlace(provider, flags, ask);
    return { name: environment, hostname, place, ...storageOf(flags) };
  }
  if (provider !== "hosts")
    throw notAllowed("--provider", provider, "local (this machine), hosts (machines you have), alicloud or aws");
  const hosts =
    flags.host ??
    (await ask.text("--host", "Addresses of the hosts:", "10.20.0.11 10.20.0.12 10.20.0.13")).split(/[\s,]+/);
  const storage =
    flags.storage ?? (await ask.choice("--storage", "Where are images kept?", ["s3", "azure", "oss", "filesystem"]));
  const asked = { ...flags, storage, ...(await storageAnswers(storage, flags, ask)) };
  const entry =
    flags.entry ??
    (hosts.length > 1 ? await ask.text("--entry", "Floating address, or host name of the load balancer:") : undefined);
  return {
    name: environment,
    hostname,
    place: { provider, hosts: hosts.map((host, index) => hostOf(host, index, flags.user)) },
    ...storageOf(asked),
    ...entryOf({ ...flags, ...(entry === undefined ? {} : { entry }) }),
  };
}

type Asking = ReturnType<typeof asking>;

function asking(interviewer: Interviewer | undefined) {
  const missing = (flag: string) =>
    new Problem({
      code: "init/missing",
      says: `${flag} is missing, and there is no terminal to ask on`,
      instead: "give it as an argument; `harborwright init --help` lists them",
    });
  return {
    text(flag: string, message: string, proposal?: string): Promise<string> {
      if (interviewer === undefined) throw missing(flag);
      return interviewer.text(message, proposal);
    },
    choice<T extends string>(flag: string, message: string, choices: readonly T[]): Promise<T> {
      if (interviewer === undefined) throw missing(flag);
      return interviewer.choice(message, choices);
    },
  };
}

async function storageAnswers(kind: string, flags: InitFlags, ask: Asking): Promise<InitFlags> {
  if (kind === "filesystem") return {};
  const account =
    kind === "azure" ? { account: flags.account ?? (await ask.text("--account", "Storage account:")) } : {};
  const bucket = flags.bucket ?? (await ask.text("--bucket", kind === "azure" ? "Container:" : "Bucket:"));
  const region = kind === "azure" ? {} : { region: flags.region ?? (await ask.text("--region", "Region:")) };
  return { ...account, bucket, ...region };
}

function localPlace({ nodes, publish }: InitFlags): Answers["place"] {
  return {
    provider: "local",
    ...(nodes === undefined ? {} : { nodes }),
    ...(publish === undefined ? {} : { publish }),
  };
}

/** What a person would type for each cloud. */
const CLOUD_EXAMPLES = {
  alicloud: { region: "cn-hangzhou", zones: ["h", "j", "k"].map((zone) => `-${zone}`) },
  aws: { region: "eu-central-1", zones: ["a", "b", "c"] },
} as const;

/** A region and its zones, and who may come in: on AWS nobody need to by SSH, where a session is chosen. */
async function cloudPlace(provider: CloudPlace["provider"], flags: InitFlags, ask: Asking): Promise<CloudPlace> {
  const example = CLOUD_EXAMPLES[provider];
  const region = flags.region ?? (await ask.text("--region", "Region:", example.region));
  const zones = example.zones.map((zone) => `${region}${zone}`).join(" ");
  const operators =
    provider === "aws"
      ? "Blocks operators come from by SSH (none: sessions of Systems Manager):"
      : "Blocks operators come from by SSH:";
  return {
    provider,
    region,
    zones: flags.zone ?? words(await ask.text("--zone", "Zones:", zones)),
    operators: (flags.operators ?? words(await ask.text("--operators", operators))).filter((block) => block !== "none"),
    clients: flags.clients ?? words(await ask.text("--clients", "Blocks clients come from:", "0.0.0.0/0")),
    ...(flags.size === undefined ? {} : { size: flags.size }),
    ...(flags.nodes === undefined ? {} : { nodes: flags.nodes }),
  };
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

/** `10.20.0.11` or `rack-1=10.20.0.11`. */
function hostOf(text: string, index: number, user: string | undefined) {
  const [first = "", second] = text.split("=");
  const named = second === undefined ? { name: `node-${index + 1}`, address: first } : { name: first, address: second };
  return { ...named, ...(user === undefined ? {} : { user }) };
}

function storageOf(flags: InitFlags): Pick<Answers, "storage"> {
  const { storage: kind, bucket = "", region = "", endpoint, account = "", pathStyle } = flags;
  switch (kind) {
    case undefined:
      return {};
    case "managed":
    case "filesystem":
      return { storage: { kind } };
    case "s3":
      return {
        storage: {
          kind,
          bucket,
          region,
          ...(endpoint === undefined ? {} : { endpoint }),
          ...(pathStyle === true ? { forcePathStyle: true } : {}),
        },
      };
    case "oss":
      return { storage: { kind, bucket, region } };
    case "azure":
      return { storage: { kind, account, container: bucket } };
    default:
      throw notAllowed("--storage", kind, "managed, s3, oss, azure or filesystem");
  }
}

function entryOf({ entry: address, entryFrom }: InitFlags): Pick<Answers, "entry"> {
  if (address === undefined && entryFrom === undefined) return {};
  const isAddress = address === undefined || /^[0-9.]+$/.test(address);
  const from = entryFrom ?? (isAddress ? "floating" : "balancer");
  if (from !== "floating" && from !== "balancer") throw notAllowed("--entry-from", from, "floating or balancer");
  return { entry: { from, ...(address === undefined ? {} : { address }) } };
}

function notAllowed(flag: string, value: string, allowed: string): Problem {
  return new Problem({
    code: "init/not-allowed",
    says: `${flag} is ${JSON.stringify(value)}`,
    instead: `${allowed} is needed`,
  });
}

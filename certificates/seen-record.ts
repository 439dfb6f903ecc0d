import { getServers, Resolver } from "node:dns/promises";
import { Problem } from "../spec/problem.js";
import { type Patience, until } from "./patience.js";

/** A name server that is asked, and what it is called where people read it. */
interface NameServer {
  readonly called: string;
  /** 192.0.2.1 or 192.0.2.1:5353 */
  readonly address: string;
}

/** A text that shall be seen in DNS. */
export interface WantedRecord {
  /** example.com. */
  readonly zone: string;
  /** _acme-challenge.registry.example.com. */
  readonly name: string;
  readonly text: string;
  /** Servers that are asked instead of the zone's own. Empty: its own. */
  readonly resolvers: readonly string[];
}

/** Both clouds say seconds; their servers all over the world take up to some minutes. */
const PATIENCE: Patience = { deadline: 300_000, between: 2_000 };

/** Milliseconds for one question to one server. */
const ANSWER_WITHIN = 3_000;

/**
 * Waits until every name server of a zone gives a text: the CA asks any of them, from several places, and a wrong answer
 * counts as a failed attempt.
 * @param system - whom this machine asks for the zone's servers. @default - what it is set up with
 * @throws Problem `dns/record-not-seen` with what each server said, `dns/zone-not-delegated`
 */
export async function untilSeen(
  wanted: WantedRecord,
  patience = PATIENCE,
  system: readonly string[] = getServers(),
): Promise<void> {
  const servers = await serversFor(wanted, system);
  let silent: string[] = [];
  const seen = await until(async () => {
    const answers = await Promise.all(servers.map((server) => objection(server, wanted)));
    silent = answers.filter((answer) => answer !== undefined);
    return silent.length === 0 ? true : undefined;
  }, patience);
  if (seen === undefined) throw notSeen(wanted, patience, servers.length, silent);
}

async function serversFor({ zone, resolvers }: WantedRecord, system: readonly string[]): Promise<NameServer[]> {
  if (resolvers.length > 0) return resolvers.map((address) => ({ called: address, address }));
  const resolver = new Resolver({ timeout: ANSWER_WITHIN, tries: 3 });
  resolver.setServers(system);
  const names = await resolver.resolveNs(zone).catch((error: NodeJS.ErrnoException) => {
    throw notDelegated(zone, error.code ?? error.message);
  });
  const found = await Promise.all(
    names.map(async (called) => {
      const addresses = await resolver.resolve4(called).catch(() => []);
      return addresses.map((address) => ({ called, address }));
    }),
  );
  if (found.flat().length === 0) throw notDelegated(zone, `none of ${names.join(", ")} has an address`);
  return found.flat();
}

/** What is wrong with a server's answer; undefined when it gives the text. */
async function objection({ called, address }: NameServer, { name, text }: WantedRecord): Promise<string | undefined> {
  const resolver = new Resolver({ timeout: ANSWER_WITHIN, tries: 1 });
  resolver.setServers([address]);
  try {
    const texts = (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
    return texts.includes(text) ? undefined : `${called} has another text`;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ENOTFOUND" || code === "ENODATA" ? `${called} has no text` : `${called} does not answer (${code})`;
  }
}

function notSeen({ zone, name }: WantedRecord, { deadline }: Patience, asked: number, silent: readonly string[]) {
  return new Problem({
    code: "dns/record-not-seen",
    says: `${silent.length} of ${asked} name servers do not give the record ${name} after ${deadline / 1_000} s: ${silent.join("; ")}`,
    instead: `is it this zone that the world asks? compare \`dig NS ${zone}\` with the name servers in the provider's console. Where port 53 outside cannot be reached, name servers of yours as certificate.dns.resolvers`,
    field: "certificate.dns.zone",
  });
}

function notDelegated(zone: string, why: string): Problem {
  return new Problem({
    code: "dns/zone-not-delegated",
    says: `no name servers of ${zone} can be found: ${why}`,
    instead: `check \`dig NS ${zone}\`: the domain must be registered and lead to that provider; or name servers of yours as certificate.dns.resolvers`,
    field: "certificate.dns.zone",
  });
}

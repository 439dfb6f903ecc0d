import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { makeAuthority } from "../../../secrets/certificate-authority.js";
import { issueServerCertificate } from "../../../secrets/server-certificate.js";
import { goTool } from "../../../supply/go-tool.js";
import { progressLines } from "../../../supply/progress.js";
import { freePorts } from "../../rendered/ports.js";
import { Running } from "../../rendered/running.js";
import { ALIBABA_KEYS, alidnsStandIn } from "./alidns-stand-in.js";
import type { Answering } from "./answering.js";
import { AMAZON_KEYS, route53StandIn } from "./route53-stand-in.js";
import { TestZone } from "./test-zone.js";

export const ZONE = "example.com";
export const HOSTNAME = "registry.example.com";

/** A world of its own: a CA that speaks ACME, name servers, and both clouds' interfaces to a zone of theirs. */
export class AcmeWorld {
  readonly folder: string;
  readonly zone: TestZone;
  /** URL of the CA's directory. */
  readonly directory: string;
  /** Address of the only name server. */
  readonly resolver: string;
  /** PEM of what the directory's own server shows and of the root of what is issued. */
  readonly ca: string;
  /** PEM of the root of what is issued. */
  readonly root: string;
  readonly #pebble: Running;
  readonly #names: Running;
  readonly #standIns: readonly [alidns: Answering, route53: Answering];

  private constructor(
    parts: Pick<AcmeWorld, "folder" | "zone" | "directory" | "resolver" | "ca" | "root">,
    running: readonly [Running, Running],
    standIns: readonly [Answering, Answering],
  ) {
    this.folder = parts.folder;
    this.zone = parts.zone;
    this.directory = parts.directory;
    this.resolver = parts.resolver;
    this.ca = parts.ca;
    this.root = parts.root;
    [this.#pebble, this.#names] = running;
    this.#standIns = standIns;
  }

  /** @param days - how long the certificates are valid that the CA gives. @default 90 */
  static async start(days = 90): Promise<AcmeWorld> {
    const progress = progressLines((line) => console.log(line));
    const pebble = await goTool("pebble", progress);
    const names = await goTool("pebble-challtestsrv", progress);
    const folder = await mkdtemp(join(tmpdir(), "acme-"));
    const [acme = 0, roots = 0, dns = 0, management = 0] = await freePorts(4);
    const resolver = `127.0.0.1:${dns}`;
    const authority = await makeAuthority("directory", new Date());
    const server = await issueServerCertificate(authority, ["localhost", "127.0.0.1"], "90d", new Date());
    const path = (name: string) => join(folder, name);
    await writeFile(path("directory.pem"), server.certificate);
    await writeFile(path("directory.key"), server.key.reveal(), { mode: 0o600 });
    await writeFile(path("pebble.json"), JSON.stringify(settings(folder, acme, roots, days)));

    const off = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", ""];
    const dnsServer = Running.start(
      [names, "-dnsserver", resolver, "-management", `127.0.0.1:${management}`, ...off],
      path("names.log"),
    );
    const caServer = Running.start(
      [pebble, "-config", path("pebble.json"), "-dnsserver", resolver, "-strict"],
      path("pebble.log"),
      {
        PEBBLE_VA_NOSLEEP: "1",
        PEBBLE_AUTHZREUSE: "0",
        PEBBLE_WFE_NONCEREJECT: "20",
      },
    );
    await Promise.all([dnsServer.ready("127.0.0.1", management), caServer.ready("127.0.0.1", acme)]);
    await caServer.ready("127.0.0.1", roots);
    const zone = new TestZone(ZONE, `http://127.0.0.1:${management}`);
    const root = await get(`https://localhost:${roots}/roots/0`, authority.certificate);
    const parts = {
      folder,
      zone,
      resolver,
      directory: `https://localhost:${acme}/dir`,
      root,
      ca: authority.certificate + root,
    };
    return new AcmeWorld(parts, [caServer, dnsServer], [await alidnsStandIn(zone), await route53StandIn(zone)]);
  }

  /** What the CA has written down. */
  get log(): string {
    return this.#pebble.said;
  }

  /** How many times the CA has written such a line. */
  logged(line: RegExp): number {
    return this.log.split("\n").filter((one) => line.test(one)).length;
  }

  /** Variables of an operator whose keys are right for both clouds. */
  get variables(): Record<string, string> {
    return {
      ALIDNS_ENDPOINT: this.#standIns[0].url,
      ALIBABA_CLOUD_ACCESS_KEY_ID: ALIBABA_KEYS.id,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: ALIBABA_KEYS.secret,
      AWS_ENDPOINT_URL_ROUTE_53: this.#standIns[1].url,
      AWS_ACCESS_KEY_ID: AMAZON_KEYS.id,
      AWS_SECRET_ACCESS_KEY: AMAZON_KEYS.secret,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_REGION: "eu-central-1",
    };
  }

  async stop(): Promise<void> {
    for (const standIn of this.#standIns) standIn.close();
    await Promise.all([this.#pebble.kill(), this.#names.kill()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

function settings(folder: string, acme: number, roots: number, days: number) {
  return {
    pebble: {
      listenAddress: `127.0.0.1:${acme}`,
      managementListenAddress: `127.0.0.1:${roots}`,
      certificate: join(folder, "directory.pem"),
      privateKey: join(folder, "directory.key"),
      httpPort: 1,
      tlsPort: 1,
      ocspResponderURL: "",
      externalAccountBindingRequired: false,
      domainBlocklist: ["forbidden.example.com"],
      keyAlgorithm: "ecdsa",
      profiles: { default: { description: "the only one", validityPeriod: days * 86_400 } },
    },
  };
}

function get(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { ca }, (response) => resolve(text(response)))
      .once("error", reject)
      .end();
  });
}

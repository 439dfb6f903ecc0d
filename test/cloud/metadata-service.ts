import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Where machines on AWS ask for their rights. */
const METADATA = "169.254.169.254";
const TOKEN = "a-token-of-the-metadata-service";
const ROLE = "registry";

/** Stands in for the metadata service of EC2, version 2: who shows no token gets nothing. */
export class MetadataService {
  private constructor(
    private readonly server: Server,
    private readonly address: string,
  ) {}

  static async start(address: string): Promise<MetadataService> {
    const server = createServer((request, response) => {
      const answer = answerTo(
        `${request.method} ${request.url}`,
        request.headers["x-aws-ec2-metadata-token"] === TOKEN,
      );
      response.writeHead(answer === undefined ? 401 : 200, { "X-aws-ec2-metadata-token-ttl-seconds": "21600" });
      response.end(answer ?? "");
    });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return new MetadataService(server, address);
  }

  /** A script that leads a machine, and containers on it, here. */
  get redirection(): string {
    const { port } = this.server.address() as AddressInfo;
    return ["OUTPUT", "PREROUTING"]
      .map(
        (chain) => `iptables -t nat -A ${chain} -d ${METADATA} -p tcp --dport 80 -j DNAT --to ${this.address}:${port}`,
      )
      .join("\n");
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function answerTo(asked: string, hasToken: boolean): string | undefined {
  if (asked === "PUT /latest/api/token") return TOKEN;
  if (!hasToken) return undefined;
  if (/security-credentials\/?$/.test(asked)) return ROLE;
  if (!asked.endsWith(`/${ROLE}`)) return "";
  return JSON.stringify({
    Code: "Success",
    Type: "AWS-HMAC",
    AccessKeyId: "placeholder",
    SecretAccessKey: "placeholder",
    Token: "placeholder",
    LastUpdated: new Date().toISOString(),
    Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
  });
}

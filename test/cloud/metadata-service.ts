import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Where machines on AWS ask for their rights. */
const METADATA = "169.254.169.254";
const TOKEN = "a-token-of-the-metadata-service";

/** What a role of a machine is known by for some hours. */
export interface RoleKeys {
  readonly role: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly token: string;
}

const PLACEHOLDER: RoleKeys = {
  role: "registry",
  accessKey: "placeholder",
  secretKey: "placeholder",
  token: "placeholder",
};

/** Stands in for the metadata service of EC2, version 2: who shows no token gets nothing. */
export class MetadataService {
  /** Role of the machines; undefined when they have none. */
  keys: RoleKeys | undefined = PLACEHOLDER;
  /** What is said of the keys: "AssumeRoleUnauthorizedAccess" when the role may not be taken. */
  code = "Success";
  /** Whether it is switched on. */
  isOn = true;
  /** All that was asked. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #address: string;

  private constructor(address: string) {
    this.#address = address;
    this.#server = createServer(({ method, url = "", headers }, response) => {
      this.asked.push(`${method} ${url}`);
      if (!this.isOn) return answer(response, 403);
      if (method === "PUT" && url === "/latest/api/token") {
        const life = headers["x-aws-ec2-metadata-token-ttl-seconds"];
        return life === undefined ? answer(response, 400) : answer(response, 200, TOKEN);
      }
      if (headers["x-aws-ec2-metadata-token"] !== TOKEN) return answer(response, 401);
      const [, name] = /\/security-credentials(?:\/(.*))?$/.exec(url) ?? [];
      const { keys } = this;
      if (keys === undefined || name === undefined) return answer(response, 404);
      if (name === "") return answer(response, 200, keys.role);
      return name === keys.role ? answer(response, 200, this.#document(keys)) : answer(response, 404);
    });
  }

  /** @param address - of this machine, at which it is reached */
  static async start(address: string): Promise<MetadataService> {
    const service = new MetadataService(address);
    await new Promise<void>((resolve) => service.#server.listen(0, address, resolve));
    return service;
  }

  /** Where it listens, as host and port. */
  get place(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#address}:${port}`;
  }

  /** A script that leads a machine, and containers on it, here. */
  get redirection(): string {
    return ["OUTPUT", "PREROUTING"]
      .map((chain) => `iptables -t nat -A ${chain} -d ${METADATA} -p tcp --dport 80 -j DNAT --to ${this.place}`)
      .join("\n");
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Laid out as EC2 does. */
  #document({ accessKey, secretKey, token }: RoleKeys): string {
    const told = {
      Code: this.code,
      LastUpdated: new Date().toISOString(),
      Type: "AWS-HMAC",
      ...(this.code === "Success" ? { AccessKeyId: accessKey, SecretAccessKey: secretKey, Token: token } : {}),
      Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
    };
    return JSON.stringify(told, undefined, 2).replaceAll('": ', '" : ');
  }
}

function answer(response: ServerResponse, status: number, text = ""): void {
  response.writeHead(status, { "X-aws-ec2-metadata-token-ttl-seconds": "21600" });
  response.end(text);
}

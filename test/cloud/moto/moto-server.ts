import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { silentProgress } from "../../../supply/progress.js";
import { pythonTool } from "../../../supply/python-tool.js";
import type { RoleKeys } from "../metadata-service.js";

/** Names of things by "service Kind": "ec2 Instance". */
const madeSchema = z.record(z.string(), z.array(z.string()));

/** Versions of the interfaces of services. */
const VERSIONS = { ec2: "2016-11-15", elasticache: "2015-02-02", iam: "2010-05-08", sts: "2011-06-15" } as const;

/** What a role may do. */
export interface RoleRight {
  readonly actions: readonly string[];
  /** ARN; may have "*" in it. */
  readonly resource: string;
}

/** AWS on this machine, in memory; each server is a cloud of its own. */
export class MotoServer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #said: readonly string[];
  readonly endpoint: string;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, said: readonly string[], endpoint: string) {
    this.#child = child;
    this.#lines = lines;
    this.#said = said;
    this.endpoint = endpoint;
  }

  /** @param address - of this machine, at which it is reached. @default "127.0.0.1" */
  static async start(address = "127.0.0.1"): Promise<MotoServer> {
    const { python } = await pythonTool("moto", silentProgress);
    const child = spawn(python, [join(import.meta.dirname, "start.py"), address], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1" },
    });
    const said: string[] = [];
    child.stderr.on("data", (text) => said.push(`${text}`));
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { value: port, done } = await lines.next();
    if (done) throw new Error(`moto ended:\n${said.join("")}`);
    return new MotoServer(child, lines, said, `http://${address}:${port}`);
  }

  /**
   * What has to be in the environment of a program so that it takes this for AWS: every client of every service asks
   * here, and none can reach the real one.
   */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: "placeholder",
      AWS_SECRET_ACCESS_KEY: "placeholder",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  /** What a site says of its provider besides: no name leads to a bucket on this machine, and no answer gets better. */
  readonly providerArguments = { s3_use_path_style: true, max_retries: 2 };

  /**
   * Asks a service whose protocol is AWS's query, as somebody who may do everything; gives its XML.
   * @param fields - of the form: "Name=value", encoded where they have to be
   */
  async query(service: keyof typeof VERSIONS, action: string, ...fields: readonly string[]): Promise<string> {
    const scope = `placeholder/20260101/eu-central-1/${service}/aws4_request`;
    const answer = await fetch(this.endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
      body: [`Action=${action}`, `Version=${VERSIONS[service]}`, ...fields].join("&"),
    });
    return answer.text();
  }

  /** Keys of a role, as a machine has them; they are worth what the role's policies allow. */
  async keysOf(role: string): Promise<RoleKeys> {
    const arn = encodeURIComponent(`arn:aws:iam::123456789012:role/${role}`);
    const told = await this.query("sts", "AssumeRole", `RoleArn=${arn}`, "RoleSessionName=machine");
    const field = (name: string) => {
      const value = new RegExp(`<${name}>([^<]+)</${name}>`).exec(told)?.[1];
      if (value === undefined) throw new Error(`no ${name} of the role ${role}: ${told}`);
      return value;
    };
    const [accessKey, secretKey] = [field("AccessKeyId"), field("SecretAccessKey")];
    return { role, accessKey, secretKey, token: field("SessionToken") };
  }

  /**
   * Makes a role that machines may have.
   * @param rights - statements of its policy. @default - it has no policy
   */
  async makeRole(role: string, rights: readonly RoleRight[] = []): Promise<void> {
    const policy = (Statement: readonly unknown[]) =>
      encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement }));
    const machines = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
    await this.query("iam", "CreateRole", `RoleName=${role}`, `AssumeRolePolicyDocument=${policy([machines])}`);
    if (rights.length === 0) return;
    const statements = rights.map(({ actions, resource }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resource,
    }));
    const document = `PolicyDocument=${policy(statements)}`;
    await this.query("iam", "PutRolePolicy", `RoleName=${role}`, "PolicyName=rights", document);
  }

  /** Names of all that is there and was not in an account without anything, by "service Kind": "ec2 Instance". */
  async made(): Promise<Readonly<Record<string, readonly string[]>>> {
    const answer = this.#lines.next();
    this.#child.stdin?.write("made\n");
    return madeSchema.parse(JSON.parse((await answer).value));
  }

  /** What was asked of it that it does not know. The provider asks again and again, and tells nobody. */
  get unknownActions(): readonly string[] {
    const missing = /NotImplementedError: (.+)/g;
    return [...new Set([...this.#said.join("").matchAll(missing)].map(([, what = ""]) => what))];
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.stdin?.end();
    await ended;
  }
}

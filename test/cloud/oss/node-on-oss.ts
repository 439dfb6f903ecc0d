import bcrypt from "bcryptjs";
import type { RegistryAddress } from "../../../operations/registry-request.js";
import { storageProbes } from "../../../operations/storage-probe.js";
import { PATHS } from "../../../release/layout.js";
import type { Environment } from "../../../spec/environment.js";
import type { Problem } from "../../../spec/problem.js";
import { Secret } from "../../../spec/secret.js";
import { goTool } from "../../../supply/go-tool.js";
import { silentProgress } from "../../../supply/progress.js";
import { firstRelease, secretsOf, siteOf } from "../../release/example.js";
import { issueFrom, serverIdentity } from "../../rendered/certificates.js";
import { consumer } from "../../rendered/consumers.js";
import type { Running } from "../../rendered/running.js";
import { NodeHost } from "./node-host.js";
import { OssStandIn } from "./oss-stand-in.js";

/** The account that the node's bucket belongs to. */
export const KEYS = { accessKey: "LTAI5tHarborwright01", secretKey: "zQ8/w+Kx2f0vN3pLr7sTdYbGmEcJhA" };
export const KMS_KEY = "key-hzz65f3a28example";
const USER = { username: "operator", password: "correct horse battery" };

/** The first node of an environment on a host of its own, and the object storage of its region. */
export class NodeOnOss {
  readonly oss: OssStandIn;
  readonly host: NodeHost;
  readonly #environment: Environment;
  readonly #ca: string;
  /** Path of the registry's program on the host. */
  readonly #program: string;
  #registry: Running | undefined;

  private constructor(environment: Environment, oss: OssStandIn, host: NodeHost, ca: string, program: string) {
    this.#environment = environment;
    this.oss = oss;
    this.host = host;
    this.#ca = ca;
    this.#program = program;
  }

  /**
   * Makes host and storage; nothing of the node runs yet.
   * @param keys - what the node believes its keys to be
   */
  static async make(environment: Environment, bucket: string, keys = KEYS): Promise<NodeOnOss> {
    const oss = new OssStandIn({
      region: "cn-hangzhou",
      bucket,
      keys: { [KEYS.accessKey]: KEYS.secretKey },
      kmsKeys: [KMS_KEY],
    });
    const { hostname } = environment.registry;
    const identity = await serverIdentity([hostname]);
    const release = firstRelease(environment, {
      ...secretsOf(environment),
      htpasswd: new Secret(`${USER.username}:${bcrypt.hashSync(USER.password, 4)}\n`),
      certificates: Object.fromEntries(environment.sites.map(({ name }) => [name, identity])),
      storage: { accessKey: new Secret(keys.accessKey), secretKey: new Secret(keys.secretKey) },
    });
    await consumer("curl"); // with which preflight asks
    const names = [...oss.endpoints, ...oss.bucketHosts];
    const host = await NodeHost.start(release, {
      address: privateAddress(environment),
      neighbour: names,
      trusts: identity.ca,
    });
    const { chain, key } = await issueFrom(identity.authority, names);
    const [secure, plain] = [host.at("/oss.sock"), host.at("/oss-plain.sock")];
    await oss.listen(secure, { chain, key: key.reveal() });
    await oss.listen(plain);
    await host.neighbourAnswers(443, secure);
    await host.neighbourAnswers(80, plain);
    const isVersion2 = environment.registry.version === "2.8";
    const program = isVersion2 ? await consumer("registry2") : await goTool("registry", silentProgress);
    return new NodeOnOss(environment, oss, host, identity.ca, await host.bring(program));
  }

  /** Starts the registry on its rendered file, or again, and waits until it listens. */
  async startRegistry(): Promise<Running> {
    await this.#registry?.kill();
    const registry = this.host.run([this.#program, "serve", PATHS.registryConfig], ENVIRONMENT);
    this.#registry = registry;
    await this.host.listens(this.#environment.registry.ports.registry, registry);
    return registry;
  }

  /** Where the registry is found from inside the host, and who may ask it. */
  get registryInside(): { readonly url: string; readonly user: string } {
    const { ports } = this.#environment.registry;
    const url = `http://${privateAddress(this.#environment)}:${ports.registry}`;
    return { url, user: `${USER.username}:${USER.password}` };
  }

  /** What the registry answers to a client without an account, or 0. */
  async statusOfRegistry(): Promise<number> {
    const ask = "curl --silent --output /dev/null --write-out '%{http_code}'";
    return Number((await this.host.shell(`${ask} ${this.registryInside.url}/v2/`)).out);
  }

  /** Runs the registry's own collection on the same file. */
  async collectGarbage(): Promise<{ readonly exitCode: number | null; readonly said: string }> {
    const command = `OTEL_TRACES_EXPORTER=none ${this.#program} garbage-collect ${PATHS.registryConfig}`;
    const { exitCode, out, error } = await this.host.shell(command);
    return { exitCode, said: out + error };
  }

  /** Starts the front on its rendered file. @returns how clients reach it */
  async startFront(): Promise<RegistryAddress> {
    const front = this.host.run([await consumer("nginx"), "-e", "stderr", "-c", PATHS.nginxConfig]);
    const { hostname, ports } = this.#environment.registry;
    await this.host.listens(ports.https, front);
    const port = await this.host.door(privateAddress(this.#environment), ports.https);
    const credentials = { username: USER.username, password: new Secret(USER.password) };
    return { hostname, address: "127.0.0.1", port, ca: this.#ca, credentials, timeout: 60_000 };
  }

  /** Asks from inside the host whether the storage can be used with some keys, as preflight does. */
  async probe(keys = KEYS): Promise<{ readonly printed: string; readonly problem: Problem | undefined }> {
    const storageKeys = { accessKey: new Secret(keys.accessKey), secretKey: new Secret(keys.secretKey) };
    const [probe] = await storageProbes(this.#environment, siteOf(this.#environment), storageKeys, new Date());
    if (probe === undefined) throw new RangeError("a node has a probe");
    const { exitCode, out, error } = await this.host.shell(probe.script, probe.input);
    return { printed: out.trim(), problem: exitCode === 0 ? undefined : probe.explain?.(error) };
  }

  async end(): Promise<void> {
    await this.host.end();
    await this.oss.stop();
  }
}

/** The pulled image and ours say the same. */
const ENVIRONMENT = { OTEL_TRACES_EXPORTER: "none" };

function privateAddress(environment: Environment): string {
  return siteOf(environment).nodes[0]?.privateAddress ?? "";
}

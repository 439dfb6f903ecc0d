import { expect } from "vitest";
import { admit } from "../../../lab/access.js";
import { balancerConfiguration } from "../../../lab/balancer.js";
import { cgroupFlags, raise } from "../../../lab/container.js";
import { docker, inside } from "../../../lab/docker.js";
import { provideHostImage } from "../../../lab/host-image.js";
import { type Lab, openLab } from "../../../lab/lab.js";
import { type LabLayout, type PlannedHost, planLab } from "../../../lab/layout.js";
import { untilReady } from "../../../lab/readiness.js";
import { type NodePlace, placeNodes, planSubnets } from "../../../spec/cloud/network-plan.js";
import { environmentSchema } from "../../../spec/environment.js";
import { Problem } from "../../../spec/problem.js";
import { answeringEngine, provideEngine } from "../../../supply/engine.js";
import { silentProgress } from "../../../supply/progress.js";

/** Which instances of a cloud hosts of this machine are to be. */
export interface Placing {
  /** Names the lab; each test has its own. */
  readonly name: string;
  /** The site's network, 198.18.<block>.0/24: each test has its own block. */
  readonly cidr: string;
  readonly zones: readonly string[];
  /** @default 3 */
  readonly count?: number;
  readonly hostname: string;
  /** Where the lab keeps its keys. */
  readonly stateFolder: string;
}

/**
 * Hosts of this machine that are the instances of a site in a cloud, and the lab's balancer before them. They have
 * the very addresses that are planned for the instances, so nothing has to lead from one to the other.
 */
export class Machines {
  private constructor(
    readonly nodes: readonly NodePlace[],
    private readonly layout: LabLayout,
    private readonly lab: Lab,
  ) {}

  static async start({ name, cidr, zones, count = 3, hostname, stateFolder }: Placing): Promise<Machines> {
    await provideEngine(silentProgress);
    const environment = environmentSchema.parse({
      environment: name,
      registry: { hostname },
      sites: [{ name: "here", provider: "local", nodes: { count, memory: "1GiB" }, network: { cidr } }],
    });
    const lab = openLab(environment, stateFolder);
    await lab.down({ deleteData: true }, silentProgress);
    await lab.up(undefined, silentProgress);
    const machines = new Machines(placeNodes(planSubnets(cidr, zones), count), planLab(environment), lab);
    for (const { name } of machines.nodes) await machines.#giveAddress(name);
    await machines.#balance();
    return machines;
  }

  /** Where clients come in. */
  get entry(): string {
    return this.layout.services.address;
  }

  /** Where the hosts reach what this machine offers. */
  get gateway(): string {
    return this.layout.network.gateway;
  }

  /** Addresses from which they ask others, in the order of the nodes. */
  get sources(): string[] {
    return this.layout.nodes.map(({ address }) => address);
  }

  /** Runs a script on one of them as root, whoever may log in. @returns what it printed */
  run(node: string, script: string): Promise<string> {
    return inside(this.#host(node).container, script);
  }

  /** The same on each of them. @returns what they printed, in the order of the nodes */
  runOnEach(script: string): Promise<string[]> {
    return Promise.all(this.nodes.map(({ name }) => this.run(name, script)));
  }

  /** Waits until the cloud was given a key pair, and lets its owner in, as an instance's first boot does. */
  async boot(publicKey: () => Promise<string | undefined>): Promise<void> {
    await expect.poll(publicKey, { timeout: 300_000, interval: 1_000 }).toBeDefined();
    await this.runOnEach(`echo '${await publicKey()}' >> /root/.ssh/authorized_keys`);
  }

  /**
   * An instance is no more, and what comes to its address is a new machine: with a disk and a host key of its own.
   * @param firstBoot - script that it runs as root before it can be reached
   */
  async remake(node: string, publicKey: string, firstBoot: string): Promise<void> {
    const host = this.#host(node);
    const engine = await answeringEngine();
    if (engine instanceof Problem) throw engine;
    await this.lose(node);
    await docker(["volume", "rm", "--force", host.volume]);
    const made = { image: await provideHostImage(silentProgress), cgroups: await cgroupFlags(engine) };
    await raise(this.layout, host, undefined, made);
    await admit(host, publicKey);
    await untilReady(this.layout, host);
    await this.run(node, firstBoot);
    await this.#giveAddress(node);
  }

  /** An instance is no more, and nothing comes to its address. */
  async lose(node: string): Promise<void> {
    await docker(["rm", "--force", this.#host(node).container]);
  }

  async end(): Promise<void> {
    await this.lab.down({ deleteData: true }, silentProgress);
  }

  #host(node: string): PlannedHost {
    const host = this.layout.nodes.find(({ name }) => name === node);
    if (host === undefined) throw new RangeError(`there is no host ${node}`);
    return host;
  }

  async #giveAddress(node: string): Promise<void> {
    const address = this.nodes.find(({ name }) => name === node)?.address;
    await this.run(node, `ip addr add ${address}/24 dev eth0`);
  }

  /** The cloud makes its balancer without an address that leads anywhere. */
  async #balance(): Promise<void> {
    const nodes = this.layout.nodes.map((host) => {
      const address = this.nodes.find(({ name }) => name === host.name)?.address;
      return address === undefined ? host : { ...host, address };
    });
    const configuration = balancerConfiguration({ ...this.layout, nodes });
    await inside(this.layout.services.container, "cat > /etc/haproxy/haproxy.cfg\nsystemctl restart haproxy", {
      input: configuration,
    });
  }
}

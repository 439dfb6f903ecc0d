import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeMachines, type HostWork } from "../../operations/change-machines.js";
import { Problem } from "../../spec/problem.js";
import { Killed, MemoryInfrastructure } from "./memory-infrastructure.js";

/** A site of a cloud whose nodes serve, are drained, or are not there yet. */
class Site {
  readonly infrastructure = new MemoryInfrastructure();
  readonly serving = new Set<string>();
  /** The least number of nodes that served while something was done, besides making them at first. */
  fewest = Number.POSITIVE_INFINITY;

  get log(): string[] {
    return this.infrastructure.log;
  }

  /** What the environment file says. */
  want(sizes: Readonly<Record<string, string>>, parts: Readonly<Record<string, string>> = { network: "1" }): this {
    this.infrastructure.wanted = sizes;
    this.infrastructure.wantedParts = parts;
    return this;
  }

  async up(replace: readonly string[] = []): Promise<void> {
    const { infrastructure } = this;
    const agreed = await infrastructure.plan({ replace });
    await changeMachines({
      infrastructure,
      agreed,
      nodes: Object.keys(infrastructure.wanted),
      replace,
      work: this.#work(),
    });
  }

  #work(): HostWork {
    const step = (name: string) => this.infrastructure.step(name);
    return {
      settle: async () => step("settle"),
      serving: async () => new Set(this.serving),
      drain: async (node) => {
        step(`drain ${node}`);
        this.serving.delete(node);
        this.#look();
      },
      join: async (node) => {
        step(`join ${node}`);
        this.serving.add(node);
      },
      roll: async () => {
        step("roll");
        for (const node of Object.keys(this.infrastructure.wanted)) this.serving.add(node);
      },
    };
  }

  #look(): void {
    this.fewest = Math.min(this.fewest, this.serving.size);
  }
}

async function three(): Promise<Site> {
  const site = new Site().want({ "node-1": "small", "node-2": "small", "node-3": "small" });
  await site.up();
  site.log.length = 0;
  return site;
}

describe("changing the machines of a site", () => {
  test("a new site is made in one go, then its hosts", async () => {
    const site = new Site().want({ "node-1": "small", "node-2": "small" });
    await site.up();
    expect(site.log).toEqual(["create network", "create hosts/node-1", "create hosts/node-2", "settle", "roll"]);
  });

  test("with nothing to change in the cloud only the hosts are looked at", async () => {
    const site = await three();
    await site.up();
    expect(site.log).toEqual(["settle", "roll"]);
  });

  test("machines change one at a time, each between a drain and a proof, after what stops nothing", async () => {
    const site = await three();
    await site.want({ "node-1": "large", "node-2": "small", "node-3": "large" }, { network: "2" }).up();
    expect(site.log).toEqual([
      "update network",
      "settle",
      "drain node-1",
      "update hosts/node-1",
      "join node-1",
      "drain node-3",
      "update hosts/node-3",
      "join node-3",
      "roll",
    ]);
    expect(site.fewest).toBe(2);
  });

  test("a node that is replaced is the only one that is touched", async () => {
    const site = await three();
    const before = new Map(site.infrastructure.machines);
    await site.up(["node-2"]);
    expect(site.log).toEqual(["settle", "drain node-2", "replace hosts/node-2", "join node-2", "roll"]);
    expect(site.infrastructure.machines.get("node-2")?.id).not.toBe(before.get("node-2")?.id);
    expect(site.infrastructure.machines.get("node-1")).toEqual(before.get("node-1"));
  });

  test("nodes that go are drained last, when no other names them any more", async () => {
    const site = await three();
    await site.want({ "node-1": "small", "node-4": "small" }).up();
    expect(site.log).toEqual([
      "create hosts/node-4",
      "settle",
      "join node-4",
      "roll",
      "drain node-2",
      "delete hosts/node-2",
      "drain node-3",
      "delete hosts/node-3",
      "settle",
    ]);
  });

  test("what nobody has agreed to is not taken away", async () => {
    const site = await three();
    const { infrastructure } = site;
    site.want({ "node-1": "large", "node-2": "small", "node-3": "small" });
    const agreed = await infrastructure.plan();
    site.want({ "node-2": "small", "node-3": "small" });
    const nothing = async () => {};
    const work: HostWork = {
      settle: nothing,
      serving: async () => new Set(),
      drain: nothing,
      join: nothing,
      roll: nothing,
    };
    const attempt = changeMachines({ infrastructure, agreed, nodes: ["node-2", "node-3"], work });
    const error = await attempt.catch((thrown: unknown) => thrown);
    expect(error instanceof Problem && error.details.code).toBe("infrastructure/more-than-agreed");
    expect(infrastructure.machines.has("node-1")).toBe(true);
  });

  test("killed at any step and given again, it ends where it would have ended, with two nodes serving at all times", async () => {
    const sizes = fc.constantFrom("small", "large");
    const wish = fc.record({ "node-1": sizes, "node-2": sizes, "node-3": sizes, parts: fc.constantFrom("1", "2") });
    await fc.assert(
      fc.asyncProperty(wish, fc.array(fc.nat(8), { maxLength: 4 }), async ({ parts, ...wanted }, kills) => {
        const site = await three();
        site.want(wanted, { network: parts });
        for (const kill of kills) {
          const at = site.log.length + kill;
          site.infrastructure.onStep = () => {
            if (site.log.length >= at) throw new Killed();
          };
          await site.up().catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          });
        }
        site.infrastructure.onStep = () => {};
        await site.up();
        expect(await site.infrastructure.plan()).toMatchObject({ isEmpty: true });
        expect([...site.serving].sort()).toEqual(["node-1", "node-2", "node-3"]);
        expect(site.fewest).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 200 },
    );
  });
});

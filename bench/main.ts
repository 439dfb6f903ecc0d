import { writeFile } from "node:fs/promises";
import { arch, cpus, platform, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { LabEnvironment } from "../test/lab/fixture.js";
import { dataServices } from "./data-services.js";
import { faults } from "./faults.js";
import type { Figure } from "./figure.js";
import { plan } from "./plan.js";
import { synth } from "./synth.js";
import { throughput } from "./throughput.js";
import { up } from "./up.js";

/** Parts that measure on the hosts of this machine. */
const ON_HOSTS = { up, plan, throughput, faults } as const;
/** Parts that need none of these: no hosts, or hosts of their own. */
const ALONE = { synth, "data-services": dataServices } as const;
const NAMES = [...Object.keys(ON_HOSTS), ...Object.keys(ALONE)];

type Measured = readonly [string, readonly Figure[]];

/** `npm run bench [part…]`: measures on this machine and writes bench/results/<date>.md. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}; parts are ${NAMES.join(", ")}`);
  const wanted = names.length > 0 ? names : NAMES;
  const measured: Measured[] = [];
  for (const [name, measure] of Object.entries(ALONE).filter(([one]) => wanted.includes(one))) {
    process.stderr.write(`measure ${name}\n`);
    measured.push([name, await measure()]);
  }
  measured.push(...(await measureOnHosts(wanted)));
  const report = describe(measured);
  process.stdout.write(report);
  const date = new Date().toISOString().slice(0, 10);
  const part = wanted.length === NAMES.length ? "" : `-${wanted.join("-")}`;
  await writeFile(fileURLToPath(new URL(`results/${date}${part}.md`, import.meta.url)), report);
}

async function measureOnHosts(wanted: readonly string[]): Promise<Measured[]> {
  const parts = Object.entries(ON_HOSTS).filter(([name]) => wanted.includes(name));
  if (parts.length === 0) return [];
  const lab = await LabEnvironment.make("bench", 20);
  const measured: Measured[] = [];
  try {
    await lab.succeed("up", "--yes");
    for (const [name, measure] of parts) {
      process.stderr.write(`measure ${name}\n`);
      measured.push([name, await measure(lab)]);
    }
  } finally {
    await lab.remove();
  }
  return measured;
}

function describe(measured: readonly Measured[]): string {
  const machine = `${cpus().length} processors, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${platform()} ${arch()}, Node ${process.version}`;
  const parts = measured.map(([name, figures]) => {
    const rows = figures.map(
      ({ name: what, value, target, met, remark }) =>
        `| ${what} | ${value} | ${target} | ${met ? "met" : "**not met**"} | ${remark ?? ""} |`,
    );
    return [`## ${name}`, "| what | measured | target | | remark |", "| --- | --- | --- | --- | --- |", ...rows].join(
      "\n",
    );
  });
  return `# Figures of ${new Date().toISOString().slice(0, 10)}\n\nEverything on one machine, hosts, storage and clients: ${machine}.\n\n${parts.join("\n\n")}\n`;
}

await main(process.argv.slice(2));

import { writeFile } from "node:fs/promises";
import { arch, cpus, platform, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { LabEnvironment } from "../test/lab/fixture.js";
import { faults } from "./faults.js";
import type { Figure } from "./figure.js";
import { plan } from "./plan.js";
import { throughput } from "./throughput.js";
import { up } from "./up.js";

/** `npm run bench [part…]`: measures on the hosts of this machine and writes bench/results/<date>.md. */
const PARTS = { up, plan, throughput, faults } as const;
type Part = keyof typeof PARTS;

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}; parts are ${Object.keys(PARTS).join(", ")}`);
  const wanted = (names.length > 0 ? names : Object.keys(PARTS)) as Part[];
  const lab = await LabEnvironment.make("bench", 20);
  const measured: [Part, readonly Figure[]][] = [];
  try {
    await lab.succeed("up", "--yes");
    for (const name of wanted) {
      process.stderr.write(`measure ${name}\n`);
      measured.push([name, await PARTS[name](lab)]);
    }
  } finally {
    await lab.remove();
  }
  const report = describe(measured);
  process.stdout.write(report);
  const date = new Date().toISOString().slice(0, 10);
  const part = wanted.length === Object.keys(PARTS).length ? "" : `-${wanted.join("-")}`;
  await writeFile(fileURLToPath(new URL(`results/${date}${part}.md`, import.meta.url)), report);
}

function describe(measured: readonly (readonly [Part, readonly Figure[]])[]): string {
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
  return `# Figures of ${new Date().toISOString().slice(0, 10)}\n\nThree hosts, the storage and the clients on one machine: ${machine}.\n\n${parts.join("\n\n")}\n`;
}

await main(process.argv.slice(2));

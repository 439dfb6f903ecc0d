import { type FaultReport, faultRun, faultsOn, holderAndOther, ROLL } from "../test/lab/fault-run.js";
import type { LabEnvironment } from "../test/lab/fixture.js";
import type { Figure } from "./figure.js";

/** Longest stall that clients may see. Milliseconds. */
const LONGEST = 3_000;

/** skopeo pushes and pulls, and a probe every 50 ms, while each fault happens. */
export async function faults(lab: LabEnvironment): Promise<Figure[]> {
  const figures: Figure[] = [];
  const names = [...faultsOn("holder", "other"), ROLL].map((fault) => fault.name);
  for (const [index, name] of names.entries()) {
    const { holder, other } = await holderAndOther(lab);
    const fault = [...faultsOn(holder, other), ROLL].find((one) => one.name === name) ?? ROLL;
    const figure = figureOf(await faultRun(lab, fault, `bench${index}`));
    process.stderr.write(`  ${name}: ${figure.value} ${figure.remark}\n`);
    figures.push(figure);
  }
  return figures;
}

function figureOf({ name, load, probes }: FaultReport): Figure {
  const unforgivable = load.failures.filter((failure) => failure.kind !== "bytes-on-their-way");
  const stall = Math.max(probes.pulls.longest, probes.pushes.longest);
  const named = load.failures.map(({ action, tag, kind, error }) => `${action} ${tag}: ${kind} (${lastLine(error)})`);
  const probeFailures = [...probes.pulls.failures, ...probes.pushes.failures];
  return {
    name,
    value: [
      `${load.pushes} pushes, ${load.pulls} pulls: ${load.failures.length} failed`,
      `slowest ${load.slowest.action} ${((load.slowest.ended - load.slowest.began) / 1000).toFixed(1)} s`,
      `${probes.pulls.count + probes.pushes.count} probes: ${probeFailures.length} failed`,
      `longest stall of a pull ${seconds(probes.pulls.longest)}, of a push ${seconds(probes.pushes.longest)}`,
      `${load.lost.length} images lost`,
    ].join("; "),
    target: "0 failed but what was on its way; stall at most 3 s",
    met: unforgivable.length === 0 && probeFailures.length === 0 && stall <= LONGEST && load.lost.length === 0,
    remark: [...named, ...probeFailures.slice(0, 3)].join("<br>").replaceAll("|", "\\|"),
  };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(-160) ?? "";
}

import { Argument, Command } from "commander";
import type { Faults } from "../../lab/faults.js";
import type { LabHost } from "../../lab/status.js";
import { printJson, printLine, printTable } from "../print.js";

const FAULTS: Readonly<Record<string, { readonly fault: keyof Faults; readonly does: string }>> = {
  kill: { fault: "kill", does: "switch a host off without warning" },
  stop: { fault: "stop", does: "shut a host down in order" },
  pause: { fault: "pause", does: "freeze every process of a host" },
  cut: { fault: "cut", does: "cut a host off from the network" },
  heal: { fault: "heal", does: "undo pause, cut and fill-disk" },
  start: { fault: "start", does: "switch a host on again" },
  "fill-disk": { fault: "fillDisk", does: "leave a host no room on its disk" },
};

/** `harborwright lab …`: breaks and mends the hosts on this machine. */
export function labCommand(): Command {
  const lab = new Command("lab").description("break and mend the hosts on this machine");
  lab.addCommand(statusCommand());
  for (const [name, { fault, does }] of Object.entries(FAULTS)) lab.addCommand(faultCommand(name, fault, does));
  return lab;
}

function statusCommand(): Command {
  return new Command("status")
    .description("show the hosts of an environment")
    .argument("<environment>", "name in environments/, or a path")
    .option("--json", "print them as JSON")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { labOf } = await import("../../operations/lab.js");
      const hosts = await labOf(await openWorkspace(name)).status();
      if (options.json) return printJson(hosts);
      printTable(hosts.map((host) => [host.name, host.address, host.state, ...use(host)]));
    });
}

function faultCommand(name: string, fault: keyof Faults, does: string): Command {
  return new Command(name)
    .description(does)
    .argument("<environment>", "name in environments/, or a path")
    .addArgument(new Argument("<node>", "node-1, node-2, …, or services"))
    .action(async (environment: string, node: string) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { labOf } = await import("../../operations/lab.js");
      printLine(await labOf(await openWorkspace(environment))[fault](node));
    });
}

/** Memory and disk in use, for a host that runs. */
function use({ memory, disk }: LabHost): string[] {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  return [
    memory === undefined ? "" : `memory ${megabytes(memory)}`,
    disk === undefined ? "" : `disk ${megabytes(disk.used)} of ${megabytes(disk.size)}`,
  ];
}

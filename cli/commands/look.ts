import { Command, Option } from "commander";
import { EXIT } from "../failure.js";
import { printJson, printLine } from "../print.js";
import { count } from "../whole-number.js";

/** Commands that look at a cluster and change nothing. */
export function lookCommands(): Command[] {
  return [doctorCommand(), statusCommand(), verifyCommand(), logsCommand(), auditCommand(), sshCommand()];
}

function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "look for what could stop `up`: programs, credentials, zones, sizes, names; exit 0: nothing, 1: a problem",
    )
    .argument("<environment>", "name in environments/, or a path")
    .option("--json", "print the findings as JSON")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { doctor } = await import("../../operations/doctor.js");
      const { describeFindings } = await import("../doctor-view.js");
      const workspace = await openWorkspace(name);
      const { environment } = workspace.environment;
      const findings = await doctor(workspace);
      const ok = findings.every(({ state }) => state !== "problem");
      if (options.json) printJson({ environment, ok, findings });
      else describeFindings(environment, findings);
      process.exitCode = ok ? EXIT.done : EXIT.failed;
    });
}

function statusCommand(): Command {
  return new Command("status")
    .description("show how the nodes are; exit 0: all healthy, 1: not")
    .argument("<environment>", "name in environments/, or a path")
    .option("--json", "print it as JSON")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { status } = await import("../../operations/status.js");
      const { describeStatus } = await import("../status-view.js");
      const found = await status(await openWorkspace(name));
      if (options.json) printJson(found);
      else describeStatus(found);
      const troubles = found.dataServices?.troubles ?? [];
      const isWell = found.nodes.every((node) => node.healthy) && troubles.length === 0;
      process.exitCode = isWell ? EXIT.done : EXIT.failed;
    });
}

function verifyCommand(): Command {
  return new Command("verify")
    .description("push, pull by tag and digest, delete: through the entry and through each node")
    .argument("<environment>", "name in environments/, or a path")
    .option("--cert <file>", "client certificate (PEM), where registry.clientCertificates asks for one")
    .option("--key <file>", "its private key (PEM)")
    .option("--json", "print each step as JSON")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { verifyWorkspace } = await import("../../operations/verify-workspace.js");
      const { describeVerification } = await import("../verify-view.js");
      const { cert: certificate, key } = options;
      const client = certificate === undefined || key === undefined ? undefined : { certificate, key };
      const result = await verifyWorkspace(await openWorkspace(name), client);
      if (options.json) printJson(result);
      else describeVerification(result);
      process.exitCode = result.ok ? EXIT.done : EXIT.failed;
    });
}

function logsCommand(): Command {
  return new Command("logs")
    .description("show the last lines of the logs of all nodes, or of one")
    .argument("<environment>", "name in environments/, or a path")
    .argument("[node]", "node-1, node-2, …")
    .addOption(
      new Option("--of <part>", "whose; database and redis are those on the nodes")
        .choices(["registry", "front", "floating", "database", "redis", "journal"])
        .default("registry"),
    )
    .option("--lines <count>", "how many lines", count, 50)
    .option("--follow", "go on as lines are written")
    .action(async (name: string, node: string | undefined, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { logs } = await import("../../operations/logs.js");
      await logs(await openWorkspace(name), {
        node,
        part: options.of,
        lines: options.lines,
        follow: options.follow === true,
        print: (from: string, line: string) => printLine(`${from}  ${line}`),
      });
    });
}

function auditCommand(): Command {
  return new Command("audit")
    .description("show who changed what on the hosts, and when")
    .argument("<environment>", "name in environments/, or a path")
    .option("--lines <count>", "how many lines of each host", count, 50)
    .option("--json", "print it as JSON")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { audit } = await import("../../operations/logs.js");
      const { printTable } = await import("../print.js");
      const entries = await audit(await openWorkspace(name), options.lines);
      if (options.json) return printJson(entries);
      printTable(
        entries.map(({ at, node, who, command, from, to }) => [at, node, who, command, `${from ?? "nothing"} → ${to}`]),
      );
    });
}

function sshCommand(): Command {
  return new Command("ssh")
    .description("open a shell on a node, or run one command there")
    .argument("<environment>", "name in environments/, or a path")
    .argument("<node>", "node-1, node-2, …")
    .argument("[command...]", "what to run; after -- when it has options")
    .action(async (name: string, node: string, command: string[]) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { shellOn } = await import("../../operations/ssh.js");
      process.exitCode = await shellOn(await openWorkspace(name), node, command);
    });
}

import { Command } from "commander";
import { EXIT } from "../failure.js";
import { printJson, printLine } from "../print.js";
import { gcCommand } from "./gc.js";

/** Commands that compare hosts with the environment file and change them. */
export function clusterCommands(): Command[] {
  return [
    startCommand(),
    planCommand(),
    upCommand(),
    rollbackCommand(),
    downCommand(),
    gcCommand(),
    drainCommand(),
    undrainCommand(),
    unlockCommand(),
  ];
}

function startCommand(): Command {
  return new Command("start")
    .description("bring up an environment on this machine and say how to use it; what `npm start` runs")
    .argument("[environment]", "name in environments/, or a path", "local")
    .action(async (name: string) => {
      const { cloudSite, openWorkspace } = await import("../../operations/workspace.js");
      const { rollOut } = await import("../roll-out.js");
      const { printWelcome } = await import("../welcome.js");
      const workspace = await openWorkspace(name);
      // What costs money is asked for.
      const isCloud = cloudSite(workspace) !== undefined;
      await rollOut(workspace, { yes: !isCloud, command: isCloud ? "up" : "start" });
      await printWelcome(workspace);
    });
}

function planCommand(): Command {
  return new Command("plan")
    .description("show what would change, in the cloud and on each host; exit 0: nothing, 2: something")
    .argument("<environment>", "name in environments/, or a path")
    .option("--json", "print resources, hosts, files and actions as JSON")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { plan } = await import("../../operations/plan.js");
      const { isEmpty } = await import("../../cluster/plan.js");
      const { progressOnStderr } = await import("../progress.js");
      const planned = await plan(await openWorkspace(name), progressOnStderr());
      if (options.json) {
        const { planForScripts } = await import("../plan-json.js");
        printJson(planForScripts(planned));
      } else {
        const { describePlan } = await import("../plan-view.js");
        printLine(describePlan(planned, { colour: process.stdout.isTTY === true }));
      }
      if (planned.unreachable.length > 0) process.exitCode = EXIT.failed;
      else process.exitCode = isEmpty(planned) ? EXIT.done : EXIT.changesPending;
    });
}

function upCommand(): Command {
  return new Command("up")
    .description("make the hosts as the environment file says, one node at a time")
    .argument("<environment>", "name in environments/, or a path")
    .option("--yes", "do not ask")
    .option("--dry-run", "show what would be done and change nothing")
    .option("--without <node...>", "go on without nodes that cannot be reached")
    .option("--from-deploy", "the hosts' half alone, as the end of `cdktf deploy` asks for it")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { rollOut } = await import("../roll-out.js");
      const { isRotating } = await import("../../operations/rotate-storage-key.js");
      const { isRotatingDatabasePassword } = await import("../../operations/rotate-database-password.js");
      const workspace = await openWorkspace(name);
      await rollOut(workspace, {
        yes: options.yes === true,
        dryRun: options.dryRun === true,
        without: options.without ?? [],
        fromDeploy: options.fromDeploy === true,
        command: "up",
      });
      if (options.dryRun === true) return;
      if (await isRotating(workspace)) {
        printLine(
          `Two access keys of its bucket are valid: \`harborwright rotate ${name} storage-key\` ends what was interrupted.`,
        );
      }
      if (await isRotatingDatabasePassword(workspace)) {
        printLine(
          `Harbor has a second login at its data base: \`harborwright rotate ${name} database-password\` ends what was interrupted.`,
        );
      }
    });
}

function rollbackCommand(): Command {
  return new Command("rollback")
    .description("go to the release before, one node at a time")
    .argument("<environment>", "name in environments/, or a path")
    .option("--yes", "do not ask")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { rollBack } = await import("../../operations/rollback.js");
      const { clusterProgress } = await import("../progress.js");
      const { agreeTo } = await import("../agreement.js");
      const workspace = await openWorkspace(name);
      const { environment } = workspace.environment;
      const agree = agreeTo(options.yes === true, `rollback ${environment}`);
      await rollBack(workspace, { agree, onProgress: clusterProgress() });
      printLine(`${environment} runs the release before. \`harborwright up ${environment}\` goes forward again.`);
    });
}

function downCommand(): Command {
  return new Command("down")
    .description("remove what `up` made; images stay unless --delete-data is given")
    .argument("<environment>", "name in environments/, or a path")
    .option("--yes", "do not ask")
    .option("--delete-data", "remove the images too; they cannot be brought back")
    .option("--without <node...>", "go on without nodes that cannot be reached")
    .action(async (name: string, options) => {
      const { cloudSite, openWorkspace } = await import("../../operations/workspace.js");
      const { down } = await import("../../operations/down.js");
      const { clusterProgress, progressOnStderr } = await import("../progress.js");
      const { agreeTo, askBefore, askForName } = await import("../agreement.js");
      const workspace = await openWorkspace(name);
      const { environment } = workspace.environment;
      const deleteData = options.deleteData === true;
      const yes = options.yes === true;
      const inCloud = cloudSite(workspace) !== undefined;
      if (!inCloud) await askBefore(`Remove ${environment} from its hosts?`, yes, `down ${environment}`);
      if (deleteData) await askForName(environment, yes);
      await down(workspace, {
        agree: agreeTo(yes, `down ${environment}`),
        deleteData,
        without: options.without ?? [],
        onProgress: clusterProgress(),
        progress: progressOnStderr(),
      });
      printLine(`${environment} is removed${deleteData ? ", its images too" : "; its images are kept"}.`);
    });
}

function drainCommand(): Command {
  return new Command("drain")
    .description("take a node out: clients go to the others, then it may be worked on")
    .argument("<environment>", "name in environments/, or a path")
    .argument("<node>", "node-1, node-2, …")
    .action(async (name: string, node: string) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { drain } = await import("../../operations/drain.js");
      const { clusterProgress } = await import("../progress.js");
      await drain(await openWorkspace(name), node, clusterProgress());
      printLine(`${node} is drained. \`harborwright undrain ${name} ${node}\` brings it back.`);
    });
}

function undrainCommand(): Command {
  return new Command("undrain")
    .description("bring a drained node back")
    .argument("<environment>", "name in environments/, or a path")
    .argument("<node>", "node-1, node-2, …")
    .action(async (name: string, node: string) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { undrain } = await import("../../operations/drain.js");
      const { clusterProgress } = await import("../progress.js");
      await undrain(await openWorkspace(name), node, clusterProgress());
      printLine(`${node} serves again.`);
    });
}

function unlockCommand(): Command {
  return new Command("unlock")
    .description("break the lock of a command that hangs")
    .argument("<environment>", "name in environments/, or a path")
    .option("--yes", "do not ask")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { unlock } = await import("../../operations/unlock.js");
      const { askBefore } = await import("../agreement.js");
      const workspace = await openWorkspace(name);
      await askBefore("End the command that holds the lock?", options.yes === true, `unlock ${name}`);
      const broken = await unlock(workspace);
      if (broken.length === 0) return printLine("nobody holds the lock.");
      for (const { who, command, since, node } of broken)
        printLine(`${node}: ended \`${command}\` of ${who}, which held it since ${since}`);
    });
}

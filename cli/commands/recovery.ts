import { Command } from "commander";
import { printJson, printLine, printTable } from "../print.js";

/** Commands that keep an environment, bring it back, and bring it to another version. */
export function recoveryCommands(program: string): Command[] {
  return [backupCommand(program), backupsCommand(), restoreCommand(), upgradeCommand(program)];
}

function backupCommand(program: string): Command {
  return new Command("backup")
    .description("keep data base, secrets and environment file together in one encrypted file; nothing stops")
    .argument("<environment>", "name in environments/, or a path")
    .option("--to <folder>", "folder to put it into; the environment's own by default")
    .option("--json", "print file and manifest as JSON")
    .action(async (name: string, options: { to?: string; json?: boolean }) => {
      const { openWorkspace, shownPath } = await import("../../operations/workspace.js");
      const { backup } = await import("../../operations/backup.js");
      const { clusterProgress } = await import("../progress.js");
      const { describeBackup } = await import("../backup-view.js");
      const to = options.to === undefined ? {} : { to: options.to };
      const made = await backup(await openWorkspace(name), { ...to, program, onProgress: clusterProgress() });
      if (options.json) return printJson(made);
      printLine(`${shownPath(made.file)}   ${describeBackup(made.manifest)}`);
      if (!made.marked) printLine("The storage was not marked: no requests to this kind are signed here.");
      printLine("The images themselves stay in the storage. Keep a copy of this file in another place.");
    });
}

function backupsCommand(): Command {
  return new Command("backups")
    .description("list the backups of an environment with their age and what they hold")
    .argument("<environment>", "name in environments/, or a path")
    .option("--in <folder>", "folder to look in; the environment's own by default")
    .option("--json", "print them as JSON")
    .action(async (name: string, options: { in?: string; json?: boolean }) => {
      const { openWorkspace, shownPath } = await import("../../operations/workspace.js");
      const { backupFolder, backups } = await import("../../operations/backup.js");
      const { age, describeBackup } = await import("../backup-view.js");
      const workspace = await openWorkspace(name);
      const folder = options.in ?? backupFolder(workspace);
      const listed = await backups(workspace, folder);
      if (options.json) {
        return printJson(listed.map(({ file, manifest, problem }) => ({ file, manifest, problem: problem?.details })));
      }
      if (listed.length === 0) return printLine(`there is no backup in ${shownPath(folder)}`);
      const now = new Date();
      printTable(
        listed.map(({ file, manifest, problem }) => [
          manifest === undefined ? "?" : age(manifest.at, now),
          shownPath(file),
          manifest === undefined ? (problem?.details.says ?? "") : describeBackup(manifest),
        ]),
      );
    });
}

function restoreCommand(): Command {
  return new Command("restore")
    .description("bring Harbor's data base back to what a backup holds; Harbor stops for a moment on all nodes")
    .argument("<environment>", "name in environments/, or a path")
    .requiredOption("--from <file>", "the backup")
    .option("--check-only", "read it whole, compare it with the storage, and change nothing")
    .option("--forget", "remove the data base that was in use before this backup was restored")
    .option("--yes", "do not ask")
    .action(async (name: string, options: { from: string; checkOnly?: boolean; forget?: boolean; yes?: boolean }) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { checkBackup, forgetRestored, restore } = await import("../../operations/restore.js");
      const { clusterProgress, progressOnStderr } = await import("../progress.js");
      const { describeBackup, describeCheck, describeRestore } = await import("../backup-view.js");
      const { askBefore } = await import("../agreement.js");
      const { EXIT } = await import("../failure.js");
      const { from } = options;
      const workspace = await openWorkspace(name);
      const { environment } = workspace.environment;
      const yes = options.yes === true;
      if (options.checkOnly) {
        const check = await checkBackup(workspace, from);
        printLine(`${from} is whole: ${describeBackup(check.manifest)}`);
        for (const line of describeCheck(check)) printLine(line);
        if ((check.missing?.length ?? 0) > 0) process.exitCode = EXIT.failed;
        return;
      }
      if (options.forget) {
        await askBefore("Remove the data base from before?", yes, `restore ${environment} --from ${from} --forget`);
        await forgetRestored(workspace, from, clusterProgress());
        return printLine("The data base from before is removed.");
      }
      const check = await restore(workspace, {
        from,
        progress: progressOnStderr(),
        onProgress: clusterProgress(),
        agree: async (plan) => {
          for (const line of describeRestore(plan)) process.stderr.write(`${line}\n`);
          await askBefore("Do it?", yes, `restore ${environment} --from ${from}`);
        },
      });
      for (const line of describeCheck(check)) printLine(line);
      printLine(
        `${environment} is restored. The data base from before is kept until you give the command with --forget.`,
      );
      if ((check.missing?.length ?? 0) > 0) process.exitCode = EXIT.failed;
    });
}

interface UpgradeFlags {
  readonly to: string;
  readonly release?: string;
  readonly sha256?: string;
  readonly backupTo?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

function upgradeCommand(program: string): Command {
  return new Command("upgrade")
    .description("bring the engine to another version: a backup first, then the hosts; the file is changed with it")
    .argument("<environment>", "name in environments/, or a path")
    .requiredOption("--to <version>", "2.15, 2.15.2, 3.1")
    .option("--release <file>", "Harbor's offline installer of that version, beside the environment file")
    .option("--sha256 <digest>", "its sha256")
    .option("--backup-to <folder>", "folder for the backup; the environment's own by default")
    .option("--yes", "do not ask")
    .option("--dry-run", "show what would be done and change nothing")
    .action(async (name: string, options: UpgradeFlags) => {
      const { openWorkspace, shownPath } = await import("../../operations/workspace.js");
      const { upgrade } = await import("../../operations/upgrade.js");
      const { clusterProgress, progressOnStderr } = await import("../progress.js");
      const { agreeTo } = await import("../agreement.js");
      const { describeUpgrade, describeWayBack } = await import("../backup-view.js");
      const workspace = await openWorkspace(name);
      const { environment } = workspace.environment;
      const dryRun = options.dryRun === true;
      const agree = agreeTo(options.yes === true || dryRun, `upgrade ${environment} --to ${options.to}`);
      await upgrade(workspace, {
        to: options.to,
        release: {
          ...(options.release === undefined ? {} : { file: options.release }),
          ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }),
        },
        ...(options.backupTo === undefined ? {} : { backupTo: options.backupTo }),
        program,
        command: `harborwright upgrade ${environment} --to ${options.to}`,
        without: [],
        dryRun,
        progress: progressOnStderr(),
        onProgress: clusterProgress(),
        onBackup: (file) => process.stderr.write(`${describeWayBack(environment, shownPath(file))}\n`),
        agree: async (plan, upgrading) => {
          for (const line of describeUpgrade(upgrading)) process.stderr.write(`${line}\n`);
          await agree(plan);
        },
      });
      if (!dryRun) printLine(`${environment} is as its file says: ${options.to}.`);
    });
}

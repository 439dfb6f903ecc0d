import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import type { Workspace } from "../../operations/workspace.js";
import { printJson, printLine } from "../print.js";

/** Commands about accounts, keys and certificates. */
export function secretCommands(): Command[] {
  return [credentialsCommand(), secretCommand(), renewCommand(), rotateCommand()];
}

function credentialsCommand(): Command {
  return new Command("credentials")
    .description("print an account that may push and pull")
    .argument("<environment>", "name in environments/, or a path")
    .option("--user <name>", "which account; the first one by default")
    .option("--json", "print url, caFile, username and password as JSON")
    .action(async (name: string, options) => {
      const { openWorkspace, shownPath } = await import("../../operations/workspace.js");
      const { credentials } = await import("../../operations/credentials.js");
      const workspace = await openWorkspace(name);
      const account = await credentials(workspace, options.user);
      const { url, caFile, username } = account;
      const password = account.password.reveal();
      if (options.json) return printJson({ url, caFile, username, password });
      printLine(`url       ${url}   (entry ${account.address})`);
      const { trustsPublic } = await import("../../operations/authorities.js");
      const isPublic = await trustsPublic(workspace);
      printLine(`ca        ${isPublic ? "a public one, which clients trust already" : shownPath(caFile)}`);
      printLine(`user      ${username}`);
      printLine(`password  ${password}`);
    });
}

function secretCommand(): Command {
  const secret = new Command("secret").description("keep keys and passwords in the encrypted store");
  secret
    .command("set")
    .description("store a secret, read from standard input or asked for")
    .argument("<environment>", "name in environments/, or a path")
    .argument(
      "<name>",
      "storage-access-key, storage-secret-key, dns-access-key, dns-secret-key, redis-password, mirror-password, notification-<name>, harbor/<what>",
    )
    .action(async (environment: string, name: string) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { setSecret } = await import("../../operations/secret.js");
      const { readSecret } = await import("../questions.js");
      const workspace = await openWorkspace(environment);
      await setSecret(workspace, name, await readSecret(name));
      printLine(`${name} is stored in ${workspace.environment.environment}.secrets.age`);
    });
  secret
    .command("list")
    .description("print the names of the stored secrets")
    .argument("<environment>", "name in environments/, or a path")
    .option("--json", "print them as JSON")
    .action(async (environment: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { openSecrets } = await import("../../operations/secret-store.js");
      const names = (await openSecrets(await openWorkspace(environment))).names();
      if (options.json) return printJson(names);
      for (const name of names) printLine(name);
    });
  return secret;
}

function renewCommand(): Command {
  return new Command("renew")
    .description("make a new server certificate, or ask the CA for one, and roll it out; no pull fails")
    .argument("<environment>", "name in environments/, or a path")
    .option("--yes", "do not ask")
    .option("--if-due", "only when the present one ends soon; otherwise say until when it is good")
    .option("--timer [folder]", "print systemd units that look once a day, or write them into a folder; renew nothing")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const workspace = await openWorkspace(name);
      if (options.timer !== undefined) return giveUnits(workspace, options.timer);
      const { renew, rolledOut } = await import("../../operations/renew.js");
      const { rollOut } = await import("../roll-out.js");
      const { progressOnStderr } = await import("../progress.js");
      const ifDue = options.ifDue === true;
      const certificate = await renew(workspace, { ifDue, progress: progressOnStderr() });
      const { serial, notAfter, due } = certificate;
      if (!certificate.toRollOut) {
        return printLine(
          `certificate ${serial} is valid until ${notAfter}; it is due on ${due.toISOString().slice(0, 10)}`,
        );
      }
      const how = certificate.made ? "is made" : "was made before and may not be on all nodes";
      printLine(`certificate ${serial} ${how}, valid until ${notAfter}`);
      const refuse = ifDue ? { refuse: (await import("../only-certificates.js")).refuseOtherChanges } : {};
      await rollOut(workspace, { yes: options.yes === true, command: "renew", ...refuse });
      await rolledOut(workspace);
    });
}

async function giveUnits(workspace: Workspace, folder: string | true): Promise<void> {
  const { renewalUnits, thisRenewer } = await import("../../operations/renew-timer.js");
  const units = renewalUnits(workspace, thisRenewer());
  const timer = units.map(({ name }) => name).find((name) => name.endsWith(".timer"));
  const place = folder === true ? "/etc/systemd/system" : folder;
  for (const { name, text } of units) {
    const path = join(place, name);
    if (folder === true) printLine(`# ${path}\n${text}`);
    else await writeFile(path, text);
  }
  process.stderr.write(`then, as root: systemctl daemon-reload && systemctl enable --now ${timer}\n`);
}

function rotateCommand(): Command {
  return new Command("rotate")
    .description("make a new password, robot's secret or access key, and bring it to where it belongs; no pull fails")
    .argument("<environment>", "name in environments/, or a path")
    .argument(
      "<what>",
      "name of the account, storage-key, harbor-admin-password, database-password, or robot with its name",
    )
    .argument("[robot]", "deploy, or team+ci for a robot of a project")
    .option("--yes", "do not ask")
    .action(async (name: string, user: string, robot: string | undefined, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { rotate } = await import("../../operations/secret.js");
      const { rollOut } = await import("../roll-out.js");
      const workspace = await openWorkspace(name);
      if (user === "storage-key") {
        const { rotateStorageKey } = await import("../../operations/rotate-storage-key.js");
        const { rollOutBy } = await import("../roll-out.js");
        return rollOutBy(rotateStorageKey, workspace, { yes: options.yes === true, command: "rotate" });
      }
      if (user === "harbor-admin-password") {
        const { rotateHarborAdmin } = await import("../../operations/rotate-harbor-admin.js");
        const { rollOutBy } = await import("../roll-out.js");
        return rollOutBy(rotateHarborAdmin, workspace, { yes: options.yes === true, command: "rotate" });
      }
      if (user === "database-password") {
        const { rotateDatabasePassword } = await import("../../operations/rotate-database-password.js");
        const { rollOutBy } = await import("../roll-out.js");
        return rollOutBy(rotateDatabasePassword, workspace, { yes: options.yes === true, command: "rotate" });
      }
      if (user === "robot" && robot !== undefined) return giveRobot(workspace, robot, options.yes === true);
      await rotate(workspace, user);
      await rollOut(workspace, { yes: options.yes === true, command: "rotate" });
      printLine(`harborwright credentials ${name} --user ${user}   shows the new password`);
    });
}

/** Its clients are refused until they have the new one: that is asked first. */
async function giveRobot(workspace: Workspace, robot: string, yes: boolean): Promise<void> {
  const { rotateRobot } = await import("../../operations/rotate-robot.js");
  const { askBefore } = await import("../agreement.js");
  const { environment } = workspace.environment;
  const question = `Clients with the present secret of ${robot} are refused from then on. Do it?`;
  await askBefore(question, yes, `rotate ${environment} robot ${robot}`);
  await rotateRobot(workspace, robot);
  printLine(`harborwright credentials ${environment} --user ${robot}   shows the new secret`);
}

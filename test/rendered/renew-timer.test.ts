import { chmod, copyFile, cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type Renewer, renewalUnits } from "../../operations/renew-timer.js";
import { openWorkspace } from "../../operations/workspace.js";
import { consumer, verdict } from "./consumers.js";
import { newFolder } from "./placed.js";

const PROGRAM = "/opt/node 20/bin/node";
const RENEWER: Renewer = {
  user: "root",
  program: [PROGRAM, '/home/a "b" 100%/harborwright/$HOME/bin.mjs'],
  variables: {
    HARBORWRIGHT_IDENTITY: "/home/ops/100% mine/$identity.txt",
    AWS_PROFILE: "registry",
    AWS_SECRET_ACCESS_KEY: "not to be written down",
  },
};

/** A root of its own with the units in it and the program that they start. */
async function root(change = (text: string) => text) {
  const folder = await newFolder("renewal");
  const units = renewalUnits(await openWorkspace("local"), RENEWER);
  const place = join(folder, "etc/systemd/system");
  await cp("/usr/lib/systemd/system", join(folder, "usr/lib/systemd/system"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await mkdir(place, { recursive: true });
  for (const { name, text } of units) await writeFile(join(place, name), change(text));
  for (const program of [PROGRAM, "/bin/kill"]) {
    await mkdir(dirname(join(folder, program)), { recursive: true });
    await copyFile("/bin/true", join(folder, program));
    await chmod(join(folder, program), 0o755);
  }
  return { folder, names: units.map(({ name }) => name) };
}

async function verify(change?: (text: string) => string) {
  const { folder, names } = await root(change);
  return verdict([await consumer("systemd"), "verify", `--root=${folder}`, ...names]);
}

test("systemd has nothing to say to the units, whatever stands in the paths", async () => {
  expect(await verify()).toEqual({ exitCode: 0, said: "" });
});

test("systemd would name a setting that it does not know", async () => {
  expect((await verify((text) => text.replace("Persistent=", "Persistant="))).said).toContain("Persistant");
});

test("the units carry where things are, and no secret", async () => {
  const [service] = renewalUnits(await openWorkspace("local"), RENEWER);
  expect(service?.name).toBe("harborwright-renew-local.service");
  expect(service?.text).toContain('Environment="HARBORWRIGHT_IDENTITY=/home/ops/100%% mine/$identity.txt"');
  expect(service?.text).toContain('Environment="AWS_PROFILE=registry"');
  expect(service?.text).toMatch(/^ExecStart=.* "renew" "\/.*\/environments\/local\.yaml" "--if-due" "--yes"$/m);
  expect(service?.text).toContain('"/home/a \\"b\\" 100%%/harborwright/$$HOME/bin.mjs"');
  expect(service?.text).not.toContain("not to be written down");
});

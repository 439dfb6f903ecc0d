import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { $ } from "zx";
import { provide } from "../supply/machine.js";
import { progressLines } from "../supply/progress.js";
import type { LabEnvironment } from "../test/lab/fixture.js";
import { type Figure, median, ratio } from "./figure.js";

const ROUNDS = 7;

/** Python for Ansible's modules: ours needs nothing on a host but a shell. */
const PYTHON = [
  "python3-minimal",
  "python3.11-minimal",
  "libpython3.11-minimal",
  "libpython3.11-stdlib",
  "python3.11",
  "libexpat1",
];

/** `plan` with nothing to change against `ansible-playbook --check` of the same files on the same hosts. */
export async function plan(lab: LabEnvironment): Promise<Figure[]> {
  const folder = await playbook(lab);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await seconds(async () => void (await lab.succeed("plan"))));
    theirs.push(await seconds(() => check(folder)));
  }
  const times = ratio(median(theirs), median(ours));
  return [
    {
      name: "plan with nothing to change, three hosts",
      value: `${median(ours).toFixed(2)} s (${Math.min(...ours).toFixed(2)} to ${Math.max(...ours).toFixed(2)})`,
      target: "at most 1 s",
      met: median(ours) <= 1,
    },
    {
      name: "the same against ansible-core --check",
      value: `${times} times as fast (ansible-core ${await version()}: ${median(theirs).toFixed(1)} s)`,
      target: "at least 20",
      met: times >= 20,
    },
  ];
}

/** A playbook that copies each file of each host's release, pipelined and without facts: as fast as Ansible can be. */
async function playbook(lab: LabEnvironment): Promise<string> {
  await provide(
    [{ program: "ansible-playbook", package: "ansible-core" }],
    progressLines((line) => process.stderr.write(`${line}\n`)),
  );
  await givePython(lab);
  const folder = join(lab.folder, "ansible");
  await mkdir(folder, { recursive: true });
  const rendered = join(folder, "rendered");
  const hosts = await lab.json<{ node: string; files: string[] }[]>("render", "--out", rendered, "--reveal");
  const { nodes } = await lab.json<{ nodes: { name: string; address: string }[] }>("status");
  const inventory = nodes.map(({ name, address }) => `${name} ansible_host=${address}`).join("\n");
  await writeFile(join(folder, "hosts"), `${inventory}\n`);
  await writeFile(
    join(folder, "ansible.cfg"),
    `[defaults]
inventory = hosts
forks = 10
gathering = explicit
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
ssh_args = -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR -i ${lab.stateFolder}/lab_ed25519
`,
  );
  const files = hosts[0]?.files ?? [];
  const owners = await lab.succeed("ssh", "node-1", "--", `stat -c '%n %u %g %a' ${files.join(" ")}`);
  const tasks = owners
    .trim()
    .split("\n")
    .map((line) => {
      const [path = "", owner, group, mode] = line.split(" ");
      const src = `rendered/{{ inventory_hostname }}${path}`;
      return { name: path, "ansible.builtin.copy": { src, dest: path, owner, group, mode: `0${mode}` } };
    });
  await writeFile(join(folder, "site.yml"), stringify([{ hosts: "all", remote_user: "root", tasks }]));
  return folder;
}

async function givePython(lab: LabEnvironment): Promise<void> {
  const folder = join(lab.folder, "python");
  await mkdir(join(folder, "tree"), { recursive: true });
  await $({ quiet: true, cwd: folder })`apt-get download ${PYTHON}`;
  await $({
    quiet: true,
    cwd: folder,
  })`for package in *.deb; do dpkg-deb -x "$package" tree; done; tar -C tree -cf tree.tar .`;
  const { nodes } = await lab.json<{ nodes: { name: string }[] }>("status");
  for (const { name } of nodes) {
    const container = `hw-${lab.name}-${name}`;
    await $({
      quiet: true,
      cwd: folder,
    })`docker exec -i ${container} tar -C / --keep-directory-symlink -xf - < tree.tar`;
  }
}

async function check(folder: string): Promise<void> {
  const { stdout } = await $({ quiet: true, cwd: folder })`ansible-playbook --check --diff site.yml`;
  if (/changed=[1-9]|failed=[1-9]|unreachable=[1-9]/.test(stdout)) throw new Error(`Ansible sees changes:\n${stdout}`);
}

async function version(): Promise<string> {
  const { stdout } = await $({ quiet: true })`ansible-playbook --version`;
  return /core ([0-9.]+)/.exec(stdout)?.[1] ?? "?";
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

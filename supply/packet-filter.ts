import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";
import { findProgram } from "./machine.js";
import type { Progress } from "./progress.js";

/**
 * Sees to it that `iptables` works, for the engine ends at once without. Debian's speaks to nftables, which some
 * kernels (of virtual machines and sandboxes above all) do not have; then the older kind is chosen, for the whole
 * machine, the way Debian provides for it.
 * @throws Problem `engine/no-packet-filter` when neither kind works
 */
export async function choosePacketFilter(progress: Progress): Promise<void> {
  const chosen = await attempt("iptables");
  if (chosen.exitCode === 0) return;
  const legacy = await findProgram("iptables-legacy");
  const older = legacy === undefined ? chosen : await attempt(legacy);
  if (legacy === undefined || older.exitCode !== 0) throw noPacketFilter(`${chosen.stderr}${older.stderr}`);
  progress.note("choose iptables-legacy: this kernel has no nftables");
  await $({ quiet: true })`update-alternatives --set iptables ${legacy}`;
}

function attempt(iptables: string) {
  return $({ quiet: true, nothrow: true })`${iptables} --wait --table nat --list-rules`;
}

function noPacketFilter(stderr: string): Problem {
  return new Problem({
    code: "engine/no-packet-filter",
    says: "iptables does not work on this machine, neither over nftables nor the older kind",
    instead: "load the kernel's modules (modprobe nf_tables or ip_tables), or use a machine whose kernel has them",
    log: stderr.trim().split("\n").slice(-6),
  });
}

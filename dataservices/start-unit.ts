import type { Host } from "../hosts/host.js";

/**
 * Starts a unit of systemd that does not run, and has it start at boot.
 * @param what - what is done, in a user's words: "start etcd"
 * @param options.wait - whether it has started when this ends; not for a unit that is ready only when others are.
 * @default true
 */
export async function startUnit(
  host: Host,
  what: string,
  unit: string,
  { wait = true }: { readonly wait?: boolean } = {},
): Promise<void> {
  if ((await host.read(`systemctl is-active ${unit} || true`)).trim() === "active") return;
  const script = `
systemctl --quiet enable ${unit}
systemctl start ${wait ? "" : "--no-block "}${unit}`;
  await host.change(what, script);
}

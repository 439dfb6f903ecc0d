import { $ } from "zx";
import { findProgram, type Need, provide } from "../../supply/machine.js";
import { silentProgress } from "../../supply/progress.js";

/** The programs that read what is rendered, and the Debian packages that bring them. */
export const CONSUMERS = {
  nginx: { program: "nginx", package: "nginx" },
  haproxy: { program: "haproxy", package: "haproxy" },
  keepalived: { program: "keepalived", package: "keepalived" },
  registry2: { program: "docker-registry", package: "docker-registry" },
  redis: { program: "redis-server", package: "redis-server" },
  shellcheck: { program: "shellcheck", package: "shellcheck" },
  logrotate: { program: "logrotate", package: "logrotate" },
  systemd: { program: "systemd-analyze", package: "systemd" },
  tmpfiles: { program: "systemd-tmpfiles", package: "systemd" },
  sysctl: { program: "sysctl", package: "procps" },
  openssl: { program: "openssl", package: "openssl" },
  ip: { program: "ip", package: "iproute2" },
  curl: { program: "curl", package: "curl" },
  socat: { program: "socat", package: "socat" },
} as const satisfies Record<string, Need>;

/** The full path of a consumer; its package is installed when it is missing, without starting any service. */
export async function consumer(name: keyof typeof CONSUMERS): Promise<string> {
  const need = CONSUMERS[name];
  await provide([need], silentProgress);
  const path = await findProgram(need.program);
  if (path === undefined) throw new Error(`${need.package} did not bring ${need.program}`);
  return path;
}

/** What a program said and how it ended. */
export interface Verdict {
  readonly exitCode: number | null;
  /** Both of its outputs. */
  readonly said: string;
}

/** Runs a program to its end. */
export async function verdict(command: readonly string[]): Promise<Verdict> {
  const done = await $({ quiet: true, nothrow: true })`${command}`;
  return { exitCode: done.exitCode, said: `${done.stdout}${done.stderr}` };
}

/**
 * Runs a program in a network of its own, where any IPv4 address and any port can be listened on. Its outputs are a
 * pipe, as in a container: nginx cannot open a /dev/stdout that is a socket, which Node gives to its children.
 */
export async function verdictInOwnNetwork(command: readonly string[]): Promise<Verdict> {
  await consumer("ip");
  const prepare = "ip link set lo up; echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind";
  const piped = '{ "$@" 2>&1 || echo "exit code $?"; } | cat';
  const { said } = await verdict(["unshare", "--net", "sh", "-ec", `${prepare}; ${piped}`, "sh", ...command]);
  const [, code] = /^exit code (\d+)$/m.exec(said) ?? [];
  return { exitCode: code === undefined ? 0 : Number(code), said };
}

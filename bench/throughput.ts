import { randomBytes } from "node:crypto";
import { $ } from "zx";
import type { LabEnvironment } from "../test/lab/fixture.js";
import { type Figure, median, ratio } from "./figure.js";

/** Bytes of the blob that is pulled, and how often in one round. */
const BLOB = 256 * 1024 * 1024;
const PULLS = 4;
const ROUNDS = 5;
const REPOSITORY = "bench/blob";

/** One way to the same blob. */
interface Way {
  readonly name: string;
  readonly port: number;
}
const OURS: Way = { name: "the entry", port: 443 };
const BARE: Way = { name: "a bare registry that ends TLS", port: 5443 };
const COPIED: Way = { name: "nginx with the settings people copy", port: 8443 };

interface Round {
  readonly bytesPerSecond: number;
  readonly cpuSecondsPerGigabyte: number;
}

/**
 * Pulls one blob through our front, through a registry that ends TLS itself, and through nginx as articles set it up:
 * all on the same host, in turn, so that the machine's mood hits all three.
 */
export async function throughput(lab: LabEnvironment): Promise<Figure[]> {
  const target = await Target.of(lab);
  const digest = await target.push(randomBytes(BLOB));
  await startOthers(lab);
  const rounds = new Map<Way, Round[]>([OURS, BARE, COPIED].map((way) => [way, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [way, measured] of rounds) measured.push(await target.pull(way, digest));
  }
  await lab.succeed("ssh", "node-1", "--", "docker rm -f bench-bare bench-copied >/dev/null");
  return figures(rounds);
}

function figures(rounds: ReadonlyMap<Way, readonly Round[]>): Figure[] {
  const ours = rounds.get(OURS) ?? [];
  const against = (way: Way, least: number): Figure => {
    const ratios = (rounds.get(way) ?? []).map((other, index) =>
      ratio(ours[index]?.bytesPerSecond ?? 0, other.bytesPerSecond),
    );
    const middle = median(ratios);
    return {
      name: `pulls through the entry against ${way.name}`,
      value: `${middle} times as fast (rounds: ${ratios.join(", ")})`,
      target: `at least ${least}`,
      met: middle >= least,
    };
  };
  const cpu = [...rounds].map(([way, measured]) => {
    const rate = median(measured.map((round) => round.bytesPerSecond)) / 1e6;
    const seconds = median(measured.map((round) => round.cpuSecondsPerGigabyte));
    return `${way.name}: ${seconds.toFixed(2)} s/GB at ${rate.toFixed(0)} MB/s`;
  });
  return [
    against(BARE, 0.9),
    against(COPIED, 1.5),
    { name: "CPU seconds of the node for each GB", value: cpu.join("; "), target: "stated", met: true },
  ];
}

/** The registry of the lab as curl reaches it on its first node. */
class Target {
  readonly #lab: LabEnvironment;
  readonly #host: string;
  readonly #address: string;
  readonly #login: string;

  private constructor(lab: LabEnvironment, host: string, address: string, login: string) {
    this.#lab = lab;
    this.#host = host;
    this.#address = address;
    this.#login = login;
  }

  static async of(lab: LabEnvironment): Promise<Target> {
    const { url, username, password } = await lab.json<Record<string, string>>("credentials");
    const { nodes } = await lab.json<{ nodes: { address: string }[] }>("status");
    return new Target(lab, new URL(url ?? "").hostname, nodes[0]?.address ?? "", `user = "${username}:${password}"\n`);
  }

  async push(blob: Buffer): Promise<string> {
    const { createHash } = await import("node:crypto");
    const digest = `sha256:${createHash("sha256").update(blob).digest("hex")}`;
    const headers = await this.#curl(OURS, "/v2/bench/blob/blobs/uploads/", [
      "-X",
      "POST",
      "-D",
      "-",
      "-o",
      "/dev/null",
    ]);
    const location = /^location: (\S+)/im.exec(headers)?.[1] ?? "";
    const upload = new URL(location, `https://${this.#host}`);
    upload.searchParams.set("digest", digest);
    const { writeFile, rm } = await import("node:fs/promises");
    const file = `${this.#lab.folder}/blob`;
    await writeFile(file, blob);
    await this.#curl(OURS, `${upload.pathname}${upload.search}`, [
      "-T",
      file,
      "-H",
      "Content-Type: application/octet-stream",
    ]);
    await rm(file);
    return digest;
  }

  async pull(way: Way, digest: string): Promise<Round> {
    const path = `/v2/${REPOSITORY}/blobs/${digest}`;
    const before = await this.#cpuSeconds();
    const began = performance.now();
    for (let pull = 0; pull < PULLS; pull += 1) await this.#curl(way, path, ["-o", "/dev/null"]);
    const seconds = (performance.now() - began) / 1000;
    const bytes = BLOB * PULLS;
    return {
      bytesPerSecond: bytes / seconds,
      cpuSecondsPerGigabyte: ((await this.#cpuSeconds()) - before) / (bytes / 1e9),
    };
  }

  async #curl(way: Way, path: string, more: readonly string[]): Promise<string> {
    const place = `${this.#host}:${way.port}`;
    const ca = `${this.#lab.stateFolder}/ca.crt`;
    const fixed = ["-sS", "--fail", "--http1.1", "-K", "-", "--cacert", ca, "--resolve", `${place}:${this.#address}`];
    return (await $({ quiet: true, input: this.#login })`curl ${fixed} ${more} ${`https://${place}${path}`}`).stdout;
  }

  /** CPU seconds that all processes of the first node have used. */
  async #cpuSeconds(): Promise<number> {
    const script =
      "cat /sys/fs/cgroup/cpuacct$(sed -n 's/.*:[^:]*cpuacct[^:]*://p' /proc/1/cgroup)/cpuacct.usage 2>/dev/null || sed -n 's/usage_usec /000 /p' /sys/fs/cgroup/cpu.stat";
    const container = `hw-${this.#lab.name}-node-1`;
    const { stdout } = await $({ quiet: true })`docker exec ${container} sh -c ${script}`;
    return Number(stdout.trim().split(/\s+/).reverse().join("")) / 1e9;
  }
}

/** The bare registry and the copied nginx, beside ours on the first node, on the same storage and with the same certificate. */
async function startOthers(lab: LabEnvironment): Promise<void> {
  await lab.succeed("ssh", "node-1", "--", `sh -s <<'END'\n${OTHERS}\nEND`);
}

const OTHERS = `set -eu
registry=$(sed -n 's/^  addr: "*\\([0-9.]*:5000\\)"*$/\\1/p' /etc/harborwright/registry/config.yml)
image_of() { docker inspect -f '{{.Image}}' "harborwright-$1-1"; }
run() { docker run -d --network host --user 10101:10101 --read-only --tmpfs /tmp:mode=1777 -v /etc/harborwright:/etc/harborwright:ro -v /run/harborwright:/run/harborwright:ro "$@"; }
run --name bench-bare --env-file /dev/null -e OTEL_TRACES_EXPORTER=none -e REGISTRY_HTTP_ADDR=:5443 -e REGISTRY_HTTP_DEBUG_ADDR=127.0.0.1:5999 \\
  -e REGISTRY_HTTP_TLS_CERTIFICATE=/etc/harborwright/front/tls/server.crt -e REGISTRY_HTTP_TLS_KEY=/etc/harborwright/front/tls/server.key \\
  --entrypoint registry "$(image_of registry)" serve /etc/harborwright/registry/config.yml
mkdir -p /tmp/bench && sed "s/[$]registry/$registry/" > /tmp/bench/nginx.conf <<'CONF'
pid /tmp/nginx.pid; error_log stderr;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path /tmp/b; proxy_temp_path /tmp/p; fastcgi_temp_path /tmp/f; uwsgi_temp_path /tmp/u; scgi_temp_path /tmp/s;
  upstream registry { server $registry; }
  server {
    listen 8443 ssl; server_name _;
    ssl_certificate /etc/harborwright/front/tls/server.crt; ssl_certificate_key /etc/harborwright/front/tls/server.key;
    client_max_body_size 0; chunked_transfer_encoding on;
    location /v2/ { proxy_pass http://registry; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme; proxy_buffering off; proxy_request_buffering off; proxy_read_timeout 900; }
  }
}
CONF
run --name bench-copied -v /tmp/bench:/tmp/bench:ro --entrypoint nginx "$(image_of front)" -c /tmp/bench/nginx.conf -g 'daemon off;'
for port in 5443 8443; do for i in $(seq 100); do case $(curl -sk -o /dev/null -w '%{http_code}' "https://127.0.0.1:$port/v2/") in 200|401) break ;; esac; [ "$i" -lt 100 ] || exit 1; sleep 0.1; done; done`;

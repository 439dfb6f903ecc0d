import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { parseFacts } from "../../cluster/facts-parser.js";
import { factsScript } from "../../cluster/facts-script.js";
import { wantedRelease } from "../../cluster/wanted.js";
import { exampleRelease } from "./example-releases.js";

const NODE = { site: "here", name: "node-1" };
const A = "a".repeat(64);
const B = "b".repeat(64);

/** What a host of the lab has printed, shortened. */
const PRINTED = `@system debian 12 x86_64 Debian GNU/Linux 12 (bookworm)
@boot 530fbc68-42c8-433f-ac77-598ea324590a
@memory 2097152
@space
Filesystem     1024-blocks  Used Available Capacity Mounted on
/dev/loop1        16337788 67548  16253856       1% /opt
/dev/loop1        16337788 67548  16253856       1% /var/lib/docker
/dev/loop1        16337788 67548       100       1% /var/log
@clock 1700000031000
@releases aaaaaaaaaaaaaaaa - aaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbb bbbbbbbbbbbbbbbb.partial
@digests
${A}  /etc/harborwright/front/nginx.conf
${B}  /opt/harborwright/releases/aaaaaaaaaaaaaaaa/files/etc/harborwright/front/nginx.conf
@rights
644 0:10101 /etc/harborwright/front/nginx.conf
640 0:10101 /opt/harborwright/releases/aaaaaaaaaaaaaaaa/files/etc/harborwright/front/nginx.conf
@text /etc/harborwright/front/nginx.conf ${Buffer.from("two\nlines\n").toString("base64")}
@mark front.loaded ${A}
@complete
{"at":"2026-11-22T16:45:42Z","releases":{"node-1":"aaaaaaaaaaaaaaaa"}}
@drained front up
@units
Id=harborwright.service
ActiveState=active
UnitFileState=enabled
NeedDaemonReload=yes

Id=harborwright-floating.service
ActiveState=inactive
UnitFileState=disabled
NeedDaemonReload=no
@kernel
/proc/sys/net/ipv4/ip_unprivileged_port_start:0
/proc/sys/net/ipv4/tcp_rmem:4096\t131072\t6291456
@objects
{"Id":"c1","Name":"/harborwright-registry-1","RestartCount":2,"State":{"Status":"running","StartedAt":"2026-11-22T16:45:42Z"},"Config":{"Image":"sha256:${A}","Labels":{"harborwright.config":"digest"}}}
{"Id":"sha256:${A}","RepoDigests":[]}
{"Id":"sha256:${B}","RepoDigests":["nginx@sha256:${"c".repeat(64)}"]}
Error: No such object: harborwright-front-1
@tool docker
@tool curl
@tool compose 2.40.0
`;

test("what a host printed is read whole", () => {
  const facts = parseFacts(NODE, PRINTED, 1_700_000_000_000);
  expect(facts).toMatchObject({
    site: "here",
    node: "node-1",
    system: { id: "debian", version: "12", architecture: "x86_64", name: "Debian GNU/Linux 12 (bookworm)" },
    clockAhead: 31_000,
    memory: 2 ** 31,
    free: { opt: 16253856 * 1024, log: 102_400 },
    tools: { docker: "running", compose: "2.40.0", keepalived: false, curl: true },
    marks: { frontLoaded: A },
    drained: { by: "up", registry: false },
    units: {
      service: { active: true, enabled: true, outdated: true },
      floating: { active: false, enabled: false, outdated: false },
    },
    kernel: { "net.ipv4.ip_unprivileged_port_start": "0", "net.ipv4.tcp_rmem": "4096 131072 6291456" },
  });
  expect(facts.releases).toEqual({
    current: "aaaaaaaaaaaaaaaa",
    kept: ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"],
    complete: { "node-1": "aaaaaaaaaaaaaaaa" },
  });
});

test("a real file and the one that its release has put there are told apart", () => {
  const facts = parseFacts(NODE, PRINTED, 0);
  const path = "/etc/harborwright/front/nginx.conf";
  expect(facts.files.get(path)).toEqual({ sha256: A, mode: "644", owner: "0:10101" });
  expect(facts.released.get(path)).toEqual({ sha256: B, mode: "640", owner: "0:10101" });
  expect(facts.texts.get(path)).toBe("two\nlines\n");
});

test("containers are known by their names, images by their ids and the digests they were pulled by", () => {
  const facts = parseFacts(NODE, PRINTED, 0);
  expect(facts.containers).toEqual({
    registry: {
      id: "c1",
      image: `sha256:${A}`,
      state: "running",
      restarts: 2,
      started: "2026-11-22T16:45:42Z",
      labels: { "harborwright.config": "digest" },
    },
  });
  expect([...facts.images]).toEqual([`sha256:${A}`, `sha256:${B}`, `sha256:${"c".repeat(64)}`]);
});

test("an engine that is installed and does not answer is stopped, not running", () => {
  const down = "@objects\nCannot connect to the Docker daemon at unix:///var/run/docker.sock.\n@tool docker\n";
  expect(parseFacts(NODE, down, 0).tools.docker).toBe("stopped");
  expect(parseFacts(NODE, "@objects\n", 0).tools.docker).toBe("absent");
});

test("whoever drained a node by hand counts as an operator", () => {
  expect(parseFacts(NODE, "@drained front \n@drained registry\n", 0).drained).toEqual({
    by: "operator",
    registry: true,
  });
});

test("the script is one that a POSIX shell reads, and a machine without anything of ours answers it", () => {
  const wanted = wantedRelease(exampleRelease());
  const { status, stdout, stderr } = spawnSync("sh", ["-eu"], { input: factsScript(wanted), encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const facts = parseFacts(NODE, stdout, Date.now());
  expect(Math.abs(facts.clockAhead)).toBeLessThan(60_000);
  expect(facts.memory).toBeGreaterThan(0);
  expect(facts.kernel["net.ipv4.ip_unprivileged_port_start"]).toMatch(/^\d+$/);
});

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { $ } from "zx";
import { CLOUD_BALANCER_TIME, drainMachineScript, drainScript } from "../../cluster/drain-script.js";
import { healthCheck } from "../../constructs/load-balancer.js";
import { exampleEnvironment, siteOf } from "../release/example.js";

const cloud = exampleEnvironment(
  { drain: "3s" },
  {
    sites: [
      {
        name: "here",
        provider: "aws",
        region: "eu-central-1",
        zones: ["eu-central-1a", "eu-central-1b"],
        network: { operators: ["203.0.113.0/24"], clients: ["0.0.0.0/0"] },
      },
    ],
  },
);

test("a drain lasts until a balancer of a cloud has seen it", () => {
  const { intervalSeconds, unhealthyAfter } = healthCheck(8443);
  expect(CLOUD_BALANCER_TIME).toBeGreaterThanOrEqual((unhealthyAfter + 1) * intervalSeconds);
  expect(drainScript("up", { environment: cloud, site: siteOf(cloud) })).toContain(`sleep ${CLOUD_BALANCER_TIME}`);
});

/** Runs the waiting of a drain of so many seconds with an `ss` that shows a connection so many times. */
async function waitWith(
  connections: number,
  drain: number,
): Promise<{ readonly asked: number; readonly seconds: number }> {
  const folder = await mkdtemp(join(tmpdir(), "harborwright-drain-"));
  try {
    const count = join(folder, "count");
    await writeFile(
      join(folder, "ss"),
      `#!/bin/sh\necho x >> ${count}\n[ "$(wc -l < ${count})" -gt ${connections} ] || echo "ESTAB 0 0 a b"\n`,
    );
    await chmod(join(folder, "ss"), 0o755);
    const environment = exampleEnvironment({ drain: `${drain}s` });
    const script = drainMachineScript({ environment, site: siteOf(environment) });
    const begun = performance.now();
    const waiting = script.slice(script.indexOf(`\nend=$(($(date +%s) + ${drain}))`));
    await $({ quiet: true, env: { PATH: `${folder}:${process.env.PATH}` } })`sh -c ${waiting}`;
    const seconds = (performance.now() - begun) / 1000;
    const asked = (await $({ quiet: true })`wc -l < ${count}`).stdout;
    return { asked: Number(asked), seconds };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a machine stops when its last client has gone, and not later than registry.drain", async () => {
  // Long enough for three looks on any machine: only the last client ends it.
  expect(await waitWith(2, 300)).toMatchObject({ asked: 3 });
  const { asked, seconds } = await waitWith(1_000, 3);
  expect(asked).toBeLessThan(20);
  expect(seconds).toBeLessThan(20);
});

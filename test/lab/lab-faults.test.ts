import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LabUnderTest, until } from "./lab-under-test.js";

let hosts: LabUnderTest;

beforeAll(async () => {
  hosts = await LabUnderTest.make("labtest-faults", 5);
  await hosts.up();
  await runNested();
});
afterAll(() => hosts.remove());

/** A container inside node-1 that answers on port 9000: the S3 server itself, for it needs no other file. */
async function runNested(): Promise<void> {
  const ran = await hosts.ssh(
    "node-1",
    `tar --directory /usr/local/bin --create versitygw | docker import - nested:1
     docker run --detach --name nested --restart unless-stopped --network host --tmpfs /data \\
       --env ROOT_ACCESS_KEY=a --env ROOT_SECRET_KEY=12345678 nested:1 /versitygw --port :9000 posix /data`,
  );
  expect(ran.stderr).toBe("");
  await until("the nested container answers", nestedAnswers);
}

function nestedAnswers(): Promise<boolean> {
  return fetch(`http://${hosts.address("node-1")}:9000/`, { signal: AbortSignal.timeout(1_000) }).then(
    () => true,
    () => false,
  );
}

describe("a node", () => {
  test("that is killed is gone; start brings back its address and the containers in it", async () => {
    expect(await hosts.lab.kill("node-1")).toContain("harborwright lab start labtest-faults node-1");
    expect(await nestedAnswers()).toBe(false);
    expect(await hosts.stateOf("node-1")).toBe("stopped");
    await hosts.lab.start("node-1");
    const addresses = (await hosts.ssh("node-1", "ip -4 -o address show dev eth0")).stdout;
    expect(addresses).toContain(`${hosts.address("node-1")}/24`);
    expect(await until("the nested container is back", nestedAnswers)).toBeLessThan(10_000);
  });

  test("that is stopped shuts down in order and comes back", async () => {
    await hosts.lab.stop("node-1");
    expect(await hosts.stateOf("node-1")).toBe("stopped");
    await hosts.lab.start("node-1");
    await until("the nested container is back", nestedAnswers);
    expect(await hosts.lab.start("node-1")).toBe("node-1 runs already");
  });

  test("that is paused says nothing, its containers neither; heal wakes it", async () => {
    expect(await hosts.lab.pause("node-1")).toContain("harborwright lab heal labtest-faults node-1");
    expect(await nestedAnswers()).toBe(false);
    expect((await hosts.ssh("node-1", "true")).exitCode).not.toBe(0);
    expect(await hosts.stateOf("node-1")).toBe("paused");
    await hosts.lab.heal("node-1");
    await until("the nested container answers", nestedAnswers);
    expect(await hosts.stateOf("node-1")).toBe("running");
  });

  test("that is paused can be killed", async () => {
    await hosts.lab.pause("node-1");
    await hosts.lab.kill("node-1");
    expect(await hosts.stateOf("node-1")).toBe("stopped");
    await hosts.lab.start("node-1");
    await until("the nested container is back", nestedAnswers);
  });

  test("that is cut off runs on unheard; heal gives it its network back, and so does a restart", async () => {
    await hosts.lab.cut("node-1");
    await hosts.lab.cut("node-1");
    expect(await nestedAnswers()).toBe(false);
    expect(await hosts.stateOf("node-1")).toBe("cut");
    expect(await hosts.lab.heal("node-1")).toBe("node-1 has its network back");
    await until("the nested container answers", nestedAnswers);
    await hosts.lab.cut("node-1");
    await hosts.lab.kill("node-1");
    await hosts.lab.start("node-1");
    expect(await hosts.stateOf("node-1")).toBe("running");
  });

  test("whose disk is full takes nothing more, keeps what it has, also through a kill; heal makes room", async () => {
    const write = () =>
      hosts.ssh("node-1", "head -c 1000000 /dev/zero > /var/lib/docker/more && rm /var/lib/docker/more");
    await hosts.ssh("node-1", "echo written before > /opt/before && sync");
    await hosts.lab.fillDisk("node-1");
    expect((await write()).stderr).toContain("No space left on device");
    await hosts.lab.kill("node-1");
    await hosts.lab.start("node-1");
    expect((await write()).stderr).toContain("No space left on device");
    expect((await hosts.ssh("node-1", "cat /opt/before")).stdout.trim()).toBe("written before");
    expect(await hosts.lab.heal("node-1")).toBe("node-1 has room on its disk again");
    expect((await write()).exitCode).toBe(0);
  });

  test("that is well has nothing to heal", async () => {
    expect(await hosts.lab.heal("node-2")).toBe("node-2 had nothing to heal");
  });

  test("that is not there is refused with those that are", async () => {
    await expect(hosts.lab.kill("node-7")).rejects.toMatchObject({
      details: { code: "lab/unknown-host", instead: "name one of node-1, node-2, services" },
    });
  });

  test("that is switched off can only be started", async () => {
    await hosts.lab.kill("node-2");
    for (const fault of ["kill", "stop", "pause", "cut", "fillDisk", "heal"] as const) {
      await expect(hosts.lab[fault]("node-2")).rejects.toMatchObject({ details: { code: "lab/host-not-running" } });
    }
    await hosts.lab.start("node-2");
  });
});

describe("storage", () => {
  const layer = "seven ".repeat(50_000);

  test("that is killed is gone, and comes back with its objects", async () => {
    expect((await hosts.s3("PUT", "layer", layer)).status).toBe(200);
    await hosts.lab.kill("services");
    expect((await hosts.s3("GET", "layer")).status).toBe(0);
    await hosts.lab.start("services");
    expect((await hosts.s3("GET", "layer")).body).toBe(layer);
  });

  test("that is full refuses what is new and gives what it has", async () => {
    expect((await hosts.s3("PUT", "before", layer)).status).toBe(200);
    await hosts.lab.fillDisk("services");
    expect((await hosts.s3("PUT", "after", layer)).status).toBe(507);
    expect((await hosts.s3("GET", "before")).body).toBe(layer);
    await hosts.lab.heal("services");
    expect((await hosts.s3("PUT", "after", layer)).status).toBe(200);
  });

  test("that is cut off is silent until it is healed", async () => {
    await hosts.lab.cut("services");
    expect((await hosts.s3("PUT", "unheard", layer)).status).toBe(0);
    await hosts.lab.heal("services");
    expect((await hosts.s3("PUT", "heard", layer)).status).toBe(200);
  });
});

test("up starts a killed host, wakes one that hangs and heals one that is cut off", async () => {
  await hosts.lab.kill("node-1");
  await hosts.lab.cut("node-2");
  await hosts.lab.pause("services");
  await hosts.up();
  expect(await hosts.states()).toEqual(["running", "running", "running"]);
  expect((await hosts.ssh("node-2", "hostname")).stdout.trim()).toBe("node-2");
  await until("the nested container is back", nestedAnswers);
});

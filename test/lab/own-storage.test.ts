import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LabEnvironment } from "./fixture.js";
import { quiet } from "./lab-under-test.js";

describe("a local site whose images go elsewhere than to the lab's own storage", () => {
  let lab: LabEnvironment;

  beforeAll(async () => {
    lab = await LabEnvironment.make("disk", 24, {
      registry: { hostname: "registry.disk", storage: { kind: "filesystem", directory: "/srv/registry" } },
      sites: [
        {
          name: "here",
          provider: "local",
          nodes: { count: 1, memory: "1GiB" },
          network: { cidr: "198.18.24.0/24" },
        },
      ],
    });
  });
  afterAll(() => lab.remove());

  test("up ends with a registry that takes and gives images", async () => {
    await lab.succeed("up", "--yes");
    await lab.succeed("verify");
    expect((await lab.run("plan")).code).toBe(0);
  });

  test("the lab starts no S3 of its own", async () => {
    expect((await quiet`docker exec hw-disk-services systemctl is-active lab-s3`).stdout.trim()).toBe("inactive");
    expect((await quiet`docker exec hw-disk-services ls /etc/lab/s3.env`).exitCode).not.toBe(0);
  });

  test("keys that were stored for another S3 are not given to the lab", async () => {
    const key = "AKIAOFANOTHERSTORAGE";
    await lab.setSecret("storage-access-key", key);
    await lab.setSecret("storage-secret-key", "a-secret-of-another-storage");
    await lab.succeed("up", "--yes");
    const seen = await quiet`docker exec hw-disk-services grep -rs ${key} /etc /run`;
    expect(seen).toMatchObject({ exitCode: 1, stdout: "" });
  });
});

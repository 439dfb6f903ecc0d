import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { alibabaKeys } from "../../certificates/alibaba-keys.js";
import { codeOf } from "../secrets/fixture.js";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "aliyun-"));
  const profiles = [
    { name: "default", mode: "AK", access_key_id: "of default", access_key_secret: "secret of default" },
    { name: "session", mode: "StsToken", access_key_id: "of session", access_key_secret: "s", sts_token: "token" },
    { name: "role", mode: "RamRoleArn", access_key_id: "k", access_key_secret: "s" },
  ];
  await mkdir(join(home, ".aliyun"));
  await writeFile(join(home, ".aliyun/config.json"), JSON.stringify({ current: "default", profiles }));
  return () => rm(home, { recursive: true });
});

test("the environment comes before profiles, under both of its names", async () => {
  const found = await alibabaKeys({ HOME: home, ALICLOUD_ACCESS_KEY: "id", ALICLOUD_SECRET_KEY: "secret" });
  expect(found?.accessKey).toBe("id");
  const other = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: "id",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "x",
    ALIBABA_CLOUD_SECURITY_TOKEN: "t",
  };
  expect((await alibabaKeys({ HOME: home, ...other }))?.token?.reveal()).toBe("t");
});

test("a profile gives its keys: the current one, or the one that is named", async () => {
  const current = await alibabaKeys({ HOME: home });
  expect([current?.accessKey, current?.secretKey.reveal(), current?.token]).toEqual([
    "of default",
    "secret of default",
    undefined,
  ]);
  const named = await alibabaKeys({ HOME: home, ALIBABA_CLOUD_PROFILE: "session" });
  expect([named?.accessKey, named?.token?.reveal()]).toEqual(["of session", "token"]);
});

test("a profile whose keys would have to be asked for is named, not passed over", async () => {
  expect(await codeOf(alibabaKeys({ HOME: home, ALICLOUD_PROFILE: "role" }))).toBe("dns/profile-without-keys");
});

test("where nothing is, there are no keys", async () => {
  expect(await alibabaKeys({ HOME: join(home, "nowhere") })).toBeUndefined();
  expect(await alibabaKeys({ HOME: home, ALIBABA_CLOUD_PROFILE: "unknown" })).toBeUndefined();
});

import { expect, test } from "vitest";
import { queryText, signedAcs3 } from "../../certificates/acs3-signature.js";
import { Secret } from "../../spec/secret.js";

/** The example of Alibaba Cloud's own description of the method: "Fixed parameters example". */
const EXAMPLE = {
  host: "ecs.cn-shanghai.aliyuncs.com",
  action: "RunInstances",
  version: "2014-05-26",
  query: { RegionId: "cn-shanghai", ImageId: "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd" },
  date: new Date("2023-10-26T10:22:32Z"),
  nonce: "3156853299f313e23d1673dc12e1703d",
};
const KEYS = { accessKey: "YourAccessKeyId", secretKey: new Secret("YourAccessKeySecret") };

test("the documented example has the documented signature", () => {
  expect(signedAcs3(EXAMPLE, KEYS).authorization).toBe(
    "ACS3-HMAC-SHA256 Credential=YourAccessKeyId," +
      "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version," +
      "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
  );
});

test("a token for a while is sent and signed", () => {
  const headers = signedAcs3(EXAMPLE, { ...KEYS, token: new Secret("token") });
  expect(headers["x-acs-security-token"]).toBe("token");
  expect(headers.authorization).toContain(";x-acs-security-token;");
  expect(headers.authorization).not.toContain("06563a9e");
});

test("parameters are sorted and encoded as the cloud reads them", () => {
  expect(queryText({ b: "a b", a: "~*'()!/" })).toBe("a=~%2A%27%28%29%21%2F&b=a%20b");
});

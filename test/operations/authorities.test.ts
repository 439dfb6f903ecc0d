import { readFile } from "node:fs/promises";
import { rootCertificates } from "node:tls";
import { expect, test } from "vitest";
import { keepAuthorities, trustsPublic } from "../../operations/authorities.js";
import { caFile, makeStateFolder } from "../../operations/workspace.js";
import { cloudFile, deskWith } from "./cloud-workspace.js";

test("the CA file trusts what clients see: the own CA alone, or every public one", async () => {
  const workspace = await (await deskWith(cloudFile("aws"))).open();
  await makeStateFolder(workspace);
  await keepAuthorities(workspace, "-----BEGIN CERTIFICATE-----\nown\n");
  expect(await readFile(caFile(workspace), "utf8")).toBe("-----BEGIN CERTIFICATE-----\nown\n");
  expect(await trustsPublic(workspace)).toBe(false);
  await keepAuthorities(workspace, "");
  const text = await readFile(caFile(workspace), "utf8");
  expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(rootCertificates.length);
  expect(await trustsPublic(workspace)).toBe(true);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { loadTemplates, type SecretPolicy } from "../../release/templates.js";
import { registryConfigView } from "../../release/views/registry-config.js";
import { environmentSchema } from "../../spec/environment.js";
import { Secret } from "../../spec/secret.js";
import { hostileText, validEnvironments } from "../arbitrary/environment.js";
import { exampleEnvironment, firstRelease, MARK, nodeContext, releasesOf, secretsOf } from "./example.js";

test("no secret's bytes stand outside sensitive files, and none in a masked text", () => {
  fc.assert(
    fc.property(validEnvironments(), hostileText(), (file, ending) => {
      const environment = environmentSchema.parse(file);
      for (const { files } of releasesOf(environment, secretsOf(environment, ending))) {
        expect(files.filter(({ masked }) => masked.includes(MARK)).map(({ path }) => path)).toEqual([]);
        const leaking = files.filter(({ content, sensitive }) => content.includes(MARK) && !sensitive);
        expect(leaking.map(({ path }) => path)).toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
});

test("a sensitive file can be read by nobody but root and the containers", () => {
  fc.assert(
    fc.property(validEnvironments(), (file) => {
      const files = releasesOf(environmentSchema.parse(file)).flatMap((release) => release.files);
      for (const { mode } of files.filter(({ sensitive }) => sensitive)) expect(mode & 0o027).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test("a masked text differs from the real one in its secrets alone", () => {
  const environment = exampleEnvironment();
  const masked = (ending: string) =>
    firstRelease(environment, secretsOf(environment, ending)).files.map((f) => f.masked);
  const digest = /[0-9a-f]{64}/g;
  expect(masked("one").map((text) => text.replace(digest, ""))).toEqual(
    masked("two").map((text) => text.replace(digest, "")),
  );
});

test("a secret is written by the one helper for secrets, and only into files that are marked sensitive", () => {
  const templates = loadTemplates();
  const view = { statusPort: new Secret(MARK) };
  const careless = () => templates.fill("floating/etc/harborwright/floating/check.sh", view, "reveal");
  expect(careless).toThrow(/only \{\{secret\}\} may write it/);

  const context = nodeContext(exampleEnvironment());
  const name = "distribution/v3/etc/harborwright/registry/config.yml";
  const config = (policy: SecretPolicy) => templates.fill(name, registryConfigView(context), policy);
  expect(() => config("refuse")).toThrow(/not marked sensitive/);
  expect(config("reveal")).toContain(MARK);
  expect(config("mask")).toContain('secret: "***"');
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { silentProgress } from "../../supply/progress.js";
import { providerSource } from "../../supply/provider-source.js";
import { isRecent, provideTerraform } from "../../supply/terraform.js";
import { settingsFor } from "../../supply/terraform-environment.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-terraform-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A program that says which version of Terraform it is. */
async function put(name: string, version: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho '{"terraform_version":"${version}"}'\n`, { mode: 0o755 });
  return path;
}

describe("the program that makes infrastructure", () => {
  beforeEach(() => vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`));

  test("is Terraform, if it is new enough", async () => {
    const program = await put("terraform", "1.11.4");
    await put("tofu", "1.11.0");
    expect(await provideTerraform(undefined, silentProgress)).toEqual({
      engine: "terraform",
      program,
      version: "1.11.4",
    });
  });

  test("is OpenTofu beside a Terraform that is too old, and this is said", async () => {
    await put("terraform", "1.5.7");
    const program = await put("tofu", "1.10.0");
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (line: string) => notes.push(line) };
    expect(await provideTerraform(undefined, progress)).toEqual({ engine: "opentofu", program, version: "1.10.0" });
    expect(notes).toEqual([`${join(folder, "terraform")} is 1.5.7; 1.10 or newer is needed`]);
  });

  test("is the one that is asked for", async () => {
    await put("terraform", "1.11.4");
    await put("tofu", "1.11.0");
    expect(await provideTerraform("opentofu", silentProgress)).toMatchObject({ engine: "opentofu" });
  });

  test("is refused when it is to be Terraform and that is too old", async () => {
    await put("terraform", "1.9.8");
    await expect(provideTerraform("terraform", silentProgress)).rejects.toMatchObject({
      details: { code: "supply/terraform-missing", instead: expect.stringContaining("1.10 or newer") },
    });
  });
});

test.each([
  ["1.10.0", true],
  ["1.12.0-alpha20250101", true],
  ["2.0.0", true],
  ["1.9.8", false],
  ["0.15.5", false],
  ["newest", false],
])("version %s is recent enough: %s", (version, answer) => {
  expect(isRecent(version)).toBe(answer);
});

describe("where providers come from", () => {
  beforeEach(() => vi.stubEnv("HARBORWRIGHT_CACHE", folder));

  test.each(["registry", "mirror"])("is what the user says: %s", async (source) => {
    vi.stubEnv("HARBORWRIGHT_PROVIDERS", source);
    expect(await providerSource("registry.invalid", silentProgress)).toBe(source);
  });

  test("is refused when the user says something else", async () => {
    vi.stubEnv("HARBORWRIGHT_PROVIDERS", "elsewhere");
    await expect(providerSource("registry.invalid", silentProgress)).rejects.toMatchObject({
      details: { code: "supply/providers-unknown" },
    });
  });

  test("is this machine where no registry answers, and this is said once", async () => {
    vi.stubEnv("HARBORWRIGHT_PROVIDERS", "");
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (line: string) => notes.push(line) };
    expect(await providerSource("registry.invalid", progress)).toBe("mirror");
    expect(await providerSource("registry.invalid", progress)).toBe("mirror");
    expect(notes).toHaveLength(1);
  });
});

test("settings name a folder for each provider and no way to the network", () => {
  expect(settingsFor([{ folder: "/mirror", source: "hashicorp/aws" }])).toBe(
    `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = "/mirror"
    include = ["hashicorp/aws"]
  }
}
`,
  );
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ARCHITECTURE } from "../../supply/go-tool.js";
import { findProvider, likelyMirrors } from "../../supply/provider-folders.js";

const pin = { source: "example/cloud", version: "5.1.0" };
const MACHINE = `linux_${ARCHITECTURE}`;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "harborwright-mirror-"));
});
afterEach(() => rm(root, { recursive: true }));

async function put(...path: string[]): Promise<void> {
  const file = join(root, ...path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "");
}

describe("a provider", () => {
  test("is found unpacked, with all that lies beside it", async () => {
    const folder = ["registry.example", "example", "cloud", "5.1.0", MACHINE];
    await put(...folder, "terraform-provider-cloud_v5.1.0_x5");
    await put(...folder, "LICENSE.txt");
    expect(await findProvider(pin, [join(root, "nothing"), root])).toEqual({
      mirror: root,
      host: "registry.example",
      files: [`5.1.0/${MACHINE}/LICENSE.txt`, `5.1.0/${MACHINE}/terraform-provider-cloud_v5.1.0_x5`],
    });
  });

  test("is found as the archive in which it is published", async () => {
    await put("registry.example", "example", "cloud", `terraform-provider-cloud_5.1.0_${MACHINE}.zip`);
    expect(await findProvider(pin, [root])).toMatchObject({ files: [`terraform-provider-cloud_5.1.0_${MACHINE}.zip`] });
  });

  test.each([
    ["another version", ["5.1.1", MACHINE, "terraform-provider-cloud_v5.1.1"]],
    ["another machine", ["5.1.0", "plan9_mips", "terraform-provider-cloud_v5.1.0"]],
    ["an empty folder", ["5.1.0", MACHINE, "README"]],
  ])("is not taken for %s", async (_, path) => {
    await put("registry.example", "example", "cloud", ...path);
    expect(await findProvider(pin, [root])).toBeUndefined();
  });
});

describe("the folders in which providers are looked for", () => {
  test("begin with those that the user names", async () => {
    const mirrors = await likelyMirrors({ HARBORWRIGHT_TERRAFORM_MIRROR: "/one:/other", HOME: root });
    expect(mirrors.slice(0, 2)).toEqual(["/one", "/other"]);
  });

  test("are those of the user's settings, too", async () => {
    const settings = join(root, "settings.tfrc");
    await writeFile(
      settings,
      'plugin_cache_dir = "/cached"\nprovider_installation {\n  filesystem_mirror {\n    path = "/mirrored"\n  }\n}\n',
    );
    const mirrors = await likelyMirrors({ TF_CLI_CONFIG_FILE: settings, HOME: root });
    expect(mirrors.slice(0, 2)).toEqual(["/cached", "/mirrored"]);
  });

  test("are where Terraform and OpenTofu look by themselves", async () => {
    const mirrors = await likelyMirrors({ HOME: "/home/ops", XDG_DATA_DIRS: "/data" });
    expect(mirrors).toEqual(
      expect.arrayContaining([
        "/home/ops/.terraform.d/plugins",
        "/home/ops/.local/share/opentofu/plugins",
        "/data/terraform/plugins",
      ]),
    );
  });
});

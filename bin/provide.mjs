/**
 * Sees to it, where it can be watched, that the tests find all software they need: the engine and the images, what makes
 * infrastructure, and what stands in for clouds.
 */
const { provideHostImage } = await import("../dist/lab/host-image.js");
const { Problem } = await import("../dist/spec/problem.js");
const { provideEngine } = await import("../dist/supply/engine.js");
const { goTool } = await import("../dist/supply/go-tool.js");
const { provideImages } = await import("../dist/supply/images.js");
const { IMAGE_PINS } = await import("../dist/supply/pins.js");
const { progressLines } = await import("../dist/supply/progress.js");
const { pythonTool } = await import("../dist/supply/python-tool.js");
const { provideTerraform } = await import("../dist/supply/terraform.js");
const { terraformEnvironment } = await import("../dist/supply/terraform-environment.js");

const progress = progressLines((line) => process.stdout.write(`${line}\n`));
try {
  await provideEngine(progress);
  await provideImages(IMAGE_PINS, progress);
  await provideHostImage(progress);
  for (const engine of [undefined, "opentofu"]) {
    await terraformEnvironment(await provideTerraform(engine, progress), ["alicloud", "aws"], progress);
  }
  for (const tool of ["moto", "checkov"]) await pythonTool(tool, progress);
  for (const tool of ["pebble", "pebble-challtestsrv"]) await goTool(tool, progress);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.details.says}\n  ${error.details.instead}\n${(error.details.log ?? []).join("\n")}\n`);
  process.exitCode = 1;
}

/** Sees to it, where it can be watched, that the tests find all software they need: the engine and the images. */
const { provideHostImage } = await import("../dist/lab/host-image.js");
const { Problem } = await import("../dist/spec/problem.js");
const { provideEngine } = await import("../dist/supply/engine.js");
const { provideImages } = await import("../dist/supply/images.js");
const { IMAGE_PINS } = await import("../dist/supply/pins.js");
const { progressLines } = await import("../dist/supply/progress.js");

const progress = progressLines((line) => process.stdout.write(`${line}\n`));
try {
  await provideEngine(progress);
  await provideImages(IMAGE_PINS, progress);
  await provideHostImage(progress);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.details.says}\n  ${error.details.instead}\n${(error.details.log ?? []).join("\n")}\n`);
  process.exitCode = 1;
}

import { defineConfig } from "vitest/config";
import { tellSeed, wantedSeed } from "./test/seed.js";

const propertySeed = wantedSeed(process.env.HARBORWRIGHT_TEST_SEED);
tellSeed(propertySeed);

/** Every project has properties. */
const PROPERTIES = { setupFiles: ["test/same-draws.ts"], provide: { propertySeed: propertySeed.value } };

/**
 * Unit tests need nothing but Node; `rendered` needs the programs that read our files, `cloud` those that make
 * infrastructure and what stands in for clouds; `lab` needs the hosts of this machine.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...PROPERTIES,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/rendered/**", "test/cloud/**", "test/lab/**"],
          // Each source and each class of a provider is loaded once a worker, not once a file: that was half of the time.
          // So a test leaves the environment and the modules as it found them.
          isolate: false,
          // One core is kept free by default, which is half of a small machine.
          maxWorkers: "100%",
          // Properties over generated inputs take what the machine gives them; a slow machine is no failure.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...PROPERTIES,
          name: "rendered",
          include: ["test/rendered/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          ...PROPERTIES,
          name: "cloud",
          include: ["test/cloud/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...PROPERTIES,
          name: "lab",
          include: ["test/lab/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          sequence: { concurrent: false },
        },
      },
    ],
  },
});

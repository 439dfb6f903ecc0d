import { defineConfig } from "vitest/config";

/**
 * Unit tests need nothing but Node; `rendered` needs the programs that read our files, `cloud` those that make
 * infrastructure and what stands in for clouds; `lab` needs the hosts of this machine.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/rendered/**", "test/cloud/**", "test/lab/**"],
          // Properties over generated inputs take what the machine gives them; a slow machine is no failure.
          testTimeout: 60_000,
        },
      },
      {
        test: { name: "rendered", include: ["test/rendered/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 300_000 },
      },
      {
        test: {
          name: "cloud",
          include: ["test/cloud/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
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

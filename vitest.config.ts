import { defineConfig } from "vitest/config";

/** Unit tests need nothing but Node; `rendered` needs the programs that read our files; `lab` needs the hosts of this machine. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/rendered/**", "test/lab/**"] } },
      {
        test: { name: "rendered", include: ["test/rendered/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 300_000 },
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

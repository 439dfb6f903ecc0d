import { afterEach, expect, test, vi } from "vitest";
import { describeCollection, size } from "../../cli/gc-view.js";

afterEach(() => {
  vi.restoreAllMocks();
});

function shown(freed: number, blobs: number, manifests: number, dryRun = false): string {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(`${text}`) > 0);
  describeCollection({ id: "1", freed, blobs, manifests }, dryRun);
  return written.join("");
}

test("a collection tells what it has freed, or could", () => {
  expect(shown(5_368_709_120, 12, 3)).toBe("5.0 GiB: 12 layers and 3 manifests are deleted.\n");
  expect(shown(900, 1, 1, true)).toBe("900 B: 1 layer and 1 manifest could be deleted.\n");
  expect(shown(0, 0, 0)).toBe("there is nothing that no image has needed for two hours.\n");
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1_572_864, "1.5 MiB"],
  [2 ** 40, "1.0 TiB"],
  [2 ** 52, "4096.0 TiB"],
])("%i bytes are %s", (bytes, text) => {
  expect(size(bytes)).toBe(text);
});

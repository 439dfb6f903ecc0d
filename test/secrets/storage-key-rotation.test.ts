import fc from "fast-check";
import { expect, test } from "vitest";
import {
  begun,
  ended,
  type KeyRotation,
  keepRotation,
  storedRotation,
  taken,
  wantedGenerations,
} from "../../secrets/storage-key-rotation.js";
import { Secret } from "../../spec/secret.js";
import { codeOf, StoreFolder } from "./fixture.js";

const steps = { begun, taken, ended } as const;
const anySteps = fc.array(fc.constantFrom<keyof typeof steps>("begun", "taken", "ended"), { maxLength: 20 });

function after(names: readonly (keyof typeof steps)[]): KeyRotation {
  return names.reduce<KeyRotation>((rotation, name) => steps[name](rotation), { inUse: 1 });
}

test("a rotation has both keys until all hosts have the new one, and then the new one alone", () => {
  const during = begun({ inUse: 3 });
  expect(wantedGenerations(during)).toEqual([3, 4]);
  expect(wantedGenerations(taken(during))).toEqual([4]);
  expect(ended(taken(during))).toEqual({ inUse: 4 });
});

test("a rotation that was interrupted goes on with the same keys", () => {
  const during = begun({ inUse: 3 });
  expect(begun(during)).toEqual(during);
  expect(begun(taken(during))).toEqual(taken(during));
});

test("in whatever order steps are taken, the key of the hosts is never deleted and there are never more than two", () => {
  fc.assert(
    fc.property(anySteps, (names) => {
      const rotation = after(names);
      const wanted = wantedGenerations(rotation);
      expect(wanted).toContain(rotation.inUse);
      expect(wanted.length).toBeLessThanOrEqual(2);
      expect(new Set([...wanted, rotation.leaving ?? rotation.inUse]).size).toBeLessThanOrEqual(2);
    }),
  );
});

test("the store remembers how far a rotation is; at first there is one key", async () => {
  const operator = (await StoreFolder.make()).operator();
  const store = await operator.open();
  expect(storedRotation(store)).toEqual({ inUse: 1 });
  keepRotation(store, begun({ inUse: 1 }));
  await store.save();
  expect(storedRotation(await operator.open())).toEqual({ inUse: 1, coming: 2 });
});

test("what is no rotation is told as a damaged store", async () => {
  const store = await (await StoreFolder.make()).operator().open();
  for (const text of ["", "{", '{"inUse":0}', '{"inUse":1,"more":2}']) {
    store.set("storage-key-rotation", new Secret(text));
    expect(await codeOf(Promise.resolve().then(() => storedRotation(store)))).toBe("secrets/damaged");
  }
});

import type { LabEnvironment } from "../test/lab/fixture.js";
import { type Figure, median } from "./figure.js";

const ROLLS = 3;

/** `up` on fresh hosts to the first push, with images in the cache; then a rolling change of one file. */
export async function up(lab: LabEnvironment): Promise<Figure[]> {
  await lab.run("down", "--yes", "--delete-data");
  const fresh = await seconds(async () => {
    await lab.succeed("up", "--yes");
    await lab.succeed("verify");
  });
  const rolls: number[] = [];
  for (let roll = 0; roll < ROLLS; roll += 1) {
    await lab.edit((content) => ({ ...content, registry: { ...content.registry, catalogEntries: 2000 + roll } }));
    rolls.push((await seconds(async () => void (await lab.succeed("up", "--yes")))) / 3);
  }
  return [
    {
      name: "up on fresh hosts until an image was pushed and pulled through every node",
      value: `${fresh.toFixed(1)} s`,
      target: "at most 60 s",
      met: fresh <= 60,
    },
    {
      name: "rolling one changed file, a node",
      value: `${median(rolls).toFixed(1)} s (${rolls.map((roll) => roll.toFixed(1)).join(", ")})`,
      target: "at most 20 s",
      met: median(rolls) <= 20,
    },
  ];
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

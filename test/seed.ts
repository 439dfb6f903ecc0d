/** What the draws of all properties begin with. */
export interface Seed {
  readonly value: number;
  /** Whether it was drawn for this run alone. */
  readonly random: boolean;
}

/** Draws that every run makes, so that a test fails for who reads about it as it failed before. */
const USUAL = 20_251;

/**
 * The seed that somebody asks for: a whole number of 32 bits, or `random` for draws that nobody has tried yet.
 * @throws TypeError when it is neither
 */
export function wantedSeed(asked: string | undefined): Seed {
  if (asked === undefined || asked === "") return { value: USUAL, random: false };
  if (asked === "random") return { value: Math.floor(Math.random() * 2 ** 31), random: true };
  const value = Number(asked);
  if (Number.isInteger(value) && value === (value | 0)) return { value, random: false };
  throw new TypeError(`HARBORWRIGHT_TEST_SEED is "${asked}"; it is a whole number of 32 bits, or random`);
}

/** A run of random draws tells how to have them again. */
export function tellSeed({ value, random }: Seed): void {
  if (random) process.stderr.write(`Properties draw from seed ${value}; again: HARBORWRIGHT_TEST_SEED=${value}\n`);
}

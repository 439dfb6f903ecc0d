import { InvalidArgumentError } from "commander";

/** An option's value that is a part of something: 0, 0.25, 1. */
export function share(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError("a number from 0 to 1 is needed.");
  return number;
}

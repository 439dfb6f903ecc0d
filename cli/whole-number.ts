import { InvalidArgumentError } from "commander";

/** Reads an option that is a whole number. @throws InvalidArgumentError, which commander tells with the option's name */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number)) throw new InvalidArgumentError("a whole number is needed");
  return number;
}

/** As {@link wholeNumber}, above 0. */
export function count(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError("a whole number above 0 is needed");
  return number;
}

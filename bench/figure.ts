/** One measured figure, with what it is held against. */
export interface Figure {
  readonly name: string;
  /** What was measured, in words. */
  readonly value: string;
  /** The bar. */
  readonly target: string;
  readonly met: boolean;
  /** What limits it, where the bar is not met, and which operations failed. */
  readonly remark?: string;
}

/** The middle of an odd number of measurements; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A ratio as people say it: 0.97, 24.1. */
export function ratio(one: number, other: number): number {
  return Number((one / other).toPrecision(3));
}

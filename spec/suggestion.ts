import { closest, distance } from "fastest-levenshtein";

/** The word that was probably meant: at most every third letter differs. */
export function suggestion(word: string, allowed: readonly string[]): string | undefined {
  if (allowed.length === 0) return undefined;
  const near = closest(word.toLowerCase(), [...allowed]);
  return distance(word.toLowerCase(), near) <= Math.max(1, Math.floor(near.length / 3)) ? near : undefined;
}

/** "did you mean endpoint? allowed: bucket, endpoint", without the question when nothing is near. */
export function didYouMean(word: string, allowed: readonly string[], label = "allowed"): string {
  const near = suggestion(word, allowed);
  const list = `${label}: ${allowed.join(", ")}`;
  return near === undefined ? list : `did you mean ${near}? ${list}`;
}

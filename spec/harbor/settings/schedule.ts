import * as z from "zod";

/** The words for schedules, and what they mean. Minutes differ, so that jobs do not begin all at once with others at :00. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["hourly", "7 * * * *"],
  ["daily", "17 2 * * *"],
  ["weekly", "17 2 * * 0"],
  ["monthly", "17 2 1 * *"],
]);

/** The fields of a schedule in their order: lowest and highest value, and the names that stand for values. */
const FIELDS = [
  { name: "the minute", lowest: 0, highest: 59, words: [] },
  { name: "the hour", lowest: 0, highest: 23, words: [] },
  { name: "the day of the month", lowest: 1, highest: 31, words: [] },
  {
    name: "the month",
    lowest: 1,
    highest: 12,
    words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { name: "the day of the week", lowest: 0, highest: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
] as const;

const FORM = "hourly, daily, weekly, monthly, or five fields in UTC: minute hour day month weekday, as in 30 3 * * 0";

/** When something is done again and again: a word, or the five fields of cron, in UTC. */
export const scheduleSchema = scheduleOr();

/**
 * A schedule, or one of some more words.
 * @param more - `never`, `manual`, …
 */
export function scheduleOr(...more: readonly string[]) {
  return z
    .string()
    .max(128)
    .refine((text) => more.includes(text) || mistakeIn(text) === undefined, {
      error: (issue) =>
        typeof issue.input === "string" ? `${mistakeIn(issue.input)}; ${[...more, FORM].join(", ")}` : FORM,
    });
}

/** What is wrong with a schedule, undefined if nothing is. */
function mistakeIn(schedule: string): string | undefined {
  if (WORDS.has(schedule)) return undefined;
  const fields = schedule.split(" ");
  if (fields.length === 6) return "this has six fields: seconds cannot be chosen, Harbor wants 0 there and gets it";
  if (fields.length !== 5) return "this is no schedule";
  const wrong = FIELDS.find((field, index) => !isField(fields[index] ?? "", field));
  return wrong && `${wrong.name} is ${wrong.lowest} to ${wrong.highest}, *, or a list of them`;
}

function isField(text: string, { lowest, highest, words }: (typeof FIELDS)[number]): boolean {
  const named: readonly string[] = words;
  const numberOf = (part: string) => {
    const word = named.indexOf(part.toLowerCase());
    if (word >= 0) return word + lowest;
    return /^\d{1,2}$/.test(part) ? Number(part) : Number.NaN;
  };
  const fits = (value: number) => value >= lowest && value <= highest;
  return text.split(",").every((part) => {
    const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/([1-9]\d?))?$/.exec(part);
    if (match === null) return false;
    const [, from, to, step] = match;
    if (step !== undefined && Number(step) > highest) return false;
    if (from === undefined) return true;
    return fits(numberOf(from)) && (to === undefined || (fits(numberOf(to)) && numberOf(from) <= numberOf(to)));
  });
}

/**
 * A schedule as Harbor's API takes it: six fields, seconds first.
 * @param schedule - what {@link scheduleSchema} has accepted
 */
export function sixFields(schedule: string): string {
  return `0 ${WORDS.get(schedule) ?? schedule}`;
}

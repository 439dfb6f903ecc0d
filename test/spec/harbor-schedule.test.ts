import { describe, expect, test } from "vitest";
import { ownAllowList } from "../../spec/harbor/settings/cve.js";
import { scheduleOr, scheduleSchema, sixFields } from "../../spec/harbor/settings/schedule.js";

test.each(["0 3 * * 0", "*/5 1-5 * jan-mar mon,wed", "59 23 31 12 6", "* * * * *"])(
  "%s is a schedule, and gets the second 0 in front",
  (schedule) => {
    expect(scheduleSchema.parse(schedule)).toBe(schedule);
    expect(sixFields(schedule)).toBe(`0 ${schedule}`);
  },
);

test.each(["hourly", "daily", "weekly", "monthly"])("%s has the second 0 and a minute of its own", (word) => {
  expect(scheduleSchema.parse(word)).toBe(word);
  expect(sixFields(word)).toMatch(/^0 [1-9]\d* /);
  expect(scheduleSchema.safeParse(sixFields(word).slice("0 ".length)).success).toBe(true);
});

describe("what is no schedule", () => {
  test.each([
    ["60 3 * * *", "the minute is 0 to 59"],
    ["0 24 * * *", "the hour is 0 to 23"],
    ["0 0 0 * *", "the day of the month is 1 to 31"],
    ["0 0 * 13 *", "the month is 1 to 12"],
    ["0 0 * * 7", "the day of the week is 0 to 6"],
    ["5-1 * * * *", "the minute is 0 to 59"],
    ["*/0 * * * *", "the minute is 0 to 59"],
    ["0 0 3 * * *", "seconds cannot be chosen"],
    ["tomorrow", "this is no schedule"],
    ["never", "this is no schedule"],
    ["", "this is no schedule"],
  ])("%s: %s", (schedule, says) => {
    expect(scheduleSchema.safeParse(schedule).error?.issues[0]?.message).toContain(says);
  });
});

test("a word that only some schedules know is taken by those", () => {
  expect(scheduleOr("never").safeParse("never").success).toBe(true);
  expect(scheduleOr("event").safeParse("never").success).toBe(false);
});

test.each([
  ["2028-02-29", true],
  ["2027-02-29", false],
  ["2027-04-31", false],
])("%s as the last day of a list: %s", (day, is) => {
  expect(ownAllowList.until.safeParse(day).success).toBe(is);
});

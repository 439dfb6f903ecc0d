/** Most characters of nearly every name on Alibaba Cloud. */
export const LONGEST_NAME = 128;

/** Megabits per second: the most that a public address which is paid by traffic may carry. It costs nothing by itself. */
export const PUBLIC_MEGABITS = "200";

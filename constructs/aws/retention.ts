/**
 * Days that CloudWatch can keep logs.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const ALLOWED = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Stands for: never throw anything away. */
const FOR_EVER = 0;

/** The shortest time that CloudWatch can keep logs and that is long enough; for ever, when ten years are not. */
export function retentionDays(wanted: number): number {
  return ALLOWED.find((days) => days >= wanted) ?? FOR_EVER;
}

/** Results go to standard output; progress and errors to standard error. */
export function printLine(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** A result for scripts, on one line's worth of indentation that people can read too. */
export function printJson(result: unknown): void {
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

/** Rows in columns that line up; the last column is not padded. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)),
    [],
  );
  for (const row of rows) {
    const cells = row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)));
    printLine(cells.join("  ").trimEnd());
  }
}

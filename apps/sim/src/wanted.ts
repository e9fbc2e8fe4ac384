/** What somebody asked the program for. */
export interface Wanted {
  /** The first seed. */
  readonly from: number
  readonly seeds: number
  readonly days: number
  readonly workers: number
  /** How many seeds run again on SQLite. */
  readonly sqlite: number
  readonly defect: string | null
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** A line that the next one replaces, for people who watch. */
export function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`)
}

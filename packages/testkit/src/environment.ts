/** One variable of the environment of the test run. */
export function environmentValue(name: string): string | undefined {
  // oxlint-disable-next-line node/no-process-env -- the only place of the test kit that reads it
  return process.env[name]
}

/** The environment of the test run with these changes; `undefined` takes a variable away. */
export function environmentWith(
  changes: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  // oxlint-disable-next-line node/no-process-env -- the only place of the test kit that reads it
  const merged = { ...process.env, ...changes }
  const entries: [string, string][] = []
  for (const [name, value] of Object.entries(merged)) if (value !== undefined) entries.push([name, value])
  return Object.fromEntries(entries)
}

/** Changes an object that is not ours, as a careless or hostile caller would; a store may have frozen it. */
export function meddle(object: object, name: string, value: unknown): void {
  try {
    const open = object as Record<string, unknown>
    open[name] = value
  } catch {
    // It is frozen: the best answer.
  }
}

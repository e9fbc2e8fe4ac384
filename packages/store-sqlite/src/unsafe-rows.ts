/** A row of a statement that returns arrays: the driver's types know records only. */
export function valuesOf(row: object): readonly unknown[] {
  return row as readonly unknown[]
}

import type { Color, Paint } from '../color.ts'

/** One column of a table. */
export interface Column<Row> {
  readonly title: string
  /** In characters, with the gap to the next column. */
  readonly width: number
  /** Made wider for its longest cell, instead of cutting that. */
  readonly grows?: boolean
  readonly cell: (row: Row) => string
  readonly color?: (row: Row) => Color | undefined
}

/** A header and a line for each row, cells padded to their column; a cell that is too long ends in dots. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paint: Paint,
): readonly string[] {
  const widths = columns.map((column) =>
    column.grows === true
      ? Math.max(column.width, ...rows.map((row) => column.cell(row).length + 1))
      : column.width,
  )
  const width = (index: number) => widths[index] ?? 0
  const header = columns.map((column, index) => fit(column.title, width(index))).join('')
  const line = (row: Row) =>
    columns.map((column, index) => paint(column.color?.(row), fit(column.cell(row), width(index)))).join('')
  return [paint('header', header), ...rows.map(line)]
}

function fit(text: string, width: number): string {
  return (text.length < width ? text : `${text.slice(0, width - 4)}...`).padEnd(width)
}

/** Lines of a label, a colon and a value; labels without a value are left out. */
export function detailLines(
  details: readonly (readonly [label: string, value: string | undefined])[],
): readonly string[] {
  return details.flatMap(([label, value]) => (value === undefined ? [] : [`${label.padEnd(20)}: ${value}`]))
}

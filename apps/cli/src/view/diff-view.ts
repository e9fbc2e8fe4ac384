import type { Color, Paint } from '../color.ts'
import { changesBetween, type TextHunk } from '../fig/text-changes.ts'
import { visible } from './visible.ts'

/** Two texts to compare, and what each is called. */
export interface DiffToShow {
  readonly before: string
  readonly after: string
  readonly names: readonly [before: string, after: string]
}

/** What differs between two texts, as `diff -u` shows it. */
export function diffView({ before, after, names }: DiffToShow, paint: Paint): string {
  const head = [paint('bad', `--- ${names[0]}`), paint('good', `+++ ${names[1]}`)]
  const hunks = changesBetween(before, after)
  if (hunks === undefined) {
    const [from, to] = [before, after].map((text) => text.split('\n').length)
    return [...head, `Too much differs to show it: ${from} lines become ${to}.`, ''].join('\n')
  }
  const lines = hunks.flatMap((hunk) => hunkLines(hunk, paint))
  return [...head, ...lines, ''].join('\n')
}

const COLORS: Readonly<Record<string, Color>> = { '+': 'good', '-': 'bad', '\\': 'faint' }

function hunkLines(hunk: TextHunk, paint: Paint): readonly string[] {
  const { oldStart, oldLines, newStart, newLines } = hunk
  const head = paint('special', `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`)
  return [head].concat(hunk.lines.map((line) => paint(COLORS[line.charAt(0)], visible(line))))
}

import { readText } from './workspace.ts'

/** A fenced block of a page. */
export interface Fence {
  readonly page: string
  /** The line that opens it, from 1. */
  readonly line: number
  /** What stands behind the backticks: how its text is to be read. */
  readonly kind: string
  readonly text: string
}

const MARK = /^\s*(?:>\s*)*(?:`{3,}|~{3,})/

/** The fenced blocks of a page. @throws where one is not opened and closed by three backticks at the beginning of a line, so that none is overlooked */
export function fencesOf(page: string): readonly Fence[] {
  const fences: Fence[] = []
  let open: { readonly line: number; readonly kind: string; readonly lines: string[] } | null = null
  for (const [index, line] of readText(page).split('\n').entries()) {
    const isMark = MARK.test(line)
    if (isMark && !/^```(?!`)/.test(line)) throw new Error(`${page}:${index + 1}: ${line}`)
    if (open === null && isMark) open = { line: index + 1, kind: line.slice(3), lines: [] }
    else if (open !== null && isMark) {
      if (line !== '```') throw new Error(`${page}:${open.line}: not closed before line ${index + 1}`)
      fences.push({ page, line: open.line, kind: open.kind, text: `${open.lines.join('\n')}\n` })
      open = null
    } else open?.lines.push(line)
  }
  if (open !== null) throw new Error(`${page}:${open.line}: not closed`)
  return fences
}

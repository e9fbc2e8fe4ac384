import type { ConfigProblem } from '@tron/model'
import stringWidth from 'string-width'

/**
 * Problems as text for people, one after the other: `file:line:column: message [path]`. With the texts of the files each is followed by its line
 * and a caret below the place.
 */
export function formatProblems(
  problems: readonly ConfigProblem[],
  texts?: ReadonlyMap<string, string>,
): string {
  const lines = new Map<string, readonly string[]>()
  for (const [file, text] of texts ?? []) lines.set(file, text.split('\n'))
  return problems
    .map((problem) => [headline(problem), ...excerpt(problem, lines.get(problem.file))].join('\n'))
    .join('\n')
}

function headline({ file, line, column, severity, message, path }: ConfigProblem): string {
  const mark = severity === 'warning' ? 'warning: ' : ''
  return `${file}:${line}:${column}: ${mark}${message}${path === '' ? '' : ` [${path}]`}`
}

function excerpt({ line, column }: ConfigProblem, lines: readonly string[] | undefined): readonly string[] {
  // A terminal would write what follows a carriage return over what is before it.
  const text = lines?.[line - 1]?.split('\r', 1)[0]
  if (text === undefined) return []
  // Tabs are kept above the caret, so that it stands right at any width of them.
  const words = text.slice(0, column - 1).split('\t')
  const indent = words.map((word) => ' '.repeat(stringWidth(word))).join('\t')
  return [`  ${text}`, `  ${indent}^`]
}

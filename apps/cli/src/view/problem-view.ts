import { type ApiProblem, problemText } from '@tron/api/light'
import type { Paint } from '../color.ts'
import { visible } from './visible.ts'

/** Problems for people: `file:line:column: message [path]`, and where the text is at hand its line and a caret below the place. */
export function problemView(
  problems: readonly ApiProblem[],
  texts: ReadonlyMap<string, string>,
  paint: Paint,
): string {
  const lines = new Map([...texts].map(([file, text]) => [file, text.split('\n')]))
  return problems
    .flatMap((problem) => {
      const color = problem.severity === 'error' ? 'bad' : 'off'
      const [line, caret] = excerpt(problem, lines.get(problem.file)?.[problem.line - 1])
      const head = paint(color, problemText(problem))
      return line === undefined || caret === undefined
        ? [head]
        : [head, `  ${line}`, `  ${paint(color, caret)}`]
    })
    .map((line) => `${line}\n`)
    .join('')
}

/** What fits beside the place on a narrow screen, so that a long line does not hide it. */
const MOST_BEFORE = 60
const MOST_AFTER = 40

function excerpt({ column }: ApiProblem, text: string | undefined): readonly string[] {
  if (text === undefined) return []
  const place = column - 1
  const start = place > MOST_BEFORE ? place - MOST_BEFORE : 0
  const end = Math.max(place + MOST_AFTER, MOST_BEFORE + MOST_AFTER)
  const front = start > 0 ? '... ' : ''
  const back = text.length > end ? ' ...' : ''
  const whole = text.replace(/\r$/, '')
  // Tabs are kept above the caret, so that it stands right at any width of them.
  const indent = `${front}${whole.slice(start, place)}`.replaceAll(/[^\t]/g, ' ')
  return [`${front}${visible(whole.slice(start, end))}${back}`, `${indent}^`]
}

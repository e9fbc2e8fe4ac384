import { type ApiProblem, problemText } from '@tron/api/light'
import stringWidth from 'string-width'
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

/** The cells that fit beside the place on a narrow screen, so that a long line does not hide it. */
const MOST_BEFORE = 60
const MOST_AFTER = 40

function excerpt({ column }: ApiProblem, text: string | undefined): readonly string[] {
  if (text === undefined) return []
  const whole = text.replace(/\r$/, '')
  const [allBefore, allAfter] = [whole.slice(0, column - 1), whole.slice(column - 1)]
  const before = endThatFits(allBefore, MOST_BEFORE)
  const room = Math.max(MOST_AFTER, MOST_BEFORE + MOST_AFTER - widthOf(before))
  const after = startThatFits(allAfter, room)
  const front = `${before === allBefore ? '' : '... '}${visible(before)}`
  const back = `${visible(after)}${after === allAfter ? '' : ' ...'}`
  return [`${front}${back}`, `${blankOf(front)}^`]
}

/** As wide as a text on a terminal. Tabs are kept, so that what comes after stands right at any width of them. */
function blankOf(text: string): string {
  return text
    .split('\t')
    .map((word) => ' '.repeat(stringWidth(word)))
    .join('\t')
}

/** In cells, for tabs one as at least. */
function widthOf(text: string): number {
  return blankOf(visible(text)).length
}

function startThatFits(text: string, width: number): string {
  return firstThatFit(Array.from(text.slice(0, 2 * width)), width).join('')
}

function endThatFits(text: string, width: number): string {
  const backwards = Array.from(text.slice(-2 * width)).toReversed()
  return firstThatFit(backwards, width).toReversed().join('')
}

function firstThatFit(characters: readonly string[], width: number): readonly string[] {
  let left = width
  const end = characters.findIndex((character) => {
    left -= widthOf(character)
    return left < 0
  })
  return end === -1 ? characters : characters.slice(0, end)
}

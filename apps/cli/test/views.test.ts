import { describe, expect, it } from 'vitest'
import { carryOver } from '../src/fig/text-changes.ts'
import { diffView } from '../src/view/diff-view.ts'
import { problemView } from '../src/view/problem-view.ts'

const plain = (_color: unknown, text: string) => text
const marked = (color: string | undefined, text: string) => (color === undefined ? text : `<${color}>${text}`)
const names = ['a', 'b'] as const
const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index}\n`).join('')

describe('a difference', () => {
  it('is coloured by what became of each line', () => {
    expect(diffView({ before: '1\n2\n', after: '1\n3', names }, marked).split('\n')).toEqual([
      '<bad>--- a',
      '<good>+++ b',
      '<special>@@ -1,2 +1,2 @@',
      ' 1',
      '<bad>-2',
      '<good>+3',
      '<faint>\\ No newline at end of file',
      '',
    ])
  })

  it('shows what would command the terminal or not be seen', () => {
    const lines = diffView({ before: 'a\n', after: 'a\r\n\u001b[2J\u009b\tb\n', names }, plain).split('\n')
    expect(lines.slice(4, 6)).toEqual(['+a␍', '+␛[2J\ufffd\tb'])
  })

  it('of texts that have nothing in common is told in one line', () => {
    const before = numbers(1_500)
    const after = before.replaceAll(/^/gm, 'x')
    expect(diffView({ before, after, names }, plain).split('\n').slice(2)).toEqual([
      'Too much differs to show it: 1501 lines become 1501.',
      '',
    ])
  })
})

describe('changes on another text', () => {
  const base = numbers(20)

  it.each([
    ['elsewhere', base.replace('15\n', ''), base.replace('3\n', 'three\n').replace('15\n', '')],
    ['in the same line', base.replace('3\n', 'drei\n'), undefined],
    ['that is quite another', 'jobs: {}\n', undefined],
  ])('%s', (_where, theirs, result) => {
    expect(carryOver({ base, mine: base.replace('3\n', 'three\n'), theirs })).toBe(result)
  })
})

describe('a problem', () => {
  const at = (column: number) =>
    ({ severity: 'error', file: 'f', line: 1, column, path: 'jobs', message: 'no' }) as const

  it.each([
    ['a: b', 4, '  a: b\n     ^\n'],
    ['\ta: b\r', 5, '  \ta: b\n  \t   ^\n'],
    ['', 1, '  \n  ^\n'],
    ['a', 9, '  a\n   ^\n'],
    ['{d: "日本語", x}', 13, `  {d: "日本語", x}\n${' '.repeat(17)}^\n`],
    ['ｈ한😀👩‍👩‍👧 é e\u0301 x', 19, `  ｈ한😀👩‍👩‍👧 é e\u0301 x\n${' '.repeat(15)}^\n`],
    ['\t日\t\u0007x', 5, '  \t日\t␇x\n  \t  \t ^\n'],
    [
      `${'日'.repeat(50)}HERE${'語'.repeat(50)}`,
      51,
      `  ... ${'日'.repeat(30)}HERE${'語'.repeat(18)} ...\n${' '.repeat(66)}^\n`,
    ],
    ['😀'.repeat(80), 101, `  ... ${'😀'.repeat(50)} ...\n${' '.repeat(66)}^\n`],
    ['日'.repeat(51), 1, `  ${'日'.repeat(50)} ...\n  ^\n`],
    [
      `${'x'.repeat(200)}HERE${'y'.repeat(200)}`,
      201,
      `  ... ${'x'.repeat(60)}HERE${'y'.repeat(36)} ...\n${' '.repeat(66)}^\n`,
    ],
  ])('in %j at %d is shown with its line', (text, column, excerpt) => {
    expect(problemView([at(column)], new Map([['f', text]]), plain)).toBe(
      `f:1:${column}: no [jobs]\n${excerpt}`,
    )
  })

  it('of a text that is not at hand is told alone', () => {
    expect(problemView([{ ...at(3), severity: 'warning' }], new Map(), marked)).toBe(
      '<off>f:1:3: warning: no [jobs]\n',
    )
  })
})

import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configProblems } from './config-problems.ts'
import { type Fence, fencesOf } from './fences.ts'
import { commandsOf, missingIn } from './shell-commands.ts'
import { exists, pages, readText } from './workspace.ts'

/** Fences that the test of one page reads, each kind on these pages only: the page, and the test, which names it. */
const READ_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  schedule: { 'docs/schedules.md': 'packages/schedule/test/page.test.ts' },
  refused: {
    'docs/schedules.md': 'packages/schedule/test/page.test.ts',
    'docs/command-context.md': 'packages/template/test/page.test.ts',
  },
  command: { 'docs/command-context.md': 'packages/template/test/page.test.ts' },
  json: { 'docs/command-context.md': 'packages/template/test/page.test.ts' },
  text: { 'docs/mistakes.md': 'packages/config/test/mistakes.test.ts' },
  'yaml settings': {
    'docs/operations.md': 'apps/trond/test/settings-pages.test.ts',
    'examples/executor-demo/README.md': 'apps/trond/test/settings-pages.test.ts',
    'examples/store-memory/README.md': 'apps/trond/test/settings-pages.test.ts',
  },
}

/** Fences that may stand on any page, and what is wrong with one. */
const CHECKED: Readonly<Record<string, (fence: Fence) => readonly string[]>> = {
  'yaml config': ({ page, text }) => configProblems(text, page),
  sh: ({ text }) => commandsOf(text).flatMap(missingIn),
  ts: ({ page, text }) => {
    const compiled = join(dirname(page), 'test/readme.ts')
    return exists(compiled) && readText(compiled).includes(text) ? [] : [`${compiled} does not hold it`]
  },
}

const fences = pages.flatMap(fencesOf)

function ofKind(kinds: Readonly<Record<string, unknown>>): readonly Fence[] {
  return fences.filter(({ kind }) => Object.hasOwn(kinds, kind))
}

describe('a fenced example', () => {
  it('is of a kind that some test reads', () => {
    const unknown = fences.filter(
      ({ kind }) => !Object.hasOwn(READ_BY, kind) && !Object.hasOwn(CHECKED, kind),
    )
    expect(unknown.map(({ page, line, kind }) => `${page}:${line}: ${kind}`)).toEqual([])
  })

  it('of a kind that a page has for itself stands on that page', () => {
    const elsewhere = ofKind(READ_BY).filter(({ kind, page }) => READ_BY[kind]?.[page] === undefined)
    expect(elsewhere.map(({ page, line, kind }) => `${page}:${line}: ${kind}`)).toEqual([])
  })

  it.each(
    Object.entries(READ_BY).flatMap(([kind, tests]) =>
      Object.entries(tests).map(([page, test]) => ({ kind, page, test })),
    ),
  )('$kind of $page is read by $test', ({ kind, page, test }) => {
    expect(fences.some((fence) => fence.kind === kind && fence.page === page)).toBe(true)
    expect(readText(test)).toContain(page)
  })

  it('of each other kind is there', () => {
    expect([...new Set(ofKind(CHECKED).map(({ kind }) => kind))].toSorted()).toEqual(
      Object.keys(CHECKED).toSorted(),
    )
  })

  it.each(ofKind(CHECKED))('$kind of $page, line $line, is right', (fence) => {
    expect(CHECKED[fence.kind]?.(fence)).toEqual([])
  })
})

describe('a command of an example', () => {
  it.each([
    ['tronfug -p MASTER', ['tronfug']],
    ['bin/tronvew', ['bin/tronvew']],
    ['tools/gone.sh', ['tools/gone.sh']],
    ['A=1 make', ['make']],
    ['npm run simulate', ['simulate']],
    ['npm ci', ['ci']],
    ['npm run sim -- --seed 1 --dais 3', ['--dais']],
    ['npm install --prefix DIR tron-store-memry', ['tron-store-memry']],
    ['pnpm boundaries; pnpm unusd # remark', ['unusd']],
    ['pnpm exec tscc -b packages/croe', ['tscc', 'packages/croe']],
    ['node --watch apps/trond/src/mian.ts -w x', ['apps/trond/src/mian.ts', 'apps/trond/src/mian.ts']],
    [
      'node DIR/plugins/node_modules/tron-store-memory/chek.js',
      ['DIR/plugins/node_modules/tron-store-memory/chek.js'],
    ],
    ['trond -w DIR --take-ovr -x', ['--take-ovr', '-x']],
    ['tronctl stard MASTER.backup && tronview MASTER.backups.0 | curl -s x', ['stard', 'MASTER.backups.0']],
    ['tron valid DIR', ['valid']],
  ])('that names what is not there is found: %s', (text, missing) => {
    expect(commandsOf(text).flatMap(missingIn)).toEqual(missing)
  })
})

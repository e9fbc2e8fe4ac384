import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { FakeTronOptions } from '@tron/http/testing'
import { tronfig } from '../src/tronfig.ts'
import { setUp, temporaryFolder } from './cli-under-test.ts'
import { createFakeTerminal, type FakeTerminalOptions } from './fake-terminal.ts'

export const BEFORE = 'jobs:\n  a: 1\n  b: 2\n  c: 3\n  d: 4\n  e: 5\n  f: 6\n  g: 7\n'

/** What is done in the editor: a new text, or anything else that ends with a status. */
export type Step = string | ((file: string) => Promise<number> | number)

interface Editing extends Omit<FakeTerminalOptions, 'lend'> {
  readonly steps: readonly Step[]
  readonly args?: readonly string[]
  readonly configs?: FakeTronOptions['configs']
}

/** Edits the namespace reports on a terminal, by steps that take the place of an editor. */
export async function editing({
  steps,
  args = ['reports'],
  configs = { reports: BEFORE },
  ...options
}: Editing) {
  const { tron, server } = await setUp({ configs: { MASTER: 'jobs: {}\n', ...configs } })
  const folder = temporaryFolder()
  const calls: string[] = []
  const left = [...steps]
  const { terminal, said } = createFakeTerminal({
    canAsk: true,
    ...options,
    env: { TMPDIR: folder, HOME: folder, USER: 'ann', EDITOR: 'vi', ...options.env },
    lend: async (_program, words) => {
      const file = words.at(-1) ?? ''
      calls.push([...words.slice(2, -1), basename(file)].join(' '))
      const step = left.shift() ?? 0
      if (typeof step === 'function') return step(file)
      if (typeof step === 'string') writeFileSync(file, step)
      return 0
    },
  })
  const stored = async (name = 'reports') => (await tron.config.texts()).get(name)
  /** What a colleague does meanwhile. */
  const change = async (text: string) => tron.config.update('reports', text, (await stored())?.hash ?? '')
  return {
    tron,
    terminal,
    said,
    calls,
    stored,
    change,
    server,
    run: async () => tronfig([...args, '--server', server], terminal, 'tronfig'),
    /** What is said, with the folder of the draft left out. */
    shown: () => said.shown.replaceAll(/\/\S+\/tronfig-\w+\//g, ''),
    /** The texts that are kept. */
    kept: () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.yaml'))
        .toSorted()
        .map((name) => [basename(name), readFileSync(join(folder, name), 'utf8')]),
  }
}

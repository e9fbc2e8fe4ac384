import type { Terminal } from '../src/terminal.ts'
import { NOON } from './cli-under-test.ts'

export interface FakeTerminalOptions
  extends Partial<
    Pick<Terminal, 'canAsk' | 'isScreen' | 'isErrorScreen' | 'env' | 'nowMs' | 'systemZone' | 'lend'>
  > {
  /** What is answered to each question, in order; no once they are used up. */
  readonly answers?: readonly boolean[]
  /** What stands on standard input. */
  readonly input?: Uint8Array
}

/** A terminal in memory, at noon of 5 January 2026 in UTC. `shown` is all that was written to it, questions and answers too, in order. */
export function createFakeTerminal({
  answers = [],
  input = new Uint8Array(),
  ...options
}: FakeTerminalOptions = {}) {
  const said = { out: '', err: '', shown: '' }
  const left = [...answers]
  const out = (text: string) => {
    said.out += text
    said.shown += text
  }
  const terminal: Terminal = {
    canAsk: false,
    isScreen: false,
    isErrorScreen: false,
    rows: 24,
    nowMs: () => NOON,
    systemZone: () => 'UTC',
    lend: () => Promise.reject(new Error('no program was expected')),
    ...options,
    // Not what this machine has in /etc.
    env: { TRON_CONFIG: '/dev/null', ...options.env },
    out,
    err: (text) => {
      said.err += text
      said.shown += text
    },
    readInput: () => Promise.resolve(input),
    confirm: (question) => {
      const answer = left.shift() ?? false
      said.shown += `${question} [${answer ? 'y' : 'n'}]\n`
      return Promise.resolve(answer)
    },
    page: (text) => {
      out(text)
      return Promise.resolve()
    },
  }
  return { terminal, said }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { findProgram } from '@tron/testkit'
import { onTestFinished } from 'vitest'

/** What a program asks, and what is typed then. */
export type Conversation = readonly (readonly [question: string, answer: string])[]

export interface OnTerminal {
  readonly env: Readonly<Record<string, string>>
  readonly talk: Conversation
}

/** Runs a program on a terminal of its own, by `script`, and answers what it asks. Resolves with all that stood on the terminal. */
export async function onTerminal(
  words: readonly string[],
  { env, talk }: OnTerminal,
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const child = spawn(
    findProgram('script') ?? '/usr/bin/script',
    ['--quiet', '--return', '--command', `exec ${command}`, '/dev/null'],
    {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', TERM: 'xterm', SHELL: '/bin/sh', ...env },
    },
  )
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const screen = converse(child, talk)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, screen: screen().replaceAll('\r\n', '\n') }
}

/** Types each answer once its question stands behind the last one. Gives what is on the screen by now. */
function converse(child: ChildProcess, talk: Conversation): () => string {
  const left = [...talk]
  let screen = ''
  let seen = 0
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    const [next] = left
    const at = next === undefined ? -1 : screen.indexOf(next[0], seen)
    if (next === undefined || at < 0) return
    seen = at + next[0].length
    left.shift()
    child.stdin?.write(`${next[1]}\n`)
  })
  return () => screen
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A child process that reports by lines. It is the only one that is ever signalled here, through its own handle. */
export interface Child extends AsyncDisposable {
  readonly process: ChildProcess
  /** The lines that it has printed so far, after it ended all of them. */
  readonly lines: readonly string[]
  /** Resolves with the first line that has this text, rejects when the child ends before. */
  line(text: string): Promise<string>
  /** Ends it by SIGKILL and waits until it is gone and all it printed was read. */
  kill(): Promise<void>
  /** Its exit status, once it ended by itself. */
  ended(): Promise<number | null>
}

/** Runs a program from source. */
export function runChild(module: URL, args: readonly string[]): Child {
  const file = fileURLToPath(module)
  return follow(
    spawn(process.execPath, ['--conditions=@tron/source', file, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  )
}

/** Follows what a child prints. */
export function follow(child: ChildProcess): Child {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const call of waiting) call()
  }
  const ended = once(child, 'close').then(wake)
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      wake()
    })
  }
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  }
  return {
    process: child,
    lines,
    kill,
    async line(text) {
      for (;;) {
        const found = lines.find((line) => line.includes(text))
        if (found !== undefined) return found
        if (child.exitCode !== null)
          throw new Error(`the child ended with ${child.exitCode} and no "${text}"`)
        const { promise, resolve } = Promise.withResolvers<void>()
        waiting.add(resolve)
        await promise
        waiting.delete(resolve)
      }
    },
    async ended() {
      await ended
      return child.exitCode
    },
    [Symbol.asyncDispose]: kill,
  }
}

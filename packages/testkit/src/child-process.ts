import { spawn } from 'node:child_process'

export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ChildOptions {
  readonly env?: Record<string, string>
  readonly cwd?: string
}

/** A program that a test started: its output is kept, so that a failure can show it. */
export interface Child {
  readonly pid: number
  /** What it wrote until now. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves when it has ended and its output is complete. */
  readonly exited: Promise<ChildExit>
  /** False once it has ended. */
  running(): boolean
  kill(signal?: NodeJS.Signals): void
  /** Closes its standard input. */
  endInput(): void
}

/** Starts a program; its standard input is an open pipe. @throws when it cannot be started */
export async function startChild(argv: readonly string[], options: ChildOptions = {}): Promise<Child> {
  const [program, ...args] = argv
  if (program === undefined) throw new Error('no program to start')
  const child = spawn(program, args, { stdio: 'pipe', ...options })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text
  })
  // The reader may end first; that is no failure of the test.
  child.stdin.on('error', () => undefined)

  let running = true
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('close', (code, signal) => {
      running = false
      resolve({ code, signal })
    })
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  if (child.pid === undefined) throw new Error(`${program} has no process id`)
  return {
    pid: child.pid,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    exited,
    running: () => running,
    kill: (signal = 'SIGTERM') => {
      child.kill(signal)
    },
    endInput: () => {
      child.stdin.end()
    },
  }
}

/** What a program wrote and how it ended. */
export interface Finished extends ChildExit {
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, with nothing to read. */
export async function runChild(argv: readonly string[], options: ChildOptions = {}): Promise<Finished> {
  const child = await startChild(argv, options)
  child.endInput()
  const exit = await child.exited
  return { ...exit, stdout: child.stdout(), stderr: child.stderr() }
}

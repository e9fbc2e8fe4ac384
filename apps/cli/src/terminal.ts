import { isatty } from 'node:tty'
import { systemZone } from '@tron/system/zone'

/** What a command line talks to. Tests run real processes; this is the one place that touches the process. */
export interface Terminal {
  /** Somebody can be asked: standard input is a terminal. */
  readonly canAsk: boolean
  /** Somebody looks: standard output is a terminal. */
  readonly isScreen: boolean
  /** Somebody looks there too: standard error is a terminal. */
  readonly isErrorScreen: boolean
  /** Lines that fit on the screen. */
  readonly rows: number
  readonly env: Readonly<Record<string, string | undefined>>
  nowMs(): number
  /** The name of the machine's time zone; what is written in its place where that names none. */
  systemZone(): string
  out(text: string): void
  err(text: string): void
  /** All of standard input, as it is. */
  readInput(): Promise<Uint8Array>
  /** Asks for y or n; anything but y is no. */
  confirm(question: string): Promise<boolean>
  /** Lets another program have the terminal until it ends, and resolves with its exit status. @throws when it cannot be started */
  lend(program: string, args: readonly string[]): Promise<number>
  /** Shows a long text page by page, where there is a screen and a pager; else like `out`. */
  page(text: string): Promise<void>
}

/** The terminal of this process. */
export function systemTerminal(): Terminal {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const isScreen = isatty(1)
  // A terminal that does not know its size says 0.
  const rows = process.stdout.rows || 24
  return {
    canAsk: isatty(0),
    isScreen,
    isErrorScreen: isatty(2),
    rows,
    // oxlint-disable-next-line node/no-process-env -- the environment enters here and nowhere else
    env: process.env,
    nowMs: () => Date.now(),
    systemZone,
    out,
    err: (text) => {
      process.stderr.write(text)
    },
    async readInput() {
      const { buffer } = await import('node:stream/consumers')
      return buffer(process.stdin)
    },
    async confirm(question) {
      const { createInterface } = await import('node:readline/promises')
      const lines = createInterface({ input: process.stdin, output: process.stderr })
      // Input that ends without an answer is no.
      const ended = new Promise<string>((resolve) => {
        lines.once('close', () => {
          resolve('')
        })
      })
      const answer = await Promise.race([lines.question(`${question} [y/n] `), ended])
      lines.close()
      return answer.trim().toLowerCase().startsWith('y')
    },
    lend,
    async page(text) {
      const isLong = text.split('\n').length > rows
      if (!(isScreen && isLong && (await showInPager(text)))) out(text)
    },
  }
}

function ignoreSignal(): void {
  // That somebody listens is what keeps this process alive.
}

async function lend(program: string, args: readonly string[]): Promise<number> {
  const { spawn } = await import('node:child_process')
  const { constants } = await import('node:os')
  // The terminal sends these to all of its programs; here they are meant for the one that has it.
  const signals = ['SIGINT', 'SIGQUIT'] as const
  for (const signal of signals) process.on(signal, ignoreSignal)
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, args, { stdio: 'inherit' })
      child.on('error', reject)
      child.on('close', (code, signal) => {
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
      })
    })
  } finally {
    for (const signal of signals) process.off(signal, ignoreSignal)
  }
}

/** Resolves with false where there is no pager. */
async function showInPager(text: string): Promise<boolean> {
  const { spawn } = await import('node:child_process')
  const pager = spawn('less', ['-R'], { stdio: ['pipe', 'inherit', 'inherit'] })
  return new Promise((resolve) => {
    pager.on('error', () => {
      resolve(false)
    })
    pager.on('close', () => {
      resolve(true)
    })
    // Whoever leaves the pager early closes its input: nothing is lost by that.
    pager.stdin.on('error', () => undefined)
    pager.stdin.end(text)
  })
}

function out(text: string): void {
  process.stdout.write(text)
}

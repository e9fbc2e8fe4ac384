import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { serve } from '@hono/node-server'
import { createHttpApp } from '@tron/http'
import { createFakeTron, type FakeTron, type FakeTronOptions } from '@tron/http/testing'
import { createManualClock, createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import { onTestFinished, vi } from 'vitest'

// Each test starts processes from source, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 })

/** Noon of 5 January 2026 in UTC. */
export const NOON = Date.UTC(2026, 0, 5, 12)

const MAIN = new URL('../src/main.ts', import.meta.url).pathname

export interface Result {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly nodeOptions?: readonly string[]
  readonly cwd?: string
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tron-cli-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** A real server with a fake Tron behind it, and a home directory; `run` starts the command line as a process of its own. */
export async function setUp(options: FakeTronOptions = {}) {
  const tron = createFakeTron(options)
  const server = await listen(tron)
  const home = temporaryFolder()
  const environment = { HOME: home, USER: 'ann', TRON_CONFIG: join(home, 'tron.yaml'), TZ: 'UTC' }
  const run = async (program: string, args: readonly string[], how: RunOptions = {}): Promise<Result> => {
    const child = spawn(process.execPath, nodeArguments(program, args, how), {
      env: { ...environment, ...how.env },
      ...(how.cwd === undefined ? {} : { cwd: how.cwd }),
    })
    return finish(child, how.input ?? '')
  }
  return {
    tron,
    server,
    home,
    environment,
    run,
    /** `run` against the server. */
    at: async (program: string, args: readonly string[], how?: RunOptions) =>
      run(program, [...args, '--server', server], how),
  }
}

/** The words after `node` that start a program from source. */
export function nodeArguments(program: string, args: readonly string[], how: RunOptions = {}): string[] {
  return ['--conditions=@tron/source', ...(how.nodeOptions ?? []), MAIN, `--program=${program}`, ...args]
}

/** Gives the input, and waits for the end. */
export async function finish(child: ChildProcess, input: string): Promise<Result> {
  child.stdin?.end(input)
  const code = new Promise<number | null>((resolve) => {
    child.on('close', resolve)
  })
  const [stdout, stderr] = await Promise.all([readAll(child.stdout), readAll(child.stderr)])
  return { code: await code, stdout, stderr }
}

async function readAll(stream: ChildProcess['stdout']): Promise<string> {
  return stream === null ? '' : text(stream)
}

async function listen(tron: FakeTron): Promise<string> {
  const app = createHttpApp({
    tron,
    version: '0.0.0',
    bootMs: NOON,
    clock: createManualClock(NOON),
    random: createSeededRandom(1),
    log: createMemoryLogger(),
    zone: 'UTC',
  })
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      resolve(`http://127.0.0.1:${port}`)
    })
    onTestFinished(async () => {
      await new Promise((closed) => {
        server.close(closed)
      })
    })
  })
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { requireSshd, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { apiOf, openSite, start, untilOver } from './site.ts'

const GIGABYTE = 1024 ** 3

const JOBS = `
large:
  node: n1
  schedule: cron 0 0 1 1 *
  actions: {first: {command: 'yes "a line of some length, over and over" | head -c ${GIGABYTE}'}}
small:
  node: n1
  schedule: cron 0 0 1 1 *
  run_limit: 1000
  actions: {first: {command: echo small}}
`

/** The most memory that a process and all its threads ever had, in bytes, with what the kernel maps of the program's file. */
async function peakBytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

describe.skipIf(!requireSshd())('an action that prints 1 GB', () => {
  it('has a complete log, and others on its node start and end meanwhile', async () => {
    await using site = await openSite(JOBS)
    await using daemon = await site.daemon({ built: true })
    const api = apiOf(daemon)
    const large = await start(api, 'MASTER.large')
    const file = join(site.workingDir, 'output', 'MASTER', 'large', String(large), 'first', '0.stdout')
    let meanwhile = 0
    await until(
      'the log is complete',
      async () => {
        const run = await untilOver(api, { job: 'MASTER.small', number: await start(api, 'MASTER.small') })
        expect(run.state).toBe('succeeded')
        meanwhile += 1
        const { runs } = await api.run('MASTER.large', large)
        return runs[0]?.attempts[0]?.released === true
      },
      { withinMs: 150_000, explain: daemon.stderr },
    )
    expect(meanwhile).toBeGreaterThan(1)
    const sent = await site.sshd.inside(
      `yes "a line of some length, over and over" | head -c ${GIGABYTE} | sha256sum`,
    )
    expect(await digestOf(file)).toBe(sent.stdout.split(' ')[0])
    const peakBytes = await peakBytesOf(daemon.pid)
    expect(peakBytes).toBeGreaterThan(0)
    expect(peakBytes).toBeLessThan(180 * 1024 * 1024)
  }, 240_000)
})

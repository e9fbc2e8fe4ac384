import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AttemptId } from '@tron/model'
import { requireSshd, type Sshd, startSshd, until } from '@tron/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { targetOn, type Watched, watch } from '../executor-fixture.ts'

const signal = new AbortController().signal

/** The hash of a stream as the executor gives it. */
async function outputHash({ executor }: Watched, id: AttemptId, sshd: Sshd): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of executor.read({ id, target: targetOn(sshd, 'node').target }, 'stdout', 0, {
    signal,
  })) {
    hash.update(bytes)
  }
  return hash.digest('hex')
}

function fileHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Notes that it ran, writes thirty lines within half a second, and ends with its number. */
function slowLines(number: number): string {
  const lines = `i=0; while test $i -lt 30; do echo "line $i of ${number}"; sleep 0.0${number % 10}; i=$((i+1)); done`
  return `echo ran >>"$HOME/ran-${number}"; ${lines}; exit ${number}`
}

function written(number: number): string {
  return Array.from({ length: 30 }, (_, line) => `line ${line} of ${number}\n`).join('')
}

describe.skipIf(!requireSshd())('commands over a real sshd', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd({ maxSessions: 10 })
  })
  afterAll(() => sshd.stop())

  it('start, end with their status, and their output comes back unchanged, 10 MB of any bytes too', async () => {
    await using node = await watch(targetOn(sshd, 'node'))
    const ids = await node.start([
      'exit 7',
      "printf %s 'héllo 日本語 🚀'",
      'head -c 10000000 /dev/urandom | tee "$HOME/copy"',
    ])
    expect(await node.exits(ids)).toEqual([7, 0, 0])
    const hashes = await Promise.all(ids.map((id) => outputHash(node, id, sshd)))
    const copy = await readFile(join(sshd.home, 'copy'))
    expect(hashes).toEqual([
      fileHash(Buffer.alloc(0)),
      fileHash(Buffer.from('héllo 日本語 🚀')),
      fileHash(copy),
    ])
  })

  it('run 200 at a time on one connection that allows ten channels', async () => {
    await using node = await watch(targetOn(sshd, 'node'))
    await node.exits(await node.start(['true']))
    const from = performance.now()
    const codes = await node.exits(await node.start(Array.from({ length: 200 }, () => 'true')))
    const tookMs = performance.now() - from
    expect(codes).toEqual(Array.from({ length: 200 }, () => 0))
    expect(await sshd.clientCount()).toBe(1)
    // What the machine needs for forks alone, now: times mean nothing without it.
    const bareFrom = performance.now()
    await sshd.inside('for i in $(seq 200); do setsid -f sh -c true </dev/null >/dev/null 2>&1; done')
    const bareMs = performance.now() - bareFrom
    process.stdout.write(
      `200 commands "true" on one connection: ${Math.round(tookMs)} ms; 200 bare "setsid -f sh -c true": ${Math.round(bareMs)} ms\n`,
    )
  })

  it('outlive their connection and a restart of sshd: each status right, each log whole, each run once', async () => {
    await using node = await watch(targetOn(sshd, 'node'))
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1)
    const ids = await node.start(numbers.map(slowLines))
    await until('all run', async () => {
      const ran = (await readdir(sshd.home)).filter((name) => name.startsWith('ran-'))
      return ran.length === numbers.length
    })
    await sshd.stopListening()
    expect(await sshd.killConnections()).toBeGreaterThan(0)
    await sshd.listenAgain()
    expect(await node.exits(ids)).toEqual(numbers)
    const hashes = await Promise.all(ids.map((id) => outputHash(node, id, sshd)))
    expect(hashes).toEqual(numbers.map((number) => fileHash(Buffer.from(written(number)))))
    const marks = await Promise.all(
      numbers.map((number) => readFile(join(sshd.home, `ran-${number}`), 'utf8')),
    )
    expect(marks).toEqual(numbers.map(() => 'ran\n'))
  })
})

import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { requireSshd, type Sshd, startSshd, until } from '@tron/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessTo, addressOf, createFixture, refusal, run } from '../fixture.ts'

const signal = new AbortController().signal

/** What Nagle's algorithm costs each round trip where TCP_NODELAY is not set: the other side's delayed acknowledgement. */
const NAGLE_MS = 44

describe.skipIf(!requireSshd())('a link over a real sshd', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd({ maxSessions: 3, config: ['RekeyLimit 2M'] })
  })
  afterAll(() => sshd.stop())

  const connect = (options = {}) => createFixture({ options }).connect(addressOf(sshd), accessTo(sshd))

  it('runs a command with its three streams and tells its exit status', async () => {
    await using link = await connect()
    const done = await run(link, 'cat; echo problem >&2; exit 3', 'héllo 日本語 🚀')
    expect(done).toEqual({ stdout: 'héllo 日本語 🚀', stderr: 'problem\n', code: 3, reason: 'exit 3' })
  })

  it('waits for the exit status of a command that closes its output first', async () => {
    await using link = await connect()
    expect(await run(link, 'exec >&- 2>&-; sleep 0.2; exit 5')).toMatchObject({ code: 5 })
  })

  it('tells no code when a signal ended the command', async () => {
    await using link = await connect()
    expect(await run(link, 'kill -s TERM -- $$')).toMatchObject({ code: null, reason: 'ended by SIGTERM' })
  })

  it('makes most round trips without the wait of Nagle’s algorithm', async () => {
    await using link = await connect()
    const channel = await link.open(`exec sh -c 'while read -r line; do echo "$line"; done'`, { signal })
    channel.stderr.resume()
    const lines = createInterface({ input: channel.stdout })[Symbol.asyncIterator]()
    const trip = async (line: string) => {
      channel.stdin.write(`${line}\n`)
      return (await lines.next()).value
    }
    await trip('the login shell is there')
    const trips: number[] = []
    for (let number = 0; number < 201; number += 1) {
      const from = performance.now()
      expect(await trip(`line ${number}`)).toBe(`line ${number}`)
      trips.push(performance.now() - from)
    }
    channel.destroy()
    // A machine that is busy makes some of them slow; with the algorithm each of them waits.
    const median = trips.toSorted((a, b) => a - b)[100]
    expect(median).toBeLessThan(NAGLE_MS / 2)
  })

  it('carries megabytes both ways unchanged, over several rekeyings that check the host key again', async () => {
    await using link = await connect()
    const bytes = 'a line of some length, to be repeated often\n'.repeat(150_000)
    const there = await run(link, 'sha256sum', bytes)
    expect(there.stdout.slice(0, 64)).toBe(createHash('sha256').update(bytes).digest('hex'))
    const back = await run(link, 'head -c 8000000 /dev/zero; head -c 8000000 /dev/zero >&2')
    expect([back.stdout.length, back.stderr.length, back.code]).toEqual([8_000_000, 8_000_000, 0])
  })

  it('refuses a channel beyond MaxSessions by that name, and lives on', async () => {
    await using link = await connect()
    const held = await Promise.all([1, 2, 3].map(() => link.open('cat', { signal })))
    const refused = await refusal(link.open('true', { signal }))
    expect(refused.code).toBe('UNREACHABLE')
    expect(refused.message).toContain('MaxSessions')
    for (const channel of held) {
      channel.stdout.resume()
      channel.stderr.resume()
      channel.stdin.end()
    }
    await Promise.all(held.map((channel) => channel.closed))
    expect(await run(link, 'echo again')).toMatchObject({ stdout: 'again\n', code: 0 })
  })

  it('ends a channel at once when it is destroyed, with output that nobody reads, and lives on', async () => {
    await using link = await connect()
    const channel = await link.open('cat /dev/zero', { signal })
    await until('output comes', () => channel.stdout.readableLength > 100_000)
    channel.destroy()
    channel.destroy()
    expect(await channel.closed).toEqual({ code: null, reason: 'closed by this side' })
    expect(channel.stdin.destroyed).toBe(true)
    expect(await run(link, 'echo again')).toMatchObject({ stdout: 'again\n', code: 0 })
  })

  it('gives no channel to a caller that has given up, and keeps none', async () => {
    await using link = await connect()
    const gone = AbortSignal.abort(new Error('no longer wanted'))
    await expect(link.open('true', { signal: gone })).rejects.toMatchObject({ code: 'UNREACHABLE' })
    const leaving = new AbortController()
    const opening = link.open('exec cat', { signal: leaving.signal })
    leaving.abort(new Error('changed my mind'))
    await expect(opening).rejects.toThrow('changed my mind')
    await until('the channel that came too late has gone', async () => {
      const held = await Promise.all([1, 2, 3].map(() => run(link, 'true')))
      return held.every((done) => done.code === 0)
    })
  })

  it('tells code null on channels, and the reason, when the connection is killed in the middle', async () => {
    const link = await connect()
    const channel = await link.open('echo begun; exec cat', { signal })
    channel.stderr.resume()
    const begun = channel.stdout[Symbol.asyncIterator]().next()
    expect(String((await begun).value)).toBe('begun\n')
    await sshd.killConnections()
    expect(await channel.closed).toEqual({
      code: null,
      reason: 'the connection broke: the connection was closed',
    })
    expect(await link.closed).toBe('the connection was closed')
    await expect(link.open('true', { signal })).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(channel.stdin.destroyed).toBe(true)
    channel.stdin.write('to nobody')
    channel.destroy()
    await link[Symbol.asyncDispose]()
  })

  it('notices by keep-alive that a node answers no more, and a channel that is being opened then fails', async () => {
    const link = await connect({ keepaliveIntervalMs: 100, keepaliveCountMax: 2 })
    const channel = await link.open('exec cat', { signal })
    await sshd.signalConnections('STOP')
    const opening = refusal(link.open('true', { signal }))
    expect(await link.closed).toBe('Keepalive timeout')
    expect(await channel.closed).toMatchObject({ code: null })
    expect(await opening).toMatchObject({ code: 'UNREACHABLE' })
    await link[Symbol.asyncDispose]()
    await sshd.killConnections()
  })

  it('gives up a channel that is not opened in time', async () => {
    const link = await connect({ openTimeoutMs: 100 })
    await sshd.signalConnections('STOP')
    await expect(link.open('true', { signal })).rejects.toThrow('no answer within 100 ms')
    await link[Symbol.asyncDispose]()
    await sshd.killConnections()
  })

  it('leaves no socket and no channel when it is disposed of, however often', async () => {
    const link = await connect()
    const channel = await link.open('exec cat', { signal })
    await link[Symbol.asyncDispose]()
    await link[Symbol.asyncDispose]()
    expect(await channel.closed).toMatchObject({ code: null })
    await until('no socket is left', () => !process.getActiveResourcesInfo().includes('TCPSocketWrap'))
    await until('sshd has no client', async () => (await sshd.clientCount()) === 0)
  })
})

import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonValue } from '@tron/model'
import { createManualClock } from '@tron/model/testing'
import { type TemporaryFolder, temporaryFolder, until } from '@tron/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFixture, refusal } from './fixture.ts'
import { greet, hastyClock, listen, turnAway } from './stand-in-server.ts'

describe('connecting', () => {
  let folder: TemporaryFolder
  let settings: JsonValue
  beforeAll(async () => {
    folder = await temporaryFolder()
    const identity = join(folder.path, 'key')
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await writeFile(identity, privateKey.export({ type: 'pkcs1', format: 'pem' }))
    settings = { identities: [identity], connectTimeoutMs: 5_000 }
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  it.each([
    {
      what: 'says nothing',
      serve: () => undefined,
      heard: 0,
      stage: 'opening a TCP connection and waiting for its first words',
    },
    { what: 'greets and says no more', serve: greet, heard: 1, stage: 'logging in' },
  ])('gives up a server that $what when connect_timeout is over, and says where it stood', async (given) => {
    const clock = createManualClock()
    await using server = await listen(given.serve)
    const refused = refusal(createFixture({ clock }).connect(server.address, settings))
    await until('it got as far as that', () => server.connections() === 1 && server.heard() === given.heard)
    await clock.advance(5_000)
    expect(await refused).toMatchObject({
      code: 'UNREACHABLE',
      message: `node n1 (${server.address}): no login within the 5000 ms of connect_timeout while ${given.stage}`,
    })
    expect(clock.untilNextMs()).toBe(null)
  })

  it('ends when the caller gives up', async () => {
    await using server = await listen(greet)
    const leaving = new AbortController()
    const connecting = createFixture().connect(server.address, settings, leaving.signal)
    const refused = refusal(connecting)
    await until('the server has a connection', () => server.connections() === 1)
    leaving.abort(new Error('shutting down'))
    const { code, message } = await refused
    expect(code).toBe('UNREACHABLE')
    expect(message).toContain('given up (shutting down)')
  })

  it('lets only maxConnecting log in at once, of which one that says nothing is none', async () => {
    await using silent = await listen(() => undefined)
    await using busy = await listen(greet)
    const { connect } = createFixture({ options: { maxConnecting: 2 } })
    const leaving = new AbortController()
    const addresses = [silent.address, silent.address, ...Array.from({ length: 5 }, () => busy.address)]
    const all = Promise.allSettled(addresses.map((address) => connect(address, settings, leaving.signal)))
    await until('all are connected', () => silent.connections() + busy.connections() === 7)
    await until('two are logging in', () => busy.heard() === 2)
    leaving.abort(new Error('seen enough'))
    expect((await all).map((one) => one.status)).toEqual(addresses.map(() => 'rejected'))
    expect(busy.heard()).toBe(2)
  })

  it('names MaxStartups, and what the server said, when it is turned away again and again', async () => {
    await using server = await listen(turnAway)
    const refused = await refusal(createFixture({ clock: hastyClock }).connect(server.address, settings))
    expect(refused.message).toBe(
      `node n1 (${server.address}) turned the connection away, saying "Exceeded MaxStartups"`,
    )
    expect(refused.hint).toContain('MaxStartups')
    expect(server.connections()).toBe(6)
  })

  it.each([
    {
      what: 'a port where nobody listens',
      address: 'bob@127.0.0.1:1',
      message: 'cannot be reached: nothing listens there',
    },
    {
      what: 'a name that does not exist',
      address: 'bob@nowhere.invalid:22',
      message: 'its name cannot be resolved',
    },
    { what: 'an address without a port', address: 'bob@host', message: '"bob@host" is no address of a node' },
    { what: 'a port out of range', address: 'bob@host:70000', message: 'is no address of a node' },
  ])('says what is wrong with $what', async ({ address, message }) => {
    const refused = await refusal(createFixture().connect(address, settings))
    expect(refused.code).toBe('UNREACHABLE')
    expect(refused.message).toContain(message)
  })

  it('refuses settings of another form', async () => {
    const refused = await refusal(createFixture().connect('bob@host:22', { identities: 'key' }))
    expect(refused.code).toBe('UNREACHABLE')
    expect(refused.message).toContain('the access settings cannot be used')
  })
})

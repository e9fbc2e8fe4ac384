import { isTronError } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { assertFree, listen } from '../src/listen.ts'

const anyPort = { host: '127.0.0.1', port: 0 }
const hello = (): Response => new Response('hello')

async function refusal(promise: Promise<unknown>): Promise<readonly [string, string]> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!isTronError(thrown)) throw new Error('expected a refusal', { cause: thrown })
  return [thrown.code, thrown.message]
}

function portOf(url: string): number {
  return Number(new URL(url).port)
}

describe('listen', () => {
  it('answers at the address it names', async () => {
    await using server = await listen(hello, anyPort)
    expect(await (await fetch(server.url)).text()).toBe('hello')
  })

  it('says which port is taken, before and at the start', async () => {
    await using server = await listen(hello, anyPort)
    const port = portOf(server.url)
    const taken = ['ALREADY_RUNNING', `port ${port} of 127.0.0.1 is taken by another program`]
    expect(await refusal(listen(hello, { host: '127.0.0.1', port }))).toEqual(taken)
    expect(await refusal(assertFree({ host: '127.0.0.1', port }))).toEqual(taken)
  })

  it('says which address is not of this machine', async () => {
    expect((await refusal(listen(hello, { host: '192.0.2.1', port: 0 })))[0]).toBe('SETTINGS')
  })

  it('leaves the port free after a look, and after its end', async () => {
    const server = await listen(hello, anyPort)
    await server[Symbol.asyncDispose]()
    const again = { host: '127.0.0.1', port: portOf(server.url) }
    await expect(assertFree(again)).resolves.toBeUndefined()
    await expect(assertFree(again)).resolves.toBeUndefined()
  })

  it('ends although a client never reads its answer', async () => {
    const server = await listen(endless, anyPort)
    expect((await fetch(server.url)).status).toBe(200)
    await server[Symbol.asyncDispose]()
    await assertFree({ host: '127.0.0.1', port: portOf(server.url) })
  })
})

function endless(): Response {
  return new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536)) }))
}

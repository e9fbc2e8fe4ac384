import { expect, it } from 'vitest'
import { localTransport } from '../src/local-transport.ts'

const target = { executor: 'local', node: 'here', address: '' }
const settings = { spoolRoot: '/nowhere', connectTimeoutMs: 10_000, shell: 'login' } as const

const children = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length

it.for(['the link is closed', 'it is given up'])(
  'leaves no shell behind when %s while it opens',
  async (how) => {
    const before = children()
    const link = await localTransport.connect(target, settings, { signal: new AbortController().signal })
    const stop = new AbortController()
    const opening = link.open('cat', { signal: stop.signal })
    const ended = opening.then(() => 'opened', String)
    if (how === 'it is given up') stop.abort(new Error('enough'))
    else await link[Symbol.asyncDispose]()
    expect(await ended).toContain(how === 'it is given up' ? 'enough' : 'the link was closed')
    await link[Symbol.asyncDispose]()
    await expect.poll(children).toBe(before)
  },
)

import { closeSync, openSync } from 'node:fs'
import { isTronError } from '@tron/model'
import { localTransport } from '../src/local-transport.ts'

// Opens a channel where no file can be opened any more, and another when there is room again. Prints one line of JSON. The test gives it few descriptors.

const { signal } = new AbortController()
const target = { executor: 'local', node: 'here', address: '' }
const settings = { spoolRoot: '/nowhere', connectTimeoutMs: 10_000, shell: 'login' } as const
const link = await localTransport.connect(target, settings, { signal })

async function open(): Promise<string> {
  try {
    const channel = await link.open('exit 7', { signal })
    channel.stdout.resume()
    channel.stderr.resume()
    return `ended with ${(await channel.closed).code}`
  } catch (error) {
    return isTronError(error, 'UNREACHABLE') ? 'UNREACHABLE' : String(error)
  }
}

const held: number[] = []
const fill = () => {
  try {
    for (;;) held.push(openSync('/dev/null', 'r'))
  } catch {
    // That is all there are. Some are left for what the process itself opens, too few for a shell.
    for (const descriptor of held.splice(-3)) closeSync(descriptor)
  }
}

fill()
const full = await open()
for (const descriptor of held) closeSync(descriptor)
const again = await open()
await link[Symbol.asyncDispose]()
process.stdout.write(`${JSON.stringify({ full, again })}\n`)

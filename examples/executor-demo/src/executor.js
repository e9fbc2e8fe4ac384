// @ts-check
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAttempts } from './attempts.js'
import { options, readOptions } from './options.js'
import { createOutbox } from './outbox.js'

/** @import { Capabilities, Executor, ExecutorHost, ExecutorModule } from '@tron/executor' */

/** What it can do: the least of everything. Tron does without the rest and tells its users. @type {Capabilities} */
const capabilities = {
  startOnce: 'none',
  fence: 'none',
  adopt: false,
  stop: 'requested',
  output: 'whole',
  streams: ['stdout', 'stderr'],
  notBefore: false,
  resources: [],
}

/** The one object that the daemon looks for. @type {ExecutorModule} */
export const executor = { apiVersion: 1, name: 'demo', options, create }

/**
 * @param {unknown} given
 * @param {ExecutorHost} host
 * @returns {Promise<Executor>}
 */
async function create(given, host) {
  const { shell } = readOptions(given)
  const folder = await mkdtemp(join(tmpdir(), 'tron-demo-'))
  const outbox = createOutbox(`${host.name}-${host.fence.nonce}`)
  const attempts = createAttempts({ shell, folder, clock: host.clock, tell: outbox.add })
  /** @type {Set<string>} */
  const known = new Set()

  return {
    capabilities,
    async setTargets(targets) {
      for (const { target } of targets) {
        if (known.has(target.node)) continue
        known.add(target.node)
        outbox.add({ kind: 'target', target, state: 'reachable', reason: 'it is this machine' })
      }
    },
    start: (requests) => Promise.all(requests.map((request) => attempts.start(request))),
    async adopt(refs) {
      for (const { id } of refs) attempts.report(id)
    },
    revoke: async (refs) =>
      refs.map(({ id }) => ({ id, result: attempts.has(id) ? 'started' : 'unsupported' })),
    stop: async ({ id }, how) => attempts.stop(id, how),
    events: (from, { signal }) => outbox.batches(from, signal),
    read: ({ id }, stream, from, { signal }) => attempts.read(id, { stream, from, signal }),
    async release(refs) {
      const released = await Promise.all(refs.map(({ id }) => attempts.release(id)))
      return refs.map(({ id }) => id).filter((_, index) => released[index])
    },
    inspect: async () => null,
    async *inventory() {
      yield attempts.list()
    },
    async [Symbol.asyncDispose]() {
      outbox.end()
      await attempts.end()
    },
  }
}

import assert from 'node:assert/strict'
import { isTronError } from '@tron/model'
import type { Store } from '../contract.ts'
import {
  acquire,
  answer,
  RuleSkipped,
  Session,
  type StoreFixture,
  type StoreRule,
  start,
  TTL_MS,
  within,
} from './rule.ts'
import { sampleTrash } from './sample-rows.ts'

/** Acquiring, losing and giving back the lease. */
export const acquireRules: readonly StoreRule[] = [
  {
    name: 'acquire issues an epoch above all that were issued',
    async check(fixture) {
      const epochs: number[] = []
      for (let round = 0; round < 3; round += 1) {
        await using session = await start(fixture)
        epochs.push(session.lease.epoch)
      }
      const [first = 0] = epochs
      assert.ok(Number.isSafeInteger(first) && first >= 1, `the first epoch is ${first}`)
      assert.deepEqual(epochs, [first, first + 1, first + 2])
    },
  },
  {
    name: 'acquire has made the new pair durable when it resolves',
    async check(fixture) {
      const { lease } = await start(fixture)
      await fixture.crash()
      await using after = await start(fixture)
      assert.deepEqual(after.lease.issued[0], { epoch: lease.epoch, nonce: lease.nonce })
      assert.ok(after.lease.epoch > lease.epoch, `${after.lease.epoch} is not above ${lease.epoch}`)
    },
  },
  {
    name: 'acquire issues at least the epoch that it is asked for',
    async check(fixture) {
      await using store = await fixture.open()
      const epochs: number[] = []
      for (const atLeast of [50, 10, undefined]) {
        const lease = await acquire(store, atLeast)
        epochs.push(lease.epoch)
        await lease.release()
      }
      assert.deepEqual(epochs, [50, 51, 52])
    },
  },
  {
    name: 'acquire lists every pair that was ever issued, oldest first',
    async check(fixture) {
      const issued: { readonly epoch: number; readonly nonce: string }[] = []
      for (const atLeast of [undefined, 20, undefined]) {
        await using store = await fixture.open()
        const lease = await acquire(store, atLeast)
        issued.push({ epoch: lease.epoch, nonce: lease.nonce })
        assert.deepEqual(lease.issued, issued)
      }
    },
  },
  {
    name: 'acquire draws a nonce that was never drawn before',
    async check(fixture) {
      await using store = await fixture.open()
      const nonces = new Set<string>()
      for (let round = 0; round < 5; round += 1) {
        const lease = await acquire(store)
        nonces.add(lease.nonce)
        await lease.release()
      }
      assert.equal(nonces.size, 5)
      assert.ok([...nonces].every((nonce) => nonce.length >= 16))
    },
  },
  {
    name: 'acquire starts at the newest commit',
    async check(fixture) {
      {
        await using session = await start(fixture)
        await session.commit()
        await session.commit()
      }
      await using after = await start(fixture)
      assert.equal(after.lease.seq, 2)
    },
  },
  {
    name: 'acquire refuses a second holder of an embedded store and names the first',
    inapplicable: async ({ shared }) => (shared ? 'a shared store lets the second one wait' : undefined),
    async check(fixture) {
      await using first = await start(fixture)
      await using second = await fixture.open()
      const error: unknown = await within(acquire(second), 'the second acquire').then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      assert.ok(isTronError(error, 'ALREADY_RUNNING'), `the second acquire ended with ${String(error)}`)
      assert.match(error.message, /\b4242\b/, 'the message should name the pid of the holder')
      await first.commit()
    },
  },
  {
    name: 'acquire waits for its turn on a shared store',
    inapplicable: async ({ shared }) => (shared ? undefined : 'an embedded store refuses the second one'),
    async check(fixture) {
      await using first = await start(fixture)
      await using store = await fixture.open()
      const order: string[] = []
      const waiting = acquire(store).then((lease) => {
        order.push('second')
        return lease
      })
      await first.commit()
      order.push('release')
      await first.lease.release()
      const lease = await within(waiting, 'the second acquire after a release')
      assert.deepEqual(order, ['release', 'second'])
      await new Session(store, lease).commit()
    },
  },
  {
    name: 'acquire stops waiting when its signal fires',
    inapplicable: async ({ shared }) => (shared ? undefined : 'an embedded store never waits'),
    async check(fixture) {
      await using first = await start(fixture)
      await using second = await fixture.open()
      const abort = new AbortController()
      const waiting = second.acquire({ host: 'host-b', pid: 1 }, { ttlMs: TTL_MS, signal: abort.signal })
      abort.abort(new Error('given up'))
      await assert.rejects(within(waiting, 'an acquire that was aborted'), { message: 'given up' })
      await first.commit()
    },
  },
  {
    name: 'lost fires before anybody else may acquire',
    async check(fixture) {
      await using first = await start(fixture)
      await using second = await fixture.open()
      await loseTheLease(fixture, first)
      let lostWhenAcquired: boolean | undefined
      const lease = await within(
        acquire(second).then((taken) => {
          lostWhenAcquired = first.lease.lost.aborted
          return taken
        }),
        'the acquire after the holder lost its lease',
      )
      assert.equal(lostWhenAcquired, true)
      assert.equal(answer(await first.try({})), 'fenced')
      await new Session(second, lease).commit()
    },
  },
  {
    name: 'release lets the next one acquire and ends the lease',
    async check(fixture) {
      await using first = await start(fixture)
      assert.equal(first.lease.lost.aborted, false)
      await first.lease.release()
      await first.lease.release()
      assert.equal(first.lease.lost.aborted, true)
      assert.equal(answer(await first.try({})), 'fenced')
      await using second = await start(fixture)
      await second.commit()
    },
  },
  {
    name: 'release takes the commits that were sent before it',
    async check(fixture) {
      await using first = await start(fixture)
      const sent = [1, 2, 3].map((seq) =>
        first.store.commit(first.lease, {
          seq,
          atMs: seq,
          changes: [{ put: { table: 'trash', row: sampleTrash(seq) } }],
          cursors: {},
        }),
      )
      await first.lease.release()
      assert.deepEqual((await Promise.all(sent)).map(answer), ['ok', 'ok', 'ok'])
      await using second = await start(fixture)
      assert.equal(second.lease.seq, 3)
      assert.equal((await second.load()).length, 3)
    },
  },
  {
    name: 'a second release does nothing to whoever followed',
    async check(fixture) {
      await using store = await fixture.open()
      const first = await acquire(store)
      await first.release()
      const second = new Session(store, await acquire(store))
      await first.release()
      assert.equal(second.lease.lost.aborted, false)
      await second.commit()
    },
  },
  {
    name: 'closing the store gives the lease back',
    async check(fixture) {
      const first = await start(fixture)
      await closeTwice(first.store)
      assert.equal(first.lease.lost.aborted, true)
      assert.equal(answer(await first.try({})), 'unavailable')
      await using second = await start(fixture)
      await second.commit()
    },
  },
]

async function closeTwice(store: Store): Promise<void> {
  await store[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
}

/** A shared store's holder is cut off; an embedded one's can only end by itself. */
async function loseTheLease(fixture: StoreFixture, session: Session): Promise<void> {
  if (!session.store.shared) return session.lease.release()
  if (fixture.cutOff === undefined) throw new RuleSkipped('this fixture cannot cut a holder off')
  await fixture.cutOff(session.store)
}

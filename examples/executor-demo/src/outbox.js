// @ts-check

/** @import { EventBatch, ExecutorEvent } from '@tron/executor' */

/**
 * Events that wait to be taken in. Asking for the next batch acknowledges the one before: only then are its events forgotten.
 * @param {string} source names this executor's life: cursors of another one mean nothing here
 */
export function createOutbox(source) {
  /** @type {{ readonly seq: number, readonly event: ExecutorEvent }[]} */
  const waiting = []
  let seq = 0
  let bell = Promise.withResolvers()
  const ended = new AbortController()

  const ring = () => {
    bell.resolve(undefined)
    bell = Promise.withResolvers()
  }
  ended.signal.addEventListener('abort', ring)

  return {
    /** @param {ExecutorEvent} event */
    add(event) {
      seq += 1
      waiting.push({ seq, event })
      ring()
    },
    /**
     * @param {Readonly<Record<string, string>>} from
     * @param {AbortSignal} signal
     * @returns {AsyncGenerator<EventBatch>}
     */
    async *batches(from, signal) {
      const over = AbortSignal.any([signal, ended.signal])
      over.addEventListener('abort', ring)
      let taken = Number(from[source] ?? 0)
      while (!over.aborted) {
        while (waiting[0] !== undefined && waiting[0].seq <= taken) waiting.shift()
        const rung = bell.promise
        const batch = waiting.slice(0, 256)
        const last = batch.at(-1)
        if (last === undefined) await rung
        else {
          yield { source, cursor: String(last.seq), events: batch.map(({ event }) => event) }
          taken = last.seq
        }
      }
    },
    end: () => ended.abort(),
  }
}

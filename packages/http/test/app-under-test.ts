import { createHttpApp } from '@tron/http'
import { createFakeTron, type FakeTronOptions } from '@tron/http/testing'
import { createManualClock, createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import { expect } from 'vitest'

/** Noon of 5 January 2026 in UTC. */
export const NOON = Date.UTC(2026, 0, 5, 12)

/** The app on a fake Tron, with a clock that stands at noon, in Berlin's zone. */
export function setUp(
  options: FakeTronOptions & { readonly maxBodyBytes?: number; readonly hosts?: ReadonlySet<string> } = {},
) {
  const tron = createFakeTron(options)
  const clock = createManualClock(NOON)
  const log = createMemoryLogger()
  const app = createHttpApp({
    tron,
    version: '4.0.0',
    bootMs: NOON - 3_600_500,
    clock,
    random: createSeededRandom(1),
    log,
    zone: 'Europe/Berlin',
    ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
    ...(options.maxBodyBytes === undefined ? {} : { maxBodyBytes: options.maxBodyBytes }),
  })
  return {
    tron,
    clock,
    log,
    app,
    get: async (path: string) => answerOf(await app.request(path)),
    post: async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      answerOf(
        await app.request(path, {
          method: 'POST',
          body: new URLSearchParams(fields),
          headers: { ...headers },
        }),
      ),
    send: async (path: string, init: RequestInit) => answerOf(await app.request(path, init)),
  }
}

/** Status and JSON of an answer. Every answer with a body must be JSON and say so. */
async function answerOf(response: Response): Promise<{ readonly status: number; readonly body: unknown }> {
  const type = response.headers.get('content-type')
  if (type !== 'application/json; charset=utf-8') throw new Error(`an answer is of type ${type}`)
  const body: unknown = JSON.parse(await response.text())
  return { status: response.status, body }
}

/** A text of that form, wherever whole values are compared. */
export function matching(form: RegExp): unknown {
  return expect.stringMatching(form)
}

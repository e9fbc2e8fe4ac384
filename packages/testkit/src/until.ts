import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'

export interface UntilOptions {
  /** The deadline in milliseconds; 10 s when left out. */
  readonly withinMs?: number
  /** Milliseconds between two looks; 20 when left out. */
  readonly everyMs?: number
  /** Added to the failure: what somebody needs to see who has to find out why. */
  readonly explain?: () => string
}

/**
 * Waits until a condition holds and returns what it gave. A condition that throws counts as "not yet".
 * @throws an Error that names `what` and the last thing seen when the deadline has passed
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<Truthy<T>> {
  const { withinMs = 10_000, everyMs = 20, explain } = options
  const deadline = performance.now() + withinMs
  for (;;) {
    const look = await lookOnce(condition)
    if (look.holds) return look.value
    if (performance.now() > deadline) {
      const more = explain === undefined ? '' : `\n${explain()}`
      throw new Error(`waited ${withinMs} ms in vain until ${what}; last seen: ${look.seen}${more}`)
    }
    await pause(everyMs)
  }
}

/** What is left of a type when the condition held. */
export type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>

type Look<T> =
  | { readonly holds: true; readonly value: Truthy<T> }
  | { readonly holds: false; readonly seen: string }

async function lookOnce<T>(condition: () => T | Promise<T>): Promise<Look<T>> {
  try {
    const value = await condition()
    return isTruthy(value) ? { holds: true, value } : { holds: false, seen: inspect(value) }
  } catch (error) {
    return { holds: false, seen: error instanceof Error ? error.message : inspect(error) }
  }
}

function isTruthy<T>(value: T): value is Truthy<T> {
  return Boolean(value)
}

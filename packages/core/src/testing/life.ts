import type { Call } from './calls.ts'
import type { ClockOwner } from './virtual-time.ts'

/** A call of one kind, before it has any effect or after it and before the answer. */
export interface KillPlace {
  readonly when: 'before' | 'after'
  readonly call: Call
}

/** The machine that a scheduler runs on: its clock may be wrong. */
export interface Host {
  offsetMs: number
}

/**
 * One process of a scheduler. It can be killed at every call that leaves it: before the call has any effect, or after it and before the answer. What it was about to
 * do then never happens, as nothing else of the process is ever seen.
 */
export class Life implements ClockOwner {
  readonly name: string
  readonly #host: Host
  readonly #endings: ((where: string) => void)[]
  #dead = false
  #callsLeft: number | null = null
  #fatal: string | null = null

  /** @param onDeath called at once when it is killed, with the call at which that was */
  constructor(name: string, host: Host, onDeath: (where: string) => void) {
    this.name = name
    this.#host = host
    this.#endings = [onDeath]
  }

  get dead(): boolean {
    return this.#dead
  }

  get offsetMs(): number {
    return this.#host.offsetMs
  }

  /** Calls when it is killed, too. */
  onDeath(call: () => void): void {
    this.#endings.push(call)
  }

  /** Kills it at that many calls from now; 0 is the next one. */
  killAtCall(calls: number): void {
    if (this.#callsLeft === null) this.#callsLeft = calls
  }

  /** Kills it at the next call of one kind. */
  killAt({ when, call }: KillPlace): void {
    this.#fatal = `${when} ${call}`
  }

  kill(where: string): void {
    if (this.#dead) return
    this.#dead = true
    for (const call of this.#endings) call(where)
  }

  /** A call out of the process, and back. */
  async pass<T>(what: Call, act: () => Promise<T>): Promise<T> {
    if (this.ends(`before ${what}`)) return never()
    try {
      const result = await act()
      return this.ends(`after ${what}`) ? await never<T>() : result
    } catch (error) {
      if (this.#dead) return never()
      throw error
    }
  }

  /** Whether it is over: killed before, or here. */
  ends(where: string): boolean {
    if (this.#dead) return true
    if (where === this.#fatal) {
      this.kill(where)
      return true
    }
    if (this.#callsLeft === null) return false
    if (this.#callsLeft > 0) {
      this.#callsLeft -= 1
      return false
    }
    this.kill(where)
    return true
  }
}

/** What a process that was killed waits for. */
export function never<T>(): Promise<T> {
  return new Promise(() => undefined)
}

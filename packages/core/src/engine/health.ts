import type { Logger } from '@tron/model'
import type { EngineState } from '../tron.ts'

/** Whether the engine may decide and act, and why not. The one place where its state changes. */
export interface EngineHealth {
  state(): EngineState
  /** Null while it works. */
  reason(): string | null
  mayDecide(): boolean
  mayAct(): boolean
  /** It has loaded and goes to work. */
  ready(): void
  takingOver(reason: string): void
  storeFails(reason: string): void
  /** A commit went through: where the store had failed, it works again. */
  storeWorks(): void
  /** Another scheduler holds a node or the store. Final for this start. */
  fenced(reason: string): void
  stopped(): void
  /** Calls with each new state. */
  onChange(listener: (state: EngineState) => void): void
}

export function createHealth(log: Logger): EngineHealth {
  let state: EngineState = 'starting'
  let reason: string | null = 'loading'
  /** Where it goes back to when the store works again: a start or a take-over is not over because a commit went through. */
  let healthy: { readonly state: EngineState; readonly reason: string | null } = { state, reason }
  const listeners: ((state: EngineState) => void)[] = []

  const move = (to: EngineState, why: string | null) => {
    if (state === 'stopped' || (state === 'fenced' && to !== 'stopped')) return
    const changed = state !== to
    state = to
    reason = why
    if (!changed) return
    if (why === null || to === 'stopped') log.info('the engine changed its state', { state: to })
    else log.warn('the engine changed its state', { state: to, reason: why })
    for (const listener of listeners) listener(to)
  }

  return {
    state: () => state,
    reason: () => reason,
    mayDecide: () => state !== 'fenced' && state !== 'stopped',
    mayAct: () => state === 'working',
    ready: () => {
      move('working', null)
    },
    takingOver: (why) => {
      move('taking-over', why)
    },
    storeFails: (why) => {
      if (state !== 'store-degraded') healthy = { state, reason }
      move('store-degraded', why)
    },
    storeWorks: () => {
      if (state === 'store-degraded') move(healthy.state, healthy.reason)
    },
    fenced: (why) => {
      move('fenced', why)
    },
    stopped: () => {
      move('stopped', 'it was stopped')
    },
    onChange: (listener) => {
      listeners.push(listener)
    },
  }
}

/** The promises that are checked, each by the name that a violation is reported with. */
export const RULES = {
  'once-only': 'every attempt is launched at most once',
  'committed-first': 'nothing is asked of a node before the wish for it is committed',
  'legal-moves': 'states of actions move along the table only',
  'verdict-final': "an operator's verdict is final",
  'wishes-asked':
    'what the records demand of a node is asked of it, and what it tells is taken in, also after each start',
  'stop-kept': 'a wish to stop is not forgotten before the command has ended',
  'stop-proved': 'what is stopped ends, and is released, only when no process of it is left',
  'true-outcome': 'an action ends as the node says its command ended',
  'honest-unknown': 'an action is unknown only where the node cannot know, and says why',
  requirements: 'an action starts only after what it requires is complete',
  overlap: 'no two runs of a job are active at once, unless it allows that or an operator started one',
  'one-waiting': 'a job has at most one run that waits for its instant or in its queue',
  'held-starts-nothing': 'nothing starts in a run that was stopped or cancelled, nor for a job that is held',
  configured: 'a change of the configuration is applied',
  'on-time': 'a run that is due begins, where nothing is in its way',
  'next-slot': 'every enabled job has its next slot planned',
  'slot-once': 'no slot has two outcomes',
  'slot-counted': 'a stretch of slots counts exactly the instants of the schedule in it',
  'slot-accounted': 'no instant of a schedule is passed over without an outcome',
  'slot-settled': 'a slot that was queued gets its final outcome when its run starts or ends',
  'numbers-once': 'no run number is used twice',
  'last-success': 'a job names the newest of its runs that succeeded and are kept',
  'request-once': 'a repeated request has one effect and one answer, which is committed before it is given',
  'store-equals-memory': 'what the engine holds in memory is what the store holds',
  'logs-equal': 'a complete log is, byte for byte, what the command wrote',
  'released-safe': 'nothing is released before its end is committed and its output is safe',
  'run-limit': 'a job keeps no more ended runs than its limit',
  'memory-bounded': 'when all is over, nothing of it stays in memory',
  'never-stuck': 'when faults have ceased, every run comes to its end',
  'no-defect': 'no decision fails, and no record is refused as malformed',
  'one-works': 'of two schedulers on one set of records or nodes, one works',
  'idle-while-degraded':
    'while the store does not take commits, nothing is asked of nodes but what became of commands',
  'fence-kept': 'a node that another scheduler holds is left to it, unless an operator orders a take-over',
  'lease-kept': 'the lease of a shared store is not taken from a holder that renews it',
  'none-beside': 'who learns that another scheduler holds the store commits and asks nothing any more',
  'fenced-truly':
    'a scheduler is fenced only where there is, or was, another one that it was not ordered to replace',
} as const

export type RuleName = keyof typeof RULES

export interface Violation {
  readonly rule: RuleName
  /** What was seen, in plain words. */
  readonly text: string
  /** What it is about: ids of jobs, runs, actions, attempts, names of nodes. */
  readonly about: readonly string[]
  /** True time. */
  readonly atMs: number
}

/** Collects the first violation: what comes after it may be its consequence. */
export interface Verdict {
  readonly violation: Violation | null
  fail(rule: RuleName, text: string, about: readonly string[]): void
}

export function createVerdict(nowMs: () => number): Verdict {
  let violation: Violation | null = null
  return {
    get violation() {
      return violation
    },
    fail(rule, text, about) {
      violation ??= { rule, text, about, atMs: nowMs() }
    },
  }
}

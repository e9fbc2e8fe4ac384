import type { Outcome } from '@tron/executor'
import { type JsonValue, TRON_EXIT } from '@tron/model'
import type { AttemptEnd } from './action-life.ts'

/** What the end of a command means for its action. */
export function verdictOf(outcome: Outcome): Pick<AttemptEnd, 'state' | 'exitStatus' | 'reason'> {
  switch (outcome.type) {
    case 'exited':
      return { state: outcome.code === 0 ? 'succeeded' : 'failed', exitStatus: outcome.code, reason: null }
    case 'signalled':
      return { state: 'failed', exitStatus: null, reason: `ended by signal ${outcome.signal}` }
    case 'lost':
      return { state: 'unknown', exitStatus: null, reason: LOST[outcome.cause] }
  }
}

const LOST = {
  reboot: 'the node was rebooted before the command ended; how far it got is not known',
  killed: 'the command was ended from outside together with what waited for it; its exit status is not known',
  replaced: 'another machine answers under the name of this node; what became of the command is not known',
  evicted: 'the node gave the command up; its exit status is not known',
  unknowable: 'what waited for the command was ended from outside; its exit status cannot be known',
} as const

const CAUSES = ['reboot', 'killed', 'replaced', 'evicted', 'unknowable'] as const

/** The outcome of a command as an attempt's record has it; null for what never ran, was not found, or has not ended. */
export function readOutcome(recorded: JsonValue): Outcome | null {
  if (typeof recorded !== 'object' || recorded === null || !('type' in recorded)) return null
  const { type, code, signal, cause, legacyCode } = recorded
  if (type === 'exited' && typeof code === 'number') return { type, code }
  if (type === 'signalled' && typeof signal === 'string') return { type, signal }
  const known = CAUSES.find((name) => name === cause)
  if (type !== 'lost' || known === undefined) return null
  return { type, cause: known, legacyCode: typeof legacyCode === 'number' ? legacyCode : TRON_EXIT.lost }
}

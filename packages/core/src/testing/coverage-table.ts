import { CALLS } from './calls.ts'

/** The states of an action that a command of an operator can meet. */
const STATES = named('scheduled queued waiting starting running succeeded failed skipped cancelled unknown')
const VERBS = named('start success fail skip cancel stop kill')

/** What is told of an attempt can meet its action in these states: the first time, and again when it is known. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  starting: told('started, exit 0, exit other, lost, closed, start accepted, start exists, start refused'),
  running: told('started, exit 0, exit other, lost, closed, stopped, absent, start accepted, start exists'),
  succeeded: told('started, exit 0, exit other, closed, stopped, start accepted, start exists'),
  failed: told('started, exit 0, exit other, closed, stopped, start accepted, start exists, start refused'),
  cancelled: told('started, exit 0, exit other, closed, stopped'),
  unknown: told('started, lost, closed, start accepted, start exists'),
  skipped: told('started, exit 0, exit other, closed'),
}

function named(names: string): readonly string[] {
  return names.split(' ')
}

function told(events: string): readonly string[] {
  return events.split(', ')
}

function each(prefix: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${prefix}${name}`)
}

/** All that some thousands of seeds must have met, by group. */
export const ENGINE_COVERAGE: Readonly<Record<string, readonly string[]>> = {
  'states and commands': [
    ...STATES.flatMap((state) => each(`${state} x `, VERBS)),
    ...each('job x ', named('start enable disable')),
    ...['pending', 'queued', 'open', 'ended', 'that is not there'].flatMap((phase) =>
      each(`run ${phase} x `, named('start cancel stop')),
    ),
  ],
  'states and events of executors': [
    ...Object.entries(EVENTS).flatMap(([state, events]) => each(`${state} x `, events)),
    ...each('starting x revoke ', named('revoked started unreachable')),
  ],
  'ledger outcomes': [
    ...each('slot: ', named('ran late queued skipped missed disabled held withdrawn')),
    'slot: found on node',
  ],
  'results of commits': [
    ...each('commit: ', named('ok late full unavailable fenced')),
    'commit: ambiguous, applied',
    'commit: ambiguous, not applied',
  ],
  'events of executors': [
    ...named('started progress closed stopped'),
    ...each('exit: ', told('exited 0, exited other, lost')),
    'stopped, survivors',
    'absent: none',
    'closed, left running',
    'closed, lost output',
    ...each('target: ', named('reachable unreachable fenced full replaced')),
  ],
  'answers of executors': [
    ...each('start: ', told('accepted, exists, no answer')),
    'start: refused, UNREACHABLE',
    'start: refused, FENCED',
    ...each('revoke: ', named('revoked started unreachable')),
    ...each('stop: ', named('TERM KILL')),
    'adopt',
  ],
  incidents: [
    ...each('incident: ', named('kill restart cut lose hold reboot rotate fill store restore clone lease')),
    ...each('incident: ', named('clock command configure')),
    'incident: roll back',
  ],
  'places of kills': ['before', 'after'].flatMap((when) => CALLS.map((call) => `kill: ${when} ${call}`)),
  inputs: [
    ...each('input: ', named('tick resume configure command events start-replies revoke-replies')),
    ...each('input: ', named('output released import recover-without trash trashed')),
  ],
}

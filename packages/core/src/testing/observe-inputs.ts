import type { Command } from '../command.ts'
import type { Input, ObservedEvent } from '../decide/input.ts'
import type { Books } from './books.ts'
import type { Coverage } from './coverage.ts'

/** Notes in which state each input met its action. */
export function observeInputs(books: Books, coverage: Coverage): (input: Input) => void {
  const { tables } = books.records
  const stateOf = (attempt: string): string | undefined => {
    const row = tables.attempts.get(attempt)
    const action = row === undefined ? undefined : tables.actions.get(row.action)
    if (action === undefined) return undefined
    return action.attempt === attempt ? action.state : `${action.state}, of an earlier attempt`
  }
  const pair = (state: string | undefined, event: string): void => {
    if (state !== undefined) coverage.add(`${state} x ${event}`)
  }
  const command = ({ subject }: Command): void => {
    if (subject.kind === 'job') coverage.add(`job x ${subject.verb}`)
    else if (subject.kind === 'run') {
      coverage.add(`run ${tables.runs.get(subject.run)?.phase ?? 'that is not there'} x ${subject.verb}`)
    } else pair(tables.actions.get(`${subject.run}.${subject.action}`)?.state, subject.verb)
  }
  return (input) => {
    coverage.add(`input: ${input.kind}`)
    if (input.kind === 'events') {
      for (const observed of input.events) pair(stateOf(observed.event.id), eventName(observed))
    } else if (input.kind === 'start-replies') {
      for (const { id, result } of input.replies) pair(stateOf(id), `start ${result}`)
    } else if (input.kind === 'revoke-replies') {
      for (const { id, result } of input.replies) pair(stateOf(id), `revoke ${result}`)
    } else if (input.kind === 'command') command(input.command)
  }
}

function eventName({ event }: ObservedEvent): string {
  if (event.kind !== 'exit') return event.kind
  if (event.outcome.type !== 'exited') return event.outcome.type
  return event.outcome.code === 0 ? 'exit 0' : 'exit other'
}

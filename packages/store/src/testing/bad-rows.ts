import type { Change, Row } from '../contract.ts'
import type { TableName } from '../rows.ts'
import { sampleAction, sampleAttempt, sampleAudit, sampleJob, sampleMeta, sampleRun } from './sample-rows.ts'
import { asChange } from './unsafe-change.ts'

/** A change that a store must refuse, and the words that its error must have. */
export interface BadChange {
  readonly what: string
  readonly change: Change
  readonly names: readonly string[]
}

const run = sampleRun(7)
const attempt = sampleAttempt(sampleAction(run, 'extract'), 0)

/** Values that databases take for something else, and rows that are not of their table. */
export const BAD_CHANGES: readonly BadChange[] = [
  ...badInts(),
  ...badTexts(),
  bad('a bool that is 1', 'runs', { row: run, column: 'manual', value: 1 }),
  bad('a bool that is null', 'runs', { row: run, column: 'live', value: null }),
  bad('JSON that is undefined', 'attempts', { row: attempt, column: 'spec', value: undefined }),
  bad('NaN within JSON', 'attempts', { row: attempt, column: 'spec', value: { deep: [Number.NaN] } }),
  bad('a date within JSON', 'attempts', { row: attempt, column: 'spec', value: { at: new URL('x:y') } }),
  bad('undefined within a list', 'attempts', { row: attempt, column: 'spec', value: [undefined] }),
  bad('a map as JSON', 'meta', { row: sampleMeta(), column: 'value', value: new Map() }),
  bad('bytes as JSON', 'meta', { row: sampleMeta(), column: 'value', value: new Uint8Array(2) }),
  bad('a bigint within JSON', 'meta', { row: sampleMeta(), column: 'value', value: [1n] }),
  bad('a column that the table lacks', 'runs', { row: run, column: 'colour', value: 'red' }),
  {
    what: 'a row without one of its columns',
    change: asChange({ put: { table: 'runs', row: without(run, 'zone') } }),
    names: ['runs', 'zone', run.id],
  },
  {
    what: 'a put of what is only appended',
    change: asChange({ put: { table: 'audit', row: sampleAudit('r') } }),
    names: ['audit'],
  },
  {
    what: 'a removal of what is only appended',
    change: { remove: { table: 'audit', key: 'r' } },
    names: ['audit'],
  },
  {
    what: 'a put of a cursor',
    change: { put: { table: 'cursors', row: { source: 's', cursor: 'c' } } },
    names: ['cursors'],
  },
  {
    what: 'a removal of a cursor',
    change: { remove: { table: 'cursors', key: 's' } },
    names: ['cursors'],
  },
  {
    what: 'an append of what is put',
    change: asChange({ append: { table: 'jobs', row: sampleJob() } }),
    names: ['jobs'],
  },
]

function badInts(): readonly BadChange[] {
  const values: readonly [string, unknown][] = [
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a fraction', 1.5],
    ['2^53', 2 ** 53],
    ['text', '5'],
    ['a bigint', 5n],
    ['true', true],
    ['null', null],
    ['undefined', undefined],
  ]
  return [
    ...values.map(([what, value]) =>
      bad(`a whole number that is ${what}`, 'runs', { row: run, column: 'runMs', value }),
    ),
    bad('a nullable number that is undefined', 'runs', { row: run, column: 'slotMs', value: undefined }),
  ]
}

function badTexts(): readonly BadChange[] {
  const values: readonly [string, unknown][] = [
    ['a number', 5],
    ['null', null],
    ['undefined', undefined],
    ['an object', {}],
    ['a list', ['x']],
    ['a URL', new URL('x:y')],
  ]
  return values.map(([what, value]) =>
    bad(`text that is ${what}`, 'runs', { row: run, column: 'actor', value }),
  )
}

function bad(
  what: string,
  table: TableName,
  { row, column, value }: { readonly row: Row['row']; readonly column: string; readonly value: unknown },
): BadChange {
  const key = table === 'meta' ? 'installation' : table === 'attempts' ? attempt.id : run.id
  return {
    what,
    change: asChange({ put: { table, row: { ...row, [column]: value } } }),
    names: [table, column, key],
  }
}

/** A row with one column less. */
export function without(row: object, column: string): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== column))
}

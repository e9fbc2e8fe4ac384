import type { StartRequest, TargetConfig } from '@tron/executor'
import { attemptIdOf, targetKey } from '@tron/model'
import { type AttemptRow, type CommittedState, createRow, wantStop } from './attempt-row.ts'
import { type CommandPlan, planCommand } from './command-plan.ts'
import type { LaunchedText } from './model-node.ts'
import type { SpoolFolder } from './spool-folder.ts'
import type { World } from './world.ts'

/** What users of the scheduler want: runs, stops; and what must hold at the node for each. */
export interface Requests {
  begin(): void
  planOf(command: string): CommandPlan | null
  /** An attempt is about to be launched. */
  checkLaunch(folder: SpoolFolder, text: LaunchedText): void
  /** An attempt's files are about to be removed. */
  checkRelease(folder: SpoolFolder): void
}

export interface RequestsOptions {
  readonly world: World
  readonly installation: string
  readonly targets: readonly TargetConfig[]
  readonly state: CommittedState
}

/** What a command may hold: everything that a shell, or a line, could trip over. */
const TEXTS = [
  'true',
  "echo 'it''s'",
  'a\nb\n\nc .',
  '$(x) `y` "z" \\',
  'é\u{1f680} .',
  '= t1 revoked .',
  'exit\n}\n',
]
const LONG = 100 * 1024 + 1
const ATTEMPTS = 14

export function createRequests({ world, installation, targets, state }: RequestsOptions): Requests {
  const { clock, book } = world
  const dice = world.dice.fork()
  const plans = new Map<string, CommandPlan>()
  let count = 0

  const request = (): StartRequest | null => {
    const target = targets[dice.between(0, targets.length - 1)]?.target
    if (target === undefined) return null
    count += 1
    const startKey = `sim.job/r${count}/0/act/0`
    const command = `run ${count}\n${dice.pick(['', ...TEXTS])}${dice.happens(0.02) ? 'l'.repeat(LONG) : ''}`
    plans.set(Buffer.from(command).toString('latin1'), planCommand(dice))
    const env: Record<string, string> = dice.happens(0.5)
      ? {}
      : { TRON_A: dice.pick(['', "q'q", 'two\nlines', 'ü']), B: 'b' }
    const id = attemptIdOf(installation, startKey)
    return { id, startKey, runNumber: count, configHash: 'c0ffee', target, command, env, spec: null }
  }
  const add = (): void => {
    const made = request()
    if (made === null) return
    const isHostile = made.target.node === 'hostile'
    const row = createRow(made, targetKey(made.target), isHostile)
    state.rows.set(made.id, row)
    book.tell(`wants ${made.id.slice(0, 6)} on ${made.target.node}`)
    if (dice.happens(0.25)) clock.timer(dice.between(0, 4_000), () => interrupt(row))
    if (dice.happens(0.25)) clock.timer(dice.between(1_000, 40_000), () => interrupt(row))
  }
  const interrupt = (row: AttemptRow): void => {
    if (row.phase === 'starting') row.revokeWanted = true
    else if (row.phase === 'running' || (row.leftRunning > 0 && !row.released))
      wantStop(row, row.stopWanted === null && dice.happens(0.6) ? 'TERM' : 'KILL')
  }
  const more = (): void => {
    clock.timer(dice.between(10, 12_000), () => {
      if (!world.hasFaults() || count >= ATTEMPTS) return
      for (let left = dice.pick([1, 1, 2, 4]); left > 0; left -= 1) add()
      more()
    })
  }
  return {
    begin: more,
    planOf: (command) => plans.get(command) ?? null,
    checkLaunch(folder, text) {
      checkLaunch({ world, state }, folder, text)
    },
    checkRelease(folder) {
      checkRelease({ world, state }, folder)
    },
  }
}

type Checks = Pick<RequestsOptions, 'world' | 'state'>

function checkLaunch({ world, state }: Checks, folder: SpoolFolder, text: LaunchedText): void {
  const { book } = world
  const row = state.rows.get(folder.id)
  if (row === undefined) {
    book.broken('known', `${folder.id} is launched, and nobody wanted it`)
    return
  }
  if (folder.truth.launches > 0) book.broken('once', `${folder.id} is launched again`)
  if (row.never !== null) book.broken(row.never.rule, `${folder.id} is launched, though ${row.never.why}`)
  const { command, env } = row.request
  const wanted = [command, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)]
  const got = [text.command, ...text.assignments].map((word) => Buffer.from(word, 'latin1').toString('utf8'))
  if (wanted.length === got.length && wanted.every((word, index) => word === got[index])) return
  book.broken('asked', `${folder.id} runs ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`)
}

function checkRelease({ world, state }: Checks, { id, truth }: SpoolFolder): void {
  const { book } = world
  const row = state.rows.get(id)
  if (row === undefined || row.isHostile || truth.launches === 0) return
  if (row.phase !== 'ended') book.broken('release', `${id} is released while it is ${row.phase}`)
  if (row.leftRunning > 0 || truth.wasOrphaned) return
  for (const stream of ['stdout', 'stderr'] as const) {
    const [read, written] = [row.logs[stream], truth.written[stream]]
    if (!read.equals(written)) {
      book.broken('release', `${id} is released with ${read.length} of ${written.length} bytes read`)
    }
  }
}

import type { CommandPlan, PlannedWrite } from './command-plan.ts'
import type { ModelNode, ModelProcess } from './model-node.ts'
import type { SpoolFolder } from './spool-folder.ts'

export interface RunningOptions {
  readonly plan: CommandPlan
  readonly onExit: (code: number) => void
  /** Nothing holds its output open any more. */
  readonly onWritersEnd: () => void
}

/** A command that runs on a model, with the child that it may leave behind. */
export function runCommand(node: ModelNode, folder: SpoolFolder, options: RunningOptions): void {
  const { plan, onExit, onWritersEnd } = options
  const { clock } = node.world
  const { truth, id } = folder
  const cancels: (() => void)[] = []
  const later = (ms: number, call: () => void): void => {
    cancels.push(clock.timer(ms, call))
  }
  const writersEnd = (): void => {
    if (truth.commandAlive || truth.children > 0) return
    for (const cancel of cancels) cancel()
    onWritersEnd()
  }
  const command: ModelProcess = {
    kill(name) {
      if (name === 'KILL') later(node.dice.between(0, 5), () => end(137))
      else if (!plan.ignoresTerm) later(node.dice.between(0, 400), () => end(143))
    },
    vanish() {
      truth.commandAlive = false
      truth.children = 0
      for (const cancel of cancels) cancel()
    },
  }
  const child: ModelProcess = {
    kill(name) {
      if (name === 'KILL') later(node.dice.between(0, 5), endChild)
    },
    vanish: () => undefined,
  }
  function end(code: number): void {
    if (!truth.commandAlive) return
    truth.commandAlive = false
    node.removeProcess(id, command)
    onExit(code)
    writersEnd()
  }
  function endChild(): void {
    if (truth.children === 0) return
    truth.children = 0
    node.removeProcess(id, child)
    writersEnd()
  }
  truth.commandAlive = true
  node.addProcess(id, command)
  if (plan.child !== null) {
    truth.children = 1
    if (plan.child.isMarked) node.addProcess(id, child)
  }
  const { files } = folder
  for (const planned of plan.writes) later(planned.afterMs, () => write(node, { truth, files }, planned))
  if (plan.child !== null) later(plan.child.durationMs, endChild)
  later(plan.durationMs, () => end(plan.code))
}

/** A writer takes what the command gives; on a full disk it takes it too, and keeps a part. */
function write(
  node: ModelNode,
  held: Pick<SpoolFolder, 'truth' | 'files'>,
  { stream, bytes }: PlannedWrite,
): void {
  const { truth, files } = held
  if (!truth.commandAlive && truth.children === 0) return
  let kept = bytes
  if (node.hasNoRoom()) {
    truth.lost[stream] = true
    node.world.book.cover('output lost')
    kept = bytes.subarray(0, node.dice.between(0, bytes.length - 1))
  }
  truth.written[stream] = Buffer.concat([truth.written[stream], kept])
  // A release may have removed the files from their folder; whoever still writes to them writes into nothing.
  if (files !== null) files[stream] = Buffer.concat([files[stream], kept])
}

import type { Stream } from '@tron/executor'
import type { AttemptId } from '@tron/model'
import type { CommandPlan } from './command-plan.ts'
import { runCommand } from './model-command.ts'
import type { LaunchedText, ModelNode } from './model-node.ts'
import type { SpoolFolder } from './spool-folder.ts'

/** One attempt that a session gave to a supervisor. */
export interface Pending extends LaunchedText {
  readonly id: AttemptId
  /** The link that was the fence when it was claimed. */
  readonly fence: string
  /** The spool that its session worked in. */
  readonly disk: number
  /** The wall clock at boot, as the session was told. */
  readonly baseMs: number
}

/** After this long the other side stops waiting for the ring and looks. */
const BELL_MS = 15_000

/** Runs one attempt as its supervisor does: writers, go, command, exit record, ring, writers' end, ring. */
export function launch(node: ModelNode, pending: Pending): void {
  const { dice, world, boot } = node
  const folder = node.folders.get(pending.id)
  if (folder === undefined || folder.disk !== pending.disk) return
  const waitMs = world.hasFaults() && dice.happens(0.05) ? dice.between(3_000, 25_000) : dice.between(0, 30)
  if (waitMs > BELL_MS) world.book.cover('a launch slower than its bell is waited for')
  world.clock.timer(waitMs, () => {
    if (node.boot !== boot || folder.disk !== node.disk) return
    if (node.hasNoRoom(0.3)) {
      node.ring(folder, `E ${pending.id}`)
      return
    }
    folder.files ??= { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }
    if (folder.claim?.boot !== boot) folder.claim = { boot, atMs: instant(node, pending) }
    world.clock.timer(dice.between(0, 20), () => {
      if (node.boot === boot) makeGo(node, folder, pending)
    })
  })
}

function makeGo(node: ModelNode, folder: SpoolFolder, pending: Pending): void {
  const { dice, world, boot } = node
  if (!node.isFence(pending) || folder.go !== null) {
    if (!node.isFence(pending)) world.book.cover('launch fenced')
    node.ring(folder, `D ${pending.id}`)
    return
  }
  folder.go = ''
  folder.truth.boot = boot
  folder.truth.isGoing = true
  const record = (): void => {
    if (node.boot !== boot) {
      world.book.cover('died between the go and its record')
      return
    }
    folder.truth.isGoing = false
    // The record has no folder any more to stand in: whoever was to run it gives up.
    if (folder.disk !== node.disk) return
    if (world.hasFaults() && dice.happens(0.03)) {
      world.book.cover('killed between the go and its record')
      folder.truth.wasGoKilled = true
      node.ring(folder, `D ${pending.id}`)
    } else recordGo(node, folder, pending)
  }
  // Two calls of the shell, with nearly nothing in between.
  if (dice.happens(0.8)) record()
  else world.clock.timer(dice.between(0, 200), record)
  if (world.hasFaults() && dice.happens(0.025)) node.options.onCrash(node)
}

function instant(node: ModelNode, { baseMs }: Pending): number {
  return baseMs + Math.trunc(Number(node.uptimeSeconds()) * 1000)
}

function recordGo(node: ModelNode, folder: SpoolFolder, pending: Pending): void {
  const { truth, id } = folder
  const { world, boot } = node
  const atMs = instant(node, pending)
  if (node.hasNoRoom()) {
    folder.state = `N ${atMs} .`
    truth.neverRan = true
    world.book.cover('launch found the disk full')
    node.ring(folder, `N ${id}`)
    return
  }
  const pid = node.nextPid()
  folder.go = `G ${pid} ${pid * 7} ${node.nextPid()} ${pid * 5} ${boot} ${atMs} .`
  truth.startedMs = atMs
  node.ring(folder, `S ${id} ${atMs}`)
  node.options.onLaunch(folder, pending)
  truth.launches += 1
  truth.supervisorAlive = true
  node.supervisors.set(id, {
    kill: () => undefined,
    vanish() {
      truth.supervisorAlive = false
    },
  })
  const plan: CommandPlan = node.options.planOf(pending.command) ?? {
    durationMs: 0,
    code: 127,
    ignoresTerm: false,
    child: null,
    writes: [],
  }
  runCommand(node, folder, {
    plan,
    onExit: (code) => {
      if (truth.supervisorAlive) recordExit(node, folder, { code, atMs: instant(node, pending) })
    },
    onWritersEnd: () => {
      if (truth.supervisorAlive) world.clock.timer(node.dice.between(0, 4), () => recordClosed(node, folder))
    },
  })
}

function recordExit(
  node: ModelNode,
  folder: SpoolFolder,
  exit: { readonly code: number; readonly atMs: number },
): void {
  folder.truth.exit = exit
  folder.state = `X ${exit.code} ${exit.atMs} .`
  node.ring(folder, `X ${folder.id} ${exit.code} ${exit.atMs}`)
}

function flag(value: boolean): number {
  return value ? 1 : 0
}

function recordClosed(node: ModelNode, folder: SpoolFolder): void {
  const { truth, id, files } = folder
  if (!truth.supervisorAlive || truth.exit === null) return
  const filled = (stream: Stream): number => flag((files?.[stream].length ?? 0) > 0)
  const flags = `${flag(truth.lost.stdout)} ${flag(truth.lost.stderr)} ${filled('stdout')} ${filled('stderr')}`
  folder.state = `C ${truth.exit.code} ${truth.exit.atMs} ${flags} .`
  truth.supervisorAlive = false
  node.supervisors.delete(id)
  node.ring(folder, `C ${id} ${flags}`)
}

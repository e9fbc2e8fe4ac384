import { parseLink } from '../fence-rule.ts'
import type { Dice } from './dice.ts'
import type { ModelNode } from './model-node.ts'
import { copySpool, loseFolder, putBack, removeSpool } from './model-spool.ts'
import type { SimNetwork } from './sim-network.ts'
import type { World } from './world.ts'

type Fault = (node: ModelNode, dice: Dice, world: World) => void

/** The nonces of a scheduler of nobody's knowing begin so. */
const FOREIGN = 'foreign'
const LARGE_JOURNAL = 4 * 1024 * 1024 + 1
const OLD_LINE = 'an old line of the journal, long told and done with, of no use to anybody any more\n'

/** Lets things go wrong, at random times, as long as they may. */
export function startFaults(world: World, network: SimNetwork, nodes: readonly ModelNode[]): void {
  const dice = world.dice.fork()
  const faults = createFaults(network)
  const next = (): void => {
    world.clock.timer(dice.between(300, 25_000), () => {
      if (!world.hasFaults()) return
      const node = nodes[dice.between(0, nodes.length - 1)]
      const fault = faults[dice.between(0, faults.length - 1)]
      if (node !== undefined) fault?.(node, dice, world)
      next()
    })
  }
  next()
}

/** Mends what faults left behind, but for the fence: only an operator can give that back. */
export function endFaults(node: ModelNode): void {
  node.isUp = true
  node.isFull = false
  node.isReplaced = false
}

/** Whether a scheduler holds its fence that is none of ours. */
export function isHeldByOthers(node: ModelNode): boolean {
  return parseLink(node.link)?.nonce.startsWith(FOREIGN) === true
}

function createFaults(network: SimNetwork): readonly Fault[] {
  const cut = (node: ModelNode, reason: string): void => {
    network.cut(node.name, reason)
  }
  return [
    (node, _dice, { book }) => {
      book.tell(`the connections to ${node.name} break`)
      cut(node, 'the connection broke')
    },
    (node, _dice, { book }) => {
      book.tell(`the connections to ${node.name} fall silent`)
      network.silence(node.name)
    },
    (node, dice, world) => {
      node.isUp = false
      world.book.tell(`${node.name} cannot be reached`)
      cut(node, 'the network is gone')
      later(world, dice.between(500, 60_000), () => {
        node.isUp = true
      })
    },
    (node) => {
      node.reboot()
      cut(node, 'the node is rebooted')
    },
    (node, dice, world) => {
      const { book } = world
      book.cover('journal began anew')
      book.tell(`the journal of ${node.name} begins anew`)
      node.rotate(`again${dice.between(1, 999_999)}`)
      watchListeners(node, world)
      if (dice.happens(0.5)) cut(node, 'the connection broke')
    },
    (node, _dice, { book }) => {
      book.tell(`the journal of ${node.name} has become large`)
      node.journal.append(Buffer.alloc(LARGE_JOURNAL, OLD_LINE))
      node.journal.append(Buffer.from('\n'))
      cut(node, 'the connection broke')
    },
    (node, dice, world) => {
      node.isReplaced = true
      cut(node, 'another machine takes its place')
      later(world, dice.between(2_000, 40_000), () => {
        node.isReplaced = false
        cut(node, 'the old machine is back')
      })
    },
    fillDisk,
    fillDisk,
    killSupervisor,
    killSupervisor,
    removeFolder,
    removeWholeSpool,
    putSpoolBack,
    takeFence,
  ]
}

function fillDisk(node: ModelNode, dice: Dice, world: World): void {
  node.isFull = true
  world.book.cover('disk full')
  world.book.tell(`the disk of ${node.name} is full`)
  later(world, dice.between(500, 20_000), () => {
    node.isFull = false
  })
}

function killSupervisor(node: ModelNode, dice: Dice, { book }: World): void {
  const running = [...node.supervisors]
  const [id, supervisor] = running[dice.between(0, running.length - 1)] ?? []
  const folder = id === undefined ? undefined : node.folders.get(id)
  if (id === undefined || folder === undefined) return
  book.cover('supervisor killed')
  book.tell(`the supervisor of ${id.slice(0, 6)} is killed`)
  folder.truth.wasOrphaned = true
  supervisor?.vanish()
  node.supervisors.delete(id)
}

/** Removes all records of a command that has run for a while, and may end it with them, under a connection that lives on. */
function removeFolder(node: ModelNode, dice: Dice, { book, clock }: World): void {
  const longMs = clock.nowMs() - 30_000
  const running = [...node.supervisors.keys()].flatMap((id) => node.folders.get(id) ?? [])
  const old = running.filter(({ truth }) => truth.startedMs !== null && truth.startedMs < longMs)
  const folder = old[dice.between(0, old.length - 1)]
  if (folder === undefined) return
  const { id } = folder
  book.cover('folder removed')
  book.tell(`the folder of ${id.slice(0, 6)} is removed`)
  loseFolder(node, folder)
  node.folders.delete(id)
}

function removeWholeSpool(node: ModelNode, _dice: Dice, world: World): void {
  if (node.generation === null) return
  world.book.cover('spool removed')
  world.book.tell(`the spool of ${node.name} is removed`)
  removeSpool(node)
  watchListeners(node, world)
}

function putSpoolBack(node: ModelNode, dice: Dice, world: World): void {
  if (node.generation === null) return
  const copy = copySpool(node)
  world.book.tell(`the spool of ${node.name} is copied`)
  later(world, dice.between(10, 60_000), () => {
    if (!world.hasFaults()) return
    world.book.cover('spool put back')
    world.book.tell(`the copy is put in the place of the spool of ${node.name}`)
    putBack(node, copy)
    watchListeners(node, world)
  })
}

/** After this long nobody may be listening any more to a journal that was replaced. */
const DEAF_MS = 90_000

function watchListeners(node: ModelNode, world: World): void {
  const deaf = [...node.listeners].filter(({ followed }) => followed !== node.journal)
  later(world, DEAF_MS, () => {
    const left = deaf.filter(
      (one) => node.listeners.has(one) && one.isHeard() && one.followed !== node.journal,
    )
    if (left.length > 0 && node.name !== 'hostile')
      world.book.broken('heard', `a connection to ${node.name} follows a journal that was replaced`)
  })
}

function later(world: World, ms: number, call: () => void): void {
  world.clock.timer(ms, call)
}

/** A clone counts its epochs from where we do: its epoch may be one that we issued, with a nonce of its own. */
function takeFence(node: ModelNode, dice: Dice, { book }: World): void {
  if (node.generation === null) return
  book.cover('fence taken by another scheduler')
  book.tell(`another scheduler takes the fence of ${node.name}`)
  node.holders.delete(node.link)
  const epoch = dice.happens(0.7) ? dice.between(1, 5) : 900
  node.link = `f.${epoch}.1.${FOREIGN}${dice.between(1, 999_999)}`
  node.holders.set(node.link, 'somebody.else')
}

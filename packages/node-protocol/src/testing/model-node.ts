import type { AttemptId } from '@tron/model'
import type { CommandPlan } from './command-plan.ts'
import type { Dice } from './dice.ts'
import { createModelJournal, type ModelJournal } from './model-journal.ts'
import { createSpoolFolder, type SpoolFolder } from './spool-folder.ts'
import type { World } from './world.ts'

/** What a model of a node is made of. */
export interface ModelNodeOptions {
  readonly world: World
  readonly name: string
  /** What the command of a text does. */
  readonly planOf: (command: string) => CommandPlan | null
  /** Called before an attempt is launched. */
  readonly onLaunch: (folder: SpoolFolder, asked: LaunchedText) => void
  /** Its fence goes from one link to another. */
  readonly onClaim: (node: string, from: string, to: string) => void
  /** Whether a scheduler has committed that an attempt started. */
  readonly isConfirmed: (id: AttemptId) => boolean
  /** It is to lose its power now. */
  readonly onCrash: (node: ModelNode) => void
  /** Called before a release removes an attempt's files. */
  readonly onRelease: (folder: SpoolFolder) => void
}

/** A command as it arrived. */
export interface LaunchedText {
  readonly command: string
  readonly assignments: readonly string[]
}

/** A session that follows a journal. */
export interface Listener {
  readonly followed: ModelJournal | null
  /** Whether anybody is at the other end. */
  isHeard(): boolean
}

/** A process, or several that end together. */
export interface ModelProcess {
  /** Takes a signal. */
  kill(name: string): void
  /** Ends without a trace: the machine is gone. */
  vanish(): void
}

/**
 * A machine with a disk that outlives connections: the spool of one installation, its fence, its journal, and the processes that run there. All
 * that the shell program does in several calls is done in the same order here, and whatever may come in between may come in between.
 */
export class ModelNode {
  readonly name: string
  readonly options: ModelNodeOptions
  readonly world: World
  readonly dice: Dice
  /** Counts the spools that stood at its path: whoever has an earlier one open sees nothing of this one. */
  disk = 0
  /** The spool's generation; null while there is no spool. */
  generation: string | null = null
  /** The name of the one link that leads to the attempts. */
  link = 'f.0.0.-'
  readonly holders = new Map<string, string>()
  readonly folders = new Map<string, SpoolFolder>()
  /** Folders that somebody removed, with what had become of their attempts. */
  readonly removed = new Map<AttemptId, SpoolFolder>()
  readonly processes = new Map<AttemptId, Set<ModelProcess>>()
  /** Supervisors that wait for their attempts. */
  readonly supervisors = new Map<AttemptId, ModelProcess>()
  journal: ModelJournal = createModelJournal('none')
  boot = 'boot-1'
  boots = 1
  bootedMs: number
  readonly machine: string
  /** Another machine answers under its name. */
  isReplaced = false
  isUp = true
  isFull = false
  readonly follower: 'tail' | 'poll'
  readonly launcher: string
  /** Shells that run here, each with what ends it at once. */
  readonly shells = new Set<() => void>()
  readonly listeners = new Set<Listener>()
  #pid = 1_000

  constructor(options: ModelNodeOptions) {
    this.options = options
    this.world = options.world
    this.name = options.name
    this.dice = options.world.dice.fork()
    this.machine = `machine-${options.name}`
    this.bootedMs = this.world.clock.nowMs() - this.dice.between(1_000, 10_000_000)
    this.follower = this.dice.pick(['tail', 'tail', 'poll'])
    this.launcher = this.dice.pick(['setsid-f', 'start-stop-daemon', 'plain'])
  }

  nextPid(): number {
    this.#pid += this.dice.between(1, 9)
    return this.#pid
  }

  uptimeSeconds(): string {
    return ((this.world.clock.nowMs() - this.bootedMs) / 1000).toFixed(2)
  }

  /** Whether what goes through this link, in this of its spools, still gets anywhere. */
  isFence({ fence, disk }: { readonly fence: string; readonly disk: number }): boolean {
    return this.link === fence && this.disk === disk
  }

  /** Whether a process carries the attempt's marker. */
  isCarried(id: AttemptId): boolean {
    return (this.processes.get(id)?.size ?? 0) > 0
  }

  makeSpool(nonce: string): void {
    this.generation = `g.${nonce}`
    this.link = 'f.0.0.-'
    this.journal = createModelJournal(nonce)
    this.world.book.cover('spool made')
  }

  rotate(generation: string): void {
    this.journal = createModelJournal(generation)
  }

  /** The folder of an attempt, made when it is not there. */
  makeFolder(id: AttemptId): SpoolFolder {
    const folder = this.folders.get(id) ?? createSpoolFolder(id, this.disk)
    this.folders.set(id, folder)
    return folder
  }

  /** Somebody looks at an attempt's records or processes. */
  lookedAt(id: AttemptId): void {
    const folder = this.folders.get(id)
    if (folder === undefined) return
    const { state, truth } = folder
    if (state?.startsWith('X') === true || (truth.wasOrphaned && truth.children > 0)) truth.wasSeenOpen = true
  }

  /** Whether a write finds no room: of a full disk, some find room all the same. */
  hasNoRoom(probability = 0.8): boolean {
    return this.isFull && this.dice.happens(probability)
  }

  /** Adds a line to the journal; a full disk takes a part of it, or nothing. */
  ring(folder: SpoolFolder, text: string): void {
    // Who rings does so in the spool that the attempt was launched in.
    if (folder.disk !== this.disk) return
    const line = Buffer.from(`\n${text} .\n`)
    this.world.book.tell(`${this.name} rings "${text}"`)
    if (!this.hasNoRoom()) {
      this.journal.append(line)
      return
    }
    folder.truth.lostRing = true
    this.world.book.cover('a ring of the journal lost')
    const kept = this.dice.happens(0.5) ? 0 : this.dice.between(0, line.length - 1)
    if (kept > 0) this.journal.append(line.subarray(0, kept))
  }

  addProcess(id: AttemptId, process: ModelProcess): void {
    const all = this.processes.get(id) ?? new Set()
    this.processes.set(id, all.add(process))
  }

  removeProcess(id: AttemptId, process: ModelProcess): void {
    this.processes.get(id)?.delete(process)
  }

  /** All that runs here ends, and what was being written down stays as it was. */
  reboot(): void {
    this.world.book.cover('node rebooted')
    this.world.book.tell(`${this.name} is rebooted`)
    this.boots += 1
    this.boot = `boot-${this.boots}`
    this.bootedMs = this.world.clock.nowMs()
    for (const end of this.shells) end()
    this.shells.clear()
    for (const all of this.processes.values()) for (const process of all) process.vanish()
    this.processes.clear()
    for (const supervisor of this.supervisors.values()) supervisor.vanish()
    for (const { truth } of this.folders.values()) truth.isGoing = false
    this.supervisors.clear()
  }
}

import type { Fence, Holder } from '@tron/executor'
import { type Random, type Target, TronError } from '@tron/model'
import type { ControlChannel } from './control-channel.ts'
import {
  FREE_LINK,
  holderOf,
  isFree,
  mayReplace,
  nextLink,
  parseLink,
  type TakeOverOrder,
} from './fence-rule.ts'
import type { Hello } from './hello.ts'
import type { NodeSettings } from './settings.ts'
import { safeName, safeWord } from './wire/safe-text.ts'

/** The spool of one node over one connection, and its fence. */
export interface SpoolAccess {
  /** The journal's generation and its size when it was last looked at. */
  journal(): JournalState
  /** The generation's folder below the spool's root; null while there is no spool. */
  folder(): string | null
  /** Whether our fence held when last looked at. */
  isHeld(): boolean
  /** A request was refused: the fence is not ours any more. */
  noteFenced(): void
  /** Looks again at who holds the spool; null: nobody. Changes nothing. */
  inspect(): Promise<Holder | null>
  /** Makes the fence ours if that is allowed. @returns null, or who holds it instead */
  claim(options: ClaimOptions): Promise<Holder | null>
  /** Starts a new journal. Only while the fence is ours. */
  rotate(): Promise<void>
  /** Looks at the spool anew; null while there is none. Changes nothing. @throws ReplacedError, UNREACHABLE when it cannot be used */
  look(): Promise<FoundFence | null>
}

export interface FoundFence {
  /** The name of the link. */
  readonly link: string
  /** As the node keeps it. */
  readonly holder: string
}

export interface JournalState {
  readonly generation: string
  readonly size: number
}

export interface ClaimOptions {
  readonly fence: Fence
  readonly order: TakeOverOrder
}

/** Another machine answers under the name of a node. */
export class ReplacedError extends TronError {
  readonly isReplaced = true
}

export interface SpoolOptions {
  readonly target: Target
  readonly installation: string
  readonly random: Random
  readonly settings: NodeSettings
  readonly control: ControlChannel
  readonly hello: Hello
}

const CLAIM_TRIES = 5

export function createSpoolAccess(options: SpoolOptions): SpoolAccess {
  return new Spool(options)
}

class Spool implements SpoolAccess {
  readonly #options: SpoolOptions
  readonly #place: string
  #journal: JournalState = { generation: '-', size: 0 }
  #folder: string | null = null
  #isHeld = false
  /** Whoever asks while a claim is under way has its answer: two at once would take the fence from each other. */
  #claiming: Promise<Holder | null> | null = null

  constructor(options: SpoolOptions) {
    this.#options = options
    this.#place = `${safeName(options.installation)}/${safeName(options.target.node)}`
  }

  journal(): JournalState {
    return this.#journal
  }

  folder(): string | null {
    return this.#folder
  }

  isHeld(): boolean {
    return this.#isHeld
  }

  noteFenced(): void {
    this.#isHeld = false
  }

  async look(): Promise<FoundFence | null> {
    const { control, settings, target, hello } = this.#options
    const header = `look ${this.#place.replace('/', ' ')}`
    const reply = await control.ask({ header, raw: [settings.spoolRoot ?? ''] })
    if (reply.status === 'none') return null
    if (reply.status !== 'held') throw unfit(target, UNFIT[reply.words[0] ?? ''])
    const [generation = '', link = '', holder = '', home = '-', ...state] = reply.words
    if (home !== hello.machine) throw replaced(target)
    this.#note([generation, ...state])
    return { link, holder }
  }

  async inspect(): Promise<Holder | null> {
    const found = await this.look()
    const link = parseLink(found?.link ?? '')
    return found === null || link === null || isFree(link) ? null : holderOf(link, found.holder)
  }

  claim(options: ClaimOptions): Promise<Holder | null> {
    this.#claiming ??= this.#claim(options).finally(() => {
      this.#claiming = null
    })
    return this.#claiming
  }

  async rotate(): Promise<void> {
    const generation = Buffer.from(this.#options.random.bytes(8)).toString('hex')
    const { status, words } = await this.#options.control.ask({ header: `rotate ${generation}` })
    if (status === 'rotated') this.#journal = { generation: words[0] ?? '-', size: Number(words[1]) }
  }

  async #claim({ fence, order }: ClaimOptions): Promise<Holder | null> {
    const { node } = this.#options.target
    this.#isHeld = false
    for (let tried = 0; tried < CLAIM_TRIES; tried += 1) {
      const found = await this.look()
      const link = parseLink(found?.link ?? FREE_LINK.name)
      if (link === null) throw new TronError('PROTOCOL', `node ${node}: its spool has no fence`)
      if (!mayReplace(fence, link, order)) return holderOf(link, found?.holder ?? '')
      const status = await this.#replace(link.name, nextLink(fence, link), fence.holder)
      if (status === 'claimed') return null
      if (status === 'lost') order.missed()
    }
    throw new TronError('UNREACHABLE', `node ${node}: several schedulers claim its spool at once`)
  }

  /** @returns `claimed`, or `lost` when the link found was not there any more to be replaced */
  async #replace(found: string, next: string, holder: string): Promise<string> {
    const { control, hello, target, settings } = this.#options
    const bootMs = Math.round(hello.receivedMs - hello.uptime * 1000)
    const reply = await control.ask({ header: `claim ${found} ${next} ${safeWord(holder)} ${bootMs}` })
    if (reply.status === 'failed') throw unfit(target, unwritable(settings.spoolRoot))
    if (reply.status === 'claimed') {
      this.#note(reply.words)
      this.#isHeld = true
    }
    return reply.status
  }

  #note([generation = '', journalGeneration = '-', size]: readonly string[]): void {
    this.#folder = `${this.#place}/${generation}`
    this.#journal = { generation: journalGeneration, size: Number(size) }
  }
}

const UNFIT: Readonly<Record<string, string>> = {
  symlink: 'the spool is a symbolic link; name the folder itself as spool root',
  mode: 'the spool may be entered by others: its mode must be 0700',
  owner: 'the spool belongs to another user',
}

/** The node does not say which of these it is. */
function unwritable(root: string | null): string {
  const path = root ?? '.tron-spool in the home of its user'
  return `the spool ${path} cannot be made or written: its user may not do that there, or its disk is full or read-only`
}

function unfit(target: Target, why = 'the spool cannot be used'): TronError {
  return new TronError('UNREACHABLE', `node ${target.node}: ${why}`, {
    hint: 'Correct the folder on the node, or name another spool root in the configuration.',
    details: { node: target.node },
  })
}

function replaced(target: Target): ReplacedError {
  const text = `node ${target.node}: the spool belongs to another machine than the one that answers`
  return new ReplacedError('UNREACHABLE', text, {
    hint: 'Check the address of the node. If the machine was replaced on purpose, move its old spool away.',
    details: { node: target.node },
  })
}

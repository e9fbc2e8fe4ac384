import { attemptId } from '@tron/model'
import type { ModelJournal } from './model-journal.ts'
import type { Pending } from './model-launch.ts'
import type { Listener, ModelNode } from './model-node.ts'
import { answer } from './model-requests.ts'
import type { ChannelProgram, ProgramOutput } from './sim-channel.ts'
import type { SpoolFolder } from './spool-folder.ts'

/** One request as the program's loop reads it: its words, and the raw lines that belong to it. */
export interface ShellRequest {
  readonly token: string
  readonly name: string
  readonly words: readonly string[]
  readonly raw: readonly string[]
}

/** What an invented node does to what an honest one would say; each returns whether it took the matter over. */
export interface Interference {
  greeting(shell: ModelShell): boolean
  /** @param said the lines of an honest answer, the last one with its end */
  reply(shell: ModelShell, request: ShellRequest, said: Buffer): boolean
}

const PROGRAM_END = '\nmain\nexit\n}\n'
const BANNERS = [
  'Welcome to the model.\n',
  'motd without an end',
  '\u001b[31mred\u001b[0m\n\n',
  'HELLO there\n',
]

/** The program on one control channel: reads requests one after the other and answers each, in order. */
export class ModelShell implements ChannelProgram, Listener {
  readonly node: ModelNode
  readonly output: ProgramOutput
  /** The link that this session claimed. */
  fence = '-'
  /** Which of the node's spools it works in. */
  disk = -1
  /** The journal that it follows. */
  followed: ModelJournal | null = null
  baseMs = 0
  pending: Pending[] = []
  nonce = ''
  unfollow: () => void = () => undefined
  readonly #interference: Interference | null
  readonly #lines: string[] = []
  #text = ''
  #isReading = false
  #isBusy = false
  #isEnded = false
  #isDead = false
  readonly #die = (): void => {
    this.#isDead = true
    this.node.listeners.delete(this)
    this.unfollow()
  }

  constructor(node: ModelNode, output: ProgramOutput, interference: Interference | null) {
    this.node = node
    this.output = output
    this.#interference = interference
    node.shells.add(this.#die)
  }

  /** What it sees of the spool's folders: nothing where another one stands in the place of the spool that it works in. */
  folder(id: string): SpoolFolder | undefined {
    return this.disk === this.node.disk ? this.node.folders.get(attemptId(id)) : undefined
  }

  folders(): readonly SpoolFolder[] {
    return this.disk === this.node.disk ? [...this.node.folders.values()] : []
  }

  /** Goes into the spool that stands at the node's path now. @returns whether there is one */
  enter(): boolean {
    if (this.node.generation === null) return false
    this.disk = this.node.disk
    return true
  }

  isHeard(): boolean {
    return this.output.isHeard()
  }

  feed(bytes: Buffer): void {
    if (this.#isDead) return
    this.#text += bytes.toString('latin1')
    if (!this.#isReading) {
      const at = this.#text.indexOf(PROGRAM_END)
      if (at === -1) return
      this.nonce = /^nonce=(\w+) /m.exec(this.#text)?.[1] ?? ''
      this.#text = this.#text.slice(at + PROGRAM_END.length)
      this.#isReading = true
      this.#isBusy = true
      this.#after(this.node.dice.between(1, 40), () => {
        this.#greet()
      })
    }
    this.#cutLines()
    this.#work()
  }

  end(): void {
    this.#isEnded = true
    this.#work()
  }

  /** Writes to the standard output. Whoever writes to what nobody holds any more may be ended by it. */
  say(bytes: Buffer): void {
    if (!this.output.isHeard() && this.node.dice.happens(0.5)) this.#die()
    else this.output.stdout(bytes)
  }

  /** It reads no more requests, and keeps its channel. */
  mute(): void {
    this.#die()
  }

  #after(ms: number, call: () => void): void {
    this.node.world.clock.timer(ms, () => {
      if (this.#isDead) return
      this.#isBusy = false
      call()
      this.#work()
    })
  }

  #cutLines(): void {
    const parts = this.#text.split('\n')
    this.#text = parts.pop() ?? ''
    this.#lines.push(...parts)
  }

  #greet(): void {
    const { node, nonce } = this
    if (this.#interference?.greeting(this) === true) return
    // Another machine with the same home has a boot of its own, too. Where there is no spool yet, it is the first.
    const isAnother = node.isReplaced && node.generation !== null
    const [machine, boot] = isAnother ? ['another-machine', 'another-boot'] : [node.machine, node.boot]
    if (node.dice.happens(0.15)) {
      node.world.book.cover('a login shell greets')
      this.say(Buffer.from(node.dice.pick([BANNERS[0] ?? '', ...BANNERS])))
      this.output.stderr(Buffer.from('J 5 . is what a login might print\nnoise'))
    }
    const hello = `HELLO ${nonce} 1 ${node.nextPid()} ${machine} ${boot} ${node.uptimeSeconds()} ${node.launcher} ${node.follower} .`
    this.say(Buffer.from(`\n${hello}\nREADY ${nonce} .\n`))
  }

  #work(): void {
    if (this.#isDead || this.#isBusy || !this.#isReading) return
    const request = this.#next()
    if (request !== null) {
      this.#isBusy = true
      this.#after(this.#serviceMs(), () => {
        this.#serve(request)
      })
    } else if (this.#isEnded) {
      this.#die()
      this.node.shells.delete(this.#die)
      this.output.exit(0)
    }
  }

  #serviceMs(): number {
    const { dice, world } = this.node
    if (world.hasFaults() && dice.happens(0.02)) return dice.between(500, 6_000)
    return dice.between(0, 4)
  }

  #serve(request: ShellRequest): void {
    const said = answer(this, request)
    if (said === null) return
    const bytes = Buffer.concat([said, Buffer.alloc(0)])
    if (this.#interference?.reply(this, request, bytes) === true) return
    this.say(bytes)
  }

  /** The next request that is wholly there; lines that are none are left out, as the program does. */
  #next(): ShellRequest | null {
    for (;;) {
      const [line] = this.#lines
      if (line === undefined) return null
      if (!line.endsWith(' .')) {
        this.#lines.shift()
        continue
      }
      const [token = '', name = '', ...words] = line.slice(0, -2).split(' ')
      const count = rawLines(name, words)
      if (this.#lines.length <= count) return null
      this.#lines.shift()
      return { token, name, words, raw: this.#lines.splice(0, count) }
    }
  }
}

/** How many raw lines follow a request. */
function rawLines(name: string, words: readonly string[]): number {
  if (name === 'look') return 1
  if (name !== 'start') return 0
  return words.slice(6).reduce((total, count) => total + Number(count), 0)
}

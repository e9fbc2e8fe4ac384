import { type AttemptId, attemptIdOf } from '@tron/model'
import type { Coverage } from './coverage.ts'
import type { Dice } from './dice.ts'
import { createFlood, FLOOD_PIECE } from './flood.ts'
import type { BulkRequest } from './model-bulk.ts'
import type { ModelNode } from './model-node.ts'
import type { Interference, ModelShell, ShellRequest } from './model-shell.ts'
import type { ProgramOutput } from './sim-channel.ts'
import type { World } from './world.ts'

/** What a node that lies does to what an honest one would say. */
export interface HostileMind extends Interference {
  /** @returns whether it took a bulk channel over */
  bulk(output: ProgramOutput, request: BulkRequest): boolean
}

export interface HostileOptions {
  readonly world: World
  readonly node: () => ModelNode
  /** Attempts of other nodes, which it has heard of somehow. */
  readonly others: () => readonly AttemptId[]
  readonly probability: number
}

/** Nobody waits longer for the first byte of bulk output. */
const SILENT_BULK_MS = 45_000

type Trick = (shell: ModelShell, request: ShellRequest, said: Buffer) => void

/** What stands in for a number that no honest record holds. */
const IMPOSSIBLE = ['-1', 'NaN', '9'.repeat(400), '1e9', '0x10', '1.5', '99999999999999999999', '', 'many']

/** A node that says whatever its seed makes it say, as long as anything may go wrong. */
export function createHostileMind(options: HostileOptions): HostileMind {
  const { world, probability } = options
  const dice = world.dice.fork()
  const isLying = (): boolean => world.hasFaults() && dice.happens(probability)
  const flood = createFlood(world)
  const tricks = createTricks({ ...options, dice, flood })
  return {
    greeting(shell) {
      if (!isLying() || !dice.happens(0.3)) return false
      if (dice.happens(0.3)) {
        world.book.cover('hostile: silence')
        return true
      }
      world.book.cover('hostile: endless greeting')
      flood(shell.output, {
        kind: 'greeting',
        of: 'stdout',
        piece: Buffer.alloc(FLOOD_PIECE, 'welcome '),
        limit: 'cut',
      })
      return true
    },
    reply(shell, request, said) {
      if (!isLying()) return false
      const trick = tricks[dice.between(0, tricks.length - 1)]
      trick?.(shell, request, said)
      return true
    },
    bulk(output, request) {
      if (!world.hasFaults() || !dice.happens(0.7)) return false
      lieInBulk({ world, flood }, output, { request, how: dice.pick([0, 0, 0, 1, 2, 3, 4]) })
      return true
    },
  }
}

/** What tricks are made with. */
interface TrickOptions extends HostileOptions {
  readonly dice: Dice
  readonly flood: ReturnType<typeof createFlood>
}

function lieInBulk(
  { world, flood }: Pick<TrickOptions, 'world' | 'flood'>,
  output: ProgramOutput,
  { request, how }: { readonly request: BulkRequest; readonly how: number },
): void {
  const { nonce, content } = request
  if (how === 0) {
    world.book.cover('hostile: silent bulk')
    world.clock.timer(SILENT_BULK_MS, () => {
      if (output.isHeard())
        world.book.broken('reads', 'bulk output that never comes is waited for without end')
    })
    return
  }
  if (how === 1 || how === 2) {
    world.book.cover('hostile: endless bulk')
    if (how === 1) output.stdout(Buffer.from(`BULK ${nonce}\n`))
    flood(output, { kind: 'bulk', of: 'stdout', piece: Buffer.alloc(FLOOD_PIECE, 'no mark '), limit: 'cut' })
    return
  }
  output.stdout(Buffer.from(`BULK ${nonce}\n`))
  output.stdout(how === 3 ? content.subarray(0, content.length / 2) : Buffer.concat([content, content]))
  output.stdout(Buffer.from(`\nEND ${nonce}\n`))
  output.exit(0)
}

function createTricks(options: TrickOptions): readonly Trick[] {
  const { world } = options
  const named = [
    ...orderTricks(options),
    ...shapeTricks(options),
    ...listingTricks(options),
    ...ringTricks(options),
  ]
  return named.map(([what, trick]) => (shell, request, said) => {
    world.book.cover(what)
    world.book.tell(`${what}, for ${request.name}`)
    trick(shell, request, said)
  })
}

type NamedTrick = readonly [Coverage, Trick]

function text(bytes: Buffer): string {
  return bytes.toString('latin1')
}

/** Answers that belong to nothing, or are none. */
function orderTricks({ dice }: TrickOptions): readonly NamedTrick[] {
  return [
    [
      'hostile: wrong request number',
      (shell, { token }, said) => {
        const next = `= t${Number(token.slice(1)) + 1} `
        shell.say(Buffer.from(text(said).replace(`= ${token} `, next), 'latin1'))
      },
    ],
    [
      'hostile: unknown request number',
      (shell, _request, said) => {
        shell.say(Buffer.concat([Buffer.from('= t999999 launching .\n'), said]))
      },
    ],
    [
      'hostile: unasked reply',
      (shell, { token }, said) => {
        shell.say(Buffer.concat([said, said, Buffer.from(`= ${token} revoked .\n= t0 held .\n`)]))
      },
    ],
    [
      'hostile: reply of no known kind',
      (shell, { token }) => {
        const words = dice.pick([
          'maybe',
          '',
          'claimed',
          'held a b c d e f',
          'launching',
          'exists',
          'revoked',
          'sent',
        ])
        shell.say(Buffer.from(`= ${token} ${words} .\n`))
      },
    ],
    [
      'hostile: silence',
      (shell) => {
        shell.mute()
      },
    ],
  ]
}

/** Bytes in amounts and shapes that no answer has. */
function shapeTricks({ dice, flood }: TrickOptions): readonly NamedTrick[] {
  return [
    [
      'hostile: oversize line',
      (shell, _request, said) => {
        shell.say(Buffer.concat([Buffer.alloc(dice.between(60_000, 300_000), 'x'), said]))
      },
    ],
    [
      'hostile: binary garbage',
      (shell, _request, said) => {
        shell.say(Buffer.concat([Buffer.from(dice.bytes(dice.between(1, 3_000))), said]))
        shell.output.stderr(Buffer.from(dice.bytes(dice.between(1, 3_000))))
      },
    ],
    [
      'hostile: endless lines',
      (shell) => {
        shell.mute()
        flood(shell.output, { kind: 'answer', of: 'stdout', piece: lines(FLOOD_PIECE), limit: 'cut' })
      },
    ],
    [
      'hostile: wrong piece',
      (shell, _request, said) => {
        const length = dice.pick([0, 1, 100, 65_536, 65_537, 999_999])
        const piece = Buffer.alloc(Math.min(length, 70_000), 'p')
        const mark = dice.pick(['', '00', 'e0'])
        const [start, end] = [`b ${length} ${mark} .\n`, dice.pick(['\n', `\ne ${mark} .\n`])]
        shell.say(Buffer.concat([Buffer.from(start), piece, Buffer.from(end), said]))
      },
    ],
  ]
}

/** Records that contradict each other, or hold what no record can. */
function listingTricks({ node, dice }: TrickOptions): readonly NamedTrick[] {
  return [
    [
      'hostile: contradicting listing',
      (shell, _request, said) => {
        shell.say(Buffer.from(contradict(text(said), dice.between(0, 4)), 'latin1'))
      },
    ],
    [
      'hostile: impossible numbers',
      (shell, _request, said) => {
        const number = IMPOSSIBLE[dice.between(0, IMPOSSIBLE.length - 1)] ?? ''
        const lied = text(said).replaceAll(/(?<=[^=] )\d+(?= )/g, (found) =>
          dice.happens(0.4) ? number : found,
        )
        shell.say(Buffer.from(lied, 'latin1'))
        for (const id of node().folders.keys()) {
          const rings = `S ${id} ${number} .\nX ${id} ${number} ${number} .\nX ${id} -7 -9 .\n`
          shell.output.stderr(Buffer.from(rings))
        }
      },
    ],
  ]
}

/** Rings of the journal that nobody rang. */
function ringTricks({ others, dice, flood }: TrickOptions): readonly NamedTrick[] {
  return [
    [
      'hostile: endless journal line',
      (shell, _request, said) => {
        shell.say(said)
        flood(shell.output, {
          kind: 'journal',
          of: 'stderr',
          piece: Buffer.alloc(FLOOD_PIECE, 'S '),
          limit: 'held',
        })
      },
    ],
    [
      'hostile: endless invented rings',
      (shell, _request, said) => {
        shell.say(said)
        shell.output.stderr(inventedRings(dice.between(1, 3_000)))
      },
    ],
    [
      'hostile: rings of other runs',
      (shell, _request, said) => {
        for (const id of others()) shell.output.stderr(Buffer.from(ringsOf(id)))
        shell.say(said)
      },
    ],
  ]
}

/** Lines that are no answer; long ones, since it is their bytes that count. */
function lines(length: number): Buffer {
  return Buffer.alloc(length, `${'no-answer-'.repeat(800)}\n`)
}

/** A whole life of an attempt that somebody else runs. */
function ringsOf(id: AttemptId): string {
  return `S ${id} 1 .\nX ${id} 66 2 .\nC ${id} 0 0 0 0 .\n`
}

function inventedRings(count: number): Buffer {
  const ids = Array.from({ length: count }, (_, index) => attemptIdOf('nobody', `invented ${index}`))
  return Buffer.from(ids.map((id) => `S ${id} 5 .\n`).join(''))
}

/** Says the opposite of what a listing said, or says it twice, differently. */
function contradict(said: string, how: number): string {
  switch (how) {
    case 0:
      return said.replaceAll(/ (kept|released) \d \d \.$/gm, ' absent 0 0 .')
    case 1:
      return said.replaceAll(/^s .*$/gm, 's C 42 1 0 0 1 1 .')
    case 2:
      return said.replaceAll(/^g .*$/gm, 'g R .')
    case 3:
      return said.replaceAll(/^g .*$/gm, 'g G 1 1 1 1 another-boot 5 .')
    default:
      return said.replaceAll(/^a [a-z2-7]{26}/gm, `a ${attemptIdOf('nobody', said)}`)
  }
}

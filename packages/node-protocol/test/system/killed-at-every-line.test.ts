import { requireNamespaces, requireProgram } from '@tron/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { EVERYDAY_PHASES } from './killed-at-every-line/everyday-phases.ts'
import { killAll, traceAll } from './killed-at-every-line/kill-all.ts'
import { killPoints, type Reach } from './killed-at-every-line/kill-point.ts'
import { openLane } from './killed-at-every-line/lane.ts'
import { storyOf } from './killed-at-every-line/story.ts'
import { openNode } from './node-in-namespace.ts'

const LIMIT_MS = 600_000

const SHELLS = [
  { program: 'dash', debianPackage: 'dash', turn: 0 },
  { program: 'bash', debianPackage: 'bash', turn: 1 },
  { program: 'busybox', debianPackage: 'busybox', turn: 2 },
]

/** Some phases use the programs of busybox whatever the shell. */
const isUsable = requireNamespaces() && requireProgram('busybox', 'busybox')

describe.skipIf(!isUsable)("a node's program that is killed", () => {
  let reach: Reach
  beforeAll(async () => {
    // Which lines are reached does not depend on the shell: where one reached another's less, that would be told as a miss.
    await using node = await openNode({ program: 'busybox' })
    reach = await traceAll(node)
  }, LIMIT_MS)

  it('comes by at each of its lines', () => {
    const unreached = reach.steps.filter(({ line }) => !reach.reached.has(line))
    expect(unreached).toEqual([])
    // That lines are recognised as such: two of three are, the others only open, close or say something.
    expect(reach.steps.length).toBeGreaterThan(400)
  })

  describe.each(SHELLS)('under $program', ({ program, debianPackage, turn }) => {
    const isThere = requireProgram(program, debianPackage)
    it.skipIf(!isThere)('does with steps what it does as it is shipped, when nobody is killed', async () => {
      await using node = await openNode({ program })
      await using stepped = await openLane(node, { name: 'stepped' })
      await using shipped = await openLane(node, { name: 'shipped', isStepped: false })
      const phases = EVERYDAY_PHASES.filter(({ tools }) => tools === undefined)
      const [one, other] = await Promise.all([storyOf(stepped, phases), storyOf(shipped, phases)])
      expect(one).toEqual(other)
    })

    it.skipIf(!isThere)(
      'runs each attempt at most once, and what is told of it is true, whichever line it is killed at',
      async () => {
        await using node = await openNode({ program })
        const points = killPoints(reach, turn)
        const { failures, lines } = await killAll(node, points)
        expect(failures).toEqual([])
        expect(reach.steps.filter(({ line }) => !lines.has(line))).toEqual([])
      },
      LIMIT_MS,
    )
  })
})

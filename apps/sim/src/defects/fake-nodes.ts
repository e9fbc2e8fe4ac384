import type { Defect } from './defect.ts'

const NODE = 'packages/executor/src/testing/fake/node.ts'

/** Nodes that do not enforce what they promise. */
export const FAKE_NODES: readonly Defect[] = [
  {
    name: 'the-node-launches-again-what-ended',
    about:
      'A start of an id that has ended launches it again. The answer to a start is lost, the command ends, the start is asked again: the command runs twice.',
    layer: 'engine',
    edits: [
      {
        file: NODE,
        find: "if (held !== undefined) return { id, result: 'exists' }",
        replace: "if (held?.phase === 'launched') return { id, result: 'exists' }",
      },
    ],
  },
  {
    name: 'a-revoked-id-may-start',
    about:
      'A start of an id that was revoked launches it. The start waits on the wire, the run is cancelled and the node answers "revoked", then the start arrives: the command of a cancelled run runs.',
    layer: 'engine',
    edits: [
      {
        file: NODE,
        find: `  if (held?.phase === 'revoked') {
    return {
      id,
      result: 'refused',
      retry: false,
      code: 'REVOKED',
      reason: 'it was revoked before it started',
    }
  }
  if (held !== undefined) return`,
        replace: "  if (held !== undefined && held.phase !== 'revoked') return",
      },
    ],
  },
  {
    name: 'the-node-revokes-what-has-run',
    about:
      'A revoke of what has ended answers "revoked". The answer to a start is lost, the command ends, the run is cancelled: it is called never started although it ran.',
    layer: 'engine',
    edits: [
      {
        file: NODE,
        find: "result: held === undefined || held.phase === 'revoked' ? 'revoked' : 'started'",
        replace: "result: held?.phase === 'launched' ? 'started' : 'revoked'",
      },
    ],
  },
  {
    name: 'a-release-frees-the-id',
    about:
      'A release forgets the id. The database is restored from a copy in which a released attempt was still starting, and it is started again: the command runs twice. A release whose answer is lost is never confirmed.',
    layer: 'engine',
    edits: [
      {
        file: NODE,
        find: 'put(bench, { ...attempt, released: true, stdout: new Uint8Array(), stderr: new Uint8Array() })',
        replace: 'bench.spool.attempts.delete(id)',
      },
    ],
  },
]

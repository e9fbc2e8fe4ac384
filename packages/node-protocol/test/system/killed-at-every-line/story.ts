import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutorEvent } from '@tron/executor'
import type { Attempt } from './attempt.ts'
import { type End, settle } from './end.ts'
import type { Lane } from './lane.ts'
import type { Phase } from './phase.ts'

/** What phases come to, without anything that is another one each time: to be compared between two programs. */
export async function storyOf(lane: Lane, phases: readonly Phase[]): Promise<readonly unknown[]> {
  const story: unknown[] = []
  for (const phase of phases) {
    const from = lane.events.length
    const attempts = await phase.act(lane, () => Promise.resolve())
    const before = lane.events.slice(from)
    const ends = await Promise.all(attempts.map((attempt) => settle(lane, attempt)))
    story.push({
      phase: phase.name,
      attempts: attempts.map((attempt) => eventsOf(before, attempt)),
      ends: ends.map(endOf),
      spool: await treeOf(lane.spool),
    })
  }
  return story
}

/** What was told of it, as often as it was told. */
function eventsOf(events: readonly ExecutorEvent[], { request, code }: Attempt): readonly unknown[] {
  return events.flatMap((event): readonly unknown[] => {
    if (event.kind === 'target' || event.kind === 'progress' || event.id !== request.id) return []
    if (event.kind === 'exit') {
      const isOwn = event.outcome.type === 'exited' && event.outcome.code === code
      return [{ kind: event.kind, outcome: isOwn ? 'its own' : event.outcome }]
    }
    if (event.kind !== 'stopped') return [event.kind]
    return [{ kind: event.kind, signalled: event.signalled, survivors: event.survivors }]
  })
}

function endOf({ attempt, ran, status, absent, closed, outcome }: End): unknown {
  return {
    ran,
    status: status.map((code) => code === String(attempt.code)),
    absent: absent?.proof,
    outcome: outcome?.type === 'exited' && outcome.code === attempt.code ? 'its own' : outcome,
    isWhole: closed?.sizes.stdout === attempt.stdout.length && closed.sizes.stderr === attempt.stderr.length,
    leftRunning: closed?.leftRunning,
    lost: closed?.lost,
  }
}

/** Names, modes and contents, with what differs by nature replaced by what it is. */
async function treeOf(folder: string): Promise<readonly string[]> {
  const lines = new Set<string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    // What lies behind the fence lies beside it.
    if (/\/f\.[^/]*\//.test(path)) continue
    lines.add(alike(`${path.slice(folder.length)} ${await contentOf(path)}`))
  }
  return Array.from(lines).toSorted()
}

async function contentOf(path: string): Promise<string> {
  const found = await lstat(path)
  if (found.isSymbolicLink()) return `-> ${await readlink(path)}`
  const mode = (found.mode & 0o777).toString(8).padStart(3, '-')
  return found.isFile() ? `${mode} ${await textOf(path)}` : mode
}

/** Of what grows without end only that it is there. */
async function textOf(path: string): Promise<string> {
  if (/\/(?:journal|cmd)$/.test(path)) return ''
  return readFile(path, 'latin1')
}

function alike(text: string): string {
  return text
    .replaceAll(/[a-z2-7]{26}/g, 'ID')
    .replaceAll(/\/a\/[a-z2-7]{2}\b/g, '/a/XX')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'BOOT')
    .replaceAll(/[0-9a-f]{16,}/g, 'NONCE')
    .replaceAll(/[\d#]+/g, '#')
}

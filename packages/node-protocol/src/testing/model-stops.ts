import { attemptId } from '@tron/model'
import type { Said } from './model-requests.ts'
import type { ModelShell } from './model-shell.ts'
import { isUnrecorded, type SpoolFolder } from './spool-folder.ts'

export function signal(shell: ModelShell, [id = '', name = '0']: readonly string[]): Said {
  const { node } = shell
  if (!node.isFence(shell)) return { answer: 'fenced' }
  const folder = shell.folder(id)
  if (folder === undefined) return { answer: 'not-running' }
  if (folder.go === null) return { answer: 'not-launched' }
  if (!folder.go.startsWith('G') || !folder.truth.commandAlive) return { answer: 'not-running' }
  if (node.dice.happens(0.05)) return { answer: 'no-group' }
  if (name !== '0') for (const process of node.processes.get(folder.id) ?? []) process.kill(name)
  return { answer: 'sent' }
}

export function hunt(shell: ModelShell, [id = '', name = '0']: readonly string[]): Said {
  const { node } = shell
  if (name !== '0' && !node.isFence(shell)) return { answer: 'fenced' }
  node.lookedAt(attemptId(id))
  const found = [...(node.processes.get(attemptId(id)) ?? [])]
  if (name !== '0') for (const process of found) process.kill(name)
  return { answer: ['found', ...found.map(() => String(node.nextPid()))].join(' ') }
}

export function release(shell: ModelShell, ids: readonly string[]): Said {
  const { node } = shell
  if (!node.isFence(shell)) return { answer: 'fenced' }
  const gone: string[] = []
  for (const id of ids) {
    const folder = shell.folder(id)
    // A file that cannot be removed keeps its attempt.
    if (node.world.hasFaults() && node.dice.happens(0.1)) continue
    if (folder === undefined) gone.push(id)
    else if (hasEnded(folder)) {
      if (!node.removed.has(folder.id)) node.options.onRelease(folder)
      empty(folder)
      gone.push(id)
    }
  }
  return { answer: ['released', ...gone].join(' ') }
}

function hasEnded(folder: SpoolFolder): boolean {
  const { go, state, truth } = folder
  if (isUnrecorded(folder)) return true
  if (go?.startsWith('R') === true) return true
  if (go?.startsWith('G') === true && !truth.commandAlive && !truth.supervisorAlive) return true
  return state !== null && /^[XCN] /.test(state)
}

function empty(folder: SpoolFolder): void {
  const { files } = folder
  folder.released ??= []
  if (files !== null) folder.released.push(`out ${files.stdout.length} .`, `err ${files.stderr.length} .`)
  folder.files = null
  folder.truth.isReleased = true
  folder.isLive = false
}

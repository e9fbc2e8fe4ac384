import { attemptId } from '@tron/model'
import { launch } from './model-launch.ts'
import { inventory, list, live, prefixes, sizes } from './model-listings.ts'
import type { LaunchedText } from './model-node.ts'
import type { ModelShell, ShellRequest } from './model-shell.ts'
import { hunt, release, signal } from './model-stops.ts'
import { wordsOf } from './shell-words.ts'
import type { SpoolFolder } from './spool-folder.ts'

/** What one request says and does: lines before the answer, and the answer's words. Null: nothing is said. */
export interface Said {
  readonly lines?: readonly string[]
  /** Bytes, and what ends them. */
  readonly piece?: { readonly bytes: Buffer; readonly mark: string }
  readonly answer: string
}

type Handler = (shell: ModelShell, words: readonly string[], raw: readonly string[]) => Said

const FENCED: Said = { answer: 'fenced' }

const HANDLERS: Readonly<Record<string, Handler>> = {
  look,
  claim,
  rotate,
  follow,
  claims,
  start,
  launch: launchAll,
  revoke,
  signal,
  hunt,
  release,
  sizes,
  list,
  live,
  prefixes,
  inventory,
  bytes,
  sweep: (shell) => (shell.node.isFence(shell) ? { answer: 'sweeping' } : FENCED),
  ping,
}

/** Carries a request out. @returns what an honest node says */
export function answer(shell: ModelShell, request: ShellRequest): Buffer | null {
  const { token, name, words, raw } = request
  const handler = HANDLERS[name]
  const said = handler === undefined ? { answer: 'unknown' } : handler(shell, words, raw)
  shell.node.world.book.mark(`${shell.node.name} answers ${name}: ${said.answer}`)
  const lines = said.lines ?? []
  const piece = said.piece === undefined ? [] : [said.piece.bytes, Buffer.from(`\ne ${said.piece.mark} .\n`)]
  const before = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  return Buffer.concat([before, ...piece, Buffer.from(`= ${token} ${said.answer} .\n`)])
}

function ping(shell: ModelShell): Said {
  const { node } = shell
  if (shell.followed !== null && !(shell.enter() && shell.followed === node.journal))
    return { answer: 'unheard' }
  return { answer: node.isFence(shell) ? 'held' : 'fenced' }
}

function look(shell: ModelShell): Said {
  const { node } = shell
  if (!shell.enter()) return { answer: 'none' }
  const { journal } = node
  const holder = node.holders.get(node.link) ?? '-'
  const state = `${journal.generation} ${journal.size()}`
  return { answer: `held ${node.generation} ${node.link} ${holder} ${node.machine} ${state}` }
}

function claim(shell: ModelShell, [found = '', next = '', holder = '', base = '']: readonly string[]): Said {
  const { node } = shell
  shell.baseMs = Number(base)
  if (node.generation === null) {
    if (node.hasNoRoom()) return { answer: 'failed' }
    node.makeSpool(shell.nonce)
  }
  shell.enter()
  if (node.link !== found) return { answer: 'lost' }
  node.options.onClaim(node.name, found, next)
  node.link = next
  node.holders.set(next, holder)
  node.holders.delete(found)
  shell.fence = next
  node.world.book.tell(`${node.name}: its fence is ${next} now`)
  return { answer: `claimed ${node.generation ?? ''} ${node.journal.generation} ${node.journal.size()}` }
}

function rotate(shell: ModelShell, [generation = '']: readonly string[]): Said {
  const { node } = shell
  if (node.isFence(shell)) {
    node.rotate(generation)
    node.world.book.cover('journal rotated for its size')
  }
  return { answer: `rotated ${node.journal.generation} ${node.journal.size()}` }
}

function follow(shell: ModelShell, [from = '0']: readonly string[]): Said {
  const { node, output } = shell
  output.stderr(Buffer.from(`\nJ ${from} .\n`))
  const isLate = node.follower === 'poll'
  shell.unfollow()
  if (shell.disk !== node.disk) return { answer: 'following' }
  shell.followed = node.journal
  node.listeners.add(shell)
  shell.unfollow = node.journal.follow(Number(from), (part) => {
    if (!isLate) output.stderr(part)
    else node.world.clock.timer(200, () => output.stderr(part))
  })
  return { answer: 'following' }
}

function claims(shell: ModelShell, ids: readonly string[]): Said {
  const { node } = shell
  if (node.isFence(shell) && !node.hasNoRoom()) for (const id of ids) node.makeFolder(attemptId(id))
  return { answer: 'claimed' }
}

/** Whether somebody made the go already, and what that means. */
function whatWent(folder: SpoolFolder | undefined): 'exists' | 'revoked' | 'never' | null {
  if (folder === undefined || folder.go === null) return null
  if (folder.state?.startsWith('N') === true) return 'never'
  const isRevoked = folder.go.startsWith('R') || (folder.go === '' && folder.claim === null)
  return isRevoked ? 'revoked' : 'exists'
}

/** Makes ready what only the go needs. @returns the folder, or why not */
function prepare(shell: ModelShell, id: string): SpoolFolder | 'fenced' | 'full' {
  const { node } = shell
  if (!node.isFence(shell)) return 'fenced'
  const isKnown = node.folders.get(attemptId(id))?.state != null
  if (!isKnown && node.hasNoRoom(0.5)) return 'full'
  const folder = node.makeFolder(attemptId(id))
  folder.isLive = true
  folder.state ??= 'R ############################################################# .'
  return folder
}

function start(shell: ModelShell, words: readonly string[], raw: readonly string[]): Said {
  const [id = '', key = '', run = '', hash = '', kind = '', , first = ''] = words
  const went = whatWent(shell.folder(id))
  if (went !== null) return { answer: went }
  const folder = prepare(shell, id)
  if (typeof folder === 'string') return { answer: folder }
  if (shell.node.hasNoRoom(0.5)) return { answer: 'full' }
  folder.meta = `${key} ${run} ${hash} .`
  shell.pending.push({
    id: attemptId(id),
    fence: shell.fence,
    disk: shell.disk,
    baseMs: shell.baseMs,
    ...launchedText(raw, kind.endsWith('-file') ? Number(first) : 0),
  })
  return { answer: 'launching' }
}

/** @param fileLines how many lines come before the words, for the file that holds the command */
function launchedText(raw: readonly string[], fileLines: number): LaunchedText {
  const [command = '', ...assignments] = wordsOf(raw.slice(fileLines).join('\n'))
  return { command: fileLines > 0 ? raw.slice(0, fileLines).join('\n') : command, assignments }
}

function launchAll(shell: ModelShell): Said {
  const { node } = shell
  const pending = shell.pending.splice(0)
  if (pending.length > 0 && node.world.hasFaults() && node.dice.happens(0.02)) return { answer: 'failed' }
  for (const one of pending) launch(node, one)
  return { answer: 'launched' }
}

function revoke(shell: ModelShell, [id = '']: readonly string[]): Said {
  const went = whatWent(shell.folder(id))
  if (went !== null) return { answer: went === 'never' ? 'revoked' : went }
  const folder = prepare(shell, id)
  if (typeof folder === 'string') return { answer: folder }
  if (shell.node.hasNoRoom(0.4)) {
    folder.go = ''
    folder.state = 'N 0 .'
    folder.truth.neverRan = true
  } else folder.go = 'R .'
  return { answer: 'revoked' }
}

function bytes(
  shell: ModelShell,
  [id = '', file = '', from = '0', length = '0', mark = '']: readonly string[],
): Said {
  const files = shell.folder(id)?.files
  const content = files?.[file === 'out' ? 'stdout' : 'stderr'] ?? Buffer.alloc(0)
  const piece = content.subarray(Number(from), Number(from) + Number(length))
  return { lines: [`b ${length} ${mark} .`], piece: { bytes: piece, mark }, answer: 'sent' }
}

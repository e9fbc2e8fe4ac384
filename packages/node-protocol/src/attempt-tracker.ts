import type { ExecutorEvent, Sizes } from '@tron/executor'
import type { AttemptId, Clock } from '@tron/model'
import { eventsOf, lost, type Story, storyOf } from './attempt-story.ts'
import type { Closing } from './closing.ts'
import { hasExit, newTrack, type Track } from './track.ts'
import type { JournalEntry } from './wire/journal-line.ts'
import type { NodeAttempt } from './wire/listing.ts'

/** Turns what the journal and the listings of one node say into events: each told once, in order, whichever says it first. */
export interface AttemptTracker {
  /** Takes one ring of the journal. */
  hear(entry: JournalEntry, place: { readonly from: number }): void
  /** Ids that were told to have started, or to have ended, while more is to come. */
  open(): ReadonlySet<AttemptId>
  /**
   * Takes the records of one attempt, and tells what was not told of it.
   * @returns its story
   */
  see(attempt: NodeAttempt, look: Look): Story
  /** Ids whose end was not told yet. */
  unfinished(): readonly AttemptId[]
  /** Ids whose command runs. */
  running(): readonly AttemptId[]
  grown(id: AttemptId, sizes: Sizes): void
  /** Nothing will be heard of it again. */
  forget(id: AttemptId): void
  /** The lowest place in the journal that is still needed; null when none is. */
  neededFrom(): number | null
  /** Calls back once when the exit of an attempt has been told, at once if it was; returns what cancels that. */
  onExit(id: AttemptId, call: () => void): () => void
  dispose(): void
}

/** How records were asked for. */
export interface Look {
  /** The boot of the node that answers. */
  readonly boot: string
  /** Tells the whole story even if it was told before. */
  readonly again: boolean
  /** What was open when the node was asked: its answer may be older than what the journal said meanwhile. */
  readonly open: ReadonlySet<AttemptId>
}

export interface AttemptTrackerOptions {
  readonly clock: Clock
  readonly push: (event: ExecutorEvent) => void
  /** Ends an attempt's output, and tells so. */
  readonly close: (track: Track, closing: Closing) => void
}

/** How long children that keep the output open may go on before it counts as closed. */
const DRAIN_MS = 1_000

export function createAttemptTracker(options: AttemptTrackerOptions): AttemptTracker {
  return new Tracker(options)
}

/** What was told to have started must have had records. */
const VANISHED: Story = { kind: 'absent', proof: 'none', reason: 'the node does not hold it' }

class Tracker implements AttemptTracker {
  readonly #options: AttemptTrackerOptions
  readonly #tracks = new Map<AttemptId, Track>()
  readonly #exitCalls = new Map<AttemptId, Set<() => void>>()

  constructor(options: AttemptTrackerOptions) {
    this.#options = options
  }

  hear(entry: JournalEntry, { from }: { readonly from: number }): void {
    const track = this.#track(entry.id)
    switch (entry.kind) {
      case 'started':
        this.#started(track, entry.atMs)
        break
      case 'exit':
        track.since ??= from
        this.#exited(track, entry)
        break
      case 'closed':
        if (track.told === 'exit')
          this.#close(track, { why: 'ended', lost: entry.lost, isEmpty: entry.isEmpty })
        break
      case 'not-launched':
        break
    }
  }

  open(): ReadonlySet<AttemptId> {
    return new Set(this.#ids(isOpen))
  }

  see(attempt: NodeAttempt, look: Look): Story {
    const story = this.#storyOf(attempt, look)
    const { again } = look
    switch (story.kind) {
      case 'absent':
        if (again || look.open.has(attempt.id))
          this.#options.push({ kind: 'absent', id: attempt.id, proof: story.proof, reason: story.reason })
        this.forget(attempt.id)
        break
      case 'reserved':
      case 'launching':
        break
      case 'running':
      case 'ended': {
        const track = this.#track(attempt.id)
        track.isOrphan = attempt.commandAlive && !attempt.supervisorAlive
        track.startedMs = story.startedMs
        track.sizes = attempt.sizes
        if (again) track.told = 'nothing'
        this.#tell(track, attempt, story)
        track.reason = reasonOf(story)
        if (story.kind === 'ended') this.#end(track, attempt, story)
        break
      }
    }
    return story
  }

  unfinished(): readonly AttemptId[] {
    return this.#ids(({ told }) => told !== 'closed')
  }

  running(): readonly AttemptId[] {
    return this.#ids(({ told }) => told === 'started')
  }

  grown(id: AttemptId, sizes: Sizes): void {
    const track = this.#tracks.get(id)
    if (track?.told !== 'started') return
    if (sizes.stdout === track.sizes.stdout && sizes.stderr === track.sizes.stderr) return
    track.sizes = sizes
    this.#options.push({ kind: 'progress', id, sizes })
  }

  forget(id: AttemptId): void {
    this.#tracks.get(id)?.cancelDrain?.()
    this.#tracks.delete(id)
  }

  neededFrom(): number | null {
    const places = [...this.#tracks.values()].flatMap(({ told, since }) =>
      since === null || told === 'closed' ? [] : [since],
    )
    return places.length === 0 ? null : Math.min(...places)
  }

  onExit(id: AttemptId, call: () => void): () => void {
    const track = this.#tracks.get(id)
    if (track !== undefined && hasExit(track)) {
      call()
      return () => undefined
    }
    const calls = this.#exitCalls.get(id) ?? new Set()
    this.#exitCalls.set(id, calls.add(call))
    return () => calls.delete(call)
  }

  dispose(): void {
    for (const track of this.#tracks.values()) track.cancelDrain?.()
    this.#tracks.clear()
  }

  #track(id: AttemptId): Track {
    const track = this.#tracks.get(id) ?? newTrack(id)
    this.#tracks.set(id, track)
    return track
  }

  #ids(fits: (track: Track) => boolean): readonly AttemptId[] {
    return [...this.#tracks.values()].filter(fits).map(({ id }) => id)
  }

  #storyOf(attempt: NodeAttempt, look: Look): Story {
    const story = storyOf(attempt, look.boot, this.#options.clock.nowMs())
    const track = this.#tracks.get(attempt.id)
    if (track === undefined) return story
    if (isOpen(track) && isOlder(story)) return look.open.has(track.id) ? VANISHED : { kind: 'launching' }
    if (story.kind === 'running' && story.reason !== undefined) return outlived(track, story, look)
    // A command that went on without its supervisor and is gone now ended in a way that nobody can know.
    if (!track.isOrphan || story.kind !== 'ended' || story.outcome.type !== 'lost') return story
    return story.outcome.cause === 'killed' ? lost('unknowable', story.startedMs, story.endedMs) : story
  }

  #started(track: Track, atMs: number): void {
    if (track.told !== 'nothing') return
    track.told = 'started'
    track.startedMs = atMs
    this.#options.push({ kind: 'started', id: track.id, atMs })
  }

  #exited(track: Track, { atMs, code }: Extract<JournalEntry, { kind: 'exit' }>): void {
    if (hasExit(track)) return
    const { id, sizes, startedMs } = track
    const usage = startedMs > 0 ? { usage: { wallMs: Math.max(0, atMs - startedMs) } } : {}
    this.#options.push({ kind: 'exit', id, atMs, outcome: { type: 'exited', code }, sizes, ...usage })
    this.#noteExit(track)
    this.#drain(track)
  }

  #noteExit(track: Track): void {
    track.told = 'exit'
    for (const call of this.#exitCalls.get(track.id) ?? []) call()
    this.#exitCalls.delete(track.id)
  }

  /** Tells what of a story was not told yet. */
  #tell(track: Track, attempt: NodeAttempt, story: Story): void {
    for (const event of eventsOf(attempt, story)) {
      const isNews = track.told === 'started' && track.reason !== reasonOf(story)
      if (event.kind === 'started' && (track.told === 'nothing' || isNews)) {
        track.told = 'started'
        this.#options.push(event)
      } else if (event.kind === 'exit' && !hasExit(track)) {
        this.#options.push(event)
        this.#noteExit(track)
      }
    }
  }

  #end(track: Track, attempt: NodeAttempt, { closed }: Extract<Story, { kind: 'ended' }>): void {
    if (track.told === 'closed') return
    if (attempt.held === 'released') this.#close(track, { why: 'released', sizes: attempt.sizes })
    else if (closed !== null) this.#close(track, { why: 'ended', lost: closed, isEmpty: false })
    else if (track.cancelDrain === null) this.#drain(track)
  }

  #drain(track: Track): void {
    track.cancelDrain?.()
    track.cancelDrain = this.#options.clock.timer(DRAIN_MS, () => {
      track.cancelDrain = null
      if (track.told === 'exit') this.#options.close(track, { why: 'drained' })
    })
  }

  #close(track: Track, closing: Closing): void {
    track.cancelDrain?.()
    track.cancelDrain = null
    this.#options.close(track, closing)
  }
}

function isOpen({ told }: Track): boolean {
  return told === 'started' || told === 'exit'
}

/** Whether records say nothing of a start. */
function isOlder(story: Story): boolean {
  return story.kind === 'reserved' || story.kind === 'absent'
}

/** What it was told by goes on to hold; what only left something behind is told once more at most. */
function outlived(track: Track, story: Extract<Story, { kind: 'running' }>, { again }: Look): Story {
  if (hasExit(track) && !again) return VANISHED
  return track.startedMs > 0 ? { ...story, startedMs: track.startedMs } : story
}

function reasonOf(story: Story): string | null {
  return story.kind === 'running' ? (story.reason ?? null) : null
}

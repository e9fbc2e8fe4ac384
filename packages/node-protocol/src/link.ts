import type { Readable, Writable } from 'node:stream'
import type { JsonValue, Target } from '@tron/model'

/** One command on a node with its three streams: what an exec channel of SSH is, or a child process. */
export interface NodeChannel {
  readonly stdin: Writable
  /** Must be read to the end, or `closed` never comes. */
  readonly stdout: Readable
  /** Must be read to the end, or stdout stops too: over SSH they share a window. */
  readonly stderr: Readable
  /** Resolves when the channel is over. `code` is null when nobody told: the connection broke, or a signal. */
  readonly closed: Promise<{ readonly code: number | null; readonly reason: string }>
  /** Ends the channel at once; `closed` resolves. */
  destroy(): void
}

/** A live connection to a node, on which channels can be opened. */
export interface NodeLink extends AsyncDisposable {
  /** Runs a command line by the login's shell. @throws UNREACHABLE when the channel cannot be had; the link may still live. */
  open(command: string, options: { readonly signal: AbortSignal }): Promise<NodeChannel>
  /** Resolves with the reason when the connection is gone. */
  readonly closed: Promise<string>
}

/** How a transport connects: the one thing that executors over this protocol differ in. */
export interface Transport {
  /**
   * Connects and logs in, within the time that `settings` allow.
   * @throws UNREACHABLE, HOST_KEY; nothing has been sent to the node's shell by then
   */
  connect(target: Target, settings: JsonValue, options: { readonly signal: AbortSignal }): Promise<NodeLink>
}

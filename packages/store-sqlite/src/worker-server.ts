import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads'
import type { Call, Reply } from './messages.ts'
import { callsOf } from './unsafe-messages.ts'
import { describe } from './wire-error.ts'

/** What a worker does, by the name of the call. */
export type Handlers<
  Calls extends Record<keyof Calls, { readonly args: unknown; readonly result: unknown }>,
> = {
  readonly [K in keyof Calls]: (args: Calls[K]['args']) => Calls[K]['result'] | Promise<Calls[K]['result']>
}

type AnyHandler = (args: unknown) => unknown

export interface ServerOptions {
  /** For messages. */
  readonly file: string
  readonly handlers: ReadonlyMap<string, AnyHandler>
  /** Calls of this kind that wait together are handled together. */
  readonly grouped?: {
    readonly kind: string
    readonly handle: (args: readonly unknown[]) => readonly unknown[]
  }
  /** Called after the last call, before the thread ends. */
  readonly close: () => void
}

/** Serves the calls of the thread that started this one, in their order, until it sends null. */
export function serve(options: ServerOptions): void {
  const port = parentPort
  if (port === null) throw new Error('this module runs in a worker')
  port.on('message', (message: unknown) => {
    const waiting = [message, ...drain(port)]
    const replies = handleAll(waiting.flatMap(callsOf), options, (late) => port.postMessage([late]))
    if (replies.length > 0) port.postMessage(replies)
    if (!waiting.includes(null)) return
    options.close()
    port.close()
  })
}

/** What else has arrived meanwhile. */
function drain(port: MessagePort): readonly unknown[] {
  const messages: unknown[] = []
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    messages.push(next.message)
  }
  return messages
}

function handleAll(
  calls: readonly Call[],
  options: ServerOptions,
  later: (reply: Reply) => void,
): readonly Reply[] {
  const replies: Reply[] = []
  for (let at = 0; at < calls.length; ) {
    const group = sameKind(calls, at, options.grouped?.kind)
    if (group.length > 0) replies.push(...handleGroup(group, options))
    else replies.push(...handleOne(calls[at], options, later))
    at += Math.max(1, group.length)
  }
  return replies
}

function sameKind(calls: readonly Call[], from: number, kind: string | undefined): readonly Call[] {
  const end = calls.findIndex((call, at) => at >= from && call.kind !== kind)
  return calls.slice(from, end === -1 ? undefined : end)
}

function handleGroup(calls: readonly Call[], { grouped, file }: ServerOptions): readonly Reply[] {
  try {
    const results = grouped?.handle(calls.map(({ args }) => args)) ?? []
    return calls.map(({ id }, at) => ({ id, ok: true, result: results[at] }))
  } catch (thrown) {
    return calls.map(({ id }) => ({ id, ok: false, error: describe(thrown, file) }))
  }
}

function handleOne(
  call: Call | undefined,
  { handlers, file }: ServerOptions,
  later: (reply: Reply) => void,
): readonly Reply[] {
  if (call === undefined) return []
  const { id, kind, args } = call
  const failed = (thrown: unknown): Reply => ({ id, ok: false, error: describe(thrown, file) })
  try {
    const result = handlers.get(kind)?.(args)
    if (!(result instanceof Promise)) return [{ id, ok: true, result }]
    result.then(
      (value: unknown) => later({ id, ok: true, result: value }),
      (thrown: unknown) => later(failed(thrown)),
    )
    return []
  } catch (thrown) {
    return [failed(thrown)]
  }
}

/** What delivers signals: the process, or something like it in a test. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
}

export interface SignalHandlers {
  /** The second wish to stop: the first one took too long for whoever asks. */
  readonly force: () => void
}

export interface Signals extends Disposable {
  /** Resolves at the first SIGTERM or SIGINT. */
  readonly stop: Promise<NodeJS.Signals>
  /** Calls at each SIGHUP from now on, and at once where one came before anybody could obey it. */
  onHangup(listener: () => void): void
}

/** Listens for the signals that a daemon obeys, from now until it is disposed. */
export function listenForSignals(source: SignalSource, handlers: SignalHandlers): Signals {
  const { promise: stop, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let stopping = false
  let hungUp = false
  let hangup = () => {
    hungUp = true
  }
  const stopSignal = (signal: NodeJS.Signals): void => {
    if (stopping) handlers.force()
    stopping = true
    resolve(signal)
  }
  const listeners = [
    ['SIGTERM', stopSignal],
    ['SIGINT', stopSignal],
    ['SIGHUP', () => hangup()],
  ] as const
  for (const [signal, listener] of listeners) source.on(signal, listener)
  return {
    stop,
    onHangup: (listener) => {
      hangup = listener
      if (hungUp) listener()
    },
    [Symbol.dispose]: () => {
      for (const [signal, listener] of listeners) source.off(signal, listener)
    },
  }
}

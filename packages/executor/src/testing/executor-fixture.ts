import type { Executor, Fence, TargetConfig } from '../contract.ts'

/** What the rules run, in whatever language the executor's commands are. Each ends by itself when the fixture is disposed, at the latest. */
export interface SuiteCommands {
  /** Ends at once with 0 and prints nothing. */
  readonly succeed: string
  /** Goes on until it is stopped. */
  readonly sleepForever: string
  /** Goes on until it is killed: TERM does nothing to it. */
  readonly ignoreTerm: string
  exit(code: number): string
  /** Prints exactly this text, any UTF-8, on a stream. */
  print(text: string, stream: 'stdout' | 'stderr'): string
  /** Prints this text on the standard output, then goes on until it is stopped. */
  printAndSleep(text: string): string
  /** Prints this many bytes of `patternBytes` on the standard output. */
  printBytes(length: number): string
  /** Prints an environment variable's value, and nothing else, on the standard output. */
  printVariable(name: string): string
  /** Notes that it ran, where `ExecutorFixture.marks` can count it. The mark is made of letters and digits. */
  leaveMark(mark: string): string
}

/** One implementation on one target of its own, ready to be tried: made anew for each rule. */
export interface ExecutorFixture extends AsyncDisposable {
  readonly target: TargetConfig
  /** Another target, which provably cannot be reached; rules that need one are skipped without it. */
  readonly unreachable?: TargetConfig
  readonly commands: SuiteCommands
  /** How long a rule waits for anything to happen; 15,000 when left out. */
  readonly deadlineMs?: number
  /** A new executor on the same targets, as after a restart, or as another scheduler's. Give `suiteFence(fence)` to `create` as the host's fence. */
  open(fence?: Partial<Fence>): Promise<Executor>
  /** How often a command left this mark. */
  marks(mark: string): Promise<number>
}

/** The fence of the rules' first scheduler, with what a rule wants different. */
export function suiteFence(different: Partial<Fence> = {}): Fence {
  return {
    installation: 'aaaaaaaaaaaaaaaaaaaaaaaaaa',
    epoch: 1,
    nonce: 'first',
    holder: 'suite-first',
    issued: [],
    takeOver: [],
    ...different,
  }
}

/** Every value of a byte, again and again: what `printBytes` prints. */
export function patternBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index % 256)
}

/** What the node says on standard output: one whole line without its end, or a piece of output that a line announced. */
export interface ReplySink {
  line(line: string): void
  /** As many as were announced, or fewer where there were no more to be read. */
  bytes(bytes: Buffer): void
  /** What came cannot be a reply; nothing after it can be trusted. */
  broken(reason: string): void
}

const MAX_LINE = 64 * 1024
const MAX_PIECE = 64 * 1024
const NEWLINE = 10

/** A piece that is coming: how long it may be, and what ends it, which nothing in it can hold. */
interface Announced {
  readonly length: number
  readonly end: Buffer
}

/** Cuts the stream into lines and announced pieces, whatever chunks it comes in. */
export function createReplyParser(sink: ReplySink): (chunk: Buffer) => void {
  let buffer: Buffer = Buffer.alloc(0)
  let expected: Announced | null = null
  let broken = false

  const fail = (reason: string): void => {
    broken = true
    sink.broken(reason)
  }
  /** Takes one item off the buffer; false when it is not all there. */
  const takePiece = ({ length, end }: Announced): boolean => {
    const at = buffer.indexOf(end)
    if (at === -1 && buffer.length < length + end.length) return false
    if (at === -1 || at > length) fail(`a piece of output is longer than ${length} bytes`)
    else sink.bytes(Buffer.from(buffer.subarray(0, at)))
    buffer = buffer.subarray(at + end.length)
    expected = null
    return true
  }
  const takeLine = (): boolean => {
    const end = buffer.indexOf(NEWLINE)
    if (end === -1) {
      if (buffer.length > MAX_LINE) fail('a line does not end')
      return false
    }
    const line = buffer.toString('latin1', 0, end)
    buffer = buffer.subarray(end + 1)
    const [, announced, mark] = /^b (\d+) ([0-9a-f]+) \.$/.exec(line) ?? []
    if (announced === undefined) sink.line(line)
    else if (Number(announced) > MAX_PIECE) fail(`a piece of ${announced} bytes on the control channel`)
    else expected = { length: Number(announced), end: Buffer.from(`\ne ${mark} .\n`) }
    return true
  }
  const takeItem = (): boolean => !broken && (expected === null ? takeLine() : takePiece(expected))
  return (chunk) => {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk])
    let more = true
    while (more) more = takeItem()
  }
}

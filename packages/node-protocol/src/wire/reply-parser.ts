/** What the node says on standard output: one whole line without its end, or a piece of output that a line announced. */
export interface ReplySink {
  line(line: string): void
  bytes(bytes: Buffer): void
  /** What came cannot be a reply; nothing after it can be trusted. */
  broken(reason: string): void
}

const MAX_LINE = 64 * 1024
const MAX_PIECE = 64 * 1024
const NEWLINE = 10

/** Cuts the stream into lines and announced pieces, whatever chunks it comes in. A piece ends with a newline of its own. */
export function createReplyParser(sink: ReplySink): (chunk: Buffer) => void {
  let buffer: Buffer = Buffer.alloc(0)
  let expected: number | null = null
  let broken = false

  const fail = (reason: string): void => {
    broken = true
    sink.broken(reason)
  }
  /** Takes one item off the buffer; false when it is not all there. */
  const takePiece = (length: number): boolean => {
    if (buffer.length <= length) return false
    if (buffer[length] === NEWLINE) sink.bytes(Buffer.from(buffer.subarray(0, length)))
    else fail(`a piece of output is not ${length} bytes long`)
    buffer = buffer.subarray(length + 1)
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
    const [, announced] = /^b (\d+) \.$/.exec(line) ?? []
    if (announced === undefined) sink.line(line)
    else if (Number(announced) > MAX_PIECE) fail(`a piece of ${announced} bytes on the control channel`)
    else expected = Number(announced)
    return true
  }
  const takeItem = (): boolean => !broken && (expected === null ? takeLine() : takePiece(expected))
  return (chunk) => {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk])
    let more = true
    while (more) more = takeItem()
  }
}

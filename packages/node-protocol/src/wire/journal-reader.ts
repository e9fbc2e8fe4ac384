/** Cuts the event stream into lines and counts bytes from where the node said that it begins. */
export interface JournalReader {
  push(chunk: Buffer): void
}

const NEWLINE = 10
const MAX_LINE = 4096

/**
 * Calls `take` for each whole line after the sync line, with the offsets in the journal where it begins and ends. What a login shell wrote before
 * is left out.
 */
export function createJournalReader(
  take: (line: string, place: { readonly from: number; readonly to: number }) => void,
): JournalReader {
  let buffer: Buffer = Buffer.alloc(0)
  /** So many bytes of the line under way were not kept: it is longer than any of ours. */
  let dropped = 0
  let offset: number | null = null

  const takeLine = (line: string, length: number): void => {
    if (offset !== null) {
      const from = offset
      offset = from + length
      take(line, { from, to: offset })
      return
    }
    const [, start] = /^J (\d+) \.$/.exec(line) ?? []
    if (start !== undefined) offset = Number(start)
  }
  return {
    push(chunk) {
      buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk])
      for (let end = buffer.indexOf(NEWLINE); end !== -1; end = buffer.indexOf(NEWLINE)) {
        takeLine(dropped === 0 ? buffer.toString('latin1', 0, end) : '', dropped + end + 1)
        buffer = buffer.subarray(end + 1)
        dropped = 0
      }
      // Noise before the sync line, or what a node invents, may come without any line end.
      if (buffer.length > MAX_LINE) {
        dropped += buffer.length
        buffer = Buffer.alloc(0)
      }
    },
  }
}

import { createSeededRandom } from '@tron/model/testing'

/** Ways in which a stream may arrive: at once, byte by byte, and cut at random, by a seed that repeats. */
export function chunkings(bytes: Buffer): readonly (readonly Buffer[])[] {
  const random = createSeededRandom(bytes.length)
  const cut = (length: () => number): readonly Buffer[] => {
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      const end = at + length()
      chunks.push(bytes.subarray(at, end))
      at = end
    }
    return chunks
  }
  const atRandom = Array.from({ length: 5 }, () => cut(() => 1 + Math.floor(random.next() * 40)))
  return [[bytes], cut(() => 1), ...atRandom]
}

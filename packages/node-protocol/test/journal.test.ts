import { createJournalReader, parseJournalLine } from '@tron/node-protocol'
import { describe, expect, it } from 'vitest'
import { chunkings } from './chunked.ts'

const ID = 'abcdefghijklmnopqrstuvwxyz'

function read(chunks: readonly Buffer[]) {
  const lines: { readonly line: string; readonly from: number; readonly to: number }[] = []
  const reader = createJournalReader((line, { from, to }) => lines.push({ line, from, to }))
  for (const chunk of chunks) reader.push(chunk)
  return lines
}

describe('the reader of the journal', () => {
  it('counts bytes from where the node said that it begins, whatever chunks they come in', () => {
    const [first, second] = [`S ${ID} 12 .`, `X ${ID} 0 34 .`]
    const expected = [
      { line: first, from: 1_000, to: 1_000 + first.length + 1 },
      { line: second, from: 1_001 + first.length, to: 1_002 + first.length + second.length },
    ]
    const stream = Buffer.from(`\nJ 1000 .\n${first}\n${second}\nC ${ID} 0 0`)
    for (const chunks of chunkings(stream)) expect(read(chunks)).toEqual(expected)
  })

  it('counts bytes and not characters, also of lines that mean nothing', () => {
    const stream = Buffer.from(`\nJ 0 .\nnaïve 日本語\n\nS ${ID} 1 .\n`)
    for (const chunks of chunkings(stream)) {
      const places = read(chunks).map(({ from, to }) => [from, to])
      expect(places).toEqual([
        [0, 17],
        [17, 18],
        [18, 51],
      ])
    }
  })

  it('is not confused by a ring of which only a part was written, since each begins with a line end', () => {
    const [torn, whole] = [`X ${ID} 0 3`, `S ${ID} 12 .`]
    const from = 7 + torn.length + 1
    const stream = Buffer.from(`\nJ 6 .\n\n${torn}\n${whole}\n`)
    for (const chunks of chunkings(stream)) {
      const found = read(chunks).filter(({ line }) => parseJournalLine(line) !== null)
      expect(found).toEqual([{ line: whole, from, to: from + whole.length + 1 }])
    }
  })

  it('leaves out what a login shell printed before', () => {
    const noise = `Welcome!\nS ${ID} 1 .\nJ x .\nJ 5\n J 5 .\nno line end`
    const stream = Buffer.from(`${noise}\nJ 7 .\nS ${ID} 2 .\n`)
    for (const chunks of chunkings(stream)) {
      expect(read(chunks)).toEqual([{ line: `S ${ID} 2 .`, from: 7, to: 40 }])
    }
  })

  it('is not confused by a megabyte of noise without any line end', () => {
    const noise = Array.from({ length: 256 }, () => Buffer.alloc(4_096, 'J'))
    expect(read([...noise, Buffer.from(`\nJ 3 .\nlast\n`)])).toEqual([{ line: 'last', from: 3, to: 8 }])
  })

  it('gives no line that was cut', () => {
    expect(read([Buffer.from(`\nJ 0 .\nX ${ID} 0 34 .`)])).toEqual([])
  })
})

describe('a line of the journal', () => {
  it('says what happened', () => {
    const closed = { kind: 'closed', id: ID, lost: { stdout: false, stderr: true }, isEmpty: false }
    expect(parseJournalLine(`S ${ID} 12 .`)).toEqual({ kind: 'started', id: ID, atMs: 12 })
    expect(parseJournalLine(`X ${ID} 255 34 .`)).toEqual({ kind: 'exit', id: ID, code: 255, atMs: 34 })
    expect(parseJournalLine(`C ${ID} 0 1 1 0 .`)).toEqual(closed)
    expect(parseJournalLine(`C ${ID} 0 0 0 0 .`)).toMatchObject({ isEmpty: true })
    expect(parseJournalLine(`D ${ID} .`)).toEqual({ kind: 'not-launched', id: ID, full: false })
    expect(parseJournalLine(`N ${ID} .`)).toEqual({ kind: 'not-launched', id: ID, full: true })
    expect(parseJournalLine(`E ${ID} .`)).toEqual({ kind: 'not-launched', id: ID, full: true })
  })

  it.each([
    '',
    '.',
    `X ${ID} 0 34`,
    `X ${ID} 0 34 .x`,
    `X ${ID} 0 34 . `,
    `X ${ID} 0 34.`,
    ` X ${ID} 0 34 .`,
    `Q ${ID} 0 34 .`,
    `X ${ID.toUpperCase()} 0 34 .`,
    `X ${ID}a 0 34 .`,
    `X ${ID.slice(1)} 0 34 .`,
    `X ${ID.replace('z', '1')} 0 34 .`,
    `X ${ID} 0 3x .`,
    `X ${ID} 0  34 .`,
    `X ${ID} 0X ${ID} 0 34 .`,
    `tail: journal: file truncated`,
    'J 0011223344556677 .',
    `X ${ID} 0 34 .\r`,
  ])('means nothing when it is %j', (line) => {
    expect(parseJournalLine(line)).toBeNull()
  })

  it.each([`S ${ID} .`, `X ${ID} .`, `X ${ID} 0 .`, `C ${ID} .`, `C ${ID} 0 0 .`, `S ${ID} 12 13 .`])(
    'means nothing when words are missing or too many, as in %j',
    (line) => {
      expect(parseJournalLine(line)).toBeNull()
    },
  )
})

import { createReplyParser } from '@tron/node-protocol'
import { describe, expect, it } from 'vitest'
import { chunkings } from './chunked.ts'

type Item = { readonly line: string } | { readonly bytes: string } | { readonly broken: string }

function parse(chunks: readonly Buffer[]): readonly Item[] {
  const items: Item[] = []
  const take = createReplyParser({
    line: (line) => items.push({ line }),
    bytes: (bytes) => items.push({ bytes: bytes.toString('latin1') }),
    broken: (broken) => items.push({ broken }),
  })
  for (const chunk of chunks) take(chunk)
  return items
}

/** The same, without the reasons that are given to people. */
function parseQuietly(chunks: readonly Buffer[]): readonly (Item | 'broken')[] {
  return parse(chunks).map((item) => ('broken' in item ? 'broken' : item))
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
/** Every byte there is, and what would mean something outside of a piece. */
const ANY_BYTES = `${Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')}\nb 3 ab .\ne ab .\n= t9 sent .\n`

describe('the parser of replies', () => {
  it('gives lines and announced pieces in order, whatever chunks they come in', () => {
    const stream = latin1(
      `a line\n\nb ${ANY_BYTES.length} 5f .\n${ANY_BYTES}\ne 5f .\n= t1 sent .\nb 0 1 .\n\ne 1 .\nb 1 2 .\n\n\ne 2 .\n= t2 sent .\n`,
    )
    const expected: readonly Item[] = [
      { line: 'a line' },
      { line: '' },
      { bytes: ANY_BYTES },
      { line: '= t1 sent .' },
      { bytes: '' },
      { bytes: '\n' },
      { line: '= t2 sent .' },
    ]
    for (const chunks of chunkings(stream)) expect(parse(chunks)).toEqual(expected)
  })

  it('gives nothing of a line or a piece that was cut', () => {
    for (const cut of ['= t1 sen', '= t1 sent .', 'b 5 a .\nabc', 'b 5 a .\nabcde\ne a ', 'b 5 a .']) {
      for (const chunks of chunkings(latin1(`whole\n${cut}`)))
        expect(parse(chunks)).toEqual([{ line: 'whole' }])
    }
  })

  it.each([
    'b 5 a',
    'b -5 a .',
    'b 5 a . ',
    ' b 5 a .',
    'b 5  .',
    'b 5 .',
    'b 5 x .',
    'b 0x5 a .',
    'b  .',
    'B 5 a .',
    'b 5 a .\r',
  ])('takes %j for a line, and not for the announcement of a piece', (line) => {
    expect(parse([latin1(`${line}\nnext\n`)])).toEqual([{ line }, { line: 'next' }])
  })

  it('gives what there is of a piece that is shorter than announced, and goes on behind its mark', () => {
    for (const chunks of chunkings(
      latin1('first\nb 9 a1 .\nab\ne a .\n\ne a1 .\n= t1 sent .\nb 5 a2 .\n\ne a2 .\nlast\n'),
    )) {
      expect(parse(chunks)).toEqual([
        { line: 'first' },
        { bytes: 'ab\ne a .\n' },
        { line: '= t1 sent .' },
        { bytes: '' },
        { line: 'last' },
      ])
    }
  })

  it('says that the stream is broken when a piece is longer than announced, and reads no more', () => {
    for (const piece of ['abcdefgh\ne ff .\n= t1 sent .\n', 'abcdefghijklmnopqrst']) {
      for (const chunks of chunkings(latin1(`first\nb 4 ff .\n${piece}`))) {
        expect(parseQuietly(chunks)).toEqual([{ line: 'first' }, 'broken'])
      }
    }
  })

  it('says that the stream is broken when a piece is larger than control may carry', () => {
    expect(parse([latin1('b 65536 a .\n')])).toEqual([])
    expect(parseQuietly([latin1('b 65537 a .\nnext\n')])).toEqual(['broken'])
    expect(parseQuietly([latin1(`b ${'9'.repeat(400)} a .\n`)])).toEqual(['broken'])
  })

  it('says once that the stream is broken when a line does not end, and keeps nothing of it', () => {
    const kilobyte = Buffer.alloc(1024, 'x')
    const chunks = Array.from({ length: 200 }, () => kilobyte)
    expect(parseQuietly([...chunks, latin1('\n= t1 sent .\n')])).toEqual(['broken'])
  })

  it('takes a line of many kilobytes', () => {
    const line = `= t1 released ${'abcdefghijklmnopqrstuvwxyz '.repeat(1_000)}.`
    for (const chunks of chunkings(latin1(`${line}\n`))) expect(parse(chunks)).toEqual([{ line }])
  })
})

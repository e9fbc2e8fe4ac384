import type { Change } from '@tron/store'
import { type ChangeFeed, createChangeFeed } from '@tron/store/adapter'
import { sampleTrash } from '@tron/store/testing'
import { describe, expect, it } from 'vitest'

function changes(count: number): readonly Change[] {
  return Array.from({ length: count }, (_, at): Change => ({ put: { table: 'trash', row: sampleTrash(at) } }))
}

async function seqs(feed: ChangeFeed, afterSeq: number, count: number): Promise<readonly number[]> {
  const seen: number[] = []
  for await (const { seq } of feed.read(afterSeq, { signal: AbortSignal.timeout(5000) })) {
    seen.push(seq)
    if (seen.length === count) break
  }
  return seen
}

describe('the change feed', () => {
  it('keeps as many commits as it is told', async () => {
    const feed = createChangeFeed(0, { maxCommits: 3, maxChanges: 1000 })
    for (let seq = 1; seq <= 10; seq += 1) feed.push({ seq, changes: [] })
    expect(await seqs(feed, 7, 3)).toEqual([8, 9, 10])
    await expect(seqs(feed, 6, 1)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'the changes after 6 are not kept: 8 to 10 are',
    })
  })

  it('keeps as many changes as it is told, and the newest commit however large', async () => {
    const feed = createChangeFeed(0, { maxCommits: 100, maxChanges: 10 })
    for (const [at, size] of [4, 4, 4].entries()) feed.push({ seq: at + 1, changes: changes(size) })
    expect(await seqs(feed, 1, 2)).toEqual([2, 3])
    await expect(seqs(feed, 0, 1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    feed.push({ seq: 4, changes: changes(50) })
    expect(await seqs(feed, 3, 1)).toEqual([4])
    await expect(seqs(feed, 2, 1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('tells a reader that fell behind, instead of leaving commits out', async () => {
    const feed = createChangeFeed(0, { maxCommits: 2, maxChanges: 1000 })
    const reader = feed.read(0, { signal: new AbortController().signal })[Symbol.asyncIterator]()
    feed.push({ seq: 1, changes: [] })
    expect((await reader.next()).value).toEqual({ seq: 1, changes: [] })
    for (let seq = 2; seq <= 9; seq += 1) feed.push({ seq, changes: [] })
    await expect(reader.next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('wakes every reader that waits', async () => {
    const feed = createChangeFeed(5)
    const readers = [seqs(feed, 5, 2), seqs(feed, 5, 1)]
    feed.push({ seq: 6, changes: [] })
    feed.push({ seq: 7, changes: [] })
    expect(await Promise.all(readers)).toEqual([[6, 7], [6]])
  })

  it('stays exact over many commits', async () => {
    const feed = createChangeFeed(0, { maxCommits: 5, maxChanges: 1000 })
    for (let seq = 1; seq <= 1000; seq += 1) {
      feed.push({ seq, changes: [] })
      expect(await seqs(feed, Math.max(0, seq - 5), Math.min(5, seq))).toHaveLength(Math.min(5, seq))
    }
  })

  it('refuses a commit out of turn', () => {
    const feed = createChangeFeed(3)
    expect(() => feed.push({ seq: 5, changes: [] })).toThrow('the change feed is at 3 and got 5')
  })
})

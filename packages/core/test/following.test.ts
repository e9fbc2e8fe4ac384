import { createLiveTables } from '@tron/core/internal/replay'
import { expect, it } from 'vitest'
import { createChangeFeed } from '../src/engine/change-feed.ts'
import { liveRuns } from './replay.ts'
import { START_MS } from './stage.ts'

it('tells a reader that falls too far behind, and gives it no gap', async () => {
  const feed = createChangeFeed()
  const [row] = liveRuns(1).rows('runs')
  if (row === undefined) throw new Error('nothing runs')
  const before = createLiveTables().view
  const publish = (seq: number) => {
    feed.publish({ seq, atMs: START_MS, changes: [{ put: { table: 'runs', row } }] }, before)
  }
  const reader = feed.subscribe({ signal: new AbortController().signal })[Symbol.asyncIterator]()
  const first = reader.next()
  publish(1)
  expect(await first).toMatchObject({ value: { seq: 1 } })
  for (let seq = 2; seq <= 10_002; seq += 1) publish(seq)
  for (let seq = 2; seq <= 10_001; seq += 1) expect(await reader.next()).toMatchObject({ value: { seq } })
  publish(10_003)
  await expect(reader.next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

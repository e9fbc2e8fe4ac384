import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineChange } from '@tron/core'
import { temporaryFolder } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { announceFirstSuccess, introduceDemo, writeDemo } from '../src/demo.ts'

function change(kind: EngineChange['kind'], to: string, id: string): EngineChange {
  return { seq: 1, atMs: 0, from: null, kind, to, id }
}

async function* changes() {
  yield change('action', 'succeeded', 'MASTER.hello.0.greet')
  yield change('run', 'failed', 'MASTER.report.0')
  yield change('run', 'succeeded', 'MASTER.hello.0')
  yield change('run', 'succeeded', 'MASTER.hello.1')
}

describe('the demo', () => {
  it('brings its configuration once, and keeps what was changed since', async () => {
    await using dir = await temporaryFolder()
    const config = join(dir.path, 'config')
    await writeDemo(config)
    expect((await readdir(config)).toSorted()).toEqual(['MASTER.yaml', '_manifest.yaml'])
    await writeFile(join(config, 'MASTER.yaml'), '# mine\n')
    await writeDemo(config)
    expect(await readFile(join(config, 'MASTER.yaml'), 'utf8')).toBe('# mine\n')
  })

  it('says what runs and what to try, with the server only where it is not the usual one', () => {
    const jobs = [{ id: 'MASTER.hello', schedule: 'cron * * * * *', actions: ['greet'] }]
    const usual = introduceDemo(jobs, { url: 'http://127.0.0.1:8089', workingDir: '/t/.demo', cwd: '/t' })
    expect(usual).toContain('Tron runs 1 job on this machine and answers at http://127.0.0.1:8089\n')
    expect(usual).toContain('  MASTER.hello  cron * * * * *  (greet)\n')
    expect(usual).toMatch(/^ {2}bin\/tronview {2,}the jobs/m)
    expect(usual).toContain('.demo/output')
    const other = introduceDemo(jobs, { url: 'http://127.0.0.1:9000', workingDir: '/t', cwd: '/t' })
    expect(other).toMatch(/^ {2}bin\/tronview --server http:\/\/127\.0\.0\.1:9000 {2,}the jobs/m)
  })

  it('tells the first success, once, and no other change', async () => {
    const said: string[] = []
    await announceFirstSuccess(
      { changes },
      {
        url: 'http://127.0.0.1:8089',
        write: (text) => said.push(text),
        signal: new AbortController().signal,
      },
    )
    expect(said).toEqual([
      'The first run succeeded: MASTER.hello.0. Look at it with bin/tronview MASTER.hello.0\n',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { tronRecover } from '../src/tron-recover.ts'
import { setUp } from './cli-under-test.ts'
import { createFakeTerminal, type FakeTerminalOptions } from './fake-terminal.ts'

async function withTakeOver() {
  const set = await setUp()
  set.tron.setStatus({ waitingFor: ['b7', 'b8'] })
  const ask = async (args: readonly string[], options: FakeTerminalOptions = {}) => {
    const { terminal, said } = createFakeTerminal(options)
    const code = await tronRecover([...args, '--server', set.server], terminal, 'tron recover')
    return { code, ...said }
  }
  return { ...set, ask, waitingFor: () => set.tron.status().waitingFor }
}

const QUESTION =
  'What ran there since the copy of the state was made is not known, and jobs that wait for it start again. Go on without b7?'

describe('tron recover', () => {
  it('asks first, and gives the node up', async () => {
    const { ask, waitingFor } = await withTakeOver()
    const { code, shown } = await ask(['--without', 'b7'], { canAsk: true, answers: [true] })
    expect([code, shown]).toEqual([0, `${QUESTION} [y]\nGoing on without b7\n`])
    expect(waitingFor()).toEqual(['b8'])
  })

  it('does nothing when the answer is no', async () => {
    const { ask, waitingFor } = await withTakeOver()
    const { code, err } = await ask(['--without', 'b7'], { canAsk: true, answers: [false] })
    expect([code, err]).toEqual([1, 'Nothing was done.\n'])
    expect(waitingFor()).toEqual(['b7', 'b8'])
  })

  it('wants --yes where nobody is there to answer, and asks nothing then', async () => {
    const { ask, waitingFor } = await withTakeOver()
    await expect(ask(['--without', 'b7'])).rejects.toMatchObject({ hint: 'Say --yes in scripts.' })
    expect(waitingFor()).toEqual(['b7', 'b8'])
    const { code, out } = await ask(['--without', 'b7', '--yes', '--json'])
    expect([code, JSON.parse(out)]).toEqual([0, { result: 'Going on without b7', runs: [] }])
  })

  it('fails for a node that is not waited for', async () => {
    const { at, ask } = await withTakeOver()
    expect(await at('tron', ['recover', '--without', 'b9'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: No take-over waits for node "b9"\nList what is waited for with tron status.\n',
    })
    const { code, out } = await ask(['--without', 'b9', '--json'])
    expect([code, JSON.parse(out)]).toMatchObject([1, { code: 'NOT_FOUND' }])
  })

  it('wants a node', async () => {
    const { ask } = await withTakeOver()
    const { code, err } = await ask([])
    expect([code, err]).toEqual([2, 'Name a node with --without.\n\nSee tron recover --help.\n'])
  })
})

import { access, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import {
  findProgram,
  freePort,
  httpJson,
  realClock,
  requireProgram,
  runChild,
  temporaryFolder,
} from '@tron/testkit'
import { expect, it } from 'vitest'

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  response.statusCode = request.url === '/bad' ? 400 : 200
  response.end(request.method === 'POST' ? JSON.stringify({ body }) : 'plain')
}

it('removes a temporary folder with what it holds', async () => {
  let path = ''
  {
    await using folder = await temporaryFolder()
    path = folder.path
    await writeFile(join(path, 'file'), 'text')
  }
  await expect(access(path)).rejects.toThrow('ENOENT')
})

it('gives a port that is free on all the addresses asked for', async () => {
  const port = await freePort(['127.0.0.1', '127.0.0.2'])
  expect(port).toBeGreaterThan(1023)
})

it('sends a form by POST and reads JSON, text and failures alike', async () => {
  await using server = createServer((request, response) => {
    void answer(request, response)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${port}`
  const posted = await httpJson(url, { form: { command: 'start', note: 'ä' } })
  const bad = await httpJson(`${url}/bad`)
  expect([posted, bad].map(({ status, body }) => ({ status, body }))).toEqual([
    { status: 200, body: { body: 'command=start&note=%C3%A4' } },
    { status: 400, body: 'plain' },
  ])
})

it('keeps the output and the exit of a child', async () => {
  const done = await runChild(['sh', '-c', 'echo out; echo err >&2; exit 3'])
  expect(done).toEqual({ code: 3, signal: null, stdout: 'out\n', stderr: 'err\n' })
})

it('finds programs, and says no for those that are not there', () => {
  expect([findProgram('sh') === undefined, requireProgram('sh', 'dash')]).toEqual([false, true])
})

it('rejects a sleep with the reason of the signal that aborts it', async () => {
  const reason = new Error('enough')
  await expect(realClock.sleep(60_000, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

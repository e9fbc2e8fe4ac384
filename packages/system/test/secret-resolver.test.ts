import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { messageOf, type SecretRef } from '@tron/model'
import { createSecretResolver } from '@tron/system'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tron-secrets-'))
})
afterAll(() => rm(folder, { recursive: true }))

const secrets = createSecretResolver({ env: { TOKEN: 'from env', EMPTY: '' } })

it('reads a variable as it is', async () => {
  expect(await secrets.resolve({ env: 'TOKEN' })).toBe('from env')
  expect(await secrets.resolve({ env: 'EMPTY' })).toBe('')
})

it('reads a file without its last line end, again each time', async () => {
  const file = join(folder, 'secret')
  await writeFile(file, 'line one\nschlüssel\n')
  expect(await secrets.resolve({ file })).toBe('line one\nschlüssel')
  await writeFile(file, 'other')
  expect(await secrets.resolve({ file })).toBe('other')
})

it('takes what a program prints, which gets its arguments unchanged and nothing to read', async () => {
  const exec = ['/bin/sh', '-c', 'cat; printf "%s\\n" "$1"', 'sh', 'a b"$c'] as const
  expect(await secrets.resolve({ exec: [...exec] })).toBe('a b"$c')
})

const refused: readonly (readonly [SecretRef, string])[] = [
  [{ env: 'ABSENT' }, 'the secret {"env":"ABSENT"} cannot be read: it is not set'],
  [{ file: '/nowhere/secret' }, 'the secret {"file":"/nowhere/secret"} cannot be read: ENOENT'],
  [
    { exec: ['/nowhere/program', 'x'] },
    'the secret {"exec":["/nowhere/program","x"]} cannot be read: it ended with ENOENT',
  ],
]

it.each(refused)('names the reference %j and the reason when it cannot be read', async (ref, message) => {
  await expect(secrets.resolve(ref)).rejects.toMatchObject({ code: 'SECRET', message, details: { ref } })
})

it('shows nothing that a failing program printed', async () => {
  const ref: SecretRef = {
    exec: ['/bin/sh', '-c', 'cat "$0"; cat "$0" >&2; exit 3', join(folder, 'printed')],
  }
  await writeFile(join(folder, 'printed'), 'hunter2')
  const error: unknown = await secrets.resolve(ref).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'SECRET' })
  expect(messageOf(error)).toMatch(/it ended with 3$/)
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('hunter2')
})

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isTronError } from '@tron/model'
import { temporaryFolder } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { noteInstallation, prepareDirectory, readInstallation } from '../src/working-directory.ts'

const WHAT = { what: 'working directory', option: '--working-dir' }

describe('the working directory', () => {
  it('is made with all above it, and made again without harm', async () => {
    await using folder = await temporaryFolder()
    const dir = folder.path
    const deep = join(dir, 'a', 'b')
    await prepareDirectory(deep, WHAT)
    await prepareDirectory(deep, WHAT)
    expect(await readInstallation(deep)).toBeUndefined()
  })

  it('is refused by name when something stands in its place', async () => {
    await using folder = await temporaryFolder()
    const dir = folder.path
    await writeFile(join(dir, 'file'), '')
    const thrown: unknown = await prepareDirectory(join(dir, 'file', 'x'), WHAT).catch(
      (error: unknown) => error,
    )
    expect(isTronError(thrown, 'SETTINGS') && thrown.message).toContain(
      `${join(dir, 'file', 'x')} cannot be made`,
    )
  })

  it('is refused where a folder takes no folders', async () => {
    await expect(prepareDirectory('/proc/tron/x', WHAT)).rejects.toThrow(
      'the working directory /proc/tron/x cannot be made: ENOENT',
    )
  })
})

describe('the installation', () => {
  it('is noted, and noted again when the note was lost', async () => {
    await using folder = await temporaryFolder()
    const dir = folder.path
    await noteInstallation(dir, 'abc')
    expect(await readFile(join(dir, 'installation'), 'utf8')).toBe('abc\n')
    await rm(join(dir, 'installation'))
    await noteInstallation(dir, 'abc')
    expect(await readInstallation(dir)).toBe('abc')
  })

  it('cannot be noted where nothing can be written, and that is said with its reason', async () => {
    const noting = noteInstallation('/nowhere/at/all', 'abc')
    await expect(noting).rejects.toMatchObject({ code: 'SETTINGS' })
    await expect(noting).rejects.toThrow('/nowhere/at/all/installation cannot be written: ENOENT')
  })

  it('that is noted stays', async () => {
    await using folder = await temporaryFolder()
    await noteInstallation(folder.path, 'ours')
    await noteInstallation(folder.path, 'theirs')
    expect(await readInstallation(folder.path)).toBe('ours')
  })
})

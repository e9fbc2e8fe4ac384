import { createConfigDisk, readDocument } from '@tron/config'
import { expect, it } from 'vitest'

it.each([
  ['EACCES', 'permission denied; it must be readable for this user, and the directories above it too'],
  ['EISDIR', 'it is a directory; there must be a file in its place'],
  ['ELOOP', 'its symbolic links lead back to themselves; make them lead to a file'],
  ['ENAMETOOLONG', 'its name is too long; shorten it'],
  ['ENOTDIR', 'a directory of its path is a file; correct the path'],
  ['EIO', 'EIO: said the disk'],
])('a file that the disk refuses with %s is an error that says what to do', async (code, why) => {
  const refuses = () => Promise.reject(Object.assign(new Error(`${code}: said the disk`), { code }))
  const disk = { ...createConfigDisk(), read: refuses }
  expect(await readDocument('one.yaml', { maxBytes: 100, disk })).toEqual({
    text: '',
    fault: { at: 0, message: `the file cannot be read: ${why}` },
  })
})

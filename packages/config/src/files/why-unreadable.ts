import { messageOf } from '@tron/model'

const IN_WORDS: ReadonlyMap<unknown, string> = new Map([
  ['EACCES', 'permission denied; it must be readable for this user, and the directories above it too'],
  ['EISDIR', 'it is a directory; there must be a file in its place'],
  ['ELOOP', 'its symbolic links lead back to themselves; make them lead to a file'],
  ['ENAMETOOLONG', 'its name is too long; shorten it'],
  ['ENOTDIR', 'a directory of its path is a file; correct the path'],
])

/** Why something could not be read, and what to do about it where that is known. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return IN_WORDS.get(code) ?? messageOf(error)
}

import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { environmentValue } from './environment.ts'

const told = new Set<string>()

/** Where a program is: on PATH, or in a folder for administrators. */
export function findProgram(program: string): string | undefined {
  const folders = [
    ...(environmentValue('PATH') ?? '').split(delimiter),
    '/usr/sbin',
    '/sbin',
    '/usr/local/sbin',
  ]
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

/**
 * Whether a program that tests need is there. When not, says once what to install, so that `describe.skipIf` is never silent.
 * @throws when it is missing and CI=true: there a skipped test is a failure
 */
export function requireProgram(program: string, debianPackage: string): boolean {
  if (findProgram(program) !== undefined) return true
  return missing(`${program} is not there; install it, on Debian by: apt-get install ${debianPackage}`)
}

/** Whether a private process namespace can be made here. @throws when not and CI=true */
export function requireNamespaces(): boolean {
  if (!requireProgram('unshare', 'util-linux') || !requireProgram('nsenter', 'util-linux')) return false
  const probe = spawnSync(
    findProgram('unshare') ?? 'unshare',
    [...unshareFlags(), 'mount', '-t', 'proc', 'proc', '/proc'],
    {
      encoding: 'utf8',
    },
  )
  if (probe.status === 0) return true
  return missing(`no private process namespace can be made here: ${probe.stderr.trim()}`)
}

/** Whether `WITHOUT_LOGIN` can start something here. @throws when not and CI=true */
export function requireNoLogin(): boolean {
  if (!requireProgram('unshare', 'util-linux')) return false
  const [program, ...words] = WITHOUT_LOGIN
  const probe = spawnSync(program, [...words, 'true'], { encoding: 'utf8' })
  if (probe.status === 0) return true
  return missing(`no user without an entry can be had here: ${probe.stderr.trim()}`)
}

/** Starts what follows as a user that has no entry, as in a container, and none of the rights of root. */
export const WITHOUT_LOGIN = ['unshare', '--user', '--map-user=4242'] as const

/** Whether `startSshd` can work here. @throws when not and CI=true */
export function requireSshd(): boolean {
  return (
    requireProgram('sshd', 'openssh-server') &&
    requireProgram('ssh-keygen', 'openssh-client') &&
    requireNamespaces()
  )
}

/** How `unshare` makes the namespace: an ordinary user needs a user namespace around it. */
export function unshareFlags(): readonly string[] {
  const flags = ['--pid', '--fork', '--mount', '--kill-child']
  return userInfo().uid === 0 ? flags : ['--user', '--map-root-user', ...flags]
}

function missing(reason: string): false {
  if (environmentValue('CI') === 'true') throw new Error(`needed for tests: ${reason}`)
  if (!told.has(reason)) process.stderr.write(`tests are skipped: ${reason}\n`)
  told.add(reason)
  return false
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

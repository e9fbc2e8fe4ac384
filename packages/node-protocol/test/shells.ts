import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram, requireNamespaces, requireProgram, runChild } from '@tron/testkit'

/** A shell that the program must work under, and the programs it finds. */
export interface ShellKind {
  readonly name: string
  readonly program: string
  readonly debianPackage: string
  /** Only the programs of busybox are found, as on Alpine. */
  readonly onlyBusybox: boolean
}

export const SHELLS: readonly ShellKind[] = [
  { name: 'dash', program: 'dash', debianPackage: 'dash', onlyBusybox: false },
  { name: 'bash', program: 'bash', debianPackage: 'bash', onlyBusybox: false },
  { name: 'busybox ash', program: 'busybox', debianPackage: 'busybox', onlyBusybox: false },
  { name: 'busybox with nothing else', program: 'busybox', debianPackage: 'busybox', onlyBusybox: true },
]

/** Whether tests under this shell can run here; says what to install when not. */
export function canUse({ program, debianPackage }: ShellKind): boolean {
  return requireProgram(program, debianPackage) && requireNamespaces()
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Puts the shell into a folder under the name `sh`, and answers its path and the PATH for it. */
export async function installShell(
  kind: ShellKind,
  folder: string,
): Promise<{ readonly shell: string; readonly path: string }> {
  const program = findProgram(kind.program)
  if (program === undefined) throw new Error(`${kind.program} is not there`)
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const shell = join(bin, 'sh')
  if (!kind.onlyBusybox) {
    await symlink(program, shell)
    return { shell, path: SYSTEM_PATH }
  }
  await runChild([program, '--install', '-s', bin])
  return { shell, path: bin }
}

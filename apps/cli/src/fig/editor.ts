import { basename } from 'node:path'
import { TronError } from '@tron/model'
import type { Terminal } from '../terminal.ts'

/** Editors that open a file at a line when told `+LINE`. Others might take that for a file. */
const KNOWS_LINES = /^(?:r?vim?(?:\.\w+)?|nvim|r?nano|emacs(?:client)?(?:[-.\d]\S*)?)$/

/** What a shell exits with for a command that it cannot find, or not run. */
const NO_COMMAND: ReadonlySet<number> = new Set([126, 127])

/**
 * Opens a file in the editor of `$VISUAL`, else `$EDITOR`, else vi, and resolves with its exit status once it is closed.
 * @throws SETTINGS when there is no such editor
 */
export async function openEditor(
  terminal: Terminal,
  file: string,
  line: number | undefined,
): Promise<number> {
  const editor = editorOf(terminal.env)
  // By a shell, as git does it: the variable may hold options and quotes. Ctrl-C is for the editor, not for that shell.
  const status = await terminal.lend('/bin/sh', [
    '-c',
    `trap : INT QUIT; ${editor} "$@"`,
    editor,
    ...lineWords(editor, line),
    file,
  ])
  if (!NO_COMMAND.has(status)) return status
  throw new TronError('SETTINGS', `the editor "${editor}" cannot be run`, {
    hint: 'Set VISUAL or EDITOR to an editor that stays until the file is closed, such as vi, nano or "code --wait".',
  })
}

function editorOf(env: Terminal['env']): string {
  return [env['VISUAL'], env['EDITOR']].find((text) => text !== undefined && text.trim() !== '') ?? 'vi'
}

function lineWords(editor: string, line: number | undefined): readonly string[] {
  const [program = ''] = editor.trim().split(/\s+/)
  return line !== undefined && KNOWS_LINES.test(basename(program)) ? [`+${line}`] : []
}

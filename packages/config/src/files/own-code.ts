import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Packages whose code decides what a configuration says, as this one finds them. */
const OURS = ['@tron/model', '@tron/schedule', '@tron/template'] as const
const OTHERS = ['yaml', 'zod'] as const

/**
 * A digest of the code that reads configurations, and of the tables of time zones. What was kept by another version, or before an edit, is of
 * another program.
 */
export async function digestOfOwnCode(): Promise<string> {
  const ours = OURS.map((name) => dirname(fileURLToPath(import.meta.resolve(name))))
  const hash = createHash('sha256').update(
    `${process.version} ${process.versions['tz']} ${process.versions['icu']}`,
  )
  for (const directory of [dirname(import.meta.dirname), ...ours]) await addCode(directory, hash)
  for (const name of OTHERS) hash.update(await versionOf(fileURLToPath(import.meta.resolve(name))))
  return hash.digest('hex')
}

async function addCode(directory: string, hash: ReturnType<typeof createHash>): Promise<void> {
  const files = await readdir(directory, { recursive: true })
  const code = files.filter((file) => /(?<!\.d)\.(?:ts|js)$/.test(file)).toSorted()
  const texts = await Promise.all(code.map((file) => readFile(join(directory, file))))
  for (const [index, text] of texts.entries()) hash.update(`${code[index]} ${text.length} `).update(text)
}

/** The manifest of the package that a file is of. */
async function versionOf(file: string): Promise<string> {
  for (let directory = dirname(file); directory !== dirname(directory); directory = dirname(directory)) {
    const manifest = await readFile(join(directory, 'package.json'), 'utf8').catch(() => '')
    if (manifest.includes('"version"')) return manifest
  }
  return ''
}

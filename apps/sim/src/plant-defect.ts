import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { DEFECTS } from './defects/defects.ts'

/** From the root of the repository. */
const ROOT = new URL('../../../', import.meta.url)

/** Makes this thread load the sources with a defect in them. @throws RangeError for a name that no defect has, or an edit that no longer fits */
export async function plantDefect(name: string): Promise<void> {
  const defect = DEFECTS.find((candidate) => candidate.name === name)
  if (defect === undefined) throw new RangeError(`there is no defect "${name}"`)
  const patched = new Map<string, string>()
  for (const { file, find, replace } of defect.edits) {
    const url = new URL(file, ROOT)
    const text = patched.get(url.href) ?? readFileSync(url, 'utf8')
    if (text.split(find).length !== 2)
      throw new RangeError(`${file} does not hold the text of defect "${name}" once`)
    patched.set(
      url.href,
      text.replace(find, () => replace),
    )
  }
  registerHooks({
    load(url, context, nextLoad) {
      const source = patched.get(realUrl(url))
      return source === undefined
        ? nextLoad(url, context)
        : { format: 'module-typescript', source, shortCircuit: true }
    },
  })
}

function realUrl(url: string): string {
  return url.startsWith('file:') ? pathToFileURL(fileURLToPath(url)).href : url
}

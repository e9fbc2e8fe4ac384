import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { describe, expect, it } from 'vitest'
import type { Defect } from '../src/defects/defect.ts'
import { DEFECTS } from '../src/defects/defects.ts'

const ROOT = new URL('../../../', import.meta.url)

/** The files that a defect changes, as they are with it. */
function planted({ edits }: Defect): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const { file, find, replace } of edits) {
    const text = texts.get(file) ?? readFileSync(new URL(file, ROOT), 'utf8')
    expect(text.split(find), `"${find}" stands once in ${file}`).toHaveLength(2)
    texts.set(
      file,
      text.replace(find, () => replace),
    )
  }
  return texts
}

describe('the defects', () => {
  it('are enough, for both simulations', () => {
    const engine = DEFECTS.filter(({ layer }) => layer === 'engine')
    expect(engine.length).toBeGreaterThanOrEqual(42)
    expect(DEFECTS.length - engine.length).toBeGreaterThanOrEqual(10)
  })

  it('have names of their own, in kebab-case', () => {
    const names = DEFECTS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/)
  })

  it.each(DEFECTS)('$name fits the source as it is, and leaves it readable for Node', (defect) => {
    const texts = planted(defect)
    for (const [file, text] of texts) {
      expect(text).not.toBe(readFileSync(new URL(file, ROOT), 'utf8'))
      expect(() => stripTypeScriptTypes(text)).not.toThrow()
    }
  })
})

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { exists, type Member, members, readText, root } from './workspace.ts'

/** An entry of a package's exports: the name at the import, and the source behind it. */
interface Entry {
  readonly specifier: string
  readonly source: string
}

const target = z.strictObject({ '@tron/source': z.string(), types: z.string(), default: z.string() })

function entriesOf(member: Member): readonly Entry[] {
  return Object.entries(member.manifest.exports).flatMap(([path, value]) => {
    if (path === './package.json') return []
    const conditions = target.parse(value)
    const specifier = path === '.' ? `@tron/${member.name}` : `@tron/${member.name}/${path.slice(2)}`
    return [{ specifier, source: join(member.dir, conditions['@tron/source']) }]
  })
}

const entries = members.flatMap(entriesOf).toSorted((a, b) => (a.specifier < b.specifier ? -1 : 1))

async function valuesOf(source: string): Promise<ReadonlyMap<string, string>> {
  const module: unknown = await import(/* @vite-ignore */ pathToFileURL(join(root, source)).href)
  return new Map(
    Object.entries(z.record(z.string(), z.unknown()).parse({ ...Object(module) })).map(([name, value]) => [
      name,
      kindOf(value),
    ]),
  )
}

function kindOf(value: unknown): string {
  if (typeof value !== 'function') return typeof value
  return /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function'
}

// Types leave nothing at run time, so they are read from the source: named re-exports and declarations.
function typesOf(source: string): readonly string[] {
  const text = readText(source).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  const lists = Array.from(text.matchAll(/export\s+(type\s+)?\{([^}]*)\}/g)).flatMap(([, type, list = '']) =>
    list
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '' && (type !== undefined || item.startsWith('type ')))
      .map((item) => item.replace(/^type\s+/, '').replace(/^.*\sas\s+/, '')),
  )
  const declared = Array.from(
    text.matchAll(/export\s+(?:declare\s+)?(?:type|interface)\s+(\w+)/g),
    ([, name = '']) => name,
  )
  return [...lists, ...declared]
}

async function surface(entry: Entry): Promise<readonly string[]> {
  const values = await valuesOf(entry.source)
  const kinds = new Map([...typesOf(entry.source).map((name) => [name, 'type'] as const), ...values])
  return [entry.specifier, ...[...kinds].map(([name, kind]) => `  ${kind} ${name}`).toSorted()]
}

describe('what packages export', () => {
  it('is what exports.txt says: a change of it is a change that others see (`pnpm unit test/exports.test.ts -u` writes it anew)', async () => {
    const surfaces = await Promise.all(entries.map(surface))
    const text = `${surfaces.map((lines) => lines.join('\n')).join('\n\n')}\n`
    await expect(text).toMatchFileSnapshot('exports.txt')
  })

  it.each(entries.map(({ specifier, source }) => [specifier, source]))(
    '%s has its source',
    (_specifier, source) => {
      expect(exists(source)).toBe(true)
    },
  )

  it.each(members.map((member) => [member.name, member] as const))(
    '%s has no pattern and no barrel beside its entries',
    (_name, member) => {
      expect(Object.keys(member.manifest.exports).filter((path) => path.includes('*'))).toEqual([])
      expect(
        entriesOf(member)
          .map(({ source }) => source)
          .filter((source) => !isEntry(source)),
      ).toEqual([])
    },
  )
})

// An index has named re-exports and nothing else, so that nothing hides in it.
function isEntry(source: string): boolean {
  if (!source.endsWith('index.ts')) return true
  const rest = readText(source)
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    .replaceAll(/export\s+(?:type\s+)?\{[^}]*\}(?:\s+from\s+'[^']+')?/g, '')
  return rest.trim() === ''
}

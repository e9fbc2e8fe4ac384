/** The conditions under which Node imports a package. */
const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default'])

/**
 * The file that importing a package gives, as its `package.json` says: relative to the package, beginning with `./`. `subpath` is `.`, or
 * `./<path>`. Null when the package does not offer it. Patterns (`*`) are not understood: a plugin names its entry.
 */
export function resolveEntry(manifest: Readonly<Record<string, unknown>>, subpath: string): string | null {
  const { exports, main } = manifest
  if (exports === undefined || exports === null) return subpath === '.' ? relative(main) : subpath
  const offered =
    isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.')) ? exports : { '.': exports }
  return choose(Object.hasOwn(offered, subpath) ? offered[subpath] : null)
}

function choose(target: unknown): string | null {
  if (typeof target === 'string') return target.startsWith('./') ? target : null
  if (Array.isArray(target)) return firstOf(target)
  if (!isRecord(target)) return null
  return firstOf(
    Object.entries(target).flatMap(([condition, inner]) => (CONDITIONS.has(condition) ? [inner] : [])),
  )
}

function firstOf(targets: readonly unknown[]): string | null {
  for (const target of targets) {
    const chosen = choose(target)
    if (chosen !== null) return chosen
  }
  return null
}

function relative(main: unknown): string {
  if (typeof main !== 'string' || main === '') return './index.js'
  return main.startsWith('./') ? main : `./${main}`
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Values that were checked and frozen before: what is put again and again (an environment, a target) is walked once. */
const known = new WeakSet()

const MAX_DEPTH = 200

/** Why a value is not JSON, and where in it. */
export class NotJson extends Error {}

/**
 * Checks that a value is JSON as it would come back from its own text, and freezes it to its depth. Members that are `undefined` are left out and -0 is 0,
 * as JSON has it: only then the result is a copy. @throws NotJson for anything else that JSON would drop or change
 */
export function checkJson(value: unknown): unknown {
  return walk(value, '', 0)
}

function walk(value: unknown, path: string, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value
  if (typeof value === 'object') return known.has(value) ? value : walkObject(value, path, depth)
  throw new NotJson(`${typeof value === 'number' ? value : typeof value} ${place(path)}`)
}

function walkObject(value: object, path: string, depth: number): object {
  if (depth > MAX_DEPTH) throw new NotJson(`more than ${MAX_DEPTH} levels`)
  const result = Array.isArray(value) ? walkArray(value, path, depth) : walkRecord(value, path, depth)
  known.add(Object.freeze(result))
  return result
}

function walkArray(value: readonly unknown[], path: string, depth: number): readonly unknown[] {
  let changed = false
  // A loop by index: `map` would skip holes.
  const items: unknown[] = []
  for (let at = 0; at < value.length; at += 1) {
    const item = walk(value[at], `${path}[${at}]`, depth + 1)
    if (!Object.is(item, value[at])) changed = true
    items.push(item)
  }
  return changed ? items : value
}

function walkRecord(value: object, path: string, depth: number): object {
  if (!isPlain(value)) throw new NotJson(`an object that is not a plain record ${place(path)}`)
  let changed = false
  const members: [string, unknown][] = []
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) {
      changed = true
      continue
    }
    const checked = walk(member, `${path}.${name}`, depth + 1)
    if (!Object.is(checked, member)) changed = true
    members.push([name, checked])
  }
  return changed ? Object.fromEntries(members) : value
}

/** Also for records of another realm, whose `Object` is another one. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null)
}

function place(path: string): string {
  return path === '' ? 'at its top' : `at ${path}`
}

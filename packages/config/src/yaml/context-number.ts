import type { JsonValue } from '@tron/model'
import { exactNumber } from '@tron/template'
import { readYaml11 } from './yaml-1-1.ts'

/** As YAML 1.2 has whole numbers. */
const WHOLE = /^(?:[-+]?\d+|0x[\da-fA-F]+|0o[0-7]+)$/

/**
 * What a scalar without quotes is in the command context: the value as read, but the number that was written where JSON has none for it, since a
 * command may ask for any format of it.
 */
export function contextNumber(source: string, value: JsonValue): JsonValue {
  const before = readYaml11(source)
  if (before.kind === 'number' && isPointed(source, before) && isJsonLess(before.value))
    return exactNumber({ float: before.value })
  if (Number.isSafeInteger(value) || !WHOLE.test(source)) return value
  return exactNumber({ int: BigInt(source.replace('+', '')) })
}

/** Written as a floating number, and no base-60 one. */
function isPointed(source: string, { how }: { readonly how: string }): boolean {
  return how === 'the number' && source.includes('.')
}

/** Such as `2.0`, which Tron 3 put into commands with its point and which JSON takes for 2, or `.inf`. */
function isJsonLess(value: number): boolean {
  return Number.isInteger(value) || !Number.isFinite(value)
}

import type { JsonValue } from '@tron/model'
import { formatValue } from './format-spec.ts'
import { type Field, type Piece, splitTemplate } from './format-template.ts'
import { lookUp } from './look-up.ts'
import { isList, pythonAscii, pythonRepr, pythonStr } from './python-text.ts'
import type { RenderContext, Rendered } from './render-context.ts'

/** Fills in a command's template. The values are put in once and never read again as templates. */
export function renderCommand(template: string, context: RenderContext): Rendered {
  const rendered = renderTemplate(template, context)
  return 'text' in rendered ? { ok: true, text: rendered.text } : { ok: false, reason: rendered.reason }
}

/** Text, or why there is none and, when that is it, the variable that is not known. */
export type RenderedTemplate = { readonly text: string } | Unknown

interface Unknown {
  readonly reason: string
  readonly variable?: string
  /** The field that is at fault, as it is written between the braces. */
  readonly field?: string
}

/** The one renderer behind `renderCommand` and `checkTemplate`. What comes out empty is refused: it would succeed without doing anything. */
export function renderTemplate(template: string, context: RenderContext): RenderedTemplate {
  const split = splitTemplate(template)
  if (!split.ok) return { reason: split.reason }
  const rendered = renderPieces(split.pieces, context)
  return 'text' in rendered && rendered.text.trim() === '' ? { reason: EMPTY } : rendered
}

const EMPTY = 'nothing is left to run: the command is empty'

function renderPieces(pieces: readonly Piece[], context: RenderContext): RenderedTemplate {
  let text = ''
  for (const piece of pieces) {
    const part = 'text' in piece ? piece : renderField(piece.field, context)
    if (!('text' in part)) return 'field' in piece ? { ...part, field: piece.field.source } : part
    text += part.text
  }
  return { text }
}

function renderField(field: Field, context: RenderContext): RenderedTemplate {
  const found = lookUp(field.name, context)
  if (!('value' in found)) return field.afterDollar ? aboutShell(field, found) : found
  const reached = reach(found.value, field)
  if (!('value' in reached)) return reached
  const converted = convert(reached.value, field)
  if (!('value' in converted)) return converted
  const format = renderPieces(field.format, context)
  if (!('text' in format)) return format
  const formatted = formatValue(converted.value, format.text)
  return 'text' in formatted ? formatted : { reason: `{${field.source}}: ${formatted.reason}` }
}

/** Most who write `${HOME}` mean the shell's variable. */
function aboutShell(field: Field, unknown: Unknown): Unknown {
  return { ...unknown, reason: `${unknown.reason}; write \${{${field.source}}} for a variable of the shell` }
}

type Reached = { readonly value: JsonValue } | { readonly reason: string }

/** Follows `[key]` and `[0]` into data of the command context, or to one character of a text. */
function reach(start: JsonValue, field: Field): Reached {
  let value: JsonValue = start
  for (const index of field.indexes) {
    const inner = member(value, index)
    if (inner === undefined) return { reason: `{${field.source}}: there is no [${index}]` }
    value = inner
  }
  return { value }
}

function member(value: JsonValue, index: string): JsonValue | undefined {
  if (typeof value === 'string') return /^\d+$/.test(index) ? Array.from(value)[Number(index)] : undefined
  if (value === null || typeof value !== 'object') return undefined
  if (isList(value)) return /^\d+$/.test(index) ? value[Number(index)] : undefined
  return Object.hasOwn(value, index) ? value[index] : undefined
}

function convert(value: JsonValue, field: Field): Reached {
  switch (field.conversion) {
    case null:
      return { value }
    case 's':
      return { value: pythonStr(value) }
    case 'r':
      return { value: pythonRepr(value) }
    case 'a':
      return { value: pythonAscii(value) }
    default:
      return { reason: `{${field.source}}: "!${field.conversion}" is not a conversion; accepted: !s, !r, !a` }
  }
}

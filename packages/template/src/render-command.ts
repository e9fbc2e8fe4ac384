import type { JsonValue } from '@tron/model'
import { formatValue } from './format-spec.ts'
import { type Field, MOST_FAULTS, type Piece, splitTemplate } from './format-template.ts'
import { lookUp, type Unknown } from './look-up.ts'
import { numberOf } from './python-number.ts'
import { isList, pythonAscii, pythonRepr, pythonStr } from './python-text.ts'
import type { RenderContext, Rendered } from './render-context.ts'

/** Fills in a command's template. The values are put in once and never read again as templates. */
export function renderCommand(template: string, context: RenderContext): Rendered {
  const { text, faults } = renderTemplate(template, context)
  const [fault] = faults
  return fault === undefined ? { ok: true, text } : { ok: false, reason: fault.reason }
}

/** One thing that is wrong in a template. */
export interface TemplateFault extends Unknown {
  /** Where it stands in the template, and how much of it is wrong: a field with its braces, or a brace. In UTF-16 units, as JavaScript counts. */
  readonly at: number
  readonly length: number
}

/** What a template gives, and all that is wrong in it, in its order; the text is good for nothing when something is. */
export interface RenderedTemplate {
  readonly text: string
  readonly faults: readonly TemplateFault[]
}

/** The one renderer behind `renderCommand` and `checkTemplate`. What comes out empty is refused: it would succeed without doing anything. */
export function renderTemplate(template: string, context: RenderContext): RenderedTemplate {
  const rendered = renderPieces(splitTemplate(template), context)
  const isEmpty = rendered.faults.length === 0 && rendered.text.trim() === ''
  return isEmpty ? { text: '', faults: [{ reason: EMPTY, at: 0, length: template.length }] } : rendered
}

const EMPTY = 'nothing is left to run: the command is empty'

function renderPieces(pieces: readonly Piece[], context: RenderContext): RenderedTemplate {
  const faults: TemplateFault[] = []
  let text = ''
  for (const piece of pieces) {
    if (faults.length === MOST_FAULTS) break
    const part = renderPiece(piece, context)
    if ('text' in part) text += part.text
    else faults.push(part)
  }
  return { text, faults }
}

function renderPiece(piece: Piece, context: RenderContext): { readonly text: string } | TemplateFault {
  if ('text' in piece) return piece
  if ('fault' in piece) return piece.fault
  const { field } = piece
  const rendered = renderField(field, context)
  return 'text' in rendered ? rendered : { ...rendered, at: field.at, length: field.source.length + 2 }
}

type RenderedField = { readonly text: string } | Unknown

function renderField(field: Field, context: RenderContext): RenderedField {
  const found = lookUp(field.name, context)
  if (!('value' in found)) return field.afterDollar ? aboutShell(field, found) : found
  const reached = reach(found.value, field)
  if (!('value' in reached)) return reached
  const converted = convert(reached.value, field)
  if (!('value' in converted)) return converted
  const format = renderPieces(field.format, context)
  const [fault] = format.faults
  if (fault !== undefined) return inFormat(fault)
  const formatted = formatValue(converted.value, format.text)
  return 'text' in formatted ? formatted : { reason: `{${field.source}}: ${formatted.reason}` }
}

/** A fault of the format is one of the whole field: places count in the template, not in the format. */
function inFormat({ at: _at, length: _length, ...unknown }: TemplateFault): Unknown {
  return unknown
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
  if (value === null || typeof value !== 'object' || numberOf(value) !== null) return undefined
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

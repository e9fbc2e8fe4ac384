/** One piece of a template: plain text, a field to fill in, or braces that form none. */
export type Piece = { readonly text: string } | { readonly field: Field } | { readonly fault: BraceFault }

/** Braces that form no field: why, and where they stand in the template. */
export interface BraceFault {
  readonly reason: string
  readonly at: number
  readonly length: number
}

/** A field between braces: `{name[index]!conversion:format}`. */
export interface Field {
  /** Where its brace stands in the template. */
  readonly at: number
  /** The whole between the braces, as written. */
  readonly source: string
  readonly name: string
  readonly indexes: readonly string[]
  readonly conversion: string | null
  /** The format behind the colon, which may have fields of its own, as in `{name:>{WIDTH}}`. */
  readonly format: readonly Piece[]
  /** Whether it stands behind a `$`, as a variable of the shell does. */
  readonly afterDollar: boolean
}

/** More faults of one template than these nobody reads. */
export const MOST_FAULTS = 100

/** Jobs run the same few thousand commands over and over. Long ones are rare and would hold much memory. */
const REMEMBERED = { templates: 4096, length: 1024 }
const remembered = new Map<string, readonly Piece[]>()

/** Splits a template into text and fields. `{{` and `}}` are braces; one that forms no field is a fault, and what stands behind it is read on. */
export function splitTemplate(template: string): readonly Piece[] {
  const known = remembered.get(template)
  if (known !== undefined) return known
  const fresh = split(template, true)
  if (template.length > REMEMBERED.length) return fresh
  if (remembered.size >= REMEMBERED.templates) remembered.clear()
  remembered.set(template, fresh)
  return fresh
}

function split(template: string, nesting: boolean): readonly Piece[] {
  const pieces: Piece[] = []
  let text = ''
  let at = 0
  let faults = 0
  while (at < template.length && faults < MOST_FAULTS) {
    const brace = find(/[{}]/g, template, at)
    text += template.slice(at, brace)
    if (brace === template.length) break
    const char = template.charAt(brace)
    if (template.charAt(brace + 1) === char) {
      text += char
      at = brace + 2
      continue
    }
    if (text !== '') pieces.push({ text })
    text = ''
    const read = char === '}' ? single(brace) : readField(template, brace, nesting)
    if ('fault' in read.piece) faults += 1
    pieces.push(read.piece)
    at = read.end
  }
  if (text !== '') pieces.push({ text })
  return pieces
}

/** A field or a fault, and where to read on. */
interface ReadPiece {
  readonly piece: Piece
  readonly end: number
}

/** Reads the field that a brace opens. What stands in square brackets may be anything but their end, as in Python. */
function readField(template: string, brace: number, nesting: boolean): ReadPiece {
  const nameEnd = endOfName(template, brace + 1)
  const mark = template.charAt(nameEnd)
  if (mark === '{') return nested(template, brace, nameEnd)
  const formatEnd = mark === '}' ? nameEnd : endOfFormat(template, nameEnd)
  if (formatEnd === template.length) return unclosed(template, brace)
  const end = formatEnd + 1
  const source = template.slice(brace + 1, formatEnd)
  const faulty = (reason: string) => fault(`{${source}}: ${reason}`, { at: brace, length: end - brace, end })
  const reference = splitReference(template.slice(brace + 1, nameEnd))
  if (reference === null) {
    return faulty('only plain names can be used, without dots; [KEY] reaches into a value')
  }
  const [, conversion = null, text = ''] =
    /^(?:!([^:]*))?(?::(.*))?$/s.exec(template.slice(nameEnd, formatEnd)) ?? []
  const format = formatPieces(text, nesting)
  if ('reason' in format) return faulty(format.reason)
  const afterDollar = template.charAt(brace - 1) === '$'
  return {
    piece: { field: { at: brace, source, ...reference, conversion, format: format.pieces, afterDollar } },
    end,
  }
}

function formatPieces(
  text: string,
  nesting: boolean,
): { readonly pieces: readonly Piece[] } | { readonly reason: string } {
  if (!/[{}]/.test(text)) return { pieces: text === '' ? [] : [{ text }] }
  if (!nesting) return { reason: 'braces go no deeper than this' }
  const pieces = split(text, false)
  for (const piece of pieces) if ('fault' in piece) return { reason: piece.fault.reason }
  return { pieces }
}

function fault(
  reason: string,
  { at, length, end }: { readonly at: number; readonly length: number; readonly end: number },
): ReadPiece {
  return { piece: { fault: { reason, at, length } }, end }
}

/** A brace among what should be a name. Most who write that have a block of a program there: it is one mistake, up to the brace that closes it. */
function nested(template: string, brace: number, inner: number): ReadPiece {
  const reason = `a "{" inside {${template.slice(brace + 1, inner)}; write "{{" for a brace`
  const end = Math.min(endOfFormat(template, inner) + 1, template.length)
  return fault(reason, { at: brace, length: inner + 1 - brace, end })
}

function single(brace: number): ReadPiece {
  const reason = `a single "}" at character ${brace + 1}; write "}}" for a brace`
  return fault(reason, { at: brace, length: 1, end: brace + 1 })
}

/** What stands behind it may be meant to be in it: nothing can be said of that. */
function unclosed(template: string, brace: number): ReadPiece {
  const reason = `a "{" that is never closed at character ${brace + 1}; write "{{" for a brace`
  return fault(reason, { at: brace, length: 1, end: template.length })
}

function endOfName(template: string, from: number): number {
  let at = find(/[{}[:!]/g, template, from)
  while (template.charAt(at) === '[') at = find(/[{}[:!]/g, template, find(/\]/g, template, at))
  return at
}

/** The brace that closes a field whose format has begun: braces within it come in pairs. */
function endOfFormat(template: string, from: number): number {
  let open = 1
  let at = from
  while (at < template.length) {
    at = find(/[{}]/g, template, at)
    open += template.charAt(at) === '{' ? 1 : -1
    if (open === 0) break
    at += 1
  }
  return Math.min(at, template.length)
}

/** A name and the indexes behind it. Null when a dot or something else follows, or an index is empty. */
function splitReference(reference: string): Pick<Field, 'name' | 'indexes'> | null {
  const end = find(/[.[]/g, reference, 0)
  const rest = reference.slice(end)
  if (!/^(?:\[[^\]]+\])*$/.test(rest)) return null
  const indexes = rest === '' ? [] : rest.slice(1, -1).split('][')
  return { name: reference.slice(0, end), indexes }
}

/** Where the next of some characters stands, or the end: looked for once, so that no text takes more than its length. */
function find(chars: RegExp, text: string, from: number): number {
  chars.lastIndex = from
  return chars.exec(text)?.index ?? text.length
}

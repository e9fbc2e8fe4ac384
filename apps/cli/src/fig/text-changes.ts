import { applyPatch, type StructuredPatchHunk, structuredPatch } from 'diff'

/** One place where two texts differ, with its lines, each behind a blank, `-`, `+` or a backslash. */
export type TextHunk = StructuredPatchHunk

/** With more lines removed and added than this, looking for the shortest way from one text to the other takes more than a second. */
const MOST_EDITS = 2_000

/** What differs between two texts, with three lines round each place; undefined for texts that have too little in common. */
export function changesBetween(before: string, after: string): readonly TextHunk[] | undefined {
  return patchOf(before, after)?.hunks
}

/**
 * Repeats on another text what changed from `base` to `mine`. Undefined where both changed the same lines: to choose between them is for the one who
 * wrote them.
 */
export function carryOver(texts: {
  readonly base: string
  readonly mine: string
  readonly theirs: string
}): string | undefined {
  const patch = patchOf(texts.base, texts.mine)
  const carried =
    patch === undefined ? false : applyPatch(texts.theirs, patch, { autoConvertLineEndings: false })
  return carried === false ? undefined : carried
}

function patchOf(before: string, after: string) {
  return structuredPatch('', '', before, after, undefined, undefined, {
    context: 3,
    maxEditLength: MOST_EDITS,
  })
}

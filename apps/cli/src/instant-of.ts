import { TronError } from '@tron/model'
import { Temporal } from '@tron/model/temporal'

const FORM = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i

/**
 * The instant that a person means: with `Z` or an offset as it stands, else on the walls of a zone, midnight for a day alone. A time that the wall shows
 * twice is the first, one that it never shows comes later by what the clocks were put forward.
 * @throws BAD_REQUEST for another form, or a day or time that does not exist
 */
export function instantOf(text: string, zone: string): number {
  const [, day, time = '00:00', offset] = FORM.exec(text.trim()) ?? []
  if (day === undefined) throw refusal(`"${text}" is not a time`)
  try {
    const written = `${day}T${time}`
    return offset === undefined
      ? Temporal.PlainDateTime.from(written).toZonedDateTime(zone).epochMilliseconds
      : Temporal.Instant.from(`${written}${offset.toUpperCase()}`).epochMilliseconds
  } catch (cause) {
    throw refusal(`"${text}" is no day or time that exists`, cause)
  }
}

function refusal(message: string, cause?: unknown): TronError {
  return new TronError('BAD_REQUEST', message, {
    cause,
    hint: 'Write 2026-03-28, "2026-03-28 02:30", 2026-03-28T02:30:00, or an instant such as 2026-03-28T02:30Z or 2026-03-28T02:30+01:00.',
  })
}

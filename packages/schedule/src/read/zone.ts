import { Temporal } from '@tron/model/temporal'

const checked = new Map<string, string | null>()

/** The name of a time zone in its usual spelling; null when there is no such zone. Offsets such as `+05:30` are not zones. */
export function checkZone(name: string): string | null {
  const known = checked.get(name)
  if (known !== undefined) return known
  const zone = lookUp(name)
  if (checked.size < 1000) checked.set(name, zone)
  return zone
}

function lookUp(name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return null
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    // The one way to ask for a zone is to try it.
    return null
  }
}

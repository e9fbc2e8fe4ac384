import type { NearMisses } from './near-miss.ts'

/** A question about the time zone that was probably meant: one whose city was named, or one spelt nearly so; nothing when there is none. */
export function nearZone(name: string, near: NearMisses): string {
  const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC']
  const city = name.replaceAll(' ', '_').toLowerCase()
  const ofCity = zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`))
  return ofCity === undefined ? near.didYouMean(name, zones) : `; did you mean "${ofCity}"?`
}

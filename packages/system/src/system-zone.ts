import { realpathSync } from 'node:fs'

/**
 * The name of the time zone of this machine, by `TZ` where that is set, as POSIX and the C library read it: empty is UTC, a path names a file of the
 * zone data base, and `JST-9` states how far UTC is ahead. Where it names none that has a name, such as `CET-1CEST,M3.5.0,M10.5.0/3`, the answer is
 * that text, for whoever asks to check. Node itself answers UTC for such, nothing at all, or `+03:00` for what is three hours behind.
 */
// oxlint-disable-next-line node/no-process-env -- this package is where the environment is read
export function systemZone({ TZ: tz }: { readonly TZ?: string } = process.env): string {
  if (tz === undefined) return new Intl.DateTimeFormat().resolvedOptions().timeZone
  const text = tz.replace(/^:/, '')
  return zoneOfDistance(text) ?? text.replace(/^\/.*/s, realPath).replace(FOLDERS, '')
}

/** The folders of the zone data base, of which two hold all zones once more. */
const FOLDERS = /^(?:\/.*\/zoneinfo\/)?(?:posix\/|right\/)?/

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // What cannot be followed is told as it was written.
    return path
  }
}

/** The zone of a text that states a distance in whole hours and no summer time. The signs of the names `Etc/GMT-9` are those of POSIX. */
function zoneOfDistance(text: string): string | undefined {
  if (text === '') return 'UTC'
  const [, sign = '', hours] = /^(?:[A-Za-z]{3,}|<[\w+-]{3,}>)([+-]?)0?(\d{1,2})(?::?00)*$/.exec(text) ?? []
  if (hours === undefined || Number(hours) > (sign === '-' ? 14 : 12)) return undefined
  return hours === '0' ? 'UTC' : `Etc/GMT${sign === '-' ? '-' : '+'}${hours}`
}

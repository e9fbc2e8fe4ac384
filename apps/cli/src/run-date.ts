import { TronError } from '@tron/model'

const FORM = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?$/

/**
 * Reads a run date, `YYYY-MM-DD` with `HH:MM` or `HH:MM:SS` after a blank or a T, into the form that the server takes. The job's zone is the server's to know.
 * @throws BAD_REQUEST for another form, or a day or time that does not exist
 */
export function runTimeOf(text: string): string {
  const [, day, time = '00:00', seconds = ':00'] = FORM.exec(text) ?? []
  const written = `${day}T${time}${seconds}`
  const instant = new Date(`${written}Z`)
  if (day === undefined || Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(written)) {
    throw new TronError(
      'BAD_REQUEST',
      `"${text}" is not a date; accepted are YYYY-MM-DD, YYYY-MM-DD HH:MM and YYYY-MM-DD HH:MM:SS`,
    )
  }
  return `${day} ${time}${seconds}`
}

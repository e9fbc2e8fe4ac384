/** What is accepted where a host is named. */
export const HOST = 'a hostname or address without blanks'

/** An IPv6 address, also with the zone of a link: it alone may hold colons. */
const IPV6 = /^(?=(?:[^:]*:){2})[0-9A-Fa-f:.]+(?:%[^\s/@:]+)?$/

/** Words between single dots, the last of which may end in one. What else DNS forbids, a file of hosts may allow. */
const NAME = /^[^\s\p{Cc}./@:[\]-][^\s\p{Cc}./@:[\]]*(?:\.[^\s\p{Cc}./@:[\]]+)*\.?$/u

/** How people write a host together with what has keys of its own. */
const ADDRESS = /^(?:ssh:\/\/)?(?:([^\s@/:]+)@)?(\[[^\s\]]+\]|[^\s@/:[\]]+)(?::(\d{1,5}))?(?:\/.*)?$/

/** Whether something can be reached under such a name. */
export function isHostName(text: string): boolean {
  return IPV6.test(text) || (text.isWellFormed() && NAME.test(text))
}

/** What is accepted in the place of a text that names no host, with what was probably meant. */
export function acceptedHost(text: string): string {
  const mend = mendedHost(text)
  return mend === '' ? HOST : `${HOST}${mend}`
}

/** What to write for a host with a login, a port or a protocol; nothing when there is no telling. */
export function mendedHost(text: string): string {
  const [, user, found, port] = ADDRESS.exec(text) ?? []
  const host = found?.replace(/^\[|\]$/g, '')
  if (host === undefined || host === text || !isHostName(host)) return ''
  const shown = host.includes(':') ? `"${host}"` : host
  const keys = [
    `hostname: ${shown}`,
    ...(user ? [`username: ${user}`] : []),
    ...(port ? [`port: ${port}`] : []),
  ]
  return `; write ${keys.join(', ')}`
}

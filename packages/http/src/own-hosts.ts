/**
 * Whether a page under this `Host` can be one of ours. A name that anybody may point at this machine is not enough: a page that is loaded from a name of
 * a stranger, which then comes to mean this machine, is of the same origin as we are to its browser. Addresses cannot be made to mean something else.
 */
export function isOwnHost(host: string, names: ReadonlySet<string>): boolean {
  const url = `http://${host}`
  if (!URL.canParse(url)) return false
  const name = new URL(url).hostname.replace(/\.$/, '')
  const isAddress = name.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(name)
  return isAddress || name === 'localhost' || name.endsWith('.localhost') || names.has(name)
}

import type { LookupAddress } from 'node:dns'

/** The part of `node:dns/promises` that is needed here. */
export interface Resolver {
  lookup(name: string): Promise<LookupAddress>
  lookupService(address: string, port: number): Promise<{ readonly hostname: string }>
}

/** What a machine is called by itself, and what the daemon was told to listen on, as browsers write names. */
export function ownNames(machine: string, listening: string): readonly string[] {
  const [first = machine] = machine.split('.')
  return [machine, first, listening].map(asBrowsersDo)
}

/** What others call the machine, with its domain; what it is called by itself where nobody knows. */
export async function fullName(machine: string, resolver: Resolver): Promise<string> {
  try {
    const { address } = await resolver.lookup(machine)
    return asBrowsersDo((await resolver.lookupService(address, 0)).hostname)
  } catch {
    // A machine need not be known to any server of names.
    return asBrowsersDo(machine)
  }
}

/** A name as browsers write it in `Host`. */
export function asBrowsersDo(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

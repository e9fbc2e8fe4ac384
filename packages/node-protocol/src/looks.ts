import type { Holder, InventoryEntry } from '@tron/executor'
import type { Clock } from '@tron/model'
import type { Connector } from './connector.ts'
import { inventoryEntry } from './inventory.ts'
import { listAll } from './node-requests.ts'
import type { Session } from './session.ts'

/** What can be asked of a node without holding its fence. */
export interface Looks {
  inspect(): Promise<Holder | null>
  inventory(): AsyncGenerator<readonly InventoryEntry[]>
  isIdle(): boolean
}

/** @param options.open makes a connection that claims nothing */
export function createLooks(options: {
  readonly clock: Clock
  readonly connector: Connector
  readonly open: () => Promise<Session>
}): Looks {
  const { clock, connector } = options
  let underWay = 0

  /** The connection that is kept up, or one for the purpose; `done` ends what was made. */
  const connect = async (): Promise<{ readonly session: Session; readonly done: () => Promise<void> }> => {
    const live = connector.current()
    if (live !== null) return { session: live, done: () => Promise.resolve() }
    if (connector.isWanted()) return { session: await connector.ready(), done: () => Promise.resolve() }
    const session = await options.open()
    return { session, done: () => session.close('looked at') }
  }

  async function* inventory(): AsyncGenerator<readonly InventoryEntry[]> {
    const { session, done } = await connect()
    underWay += 1
    try {
      if (session.folder() === null) return
      for await (const page of listAll(session)) {
        yield page.map((attempt) => inventoryEntry(attempt, session.hello.boot, clock.nowMs()))
      }
    } finally {
      underWay -= 1
      await done()
    }
  }

  return {
    inventory,
    isIdle: () => underWay === 0,
    async inspect() {
      const { session, done } = await connect()
      try {
        return await session.inspect()
      } finally {
        await done()
      }
    },
  }
}

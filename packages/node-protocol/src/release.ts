import type { AttemptId } from '@tron/model'
import type { Session } from './session.ts'

/**
 * Empties the folders of attempts that are over, on a session whose fence is ours. A folder that was put back may be from before its attempt was
 * launched: nothing can be launched in it once it is revoked, and then it can be emptied like the others.
 * @returns those that are empty now, or that the node does not hold
 */
export async function releaseAttempts(
  session: Session,
  ids: readonly AttemptId[],
): Promise<readonly AttemptId[]> {
  const released = await release(session, ids)
  const revoked: AttemptId[] = []
  for (const id of ids) {
    if (!session.isHeld() || released.includes(id)) continue
    const { status } = await session.control.ask({ header: `revoke ${id}` })
    if (status === 'revoked') revoked.push(id)
  }
  return revoked.length === 0 ? released : [...released, ...(await release(session, revoked))]
}

async function release(session: Session, ids: readonly AttemptId[]): Promise<readonly AttemptId[]> {
  const { status, words } = await session.control.ask({ header: `release ${ids.join(' ')}` })
  if (status === 'fenced') session.noteFenced()
  if (status !== 'released') return []
  const named = new Set(words)
  return ids.filter((id) => named.has(id))
}

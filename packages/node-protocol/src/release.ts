import type { AttemptId } from '@tron/model'
import { chunks } from './node-requests.ts'
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
  const isReleased = new Set(released)
  const revoked: AttemptId[] = []
  for (const id of ids) {
    if (!session.isHeld() || isReleased.has(id)) continue
    const { status } = await session.control.ask({ header: `revoke ${id}` })
    if (status === 'revoked') revoked.push(id)
  }
  return [...released, ...(await release(session, revoked))]
}

/** One part after the other: between two of them others have their turn, and what a part emptied stays empty where the next one comes to nothing. */
async function release(session: Session, ids: readonly AttemptId[]): Promise<readonly AttemptId[]> {
  const named = new Set<string>()
  for (const part of chunks(ids)) {
    const { status, words } = await session.control.ask({ header: `release ${part.join(' ')}` })
    if (status === 'fenced') session.noteFenced()
    if (status !== 'released') break
    for (const word of words) named.add(word)
  }
  return ids.filter((id) => named.has(id))
}

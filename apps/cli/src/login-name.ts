import { userInfo } from 'node:os'

/** The login of whoever runs this; "anonymous" for a user id without an entry, as in many containers. */
export function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return 'anonymous'
  }
}

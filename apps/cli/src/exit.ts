/** What a command ends with, as in Tron 3. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const

/** Midnight of the year 2400: where every search for an instant ends. */
export const LIMIT_MS = 13_569_465_600_000

import { createTakeOverOrder } from '@tron/node-protocol'
import { describe, expect, it } from 'vitest'

const link = (epoch: number, connection: number) => ({
  name: `f.${epoch}.${connection}.nonce${epoch}`,
  epoch,
  connection,
  nonce: `nonce${epoch}`,
})

describe('an order to take a node over', () => {
  it('serves against the pair that it first meets, however often that connects, and against no other', () => {
    const order = createTakeOverOrder(() => true)
    // Whether the first claim arrived was not answered.
    const allowed = [link(5, 1), link(5, 2), link(6, 3), link(5, 4)].map((found) => order.allows(found))
    expect(allowed).toEqual([true, true, false, true])
  })

  it('serves against whoever came first where somebody else replaced the pair that it met', () => {
    const order = createTakeOverOrder(() => true)
    expect(order.allows(link(5, 1))).toBe(true)
    order.missed()
    expect(order.allows(link(6, 2))).toBe(true)
    expect(order.allows(link(5, 3))).toBe(false)
  })

  it('serves no more when it was carried out', () => {
    let isGiven = true
    const order = createTakeOverOrder(() => isGiven)
    expect(order.allows(link(5, 1))).toBe(true)
    isGiven = false
    expect(order.allows(link(5, 2))).toBe(false)
  })
})

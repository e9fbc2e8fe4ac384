import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemZone } from '@tron/system/zone'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tron-zone-'))
  await mkdir(join(folder, 'zoneinfo', 'Europe'), { recursive: true })
  await writeFile(join(folder, 'zoneinfo', 'Europe', 'Berlin'), '')
  await symlink(join(folder, 'zoneinfo', 'Europe', 'Berlin'), join(folder, 'localtime'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the zone of the system', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    [':Europe/Berlin', 'Europe/Berlin'],
    ['posix/Asia/Tokyo', 'Asia/Tokyo'],
    ['right/Asia/Tokyo', 'Asia/Tokyo'],
    ['EST5EDT', 'EST5EDT'],
    ['Etc/GMT-5', 'Etc/GMT-5'],
    ['', 'UTC'],
    [':', 'UTC'],
    ['UTC0', 'UTC'],
    ['GMT+00:00', 'UTC'],
    ['JST-9', 'Etc/GMT-9'],
    ['EST5', 'Etc/GMT+5'],
    ['GMT+3', 'Etc/GMT+3'],
    ['<-03>3', 'Etc/GMT+3'],
    ['<+09>-09:00:00', 'Etc/GMT-9'],
  ])('is for TZ=%j the one that the C library takes it for', (tz, zone) => {
    expect(systemZone({ TZ: tz })).toBe(zone)
  })

  it('is that of the file that TZ names, also by way of a link', () => {
    expect(systemZone({ TZ: join(folder, 'zoneinfo', 'Europe', 'Berlin') })).toBe('Europe/Berlin')
    expect(systemZone({ TZ: `:${join(folder, 'localtime')}` })).toBe('Europe/Berlin')
  })

  it.each([
    'CET-1CEST,M3.5.0,M10.5.0/3',
    'IST-5:30',
    'Foo/Bar',
    'XXX13',
    'XXX-15',
    '/nowhere/at/all',
    '+05:30',
  ])('is told as it is written where that has no name: %j', (tz) => {
    expect(systemZone({ TZ: tz })).toBe(tz)
  })

  it('is one that exists where TZ is not set', () => {
    expect(() => new Intl.DateTimeFormat('en', { timeZone: systemZone({}) })).not.toThrow()
  })
})

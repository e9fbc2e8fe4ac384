import { writeFile } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { requireSshd, startSshd } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { accessTo, createFixture, run } from '../fixture.ts'
import { hastyClock, listen, turnAway } from '../stand-in-server.ts'

describe.skipIf(!requireSshd())('connecting to a busy sshd', () => {
  it('asks again when it is turned away, until it is let in', async () => {
    await using sshd = await startSshd()
    await using door = await listen((socket, number) => {
      if (number < 3) turnAway(socket)
      else
        socket
          .pipe(connectTcp(sshd.port, '127.0.0.1'))
          .on('error', () => undefined)
          .pipe(socket)
    })
    const address = door.address.replace('bob', sshd.userName)
    const settings = accessTo(sshd, { knownHostsFile: join(sshd.folder, 'for-the-door') })
    const [key] = sshd.hostKeys
    await writeFile(join(sshd.folder, 'for-the-door'), `127.0.0.1 ${key}\n`)
    await using link = await createFixture({ clock: hastyClock }).connect(address, settings)
    expect([(await run(link, 'echo in')).stdout, door.connections()]).toEqual(['in\n', 3])
  })

  it('gets many in where MaxStartups lets few in at once', async () => {
    await using sshd = await startSshd({ maxStartups: '2:100:2' })
    const { connect } = createFixture({ options: { maxConnecting: 6 } })
    const address = `${sshd.userName}@127.0.0.1:${sshd.port}`
    const links = await Promise.all(Array.from({ length: 6 }, () => connect(address, accessTo(sshd))))
    expect(sshd.log()).toContain('MaxStartups')
    expect(await sshd.clientCount()).toBe(6)
    await Promise.all(links.map((link) => link[Symbol.asyncDispose]()))
  })
})

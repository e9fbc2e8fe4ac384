import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readClientConfig, saveClientConfig } from '../src/client-config.ts'
import { setUp, temporaryFolder } from './cli-under-test.ts'

describe('saved settings', () => {
  it.each([
    ['server: http://a:1\n', { server: 'http://a:1' }],
    [
      '---\n# mine\nserver: "http://a:1"  # there\ndisplay_color: true\n',
      { server: 'http://a:1', display_color: true },
    ],
    ["cluster_name: 'Big one'\ndisplay_color: off\n", { cluster_name: 'Big one', display_color: false }],
    // What needs YAML proper:
    ['{server: "http://a:1", display_color: yes}', { server: 'http://a:1', display_color: true }],
    ['server: >-\n  http://a:1\nother: [1]\n', { server: 'http://a:1', other: [1] }],
    ['cluster_name: Big one\n', { cluster_name: 'Big one' }],
  ])('%j', async (text, settings) => {
    const HOME = temporaryFolder()
    writeFileSync(join(HOME, '.tron'), text)
    expect(await readClientConfig({ HOME })).toEqual(settings)
  })

  it('are those of the first file that is not empty; files are not merged', async () => {
    const HOME = temporaryFolder()
    const TRON_CONFIG = join(HOME, 'other.yaml')
    writeFileSync(TRON_CONFIG, 'server: http://b:2\ncluster_name: b\n')
    expect(await readClientConfig({ HOME, TRON_CONFIG })).toEqual({
      server: 'http://b:2',
      cluster_name: 'b',
    })
    writeFileSync(join(HOME, '.tron'), ' \n')
    expect(await readClientConfig({ HOME, TRON_CONFIG })).toMatchObject({ server: 'http://b:2' })
    writeFileSync(join(HOME, '.tron'), 'server: http://a:1\n')
    expect(await readClientConfig({ HOME, TRON_CONFIG })).toEqual({ server: 'http://a:1' })
  })

  it('that are no map are refused with the name of the file', async () => {
    const HOME = temporaryFolder()
    writeFileSync(join(HOME, '.tron'), '- server\n')
    await expect(readClientConfig({ HOME })).rejects.toMatchObject({
      code: 'SETTINGS',
      message: `${join(HOME, '.tron')}: expected a map of settings`,
      hint: 'Correct the settings at the place named.',
    })
  })

  it('are saved beside what stands there, and read back', async () => {
    const HOME = temporaryFolder()
    writeFileSync(join(HOME, '.tron'), 'vault_api_auth_role: me\nserver: http://a:1\n')
    const settings = { server: 'http://b:2', display_color: true, cluster_name: 'Bíg "one"' }
    await saveClientConfig({ HOME }, settings)
    expect(await readClientConfig({ HOME })).toEqual({ vault_api_auth_role: 'me', ...settings })
  })

  it('say which server is asked, and --save keeps them', async () => {
    const { run, home, server } = await setUp()
    const saving = await run('tron', ['status', '--save', '--server', server.replace('http://', '')])
    expect([saving.code, readFileSync(join(home, '.tron'), 'utf8')]).toEqual([
      0,
      `server: "${server.replace('http://', '')}"\ndisplay_color: false\ncluster_name: "Unnamed Cluster"\n`,
    ])
    const { code, stdout } = await run('tron', ['status', '--json'])
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { state: 'working', epoch: 3 }])
  })
})

describe('tron status', () => {
  it('shows the daemon and its targets, and fails while it does not work', async () => {
    const { at, tron, server } = await setUp()
    tron.setStatus({
      state: 'fenced',
      reason: 'host2 works here',
      waitingFor: ['b7', 'b8'],
      targets: [
        {
          node: 'b1',
          executor: 'ssh',
          address: 'tron@b1.example:22',
          state: 'fenced',
          reason: 'held by host2',
          draining: true,
          attempts: 4,
        },
      ],
    })
    const { code, stdout } = await at('tron', ['status'])
    expect([code, stdout.split('\n').map((line) => line.trimEnd())]).toEqual([
      1,
      [
        `Server              : ${server}`,
        'State               : fenced',
        'Reason              : host2 works here',
        'Version             : 0.0.0',
        'Installation        : abcdefghijklmnopqrstuvwxyz',
        'Epoch               : 3',
        'Waits for           : b7, b8, to be asked what ran there; tron recover --without NODE goes on without one',
        'Up since            : 2026-01-05T12:00:00.000Z',
        '',
        'Targets:',
        'Node                State         Executor    Address                       Attempts  Remark',
        'b1                  fenced        ssh         tron@b1.example:22            4         draining, held by host2',
        '',
      ],
    ])
  })

  it('lists what is wrong in the configuration, and since when', async () => {
    const { at } = await setUp({ configs: { MASTER: 'jobs: {}\n', svc: 'wrong\n'.repeat(22) } })
    const { code, stdout } = await at('tron', ['status'])
    const lines = stdout.split('\n')
    const heading =
      'The configuration has errors since 2026-01-01T00:00:00.000Z; what was read before runs on:'
    const from = lines.indexOf(heading)
    expect([code, from > 0, lines[from + 1], lines.slice(from + 20)]).toEqual([
      0,
      true,
      '  svc:1:1: "wrong" is not accepted [jobs]',
      ['  svc:20:1: "wrong" is not accepted [jobs]', '  and 2 more, which --json tells', ''],
    ])
  })
})

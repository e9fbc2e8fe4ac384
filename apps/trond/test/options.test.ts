import { isTronError } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { parseOptions } from '../src/options.ts'

const around = { version: '1.2.3', cwd: '/home/me', demoDir: '/tron/.demo' }

async function refusal(args: readonly string[]): Promise<string> {
  const thrown: unknown = await parseOptions(args, around).catch((error: unknown) => error)
  if (!isTronError(thrown, 'SETTINGS')) throw new Error('expected a refusal', { cause: thrown })
  return thrown.message
}

describe('parseOptions', () => {
  it('works in /var/lib/tron and listens on 127.0.0.1:8089 when nothing is said', async () => {
    expect(await parseOptions([], around)).toEqual({
      run: {
        workingDir: '/var/lib/tron',
        configDir: '/var/lib/tron/config',
        host: '127.0.0.1',
        port: 8089,
        maxConfigBytes: 16 * 1024 * 1024,
        level: 'info',
        takeOver: false,
        plugins: {},
        demo: false,
        notices: [],
      },
    })
  })

  it('limits the size of configuration files', async () => {
    expect(await parseOptions(['--max-config-size', '0.5'], around)).toMatchObject({
      run: { maxConfigBytes: 512 * 1024 },
    })
    await expect(parseOptions(['--max-config-size', '0'], around)).rejects.toThrow(
      '--max-config-size takes megabytes, more than 0 and at most 1024, not "0"',
    )
  })

  it('reads every short form', async () => {
    const args = ['-w', 'dir', '-c', 'other', '-H', '127.0.0.2', '-P', '0', '-v']
    expect(await parseOptions(args, around)).toEqual({
      run: {
        workingDir: '/home/me/dir',
        configDir: '/home/me/dir/other',
        host: '127.0.0.2',
        port: 0,
        maxConfigBytes: 16 * 1024 * 1024,
        level: 'debug',
        takeOver: false,
        plugins: {},
        demo: false,
        notices: [],
      },
    })
  })

  it('takes the lock file relative to the working directory, and Tron 3’s --pid-file as another name of it', async () => {
    const lock = { run: { lockFile: '/srv/tron/run/lock' } }
    expect(await parseOptions(['-w', '/srv/tron', '--lock-file', 'run/lock'], around)).toMatchObject(lock)
    expect(await parseOptions(['-w', '/srv/tron', '--pid-file=run/lock'], around)).toMatchObject(lock)
  })

  it('takes any number of plugins', async () => {
    const args = ['--plugin', 'k8s=@acme/tron-k8s', '--plugin', 'lab=./lab.js']
    expect(await parseOptions(args, around)).toMatchObject({
      run: { plugins: { k8s: '@acme/tron-k8s', lab: './lab.js' } },
    })
  })

  it('puts the demo in a folder of its own unless another is named', async () => {
    expect(await parseOptions(['--demo'], around)).toMatchObject({
      run: { workingDir: '/tron/.demo', configDir: '/tron/.demo/config', level: 'warn' },
    })
    expect(await parseOptions(['--demo', '-w', '/tmp/d'], around)).toMatchObject({
      run: { workingDir: '/tmp/d' },
    })
  })

  it('accepts what Tron 3 accepts and says what does nothing', async () => {
    const parsed = await parseOptions(['--nodaemon', '-l', 'logging.conf', '--web-path', '/x'], around)
    expect(parsed.run?.notices).toEqual([
      '--log-conf is accepted and does nothing: the log is on standard output, -v makes it fuller',
      '--web-path is accepted and does nothing',
    ])
  })

  it('answers --version with the version alone', async () => {
    expect(await parseOptions(['--version'], around)).toEqual({ say: '1.2.3' })
  })

  it('answers --help with every option', async () => {
    const { say } = await parseOptions(['--help'], around)
    for (const option of ['--working-dir', '--take-over', '--plugin', '--demo', '--lock-file'])
      expect(say).toContain(option)
  })

  it.each([
    [['--wrong'], 'Unknown argument: wrong'],
    [['--plugin', 'k8s'], '--plugin wants name=module, not "k8s"'],
    [['serve'], 'Unknown argument: serve'],
  ])('refuses %j', async (args, message) => {
    expect(await refusal(args)).toBe(message)
  })

  it.each(['70000', 'http', '-1', '80.5', '0x50', '1e3', ''])('refuses the port %j', async (port) => {
    expect(await refusal(['-P', port])).toBe(`--port takes a whole number from 0 to 65535, not "${port}"`)
  })

  it('refuses two ports', async () => {
    const message = '--port takes a whole number from 0 to 65535, not "1" and "2"'
    expect(await refusal(['-P', '1', '-P', '2'])).toBe(message)
  })

  it.each(['abc', '-1', '0', '1025', '0.0000001', 'Infinity', '16MB', ''])(
    'refuses %j as the largest size of a file',
    async (size) => {
      const message = `--max-config-size takes megabytes, more than 0 and at most 1024, not "${size}"`
      expect(await refusal(['--max-config-size', size])).toBe(message)
    },
  )
})

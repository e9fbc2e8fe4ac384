import { parseConfig } from '@tron/config'
import { describe, expect, it } from 'vitest'
import { errorsOf, MASTER, parseOne } from './parse-one.ts'

const DAY_MS = 86_400_000

function snapshotOf(text: string, master?: string, executors?: readonly string[]) {
  const check = parseOne(text, {
    ...(master === undefined ? {} : { master }),
    ...(executors === undefined ? {} : { executors }),
  })
  if (!check.ok) throw new Error(JSON.stringify(check.problems))
  return check.snapshot
}

const hashes = (text: string) => {
  const snapshot = snapshotOf(text)
  return [snapshot.hash, ...Object.values(snapshot.jobs).map((job) => job.hash)]
}

const JOB = `jobs:
  nightly:
    node: pool1
    schedule: {type: cron, value: "0 3 * * *", jitter: 5 min}
    time_zone: us/pacific
    queueing: no
    actions:
    - {name: load, command: "load {shortdate-1} {CC}", env: {LEVEL: 1.0, "NAME": ü}}
    - {name: report, command: report, requires: [load, load], node: n2}
    cleanup_action: {command: "rm -f x"}
`

describe('a snapshot', () => {
  it('is the whole configuration, normalised, with zones resolved', () => {
    const snapshot = snapshotOf(JOB)
    const { hash, ...job } = Object.values(snapshot.jobs)[0] ?? { hash: '' }
    expect(job).toEqual({
      id: 'svc.nightly',
      namespace: 'svc',
      name: 'nightly',
      node: 'pool1',
      schedule: { kind: 'cron', value: '0 3 * * *', jitterMs: 300_000, zone: 'US/Pacific' },
      enabled: true,
      queueing: false,
      allowOverlap: false,
      runLimit: 50,
      allNodes: false,
      expectedRuntimeMs: DAY_MS,
      monitoring: {},
      actions: [
        {
          name: 'load',
          command: 'load {shortdate-1} {CC}',
          requires: [],
          expectedRuntimeMs: DAY_MS,
          env: { LEVEL: '1.0', NAME: 'ü' },
        },
        {
          name: 'report',
          command: 'report',
          requires: ['load'],
          node: 'n2',
          expectedRuntimeMs: DAY_MS,
          env: {},
        },
      ],
      cleanup: { name: 'cleanup', command: 'rm -f x', requires: [], expectedRuntimeMs: DAY_MS, env: {} },
      held: [],
    })
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect({ ...snapshot, jobs: {}, hash: '' }).toEqual({
      hash: '',
      zone: 'Europe/Berlin',
      commandContext: { CC: 'xyz' },
      nodes: {
        n1: { name: 'n1', hostname: 'h1.example.com', username: 'tron', port: 22, executor: 'ssh' },
        n2: { name: 'n2', hostname: 'h2.example.com', username: 'tron', port: 22, executor: 'ssh' },
      },
      pools: { pool1: ['n1', 'n2'] },
      access: { agent: false, identities: [], connectTimeoutMs: 30_000, shell: 'login' },
      jobs: {},
      namespaces: ['MASTER', 'svc'],
      leftOut: [],
      problems: [],
    })
  })

  it('has the same hashes for another layout of the same, and others for another command', () => {
    expect(
      hashes(
        `# a comment\n${JOB.replace('    node: pool1\n', '').replace('    queueing: no\n', '    queueing: false\n    node: pool1\n')}`,
      ),
    ).toEqual(hashes(JOB))
    expect(hashes(JOB.replace('rm -f x', 'rm -f y'))).not.toEqual(hashes(JOB))
  })

  it('takes what MASTER says of access', () => {
    const master = `${MASTER}ssh_options: {agent: on, identities: [/k/id], known_hosts_file: /k/hosts, connect_timeout: "5"}
action_runner: {runner_type: subprocess, remote_status_path: /var/spool/tron}
time_zone: Asia/Tokyo
`
    const { access, zone } = snapshotOf('jobs: {}', master)
    expect({ access, zone }).toEqual({
      access: {
        agent: true,
        identities: ['/k/id'],
        knownHostsFile: '/k/hosts',
        connectTimeoutMs: 5000,
        spoolRoot: '/var/spool/tron',
        shell: 'sh',
      },
      zone: 'Asia/Tokyo',
    })
  })

  it('reads nodes in every form, with an executor of their own', () => {
    const master =
      'nodes: {a: {hostname: h, executor: local, username: u, port: 2222}, b.example.com: {hostname: b}}\n'
    expect(snapshotOf('jobs: {}', master).nodes).toEqual({
      a: { name: 'a', hostname: 'h', username: 'u', port: 2222, executor: 'local' },
      'b.example.com': { name: 'b.example.com', hostname: 'b', username: 'tron', port: 22, executor: 'ssh' },
    })
    const host = { hostname: 'x.example.com', username: 'tron', port: 22, executor: 'ssh' }
    expect(snapshotOf('jobs: {}', 'nodes: [x.example.com, {hostname: y}]\n').nodes).toEqual({
      'x.example.com': { name: 'x.example.com', ...host },
      y: { name: 'y', ...host, hostname: 'y' },
    })
    expect(Object.keys(snapshotOf('jobs: {}', 'jobs: {}\n').nodes)).toEqual(['localhost'])
  })
})

describe('a machine whose zone has no name', () => {
  const documents = (master: string) => new Map([['MASTER', { text: master, file: 'MASTER.yaml' }]])
  const around = { systemZone: 'CET-1CEST,M3.5.0,M10.5.0/3', daemonUser: 'tron' }

  it('makes time_zone a key that MASTER needs', () => {
    const { ok, problems } = parseConfig({ documents: documents(MASTER), ...around })
    expect([
      ok,
      problems.map(({ line, column, path, message }) => ({ line, column, path, message })),
    ]).toEqual([
      false,
      [
        {
          line: 1,
          column: 1,
          path: 'time_zone',
          message:
            'the key "time_zone" is needed: this machine has "CET-1CEST,M3.5.0,M10.5.0/3" for its zone, which is not the name of one; write for example time_zone: Europe/Berlin',
        },
      ],
    ])
  })

  it('is no matter where MASTER has it', () => {
    const check = parseConfig({ documents: documents(`${MASTER}time_zone: Asia/Tokyo\n`), ...around })
    expect([check.ok && check.snapshot.zone, check.problems]).toEqual(['Asia/Tokyo', []])
  })
})

describe('one bad namespace', () => {
  it('is left out with its problems stated, and blocks no other', () => {
    const check = parseConfig({
      documents: new Map([
        ['MASTER', { text: MASTER, file: 'M' }],
        ['bad', { text: 'jobs: {j: {node: n7}}', file: 'B' }],
        ['good', { text: JOB, file: 'G' }],
      ]),
      systemZone: 'UTC',
      daemonUser: 'tron',
    })
    expect(
      check.ok && [check.snapshot.namespaces, check.snapshot.leftOut, Object.keys(check.snapshot.jobs)],
    ).toEqual([['MASTER', 'good'], ['bad'], ['good.nightly']])
    expect(new Set(errorsOf(check).map(({ file }) => file))).toEqual(new Set(['B']))
  })

  it('is MASTER: then nothing can be read', () => {
    expect(parseOne('nodes: 5', { namespace: 'MASTER' }).ok).toBe(false)
    expect(parseConfig({ documents: new Map(), systemZone: 'UTC', daemonUser: 'tron' }).ok).toBe(false)
  })
})

describe('a name inside an object of a mapping', () => {
  it('counts more than the key, which then names nothing', () => {
    const text = 'jobs: {a: {name: b, node: local, schedule: daily, actions: {x: {name: y, command: ls}}}}\n'
    const master = 'nodes: {batch1: {name: local, hostname: h}}\n'
    const check = parseOne(text, { master })
    expect(
      check.ok && Object.values(check.snapshot.jobs).map(({ id, actions }) => [id, actions[0]?.name]),
    ).toEqual([['svc.b', 'y']])
    expect(check.problems.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'MASTER.yaml: this is "local", not "batch1": name counts more than the key',
      'svc.yaml: this is "b", not "a": name counts more than the key',
      'svc.yaml: this is "y", not "x": name counts more than the key',
    ])
    expect(
      errorsOf(parseOne(text.replace('local', 'batch1'), { master })).map(({ message }) => message),
    ).toEqual(['unknown node or pool "batch1"; MASTER has local'])
  })
})

function heldBy(action: string, job = ''): readonly string[] {
  const text = `jobs: {j: {node: n1, schedule: daily, ${job} actions: {a: {command: ls, ${action}}}}}`
  return Object.values(snapshotOf(text).jobs)[0]?.held ?? ['no job']
}

describe('what is asked for and not done yet', () => {
  it.each([
    [
      'retries: 2',
      '',
      'jobs.j.actions.a.retries: starting an action again after a failure is not done by this version',
    ],
    [
      'triggered_by: [x.y.z]',
      '',
      'jobs.j.actions.a.triggered_by: waiting for triggers is not done by this version',
    ],
    [
      'trigger_downstreams: true',
      '',
      'jobs.j.actions.a.trigger_downstreams: publishing triggers is not done by this version',
    ],
    [
      'executor: kubernetes, docker_image: i, cpus: 1, mem: 1',
      '',
      'jobs.j.actions.a.executor: it needs an executor named "kubernetes" in the daemon\'s settings',
    ],
    [
      'node: n1',
      'all_nodes: true,',
      'jobs.j.all_nodes: running on every node of a pool is not done by this version',
    ],
    [
      'node: n1',
      'max_runtime: 1h,',
      'jobs.j.max_runtime: ending runs that take too long is not done by this version',
    ],
  ])('holds the job: %s %s', (action, job, reason) => {
    expect(heldBy(action, job)).toEqual([reason])
  })

  it('is told with its line, each reason where it stands first, and moving it changes nothing that runs', () => {
    const text = (above: string) =>
      `${above}jobs:\n  j:\n    node: n1\n    schedule: daily\n    max_runtime: 1h\n    actions:\n      a:\n        command: ls\n        retries: 1\n`
    const [job] = Object.values(snapshotOf(text('')).jobs)
    const [moved] = Object.values(snapshotOf(text('# as agreed\n')).jobs)
    expect([job?.heldAt, moved?.heldAt]).toEqual([
      ['svc.yaml:5', 'svc.yaml:9'],
      ['svc.yaml:6', 'svc.yaml:10'],
    ])
    expect(moved?.hash).toBe(job?.hash)
    expect(snapshotOf(text('# as agreed\n')).hash).not.toBe(snapshotOf(text('')).hash)
    expect(
      Object.values(snapshotOf(text('').replace(/ *(max|retries).*\n/g, '')).jobs)[0],
    ).not.toHaveProperty('heldAt')
  })

  it.each(['kubernetes', 'spark'])('is an executor of containers unless the daemon has it: %s', (name) => {
    const container = { docker_image: 'i', cpus: 0.5, mem: 1, cap_add: ['KILL'] }
    const action = JSON.stringify({ command: 'ls', executor: name, ...container })
    const text = `jobs: {j: {node: n1, schedule: daily, actions: {a: ${action}}}}`
    const jobOf = (executors: readonly string[]) =>
      Object.values(snapshotOf(text, undefined, executors).jobs)[0]
    expect(jobOf(['ssh'])?.held).toHaveLength(1)
    expect(jobOf(['ssh', name])?.held).toEqual([])
    expect(jobOf(['ssh', name])?.actions[0]).toMatchObject({ executor: name, container })
  })

  it.each([
    'retries: 0',
    'trigger_downstreams: false',
    'triggered_by: []',
    'cpus: 1',
    'on_upstream_rerun: rerun',
    'constraints: null',
    'executor: ssh',
    'idempotent: true',
  ])('does not hold it when nothing is asked: %s', (action) => {
    expect(heldBy(action)).toEqual([])
  })

  it('is remarked on where it has no effect by ssh, be it 0 or an empty text', () => {
    const keys = 'docker_image: "", cpus: 0, mem: 0.0, ports: 0, cap_add: [], labels: {}'
    const { problems } = parseOne(
      `jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls, ${keys}}}}}\n`,
    )
    expect(problems.map(({ message }) => message)).toEqual(
      ['docker_image', 'cpus', 'mem'].map(
        (key) => `${key} has no effect on an action that runs by ssh, as in Tron 3`,
      ),
    )
  })

  it('is remarked on at its line', () => {
    expect(
      parseOne(
        'jobs:\n  j:\n    node: n1\n    schedule: daily\n    all_nodes: true\n    actions: {a: {command: ls}}\n',
      ).problems,
    ).toEqual([
      {
        severity: 'warning',
        file: 'svc.yaml',
        line: 5,
        column: 5,
        path: 'jobs.j.all_nodes',
        message: 'all_nodes: running on every node of a pool is not done by this version; the job is held',
      },
    ])
  })

  it('holds a job whose action or node names an executor that the daemon does not have', () => {
    const cluster = 'executor: kubernetes, docker_image: i, cpus: 1, mem: 1'
    const check = parseOne(
      `jobs:\n  a: {node: n1, schedule: daily, actions: {a: {command: ls, ${cluster}}}}\n  b: {node: n3, schedule: daily, actions: {a: {command: ls}}}\n`,
      {
        master: MASTER.replace('nodes: [', 'nodes: [{name: n3, hostname: h3, executor: slurm}, '),
        executors: ['ssh'],
      },
    )
    expect(check.ok && Object.values(check.snapshot.jobs).map(({ held }) => held)).toEqual([
      ['jobs.a.actions.a.executor: it needs an executor named "kubernetes" in the daemon\'s settings'],
      ['node n3: no executor named "slurm" is configured'],
    ])
    expect(check.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)).toEqual([
      'MASTER.yaml:1: executor: no executor named "slurm" is configured; jobs on this node are held',
      'svc.yaml:2: executor: it needs an executor named "kubernetes" in the daemon\'s settings; the job is held',
      'svc.yaml:3: node n3: no executor named "slurm" is configured; the job is held',
    ])
  })

  it('is remarked on at a node, and holds nothing, where nobody knows the executors of the daemon', () => {
    const check = parseOne('jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls}}}}\n', {
      master: MASTER.replace('{name: n1,', '{name: n1, executor: loacl,'),
    })
    expect(check.ok && Object.values(check.snapshot.jobs).map(({ held }) => held)).toEqual([[]])
    expect(
      check.problems.map(({ file, line, path, message }) => `${file}:${line}: ${message} [${path}]`),
    ).toEqual([
      'MASTER.yaml:1: executor: "loacl" is neither ssh nor local; did you mean "local"?; jobs on this node are held unless the daemon\'s settings name it [nodes.n1.executor]',
    ])
  })

  it('holds all jobs when MASTER asks for it', () => {
    const reason = 'action_runner.runner_type: none is not done by this version; leave action_runner out'
    const check = parseOne('jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls}}}}\n', {
      master: `${MASTER}action_runner: {runner_type: none}\n`,
    })
    expect(check.ok && Object.values(check.snapshot.jobs)[0]?.held).toEqual([reason])
    expect(check.problems.map(({ file, path, message }) => `${file}: ${message} [${path}]`)).toEqual([
      `MASTER.yaml: ${reason}; all jobs are held [action_runner.runner_type]`,
      `svc.yaml: ${reason}; the job is held [jobs.j.node]`,
    ])
  })
})

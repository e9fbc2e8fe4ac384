/** A mistake that people make. */
export type Mistake = readonly [what: string, text: string, ...messages: string[]]

/** A job whose lines a mistake replaces. */
const JOB = ['jobs:', '  j:', '    node: n1', '    schedule: daily', '    actions:', '      a: {command: ls}']

/** That job with another line. */
export function withLine(number: number, line: string): string {
  return `${JOB.with(number - 1, line).join('\n')}\n`
}

/** That job with more lines. */
export function withMore(...lines: readonly string[]): string {
  return `${[...JOB, ...lines].join('\n')}\n`
}

const JOB_KEYS =
  'name, node, schedule, time_zone, dst, actions, cleanup_action, description, owner, enabled, queueing, allow_overlap, run_limit, all_nodes, max_runtime, expected_runtime, monitoring, use_k8s, namespace'

/** What is wrong, a document of the namespace svc with it, and all that is said, without the name of the file. */
export const MISTAKES: readonly Mistake[] = [
  [
    'a misspelt key',
    withMore('    scedule: daily'),
    `7:5: unknown key "scedule"; did you mean "schedule"? accepted: ${JOB_KEYS} [jobs.j.scedule]`,
  ],
  [
    'a key that Tron never had',
    withMore('    tags: [x]'),
    `7:5: unknown key "tags"; accepted: ${JOB_KEYS} [jobs.j.tags]`,
  ],
  [
    'a key of an action in a job',
    withMore('    retries: 2'),
    `7:5: unknown key "retries"; it belongs to an action. accepted: ${JOB_KEYS} [jobs.j.retries]`,
  ],
  [
    'nodes outside MASTER',
    'nodes: [n1]\n',
    '1:1: unknown key "nodes"; it belongs at the top of MASTER. accepted: jobs [nodes]',
  ],
  [
    'a job without a node',
    'jobs:\n  j:\n    schedule: daily\n    actions: {a: {command: ls}}\n',
    '2:3: the key "node" is missing: the name of a node: letters, digits, _, - and dots [jobs.j.node]',
  ],
  [
    'a job without a schedule',
    'jobs:\n  j:\n    node: n1\n    actions: {a: {command: ls}}\n',
    '2:3: the key "schedule" is missing: a schedule such as "cron 0 3 * * *" [jobs.j.schedule]',
  ],
  [
    'a job without actions',
    withLine(6, '').replace('    actions:\n', '    actions: {}\n'),
    '5:5: a job needs at least one action [jobs.j.actions]',
  ],
  [
    'a job that is only a name',
    'jobs:\n  j:\n',
    '2:3: found nothing for "j", expected a job as a mapping; write j: {node: NODE, schedule: SCHEDULE, actions: {NAME: {command: COMMAND}}} [jobs.j]',
  ],
  [
    'an action that is only a command',
    withLine(6, '      a: ls'),
    '6:7: found "ls" for "a", expected an action as a mapping; write a: {command: "ls"} [jobs.j.actions.a]',
  ],
  [
    'an action without its name above it',
    withLine(6, '      name: a\n      command: ls -l'),
    '6:7: found the keys of an action, expected its name above them; write actions: {a: {command: "ls -l"}} [jobs.j.actions]',
  ],
  [
    'a job without its name above it',
    'jobs:\n  node: n1\n  schedule: daily\n  run_limit: 5\n  actions: {a: {command: ls}}\n',
    '2:3: found the keys of a job, expected its name above them; write jobs: {NAME: {node: "n1", schedule: "daily", run_limit: 5, actions: ...}} [jobs]',
  ],
  [
    'an unknown node',
    withLine(3, '    node: pool'),
    '3:11: unknown node or pool "pool"; did you mean "pool1"? [jobs.j.node]',
  ],
  [
    'a node that is nowhere',
    withLine(3, '    node: batch7'),
    '3:11: unknown node or pool "batch7"; MASTER has n1, n2, pool1 [jobs.j.node]',
  ],
  [
    'a bad cron expression',
    withLine(4, '    schedule: cron 61 * * * *'),
    '4:20: 61 is outside the minute field; accepted: N, N-M, * with numbers from 0 to 59, N-M/STEP, */STEP, and commas [jobs.j.schedule]',
  ],
  [
    'a cron expression without the word',
    withLine(4, '    schedule: "* * * * *"'),
    '4:15: write "cron * * * * *": the word cron comes first [jobs.j.schedule]',
  ],
  [
    'a schedule that never matches',
    withLine(4, '    schedule: cron 0 0 30 2 *'),
    '4:15: no month named has such a day, so the schedule would never match [jobs.j.schedule]',
  ],
  [
    'a cycle',
    withLine(
      6,
      '      a: {command: ls, requires: [b]}\n      b: {command: ls, requires: [c]}\n      c: {command: ls, requires: [a]}',
    ),
    '6:24: the actions require each other in a circle: a -> b -> c -> a [jobs.j.actions.a.requires]',
  ],
  [
    'a requirement that is not there',
    withLine(6, '      load: {command: ls}\n      b: {command: ls, requires: [laod]}'),
    '7:35: "b" requires "laod": there is no such action in this job; did you mean "load"? [jobs.j.actions.b.requires[0]]',
  ],
  [
    'a requirement that is spelt nearly like the action itself',
    withLine(6, '      load: {command: ls, requires: [laod]}'),
    '6:38: "load" requires "laod": there is no such action in this job [jobs.j.actions.load.requires[0]]',
  ],
  [
    'a requirement of an action that is wrong itself',
    withLine(6, '      x:\n      y: {command: ls, requires: [x]}'),
    '6:7: found nothing for "x", expected an action as a mapping; write x: {command: COMMAND} [jobs.j.actions.x]',
  ],
  [
    'a requirement that no action can be called',
    withLine(6, '      a: {command: ls}\n      b: {command: ls, requires: ["a, c"]}'),
    '7:35: found "a, c", expected a name of letters, digits, _ and -, starting with a letter or _ [jobs.j.actions.b.requires[0]]',
  ],
  [
    'one name for a list of names',
    withLine(6, '      a: {command: ls}\n      b: {command: ls, requires: a}'),
    '7:34: found "a", expected a list; write [a] for a list of one [jobs.j.actions.b.requires]',
  ],
  [
    'braces that mean themselves',
    withLine(6, '      a: {command: "awk \'{print}\'"}'),
    '6:26: unknown variable "print"; write "{{" and "}}" for braces that the command itself needs; known are actionname, node, runid, manual, cleanup_job_status, name, namespace, shortdate, year, month, day, hour, ym, ymd, ymdh, ymdhm, daynumber, unixtime, last_success#shortdate, CC [jobs.j.actions.a.command]',
  ],
  [
    'a misspelt variable',
    withLine(6, '      a: {command: "echo {shortdat}"}'),
    '6:26: unknown variable "shortdat"; did you mean "shortdate"? [jobs.j.actions.a.command]',
  ],
  [
    'a variable of the shell',
    withLine(6, "      a: {command: 'echo ${HOME}'}"),
    '6:27: unknown variable "HOME"; write ${{HOME}} for a variable of the shell [jobs.j.actions.a.command]',
  ],
  [
    'a variable by another name',
    withLine(6, "      a: {command: 'echo {date}'}"),
    '6:26: unknown variable "date"; {shortdate} is the day of the run [jobs.j.actions.a.command]',
  ],
  [
    'several mistakes in one command',
    withLine(6, "      a: {command: 'cp {runid } {last_success} {shortdate-1d} }'}"),
    '6:24: unknown variable "runid "; no blanks may stand in it, write {runid} [jobs.j.actions.a.command]',
    '6:33: unknown variable "last_success"; write what is wanted of it, as in {last_success#shortdate} [jobs.j.actions.a.command]',
    '6:48: {shortdate-1d}: behind "shortdate" may stand + or - and a number, no "d" [jobs.j.actions.a.command]',
    '6:63: a single "}" at character 43; write "}}" for a brace [jobs.j.actions.a.command]',
  ],
  [
    'a command in braces without quotes',
    withLine(6, '      a:\n        command: {shortdate}'),
    '7:18: found a mapping, expected text; put it in quotes [jobs.j.actions.a.command]',
  ],
  [
    'a number for a command',
    withLine(6, '      a: {command: 5}'),
    '6:20: found 5, expected text; put it in quotes [jobs.j.actions.a.command]',
  ],
  [
    'an empty command',
    withLine(6, '      a: {command: " "}'),
    '6:20: found " ", expected a command that is not empty [jobs.j.actions.a.command]',
  ],
  [
    'a length of time in two units',
    withMore('    max_runtime: 1h 20m'),
    '7:18: found "1h 20m", expected a length of time such as 30s, 5 min, 2 hours or 1 day; write 80 minutes [jobs.j.max_runtime]',
  ],
  [
    'a length of time without a unit',
    withMore('    expected_runtime: 90'),
    '7:23: found 90, expected a length of time such as 30s, 5 min, 2 hours or 1 day [jobs.j.expected_runtime]',
  ],
  [
    'an unknown zone',
    withMore('    time_zone: Berlin'),
    '7:16: found "Berlin", expected the name of a time zone such as Europe/Berlin or UTC; did you mean "Europe/Berlin"? [jobs.j.time_zone]',
  ],
  [
    'a text for a truth value',
    withMore('    enabled: "yes"'),
    '7:14: found "yes", expected true or false; leave out the quotes [jobs.j.enabled]',
  ],
  [
    'a name for the cleanup action',
    withMore('    cleanup_action: {name: x, command: ls}'),
    '7:28: the cleanup action is always named "cleanup"; leave the name out [jobs.j.cleanup_action.name]',
  ],
  [
    'an action named cleanup',
    withLine(6, '      cleanup: {command: ls}'),
    '6:7: "cleanup" cannot name an action; expected letters, digits, _ and -, starting with a letter or _; "cleanup" is taken by cleanup_action [jobs.j.actions.cleanup]',
  ],
  [
    'a name that stands twice in a list',
    'jobs:\n- {name: j, node: n1, schedule: daily, actions: [{name: a, command: ls}, {name: a, command: ls}]}\n',
    '2:81: an action named "a" stands in line 2 already [jobs.j.actions.a]',
  ],
  [
    'a variable that no shell can set',
    withLine(6, '      a: {command: ls, env: {A B: x, "": x, C=D: x, 9x: x, a-b: x, _ok1: x}}'),
    ...[
      ['30', 'A B', '; write for example A_B'],
      ['38', '', ''],
      ['45', 'C=D', ''],
      ['53', '9x', '; write for example _9x'],
      ['60', 'a-b', '; write for example a_b'],
    ].map(
      ([column, name, mend]) =>
        `6:${column}: "${name}" cannot name an environment variable; expected letters, digits and _, not starting with a digit${mend} [jobs.j.actions.a.env.${name}]`,
    ),
  ],
  [
    'what no process can be given',
    withLine(6, String.raw`      a: {command: "ls \0", env: {A: "\uD800"}}`),
    String.raw`6:20: no process can be given a NUL (\0); remove it [jobs.j.actions.a.command]`,
    String.raw`6:38: half of a surrogate pair is no character; write the whole one, such as "\U0001F600" [jobs.j.actions.a.env.A]`,
  ],
  [
    'two circles of actions',
    'jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls, requires: [b]}, b: {command: ls, requires: [a]}, c: {command: ls, requires: [c]}, d: {command: ls, requires: [a]}}}}\n',
    '1:66: the actions require each other in a circle: a -> b -> a [jobs.j.actions.a.requires]',
    '1:132: the actions require each other in a circle: c -> c [jobs.j.actions.c.requires]',
  ],
  [
    'circles that share an action',
    withLine(
      6,
      '      a: {command: ls, requires: [b, c]}\n      b: {command: ls, requires: [a]}\n      c: {command: ls, requires: [a, c]}',
    ),
    '6:24: the actions require each other in a circle: a -> b -> a [jobs.j.actions.a.requires]',
    '6:24: the actions require each other in a circle: a -> c -> a [jobs.j.actions.a.requires]',
    '8:24: the actions require each other in a circle: c -> c [jobs.j.actions.c.requires]',
  ],
  [
    'several keys that a schedule does not have',
    withLine(4, '    schedule: {type: daily, value: "04:00", zone: x, dst: y}'),
    '4:51: unknown key "zone"; accepted: type, value, jitter [jobs.j.schedule.zone]',
    '4:59: unknown key "dst"; accepted: type, value, jitter [jobs.j.schedule.dst]',
  ],
  [
    'the key once more in the value',
    withLine(3, '    node: node:n1'),
    '3:11: found "node:n1", expected the name of a node: letters, digits, _, - and dots; write n1 [jobs.j.node]',
  ],
  [
    'several nodes',
    withLine(3, '    node: [n1, n2]'),
    '3:11: found a list, expected the name of a node: letters, digits, _, - and dots; write the name of a pool, which MASTER makes of them: node_pools: {NAME: {nodes: [n1, n2]}} [jobs.j.node]',
  ],
  [
    'names of jobs only',
    'jobs: [load]\n',
    '1:8: found "load", expected a job as a mapping with a name; write {name: load, node: NODE, schedule: SCHEDULE, actions: {NAME: {command: COMMAND}}} [jobs[0]]',
  ],
  [
    'a list of commands',
    withLine(6, '    - ls'),
    '6:7: found "ls", expected an action as a mapping with a name; write {name: NAME, command: "ls"} [jobs.j.actions[0]]',
  ],
  [
    'a command in words',
    withLine(6, '      a: {command: [ls, -l]}'),
    '6:20: found a list, expected text; write "ls -l" [jobs.j.actions.a.command]',
  ],
  [
    'the executor of a node in an action',
    withLine(6, '      a: {command: ls, executor: local}'),
    '6:34: found "local", expected one of ssh, kubernetes, spark; local is an executor of nodes: write it at the node in MASTER, and leave it out here [jobs.j.actions.a.executor]',
  ],
  [
    'an executor by a short name',
    withLine(6, '      a: {command: ls, executor: k8s}'),
    '6:34: found "k8s", expected one of ssh, kubernetes, spark; write kubernetes [jobs.j.actions.a.executor]',
  ],
  [
    'an empty image of a container',
    withLine(6, '      a: {command: ls, executor: kubernetes, cpus: 1, mem: 1, docker_image: ""}'),
    '6:24: warning: executor: it needs an executor named "kubernetes" in the daemon\'s settings; the job is held [jobs.j.actions.a.executor]',
    '6:77: found "", expected the image of a container [jobs.j.actions.a.docker_image]',
  ],
  [
    'variables as a shell sets them',
    withLine(6, '      a: {command: ls, env: [A=b]}'),
    '6:29: found a list, expected a mapping; write {A: "b"} [jobs.j.actions.a.env]',
  ],
  [
    'true in the environment',
    withLine(6, '      a: {command: ls, env: {A: true}}'),
    '6:33: warning: "true" is a text here; Tron 3 wrote True. Write "true" or "True", with the quotes [jobs.j.actions.a.env.A]',
  ],
  [
    'a requirement of the cleanup action',
    withMore('    cleanup_action: {command: ls, requires: [a]}'),
    '7:35: unknown key "requires"; the cleanup action runs when all others are done; remove it. accepted: name, command, node, executor, env, retries, retries_delay, expected_runtime, trigger_downstreams, triggered_by, trigger_timeout, on_upstream_rerun, idempotent, docker_image, cpus, mem, disk, cap_add, cap_drop, constraints, docker_parameters, secret_env, secret_volumes, projected_sa_volumes, field_selector_env, extra_volumes, node_selectors, node_affinities, topology_spread_constraints, labels, annotations, service_account_name, ports [jobs.j.cleanup_action.requires]',
  ],
  [
    'another word for a key of an action',
    withMore('    depends_on: [a]'),
    '7:5: unknown key "depends_on"; it is called requires and belongs to an action. accepted: name, node, schedule, time_zone, dst, actions, cleanup_action, description, owner, enabled, queueing, allow_overlap, run_limit, all_nodes, max_runtime, expected_runtime, monitoring, use_k8s, namespace [jobs.j.depends_on]',
  ],
  [
    'a key in capital letters',
    withMore('    RUN_LIMIT: 5'),
    '7:5: unknown key "RUN_LIMIT"; did you mean "run_limit"? accepted: name, node, schedule, time_zone, dst, actions, cleanup_action, description, owner, enabled, queueing, allow_overlap, run_limit, all_nodes, max_runtime, expected_runtime, monitoring, use_k8s, namespace [jobs.j.RUN_LIMIT]',
  ],
  [
    'no limit of runs',
    withMore('    run_limit: none'),
    '7:16: found "none", expected a whole number of 1 or more [jobs.j.run_limit]',
  ],
]

/** The same in MASTER. */
export const MASTER_MISTAKES: readonly Mistake[] = [
  [
    'a node with a host',
    'nodes: {a: {hostname: h, host: x}}\n',
    '1:26: unknown key "host"; write node in a job, hostname in a node. accepted: name, hostname, username, port, executor [nodes.a.host]',
  ],
  [
    'a host with its login and its port',
    'nodes: {a: {hostname: "me@h:2222"}, b: {hostname: "ssh://h/x"}, c: {hostname: a..b}, d: {hostname: "[::1]:22"}}\n',
    '1:23: found "me@h:2222", expected a hostname or address without blanks; write hostname: h, username: me, port: 2222 [nodes.a.hostname]',
    '1:51: found "ssh://h/x", expected a hostname or address without blanks; write hostname: h [nodes.b.hostname]',
    '1:79: found "a..b", expected a hostname or address without blanks [nodes.c.hostname]',
    '1:100: found "[::1]:22", expected a hostname or address without blanks; write hostname: "::1", port: 22 [nodes.d.hostname]',
  ],
  [
    'a host with its port in a list',
    'nodes: ["h:2222", a..b]\n',
    '1:9: "h:2222" cannot name a node; expected letters, digits, _, - and dots; write hostname: h, port: 2222 [nodes[0]]',
    '1:19: found "a..b", expected a hostname or address without blanks [nodes.a..b]',
  ],
  [
    'a host with its login in a list of nodes',
    'nodes: [{hostname: me@h}]\njobs: {j: {node: h, schedule: daily, actions: {a: {command: ls}}}}\n',
    '1:20: found "me@h", expected a hostname or address without blanks; write hostname: h, username: me [nodes[0].hostname]',
  ],
  [
    'a pool of unknown nodes',
    'nodes: [n1]\nnode_pools: {p: {nodes: [n1, n9]}}\n',
    '2:30: the pool "p" names "n9", which is not a node; did you mean "n1"? [node_pools.p.nodes[1]]',
  ],
  [
    'several nodes in one item of a pool',
    'nodes: [n1, n2]\nnode_pools: {p: {nodes: ["n1, n2"]}}\n',
    '2:26: found "n1, n2", expected the name of a node: letters, digits, _, - and dots; write each as an item of its own: [n1, n2] [node_pools.p.nodes[0]]',
  ],
  [
    'a pool named like a node',
    'nodes: [n1]\nnode_pools: [{nodes: [n1]}]\n',
    '2:14: "n1" is the name of a node; a pool needs another [node_pools.n1]',
  ],
  [
    'a node without a hostname',
    'nodes: [{name: a}]\n',
    '1:9: the key "hostname" is missing: a hostname or address without blanks [nodes.a.hostname]',
  ],
  [
    'a node without its name above it',
    'nodes: {hostname: h, port: 23}\n',
    '1:8: found the keys of a node, expected its name above them; write nodes: {NAME: {hostname: "h", port: 23}} [nodes]',
  ],
  [
    'a port that is none',
    'nodes:\n  a: {hostname: h, port: 99999}\n',
    '2:26: found 99999, expected a whole number from 1 to 65535 [nodes.a.port]',
  ],
  [
    'an unknown key in a part',
    'ssh_options: {agnet: true}\n',
    '1:15: unknown key "agnet"; did you mean "agent"? accepted: agent, identities, known_hosts_file, connect_timeout, idle_connection_timeout, jitter_min_load, jitter_max_delay, jitter_load_factor [ssh_options.agnet]',
  ],
  [
    'a folder on the nodes that is not absolute',
    'action_runner: {remote_status_path: tron-spool}\n',
    '1:37: found "tron-spool", expected an absolute path such as /var/spool/tron [action_runner.remote_status_path]',
  ],
  [
    'a folder on the nodes below a home',
    'action_runner: {remote_status_path: ~/spool}\n',
    '1:37: found "~/spool", expected an absolute path such as /var/spool/tron [action_runner.remote_status_path]',
  ],
  [
    'a time to connect beyond a day',
    'ssh_options: {connect_timeout: 2147484}\n',
    '1:32: found 2147484, expected a whole number from 1 to 86400 [ssh_options.connect_timeout]',
  ],
]

import { userInfo } from 'node:os'
import { type Finished, runChild, startChild } from './child-process.ts'
import { unshareFlags } from './requirements.ts'
import { until } from './until.ts'

/**
 * A PID namespace with a /proc of its own: what runs in it sees, signals and ends nothing of the machine around, and all of it dies when
 * the namespace is disposed of or the test run ends, however that happens.
 */
export interface ProcessNamespace extends AsyncDisposable {
  /** The command line that runs another one inside; it adds one process outside, whose only child is the one inside. */
  readonly enter: (argv: readonly string[]) => readonly string[]
  /** Runs a command line by `sh` inside, in `/`, to its end: so background processes must not keep its output open. */
  readonly inside: (command: string) => Promise<Finished>
}

export interface NamespaceOptions {
  /** A folder that takes the place of the user's home, for all that runs inside; otherwise the home is the real one. */
  readonly home?: string
}

/**
 * The first process inside. It must reap orphans at once, as init does: a zombie looks alive to whoever looks for survivors. So it waits
 * for a child that lives until our end of the pipe is closed; any shell reaps others while it waits for one. A background command gets
 * an empty standard input, hence the third descriptor.
 */
const INIT = 'exec 3<&0; cat <&3 >/dev/null & echo ready; wait $!'

/** $1 real home, $2 its replacement or empty, $3 uid, $4 gid, $5 INIT. Root's sshd needs /run/sshd, which a fresh container lacks. */
const PREPARE = `
mount -t proc proc /proc || exit
if test -n "$2"; then mount --bind "$2" "$1" || exit; fi
test "$3" != 0 && exec unshare --user --map-user="$3" --map-group="$4" sh -c "$5"
test -d /run/sshd || { mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd; } || exit
exec sh -c "$5"`

/** Makes a namespace. Needs `requireNamespaces()`. @throws with what `unshare` or `mount` said when that is refused */
export async function openNamespace(options: NamespaceOptions = {}): Promise<ProcessNamespace> {
  const user = userInfo()
  const prepare = [PREPARE, 'sh', user.homedir, options.home ?? '', String(user.uid), String(user.gid), INIT]
  const init = await startChild(['unshare', ...unshareFlags(), 'sh', '-c', ...prepare])
  const close = async () => {
    init.endInput()
    await init.exited
  }
  try {
    await until('the namespace is ready', () => !init.running() || init.stdout().includes('ready'), {
      explain: () => init.stderr(),
    })
    if (!init.running()) throw new Error(`no namespace: ${init.stderr()}`)
  } catch (error) {
    init.kill('SIGKILL')
    throw error
  }
  const prefix = enterFlags(init.pid, user.uid)
  const enter = (argv: readonly string[]) => [...prefix, ...argv]
  return {
    enter,
    inside: (command) => runChild(enter(['sh', '-c', command])),
    [Symbol.asyncDispose]: close,
  }
}

/**
 * For an ordinary user there are two user namespaces: one as root, for the mounts, and within it one as the user, in which everything
 * runs. All must be in that same one, or they could not read each other's environment; so it is entered in two steps.
 */
function enterFlags(unsharePid: number, uid: number): readonly string[] {
  const folder = `/proc/${unsharePid}/ns`
  const flags = [`--mount=${folder}/mnt`, `--pid=${folder}/pid_for_children`]
  if (uid === 0) return ['nsenter', ...flags]
  const asRoot = ['nsenter', `--user=${folder}/user`, ...flags, '--preserve-credentials']
  return [...asRoot, 'nsenter', '--user=/proc/1/ns/user', '--preserve-credentials']
}

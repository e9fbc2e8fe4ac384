/** Where the hook takes its orders from, and in which process namespace alone it may kill. */
export interface StepPlace {
  readonly folder: string
  readonly namespace: string
}

/**
 * The shell functions that a stepped program calls before each of its lines. The file `at` holds the order, `- -` when there is none, and its number:
 *
 * - `LINE WHO`: whoever reaches that line first ends WHO by SIGKILL: `self`, the process that runs the line; `waiter`, the one that waits for the
 *   attempt's command; `leader`, the shell that was given the program's text; `group`, the process group of that one
 * - `LINE hold`: whoever reaches it first waits there for as long as there is the file `hold` with the order's number
 * - `trace -`: each line is written down, with `same` or `sub` for whether a subshell runs it
 *
 * The file `dead` with the order's number says that it is carried out, and `spared` that there was nobody to kill after all.
 *
 * It needs no process of its own unless it kills, prints nothing, and keeps the status of the command before. It kills only inside of the
 * namespace that it was made for, by a number that is one of a process or of its own group.
 */
export function stepHook(name: string, { folder, namespace }: StepPlace): string {
  return `
${name}() {
  ${name}_status=$?
  read -r ${name}_line ${name}_who ${name}_nr ${name}_x <${folder}/at
  case $${name}_line in
    $1) ${name}_die $1 ;;
    trace) ${name}_trace $1 ;;
  esac
  return $${name}_status
}
${name}_trace() {
  read -r ${name}_pid ${name}_x </proc/self/stat
  if test "$${name}_pid" = $$; then echo "$1 same" >>${folder}/trace.$${name}_nr; else echo "$1 sub" >>${folder}/trace.$${name}_nr; fi
}
${name}_die() {
  test "$(readlink /proc/self/ns/pid)" = "${namespace}" || return
  (set -C; echo $$ >${folder}/dead.$${name}_nr) 2>/dev/null || return
  ${name}_pid=$$
  case $${name}_who in
    self) read -r ${name}_pid ${name}_x </proc/self/stat ;;
    hold)
      while test -e ${folder}/hold.$${name}_nr; do sleep 0.02; done
      return
      ;;
    waiter) ${name}_pid=$\{t_self:-$$} ;;
  esac
  if test $${name}_who = group; then
    read -r ${name}_x </proc/$$/stat
    set -- \${${name}_x##*")" }
    test "$3" = $$ || ${name}_pid=
  fi
  case $${name}_pid in
    "" | *[!0-9]* | 0 | 1) ;;
    *) test -d /proc/$${name}_pid && ${name}_x=there ;;
  esac
  test "$${name}_x" = there || { echo >${folder}/spared.$${name}_nr; return; }
  test $${name}_who != group || ${name}_pid=-$${name}_pid
  kill -s KILL -- $${name}_pid 2>/dev/null
}`.trim()
}

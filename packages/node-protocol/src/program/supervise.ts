/**
 * Runs attempts and waits for them: `sh -c` gets this text, in a session of its own, with the spool's generation as working directory. It takes the
 * wall clock at boot, the boot id, the paths of setsid and env, what the login exports as sh code, and then for each attempt how many words follow and these: id,
 * folder, folder through the fence, kind (login, sh, login-file, sh-file), the command, the assignments. It must hold no single quote, since the main
 * program quotes it by those. Last, before the command, come the exports of the login: from there on only positional parameters are used, since these
 * may have the name of any variable of ours. The assignments are made by env, as a shell may refuse some: bash ends over one to its UID. Where all are
 * ours, TRON_..., the shell makes them itself, which saves a program.
 *
 * Several attempts share one such shell, since starting programs is what a launch costs: each is a member of one foreground pipeline, because only
 * those have SIGINT and SIGQUIT at their defaults in every shell. Nothing flows through that pipeline.
 *
 * In order, for each: its writers; *go* (an exclusive file, through the fence, so that check and step are one call); run; overwrite the reserved exit
 * record; ring; wait for the writers; ring again. Writers are `tee`, because POSIX has it read on when a file cannot be written. Only the command
 * carries the marker TRON_ATTEMPT: what waits for it must survive a stop.
 *
 * From before it makes the go until its record is whole, whoever does so holds the exit record open: where nobody does, none will come. The names of
 * the pipes, which are made before, tell of that launch then. A ring begins with a line end, so that one of which a full disk took a part spoils no other.
 */
export const SUPERVISE = `
trap "" HUP TERM
t_base=$1 t_boot=$2 t_setsid=$3 t_env=$4 t_login=$5
shift 5
t_now() {
  read -r t_up t_x </proc/uptime
  t_x=\${t_up#*.}
  t_at=$((t_base + \${t_up%.*} * 1000 + 1\${t_x}0 - 1000))
}
t_born() {
  read -r t_l </proc/self/stat
  t_pid=\${t_l%% *}
  set -- \${t_l##*")" }
  t_born=\${20}
}
t_bell() { printf "\\n%s .\\n" "$*" >>journal; }
t_one() {
  t_id=$1 t_d=$2 t_t=$3 t_kind=$4 t_cmd=$5
  shift 5
  t_born
  t_self=$t_pid t_mine=$t_born t_o=$t_d/o.$t_tag t_e=$t_d/e.$t_tag
  if ! { test -p $t_o && test -p $t_e; }; then
    t_bell E $t_id
    exit
  fi
  tee -a $t_d/out <$t_o >/dev/null &
  t_w1=$!
  tee -a $t_d/err <$t_e >/dev/null &
  t_w2=$!
  (
    trap - HUP TERM
    t_born
    t_now
    exec 8<$t_d/state || exit 201
    set -C
    true >$t_t/go || exit 201
    set +C
    if ! echo "G $t_pid $t_born $t_self $t_mine $t_boot $t_at ." >>$t_d/go; then
      echo "N $t_at ." 1<>$t_d/state
      exit 202
    fi
    t_bell S $t_id $t_at
    case $t_kind in
      login*) t_run=\${SHELL:-/bin/sh} ;;
      *) t_run=/bin/sh ;;
    esac
    set -- "$@" TRON_ATTEMPT=$t_id.
    t_by=
    for t_x; do
      case $t_x in
        TRON_*) ;;
        *) t_by=env ;;
      esac
    done
    case $t_by in
      env) set -- "" "$t_env" "$@" "$t_setsid" "$t_run" ;;
      *) set -- "$@" "" "$t_setsid" "$t_run" ;;
    esac
    case $t_kind in
      *-file) set -- "$@" "$PWD/$t_d/cmd" ;;
      *) set -- "$@" -c "$t_cmd" ;;
    esac
    exec >$t_o 2>$t_e 8<&-
    eval "$t_login"
    CDPATH= cd "$HOME" || cd /
    unset OLDPWD
    while test -n "$1"; do
      export "$1"
      shift
    done
    shift
    exec "$@"
  )
  t_code=$?
  read -r t_a t_x t_x t_s t_m t_x <$t_d/go
  if test "$t_a $t_s $t_m" != "G $t_self $t_mine"; then
    true >$t_o 2>$t_e
    case $t_code in
      202) t_bell N $t_id ;;
      *) t_bell D $t_id ;;
    esac
    exit
  fi
  t_now
  echo "X $t_code $t_at ." 1<>$t_d/state
  t_bell X $t_id $t_code $t_at
  wait $t_w1 && t_a=0 || t_a=1
  wait $t_w2 && t_b=0 || t_b=1
  test -s $t_d/out && t_o=1 || t_o=0
  test -s $t_d/err && t_e=1 || t_e=0
  echo "C $t_code $t_at $t_a $t_b $t_o $t_e ." 1<>$t_d/state
  t_bell C $t_id $t_a $t_b $t_o $t_e
}
t_all() {
  t_now
  t_tag=$$.$t_boot.$t_at t_p=1 t_line= t_pipes=
  while test $# -gt 0; do
    t_pipes="$t_pipes $3/o.$t_tag $3/e.$t_tag"
    t_end=$((t_p + $1)) t_words=
    while test $t_p -lt $t_end; do
      t_p=$((t_p + 1))
      t_words="$t_words \\"\\\${$t_p}\\""
    done
    t_p=$((t_p + 1))
    t_line="$t_line\${t_line:+ | }{ t_one$t_words; } </dev/null >/dev/null"
    shift $(($1 + 1))
  done
}
t_all "$@"
mkfifo $t_pipes
eval "$t_line"
`

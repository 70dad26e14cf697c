# Stages of a script: what each prints goes into a file of its own, the screen gets one line, and a verdict at the end
# says what ran, what was skipped and what failed. Source it after lib.sh.
# shellcheck shell=bash

logs=build/logs
passed=() failed=() skipped=()

# on_line TEXT: on a terminal a line that the next one replaces.
on_line() { [ ! -t 1 ] || printf '\r\033[K%s' "$1"; }

# progress NAME LOG: copies stdin to LOG and says how far the work is, by the counts of ninja (`[3/61]`) and of ctest
# (` 3/61 Test`): on a terminal all the time, elsewhere after each third.
progress() {
  local name=$1 log=$2 start=$SECONDS line share shown=0 step=34
  [ ! -t 1 ] || step=1
  on_line "$name"
  while IFS= read -r line; do
    printf '%s\n' "$line" >&3
    [[ $line =~ ^(\[| *)([0-9]+)/([0-9]+)[]\ ] ]] || continue
    share=$((100 * BASH_REMATCH[2] / BASH_REMATCH[3]))
    if [ $((share / step)) -le $((shown / step)) ] || [ "$share" -eq 100 ]; then continue; fi
    shown=$share
    if [ -t 1 ]; then
      on_line "$name  $share %  ${BASH_REMATCH[2]} of ${BASH_REMATCH[3]}  $((SECONDS - start)) s"
    else
      echo "$name  $share %  $((SECONDS - start)) s"
    fi
  done 3> "$log"
}

# counted NAME LOG: the stage as the verdict has it, with the number of what was ok where the log tells: "61 tests".
counted() {
  local count
  count=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#.* Passed |(^|  )ok  ' "$2") || count=
  echo "${count:+$count }$1"
}

# skips LOG: what a stage left out: lines `skipped: WHAT`, and the tests that said so to ctest.
skips() { sed -nE 's/^skipped: //p; s/^[[:space:]]+[0-9]+ - (.+) \(Skipped\)$/\1/p' "$1"; }

# failed_tests LOG: " (NAME NAME)" of those that ctest lists.
failed_tests() {
  local names
  names=$(sed -nE '/^The following tests FAILED:/,$ s/^[[:space:]]+[0-9]+ - ([^ ]+) .*/\1/p' "$1" | paste -sd ' ')
  echo "${names:+ ($names)}"
}

# show_trouble LOG: its end, without what went well.
show_trouble() {
  grep -vE '^\[[0-9]+/[0-9]+\] |  Passed  |^ *Start +[0-9]+: |(^|  )ok  ' "$1" | tail -n 100 || true
  echo "all of it: $1"
}

# stage NAME COMMAND...: runs the command under `set -e`. It goes on after a failure: print_verdict tells.
stage() {
  local name=$1 log=$logs/${1// /-}.log start=$SECONDS exit_code time
  shift
  mkdir -p "$logs"
  set +e # not in a condition, where bash would ignore the other -e
  (set -e; "$@") < /dev/null 2>&1 | progress "$name" "$log"
  exit_code=${PIPESTATUS[0]}
  set -e
  time="$((SECONDS - start)) s"
  on_line ""
  mapfile -t -O "${#skipped[@]}" skipped < <(skips "$log")
  if [ "$exit_code" -eq 0 ]; then
    passed+=("$(counted "$name" "$log")")
    printf '%6s  %s\n' "$time" "${passed[-1]}"
  else
    failed+=("$name$(failed_tests "$log")")
    show_trouble "$log"
    printf '%6s  %s FAILED\n' "$time" "$name"
  fi
}

# joined WORD...: with commas between.
joined() { printf '%s' "$1"; shift; [ $# -eq 0 ] || printf ', %s' "$@"; }

# print_verdict: one line; returns 1 when something failed.
print_verdict() {
  local text=
  [ ${#failed[@]} -eq 0 ] || text+="FAILED: $(joined "${failed[@]}"); "
  [ ${#passed[@]} -eq 0 ] || text+="passed: $(joined "${passed[@]}"); "
  [ ${#skipped[@]} -eq 0 ] || text+="skipped: $(joined "${skipped[@]}"); "
  printf '\n%s%d s\n' "$text" "$SECONDS"
  [ ${#failed[@]} -eq 0 ]
}

# stop_if_failed: for a stage that the next ones need.
stop_if_failed() { [ ${#failed[@]} -eq 0 ] || { print_verdict || exit 1; }; }

#!/usr/bin/env bash
# What scripts/stages.sh prints, off a terminal, of stages that build, test, skip and fail; times are left out.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/script" <<END
set -euo pipefail
source scripts/stages.sh
logs=$folder
build() { for i in 1 2 3 4 5 6; do echo "[\$i/6] Building \$i.o"; done; }
tests() {
  echo "  1/2 Test  #1: model ......   Passed    0.10 sec"
  echo "  2/2 Test #12: device .....***Skipped   0.20 sec"
  printf '\nThe following tests did not run:\n\t 12 - device (Skipped)\n'
}
headers() { echo "ok        gcc C99  a.h"; echo "ok        gcc C11  a.h"; echo "skipped: clang (not there)"; }
broken() { echo "1/1 Test #3: cli ...***Failed"; printf 'The following tests FAILED:\n\t  3 - cli (Failed)\n'; false; echo unseen; }
stage "build" build
stop_if_failed
stage "tests" tests
stage "headers" headers
\${1:-stage} "clang tests" broken
stop_if_failed
print_verdict
END

failures=0
# same NAME FOUND EXPECTED
same() {
  [ "$2" != "$3" ] || return 0
  printf '%s: found\n%s\nexpected\n%s\n' "$1" "$2" "$3"
  failures=1
}

found=$(bash "$folder/script" 2>&1)
same "exit code of a failure" $? 1
same "a failure" "$(sed -E 's/ *[0-9]+ s( |$)/T\1/' <<< "$found")" "build  50 %T
build  83 %T
T  build
tests  50 %T
T  1 tests
T  2 headers
1/1 Test #3: cli ...***Failed
The following tests FAILED:
	  3 - cli (Failed)
all of it: $folder/clang-tests.log
T  clang tests FAILED

FAILED: clang tests (cli); passed: build, 1 tests, 2 headers; skipped: device, clang (not there);T"
found=$(bash "$folder/script" : 2>&1)
same "exit code of success" $? 0
same "success" "$(tail -n 1 <<< "$found" | sed -E 's/ *[0-9]+ s$/T/')" \
  "passed: build, 1 tests, 2 headers; skipped: device, clang (not there);T"
exit $failures

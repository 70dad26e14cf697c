#!/usr/bin/env bash
# demo_test EMLC: the tour, and then the commands that it proposes, as they are printed.
set -euo pipefail
emlc=$(realpath "$1")
cd "$(dirname "$0")/../.."

text=$(scripts/demo "$emlc")
grep -q '^as trained  100.00 %' <<< "$text"
mapfile -t commands < <(sed -n '/^Next/,$ s/^  //p' <<< "$text")
[ ${#commands[@]} -eq 3 ]
for command in "${commands[@]}"; do
  echo "$ $command"
  bash -c "$command" > /dev/null
done

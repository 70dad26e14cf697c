#!/usr/bin/env bash
# compile_examples.sh DOCUMENT INCLUDE_DIR SCRATCH_DIR: every ```c block of the document is a whole file that compiles
# without a warning as C99 and as C++11.
set -u
document=$1 include=$2 scratch=$3
flags="-I$include -pedantic -Wall -Wextra -Wconversion -Wdouble-promotion -Wshadow -Werror -c -o $scratch/example.o"
rm -rf "$scratch"
mkdir -p "$scratch"
awk -v to="$scratch" '/^```c$/ {n++; on = 1; next} /^```$/ {on = 0} on {print > (to "/example" n ".c")}' "$document"
failed=0
found=0
for example in "$scratch"/example*.c; do
  [ -e "$example" ] || continue
  found=$((found + 1))
  gcc -std=c99 $flags "$example" || { echo "FAILED as C99: $example"; failed=1; }
  g++ -x c++ -std=c++11 $flags "$example" || { echo "FAILED as C++11: $example"; failed=1; }
done
[ "$found" -gt 0 ] || { echo "no example found in $document"; failed=1; }
exit $failed

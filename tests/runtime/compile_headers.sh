#!/usr/bin/env bash
# compile_headers.sh INCLUDE_DIR: every runtime header compiles alone and without a warning with every compiler that is
# installed, as C99, C11 and C++11, with everything and without each part. A compiler that is missing is named and left out.
set -u
include=$1
flags="-I$include -pedantic -Wall -Wextra -Wconversion -Wdouble-promotion -Wshadow -Werror -fsyntax-only"
failed=0

# check NAME COMMAND...: the unit on standard input compiles.
check() {
  local name=$1
  shift
  "$@" $flags - <<< "$unit" || { echo "FAILED: $name"; failed=1; }
}

# with_compiler C_COMPILER CXX_COMPILER [FLAG...]: the current unit in every standard.
with_compiler() {
  local c=$1 cxx=$2
  shift 2
  command -v "$c" > /dev/null || { missing+=" $c"; return; }
  check "$c $* -std=c99 $label" "$c" "$@" -x c -std=c99
  check "$c $* -std=c11 $label" "$c" "$@" -x c -std=c11
  check "$cxx $* -std=c++11 $label" "$cxx" "$@" -x c++ -std=c++11
}

missing=""
for header in "$include"/emlc/*.h; do
  label="emlc/$(basename "$header")"
  unit="#include <$label>"
  check "gcc -std=c99 $label" gcc -x c -std=c99
  for option in MATH TREES DENSE INT8 FIXED STEPS; do
    check "gcc -std=c99 -DEMLC_NO_$option $label" gcc -x c -std=c99 "-DEMLC_NO_$option"
  done
done

label="emlc.h"
unit="#include <emlc.h>"
with_compiler gcc g++
with_compiler clang clang++
with_compiler arm-none-eabi-gcc arm-none-eabi-g++ -mthumb -mcpu=cortex-m0plus
with_compiler arm-none-eabi-gcc arm-none-eabi-g++ -mthumb -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16
with_compiler avr-gcc avr-g++ -mmcu=atmega328p
with_compiler riscv64-unknown-elf-gcc riscv64-unknown-elf-g++ --specs=picolibc.specs -march=rv32imc -mabi=ilp32
[ -z "$missing" ] || echo "not installed, left out:$missing"
exit $failed

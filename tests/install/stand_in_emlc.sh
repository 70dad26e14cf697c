#!/bin/sh
# Stands in for `emlc convert MODEL --to c --name ID [options] --depfile D -o OUT`: writes a header that defines ID as 1
# and a depfile, and notes each run with its options in runs.txt next to itself.
set -eu
echo "$*" >> "$(dirname "$0")/runs.txt"
model=$2 name=$6
while [ $# -gt 1 ]; do
  case $1 in
    --depfile) depfile=$2 ;;
    -o) out=$2 ;;
  esac
  shift
done
echo "#define $(echo "$name" | tr '[:lower:]' '[:upper:]') 1" > "$out"
echo "$out: $model $(dirname "$model")/unlisted.csv" > "$depfile"

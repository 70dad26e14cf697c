#!/usr/bin/env bash
# Which sources `scripts/lint changed` reads, in a repository made for that, with a clang-tidy that prints their names.
set -euo pipefail
scripts=$(realpath "$(dirname "$0")/../../scripts")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=e GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=e GIT_CONFIG_GLOBAL=/dev/null

mkdir -p "$folder/bin" "$folder/clone/scripts" "$folder/clone/cli"
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "read: $4"\n' > "$folder/bin/clang-tidy"
printf '#!/bin/sh\n' > "$folder/bin/cmake"
chmod +x "$folder"/bin/*
export PATH=$folder/bin:$PATH
cd "$folder/clone"
cp "$scripts/lint" scripts

git init -q -b main .
touch cli/{a,b,c,gone}.cpp cli/{b,lonely}.hpp
git add . && git commit -q -m one
[ "$(scripts/lint changed)" = "skipped: clang-tidy (no commit to compare with)" ]

echo '//' | tee cli/a.cpp cli/b.hpp cli/lonely.hpp > README
git rm -q cli/gone.cpp
git add . && git commit -q -m two
echo '//' > cli/c.cpp # not committed
expected="clang-tidy: clean
read: cli/a.cpp
read: cli/b.cpp
read: cli/c.cpp"
[ "$(scripts/lint changed | sort)" = "$expected" ]
[ "$(scripts/lint changed HEAD | sort)" = $'clang-tidy: clean\nread: cli/c.cpp' ]

for i in {10..22}; do echo > "cli/$i.cpp"; done
git add . && git commit -q -m three
[ "$(scripts/lint changed | grep skipped)" = "skipped: clang-tidy of 2 of 14 changed sources" ]
[ "$(scripts/lint changed | grep -c read:)" -eq 12 ]

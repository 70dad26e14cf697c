#!/usr/bin/env bash
# scripts/package: kinds that it does not know, and sources that are the same twice and build.
set -euo pipefail
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

! "$scripts/package" "$work/one" debs 2> "$work/said"
[ "$(cat "$work/said")" = "scripts/package: unknown kind 'debs', expected deb, static, wheel, runtime or source" ]
[ ! -e "$work/one" ]

git -C "$scripts" rev-parse -q --verify HEAD > /dev/null || exit 77
version=$("$scripts/set-version")
for folder in one two; do "$scripts/package" "$work/$folder" source > /dev/null; done
cmp "$work/one/emlc-$version.tar.gz" "$work/two/emlc-$version.tar.gz"
tar -xzf "$work/one/emlc-$version.tar.gz" -C "$work"
grep -q "project(emlc VERSION $version" "$work/emlc-$version/CMakeLists.txt"

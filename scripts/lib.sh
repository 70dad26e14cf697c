# What the scripts share. Source it; it moves to the top of the source tree.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# What a build of the program needs.
# shellcheck disable=SC2034  # for whoever sources this
build_packages=(g++ cmake ninja-build libcli11-dev nlohmann-json3-dev libfmt-dev libprotobuf-dev
  protobuf-compiler libzip-dev libsndfile1-dev)

# ccache looks into compilations with a precompiled header only where it may overlook __TIME__ and unused macros.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:+$CCACHE_SLOPPINESS,}pch_defines,time_macros

# need_packages PACKAGE...: installs those that are missing, with sudo when not root.
need_packages() {
  local missing=() package as_root=()
  for package; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -ne 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  echo "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    > /dev/null
}

# Lets builds take from ccache what they have compiled before.
use_ccache() { export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache; }

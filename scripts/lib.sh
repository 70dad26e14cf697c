# What the scripts share. Source it; it moves to the top of the source tree.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What a build of the program needs.
build_packages=(g++ cmake ninja-build libcli11-dev nlohmann-json3-dev libfmt-dev)

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

# stage NAME COMMAND...: runs the command and keeps its time for print_stages.
stage_times=()
stage() {
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  "$@"
  stage_times+=("$(printf '%5d s  %s' $((SECONDS - start)) "$name")")
}

print_stages() {
  printf '\n== times\n'
  printf '%s\n' "${stage_times[@]}" "$(printf '%5d s  all' "$SECONDS")"
}

#!/usr/bin/env bash
# Makes sure that what the tests need is on this machine: installs what is
# missing on Debian as root, else names it and fails.
#
#   scripts/need.sh                   all that "make test" needs
#   scripts/need.sh make=make gcc=gcc these commands, from these packages
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"

wanted=("$@")
if [ $# -eq 0 ]; then
  wanted=(mariadbd=mariadb-server mariadb-install-db=mariadb-server mariadb-admin=mariadb-client
    redis-server=redis-server redis-cli=redis-tools setpriv=util-linux chromium=chromium CJK=fonts-wqy-microhei
    sox=sox AMR=libsox-fmt-base MP3=libsox-fmt-mp3)
fi

# A Chinese font is no command; without one the pictures of pages are boxes. Nor
# are the formats that sox reads and writes.
there() {
  case "$1" in
    CJK) command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ] ;;
    AMR) [ -n "$(find /usr/lib -name libsox_fmt_amr_nb.so -print -quit)" ] ;;
    MP3) [ -n "$(find /usr/lib -name libsox_fmt_mp3.so -print -quit)" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

missing() {
  local pair
  for pair in "${wanted[@]}"; do
    there "${pair%%=*}" || echo "${pair#*=}"
  done | sort -u
}

mapfile -t packages < <(missing)
[ ${#packages[@]} -eq 0 ] && exit 0

by_hand() {
  echo "need.sh: missing here: ${packages[*]}" >&2
  echo "need.sh: $1; on Debian: apt-get install --no-install-recommends ${packages[*]}" >&2
  exit 1
}
command -v apt-get >/dev/null || by_hand "there is no apt-get on this machine"
[ "$(id -u)" -eq 0 ] || by_hand "only root can install them"

# Packages of servers start a service of the machine; ours are private ones, so
# nothing is to start. A policy that is there already stays as it is.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

echo "need.sh: installing ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
"${apt[@]}" update
"${apt[@]}" install -y --no-install-recommends "${packages[@]}" </dev/null

mapfile -t packages < <(missing)
[ ${#packages[@]} -eq 0 ] || by_hand "still missing after the installation"

#!/usr/bin/env bash
# Lays sox, which makes a recording from WeChat playable on a phone, with all that
# it loads into a root that is otherwise empty.
#
#   scripts/sound.sh DIR
#
# Wanted here: the Debian packages sox, libsox-fmt-base and libsox-fmt-mp3.
set -euo pipefail
root=${1:?a folder}
mapfile -t formats < <(find /usr/lib -path '*/sox/libsox_fmt_amr_?b.so' -o -path '*/sox/libsox_fmt_mp3.so')
[ ${#formats[@]} -eq 3 ] || { echo "sound.sh: sox lacks AMR or MP3 here" >&2; exit 1; }
mapfile -t files < <(
  printf '%s\n' /usr/bin/sox "${formats[@]}"
  ldd /usr/bin/sox "${formats[@]}" | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/.*ld-/ && NF == 2 { print $1 }' | sort -u
)
for file in "${files[@]}"; do
  mkdir -p "$root$(dirname "$file")"
  cp -L "$file" "$root$file"
done

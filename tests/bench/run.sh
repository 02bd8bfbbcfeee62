#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: run.sh [--width=N] [--rows=N] [--angles=N] [--memory-limit=SIZE] [--device=CHOICE]
# Run by ./dev bench, in the root of the source. Times `reconstruct tomo` on a synthetic scan.

set -eu

width=1024 rows=16 angles=1536 memory=auto device=auto
for argument; do
  value=${argument#*=}
  case $argument in
    --width=*) width=$value ;;
    --rows=*) rows=$value ;;
    --angles=*) angles=$value ;;
    --memory-limit=*) memory=$value ;;
    --device=*) device=$value ;;
    *) sed -n 's/^# usage: run.sh/usage: .\/dev bench/p' "$0" >&2; exit 2 ;;
  esac
done

program=build/app/reconstruct
folder=build/bench
rm -rf "$folder"
mkdir -p "$folder"
trap 'rm -rf "$folder/scan" "$folder/slices"' EXIT
trap 'exit 130' INT TERM

$program phantom "$folder/scan" --width="$width" --rows="$rows" --angles="$angles" --no-truth >/dev/null

# The first run of a device compiles the kernels; that is not what is timed.
$program tomo -c "$folder/scan/reco.conf" --output="$folder/slices" --quiet --device="$device" \
  --y-stop=1 --overwrite
rm -rf "$folder/slices"

LC_ALL=C /usr/bin/time -v -o "$folder/time.txt" $program tomo -c "$folder/scan/reco.conf" \
  --output="$folder/slices" --quiet --device="$device" --memory-limit="$memory"

# "h:mm:ss" or "m:ss.ss"
seconds=$(sed -n 's/.*Elapsed (wall clock) time.*): //p' "$folder/time.txt" |
  awk -F : '{ s = 0; for (i = 1; i <= NF; i++) s = s * 60 + $i; print s }')
peak=$(sed -n 's/.*Maximum resident set size (kbytes): //p' "$folder/time.txt")
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)

echo
echo "machine:  ${processor:-unknown processor}, $(nproc) cores"
echo "devices:"
$program devices | sed 's/^/  /'
echo
awk -v w="$width" -v r="$rows" -v a="$angles" -v s="$seconds" -v p="$peak" 'BEGIN {
  printf "%9s %6s %8s %9s %9s %11s %9s\n", "columns", "rows", "angles", "seconds", "s/slice", "Gupdates/s", "peak MiB"
  printf "%9d %6d %8d %9.2f %9.4f %11.3f %9.0f\n", w, r, a, s, s / r, w * w * r * a / s / 1e9, p / 1024 }'

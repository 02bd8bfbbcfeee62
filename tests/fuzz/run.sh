#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: run.sh FOLDER SECONDS
# Runs every fuzz target that was built in FOLDER on what it found before and on fresh seeds. Inputs that
# crash are kept in FOLDER/crashes; run the target with one of them to see it again.

set -eu

folder=$(cd "$1" && pwd)
seconds=$2
here=$(cd "$(dirname "$0")" && pwd)

# In memory where there is such a folder: each input is written to a file.
scratch=$(mktemp -d -p /dev/shm reconstruct-fuzz-XXXXXX 2>/dev/null || mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

mkdir -p "$folder/crashes"
"$folder/tests/fuzz/make-seeds" "$folder/seeds"

export TMPDIR="$scratch" HDF5_USE_FILE_LOCKING=FALSE
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
export LSAN_OPTIONS="suppressions=$here/../lsan-suppressions.txt:print_suppressions=0"

failed=''
for target in config tiff hdf5; do
  # The input of hdf5 is a recipe of a few bytes, the others' a file.
  length=16384
  [ $target != hdf5 ] || length=256
  mkdir -p "$folder/corpus/$target"
  log="$folder/fuzz-$target.log"
  echo "fuzz: $target for $seconds s"
  if "$folder/tests/fuzz/fuzz-$target" -max_total_time="$seconds" -max_len=$length -len_control=10 -timeout=20 \
      -rss_limit_mb=2048 -artifact_prefix="$folder/crashes/$target-" -print_final_stats=1 \
      "$folder/corpus/$target" "$folder/seeds/$target" >"$log" 2>&1; then
    echo "  $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, no failure"
  else
    failed="$failed $target"
    tail -n 60 "$log"
    echo "  FAILED, see $log and $folder/crashes"
  fi
done

[ -z "$failed" ] || { echo "fuzz failed:$failed"; exit 1; }

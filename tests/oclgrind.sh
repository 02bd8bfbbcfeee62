#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: oclgrind.sh PROGRAM [ARGUMENT]…
# Runs a test on oclgrind's OpenCL device, which watches every access of the kernels. oclgrind itself ends well
# whatever it found: its log tells.

set -eu

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
oclgrind --log "$log" --uninitialized --data-races --check-api "$@" || status=$?
if [ -s "$log" ]; then
  cat "$log" >&2
  exit 99
fi
exit $status

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: run-ui.sh COMMAND [ARGUMENT]…
#
# Runs a test on a display of its own, and passes its output and exit status on. Without xvfb-run the test is
# skipped. Settings are kept in memory, accessibility in the process, and nothing of the caller's session is seen.

set -eu

if ! command -v xvfb-run >/dev/null; then
  echo "1..0 # SKIP xvfb-run is not installed"
  exit 0
fi

unset DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY
export GDK_BACKEND=x11
export LIBGL_DEBUG=quiet
export LP_NUM_THREADS="${LP_NUM_THREADS:-1}"
export GSETTINGS_BACKEND=memory
export GTK_A11Y="${GTK_A11Y:-test}"
# Neither the user's theme nor the size of its letters.
export XDG_CONFIG_HOME="${TMPDIR:-/tmp}/reconstruct-no-settings"
export LC_ALL="${LC_ALL:-C.UTF-8}"

exec xvfb-run -a -s "-screen 0 1280x1024x24" "$@"

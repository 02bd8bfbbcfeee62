#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: lint.sh [quick|all]
# Run by ./dev lint, in the root of the source. Goes through all checks, then fails if one did.

set -eu

depth=${1-usual}
case $depth in
  quick | usual | all) ;;
  *) echo "usage: ./dev lint [quick|all]" >&2; exit 2 ;;
esac

# Where the same files are built again afterwards, their folder can be this one's.
gcc_folder=${GCC_FOLDER-build-lint-gcc}

failed=''

# check NAME COMMAND [ARGUMENT]…
check ()
{
  name=$1
  shift
  if "$@"; then
    echo "ok: $name"
  else
    echo "failed: $name"
    failed="$failed, $name"
  fi
}

shell_scripts ()
{
  status=0
  for script in dev tests/*.sh tests/*/*.sh; do
    [ -f "$script" ] || continue
    sh -n "$script" || status=1
    if command -v shellcheck >/dev/null; then shellcheck "$script" || status=1; fi
  done
  bash -n .ci/run || status=1
  return $status
}

# The options that kernels are compiled with, a set a line; %s is the number of lanes.
kernel_options ()
{
  case $1 in
    */backproject-direct.cl) echo "-DLANES=%s -DTILE=64 -DPATCH=16" ;;
    */backproject-merged.cl)
      echo "-DLANES=%s -DTILE=32 -DPATCH=16"
      echo "-DLANES=%s -DTILE=64 -DPATCH=16"
      echo "-DLANES=%s -DTILE=128 -DPATCH=32" ;;
    */backproject-gpu.cl) echo "-DLANES=%s -DCOLUMNS=1 -DROWS=5" ;;
    */filter-*.cl) echo "-DLANES=%s" ;;
    */flat-field.cl) echo "-DVECTOR=1"; echo "-DVECTOR=16" ;;
    *) echo ;;
  esac
}

kernels ()
{
  status=0
  for kernel in kernels/*.cl; do
    for lanes in 4 8 16; do
      kernel_options "$kernel" | sed "s/%s/$lanes/" | while IFS= read -r options; do
        # shellcheck disable=SC2086 # options are meant to be split
        clang -x cl -cl-std=CL1.2 -target spir64-unknown-unknown -fsyntax-only -Xclang -finclude-default-header \
          -I kernels -Wall -Wextra -Wshadow -Wdouble-promotion -Werror $options "$kernel" || exit 1
      done || status=1
    done
  done
  return $status
}

# compile FOLDER COMPILER [OPTION]…: everything, every warning being an error.
compile ()
{
  folder=$1
  compiler=$2
  shift 2
  if [ ! -f "$folder/build.ninja" ]; then
    CC=$compiler meson setup "$folder" -Dwerror=true "$@" >/dev/null || return 1
  fi
  { meson compile -C "$folder" && meson compile -C "$folder" bench-programs; } >"$folder/compile.log" 2>&1 ||
    { sed -n '/^FAILED/,$p' "$folder/compile.log"; return 1; }
}

# The command line must run where no GTK is installed.
linkage ()
{
  program=$gcc_folder/app/reconstruct
  [ -x "$program" ] || { echo "$program was not built"; return 1; }
  own=$(readelf -d "$program")
  all=$(ldd "$program")
  if echo "$own $all" | grep -Ei 'lib(gtk|gdk|gsk|adwaita|epoxy|GL)[-._]'; then return 1; fi
  # Cairo brings those of displays along; the program itself must not know them.
  if echo "$own" | grep -Ei 'lib(X11|wayland)[-._]'; then return 1; fi
}

# Templates name types of ours, which the tool doesn't know; this file has none.
shortcuts ()
{
  said=$(LIBGL_DEBUG=quiet GTK_A11Y=none xvfb-run -a gtk4-builder-tool validate data/gtk/help-overlay.ui 2>&1) ||
    { echo "$said"; return 1; }
}

# The checks of clang's analyzer take ten times as long as all the others.
tidy ()
{
  analyzer=
  [ "$depth" = all ] || analyzer='-clang-analyzer-*'
  run-clang-tidy -quiet -checks="$analyzer" -p build-lint-clang "$PWD/(app|core|ui)/.*\.c$" \
    >build-lint-clang/tidy.log 2>/dev/null ||
    { grep -E -A 3 'warning:|error:' build-lint-clang/tidy.log; return 1; }
}

check "style" python3 tests/style.py
check "shell scripts" shell_scripts
check "templates, icons, keys" python3 tests/ui_files.py
check "window of shortcuts" shortcuts
check "kernels as OpenCL C 1.2" kernels
check "warnings of gcc" compile "$gcc_folder" gcc
check "linkage" linkage
if [ "$depth" != quick ]; then
  # To clang NAN is a float, a lock that is held to the end of a scope an unused variable, the data of a GArray
  # misaligned, and a format with a va_list suspect: gcc knows better.
  check "warnings of clang" compile build-lint-clang clang -Dfuzz=true -Doptimization=0 -Ddebug=false \
    -Dc_args='-Wno-double-promotion -Wno-unused-variable -Wno-cast-align -Wno-format-nonliteral'
  check "clang-tidy" tidy
fi

[ -z "$failed" ] || { echo "lint failed: ${failed#, }"; exit 1; }

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: run.sh [--quick] [--scaling] [--peers=yes|no|quick] [--sizes=N,…] [--slices=N] [--repeats=N]
#               [--kernel=auto|plain|direct|merged] [--variant=auto|cpu|gpu] [--device=CHOICE]
# Run by ./dev bench, in the root of the source, when everything is built. Writes build/bench/results.json and
# build/bench/RESULTS.md. --quick takes less than a minute, without other programs; --scaling times growth instead.

set -eu

fail () { echo "bench: $*" >&2; exit 2; }
say ()  { echo "bench: $*" >&2; }

command="./dev bench${*:+ $*}"
quick=no scaling=no peers=yes sizes=512,1024,2048 slices=16 repeats=5 kernel=auto variant=auto device=auto
for argument; do
  value=${argument#*=}
  case $argument in
    --quick) quick=yes peers=no repeats=3 ;;
    --scaling) scaling=yes ;;
    --peers=yes | --peers=no | --peers=quick) peers=$value ;;
    --sizes=*) sizes=$value ;;
    --slices=*) slices=$value ;;
    --repeats=*) repeats=$value ;;
    --kernel=*) kernel=$value ;;
    --variant=*) variant=$value ;;
    --device=*) device=$value ;;
    *)
      sed -n 's/^# usage: run.sh/usage: .\/dev bench/p; s/^#      \( *\[\)/\1/p' "$0" >&2
      fail "\"$argument\" is no option" ;;
  esac
done

# Debian's, which has its packages.
python=/usr/bin/python3
here=tests/bench
programs=build/tests/bench
folder=$PWD/build/bench
parts=$folder/parts
scratch=$folder/scratch
load=$(cut -d ' ' -f 1-3 /proc/loadavg)

rm -rf "$parts" "$scratch"
mkdir -p "$parts" "$scratch" "$folder/cache/pocl"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The caches of compiled kernels are not the user's.
XDG_CACHE_HOME=$folder/cache
POCL_CACHE_DIR=$folder/cache/pocl
PYTHONDONTWRITEBYTECODE=1
export XDG_CACHE_HOME POCL_CACHE_DIR PYTHONDONTWRITEBYTECODE

if [ $scaling = yes ]; then
  set -- --device="$device"
  [ $quick = no ] || set -- "$@" --quick
  $python $here/scaling.py $programs/bench-engine "$@" >"$parts/growth.json"
  $python $here/report.py "$folder" scaling "$command" "$load" growth
  exit
fi

engine ()
{
  $programs/bench-engine --device="$device" --kernel="$kernel" --variant="$variant" "$@"
}

job_slices=256 job_repeats=3 axis_table=256 axis_doubt=200
[ $quick = no ] || job_slices=64 job_repeats=1 axis_table=0 axis_doubt=0

say "reconstruction in memory"
# Compilers of kernels work inside the process, and would count as its memory.
engine --sizes="$sizes" --slices="$slices" --repeats=1 >/dev/null
engine --sizes="$sizes" --slices="$slices" --repeats="$repeats" --save="$scratch" >"$parts/engine.json"
engine --sizes=1024 --slices=$job_slices --repeats=2 >"$parts/engine_job.json"
if [ -x $programs/bench-fftw ]; then
  say "filter by FFTW"
  $programs/bench-fftw --sizes="$sizes" --repeats="$repeats" >"$parts/fftw.json"
fi
say "from files to files"
$python $here/files.py build/app/reconstruct "$scratch" --slices=$job_slices --repeats=$job_repeats \
  --device="$device" --kernel="$kernel" --variant="$variant" >"$parts/files.json"
say "live preview"
$programs/bench-preview --folder="$scratch" --repeats="$repeats" >"$parts/preview.json"
# A minute or two for the whole table.
say "rotation axis"
$programs/bench-axis --repeats="$repeats" --table="$axis_table" --doubt="$axis_doubt" >"$parts/axis.json"
if [ -x $programs/bench-window ] && command -v xvfb-run >/dev/null; then
  say "the window"
  build/app/reconstruct phantom "$scratch/window" --width=1024 --rows=8 --angles=1536 --axis=505.3 --no-truth >/dev/null
  GSETTINGS_BACKEND=memory LIBGL_DEBUG=quiet XDG_STATE_HOME=$scratch/state XDG_CONFIG_HOME=$scratch/config \
    xvfb-run -a -s "-screen 0 1280x800x24" $programs/bench-window build/app/reconstruct "$scratch/window/reco.conf" \
    >"$parts/window.json" 2>"$parts/window.log" || rm -f "$parts/window.json"
fi
if [ "$peers" != no ]; then
  say "other programs: minutes"
  set --
  [ "$peers" = yes ] || set -- --quick --limit=30
  # shellcheck disable=SC2046 # the list is meant to be split
  $python $here/peers.py "$@" "$scratch" $(echo "$sizes" | tr , ' ') >"$parts/peers.json"
fi

$python $here/report.py "$folder" bench "$command" "$load" engine engine_job fftw files preview axis window peers

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times whole jobs of the program, from files to files, and prints what it finds as JSON.

usage: files.py PROGRAM FOLDER [--columns=N] [--slices=N] [--repeats=N] [--memory-limit=MIB] [OPTION]...
Other options are those of the program's `tomo`.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

STARTS = 7
MEBIBYTE = 1 << 20


def statistic(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


class Bench:
    def __init__(self, arguments, options):
        self.arguments = arguments
        self.options = options
        self.program = os.path.abspath(arguments.program)
        self.folder = os.path.abspath(arguments.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def make_scan(self, name, columns, slices):
        """16 bit TIFF projections with noise, darks and flats, as from a detector."""
        subprocess.run([self.program, "phantom", self.path(name), "--width=%d" % columns, "--rows=%d" % slices,
                        "--angles=%d" % (columns * 3 // 2), "--no-truth", "--force"], check=True,
                       stdout=subprocess.DEVNULL)

    def reconstruct(self, name, *options):
        """Returns seconds from the start of the process to its end, peak of resident memory in MiB, what it said."""
        result, peak = self.path("slices"), self.path("peak.txt")
        shutil.rmtree(result, ignore_errors=True)
        # What earlier runs have written must not be on its way to disk in this one.
        os.sync()
        command = ["time", "-o", peak, "-f", "%M", self.program, "tomo", "--output=" + result,
                   "--config=" + os.path.join(self.path(name), "reco.conf"), *self.options, *options]
        start = time.perf_counter()
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
        if run.returncode != 0:
            sys.exit("files.py: " + run.stderr)
        with open(peak, encoding="ascii") as file:
            return seconds, int(file.read()) / 1024, run.stdout + run.stderr

    def whole_job(self):
        columns, slices = self.arguments.columns, self.arguments.slices
        limit = self.arguments.memory_limit
        self.make_scan("scan", columns, slices)
        self.reconstruct("scan")
        runs = [self.reconstruct("scan", "--memory-limit=%d" % (limit * MEBIBYTE))
                for _ in range(self.arguments.repeats)]
        shutil.rmtree(self.path("scan"))
        seconds = sorted(runs, key=lambda run: run[0])
        said = seconds[len(seconds) // 2][2].splitlines()
        return {"columns": columns, "angles": columns * 3 // 2, "slices": slices, "repeats": len(runs),
                "seconds": statistic([run[0] for run in runs]), "memory_limit_mib": limit,
                "peak_mib": max(run[1] for run in runs),
                "stages": next((line for line in said if line.startswith("At work:")), "")}

    def start_up(self):
        """A job of one slice, with an empty cache of kernels and then with a full one."""
        cache = self.path("cold-cache")
        shutil.rmtree(cache, ignore_errors=True)
        os.makedirs(os.path.join(cache, "pocl"))
        os.environ.update(XDG_CACHE_HOME=cache, POCL_CACHE_DIR=os.path.join(cache, "pocl"), LC_ALL="C.UTF-8")
        self.make_scan("one", 512, 1)
        cold = self.reconstruct("one", "--quiet")[0]
        warm = [self.reconstruct("one", "--quiet")[0] for _ in range(STARTS)]
        for name in ("one", "cold-cache"):
            shutil.rmtree(self.path(name))
        return {"columns": 512, "angles": 768, "slices": 1, "repeats": STARTS, "cold_seconds": cold,
                "warm_seconds": statistic(warm)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--columns", type=int, default=1024)
    parser.add_argument("--slices", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--memory-limit", type=int, default=1024, help="MiB (1024)")
    bench = Bench(*parser.parse_known_args())

    os.environ["LC_ALL"] = "C.UTF-8"
    result = {"job": bench.whole_job(), "start_up": bench.start_up()}
    shutil.rmtree(bench.path("slices"), ignore_errors=True)
    os.remove(bench.path("peak.txt"))
    json.dump(result, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()

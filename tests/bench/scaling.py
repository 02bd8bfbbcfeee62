#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times how the reconstruction grows with slices, angles, threads and size, and prints what it finds as JSON.

usage: scaling.py BENCH_ENGINE [--quick] [--device=CHOICE] [--limit=SECONDS]
A growth exponent p says that the time goes with the p-th power. Sizes that would take longer than the limit are
projected from the last two measured, and said to be.
"""

import argparse
import json
import math
import os
import subprocess
import sys

STEP = "filter+backproject"


def say(text):
    print("scaling: " + text, file=sys.stderr, flush=True)


class Engine:
    def __init__(self, arguments):
        self.program = os.path.abspath(arguments.program)
        self.device = arguments.device
        self.info = None

    def run(self, threads=None, **options):
        """One size; options are those of bench-engine."""
        command = [self.program, "--device=" + self.device]
        command += ["--%s=%s" % (name, value) for name, value in options.items()]
        environment = dict(os.environ)
        if threads is not None:
            environment["POCL_MAX_PTHREAD_COUNT"] = str(threads)
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            sys.exit("scaling.py: " + run.stderr)
        output = json.loads(run.stdout)
        self.info = self.info or output["device"]
        result = output["runs"][0]
        ms = result["ms_per_slice"]
        row = {"columns": result["columns"], "angles": result["angles"], "slices": result["slices"],
               "kernel": result["kernel"], "ms_per_slice": ms[STEP]["median"],
               "filter_ms": ms["filter"]["median"], "backproject_ms": ms["backproject"]["median"],
               "psnr_db": result["psnr_worst_slice_db"], "peak_mib": result["peak_mib"]}
        say("%(kernel)s kernel, %(columns)d columns, %(angles)d angles, %(slices)d slices: %(ms_per_slice).4g ms per "
            "slice" % row)
        return row


def exponent(rows, name, value):
    """The slope of least squares through the logarithms of name and value."""
    points = [(math.log(row[name]), math.log(value(row))) for row in rows]
    x, y = (sum(column) / len(points) for column in zip(*points))
    spread = sum((point[0] - x) ** 2 for point in points)
    return sum((point[0] - x) * (point[1] - y) for point in points) / spread if spread > 0 else None


def add_steps(rows, name, value):
    """To each row its exponent against the row before it."""
    for before, row in zip(rows, rows[1:]):
        row["exponent"] = exponent([before, row], name, value)


def series(name, rows, value):
    add_steps(rows, name, value)
    return {"variable": name, "exponent": exponent([row for row in rows if not row.get("projected")], name, value),
            "rows": rows}


def per_slice(row):
    return row["ms_per_slice"]


def whole_time(row):
    return row["ms_per_slice"] * row["slices"]


def grow_columns(engine, kernel, sizes, slices, limit):
    """Sizes of one kernel, each measured if it is expected to take less than the limit."""
    rows = []
    for columns in sizes:
        if len(rows) >= 2:
            growth = exponent(rows[-2:], "columns", per_slice)
            expected = rows[-1]["ms_per_slice"] * (columns / rows[-1]["columns"]) ** growth
            # Once to warm up, once timed.
            if rows[-1].get("projected") or 2 * slices * expected / 1000 > limit:
                rows.append({"columns": columns, "angles": columns * 3 // 2, "slices": slices, "kernel": kernel,
                             "ms_per_slice": expected, "projected": True})
                continue
        rows.append(engine.run(sizes=columns, slices=slices, kernel=kernel, repeats=3 if columns <= 1024 else 1))
    return series("columns", rows, per_slice)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program")
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--limit", type=float, default=90, help="seconds for a size (90)")
    arguments = parser.parse_args()
    engine = Engine(arguments)
    middle = 512 if arguments.quick else 1024
    sizes = [size for size in (256, 512, 1024, 2048, 4096) if size <= 2 * middle or not arguments.quick]
    # The cache of kernels is filled, the processor awake.
    engine.run(sizes=middle, repeats=1)

    slices = [16 << i for i in range(4 if arguments.quick else 7)]
    angles = [middle * 3 // 2 * 2 ** i // 8 for i in range(5)]
    threads = [1 << i for i in range(16) if 1 << i < os.cpu_count()] + [os.cpu_count()]
    result = {
        "slices": series("slices", [engine.run(sizes=middle, slices=n, repeats=2) for n in slices], whole_time),
        "angles": series("angles", [engine.run(sizes=middle, angles=n) for n in angles], per_slice),
        "threads": [],
        "columns": {
            "auto": grow_columns(engine, "auto", sizes, 16, arguments.limit),
            "direct": grow_columns(engine, "direct", sizes, 16, arguments.limit),
            "plain": grow_columns(engine, "plain", sizes, 4, arguments.limit / 3),
        },
    }
    if "cpu" in engine.info["type"].lower():
        for columns in sizes[1:4]:
            rows = [dict(engine.run(sizes=columns, threads=n, repeats=3), threads=n) for n in threads]
            add_steps(rows, "threads", per_slice)
            result["threads"] += rows

    json.dump({"device": engine.info, "scaling": result}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts together what the parts of the benchmark have found.

usage: report.py FOLDER NAME COMMAND LOAD PART...

Parts are JSON files FOLDER/parts/PART.json. They become the section NAME (bench or scaling) of FOLDER/results.json,
beside the other one if there is one of an earlier run, and FOLDER/RESULTS.md is written from all of that.
"""

import datetime
import json
import os
import platform
import subprocess
import sys

from tables import bench_section, scaling_section


def first_line(path, key, separator=":"):
    """The value of the first line of a file that starts with a key."""
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith(key):
                    return line.split(separator, 1)[1].strip().strip('"')
    except OSError:
        pass
    return None


def machine():
    memory = first_line("/proc/meminfo", "MemTotal")
    return {"processor": first_line("/proc/cpuinfo", "model name") or platform.machine(),
            "processors": os.cpu_count(),
            "memory_gib": round(int(memory.split()[0]) / 1048576, 1) if memory else None,
            "system": "%s, %s %s" % (first_line("/etc/os-release", "PRETTY_NAME", "=") or "unknown system",
                                     platform.system(), platform.release())}


def commit():
    run = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return run.stdout.strip() if run.returncode == 0 else None


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def markdown(results):
    lines = ["# Benchmark", "",
             "Written by `./dev bench` and `./dev bench --scaling`; the programs in tests/bench tell what is timed.",
             ""]
    if "bench" in results:
        lines += bench_section(results["bench"])
    if "scaling" in results:
        lines += scaling_section(results["scaling"])
    return "\n".join(lines).rstrip() + "\n"


def main():
    folder, name, command, load_average, *parts = sys.argv[1:]
    section = {"command": command, "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
               "commit": commit(), "machine": machine(), "load_average_before": load_average}
    for part in parts:
        section[part] = load(os.path.join(folder, "parts", part + ".json"))

    path = os.path.join(folder, "results.json")
    results = load(path) or {}
    results[name] = section
    with open(path, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=2, ensure_ascii=False)
        file.write("\n")
    with open(os.path.join(folder, "RESULTS.md"), "w", encoding="utf-8") as file:
        file.write(markdown(results))
    print()
    print(markdown({name: section}))


if __name__ == "__main__":
    main()

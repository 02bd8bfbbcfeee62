#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts single test cases in Meson's test logs.

usage: summary.py [--skip TEXT]… [NAME=]testlog.json…

Prints a line per test program and, last, "N passed, N failed, N skipped". A program that crashed, ran out
of time or ended with an error counts as a failure even where every case that it reported passed. Exits
with 1 if anything failed or nothing ran.
"""

import json
import re
import sys

LINE = re.compile(r"^(\s*)(ok|not ok)\b\s*\d*\s*-?\s*([^#]*)(#\s*(skip|todo)\b.*)?", re.IGNORECASE)


def cases(text):
    """Yields (name, verdict) for the innermost results of a TAP text."""
    depth_before = -1
    for line in text.splitlines():
        match = LINE.match(line)
        if not match:
            continue
        depth = len(match[1])
        summary_of_subtests = depth < depth_before
        depth_before = depth
        if summary_of_subtests:
            continue
        directive = (match[5] or "").lower()
        if directive == "skip":
            verdict = "skipped"
        elif match[2].lower() == "ok" or directive == "todo":
            verdict = "passed"
        else:
            verdict = "failed"
        yield match[3].strip(), verdict


def count(entry):
    """Returns the counts of a program and the names of the cases that failed."""
    text = entry.get("stdout") or ""
    counts = dict(passed=0, failed=0, skipped=0)
    failed = []
    tap = re.search(r"^(TAP version \d+|1\.\.\d+)", text, re.MULTILINE)
    for name, verdict in cases(text) if tap else ():
        counts[verdict] += 1
        if verdict == "failed":
            failed.append(name)
    result = entry["result"]
    if result in ("OK", "EXPECTEDFAIL"):
        if not sum(counts.values()):
            counts["passed"] = 1
    elif result == "SKIP":
        if not sum(counts.values()):
            counts["skipped"] = 1
    elif not counts["failed"]:
        counts["failed"] = 1
        failed.append("%s, status %s" % (result.lower(), entry.get("returncode")))
    return counts, failed


def main(arguments):
    total = dict(passed=0, failed=0, skipped=0)
    rows = []
    while arguments:
        argument = arguments.pop(0)
        if argument == "--skip":
            rows.append((arguments.pop(0), dict(passed=0, failed=0, skipped=1), []))
            continue
        prefix, _, path = argument.rpartition("=")
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                entries = [json.loads(line) for line in file if line.strip()]
        except (OSError, ValueError) as error:
            rows.append((prefix or path, dict(passed=0, failed=1, skipped=0), [str(error)]))
            continue
        for entry in entries:
            name = entry["name"].rpartition(" / ")[2]
            rows.append((" ".join(filter(None, (prefix, name))), *count(entry)))
    print("%-40s %7s %7s %7s" % ("", "passed", "failed", "skipped"))
    for name, counts, failed in rows:
        print("%-40s %7d %7d %7d" % (name, counts["passed"], counts["failed"], counts["skipped"]))
        for case in failed:
            print("    failed: %s" % case)
        for verdict in total:
            total[verdict] += counts[verdict]
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % total)
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

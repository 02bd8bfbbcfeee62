# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans about whose axis there is more to say than a number: it drifts, it lies along the rows, it is at an edge.

The program is $RECONSTRUCT. Small scans are made here; those that users of such programs have met are looked for among
the real ones.
"""

import array
import json
import math
import os
import shutil
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import program  # noqa: E402
import tap  # noqa: E402
from program import path, run  # noqa: E402

ROTATE = "turn the frames with --rotate=90"

# Discs: x, y, radius, absorptivity.
DISCS = [(0, 0, 17, 0.03), (6, -4, 4, 0.06), (-8, 5, 3, -0.02), (3, 9, 2, 0.1), (-4, -10, 2.5, 0.05)]


def find_axis(*words, status=0):
    return json.loads(run("axis", *words, "--json", "-q", status=status).stdout)


def write_tiff(name, rows):
    """One float32 image."""
    height, width = len(rows), len(rows[0])
    data = array.array("f", [value for row in rows for value in row]).tobytes()
    tags = [(256, 4, width), (257, 4, height), (258, 3, 32), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
            (278, 4, height), (279, 4, len(data)), (339, 3, 3)]
    with open(path(name), "wb") as file:
        file.write(struct.pack("<2sHI", b"II", 42, 8 + len(data)) + data + struct.pack("<H", len(tags)))
        for tag, kind, value in tags:
            file.write(struct.pack("<HHII", tag, kind, 1, value))
        file.write(struct.pack("<I", 0))


def project(angle, axis, width, scale):
    """A line of the detector; the discs of a slice are `scale` times as large."""
    line = [0.0] * width
    for x, y, radius, value in DISCS:
        centre = axis + x * math.cos(angle) + y * math.sin(angle)
        for column in range(width):
            chord = (radius * scale) ** 2 - (column - centre) ** 2
            if chord > 0:
                line[column] += 2 * math.sqrt(chord) * value
    return line


def make(folder, axis, width, turn, lines=90, rows=8, drift=0.0, turned=False):
    """Projections, one after the other; `turned` lays the axis along the rows."""
    os.mkdir(path(folder))
    for i in range(lines):
        place = axis + drift * (i / (lines - 1) - 0.5)
        image = [project(turn * i / lines, place, width, 1 + 0.02 * row) for row in range(rows)]
        write_tiff(os.path.join(folder, "p_%03d.tif" % i), [list(row) for row in zip(*image)] if turned else image)
    return ["--projections=" + folder, "--no-correct", "--reconstruction.angle-step=%.15g" % (turn / lines)]


def trial(*names):
    name = os.path.join(tap.data_folder(), "trials", *names)
    if not os.path.exists(name):
        raise tap.Skip("There is no " + name)
    return name


def check_drift(words, axis, drift):
    result = find_axis(*words)
    tap.check(abs(result["axis"] - axis) <= 2 * result["uncertainty"], "axis %r" % result["axis"])
    tap.check(abs(result["drift"] - drift) < 0.25, "drift %r" % result["drift"])
    tap.check(result["confidence"] in ("medium", "low"), result["confidence"])
    tap.contains(result["reason"], "drifted")
    text = run("axis", *words, "-q").stdout
    tap.contains(text, " px during the scan")
    tap.contains(text, result["reason"])


def test_drift():
    check_drift(make("drifting", 24.3, 48, 2 * math.pi, drift=-1.0), 24.3, -1)


def test_drift_of_a_trial():
    name = trial("uncertainty-too-small", "drift_lin1px.h5")
    check_drift(["--projections=" + name], 97.8, 1)
    tap.check(find_axis("--projections=" + name)["uncertainty"] >= 0.08, "the parts disagree by more")


def test_along_the_rows():
    words = make("turned", 22.6, 48, math.pi, turned=True)
    result = find_axis(*words, status=3)
    tap.contains(result["reason"], ROTATE)
    tap.contains(run("axis", *words, "-q", status=3).stdout, ROTATE)
    tap.contains(run("tomo", *words, "--axis=auto", "-o", "x", status=3).stderr, ROTATE)
    tap.equal(find_axis(*words, "--rotate=90")["confidence"], "high")
    words = make("upright-turned", 22.6, 48, math.pi)
    tap.contains(find_axis(*words, "--rotate=270", status=3)["reason"], "--rotate=0")


def test_upright():
    words = make("upright", 22.6, 48, math.pi, rows=24)
    tap.equal(find_axis(*words)["confidence"], "high")
    os.mkdir(path("nothing"))
    for i in range(60):
        write_tiff("nothing/p_%03d.tif" % i, [[0.0] * 40 for row in range(40)])
    reason = find_axis("--projections=nothing", "--no-correct", status=3)["reason"]
    tap.check(ROTATE not in reason, "nothing has no direction")


def test_along_the_rows_of_a_trial():
    result = find_axis("--projections=" + trial("horizontal-axis", "horizontal.h5"), status=3)
    tap.contains(result["reason"], ROTATE)


def check_half(words, axis, name):
    """Refused, about the axis that is given and the one that is found; not if it is forced."""
    result = find_axis(*words)
    tap.check(abs(result["axis"] - axis) < 0.1, "axis %r" % result["axis"])
    tap.equal(result["half"], True)
    run("axis", *words, error="'tomo' refuses this scan without --force")
    for given in ("--axis=%g" % axis, "--axis=auto"):
        refused = run("tomo", *words, given, "-o", name, status=2, error="Half acquisition: ")
        tap.contains(refused.stderr, "25 to 50 % too low")
        tap.contains(refused.stderr, "--force")
        tap.check(not os.path.exists(path(name)), "something was written")
        forced = run("tomo", *words, given, "-o", name, "--force", "--overwrite")
        tap.contains(forced.stderr, "warning: Half acquisition: ")
        tap.check(os.path.exists(path(name)), "nothing was written")
        shutil.rmtree(path(name))


def test_half_acquisition():
    check_half(make("half", 7.4, 30, 2 * math.pi), 7.4, "half-slices")


def test_half_acquisition_of_a_trial():
    check_half(["--projections=" + trial("half-acquisition-grey", "half_10.3.h5")], 10.3, "trial-slices")


def test_wholly_in_view():
    """A full turn about an axis near the edge, of an object that both sides see."""
    words = make("narrow", 22.4, 80, 2 * math.pi)
    run("tomo", *words, "--axis=22.4", "-o", "narrow-slices")


def test_half_a_turn_at_an_edge():
    words = make("edge", 7.4, 30, math.pi)
    done = run("tomo", *words, "--axis=7.4", "-o", "edge-slices")
    tap.contains(done.stderr, "only a disc of that radius is seen")
    run("tomo", *words, "--axis=7.4", "-o", "strict-slices", "--strict", status=2)


def test_force_of_init():
    run("init", "here.conf")
    run("init", "here.conf", status=2, error="--force")
    run("init", "--force", "here.conf")
    with open(path("here.conf"), encoding="utf-8") as file:
        tap.contains(file.read(), "\nforce=no\n")


if __name__ == "__main__":
    program.main(globals())

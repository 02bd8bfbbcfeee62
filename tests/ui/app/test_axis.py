#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding the rotation axis in the second tab, as one does who has just opened a scan."""

import re

import harness
import scans
import session
import tap
from window import Window

AXIS = 74.25
FOUND = re.compile(r"^([0-9.]+) ± ([0-9.]+) px$")


def opened(name, **options):
    """A scan whose configuration leaves the axis to the program, with the second tab in front."""
    conf = scans.phantom(name, "--angles=240", "--flats=60") / "reco.conf"
    text, n = re.subn(r"(?m)^axis=.*$", "axis=middle", conf.read_text())
    tap.equal(n, 1, "number of keys axis")
    for key, value in options.items():
        text, n = re.subn(r"(?m)^%s=.*$" % key, "%s=%s" % (key, value), text)
        tap.equal(n, 1, "number of keys " + key)
    conf.write_text(text)
    return Window(conf)


def go_to_tab(window):
    window.view("^Slice")
    window.key("alt+2")
    window.find(name="Find Axis", role="push button", state="sensitive")


def find_axis(window):
    window.find(name="Find Axis", role="push button", state="sensitive").press()


def axis_field(window):
    """The field of the tab that is in front."""
    return window.row("Axis")


def test_find_use_undo():
    with opened("find") as window:
        go_to_tab(window)
        before = axis_field(window).text
        find_axis(window)
        found = window.find(name=FOUND, role="label")
        tap.say(found.name)
        axis, uncertainty = (float(number) for number in FOUND.match(found.name).groups())
        tap.check(abs(axis - AXIS) < 0.3, "the axis is %g ± %g, not %g" % (axis, uncertainty, AXIS))
        window.find(name=re.compile("^(High|Medium) confidence$"), role="label")
        tap.equal(axis_field(window).text, before, "the axis before it is used")

        window.find(name="Use as Axis", role="push button", state="sensitive").press()
        window.wait(lambda: abs(axis_field(window).value - axis) <= 0.005, "the field has the axis")
        window.screenshot("axis-found")

        # The first tab has the same axis, and undoing takes it back.
        window.key("alt+1")
        window.wait(lambda: abs(axis_field(window).value - axis) <= 0.005, "the form has the axis")
        window.find(name="Undo", role=re.compile("button")).press()
        window.wait(lambda: axis_field(window).text == before, "the axis is what it was")


def test_keys():
    """Without a pointer: the mnemonics of the buttons."""
    with opened("keys") as window:
        go_to_tab(window)
        window.key("alt+f")
        found = window.find(name=FOUND, role="label")
        axis = float(FOUND.match(found.name).group(1))
        window.key("alt+u")
        window.wait(lambda: abs(axis_field(window).value - axis) <= 0.005, "the field has the axis")
        window.key("ctrl+z")
        window.wait(lambda: abs(axis_field(window).value - axis) > 1, "the axis is what it was")


def test_mark():
    """The score curve's mark is the axis: arrows move it, and the field follows."""
    with opened("mark") as window:
        go_to_tab(window)
        find_axis(window)
        window.find(name=FOUND, role="label")
        window.find(name="Use as Axis", role="push button", state="sensitive").press()
        curve = window.find(name=re.compile("^Score of the slice"), role="slider")
        curve.focus()
        start = axis_field(window).value
        window.key("Right", "Right")
        window.wait(lambda: abs(axis_field(window).value - start - 0.1) < 1e-6, "the field has followed the mark")
        name = "Score of the slice, axis at %.2f" % (start + 0.1)
        window.find(name=name, role="slider")


def test_strip():
    """Slices about axes around this one: a click takes one, arrows make the steps finer and coarser."""
    with opened("strip") as window:
        go_to_tab(window)
        start = 79.0
        axis_field(window).set_value(start)
        name = re.compile("^Slice with the axis at %.2f" % (start + 1))
        window.find(name=re.compile("axes 1 px apart$"), role="label")
        frame = window.find(name=name, role=re.compile("button"))
        frame.click()
        window.wait(lambda: abs(axis_field(window).value - start - 1) < 1e-6, "the axis is that of the slice")
        window.key("Up", "Up")
        window.find(name=re.compile("axes 0.25 px apart$"), role="label")
        window.key("Down")
        window.find(name=re.compile("axes 0.5 px apart$"), role="label")
        window.key("plus")
        window.find(name=re.compile("axes 0.25 px apart$"), role="label")
        window.key("minus")
        window.find(name=re.compile("axes 0.5 px apart$"), role="label")


def test_star():
    """The mark of the best slice stands where the page says that the axis is, though wrong slices look sharp."""
    scan = scans.phantom("star", "--phantom=foam", "--width=128", "--rows=16", "--angles=180", "--axis=61")
    with Window(scan / "reco.conf") as window:
        go_to_tab(window)
        window.find(name="Slice with the axis at 60.00", role=re.compile("button"))
        tap.equal(window.search(name=re.compile("best of these$")), [], "marks before the search")
        find_axis(window)
        window.find(name=FOUND, role="label")
        best = window.find(name=re.compile("^Slice with the axis at .* best of these$"), role=re.compile("button"))
        tap.equal(best.name, "Slice with the axis at 61.00, score 100 %, best of these", "the best slice")
        scores = [int(re.search("score ([0-9]+) %", frame.name).group(1))
                  for frame in window.search(name=re.compile("^Slice with the axis at .* score"))]
        tap.check(len(scores) == 9 and max(scores) - min(scores) > 50, "scores tell slices apart: %r" % scores)
        window.screenshot("axis-star")


def test_drag():
    """One projection is drawn upon the other: a pixel of the image moves the axis by half of one."""
    with opened("drag") as window:
        go_to_tab(window)
        overlay = window.find(name=re.compile("^Overlay of two"), role="image")
        start = 79.0
        axis_field(window).set_value(start)
        overlay.drag(60)
        window.wait(lambda: abs(axis_field(window).value - start) > 1, "the axis has moved")
        moved = axis_field(window).value
        window.key("ctrl+z")
        window.wait(lambda: abs(axis_field(window).value - start) < 1e-6, "one undo takes the whole way back")
        overlay.drag(-60)
        window.wait(lambda: abs(axis_field(window).value - (2 * start - moved)) < 0.3, "it moves the other way")


def test_rows():
    """A point of the plot is a row, and the test slices are made of it."""
    with opened("rows") as window:
        go_to_tab(window)
        window.find(name="Rows", role="text").set_text("2,5,9")
        find_axis(window)
        plot = window.find(name=re.compile("^Axis of 3 rows$"), role="image")
        window.find(name=re.compile("^Slice 6,"), role="label")
        plot.focus()
        window.key("Left", "Left", "Left", "Right", "Right")
        window.find(name=re.compile("^Axis of 3 rows; row 9: "), role="image")
        window.find(name=re.compile("^Slice 9,"), role="label")


def test_blank():
    """Frames of the beam alone: the program says that there is no axis, and offers none."""
    flats = session.folder("work", "blank", "flats")
    with opened("blank", projections=flats, angles="") as window:
        go_to_tab(window)
        find_axis(window)
        window.find(name="No axis found", role="label")
        window.find(name="Not found", role="label")
        tap.equal(window.search(name="Use as Axis", role="push button"), [], "buttons to use it")
        tap.equal(window.search(name=re.compile("^Score of the slice")), [], "curves")
        window.screenshot("axis-none")


def test_wrong_rows():
    """What is wrong is said beside it, and no dialog comes."""
    with opened("wrong") as window:
        go_to_tab(window)
        window.find(name="Rows", role="text").set_text("5000")
        find_axis(window)
        window.find(name="Failed", role="label")
        window.find(name=re.compile("5000"), role="label")
        tap.equal(window.search(role="dialog"), [], "dialogs")
        window.screenshot("axis-failed")


def test_outdated():
    with opened("outdated") as window:
        go_to_tab(window)
        find_axis(window)
        window.find(name=FOUND, role="label")
        window.key("alt+1")
        window.find(name="Absorptivity", role=re.compile("combo box|toggle|check|switch|role"))
        expander = window.scroll_to(window.find(name="More Input Settings", role="list item"))
        expander.click()
        window.row("Bin Pixels").set_value(2)
        window.key("alt+2")
        window.find(name=re.compile("^Outdated"), role="label")
        tap.check(not window.find(name="Use as Axis", role="push button").has("sensitive"), "it can still be used")
        window.screenshot("axis-outdated")


if __name__ == "__main__":
    harness.run(globals())

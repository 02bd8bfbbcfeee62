#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new user's walk through the window: choose a scan, look, set the axis, reconstruct, look, save, come back.

What the window makes must be what the command line makes, byte for byte.
"""

import re

import harness
import scans
import session
import tap
from window import Window, choose_file, save_as

# Windows of the scan that others have found the axis of.
REAL_AXIS = 86.0


def look_at_slices(window, n):
    """Steps through what was made."""
    window.show("Result")
    window.view("^Slice .* of %d\\b" % n)
    window.view().focus()
    window.key("Home")
    first = window.view("^Slice 0\\b").name
    window.key("Next")
    second = window.view("^Slice 1\\b").name
    tap.check(first != second, "the next slice is called as the one before: %s" % first)
    window.key("End")
    window.view("^Slice %d\\b" % (n - 1))
    window.wait_for_picture()
    window.key("Home")
    window.view("^Slice 0\\b")


def fill_in(window, rows):
    window.find(name="Open or Drop Projections")
    for title, path in rows.items():
        window.set_path(title, path)
    window.view("^Slice")
    window.gone(name=re.compile("needs? attention"))
    return window.wait_for_picture()


def set_axis(window, axis, before):
    """The slice follows, and looks otherwise."""
    window.row("Axis").set_value(axis)

    def has_changed():
        return window.picture().difference(before) > 0.5

    window.wait(has_changed, "the slice has followed the axis")


def come_back(conf, axis):
    """Opens what was saved: the same values, from where one can go on and back."""
    with Window(conf) as window:
        row = window.row("Axis")
        tap.equal(row.value, axis, "axis of the opened file")
        window.view("^Slice")
        row.set_value(axis + 1)
        window.find(name=re.compile("edited"))
        window.find(name="Undo", role=re.compile("button")).press()
        window.wait(lambda: window.row("Axis").value == axis, "the axis is back")
        window.gone(name=re.compile("edited"))


def walk(name, rows, axis, options):
    """A walk with rows of the form, an axis, and the options of the command line that mean the same."""
    made, expected, conf = (session.folder("work", name + end) for end in ("-made", "-expected", ".conf"))
    with Window() as window:
        before = fill_in(window, rows)
        set_axis(window, axis, before)
        window.set_path("Path", made)
        tap.say(window.run())
        scans.command("tomo", *options, "--axis=%r" % axis, "--output=%s" % expected)
        n = scans.check_same_slices(made, expected)
        look_at_slices(window, n)
        window.screenshot("walk-" + name)
        save_as(window, conf)
    again = session.folder("work", name + "-again")
    scans.command("tomo", "-c", conf, "--output=%s" % again)
    scans.check_same_slices(again, expected)
    come_back(conf, axis)


def test_phantom():
    scan = scans.phantom("phantom")
    rows = {"Projections": scan / "projections", "Darks": scan / "darks", "Flats": scan / "flats"}
    walk("phantom", rows, 74.25, ["--%s=%s" % (title.lower(), path) for title, path in rows.items()])


def test_real_scan():
    folder = tap.data_folder() + "/scan-24737"
    # The file of angles has those of darks and flats as well; equal steps over half a turn are what it comes to.
    rows = {"Projections": folder + "/tiffs", "Darks": folder + "/dark_00001.tiff",
            "Flats": folder + "/flat_00001.tiff"}
    walk("real", rows, REAL_AXIS, ["--%s=%s" % (title.lower(), path) for title, path in rows.items()])


def test_open_scan():
    """From the empty window to finished slices in six clicks. The folder and Open in the file dialog, two of them, are
    done by the dialog's keys here."""
    scan = scans.phantom("open")
    with Window() as window:
        window.find(name=re.compile("^Open Scan Folder"), role="push button").press()
        choose_file(window, "Open Folder of a Scan", scan)
        window.view("^Slice")
        window.find(name="Find Axis", role="push button").press()
        window.find(name="Use as Axis", role="push button", state="sensitive").press()
        tap.say(window.run())
        axis = window.find(name="Axis", role="spin button").value
        tap.check(abs(axis - 74.25) < 0.1, "axis %r" % axis)
    expected = session.folder("work", "open-expected")
    scans.command("tomo", scan, "--axis=%r" % axis, "--output=%s" % expected)
    scans.check_same_slices(scan / "slices", expected)


def test_datasets():
    """One of the datasets of a file is chosen by keys alone."""
    scan = tap.data_folder() + "/tooth/tooth.h5"
    with Window() as window:
        fill_in(window, {"Projections": scan})
        row = window.row("Projections")
        button = window.find(name="Datasets for Projections")
        row.focus()
        window.key("Tab", "space")
        first = window.find(name="Automatic", role="list item")
        window.wait(lambda: first.has("focused"), "the present choice has the focus")
        tap.check(first.description.startswith("Chosen now. DXchange: /exchange/data"), first.description)
        window.key("Escape")
        window.gone(name="Automatic", role="list item")
        tap.equal(row.text, scan, "path after Escape")

        window.key("Return")
        window.find(name="Automatic", role="list item")
        window.key("Down", "Down")
        second = window.find(name="/exchange/data_dark", role="list item")
        window.wait(lambda: second.has("focused"), "the arrows move the focus")
        window.key("Return")
        window.wait(lambda: row.text == scan + ":/exchange/data_dark", "the dataset is chosen")
        # Darks by themselves have no flats, so that they are shown as they are.
        window.view("^Projection")
        window.find(name="Undo", role=re.compile("button")).press()
        window.wait(lambda: row.text == scan, "the choice is undone")
        window.view("^Slice")
        window.gone(name="Automatic", role="list item")
        button.press()

        def has_focus():
            # The list may be filled anew while one looks, as answers come.
            return window.search(name="Automatic", role="list item", state="focused")

        window.wait(has_focus, "it can be chosen again")
        window.key("Escape")


if __name__ == "__main__":
    harness.run(globals())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the window in its states and surroundings, in BUILD/screenshots, for people to look at.

The cases assert what a glance would tell: that the window shows what it is in, and keeps to the size it was given.
"""

import re

import harness
import pictures
import scans
import session
import tap
from window import Window


def opened(name, **options):
    return Window(scans.phantom("shots") / "reco.conf", **options)


def window_size(window):
    frame = window.find(role="frame")
    return frame.box[2:]


def set_size(width, height, **more):
    """What the window remembers of itself."""
    folder = session.folder("config", "glib-2.0", "settings")
    folder.mkdir(parents=True, exist_ok=True)
    values = dict({"window-width": width, "window-height": height}, **more)
    (folder / "keyfile").write_text("[org/reconstruct/Reconstruct]\n"
                                    + "".join("%s=%s\n" % item for item in values.items()))


def test_empty():
    with Window() as window:
        window.find(name="Open or Drop Projections")
        window.screenshot("empty")


def test_preview():
    with opened("preview") as window:
        window.view("^Slice")
        window.wait_for_picture("preview")


def test_projection():
    with opened("projection") as window:
        window.show("Projection")
        window.view("^Projection")
        window.wait_for_picture("projection")


def check_datasets(name, width=1280, height=800, **options):
    """The list of what an HDF5 file holds, over the form."""
    set_size(width, height)
    scan = tap.data_folder() + "/tooth/tooth.h5"
    with Window(**options) as window:
        window.find(role=re.compile("text"), name="Projections").set_text(scan)
        window.view("^Slice")
        window.find(name="Datasets for Projections").press()
        window.find(name="/exchange/data_dark", role="list item")
        window.screenshot("datasets-" + name)
        window.key("Escape")


def test_datasets_small():
    check_datasets("900x640", 900, 640)


def test_datasets_right_to_left():
    check_datasets("right-to-left", env={"LANGUAGE": "ar"})


def test_axis():
    with opened("axis") as window:
        window.view("^Slice")
        window.key("alt+2")
        window.find(name="Difference")
        window.screenshot("axis")


def check_axis(name, width=1280, height=800, text=None, **options):
    """The second tab with an axis that was found, and how it came about."""
    set_size(width, height)
    if text is not None:
        session.write_settings(gtk_font_name="Cantarell %d" % text)
    conf = scans.phantom("axis-" + name, "--width=256", "--rows=32", "--angles=384", "--axis=121.3") / "reco.conf"
    conf.write_text(re.sub(r"(?m)^axis=.*$", "axis=middle", conf.read_text()))
    with Window(conf, **options) as window:
        window.view("^Slice")
        window.key("alt+2")
        window.find(name="Find Axis", role="push button", state="sensitive").press()
        window.find(name=re.compile("^[0-9.]+ ± [0-9.]+ px$"), role="label")
        window.find(name="Use as Axis", role="push button", state="sensitive").press()
        window.find(name="Undo", role=re.compile("button"), state="sensitive")
        window.screenshot("axis-" + name)
        size = window_size(window)
        tap.check(size[0] <= width and size[1] <= height, "the window is %d × %d" % size)


def test_axis_found():
    check_axis("1280x800")


def test_axis_small():
    check_axis("900x640", 900, 640)


def test_axis_dark():
    check_axis("dark", env={"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"})


def test_axis_large_text():
    check_axis("large-text", text=16)


def test_axis_right_to_left():
    check_axis("right-to-left", env={"LANGUAGE": "ar"})


def test_axis_high_contrast():
    check_axis("high-contrast", env={"ADW_DEBUG_HIGH_CONTRAST": "1"})


def test_running():
    with Window(scans.slow("running") / "reco.conf") as window:
        window.find(name="Reconstruct", role="push button", state="sensitive").press()
        progress = window.find(name=re.compile("^Slice [1-9][0-9]* of 128"), role="label")
        tap.say(progress.name)
        pictures.take("running")
        window.find(name="Cancel", role="push button").press()
        window.find(name=re.compile("^A run was interrupted: [0-9]+ of 128 slices are finished"))
        tap.equal(len(window.search(name="Continue", role="push button")), 1, "buttons to continue")


def test_finished():
    with opened("finished") as window:
        window.set_path("Path", session.folder("work", "finished"))
        window.run()
        window.screenshot("finished")


def test_failed():
    with opened("failed") as window:
        # A file cannot become a folder.
        path = session.folder("work", "a-file")
        path.write_text("")
        window.set_path("Path", path / "slices")
        window.find(name="Reconstruct", role="push button", state="sensitive").press()
        window.find(name="Show", role="push button")
        window.screenshot("failed")


def test_log():
    with opened("log") as window:
        window.view("^Slice")
        window.key("ctrl+l")
        window.find(name="Hide Log")
        window.screenshot("log")


def test_dark():
    with opened("dark") as light:
        light.view("^Slice")
        day = light.screenshot("light")
    with opened("dark", env={"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}) as dark:
        dark.view("^Slice")
        night = dark.screenshot("dark")
    form = (20, 80, 300, 600)
    tap.check(night.crop(*form).mean() < 0.5 * day.crop(*form).mean(), "the form is not dark")


def check_fits(name, width, height, **options):
    set_size(width, height)
    with opened(name, **options) as window:
        window.view("^Slice")
        window.screenshot(name)
        size = window_size(window)
        tap.check(size[0] <= width and size[1] <= height, "the window is %d × %d" % size)


def test_small():
    check_fits("900x640", 900, 640)


def test_usual_size():
    check_fits("1280x800", 1280, 800)


def test_large_text():
    session.write_settings(gtk_font_name="Cantarell 16")
    check_fits("large-text", 1280, 800)


def test_right_to_left():
    check_fits("right-to-left", 1280, 800, env={"LANGUAGE": "ar"})


def test_high_contrast():
    with opened("contrast", env={"ADW_DEBUG_HIGH_CONTRAST": "1"}) as window:
        window.view("^Slice")
        window.screenshot("high-contrast")


def close():
    session.write_settings()
    session.folder("config", "glib-2.0", "settings", "keyfile").unlink(missing_ok=True)


if __name__ == "__main__":
    harness.run(globals())

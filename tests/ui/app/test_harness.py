#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The harness on a small program: what it sees and does, and that it doesn't overlook what is wrong."""

import os
import re
import signal

import harness
import pictures
import session
import tap

SAMPLE = os.environ.get("RECONSTRUCT_SAMPLE", str(session.BUILD / "tests" / "ui" / "app" / "sample"))


def sample(**options):
    return harness.App(SAMPLE, **options)


def fails(function, *arguments, **options):
    """Asserts that a case with this would fail, and returns what it says."""
    try:
        function(*arguments, **options)
    except tap.Failure as failure:
        return str(failure)
    raise tap.Failure("%s did not fail" % function.__name__)


def test_text_and_button():
    with sample() as app:
        app.find(role="text", name="Who").set_text("Wilhelm")
        app.find(name="Greet").press()
        app.find(name="Hello Wilhelm", role="label")


def test_value():
    with sample() as app:
        spin = app.find(role="spin button", name="Amount")
        spin.set_value(2.75)
        tap.equal(spin.value, 2.75)


def test_switch():
    with sample() as app:
        power = app.find(name="Power")
        tap.check(not power.has("checked"), "the switch is on at first")
        power.set_checked(True)
        power.set_checked(False)


def test_menu():
    with sample() as app:
        app.menu("Menu", "Choose")
        app.find(name="Chosen", role="label")


def test_waits():
    with sample() as app:
        tap.equal(app.search(name="Late"), [])
        app.find(name="Later").press()
        app.find(name="Late")


def test_hidden():
    with sample() as app:
        app.find(name="Front")
        tap.equal(app.search(name=re.compile("Back|Concealed")), [], "what is hidden")
        app.find(name="Turn").press()
        app.find(name="Back")
        app.gone(name="Front")
        app.find(name="Turn").press()
        app.find(name="Front")
        app.gone(name="Back")


def test_keys():
    with sample() as app:
        app.find(name="Who").focus()
        app.type("Conrad")
        app.wait(lambda: app.find(name="Who").text == "Conrad", "the typed text is there")


def test_wheel():
    with sample() as app:
        spin = app.find(role="spin button", name="Amount")
        spin.scroll(-2)
        app.wait(lambda: spin.value > 0, "GTK's own spin button has been turned by the wheel")


def test_pictures():
    with sample() as app:
        area = app.find(name="Area")
        app.screenshot("harness-sample")
        picture = area.picture()
        tap.equal((picture.width, picture.height), (100, 100), "size")
        tap.equal((picture.pixel(10, 50), picture.pixel(90, 50)), ((255, 0, 0), (0, 0, 255)), "colours")
        tap.equal(picture.n_colours(), 2, "number of colours")
        left, right = picture.crop(0, 0, 50, 100), picture.crop(50, 0, 50, 100)
        tap.equal(left.mean(), 85.0, "mean")
        tap.check(abs(left.deviation() - 120.2) < 0.1, "deviation is %g" % left.deviation())
        tap.equal(left.difference(right), 170.0, "difference")
        tap.equal(left.difference(left), 0.0, "difference of a picture from itself")


def test_sees_what_is_missing():
    with sample() as app:
        tap.contains(fails(app.find, name="Nobody", timeout=0.2), "There is no widget named 'Nobody'")
        tap.contains(fails(app.gone, name="Greet", timeout=0.2), "still there")
        tap.contains(fails(app.wait, lambda: False, "pigs fly", timeout=0.2), "pigs fly")


def test_sees_a_warning():
    with sample() as app:
        app.find(name="Warn").press()
        app.ended(-signal.SIGTRAP)
        tap.contains(app.output(), "a warning that the harness must see")
        tap.contains(fails(app.check_alive), "ended with status")


def test_sees_output():
    with sample() as app:
        app.find(name="Mutter").press()
        app.wait(lambda: "nobody expects" in app.output(), "it has been said")
        tap.contains(fails(app.quit), "nobody expects")


def test_sees_a_process_left_behind():
    with sample() as app:
        app.find(name="Leave").press()
        app.wait(lambda: app.children_processes("^sleep"), "the child runs")
        pid = list(app.children_processes("^sleep"))[0]
        tap.contains(fails(app.quit), "left processes behind")
        tap.contains(session.processes(session.folder())[pid], "sleep")
        os.kill(pid, signal.SIGKILL)


def test_a_program_that_does_not_start():
    said = fails(harness.App(SAMPLE, "--no-such-option").__enter__)
    tap.contains(said, "no-such-option")


def test_settings():
    with sample() as app:
        small = app.find(name="Greet").box
    session.write_settings(gtk_font_name="Cantarell 22")
    with sample() as app:
        large = app.find(name="Greet").box
    session.write_settings()
    tap.check(large[3] > 1.3 * small[3], "heights are %d and, with large text, %d" % (small[3], large[3]))


if __name__ == "__main__":
    harness.run(globals())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not take the window down: a worker that dies, folders that vanish, no device, no OpenGL, wrong files."""

import os
import re
import shutil
import signal

import harness
import scans
import session
import tap
from window import Window

WORKER = r"reconstruct worker"


def kill_worker(window):
    pids = list(window.children_processes(WORKER))
    tap.equal(len(pids), 1, "number of workers")
    os.kill(pids[0], signal.SIGKILL)
    return pids[0]


def restarted(window, pid):
    """By itself, after which all is as before."""
    window.wait(lambda: [new for new in window.children_processes(WORKER) if new != pid], "a new worker runs")
    window.gone(name=re.compile("that computes has ended"))


def long_run(window, name):
    """Starts a run that is far from its end when its first slices are there."""
    folder = session.folder("work", name + "-slices")
    window.set_path("Path", folder)
    window.find(name="Reconstruct", role="push button", state="sensitive").press()
    window.find(name=re.compile("^Slice [1-9][0-9]* of "), role="label")
    return folder


def test_worker_killed_in_preview():
    scan = scans.phantom("killed-preview")
    with Window(scan / "reco.conf") as window:
        window.view("^Slice")
        restarted(window, kill_worker(window))
        before = window.picture()
        window.row("Axis").set_value(70)
        window.wait(lambda: window.picture().difference(before) > 0.5, "the slice follows again")


def test_worker_killed_in_a_run():
    scan = scans.slow("killed-run")
    with Window(scan / "reco.conf") as window:
        folder = long_run(window, "killed-run")
        restarted(window, kill_worker(window))
        window.find(name=re.compile("^Reconstruction stopped after slice [0-9]+ of 128: "), timeout=60)
        window.find(name="Continue", role="push button").press()
        window.find(name=re.compile("^128 slices in "), timeout=120)
        tap.equal(len(scans.files(folder)), 128, "number of slices")


def test_worker_killed_before_the_first_slice():
    """What was to be overwritten is there as before, and shown."""
    scan = scans.slow("killed-early")
    scans.command("run", "--config=%s" % (scan / "reco.conf"), "--kernel=auto", "--memory-limit=auto")
    earlier = scans.files(scan / "slices")
    with Window(scan / "reco.conf") as window:
        window.view("^Slice")
        window.show("Result")
        window.view("^Slice 64 of 128")
        window.find(name="Reconstruct", role="push button", state="sensitive").press()
        window.find(name="Overwrite", role="push button").press()
        partial = scan / "slices.partial"
        tap.check(session.wait_for(partial.is_dir), "%s is not there" % partial)
        restarted(window, kill_worker(window))
        window.find(name=re.compile("No slice was finished; the earlier result is kept"))
        window.view("^Slice 64 of 128")
        tap.equal(window.search(name=re.compile("holds no TIFF|There Is No Image")), [], "complaints")
        window.key("Page_Down")
        window.screenshot("killed-early")
    tap.check(scans.files(scan / "slices") == earlier, "the earlier result is as before")


def test_output_removed_in_a_run():
    scan = scans.slow("removed")
    with Window(scan / "reco.conf") as window:
        folder = long_run(window, "removed")
        # It has its name when it is complete.
        partial = folder.with_name(folder.name + ".partial")
        tap.check(partial.is_dir(), "%s is not there" % partial)
        # Files come and go in it.
        tap.check(session.wait_for(lambda: shutil.rmtree(partial, ignore_errors=True) or not partial.exists()),
                  "%s cannot be removed" % partial)
        window.find(name=re.compile("^Reconstruction stopped after slice [0-9]+ of 128: "), timeout=60)
        window.find(name="Details").press()
        window.find(name="Details of the Failure")
        window.find(name="Log of the run")
        window.key("Escape")
        window.gone(name="Details of the Failure")


def test_no_device():
    scan = scans.phantom("no-device")
    with Window(scan / "reco.conf", env={"OCL_ICD_VENDORS": "/nonexistent"}) as window:
        window.find(name=re.compile("^No OpenCL device: "))
        window.show("Projection")
        window.view("^Projection")
        window.wait_for_picture()


def test_no_opengl():
    scan = scans.phantom("no-opengl")
    with Window(scan / "reco.conf", env={"GDK_DEBUG": "gl-disable"}) as window:
        window.view("^Slice")
        window.wait_for_picture("no-opengl")


def test_configuration_with_errors():
    conf = session.folder("work", "wrong.conf")
    conf.write_text("[input]\nprojections=/nowhere\n\n[reconstruction]\naxis=many\n")
    with Window(conf) as window:
        window.find(name="The Configuration Could Not Be Opened")
        window.find(name=re.compile(r"wrong\.conf, line 5: .*axis"))
        window.find(name="Close", role="push button").press()


def test_paths_that_lead_nowhere():
    conf = session.folder("work", "nowhere.conf")
    conf.write_text("[input]\nprojections=/nowhere\n")
    with Window(conf) as window:
        window.find(name=re.compile("^“Projections” needs attention: "))
        window.find(name="Show", role="push button").press()
        window.find(name=re.compile("/nowhere"))


if __name__ == "__main__":
    harness.run(globals())

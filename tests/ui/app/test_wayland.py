#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application on Wayland, which has no pictures and keys from outside: that it starts, shows a scan, and ends."""

import contextlib
import shutil
import subprocess

import harness
import scans
import session
import tap
from notifications import Notifications
from window import Window

SOCKET = "wayland-test"


@contextlib.contextmanager
def compositor():
    if shutil.which("weston") is None:
        raise tap.Skip("weston is not installed")
    words = ["weston", "--backend=headless-backend.so", "--use-pixman", "--socket=" + SOCKET]
    with open(session.folder("work", "weston.log"), "w+", encoding="utf-8") as log:
        server = subprocess.Popen(words, stdout=log, stderr=log)
        try:
            tap.check(session.wait_for(session.folder("run", SOCKET).exists), "weston has not made its socket")
            yield
        finally:
            server.terminate()
            server.wait()


def test_shows_a_scan():
    scan = scans.phantom("scan")
    surroundings = {"DISPLAY": None, "WAYLAND_DISPLAY": SOCKET, "GDK_BACKEND": "wayland"}
    with compositor(), Notifications() as notifications, Window(scan / "reco.conf", env=surroundings) as window:
        window.view("^Slice 6 of 12, 160 by 160, values ")
        window.set_path("Path", session.folder("work", "slices"))
        said = window.run()
        # Nobody has made the window the active one, so that the desktop is to tell, too.
        window.wait(lambda: notifications.texts, "the desktop has been asked to tell")
        tap.equal(notifications.texts, ["Reconstruction Finished: " + said], "notifications")
        tap.equal(len(scans.files(session.folder("work", "slices"))), 12, "number of slices")
        window.find(name="Undo", role="push button").press()
        window.find(name="reco.conf", role="label")
        window.children_at_end = window.children_processes()
        window.find(name="Close", role="push button").press()
        window.left()


if __name__ == "__main__":
    harness.run(globals())

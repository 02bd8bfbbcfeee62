#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application on Wayland, which has no pictures and keys from outside: that it starts, shows a scan, and ends."""

import contextlib
import re
import shutil
import subprocess

import harness
import scans
import session
import tap

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
    with compositor(), harness.application(scan / "reco.conf", env={
            "DISPLAY": None, "WAYLAND_DISPLAY": SOCKET, "GDK_BACKEND": "wayland"}) as app:
        app.find(role="image", name=re.compile("^Slice"))
        app.find(name="Main Menu").press()
        app.find(name="Close").press()
        app.ended()


if __name__ == "__main__":
    harness.run(globals())

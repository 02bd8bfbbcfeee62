# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans to work with, and what the command line makes of them."""

import os
import pathlib
import re
import shutil
import subprocess

import session
import tap


def command(*words):
    """Runs reconstruct and returns what it says."""
    words = [os.environ["RECONSTRUCT"]] + [str(word) for word in words]
    done = subprocess.run(words, cwd=session.folder("work"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    tap.check(done.returncode == 0, "%s: status %d\n%s" % (" ".join(words), done.returncode, done.stdout))
    return done.stdout


def phantom(name, *options):
    """A synthetic scan in a folder of the session, made anew. Its reco.conf has absolute paths."""
    folder = session.folder("work", name)
    shutil.rmtree(folder, ignore_errors=True)
    command("phantom", folder, "--width=160", "--rows=12", "--angles=120", "--axis=74.25", *options)
    return folder


def slow(name):
    """A scan whose run takes some twenty seconds, in which slices are finished all the time."""
    folder = phantom(name, "--width=256", "--rows=128", "--angles=360")
    conf = folder / "reco.conf"
    text = conf.read_text()
    for key, value in ("kernel", "plain"), ("memory-limit", "16M"):
        text, n = re.subn(r"(?m)^%s=.*$" % key, "%s=%s" % (key, value), text)
        tap.equal(n, 1, "number of keys %s" % key)
    conf.write_text(text)
    return folder


def files(folder):
    """Name → bytes of the slices in a folder."""
    return {path.name: path.read_bytes() for path in sorted(pathlib.Path(folder).glob("*.tif"))}


def check_same_slices(folder, expected):
    """Asserts that two folders hold the same slices, byte for byte. Returns how many."""
    ours, theirs = files(folder), files(expected)
    tap.equal(sorted(ours), sorted(theirs), "names of the slices")
    tap.check(len(theirs) > 0, "there are no slices in %s" % expected)
    wrong = [name for name in theirs if ours[name] != theirs[name]]
    tap.equal(wrong, [], "slices with other bytes")
    return len(theirs)

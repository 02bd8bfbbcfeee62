# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the program, $RECONSTRUCT, in a folder of the test's own, which is removed at the end.

    from program import path, run

    def test_version():
        run("--version")

    if __name__ == "__main__":
        program.main(globals(), lambda: run("phantom", "scan"))
"""

import os
import shutil
import subprocess
import tempfile

import tap

FOLDER = tempfile.mkdtemp(prefix="reconstruct-test-")


def path(*names):
    return os.path.join(FOLDER, *names)


def run(*words, status=0, error="", environment=None):
    """Says what it printed, if it ended as expected."""
    done = subprocess.run([os.environ["RECONSTRUCT"], *words], cwd=FOLDER, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, encoding="utf-8",
                          env={**os.environ, **(environment or {})})
    tap.check(done.returncode == status, "%s ended with %d, expected %d:\n%s%s" % (
        " ".join(words), done.returncode, status, done.stdout, done.stderr))
    tap.contains(done.stderr, error, "standard error of " + " ".join(words))
    return done


def main(namespace, prepare=lambda: None):
    """Runs the cases of a module, after what they have in common was prepared."""
    try:
        prepare()
        tap.run(namespace)
    finally:
        shutil.rmtree(FOLDER)

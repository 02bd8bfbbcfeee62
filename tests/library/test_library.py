#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed library, used by a program that knows only what is installed.

usage: test_library.py BUILD    with BUILD configured by Meson and built; the compiler is $CC, the program $RECONSTRUCT
"""

import filecmp
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import tap

BUILD = sys.argv.pop(1)
SOURCE = pathlib.Path(__file__).resolve().with_name("foreign.c")
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="reconstruct-library-"))
STAGE = FOLDER / "stage"
ROWS = 8
PACKAGE = "reconstruct-0"
# What a compiler that is not told otherwise knows, and the strictest words about it.
WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Werror"]


def command(*words, status=0, **options):
    words = [str(word) for word in words]
    if shutil.which(words[0]) is None:
        raise tap.Skip("%s is not installed" % words[0])
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    tap.check(done.returncode == status, "%s: status %d\n%s" % (" ".join(words), done.returncode, done.stdout))
    return done.stdout


def find(pattern):
    found = sorted(STAGE.glob("**/" + pattern))
    tap.check(found, "%s is not installed" % pattern)
    return found[0]


def library():
    return find("libreconstruct.so.0")


def package(*words):
    """What pkg-config says of the library, as if it were installed where it is staged."""
    description = find(PACKAGE + ".pc")
    path = "%s:%s" % (description.parent, os.environ.get("PKG_CONFIG_PATH", ""))
    return shlex.split(command("pkg-config", *words, PACKAGE, env=dict(os.environ, PKG_CONFIG_PATH=path)))


def headers():
    return sorted(find("reconstruct.h").parent.glob("**/*.h"))


def declared():
    """The functions of the public headers."""
    names = set()
    for path in headers():
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        text = re.sub(r"static inline.*?\n}\n", "", text, flags=re.DOTALL)
        text = re.sub(r"typedef[^;{]*\(\*.*?;", "", text, flags=re.DOTALL)
        names.update(re.findall(r"^[A-Za-z][\w \*]*?\b(recon_\w+) +\(", text, re.MULTILINE))
        names.update(name + "_get_type" for name in re.findall(r"G_DECLARE_\w+ \(\w+, (\w+),", text))
    return names


def run_foreign(*words, status=0):
    environment = dict(os.environ, LD_LIBRARY_PATH=str(library().parent))
    return command(FOLDER / "foreign", *words, status=status, cwd=FOLDER, env=environment)


def same_slices(folder):
    names = sorted(path.name for path in (FOLDER / "expected").glob("*.tif"))
    tap.equal(len(names), ROWS, "slices of the program")
    tap.equal(sorted(path.name for path in (FOLDER / folder).glob("*.tif")), names, "slices of the library")
    for name in names:
        tap.check(filecmp.cmp(FOLDER / "expected" / name, FOLDER / folder / name, shallow=False),
                  "%s is another one" % name)


def test_install():
    command("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", env=dict(os.environ, DESTDIR=str(STAGE)))
    description = find(PACKAGE + ".pc")
    prefix = re.search(r"^prefix=(.*)$", description.read_text(), re.MULTILINE).group(1)
    description.write_text(description.read_text().replace("prefix=" + prefix, "prefix=%s%s" % (STAGE, prefix), 1))


def test_symbols():
    "what is exported is what the public headers declare"
    lines = command("nm", "--dynamic", "--defined-only", library()).splitlines()
    symbols = [line.split()[-1] for line in lines if line.split()[-2] != "A"]
    tap.equal(sorted(symbols), sorted(name + "@@RECONSTRUCT_0" for name in declared()), "exported symbols")
    tap.check(len(symbols) > 30, "only %d symbols are exported" % len(symbols))


def test_self_contained():
    "every header compiles alone"
    compiler = shlex.split(os.environ["CC"])
    for path in headers():
        text = '#include <%s>\nint nothing_else;\n' % path.relative_to(find("reconstruct.h").parent)
        command(*compiler, *WARNINGS, "-fsyntax-only", "-x", "c", *package("--cflags"), "-include", "/dev/stdin",
                "/dev/null", input=text)


def test_compile():
    "a program finds all that it needs by pkg-config"
    compiler = shlex.split(os.environ["CC"])
    command(*compiler, *WARNINGS, *package("--cflags"), SOURCE, "-o", FOLDER / "foreign", *package("--libs"))


def test_job():
    "a configuration is loaded and run, with progress"
    command(os.environ["RECONSTRUCT"], "phantom", FOLDER / "scan", "--width=64", "--rows=%d" % ROWS, "--angles=90",
            cwd=FOLDER)
    command(os.environ["RECONSTRUCT"], "tomo", "-c", "scan/reco.conf", "-o", "expected", cwd=FOLDER)
    said = run_foreign("job", "scan/reco.conf", "job")
    tap.contains(said, "%d of %d slices" % (ROWS, ROWS))
    same_slices("job")


def test_cancel():
    said = run_foreign("cancel", "scan/reco.conf", "cancelled")
    tap.contains(said, "cancelled")
    tap.check(not (FOLDER / "cancelled").exists(), "a cancelled job has left a result")


def test_graph():
    "a graph that the program puts together gives the same slices, in memory and in files"
    said = run_foreign("graph", "scan/reco.conf", "graph")
    tap.contains(said, "%d images of 64 × 64" % ROWS)
    same_slices("graph")


def test_errors():
    said = run_foreign("job", "scan/missing.conf", "nothing", status=1)
    tap.contains(said, "missing.conf")


if __name__ == "__main__":
    try:
        tap.run(globals())
    finally:
        shutil.rmtree(FOLDER)

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wrong arrow does not compile: what a folder may not use, its files can't include.

usage: test_includes.py BUILD    with BUILD configured by Meson

Every case takes the command by which the build compiles a file of the folder, and compiles another text by it.
"""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import tap

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
COMMANDS = json.loads((BUILD / "compile_commands.json").read_text())

# A file of the folder, headers that it may include, and those that it may not.
ARROWS = {
    "core/base/error.c": (["base/log.h"], ["config/config.h", "io/scan.h"]),
    "core/config/value.c": (["base/error.h", "config/config.h"], ["io/scan.h", "geometry/geometry.h"]),
    "core/request/axis-result.c": (["base/error.h", "request/view.h"], ["axis/axis.h", "preview/preview.h"]),
    "core/geometry/angles.c": (["base/sort.h"], ["io/reduce.h", "graph/array.h"]),
    "core/io/scan.c": (["config/config.h", "geometry/geometry.h"], ["graph/graph.h", "compute/device.h"]),
    "core/compute/device.c": (["base/error.h"], ["graph/array.h", "config/config.h"]),
    "core/graph/graph.c": (["compute/device.h", "config/config.h"], ["tasks/filter.h", "io/scan.h"]),
    "core/tasks/filter.c": (["graph/task.h", "io/scan.h"], ["pipeline/pipeline.h", "axis/axis.h"]),
    "core/pipeline/pipeline.c": (["tasks/tasks.h"], ["axis/axis.h", "tomography/tomography.h"]),
    "core/axis/axis.c": (["pipeline/pipeline.h"], ["preview/preview.h", "trials/candidates.h"]),
    "core/preview/preview.c": (["axis/axis.h"], ["trials/candidates.h", "tomography/tomography.h"]),
    "core/tomography/tomography.c": (["pipeline/pipeline.h"], ["service/service.h", "preview/preview.h"]),
    "core/wire/messages.c": (["request/view.h"], ["axis/axis.h", "client/client.h"]),
    "core/client/client.c": (["wire/messages.h"], ["graph/job.h", "service/service.h"]),
    "core/service/service.c": (["wire/messages.h"], ["client/client.h"]),
    "core/phantom/phantom.c": (["io/writer.h"], ["graph/graph.h", "tomography/tomography.h"]),
    "ui/viewer/canvas.c": (["viewer/picture.h"], ["graph/job.h", "window/window.h"]),
    "ui/viewer/picture.c": (["base/image.h"], ["io/scan.h", "gtk/gtk.h"]),
    "ui/form/form.c": (["client/client.h"], ["io/scan.h", "graph/job.h", "window/window.h"]),
    "ui/form/document.c": (["config/config.h"], ["client/client.h", "gtk/gtk.h"]),
    "ui/window/window.c": (["form/form.h", "viewer/image-view.h"], ["graph/job.h", "io/scan.h", "tasks/tasks.h"]),
}


def path_of(entry):
    return (pathlib.Path(entry["directory"]) / entry["file"]).resolve()


def command_of(name):
    """The words of the command by which the build compiles a file, without the file and what it writes."""
    entries = [entry for entry in COMMANDS if path_of(entry) == SOURCE / name]
    if not entries and name.startswith("ui/"):
        raise tap.Skip("built without the window")
    tap.check(entries, "the build does not compile " + name)
    words = iter(shlex.split(entries[0]["command"]))
    kept = []
    for word in words:
        if word in ("-o", "-MF", "-MQ"):
            next(words)
        elif word not in ("-MD", "-c", entries[0]["file"]):
            kept.append(word)
    return kept, entries[0]["directory"]


def include(name, header):
    """What the compiler says of a file with this include, and whether it compiles."""
    words, folder = command_of(name)
    with tempfile.TemporaryDirectory() as place:
        path = pathlib.Path(place) / "includes.c"
        path.write_text("#include <config.h>\n#include \"%s\"\nint includes_nothing_else;\n" % header)
        done = subprocess.run(words + ["-fsyntax-only", str(path)], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, env=dict(os.environ, LC_ALL="C"))
    return done.returncode == 0, done.stdout


def check_arrows(name):
    allowed, forbidden = ARROWS[name]
    for header in allowed:
        compiles, said = include(name, header)
        tap.check(compiles, "%s can't include %s:\n%s" % (name, header, said))
    for header in forbidden:
        compiles, said = include(name, header)
        tap.check(not compiles, "%s can include %s" % (name, header))
        tap.check(re.search(r"fatal error: .*" + re.escape(header), said), "another error:\n" + said)


def include_folders(entry):
    for word in shlex.split(entry["command"]):
        if word.startswith("-I"):
            yield pathlib.Path(os.path.normpath(pathlib.Path(entry["directory"]) / word[2:]))


def test_no_other_way():
    "no folder of core or ui is given an include folder with more than it may see"
    seen = set()
    for entry in COMMANDS:
        path = path_of(entry)
        of_test = entry["output"].startswith("tests/")
        if of_test or SOURCE not in path.parents or path.relative_to(SOURCE).parts[0] not in ("core", "ui"):
            continue
        own = {path.parent, BUILD / path.parent.relative_to(SOURCE)}
        for folder in include_folders(entry):
            outside = SOURCE not in folder.parents and BUILD not in folder.parents
            if outside or not folder.is_dir() or folder in own or folder.suffix == ".p":
                continue
            if folder in (SOURCE / "kernels", BUILD / "kernels"):
                tap.check(path.parent.name == "compute", "%s sees the kernels" % path)
                continue
            seen.add(folder)
            for item in folder.iterdir():
                tap.check(item.is_symlink(), "%s is given %s, which holds more than links" % (path, folder))
    tap.check(len(seen) > 10, "only %d include folders were found" % len(seen))


for source in ARROWS:
    name = "test_" + re.sub(r"\W", "_", source.rpartition(".")[0])
    globals()[name] = lambda source=source: check_arrows(source)
    globals()[name].__doc__ = "%s includes what it may" % source


if __name__ == "__main__":
    tap.run(globals())

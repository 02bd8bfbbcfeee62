# SPDX-License-Identifier: GPL-3.0-or-later
"""Graphs that are written as one line, what is wrong with one, and what there is to write.

The program is $RECONSTRUCT.
"""

import filecmp
import glob
import json
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import program  # noqa: E402
import tap  # noqa: E402
from program import path, run  # noqa: E402

ROWS = 12


def print_graph(*words):
    return json.loads(run("launch", *words, "--print-graph").stdout)


def check_bad(line, error, mark):
    "As one word and as many, the message shows the line with a mark below the fault."
    shown = "\n  %s\n  %s\n" % (line, mark)
    for words in [line], line.split():
        result = run("launch", *words, status=2, error=error)
        tap.contains(result.stderr, shown, "message on " + line)


def test_same_slices():
    "a line makes the slices of tomo"
    step = 3.14159265358979 / 60
    conf = ["projections=scan/projections", "correct=no", "absorptivity=no", "axis=46.2", "angle-step=%r" % step]
    run("launch", "read-scan", *conf, "!", "filter", "!", "backproject", "!", "write", "path=line")
    run("tomo", "--projections=scan/projections", "--no-correct", "--no-absorptivity", "--axis=46.2", "-o", "tomo",
        "--angle-step=%r" % step)
    names = sorted(os.path.basename(name) for name in glob.glob(path("tomo", "*.tif")))
    tap.equal(len(names), ROWS, "slices")
    same = filecmp.cmpfiles(path("tomo"), path("line"), names, False)
    tap.equal(same, (names, [], []), "slices")


def test_files():
    "images go from files to files, as the predecessor's introduction has it"
    run("launch", "read", "path=scan/projections/*.tif", "!", "write", "filename=multi.tif")
    result = run("launch", "read", "path=multi.tif", "!", "write", "filename=folder/single-%05i.tif")
    tap.contains(result.stderr, "computing 0.00 s")
    tap.equal(sorted(name for name in os.listdir(path("folder")) if name.endswith(".tif")),
              ["single-%05i.tif" % i for i in range(60)], "files")
    run("launch", "read", "path=folder/single-*.tif", "!", "write", "filename=output.h5:/raw")
    run("launch", "read", "path=output.h5:/raw", "!", "write", "filename=again.tif")
    tap.check(filecmp.cmp(path("multi.tif"), path("again.tif"), False), "pixels")
    tap.contains(run("launch", "read", "path=scan/projections", "start=5", "step=7", "number=8", "y=2", "height=3",
                     "y-step=4", "x=10", "width=20", "!", "write", "path=part.tif").stderr, "8 slices in part.tif")
    run("launch", "read", "path=part.tif", "number=9", "!", "write", status=2,
        error="read: start=0 with number=9 reaches beyond the 8 images of part.tif: from there on there are 8.")
    run("launch", "read", "path=part.tif", "y=3", "!", "write", status=2,
        error="reaches beyond the 3 rows of part.tif: from there on there are 0.")
    run("launch", "read", "path=part.tif", "x=19", "width=2", "!", "write", status=2,
        error="reaches beyond the 20 columns of part.tif: from there on there are 1.")
    run("launch", "read", "!", "write", status=2, error="There is no path.")


def test_inputs_stay():
    "nothing is written over or among what is read, even with permission"
    shutil.copytree(path("scan", "projections"), path("kept"))
    shutil.copy(path("multi.tif"), path("kept.tif"))
    before = {name: os.stat(path("kept", name)).st_mtime_ns
              for name in os.listdir(path("kept"))}
    pattern = "kept/" + re.sub("[0-9]+", "%05d", sorted(before)[0])
    run("launch", "read", "path=kept.tif", "!", "write", "path=kept.tif", "overwrite=yes", status=2,
        error="write: output.path = kept.tif would replace path of read (kept.tif).")
    run("launch", "read", "path=kept", "!", "write", "path=kept", "overwrite=yes", status=2,
        error="would lie in the folder of path of read (kept) and be taken for part of it.")
    run("launch", "read", "path=kept/*.tif", "!", "write", "path=" + pattern, "overwrite=yes", status=2,
        error="would replace path of read (kept/*.tif).")
    run("launch", "read-scan", "projections=kept", "correct=no", "absorptivity=no", "angle-step=0.05", "!", "write",
        "path=kept", "overwrite=yes", status=2, error="would lie in the folder of projections of read-scan (kept)")
    tap.equal({name: os.stat(path("kept", name)).st_mtime_ns
               for name in os.listdir(path("kept"))}, before, "files")


def test_resume():
    "a killed line goes on where it was, if what it reads is the same"
    run("phantom", "long", "--width=256", "--rows=64", "--angles=400", "--no-truth")
    line = ["launch", "read", "path=long/projections", "!", "write", "path=killed", "--memory-limit=16M"]
    # SIGKILL in place of the 900th operation on files.
    run(*line, status=-9, environment={"LD_PRELOAD": os.environ["FAULT_LIBRARY"],
                                       "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0",
                                       "FAULT_INJECTION": "%s:1:900:0" % path("killed")})
    run(*line, status=2, error="An interrupted run has finished")
    run("launch", "read", "path=long/projections", "step=2", "!", "write", "path=killed", "--resume", status=2,
        error="is of another graph")
    os.utime(glob.glob(path("long", "projections", "*"))[0])
    run(*line, "--resume", status=2, error="read: The input is not what it was when the earlier run began: path (")
    result = run(*line, "--resume", "--trust-inputs", error="is taken as that of the earlier run")
    tap.check(re.search(r"Resuming: [1-9][0-9]* of 400 slices", result.stderr), result.stderr)
    run("launch", "read", "path=long/projections", "!", "write", "path=straight")
    names = sorted(name for name in os.listdir(path("straight")) if name.endswith(".tif"))
    tap.equal(len(names), 400, "images")
    same = filecmp.cmpfiles(path("killed"), path("straight"), names, False)
    tap.equal(same, (names, [], []), "images")


def test_graph():
    "what is printed is what the line says"
    graph = print_graph("read-scan projections='some folder/a,b [1].tif' ! downsample every-angle=2 "
                        "! write path=\"o ut\"")
    tap.equal([node["name"] for node in graph["nodes"]], ["read-scan", "downsample", "write"])
    tap.check(graph["nodes"][0]["properties"]["projections"].endswith("some folder/a,b [1].tif"), graph["nodes"][0])
    tap.equal(graph["nodes"][1]["properties"], {"every-angle": 2})
    tap.check(graph["nodes"][2]["properties"]["path"].endswith("o ut"), graph["nodes"][2])
    # What a shell has made of the same line.
    tap.equal(graph, print_graph("read-scan", "projections=some folder/a,b [1].tif", "!", "downsample",
                                 "every-angle=2", "!", "write", "path=o ut"))


def test_inputs():
    "brackets hold the inputs of the next task, in the order of its ports"
    line = ("[read-scan projections=a ! downsample columns=2, read-scan projections=b, "
            "[read-scan, read-scan] ! flat-field] ! flat-field ! write")
    for words in [line], line.split():
        graph = print_graph(*words)
        tap.equal([node["name"] for node in graph["nodes"]],
                  ["read-scan", "downsample", "read-scan-2", "read-scan-3", "read-scan-4", "flat-field", "flat-field-2",
                   "write"])
        edges = {(edge["from"]["name"], edge["to"]["name"]): edge["to"]["port"] for edge in graph["edges"]}
        tap.equal(edges[("downsample", "flat-field-2")], "projections")
        tap.equal(edges[("read-scan-2", "flat-field-2")], "dark")
        tap.equal(edges[("flat-field", "flat-field-2")], "flat")
        tap.equal(edges[("read-scan-4", "flat-field")], "dark")
        tap.equal(len(graph["edges"]), 7, "edges")


def test_bad_lines():
    check_bad("raed-scan ! write", "There is no task 'raed-scan'. Did you mean 'read-scan'?", "^^^^^^^^^")
    check_bad("read-scan ! filter fitler=ramp ! write", "filter has no parameter 'fitler'. Did you mean 'filter'?",
              "                   ^^^^^^^^^^^")
    check_bad("read-scan ! downsample columns=0 ! write", "columns", "                       ^^^^^^^^^")
    check_bad("read-scan ! downsample columns=two ! write", "columns", "                       ^^^^^^^^^^^")
    check_bad("read-scan ! downsample columns=2 columns=3 ! write", "downsample has two values for 'columns'",
              "                                 ^^^^^^^^^")
    check_bad("read-scan downsample ! write", "'downsample' is no parameter of read-scan, KEY=VALUE",
              "          ^^^^^^^^^^")
    check_bad("read-scan ! ! write", "The name of a task is missing here.", "            ^")
    check_bad("! write", "The name of a task is missing here.", "^")
    check_bad("read-scan !", "The name of a task is missing here.", "           ^")
    check_bad("filter ! write", "Nothing comes to filter.", "^^^^^^")
    check_bad("read-scan ! read-scan ! write", "read-scan takes no input", "            ^^^^^^^^^")
    check_bad("read-scan ! write ! write", "Nothing comes out of write", "                  ^")
    check_bad("read-scan ! filter", "End the line with a task that keeps it", "                  ^")
    check_bad("[read-scan, read-scan] ! filter ! write", "filter takes 1 input, but gets 2",
              "                         ^^^^^^")
    check_bad("[read-scan, read-scan ! write", "This '[' is never closed.", "^")
    check_bad("read-scan ! write ]", "There is no '[' to this ']'.", "                  ^")
    check_bad("[read-scan, read-scan]", "Behind ']' follows '!'", "                      ^")
    check_bad("read-scan, read-scan ! write", "Several inputs stand in brackets", "         ^")
    check_bad("read-scan ! [filter] ! write", "The name of a task is missing here.", "            ^")


def test_long_line():
    "of a long line what is around the fault is shown"
    stderr = run("launch", "read-scan ! " + "downsample columns=1 ! " * 50 + "raed ! " + "downsample ! " * 50 + "write",
                 status=2).stderr
    shown, mark = stderr.splitlines()[1:3]
    tap.equal(len(shown), 102, "width")
    tap.equal(shown[mark.index("^"):mark.rindex("^") + 1], "raed")


def test_other_faults():
    "that are found before anything runs"
    run("launch", status=2, error="Say which tasks to run")
    run("launch", "  ", status=2, error="Say which tasks to run")
    run("launch", "read-scan", "projections=nowhere", "!", "write", status=2, error="nowhere does not exist")


def test_tasks():
    "the tasks that there are, and one of them"
    listed = [line.split()[0] for line in run("tasks").stdout.splitlines()]
    everything = json.loads(run("tasks", "--json").stdout)
    tap.equal([task["name"] for task in everything], listed)
    tap.equal(len(set(listed)), len(listed), "names")
    for task in everything:
        tap.check(task["summary"] and task["title"], "%s is not explained" % task["name"])
        for port in task["inputs"] + task["outputs"]:
            tap.check(port["help"], "%s of %s is not explained" % (port["name"], task["name"]))
        for parameter in task["parameters"]:
            tap.check(parameter["help"], "%s of %s is not explained" % (parameter["name"], task["name"]))
            if parameter["type"] == "choice":
                tap.check(parameter["default"] in parameter["choices"] + parameter.get("words", []), parameter)

    text = run("tasks", "filter").stdout
    one = json.loads(run("tasks", "filter", "--json").stdout)
    tap.equal(one, next(task for task in everything if task["name"] == "filter"))
    for parameter in one["parameters"]:
        tap.contains(text, "  %s\n" % parameter["name"])
    run("tasks", "fitler", status=2, error="Did you mean 'filter'?")
    run("tasks", "filter", "downsample", status=2, error="tasks takes one name")


if __name__ == "__main__":
    program.main(globals(), lambda: run("phantom", "scan", "--width=96", "--rows=%d" % ROWS, "--angles=60",
                                        "--axis=46.2", "--no-truth"))

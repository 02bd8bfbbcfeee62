# SPDX-License-Identifier: GPL-3.0-or-later
"""Graphs that are kept in files: the standard one, others, and all that can be wrong with one.

The program is $RECONSTRUCT.
"""

import copy
import filecmp
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import program  # noqa: E402
import tap  # noqa: E402
from program import path, run  # noqa: E402

ROWS = 40


def write(graph, name="graph.json"):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write(graph if isinstance(graph, str) else json.dumps(graph))
    return name


def print_graph(*words):
    return json.loads(run("tomo", "-c", "scan/reco.conf", "--print-graph", *words).stdout)


def node(graph, name):
    return next(n for n in graph["nodes"] if n["name"] == name)


def same_slices(one, other, n=ROWS):
    files = sorted(os.path.basename(f) for f in glob.glob(path(one, "*.tif")))
    tap.equal(len(files), n, "slices in " + one)
    for name in files:
        tap.check(filecmp.cmp(path(one, name), path(other, name), shallow=False),
                  "%s is another in %s than in %s" % (name, one, other))


def test_round_trip():
    "the printed graph makes the slices of tomo"
    run("tomo", "-c", "scan/reco.conf", "-o", "whole")
    write(print_graph("-o", "printed"))
    run("graph", "run", "graph.json")
    same_slices("whole", "printed")
    # A file elsewhere finds the same scan.
    os.makedirs(path("elsewhere"), exist_ok=True)
    shutil.copy(path("graph.json"), path("elsewhere", "graph.json"))
    run("graph", "check", "elsewhere/graph.json")
    run("graph", "run", "graph.json", status=2, error="There is an earlier result")


def test_relative_paths():
    "paths in a file start from its folder"
    graph = print_graph("-o", "unused")
    for key in "projections", "darks", "flats", "angles":
        properties = node(graph, "read-scan")["properties"]
        properties[key] = os.path.join("..", os.path.relpath(properties[key], path()))
    node(graph, "write")["properties"]["path"] = "slices"
    os.makedirs(path("apart"), exist_ok=True)
    write(graph, "apart/graph.json")
    run("graph", "run", "apart/graph.json")
    same_slices("whole", "apart/slices")


def test_integers():
    "a grey scale that is measured is that of tomo"
    run("tomo", "-c", "scan/reco.conf", "--type=uint8", "-o", "whole8")
    write(print_graph("--type=uint8", "-o", "printed8"))
    run("graph", "run", "graph.json")
    same_slices("whole8", "printed8")


def test_any_cutting():
    "little memory, and two devices, make the same bytes"
    graph = print_graph("-o", "cut")
    write(graph)
    run("graph", "run", "graph.json", "--memory-limit=16M", "--device=all",
        environment={"POCL_DEVICES": "pthread pthread"})
    same_slices("whole", "cut")


def test_branches():
    "corrected projections and slices in one run"
    graph = add_projections(print_graph("-o", "both"), "corrected")
    write(graph)
    run("graph", "run", "graph.json")
    same_slices("whole", "both")
    tap.equal(len(glob.glob(path("corrected", "*.tif"))), 60, "projections")
    tap.contains(run("graph", "show", "graph.json").stdout, "kept throughout")

    node(graph, "projections")["properties"]["path"] = "both"
    check_bad(graph, "write and projections both write to")


def kill_run(ledger, *words):
    "Kills a run that has finished something by the ledger; says whether there was time for that."
    process = subprocess.Popen([os.environ["RECONSTRUCT"], "graph", "run", *words, "--memory-limit=16M"],
                               cwd=path(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(10000):
        if process.poll() is not None or (os.path.exists(ledger) and b"finished" in open(ledger, "rb").read()):
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    return process.wait() != 0


def test_counted_inputs():
    "edges as the predecessor writes them"
    graph = print_graph("-o", "counted")
    ports = {"projections": 0, "dark": 1, "flat": 2}
    for i, edge in enumerate(graph["edges"]):
        number = ports.get(edge["to"].pop("port"), 0)
        if i % 2 == 0:
            edge["to"]["input"] = number
        else:
            edge.update({"to": edge["to"]["name"], "input": number})
    write(graph)
    run("graph", "run", "graph.json")
    same_slices("whole", "counted")

    for wrong in 9, -1, 0.5, "dark":
        graph["edges"][0]["to"]["input"] = wrong
        check_bad(graph, 'edges[0]: The "input" of flat-field is no whole number from 0 on; it has 4 inputs.')
    graph["edges"][0]["to"].update({"input": 0, "port": "projections"})
    check_bad(graph, 'edges[0]: There is a "port" of "to" and an "input". Leave one out.')


def test_resume():
    "a killed run goes on where it was, if neither the graph nor what it reads has changed"
    write(print_graph("-o", "killed", "--kernel=plain"))
    if not kill_run(path("killed.partial", "ledger.jsonl"), "graph.json"):
        raise tap.Skip("The run was too fast to be killed.")

    run("graph", "run", "graph.json", status=2, error="An interrupted run has finished")
    other = print_graph("-o", "killed", "--kernel=plain", "--circle=yes")
    write(other, "other.json")
    run("graph", "run", "other.json", "--resume", status=2, error="is of another graph")
    os.utime(glob.glob(path("scan", "projections", "*"))[0])
    run("graph", "run", "graph.json", "--resume", status=2,
        error="read-scan: The input is not what it was when the earlier run began: input.projections")
    run("graph", "run", "graph.json", "--trust-inputs", status=2, error="give it with --resume")
    result = run("graph", "run", "graph.json", "--resume", "--trust-inputs")
    tap.contains(result.stderr + result.stdout, "slices are finished")
    tap.contains(result.stderr + result.stdout, "is taken as that of the earlier run")
    run("tomo", "-c", "scan/reco.conf", "-o", "plain", "--kernel=plain")
    same_slices("plain", "killed")


def add_projections(graph, folder):
    "The corrected projections as a second result: they are kept whole, as slices need them in another order."
    graph["nodes"].append({"plugin": "write", "name": "projections", "properties": {"path": path(folder)}})
    graph["edges"].append({"from": "flat-field", "to": "projections"})
    return graph


def test_resume_branches():
    "one with a branch, two results and an array that is kept as well, killed twice"
    write(add_projections(print_graph("-o", "twice", "--kernel=plain"), "twice-corrected"))
    tap.contains(run("graph", "show", "graph.json").stdout, "kept throughout")
    killed = [kill_run(path(name + ".partial", "ledger.jsonl"), "graph.json", *words)
              for name, words in (("twice-corrected", ()), ("twice", ("--resume",)))]
    if not all(killed):
        raise tap.Skip("The run was too fast to be killed.")
    run("graph", "run", "graph.json", "--resume", "--trace=trace.json")
    check_trace("trace.json")
    same_slices("plain", "twice")
    run("graph", "run", write(add_projections(print_graph("-o", "once"), "once-corrected")))
    same_slices("once-corrected", "twice-corrected", 60)


def check_trace(name):
    "Says what is in a trace, of which everything has what the format demands."
    with open(path(name), encoding="utf-8") as file:
        events = json.load(file)["traceEvents"]
    for event in events:
        tap.check(event["ph"] in "XM" and isinstance(event["name"], str), "an event of another kind: %r" % event)
        tap.check(isinstance(event["pid"], int) and isinstance(event["tid"], int), "no place: %r" % event)
        if event["ph"] == "X":
            tap.check(isinstance(event["ts"], int) and event["ts"] >= 0 and
                      isinstance(event["dur"], int) and event["dur"] >= 0, "no time: %r" % event)
    rows = {event["tid"] for event in events if event["ph"] == "M"}
    tap.check({event["tid"] for event in events} == rows, "a row has no name")
    return [event for event in events if event["ph"] == "X"]


def test_trace():
    "what was done when"
    write(print_graph("-o", "traced"))
    run("graph", "run", "graph.json", "--trace=trace.json")
    events = check_trace("trace.json")
    names = {event["name"] for event in events}
    tap.check({"read", "write", "flat-field", "filter", "backproject"} <= names, "only %r" % names)
    tap.equal(sum(event["args"]["images"] for event in events if event["name"] == "backproject"), ROWS, "slices")


def check_bad(graph, error):
    write(graph, "bad.json")
    for verb in "check", "run", "show":
        run("graph", verb, "bad.json", status=2, error=error)


def test_bad_files():
    check_bad("{", "bad.json is no JSON")
    check_bad("", "bad.json is no JSON")
    check_bad("[]", 'bad.json: This is no object of "nodes" and "edges".')
    check_bad("{}", 'There is no list "nodes"')
    check_bad({"nodes": []}, 'There is no list "edges"')
    check_bad({"nodes": [], "edges": []}, "The graph makes nothing")
    check_bad({"nodes": [5], "edges": []}, "nodes[0]: ")
    check_bad({"nodes": [{"name": "a"}], "edges": []}, 'nodes[0]: There is no "plugin"')
    check_bad('{ "nodes": [\n  { "plugin": "downsample" ],', "bad.json is no JSON: line 2: ")
    run("graph", "run", "nothing.json", status=2, error="nothing.json")
    run("graph", "run", "scan", status=2, error="Give a file such as 'reconstruct tomo' prints as a graph.")
    run("graph", status=2, error="graph run FILE")
    run("graph", "rum", "bad.json", status=2, error="did you mean 'run'?")
    run("graph", "run", status=2, error="Name one file")


def test_bad_nodes():
    good = print_graph("-o", "bad")

    def changed(change):
        graph = copy.deepcopy(good)
        change(graph)
        return graph

    def set_property(name, key, value):
        return changed(lambda g: node(g, name)["properties"].update({key: value}))

    check_bad(changed(lambda g: g["nodes"][1].update({"plugin": "flat-feld"})),
              "nodes[1] flat-field: There is no task 'flat-feld'. Did you mean 'flat-field'?")
    check_bad(set_property("filter", "fliter", "ramp"),
              "nodes[2] filter: filter has no parameter 'fliter'. Did you mean")
    check_bad(set_property("filter", "filter-order", 99), "reconstruction.filter-order is '99'")
    check_bad(set_property("filter", "filter", [1]), "The value of 'filter' is neither text nor a number.")
    check_bad(set_property("backproject", "roi", "0,0,9999,1"), "backproject: reconstruction.roi = 0,0,9999,1 reaches")
    check_bad(set_property("filter", "filter", "rampp"), "did you mean 'ramp'?")
    check_bad(set_property("read-scan", "projections", "nowhere"), "read-scan: ")
    check_bad(changed(lambda g: node(g, "read-scan")["properties"].pop("projections")),
              "read-scan: There is no input.")
    check_bad(changed(lambda g: g["nodes"].append({"plugin": "filter", "name": "filter"})),
              "There is another node named 'filter'")


def test_bad_edges():
    good = print_graph("-o", "bad")

    def changed(change):
        graph = copy.deepcopy(good)
        change(graph)
        return graph

    last = len(good["edges"])
    check_bad(changed(lambda g: g["edges"].pop(0)), "Nothing comes to the input 'projections' of flat-field")
    check_bad(changed(lambda g: g["edges"].append({"from": "filter", "to": "flat-field"})),
              "edges[%d]: The input 'projections' of flat-field is connected twice: to read-scan and to filter" % last)
    check_bad(changed(lambda g: g["edges"].append({"from": "nobody", "to": "filter"})),
              "edges[%d]: There is no node named 'nobody'." % last)
    check_bad(changed(lambda g: g["edges"].append({"from": {"name": "write"}, "to": "filter"})),
              "edges[%d]: write (write) has no output." % last)
    check_bad(changed(lambda g: g["edges"].append({"from": "filter", "to": {"name": "write", "port": "sclies"}})),
              "write (write) has no input 'sclies', but: slices.")
    check_bad(changed(lambda g: g["edges"].append({"from": {"name": "filter", "port": 0}, "to": "write"})),
              'edges[%d]: The "port" of "from" is no text.' % last)
    check_bad(changed(lambda g: g["edges"].append({"from": {"name": "filter", "port": "slices"}, "to": "write"})),
              "edges[%d]: filter (filter) has no output 'slices', but: projections." % last)
    check_bad(changed(lambda g: g["edges"].__setitem__(0, {"from": "backproject", "to": "flat-field"})),
              "The graph runs in a circle")
    check_bad(changed(lambda g: g["edges"].__setitem__(0, {"from": {"name": "read-scan", "port": "dark"},
                                                           "to": "flat-field"})),
              "flat-field: The input 'projections' takes float32, angle × row × column, but gets float32, row")
    check_bad(changed(lambda g: g["edges"].__setitem__(last - 1, {"from": {"name": "read-scan", "port": "flat"},
                                                                  "to": "write"})),
              "write: Images of float32 along three axes can be written, but this is float32, row 40 × column 96.")

    def take_flats_of_narrow_scan(graph):
        narrow = copy.deepcopy(node(graph, "read-scan"))
        narrow["name"] = "narrow"
        narrow["properties"]["crop-left"] = 6
        graph["nodes"].append(narrow)
        graph["edges"][2]["from"]["name"] = "narrow"

    check_bad(changed(take_flats_of_narrow_scan), "flat-field: The flat is float32, row 40 × column 90, but the "
              "projections need float32, row 40 × column 96. Connect one of their size, or none.")


def test_thousands():
    "ten thousand nodes are no matter, in a row or in a circle"
    names = ["n%d" % i for i in range(10000)]
    graph = {"nodes": [{"plugin": "downsample", "name": n} for n in names],
             "edges": [{"from": a, "to": b} for a, b in zip(names, names[1:])]}
    write(graph, "row.json")
    run("graph", "check", "row.json", status=2, error="Nothing comes to the input 'projections' of n0")
    graph["edges"].append({"from": names[-1], "to": names[0]})
    write(graph, "circle.json")
    run("graph", "check", "circle.json", status=2, error="The graph runs in a circle: ")


def test_memory():
    graph = print_graph("-o", "small")
    node(graph, "read-scan")["properties"]["memory-limit"] = "16M"
    write(graph)
    tap.contains(run("graph", "show", "graph.json", "--memory-limit=16M").stdout, "of memory")

    run("phantom", "wide", "--width=2048", "--rows=4", "--angles=700", "--no-truth")
    write(json.loads(run("tomo", "-c", "wide/reco.conf", "--print-graph", "-o", "wide-slices").stdout), "wide.json")
    for verb in "check", "run":
        run("graph", verb, "wide.json", "--memory-limit=16M", status=1,
            error="Making 4 slices at a time, the fewest possible, takes ")


if __name__ == "__main__":
    program.main(globals(), lambda: run("phantom", "scan", "--width=96", "--rows=%d" % ROWS, "--angles=60",
                                        "--axis=46.2", "--no-truth"))

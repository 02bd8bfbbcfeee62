# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that finds the axis, slices about several, and runs that find it themselves.

The program is $RECONSTRUCT. How exact a search is, its own tests say; here it must come near.
"""

import array
import filecmp
import glob
import json
import math
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap  # noqa: E402

AXIS = 120.3
WIDTH = 256
ROWS = 16
# Enough for a run to be interrupted.
LONG_ROWS = 32
NEAR = 0.3

LINE = re.compile(r"axis (\d+\.\d\d) ± (\d+\.\d\d) px \(offset ([+−]\d+\.\d\d) from the middle\), "
                  r"confidence (high|medium|low), .*row")


class Run:
    def __init__(self, words, folder, environment=None):
        done = subprocess.run([os.environ["RECONSTRUCT"], *words], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, encoding="utf-8",
                              env={**os.environ, **(environment or {})})
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr


def run(*words, status=0, error="", folder=None):
    result = Run(words, folder or FOLDER)
    tap.check(result.status == status, "%s ended with %d, expected %d:\n%s%s" % (
        " ".join(words), result.status, status, result.out, result.err))
    tap.contains(result.err, error, "standard error of " + " ".join(words))
    return result


def path(*names):
    return os.path.join(FOLDER, *names)


def read(*names):
    with open(path(*names), encoding="utf-8") as file:
        return file.read()


def near(value, expected, most=NEAR):
    tap.check(abs(value - expected) < most, "%r is not within %g of %r" % (value, most, expected))


def write_tiff(name, width, height, values):
    """One float32 image."""
    tags = [(256, 4, width), (257, 4, height), (258, 3, 32), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
            (278, 4, height), (279, 4, 4 * width * height), (339, 3, 3)]
    data = array.array("f", values).tobytes()
    with open(path(name), "wb") as file:
        file.write(struct.pack("<2sHI", b"II", 42, 8 + len(data)) + data + struct.pack("<H", len(tags)))
        for tag, kind, value in tags:
            file.write(struct.pack("<HHII", tag, kind, 1, value))
        file.write(struct.pack("<I", 0))


def make_sinograms(folder, rows, axis=30.2, width=64, lines=60):
    """A disc off the axis; `rows` says for each row whether it is there, empty or not a number."""
    os.mkdir(path(folder))
    for row, kind in enumerate(rows):
        values = []
        for line in range(lines):
            angle = math.pi * line / lines
            centre = axis + 9 * math.cos(angle) + 4 * math.sin(angle)
            for column in range(width):
                chord = 8.0 ** 2 - (column - centre) ** 2
                value = 2 * math.sqrt(chord) / 20 if chord > 0 else 0.0
                values.append({"disc": value, "empty": 0.0, "nan": math.nan}[kind])
        write_tiff(os.path.join(folder, "sino_%02d.tif" % row), width, lines, values)


def png_size(*names):
    with open(path(*names), "rb") as file:
        head = file.read(24)
    tap.check(head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR", "%s is no PNG" % names[-1])
    return struct.unpack(">II", head[16:24])


def test_help():
    for part in ["[SCAN]", "--trial=LO:HI:STEP", "--rows", "--range=LO:HI", "--json", "--write", "Exit status", "3 if"]:
        tap.contains(run("axis", "--help").out, part)
    tap.contains(run("--help").out, "axis ")


def test_line():
    result = run("axis", "-c", "scan/reco.conf", error="Projections: ")
    match = LINE.match(result.out)
    tap.check(match, "not the line: " + result.out)
    near(float(match.group(1)), AXIS)
    near(float(match.group(3).replace("−", "-")), AXIS - (WIDTH - 1) / 2)
    tap.equal(len(result.out.splitlines()), 1 if match.group(4) == "high" else 2, "number of lines")
    tap.check("No rotation axis is given" not in result.err, result.err)


def test_quiet_and_verbose():
    tap.equal(run("axis", "-c", "scan/reco.conf", "-q").err, "")
    table = run("axis", "-c", "scan/reco.conf", "--rows=2,8,13", "-v").err
    for row in ("2.0", "8.0", "13.0"):
        tap.check(re.search(r"^ +%s +1[12]\d\.\d{3} +\d" % re.escape(row), table, re.M), table)


def test_log_file():
    run("axis", "-c", "scan/reco.conf", "--log-file=axis.log", "-q")
    tap.contains(read("axis.log"), "axis 120.")


def test_json():
    result = json.loads(run("axis", "-c", "scan/reco.conf", "--json", "-q", "--rows=2,8,13").out)
    near(result["axis"], AXIS)
    near(result["offset"], result["axis"] - 127.5, 1e-9)
    tap.equal(result["middle"], 127.5)
    tap.check(0 <= result["uncertainty"] < 1, repr(result["uncertainty"]))
    tap.check(result["confidence"] in ("high", "medium", "low"), result["confidence"])
    tap.check(len(result["reason"]) > 10, result["reason"])
    tap.check(result["tilt"] is None or abs(result["tilt"]) < 5, repr(result["tilt"]))
    drift = result["drift"]
    tap.check(drift is None or abs(drift) < max(3 * result["drift-uncertainty"], 0.1), repr(drift))
    tap.equal(result["half"], False)
    tap.equal(result["overlap"], None)
    tap.check(result["method"] in ("pair", "wedge", "full-turn", "centroid", "entropy", "negativity", "variation"),
              result["method"])
    tap.equal([row["row"] for row in result["rows"]], [2, 8, 13], "rows")
    for row in result["rows"]:
        tap.equal(set(row), {"row", "axis", "uncertainty", "score", "used"}, "members of a row")
        near(row["axis"], AXIS, 1)
    tap.check(result["candidates"] and all(0 <= c["score"] <= 1 for c in result["candidates"]), "candidates")


def test_scan_as_argument():
    run("phantom", "one", "--format=hdf5", "--width=128", "--rows=4", "--axis=60.2")
    match = LINE.match(run("axis", "one/scan.h5", "-q").out)
    near(float(match.group(1)), 60.2)
    run("axis", "one/scan.h5", "two", status=2, error="'two' is one scan too many")


def test_write():
    before = "# of mine\n\n[input]\n" + "".join(
        "%s=scan/%s\n" % (key, value) for key, value in
        [("projections", "projections"), ("darks", "darks"), ("flats", "flats"), ("angles", "angles.txt")]
    ) + "angle-unit=radian\n\n[reconstruction]\n# about\naxis=7\nmystery=3\n"
    with open(path("mine.conf"), "w", encoding="utf-8") as file:
        file.write(before)
    run("axis", "-c", "mine.conf", "--write", "--bin=1", "--crop-left=4", "--rows=8")
    after = read("mine.conf")
    value = float(re.search(r"^axis=(.*)$", after, re.M).group(1))
    near(value, AXIS)
    tap.equal(re.sub(r"(?m)^axis=.*$", "axis=7", after), before, "the rest of the file")
    again = json.loads(run("axis", "-c", "mine.conf", "--json", "--crop-left=4", "--rows=8", "-q").out)
    tap.equal(again["axis"], value)


def test_write_needs_a_file():
    os.mkdir(path("here"))
    text = "[input]\nprojections=../scan/projections\n"
    with open(path("here", "reco.conf"), "w", encoding="utf-8") as file:
        file.write(text)
    run("axis", "--write", status=2, error="-c FILE", folder=path("here"))
    tap.equal(read("here", "reco.conf"), text)


def test_nothing_to_find():
    make_sinograms("empty", ["empty"] * 3)
    with open(path("empty.conf"), "w", encoding="utf-8") as file:
        file.write("[input]\nsinograms=empty\n")
    result = run("axis", "-c", "empty.conf", "--write", status=3, error="No axis was found, so empty.conf stays")
    tap.contains(result.out, "axis not found, confidence none: ")
    tap.equal(read("empty.conf"), "[input]\nsinograms=empty\n")
    result = json.loads(run("axis", "-c", "empty.conf", "--json", "-q", status=3).out)
    tap.equal((result["confidence"], result["axis"], result["offset"], result["uncertainty"]),
              ("none", None, None, None))
    result = run("tomo", "-c", "empty.conf", "--axis=auto", "-o", "none", status=3,
                 error="The rotation axis could not be found")
    tap.contains(result.err, "--axis=COLUMN")
    tap.check(not glob.glob(path("none*")), "something was written")


def test_rows_that_are_not_numbers():
    make_sinograms("some", ["disc", "nan", "disc", "disc"])
    result = json.loads(run("axis", "--sinograms=some", "--json", "-q", "--rows=0,1,2,3").out)
    near(result["axis"], 30.2)
    tap.equal(result["rows"][1]["axis"], None)
    tap.equal([row["used"] for row in result["rows"]], [True, False, True, True])
    make_sinograms("all", ["nan"] * 2)
    run("axis", "--sinograms=all", "-q", status=3)


def test_bad_scans():
    run("axis", "-c", "scan/reco.conf", "--projection-stop=1", status=2, error="one projection")
    run("axis", "-c", "scan/reco.conf", "--projection-stop=150", status=2, error="half a turn")
    run("axis", "nowhere", status=2, error="nowhere")
    run("tomo", "-c", "scan/reco.conf", "--axis=auto", "--projection-stop=150", "-o", "limited", status=2,
        error="half a turn")


def test_bad_requests():
    for words, error in [
            (["--range=5:1"], "--range=5:1 ends where it begins"),
            (["--range=7:7"], "--range=7:7 ends where it begins"),
            (["--range=a:b"], "--range=280:310"),
            (["--range=5"], "--range=280:310"),
            (["--range=300:400"], "outside the detector"),
            (["--range=-20:-10"], "outside the detector"),
            (["--rows=16"], "16 is beyond the last one, 15"),
            (["--rows=3:2"], "3:2"),
            (["--rows=x"], "'x'"),
            (["--rows=-1"], "-1"),
            (["--method=magic"], "Choose one of auto, pair"),
            (["--jsno"], "did you mean --json?"),
            (["--trial=1:2"], "290:300:0.5"),
            (["--trial=1:2:x"], "290:300:0.5"),
            (["--trial=1:2:nan"], "290:300:0.5"),
            (["--trial=5:1:1"], "end where they begin"),
            (["--trial=1:5:0"], "is not above 0"),
            (["--trial=1:5:-1"], "is not above 0"),
            (["--trial=1:200:0.1"], "1991 axes to try, more than 100"),
            (["--trial=250:300:10", "-o", "bad"], "The axis 300 lies outside the detector"),
            (["--trial=-20:10:10", "-o", "bad"], "The axis -20 lies outside the detector"),
            (["--trial=1:5:1", "--rows=99", "-o", "bad"], "99 is beyond the last one"),
            (["--trial=1:5:1", "--json"], "--json is of no use with --trial"),
            (["--trial=1:5:1", "--range=1:5"], "--range is of no use with --trial"),
            (["--trial=1:5:1", "-o", "bad.h5"], "Name a folder"),
            (["--trial=1:5:1", "-o", "bad_%05d.tif"], "Name a folder"),
            (["--trial=1:5:1", "-o", "scan/reco.conf"], "is a file"),
            (["--trial=1:5:1", "-o", "scan/projections"], "other images")]:
        run("axis", "-c", "scan/reco.conf", *words, status=2, error=error)
    tap.equal(glob.glob(path("bad*")), [])
    tap.equal(glob.glob(path("scan", "projections*")), [path("scan", "projections")])


def test_trial():
    result = run("axis", "-c", "scan/reco.conf", "--trial=119:121:0.25", "--output=several", "--axis=auto")
    tap.check(LINE.match(result.out), result.out)
    names = sorted(os.listdir(path("several")))
    tap.equal(names[0], "contact-sheet.png")
    tap.equal(names[1:], ["slice_00007_axis_%.2f.tif" % (119 + 0.25 * i) for i in range(9)], "names")
    run("tomo", "-c", "scan/reco.conf", "--axis=119.75", "--output=one-run", "-q")
    tap.check(filecmp.cmp(path("several", "slice_00007_axis_119.75.tif"), path("one-run", "slice_00007.tif"), False),
              "a trial slice is not what a run writes")
    # Three columns and rows of thumbnails, with labels.
    width, height = png_size("several", "contact-sheet.png")
    tap.check(3 * 256 < width < 4 * 256 and 3 * 256 < height < 4 * 330, "%d × %d" % (width, height))
    tap.check(not os.path.exists(path("several.partial")), "a temporary folder is left")


def test_trial_of_a_row():
    run("axis", "-c", "scan/reco.conf", "--trial=9:10:0.5", "--rows=3,8", "--roi=60,70,40,30", "--compression=lzw",
        "-o", "rows", "-q")
    tap.equal(sorted(os.listdir(path("rows")))[1:],
              ["slice_00003_axis_%s.tif" % axis for axis in ("09.0", "09.5", "10.0")], "names")
    run("tomo", "-c", "scan/reco.conf", "--axis=9.5", "--roi=60,70,40,30", "--compression=lzw", "-o", "rows-run", "-q")
    tap.check(filecmp.cmp(path("rows", "slice_00003_axis_09.5.tif"), path("rows-run", "slice_00003.tif"), False),
              "a part of a trial slice is not what a run writes")


def test_trial_overwrites_only_its_own():
    words = ("axis", "-c", "scan/reco.conf", "--trial=119:121:1")
    run(*words, "-q")
    folder = path("scan", "slices-axis")
    with open(os.path.join(folder, "notes.txt"), "w", encoding="utf-8") as file:
        file.write("mine")
    run(*words, status=2, error="--overwrite")
    run("axis", "-c", "scan/reco.conf", "--trial=118:120:2", "--overwrite", "-q")
    tap.equal(sorted(os.listdir(folder)),
              ["contact-sheet.png", "notes.txt", "slice_00007_axis_118.tif", "slice_00007_axis_120.tif"], "files")


def test_tomo_finds_it():
    result = run("tomo", "-c", "scan/reco.conf", "--axis=auto", "-o", "found")
    tap.contains(result.err, "Found: axis 120.")
    axis = json.loads(run("axis", "-c", "scan/reco.conf", "--json", "-q").out)["axis"]
    run("tomo", "-c", "scan/reco.conf", "--axis=%r" % axis, "-o", "given", "-q")
    names = sorted(name for name in os.listdir(path("given")) if name.startswith("slice_"))
    tap.equal(len(names), ROWS, "number of slices")
    tap.equal(filecmp.cmpfiles(path("found"), path("given"), names, False), (names, [], []), "slices")
    tap.contains(read("found", "reco.conf"), "\naxis=%s\n" % ("%.3f" % axis).rstrip("0").rstrip("."))


def test_axis_in_a_file_and_hdf5():
    text = read("scan", "reco.conf")
    with open(path("scan", "auto.conf"), "w", encoding="utf-8") as file:
        file.write(re.sub(r"(?m)^axis=.*$", "axis = auto", text))
    run("tomo", "-c", "scan/auto.conf", "-o", "auto.h5", error="Found: axis 120.")
    with open(path("auto.h5"), "rb") as file:
        data = file.read()
    tap.check(re.search(rb"\naxis=120\.\d+\n", data), "the axis is not in the file")
    tap.check(b"axis=auto" not in data, "the file doesn't say which axis it was")


def interrupt_run(output):
    """Starts a slow run and interrupts it when some slices are finished."""
    ledger = path(output + ".partial", "ledger.jsonl")
    run("phantom", "long", "--width=%d" % WIDTH, "--rows=%d" % LONG_ROWS, "--axis=%g" % AXIS)
    words = ["tomo", "-c", "long/reco.conf", "--axis=auto", "--kernel=plain", "--memory-limit=16M", "-o", output]
    process = subprocess.Popen([os.environ["RECONSTRUCT"], *words], cwd=FOLDER, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, encoding="utf-8")
    while process.poll() is None:
        if os.path.exists(ledger):
            with open(ledger, encoding="utf-8") as file:
                if len(file.read().splitlines()) > 1:
                    process.send_signal(signal.SIGINT)
                    break
        time.sleep(0.01)
    error = process.communicate()[1]
    if process.returncode == 0:
        raise tap.Skip("The run was too fast to be interrupted.")
    tap.equal(process.returncode, 130, "status (%s)" % error)
    return words


def test_resume():
    words = interrupt_run("stopped")
    run(*words[:3], "--axis=120.3", *words[4:], "--resume", status=2, error="reconstruction.axis was auto")
    result = run(*words, "--resume", error="as the earlier run has found it")
    tap.check("Looking for the rotation axis" not in result.err, "the axis was looked for again")
    axis = re.search(r"\naxis=(\S+)\n", read("stopped", "reco.conf")).group(1)
    near(float(axis), AXIS)
    run("tomo", *words[1:3], "--axis=" + axis, *words[4:-1], "straight", "--y-start=%d" % (LONG_ROWS - 6), "-q")
    names = sorted(name for name in os.listdir(path("straight")) if name.startswith("slice_"))
    tap.equal(len(names), 6, "number of slices")
    tap.equal(filecmp.cmpfiles(path("stopped"), path("straight"), names, False), (names, [], []), "slices")


def test_interrupted_trial():
    process = subprocess.Popen([os.environ["RECONSTRUCT"], "axis", "-c", "scan/reco.conf", "--kernel=plain",
                                "--trial=70:169:1", "-o", "cut"], cwd=FOLDER, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, encoding="utf-8")
    for line in process.stderr:
        if "(3 of 100)" in line:
            process.send_signal(signal.SIGINT)
            break
    process.communicate()
    if process.returncode == 0:
        raise tap.Skip("The trial was too fast to be interrupted.")
    tap.equal(process.returncode, 130, "status")
    tap.equal(glob.glob(path("cut*")), [], "what is left")


def test_tooth():
    scan = os.path.join(tap.data_folder(), "tooth", "tooth.h5")
    if not os.path.exists(scan):
        raise tap.Skip("There is no " + scan)
    result = json.loads(run("axis", scan, "--json", "-q").out)
    near(result["axis"], 295.9)
    tap.check(result["confidence"] in ("high", "medium"), result["confidence"])


if __name__ == "__main__":
    FOLDER = tempfile.mkdtemp(prefix="reconstruct-axis-")
    try:
        run("phantom", "scan", "--width=%d" % WIDTH, "--rows=%d" % ROWS, "--axis=%g" % AXIS)
        tap.run(globals())
    finally:
        shutil.rmtree(FOLDER)

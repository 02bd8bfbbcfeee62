#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times other programs on the sinograms that bench-engine --save has saved, and prints what it finds as JSON.

usage: peers.py [--quick] [--limit=SECONDS] FOLDER N [N...]
Sizes that would take a program longer than the limit are left out, and said to be.
"""

import argparse
import concurrent.futures
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import tifffile

PSNR_RADIUS = 0.95
# Work and cache misses together have grown by no more than this power of N.
GROWTH = 4


def say(text):
    print("peers: " + text, file=sys.stderr, flush=True)


def load(folder, columns, kind=""):
    """The sinogram (angles x columns) and the true slice, as bench-scan.h says."""
    def values(name):
        return numpy.fromfile(os.path.join(folder, "%s%s-%d.f32" % (name, kind, columns)), numpy.float32)
    return values("sinogram").reshape(-1, columns), values("slice").reshape(columns, columns)


def psnr(pixels, truth, middle, affine=False):
    """In dB, peak 1, of the pixels within 0.95 of the inscribed circle; affine fits gain and offset first."""
    columns = truth.shape[0]
    y, x = numpy.ogrid[:columns, :columns]
    inside = (x - middle) ** 2 + (y - middle) ** 2 <= (PSNR_RADIUS * columns / 2) ** 2
    found, wanted = pixels[inside].astype(float), truth[inside].astype(float)
    if affine:
        found = numpy.polyval(numpy.polyfit(found, wanted, 1), found)
    return float(-10 * numpy.log10(numpy.mean((found - wanted) ** 2)))


class UfoFilters:
    """ufo-filters on the processor: its texture mode needs images that PoCL lacks; nearest is what runs.

    Its pixel centres are at +0.5. The grey scale is off by the length of the transform, so that accuracy is that after
    a fit of gain and offset. What starting costs is taken off by the difference to a run of one slice."""

    name = "ufo-filters"
    what = ("ufo-launch read ! fft ! filter ! ifft ! backproject mode=nearest ! write, UFO_DEVICE_TYPE=cpu, start-up "
            "taken off; PSNR after a fit of gain and offset")

    def __init__(self, folder):
        if shutil.which("ufo-launch") is None:
            raise FileNotFoundError("ufo-launch is not installed")
        self.folder = folder
        # The program tells the version of its interface only.
        query = ["dpkg-query", "-W", "-f", "${Version}", "ufo-filters"]
        found = shutil.which("dpkg-query") and subprocess.run(query, capture_output=True, text=True, check=False).stdout
        self.version = found or "unknown version"

    def launch(self, sinogram, slices):
        angles, columns = sinogram.shape
        source, result = os.path.join(self.folder, "sinograms.tif"), os.path.join(self.folder, "slices.tif")
        tifffile.imwrite(source, numpy.repeat(sinogram[None], slices, 0), photometric="minisblack")
        if os.path.exists(result):
            os.remove(result)
        command = ["ufo-launch", "-q", "read", "path=" + source, "!", "fft", "!", "filter", "!",
                   "ifft", "crop-width=%d" % columns, "!", "backproject", "mode=nearest",
                   "num-projections=%d" % angles, "axis-pos=%g" % (columns / 2),
                   "angle-step=%.17g" % (numpy.pi / angles), "!", "write", "filename=" + result]
        start = time.perf_counter()
        run = subprocess.run(command, env=dict(os.environ, UFO_DEVICE_TYPE="cpu"), capture_output=True, text=True,
                             check=False)
        seconds = time.perf_counter() - start
        if run.returncode != 0 or not os.path.exists(result):
            raise RuntimeError("ufo-launch failed: " + (run.stdout + run.stderr).strip())
        with tifffile.TiffFile(result) as tiff:
            if len(tiff.pages) != slices:
                raise RuntimeError("ufo-launch made %d of %d slices" % (len(tiff.pages), slices))
            pixels = tiff.pages[-1].asarray()
        if pixels.shape != (columns, columns):
            raise RuntimeError("ufo-launch made slices of %d x %d pixels" % pixels.shape)
        return seconds, pixels

    def plan(self, columns, quick):
        """Repeats, and slices of one: those beyond the first are what is timed."""
        return 1 if quick or columns > 1024 else 3, 9 if columns <= 512 else 5 if columns <= 1024 else 2

    def run(self, folder, columns, quick):
        sinogram, truth = load(folder, columns)
        repeats, slices = self.plan(columns, quick)
        more = slices - 1
        if columns <= 1024:
            self.launch(sinogram, 1)
        times = []
        for _ in range(repeats):
            one, _ = self.launch(sinogram, 1)
            many, pixels = self.launch(sinogram, slices)
            times.append((many - one) / more)
        return {"slices": more, "processes": 1, "seconds": times,
                "psnr_db": psnr(pixels, truth, (columns - 1) / 2, affine=True)}


def radon(sinogram, theta):
    from skimage.transform import iradon
    return iradon(sinogram, theta=theta, filter_name="ramp", interpolation="linear", circle=True)


class Iradon:
    """scikit-image. Its axis is the column N // 2, its y grows upwards; a process for every processor, a slice each."""

    name = "scikit-image iradon"
    what = "filter ramp, linear interpolation, float32, one process per processor"

    def __init__(self, folder):
        import skimage
        self.version = skimage.__version__

    def plan(self, columns, quick):
        """Repeats, and slices of one."""
        return 1 if quick or columns > 512 else 3, len(os.sched_getaffinity(0))

    def run(self, folder, columns, quick):
        sinogram, truth = load(folder, columns, "-half")
        theta = -numpy.rad2deg(numpy.arange(sinogram.shape[0]) * numpy.pi / sinogram.shape[0])
        repeats, processes = self.plan(columns, quick)
        times = []
        with concurrent.futures.ProcessPoolExecutor(processes) as pool:
            # Imports, and reads the code.
            list(pool.map(radon, [sinogram[::64].T.copy()] * processes, [theta[::64]] * processes))
            data = sinogram.T.copy()
            for _ in range(repeats):
                start = time.perf_counter()
                slices = list(pool.map(radon, [data] * processes, [theta] * processes))
                times.append((time.perf_counter() - start) / processes)
        return {"slices": processes, "processes": processes, "seconds": times,
                "psnr_db": psnr(slices[0], truth, columns // 2)}


def time_peer(peer, arguments):
    runs, last = [], None
    for columns in sorted(arguments.columns):
        entry = {"columns": columns, "angles": columns * 3 // 2}
        runs.append(entry)
        if last is not None:
            repeats, slices = peer.plan(columns, arguments.quick)
            expected = last["ms_per_slice"]["median"] / 1000 * (columns / last["columns"]) ** GROWTH * repeats * slices
            if expected > arguments.limit:
                entry["skipped"] = "would take up to %.0f s" % expected
                say("%s, %d columns: left out, %s" % (peer.name, columns, entry["skipped"]))
                continue
        try:
            result = peer.run(arguments.folder, columns, arguments.quick)
        except (RuntimeError, OSError) as error:
            entry["skipped"], entry["error"] = "failed", str(error)
            say("%s, %d columns: %s" % (peer.name, columns, error))
            continue
        seconds = result.pop("seconds")
        entry.update(result, repeats=len(seconds), ms_per_slice={
            "median": statistics.median(seconds) * 1000, "min": min(seconds) * 1000, "max": max(seconds) * 1000})
        last = entry
        say("%s, %d columns: %.4g ms per slice, PSNR %.2f dB" % (
            peer.name, columns, entry["ms_per_slice"]["median"], entry["psnr_db"]))
    return runs


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="one repeat")
    parser.add_argument("--limit", type=float, default=400, help="seconds for a program and size (400)")
    parser.add_argument("folder")
    parser.add_argument("columns", type=int, nargs="+")
    arguments = parser.parse_args()

    results = []
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for kind in (UfoFilters, Iradon):
            entry = {"name": kind.name, "what": kind.what}
            results.append(entry)
            try:
                peer = kind(folder)
            except (FileNotFoundError, ImportError) as error:
                entry["missing"] = str(error)
                say("%s: %s" % (kind.name, error))
                continue
            entry["version"] = peer.version
            entry["runs"] = time_peer(peer, arguments)
    json.dump(results, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the benchmark's report, as Markdown that also reads well in a terminal."""

STEPS = (("flat-field", "flat-field, −log"), ("filter", "filter"), ("backproject", "backprojection"),
         ("filter+backproject", "**filter + backprojection**"), ("all", "all of these"))


def number(value, digits=3):
    """With so many significant digits, and no exponent."""
    if value is None:
        return "–"
    return "%.0f" % value if abs(value) >= 10 ** digits else "%#.*g" % (digits, value) if value else "0"


def plain(value, digits=3):
    return number(value, digits).rstrip(".")


def spread(values):
    """Median, and in brackets the least and the largest."""
    if values["min"] == values["max"]:
        return plain(values["median"])
    return "%s (%s–%s)" % tuple(plain(values[name]) for name in ("median", "min", "max"))


def table(head, rows):
    """The first column is text, the others are numbers."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [head] + rows) for i in range(len(head))]

    def line(cells):
        return "| " + " | ".join([cells[0].ljust(widths[0])] + [
            cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])]) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2)] + ["-" * (width + 1) + ":" for width in widths[1:]]) + "|"
    return [line(head), rule] + [line(row) for row in rows] + [""]


def about(section, device):
    machine = section["machine"]
    lines = ["%s, %d processors, %s GiB; %s." % (
        machine["processor"], machine["processors"], machine["memory_gib"], machine["system"]),
             "OpenCL device: %s (%s, driver %s, %d compute units)." % (
                 device["name"], device["platform"], device["driver"], device["compute_units"])]
    if "gpu" not in device["type"].lower():
        lines.append("No GPU was measured.")
    lines.append("`%s`, %s, commit %s; load average before: %s." % (
        section["command"], section["date"], section["commit"] or "unknown", section["load_average_before"]))
    return lines + [""]


def engine_table(runs):
    head = ["ms per slice"] + ["N = %d" % run["columns"] for run in runs]
    rows = [[title] + [spread(run["ms_per_slice"][name]) for run in runs] for name, title in STEPS]
    rows.append(["Gupdates/s of backprojection"] + [plain(run["gupdates_per_s"]["backproject"]) for run in runs])
    rows.append(["PSNR of the worst slice, dB"] + ["%.2f" % run["psnr_worst_slice_db"] for run in runs])
    rows.append(["peak of resident memory, MiB"] + ["%.0f" % run["peak_mib"] for run in runs])
    rows.append(["angles"] + [run["angles"] for run in runs])
    rows.append(["slices × repeats"] + ["%d × %d" % (run["slices"], run["repeats"]) for run in runs])
    return table(head, rows)


def peer_rows(columns, run, peers, fftw):
    ours = run["ms_per_slice"]
    both, ours_filter = ours["filter+backproject"]["median"], ours["filter"]["median"]
    yield ["Reconstruct", columns, plain(both), "1", "%.2f" % run["psnr_worst_slice_db"], run["slices"]]
    for peer in peers or []:
        found = next((entry for entry in peer.get("runs", []) if entry["columns"] == columns), None)
        if found is None:
            continue
        if "skipped" in found:
            yield [peer["name"], columns, found["skipped"], "–", "–", 0]
            continue
        median = found["ms_per_slice"]["median"]
        yield [peer["name"], columns, plain(median), plain(median / both), "%.2f" % found["psnr_db"], found["slices"]]
    for found in (fftw or {}).get("runs", []):
        if found["columns"] == columns:
            median = found["ms_per_slice"]["median"]
            yield ["Reconstruct, filter only", columns, plain(ours_filter), "1", "–", run["slices"]]
            yield ["FFTW, filter only", columns, plain(median), plain(median / ours_filter), "–", found["slices"]]


def peer_section(section):
    peers, fftw, runs = section.get("peers"), section.get("fftw"), section["engine"]["runs"]
    if not peers and not fftw:
        return []
    lines = ["## Beside other programs, filter and backprojection without files", ""]
    rows = [row for run in runs for row in peer_rows(run["columns"], run, peers, fftw)]
    lines += table(["", "N", "ms per slice", "times as long", "PSNR, dB", "slices timed"], rows)
    for peer in peers or []:
        lines.append("* %s: %s" % (peer["name"], peer.get("missing") or "%s; %s." % (peer["version"], peer["what"])))
    if fftw:
        lines.append("* FFTW: %s; r2c, product, c2r of rows padded to 2 N, %d threads, FFTW_MEASURE." % (
            fftw["version"], fftw["runs"][0]["threads"]))
    return lines + [""]


def files_section(section):
    files = section["files"]
    job, start = files["job"], files["start_up"]
    runs = [run for run in section["engine_job"]["runs"] if run["columns"] == job["columns"]]
    compute = runs[0]["ms_per_slice"]["all"]["median"] * job["slices"] / 1000
    seconds = job["seconds"]["median"]
    lines = ["## From files to files", "",
             "%d slices of N = %d, %d angles; TIFF of 16 bits in, TIFF of 32 bits out, warm cache." % (
                 job["slices"], job["columns"], job["angles"]), ""]
    lines += table(["", ""], [
        ["wall time of the job, s", spread(job["seconds"])],
        ["steps alone, s", plain(compute)],
        ["ratio", plain(seconds / compute)],
        ["memory limit, MiB", job["memory_limit_mib"]],
        ["peak of resident memory, MiB", "%.0f" % job["peak_mib"]],
        ["above the limit, MiB", "%.0f" % max(job["peak_mib"] - job["memory_limit_mib"], 0)],
        ["one slice, N = %d, kernels in the cache, s" % start["columns"], spread(start["warm_seconds"])],
        ["one slice, N = %d, first run ever, s" % start["columns"], plain(start["cold_seconds"])]])
    return lines + ["The job's own summary: %s" % job["stages"], ""]


def preview_section(section):
    preview = section.get("preview")
    if not preview:
        return []
    lines = ["## Live preview", "",
             "One slice of N = %d, %d angles; TIFF of 16 bits in, warm cache, kernels in the cache." % (
                 preview["columns"], preview["angles"]), ""]
    return lines + table(["", "ms until the image is there"], [
        [preview["words"][name], spread(values)] for name, values in preview["ms"].items()])


def doubt_lines(axis, views):
    if not axis.get("doubt"):
        return []
    lines = ["How often the uncertainty is right, over scans of 96 to 192 columns with noise, rings, and a drift of up "
             "to a pixel: errors within two standard deviations, and the median of their ratios to one (0.67 if they "
             "were normal).", ""]
    return lines + table(["object", "turn", "scans", "none", "within 2 σ", "median of the ratios", "high"], [
        [views.get(row["view"], "all"), "%d°" % row["degrees"] if row["degrees"] else "both", row["scans"], row["none"],
         "%.1f %%" % (100 * row["covered"]), "%.2f" % row["median"], row["high"]] for row in axis["doubt"]])


def axis_section(section):
    axis = section.get("axis")
    if not axis:
        return []
    views = {"whole": "wholly in view", "cut": "wider than the detector", "half": "half acquisition"}
    lines = ["## Rotation axis", "",
             "The automatic search in %d rows of %d columns in memory, 10 000 photons, rings of 1 %%." % (
                 axis["rows"], axis["columns"]), ""]
    lines += table(["object", "turn", "angles", "s", "error, px"], [
        [views[row["view"]], "%d°" % row["degrees"], row["angles"], spread(row["seconds"]), "%+.3f" % row["error"]]
        for row in axis["times"]])
    if not axis["table"]:
        return lines
    lines += doubt_lines(axis, views)
    lines += ["Errors over a table of %d columns: asymmetric, foam and off-centre objects; axis at 50, 40, 30 and 12 "
              "%% of the width, where it makes sense; with and without rings. 'Wrong' are those of high confidence "
              "that are off by more than 0.5 px." % axis["table_columns"], ""]
    return lines + table(["object", "turn", "photons", "scans", "within", "median, px", "worst, px", "none", "high",
                          "wrong"], [
        [views[row["view"]], "%d°" % row["degrees"], "%g" % row["photons"], row["scans"],
         "%d (%.2f px)" % (row["within"], row["bar"]), "%.3f" % row["median"] if "median" in row else "–",
         "%.3f" % row["worst"] if "worst" in row else "–", row["none"], row["high"], row["wrong"]]
        for row in axis["table"]])


def milliseconds(seconds):
    return spread({key: 1000 * value for key, value in seconds.items()})


def window_section(section):
    window = section.get("window")
    if not window:
        return []
    return ["## The window", "",
            "On a display without GPU (Xvfb), a scan of %d columns and 1536 angles as TIFF; until the frame with the "
            "picture has been drawn." % window["columns"], ""] + table(["", "ms"], [
                ["configuration opened, first picture", plain(1000 * window["first"])],
                ["axis changed by a key", milliseconds(window["axis"])],
                ["second tab, axis changed by a key, overlay", milliseconds(window["axis_overlay"])],
                ["second tab, axis changed by a key, test slice", milliseconds(window["axis_slice"])]])


def bench_section(section):
    engine = section["engine"]
    run = engine["runs"][0]
    return (["## Reconstruction in memory", ""] + about(section, engine["device"]) +
            ["Shepp-Logan phantom, exact line integrals, angles even over [0, π), float32; kernel %s, %d slices in a "
             "group. Median (least–largest)." % (run["kernel"], run["lanes"]), ""] +
            engine_table(engine["runs"]) + peer_section(section) + files_section(section) + preview_section(section) +
            axis_section(section) + window_section(section))


def growth_table(series):
    name = series["variable"]
    rows = [[row["kernel"], row["columns"], row["angles"], row["slices"],
             plain(row["ms_per_slice"]) + (" projected" if row.get("projected") else ""),
             plain(row["ms_per_slice"] * row["slices"] / 1000),
             "%.2f" % row["exponent"] if "exponent" in row else "–",
             "%.2f" % row["psnr_db"] if "psnr_db" in row else "–",
             "%.0f" % row["peak_mib"] if "peak_mib" in row else "–"] for row in series["rows"]]
    title = {"slices": "Time of all slices", "angles": "Time of a slice", "columns": "Time of a slice"}[name]
    lines = ["%s goes with the power %.2f of the %s." % (title, series["exponent"], name), ""]
    head = ["kernel", "N", "angles", "slices", "ms per slice", "s", "exponent", "PSNR, dB", "peak MiB"]
    return lines + table(head, rows)


def threads_table(rows):
    single = {row["columns"]: row["ms_per_slice"] for row in rows if row["threads"] == 1}
    return table(["threads", "N", "ms per slice", "times as fast as 1"], [
        [row["threads"], row["columns"], plain(row["ms_per_slice"]),
         plain(single[row["columns"]] / row["ms_per_slice"])] for row in rows])


def scaling_section(section):
    device, scaling = section["growth"]["device"], section["growth"]["scaling"]
    lines = ["## Growth", ""] + about(section, device)
    lines += ["Filter and backprojection in memory; the exponent is that against the line above. What would take too "
              "long is projected from the two lines above.", "", "### Slices", ""] + growth_table(scaling["slices"])
    lines += ["### Angles", ""] + growth_table(scaling["angles"])
    if scaling["threads"]:
        lines += ["### Threads", ""] + threads_table(scaling["threads"])
    lines += ["### Size, angles = 1.5 N", ""]
    for series in scaling["columns"].values():
        lines += growth_table(series)
    return lines

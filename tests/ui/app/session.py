# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop session of a test's own: display, session bus, home.

A test file calls session.run (globals ()). It then runs itself once more inside the session, where the cases are, and
looks afterwards for what was left over. Everything that belongs to a session has its folder in the environment
(RECON_SESSION), which is how its processes are found.

    RECON_SESSION/home, config, cache, data, state, run, tmp    what HOME, XDG_*_HOME, … are set to
    RECON_SESSION/work                                           for the files of the test
"""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(SOURCE / "tests" / "support"))
import tap

BUILD = pathlib.Path(os.environ.get("RECONSTRUCT_BUILD", SOURCE / "build")).resolve()
SCREEN = (1280, 1024)
PR_SET_CHILD_SUBREAPER = 36

# As on a desktop without settings of the user's own; letters and animations are equal everywhere.
SETTINGS = {"gtk-font-name": "Cantarell 11", "gtk-enable-animations": "false", "gtk-cursor-blink": "false"}


def folder(*names):
    return pathlib.Path(os.environ["RECON_SESSION"]).joinpath(*names)


def write_settings(**more):
    """What GTK's settings are for programs started from here on, such as gtk_font_name="Cantarell 22"."""
    path = folder("config", "gtk-4.0", "settings.ini")
    path.parent.mkdir(parents=True, exist_ok=True)
    settings = dict(SETTINGS, **{key.replace("_", "-"): value for key, value in more.items()})
    path.write_text("[Settings]\n" + "".join("%s=%s\n" % item for item in settings.items()))


def environment(root):
    result = dict(os.environ)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS", "GTK_A11Y",
                 "GTK_DEBUG", "GTK_THEME", "GDK_BACKEND", "GDK_DEBUG", "GSK_RENDERER", "G_DEBUG", "G_MESSAGES_DEBUG",
                 "LANGUAGE"):
        result.pop(name, None)
    result.update(
        RECON_SESSION=str(root),
        HOME=str(root / "home"),
        XDG_CONFIG_HOME=str(root / "config"),
        XDG_CACHE_HOME=str(root / "cache"),
        XDG_DATA_HOME=str(root / "data"),
        XDG_STATE_HOME=str(root / "state"),
        XDG_RUNTIME_DIR=str(root / "run"),
        TMPDIR=str(root / "tmp"),
        LC_ALL="C.UTF-8",
        NO_AT_BRIDGE="0",
        ADW_DISABLE_PORTAL="1",
        GIO_USE_VFS="local",
        GSETTINGS_BACKEND="keyfile",
        GSETTINGS_SCHEMA_DIR=str(BUILD / "data"),
        LIBGL_ALWAYS_SOFTWARE="1",
        LIBGL_DEBUG="quiet",
        RECONSTRUCT=str(BUILD / "app" / "reconstruct"),
    )
    # GL drivers and fonts are not given back at the end.
    result["ASAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))
    # Kernels that were compiled once need not be again; nothing else is kept from one session to the next.
    result.setdefault("POCL_CACHE_DIR", str(BUILD / "cache" / "pocl"))
    pathlib.Path(result["POCL_CACHE_DIR"]).mkdir(parents=True, exist_ok=True)
    return result


def processes(root):
    """pid → command line of the processes of a session, but for the one that asks."""
    mark = b"RECON_SESSION=" + os.fsencode(str(root)) + b"\0"
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            with open("/proc/%s/environ" % entry, "rb") as file:
                if mark not in file.read():
                    continue
            with open("/proc/%s/cmdline" % entry, "rb") as file:
                line = file.read().replace(b"\0", b" ").decode("utf-8", "replace").strip()
            with open("/proc/%s/stat" % entry, "rb") as file:
                is_dead = file.read().rpartition(b")")[2].split()[0] == b"Z"
        except OSError:
            continue
        if line and not is_dead:
            found[int(entry)] = line
    return found


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass
    except ChildProcessError:
        pass


def wait_for(condition, seconds=10):
    """Returns what the condition gives as soon as that is true, or its last value."""
    end = time.monotonic() + seconds
    while True:
        start = time.monotonic()
        value = condition()
        now = time.monotonic()
        if value or now > end:
            return value
        # What is looked at also has to get on with its work.
        time.sleep(max(0.02, (now - start) / 2))


def check_left_over(root, shared):
    def is_empty():
        reap()
        return not processes(root)

    wait_for(is_empty)
    left = processes(root)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    tap.equal(left, {}, "processes that were left over")
    tap.equal(sorted(os.listdir(root / "tmp")), [], "temporary files that were left over")
    tap.equal(sorted(set(os.listdir("/dev/shm")) - shared), [], "shared memory that was left over")


def start_display(log):
    """An X server on the first display that is free, and its name."""
    reader, writer = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", "%dx%dx24" % SCREEN, "-noreset",
                               "-nolisten", "tcp"], pass_fds=[writer], stdout=log, stderr=log)
    os.close(writer)
    with os.fdopen(reader) as file:
        number = file.readline().strip()
    if not number:
        raise RuntimeError("Xvfb did not start: status %d" % server.wait())
    return server, ":" + number


def run_session(root):
    """Runs the cases; their lines are printed from inside. Returns their number, 0 if not all were reached, and the
    status."""
    # What display, bus and the client of the accessibility bus say is of interest only where they fail. The cases have
    # standard output as another file.
    output = os.dup(1)
    with open(root / "session.log", "w", encoding="utf-8") as log:
        server, display = start_display(log)
        try:
            status = subprocess.call(["dbus-run-session", "--", "/usr/bin/python3", os.path.abspath(sys.argv[0])]
                                     + sys.argv[1:], cwd=root / "work", stdout=log, stderr=log, pass_fds=[output],
                                     env=dict(environment(root), DISPLAY=display, RECON_OUTPUT=str(output)))
        finally:
            os.close(output)
            server.terminate()
            server.wait()
    count = root / "n-cases"
    if count.exists():
        return int(count.read_text()), status
    tap.say("The session ended with status %d before the last case." % status)
    tap.say((root / "session.log").read_text(errors="replace"))
    return 0, status


def run_outside():
    # Short, for the sockets in it.
    root = pathlib.Path(tempfile.mkdtemp(prefix="recon-ui-", dir="/tmp"))
    report = tap.Report()
    shared = set(os.listdir("/dev/shm"))
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        for name in ("home", "config", "cache", "data", "state", "run", "tmp", "work"):
            (root / name).mkdir(mode=0o700)
        report.n_cases, status = run_session(root)
        report.failed = status != 0
        if report.n_cases > 0:
            report.case("nothing-is-left-over", check_left_over, root, shared)
            report.plan()
    finally:
        shutil.rmtree(root, ignore_errors=True)
    # Without a plan the output tells that cases are missing.
    sys.exit(1 if report.failed or report.n_cases == 0 else 0)


def run_inside(namespace):
    report = tap.Report()
    output = int(os.environ.pop("RECON_OUTPUT"))
    os.dup2(output, 1)
    os.close(output)
    write_settings()
    for name, function in tap.cases(namespace, sys.argv[1:]):
        report.case(name, function)
        close = namespace.get("close")
        if close is not None:
            close()
    folder("n-cases").write_text(str(report.n_cases))
    sys.exit(1 if report.failed or not report.n_cases else 0)


def run(namespace):
    if "RECON_SESSION" in os.environ:
        run_inside(namespace)
    else:
        run_outside()

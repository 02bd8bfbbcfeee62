#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs into a folder of its own and looks at what is there.

usage: test_install.py BUILD    with BUILD configured by Meson and built
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import tap

ID = "org.reconstruct.Reconstruct"
BUILD = sys.argv.pop(1)
WITH_GUI = os.environ.get("RECONSTRUCT_GUI", "") != ""
FOLDER = tempfile.mkdtemp(prefix="reconstruct-install-")
ROOT = pathlib.Path(FOLDER)


def command(*words, status=0, **options):
    words = [str(word) for word in words]
    if shutil.which(words[0]) is None:
        raise tap.Skip("%s is not installed" % words[0])
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    tap.check(done.returncode == status, "%s: status %d\n%s" % (" ".join(words), done.returncode, done.stdout))
    return done.stdout


def prefix():
    """The folder in the folder that stands for the prefix."""
    found = list(ROOT.glob("**/bin/reconstruct"))
    tap.equal(len(found), 1, "number of installed programs")
    return found[0].parent.parent


def share(*names):
    if not WITH_GUI:
        raise tap.Skip("built without the window")
    path = prefix().joinpath("share", *names)
    tap.check(path.is_file(), "%s is not installed" % path)
    return path


def test_install():
    environment = dict(os.environ, DESTDIR=FOLDER)
    command("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", env=environment)
    prefix()


def test_nothing_of_the_build():
    "of what developers use only the library is installed: its headers, and its description for pkg-config"
    public = prefix() / "include" / "reconstruct-0"
    wrong = [path for path in ROOT.rglob("*")
             if path.suffix in (".a", ".o", ".py", ".map") or path.suffix == ".h" and public not in path.parents]
    tap.equal(wrong, [], "files of the build")
    tap.equal([path.name for path in ROOT.rglob("*.pc")], ["reconstruct-0.pc"], "descriptions for pkg-config")


def test_program():
    version = command(prefix() / "bin" / "reconstruct", "--version")
    tap.contains(version, "reconstruct")


def test_programs_run_from_anywhere():
    for program in (prefix() / "bin").iterdir():
        libraries = command("ldd", program)
        tap.check(BUILD not in libraries and "not found" not in libraries, libraries)


def test_command_line_starts_the_window():
    if not WITH_GUI:
        raise tap.Skip("built without the window")
    path = "%s:%s" % (ROOT / "nothing-here", os.environ["PATH"])
    said = command(prefix() / "bin" / "reconstruct", "gui", "--help-gapplication", env=dict(os.environ, PATH=path))
    tap.contains(said, "reconstruct-gui", "help of the window")


def test_desktop_file():
    path = share("applications", ID + ".desktop")
    tap.equal(command("desktop-file-validate", path), "", "said of the desktop file")
    program = [line for line in path.read_text().splitlines() if line.startswith("Exec=")][0][5:].split()[0]
    tap.check((prefix() / "bin" / program).is_file(), "%s of the desktop file is not installed" % program)


def test_metainfo():
    command("appstreamcli", "validate", "--no-net", "--strict", share("metainfo", ID + ".metainfo.xml"))


def test_metainfo_names_what_is_there():
    text = share("metainfo", ID + ".metainfo.xml").read_text()
    for program in (prefix() / "bin").iterdir():
        if program.name in ("reconstruct", "reconstruct-gui"):
            tap.contains(text, "<binary>%s</binary>" % program.name, "metainfo")


def test_schema():
    folder = share("glib-2.0", "schemas", ID + ".gschema.xml").parent
    command("glib-compile-schemas", "--dry-run", "--strict", folder)


def test_icons():
    for size, name in ("scalable", ID + ".svg"), ("symbolic", ID + "-symbolic.svg"):
        tap.contains(share("icons", "hicolor", size, "apps", name).read_text(), "</svg>", name)


def mime_of(name, text):
    """What GIO takes a file for, with our MIME type installed."""
    path = ROOT / name
    path.write_text(text)
    data = "%s:%s" % (prefix() / "share", "/usr/share")
    said = command("gio", "info", "-a", "standard::content-type", path, env=dict(os.environ, XDG_DATA_DIRS=data))
    path.unlink()
    return said.rpartition("standard::content-type:")[2].strip()


def test_mime_type():
    folder = share("mime", "packages", ID + ".xml").parent.parent
    command("update-mime-database", folder)
    ours = "application/x-reconstruct-configuration"
    written = command(prefix() / "bin" / "reconstruct", "init", ROOT / "reco.conf")
    tap.contains(written, "reco.conf")
    text = (ROOT / "reco.conf").read_text()
    (ROOT / "reco.conf").unlink()
    tap.equal(mime_of("reco.conf", text), ours, "type of our file")
    tap.equal(mime_of("other.conf", text), ours, "type of our file under another name")
    tap.equal(mime_of("short.conf", "# by hand\n\n[input]\nprojections=/data/scan\n"), ours, "type of a short one")
    tap.check(mime_of("smb.conf", "[global]\nworkgroup=HOME\n") != ours, "another program's file is taken for ours")
    tap.check(mime_of("other.conf", "[input]\nkeymap=de\n") != ours, "another program's file is taken for ours")


if __name__ == "__main__":
    try:
        tap.run(globals())
    finally:
        shutil.rmtree(FOLDER)

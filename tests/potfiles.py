#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that po/POTFILES.in names, in order, every file with texts that are translated, and no other.

usage: potfiles.py [--write]    in the root of the source; --write puts the list right instead
"""

import pathlib
import re
import sys

LIST = pathlib.Path("po/POTFILES.in")
FOLDERS = ("app", "core", "data", "ui")
MARKS = {
    ".c": re.compile(r'\b(?:N?C?_|n?gettext|g_dngettext|g_dpgettext2?) \("'),
    ".h": re.compile(r'\b(?:N?C?_|n?gettext) \("'),
    ".def": re.compile(r'\bN_ \("'),
    ".ui": re.compile(r'translatable="(?:yes|true|1)"'),
    ".in": re.compile(r"^(?:\[Desktop Entry\]|<component)", re.MULTILINE),
}


def translated():
    for folder in FOLDERS:
        for path in pathlib.Path(folder).rglob("*"):
            mark = MARKS.get(path.suffix)
            if mark and path.is_file() and mark.search(path.read_text(encoding="utf-8")):
                yield path.as_posix()


def main(arguments):
    wanted = sorted(translated())
    if arguments == ["--write"]:
        LIST.write_text("".join(path + "\n" for path in wanted), encoding="utf-8")
        return 0
    listed = LIST.read_text(encoding="utf-8").splitlines()
    problems = ["%s: lacks %s" % (LIST, path) for path in wanted if path not in listed]
    problems += ["%s: %s has no translated text, or is not there" % (LIST, path)
                 for path in listed if path not in wanted]
    if not problems and listed != wanted:
        problems.append("%s: is not sorted, or names a file twice" % LIST)
    if problems:
        print("\n".join(problems + ["python3 tests/potfiles.py --write puts it right."]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

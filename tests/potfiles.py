#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes po/POTFILES.in, the list of files with texts that are translated, for those who collect these texts.

usage: potfiles.py    in the root of the source
"""

import pathlib
import re

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


def main():
    LIST.write_text("".join(path + "\n" for path in sorted(translated())), encoding="utf-8")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what no compiler does: licence lines, line length, blanks, order and spelling of includes.

usage: style.py [FOLDER]    prints FILE:LINE: what is wrong; exits with 1 if anything is
"""

import pathlib
import re
import sys

COLUMNS = 120
CODE = {".c", ".h", ".cl", ".def", ".py", ".sh"}
TEXT = CODE | {".md", ".txt", ".build", ".xml", ".ui", ".css"}
NAMES = {"dev", "run", "meson_options.txt", ".clang-tidy", ".clang-format", ".editorconfig"}
# In these folders every folder sees the headers that it may, by "FOLDER/NAME.h".
LAYERED = ("core", "ui")
# Made by the build, each for one file.
MADE = {"recon-kernels.h", "task-list.h", "worker1-interface.h"}
# A program that knows only what is installed has no config.h.
FIRST = ('#include "config.h"', "#include <config.h>", "#include <reconstruct.h>")
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"
# Tables, where a record is a line, and texts that a break would become part of.
WIDE = {".def", ".md", ".ui"}


def files(root):
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if parts[0] == ".git" or parts[0].startswith("build") or not path.is_file():
            continue
        if path.suffix in TEXT or path.name in NAMES:
            yield path


def include_problems(path, lines):
    parts = path.parts
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if match is None:
            continue
        name = match.group(1)
        folder = name.rpartition("/")[0]
        if ".." in name.split("/") or name.startswith("/"):
            yield number, "includes by a way that goes round the include folders"
        elif name.endswith("-private.h") and folder not in ("", parts[-2]):
            yield number, "includes a private header of another folder"
        elif folder == "" and parts[0] in LAYERED and name not in MADE | {"config.h"}:
            yield number, "includes %s without its folder" % name


def problems(path):
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        yield 1, "is not UTF-8: %s" % error
        return
    lines = text.split("\n")
    is_script = lines[0].startswith("#!")
    if path.suffix in CODE or is_script:
        if LICENCE not in lines[1 if is_script else 0]:
            yield 1, "lacks the licence line: " + LICENCE
    if text and not text.endswith("\n"):
        yield len(lines), "lacks a newline at the end"
    if text.endswith("\n\n"):
        yield len(lines) - 1, "ends with an empty line"
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield number, "has a tab"
        if line != line.rstrip():
            yield number, "has blanks at the end"
        if len(line) > COLUMNS and path.suffix not in WIDE:
            yield number, "has %d columns, more than %d" % (len(line), COLUMNS)
    if path.suffix == ".h" and "#pragma once" not in lines:
        yield 1, "lacks #pragma once"
    if path.suffix == ".c":
        includes = [(n, line) for n, line in enumerate(lines, 1) if re.match(r"\s*#\s*include\b", line)]
        if includes and includes[0][1] not in FIRST:
            yield includes[0][0], 'includes something before "config.h"'
    if path.suffix in (".c", ".h"):
        yield from include_problems(path, lines)


def main(arguments):
    root = pathlib.Path(arguments[0] if arguments else ".")
    wrong = False
    for path in files(root):
        for number, text in problems(path):
            print("%s:%d: %s" % (path.relative_to(root), number, text))
            wrong = True
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what templates, resources and code of the window say of each other, which no compiler does.

usage: ui_files.py    in the root of the source

Every .ui file is in a resource, and a resource has only files that are there. Icons are in the theme or our own, and
our own are used. Keys of the application are in the window of shortcuts. Colours in the style sheet have names.
Texts for users in templates are marked.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as xml

OVERLAY = pathlib.Path("data/gtk/help-overlay.ui")
OURS = pathlib.Path("data/icons/scalable/actions")
THEME = pathlib.Path("/usr/share/icons/Adwaita")
TEXTS = {"label", "title", "subtitle", "description", "tooltip-text", "dropdown-tooltip", "placeholder-text"}


def sources(*suffixes):
    for folder in ("app", "data", "ui"):
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix in suffixes:
                yield path


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def resources():
    listed = set()
    for path in sources(".xml"):
        if not path.name.endswith(".gresource.xml"):
            continue
        for entry in xml.parse(path).iter("file"):
            file = path.parent / entry.text
            if not file.is_file():
                yield "%s: %s is not there" % (path, file)
            if file in listed:
                yield "%s: %s is in a resource twice" % (path, file)
            listed.add(file)
    for path in list(sources(".ui", ".css")) + sorted(OURS.glob("*.svg")):
        if path not in listed:
            yield "%s: is in no .gresource.xml" % path


def icons():
    theme = {path.stem for path in THEME.rglob("*-symbolic.svg")}
    ours = {path.stem for path in OURS.glob("*.svg")}
    used = set()
    for path in sources(".c", ".ui"):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"[a-z0-9]+(?:-[a-z0-9]+)*-symbolic", text):
            used.add(match[0])
            if theme and match[0] not in theme | ours:
                yield "%s:%d: there is no icon %s" % (path, line_of(text, match.start()), match[0])
    for name in sorted(ours - used):
        yield "%s: nothing uses this icon" % (OURS / (name + ".svg"))


def plain(accelerator):
    parts = re.findall(r"<(\w+)>", accelerator.replace("Primary", "Ctrl").replace("Control", "Ctrl"))
    return "".join("<%s>" % part for part in sorted(parts)) + re.sub(r"<\w+>", "", accelerator)


def keys():
    told = set()
    for entry in xml.parse(OVERLAY).iter("property"):
        if entry.get("name") == "accelerator":
            told.update(plain(word) for word in entry.text.split())
    for path in sources(".c"):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r'\{ "(?:app|win|window)\.[^"]+", \{ ([^}]*) \} \}', text):
            for accelerator in re.findall(r'"([^"]+)"', match[1]):
                if plain(accelerator) not in told:
                    yield "%s:%d: %s is not in %s" % (path, line_of(text, match.start()), accelerator, OVERLAY)


def colours():
    for path in sources(".css"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), text, flags=re.DOTALL)
        for match in re.finditer(r"#[0-9a-fA-F]{3,8}\b|\brgba?\s*\(", text):
            yield "%s:%d: a colour without a name" % (path, line_of(text, match.start()))


def texts():
    for path in sources(".ui"):
        for entry in xml.parse(path).iter():
            is_text = entry.tag in ("property", "attribute") and entry.get("name") in TEXTS
            has_letters = re.search(r"[^\W\d_]{2}", entry.text or "")
            if is_text and has_letters and entry.get("bind-source") is None and entry.get("translatable") != "yes":
                yield '%s: "%s" is not marked as translatable' % (path, entry.text)


def main():
    problems = [text for check in (resources, icons, keys, colours, texts) for text in check()]
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

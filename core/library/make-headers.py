#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the public headers as they are installed.

usage: make-headers.py FOLDER HEADER…             FOLDER/NAME.h for each core/…/NAME.h
       make-headers.py --umbrella FILE HEADER…    the header that includes all of them

Among ourselves headers are included as "FOLDER/NAME.h". Such names are everybody's: other programs have a graph/graph.h
of their own. Installed headers are <reconstruct/NAME.h>, and may include each other and no private one.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^#include "([^"]+)"$', re.MULTILINE)


def short(path):
    return "/".join(path.parts[-2:])


def installed(path, public):
    def angle(match):
        if match.group(1) not in public:
            sys.exit("%s is public, and includes %s, which is not" % (short(path), match.group(1)))
        return "#include <reconstruct/%s>" % match.group(1).rpartition("/")[2]

    return INCLUDE.sub(angle, path.read_text(encoding="utf-8"))


def umbrella(paths):
    lines = ["/* SPDX-License-Identifier: GPL-3.0-or-later */", "#pragma once", ""]
    lines += ["#include <reconstruct/%s>" % path.name for path in paths]
    return "\n".join(lines) + "\n"


def main(arguments):
    if arguments[0] == "--umbrella":
        paths = [pathlib.Path(name) for name in arguments[2:]]
        pathlib.Path(arguments[1]).write_text(umbrella(paths), encoding="utf-8")
        return
    paths = [pathlib.Path(name) for name in arguments[1:]]
    public = {short(path) for path in paths}
    for path in paths:
        pathlib.Path(arguments[0], path.name).write_text(installed(path, public), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

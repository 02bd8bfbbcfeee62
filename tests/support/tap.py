# SPDX-License-Identifier: GPL-3.0-or-later
"""Test programs in Python that speak TAP, as those in C do.

    import tap

    def test_sum():
        "two and two are four"
        tap.equal(2 + 2, 4)

    if __name__ == "__main__":
        tap.run(globals())

Cases are the functions whose names begin with "test_", in the order of the file. What a case raises fails it, and
Skip skips it; the next one runs nevertheless.
"""

import os
import sys
import traceback


class Skip(Exception):
    pass


class Failure(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Failure(text)


def equal(value, expected, what="value"):
    check(value == expected, "%s is %r, expected %r" % (what, value, expected))


def contains(text, part, what="text"):
    check(part in text, "%s lacks %r:\n%s" % (what, part, text))


def say(text):
    """A comment in the output."""
    for line in str(text).splitlines():
        print("# " + line, flush=True)


class Report:
    """Counts the cases and prints their lines. Cases of other processes that print to the same output are added to
    n_cases by hand."""

    def __init__(self):
        self.n_cases = 0
        self.failed = False

    def case(self, name, function, *arguments):
        self.n_cases += 1
        try:
            function(*arguments)
            line = "ok %d %s" % (self.n_cases, name)
        except Skip as reason:
            line = "ok %d %s # SKIP %s" % (self.n_cases, name, reason)
        except Exception:
            say(traceback.format_exc())
            self.failed = True
            line = "not ok %d %s" % (self.n_cases, name)
        print(line, flush=True)

    def plan(self):
        print("1..%d" % self.n_cases, flush=True)


def cases(namespace, only=()):
    """(name, function) of the cases in a module's globals(); with words, those whose name has one of them."""
    for name, function in list(namespace.items()):
        if name.startswith("test_") and callable(function) and (not only or any(word in name for word in only)):
            yield name[len("test_"):].replace("_", "-"), function


def run(namespace):
    report = Report()
    for name, function in cases(namespace, sys.argv[1:]):
        report.case(name, function)
    report.plan()
    sys.exit(1 if report.failed or not report.n_cases else 0)


def data_folder():
    """The folder of real scans, found as the tests in C find it."""
    source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    folder = os.environ.get("RECONSTRUCT_TEST_DATA") or os.path.join(source, "..", "shared", "data")
    if not os.path.isdir(folder):
        raise Skip("The real scans are not here; set RECONSTRUCT_TEST_DATA to their folder.")
    return os.path.abspath(folder)

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""That whoever does not see the window is told what everything in it is, and can reach it by keys."""

import re

import harness
import scans
import tap
from window import Window

CONTROLS = re.compile("button|check box|combo box|page tab$|slider|text|toggle")
# What a widget is called that has no name: its type.
TYPE = re.compile("^(Gtk|Adw|Recon)[A-Z][A-Za-z]+$")
# Parts of controls of libadwaita, which has no way to name them.
PARTS = ("AdwSplitButton",)


def nameless(node, parent="", split=False):
    """Controls without a name below a node, each with the name of the one before it, to find it by."""
    found = []
    before = parent
    for child in node.children:
        if not child.is_shown(child.name, node.name):
            continue
        is_nameless = not child.name or TYPE.match(child.name)
        if is_nameless and CONTROLS.search(child.role) and before != "separator":
            found.append("%r after %s" % (child, before))
        else:
            found += nameless(child, before)
        before = child.role if child.role == "separator" else child.name or before
    return found


def test_empty_window():
    with Window() as window:
        tap.equal(nameless(window), [], "controls without a name")


def test_scan():
    with Window(scans.phantom("names") / "reco.conf") as window:
        window.view()
        tap.equal(nameless(window), [], "controls without a name")


EXPANDERS = ("More Input Settings", "More Correction Settings", "More Reconstruction Settings", "Device and Memory",
             "More Output Settings")


def expand_all(window):
    for title in EXPANDERS:
        n_fields = len(fields(window))
        window.scroll_to(window.find(name=title, role="list item")).click()
        window.wait(lambda: len(fields(window)) > n_fields, "%s has opened" % title)


def fields(window):
    """Name → value of what holds numbers and texts."""
    found = window.find(name="ReconForm").search(role=re.compile("^(spin button|text|combo box)$"))
    return {(node.role, node.name): node.text for node in found}


def test_every_setting():
    with Window(scans.phantom("names") / "reco.conf") as window:
        window.view()
        expand_all(window)
        window.find(name="Threads")
        tap.equal(nameless(window), [], "controls without a name")


def test_scrolling_alters_nothing():
    """A wheel over a number scrolls the form; it must not turn the number."""
    with Window(scans.phantom("names") / "reco.conf") as window:
        window.view()
        expand_all(window)
        before = fields(window)
        tap.check(len(before) > 20, "the form has %d fields only" % len(before))
        for node in window.find(name="ReconForm").search(role="spin button"):
            window.scroll_to(node)
            node.scroll(-1)
            node.scroll(1)
        tap.equal(fields(window), before, "values")
        window.find(name="reco.conf", role="label")


def test_log():
    with Window() as window:
        window.key("ctrl+l")
        window.find(name="Hide Log")
        tap.equal(nameless(window), [], "controls without a name")


def test_axis():
    with Window(scans.phantom("names") / "reco.conf") as window:
        window.view()
        window.key("alt+2")
        window.find(name="Difference")
        tap.equal(nameless(window), [], "controls without a name")


def test_image_tells_what_it_is():
    with Window(scans.phantom("names") / "reco.conf") as window:
        window.find(role="image", name=re.compile(
            "^Slice 6 of 12, 160 by 160, values -?[0-9.e-]+ to [0-9.e-]+$"))


def test_tab_reaches_the_form():
    """In the order of reading: what comes first has the focus first."""
    with Window() as window:
        seen = []
        for _ in range(12):
            window.key("Tab")
            focused = window.wait(lambda: window.search(state="focused"), "something has the focus")[-1].name
            if focused not in seen:
                seen.append(focused)
        order = [name for name in seen if name in ("Reconstruct", "Projections", "Browse for Projections")]
        tap.check("Projections" in order and "Browse for Projections" in order, "Tab goes to %s" % seen)
        tap.equal(order, sorted(order, key=["Reconstruct", "Projections", "Browse for Projections"].index), "order")


if __name__ == "__main__":
    harness.run(globals())

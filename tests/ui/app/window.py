# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as its users speak of it: rows of the form, the view, runs."""

import re

import harness
import pictures
import session
import tap
from session import wait_for

# What the names of images begin with.
IMAGES = "^(Slice|Projection|Corrected projection|Sinogram|Result)\\b"


class Window(harness.App):
    def __init__(self, *words, **options):
        program = session.BUILD / "app" / "reconstruct-gui"
        super().__init__(program, *words, **options)

    def quit(self, status=0):
        """Without saving."""
        self.leave()
        asks = wait_for(lambda: self.process.poll() is not None or self.search(name="Discard"))
        if asks and self.process.poll() is None:
            self.find(name="Discard", role="push button").press()
        self.left(status)

    def row(self, title):
        """The field of a row of the form, made visible as a user does who searches it."""
        return self.find(name=title, role=re.compile("text|spin button"))

    def scroll_to(self, node):
        """Turns the wheel over the form until a row is in the middle of the window."""
        form = self.find(name="ReconForm")
        top, height = form.box[1], form.box[3]
        for _ in range(100):
            y = node.box[1]
            if top + height // 4 < y < top + 3 * height // 4:
                return node
            form.scroll(1 if y > top + height // 2 else -1)
            # At an end of the form it can't come nearer.
            if not wait_for(lambda: node.box[1] != y, 0.5) and top < y < top + height - node.box[3]:
                return node
        raise tap.Failure("%r cannot be scrolled to" % node)

    def set_path(self, title, path):
        self.row(title).set_text(str(path))

    def view(self, pattern=IMAGES):
        """The image that is shown, whose name says which one it is."""
        return self.find(role="image", name=re.compile(pattern))

    def picture(self, name=None):
        """Of the image, at rest, without what lies over its corners."""
        screen = self.screenshot(name)
        return screen.crop(*self.view().place).inner(0.6)

    def wait_for_picture(self, name=None):
        """Waits for an image of a scan, which has many greys: an empty view, or one out of range, has not."""
        seen = []

        def is_there():
            seen[:] = [self.picture(name)]
            return seen[0].n_colours() > 60 and seen[0].deviation() > 8

        self.wait(is_there, "the view shows an image")
        return seen[0]

    def show(self, source):
        self.menu("What Is Shown", source)

    def run(self, seconds=60):
        """Reconstructs and returns what the window says of it in the end."""
        self.find(name="Reconstruct", role="push button", state="sensitive").press()
        return self.find(name=re.compile("^[0-9]+ slices? in "), timeout=seconds).name


def choose_file(window, title, path):
    """Types a path into GTK's file dialog of that title, which is open, and closes it."""
    dialog = window.find(name=title)
    window.key("ctrl+a")
    window.type(str(path))
    window.key("Return")
    window.gone(name=dialog.name)


def save_as(window, path):
    window.key("ctrl+shift+s")
    choose_file(window, "Save Configuration", path)
    window.wait(path.exists, "%s is saved" % path)

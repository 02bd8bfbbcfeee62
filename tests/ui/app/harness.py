# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a program as its users do: what it shows by the accessibility bus, keys by X.

    import harness
    import tap

    def test_greeting ():
        with harness.App ("program") as app:
            app.find (role="push button", name="Greet").press ()
            app.find (role="label", name=re.compile ("^Hello"))

    harness.run (globals ())

Whatever is looked for is waited for; what doesn't come fails the case, with the tree as it is then.
"""

import os
import re
import signal
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

import pictures
import session
import tap
from session import run, wait_for

TIMEOUT = 15
FRAMES = ("frame", "dialog", "window", "alert")
# A page's name is its type where nobody has given it another.
PAGES = ("GtkStackPage", "AdwViewStackPage")
# What answers to clicks by itself, even where nothing happens.
DRAWN = ("label", "image")
# What libraries say in an ordinary session; anything else on standard error is a fault.
HARMLESS = re.compile(r"^(libGL: |MESA|Gsk-Message: .* Failed to realize renderer|$)")


def matches(wanted, text):
    return wanted is None or (wanted.search(text) if isinstance(wanted, re.Pattern) else wanted == text)


class Node:
    """One accessible. What it tells is asked anew each time."""

    def __init__(self, app, accessible):
        self.app = app
        self.accessible = accessible

    def __repr__(self):
        return "%s %r" % (self.role, self.name)

    @property
    def name(self):
        """Without what GTK 4.8 does to the names of some buttons: "_Open Open" is Open."""
        name = self.accessible.get_name() or ""
        half = name[len(name) // 2 + 1:]
        if name.replace("_", "") == "%s %s" % (half, half) or name.replace("_", "", 1) == "%s %s" % (half, half):
            return half
        return name

    @property
    def description(self):
        return self.accessible.get_description() or ""

    @property
    def role(self):
        return self.accessible.get_role_name() or ""

    @property
    def children(self):
        found = (self.accessible.get_child_at_index(i) for i in range(self.accessible.get_child_count()))
        return [Node(self.app, child) for child in found if child is not None]

    def has(self, state):
        """Such as "checked", "sensitive", "focused"."""
        return self.accessible.get_state_set().contains(getattr(Atspi.StateType, state.upper()))

    @property
    def text(self):
        text = self.accessible.get_text_iface()
        return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text)) if text else ""

    @property
    def value(self):
        return Atspi.Value.get_current_value(self.accessible.get_value_iface())

    @property
    def box(self):
        """(x, y, width, height) in the window, without what the style puts around it; None for what has no place."""
        component = self.accessible.get_component_iface()
        if component is None:
            return None
        extents = Atspi.Component.get_extents(component, Atspi.CoordType.WINDOW)
        return extents.x, extents.y, extents.width, extents.height

    @property
    def place(self):
        """The box on the screen."""
        frame = self
        while frame.role not in FRAMES:
            frame = Node(self.app, frame.accessible.get_parent())
        left, top = self.app.origin(frame)
        x, y, width, height = self.box
        return left + x, top + y, width, height

    def is_drawn(self):
        """Whether a click in the middle of some part of it would find that part: the only trace on the bus of whether a
        page of a stack is the one that is shown."""
        box = self.box
        if box is None or box[2] <= 0 or box[3] <= 0:
            return False
        if self.role in DRAWN and Atspi.Component.get_accessible_at_point(
                self.accessible.get_component_iface(), box[0] + box[2] // 2, box[1] + box[3] // 2,
                Atspi.CoordType.WINDOW):
            return True
        return any(child.is_drawn() for child in self.children)

    def is_shown(self, parent):
        box = self.box
        if box is None:
            return True
        if box[2] <= 0 or box[3] <= 0:
            return False
        # Pages of libadwaita's stack have no node of their own, but what we put there is ours.
        is_page = parent.name in PAGES or re.match("Recon[A-Z]", self.name)
        return not is_page or self.is_drawn()

    def walk(self, depth=0):
        """The tree of what is shown, with depths. What ends in the meantime is left out."""
        yield depth, self
        try:
            children = [child for child in self.children if child.is_shown(self)]
        except GLib.Error:
            children = []
        for child in children:
            yield from child.walk(depth + 1)

    def search(self, name=None, role=None, state=None):
        """All of this kind that are shown now."""
        found = []
        for _, node in self.walk():
            try:
                if matches(role, node.role) and matches(name, node.name) and (state is None or node.has(state)):
                    found.append(node)
            except GLib.Error:
                # Gone since its parent was asked.
                continue
        return found

    def find(self, name=None, role=None, timeout=TIMEOUT, **more):
        """The first of this kind, as soon as there is one."""
        found = wait_for(lambda: self.app.check_alive() and self.search(name, role, **more), timeout)
        if not found:
            raise tap.Failure("There is no %s named %r. There are:\n%s" % (role or "widget", name, self.tree()))
        return found[0]

    def gone(self, name=None, role=None, timeout=TIMEOUT, **more):
        if not wait_for(lambda: self.app.check_alive() and not self.search(name, role, **more), timeout):
            raise tap.Failure("The %s named %r is still there:\n%s" % (role or "widget", name, self.tree()))

    def tree(self):
        lines = []
        for depth, node in self.walk():
            try:
                states = [s for s in ("sensitive", "checked", "focused") if node.has(s)]
                text = node.text
                lines.append("%s%s %r%s (%s)" % ("  " * depth, node.role, node.name, " text %r" % text if text else "",
                                                 " ".join(states)))
            except GLib.Error:
                continue
        return "\n".join(lines)

    def press(self):
        """Does what a click on it does. What a menu button does, the button inside does. Rows can only be clicked."""
        for _, node in self.walk():
            action = node.accessible.get_action_iface()
            if node.role != "label" and action is not None and Atspi.Action.get_n_actions(action) > 0:
                tap.check(node.has("sensitive"), "%r is insensitive" % node)
                Atspi.Action.do_action(action, 0)
                return
        raise tap.Failure("%r can do nothing" % self)

    def set_checked(self, wanted):
        if self.has("checked") != wanted:
            self.press()
        self.app.wait(lambda: self.has("checked") == wanted, "%r %s checked" % (self, "is" if wanted else "is not"))

    def set_text(self, text):
        """Replaces the text of an entry, without Enter."""
        editable = self.accessible.get_editable_text_iface()
        tap.check(editable is not None, "%r cannot be edited" % self)
        Atspi.EditableText.set_text_contents(editable, text)
        self.app.wait(lambda: self.text == text, "%r holds %r" % (self, text))

    def set_value(self, value):
        Atspi.Value.set_current_value(self.accessible.get_value_iface(), value)
        self.app.wait(lambda: abs(self.value - value) <= 1e-9 * max(1, abs(value)), "%r is %r" % (self, value))

    def click(self, button=1):
        x, y, width, height = self.place
        subprocess.run(["xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", str(button)],
                       check=True)

    def scroll(self, clicks):
        """Turns the wheel over its middle, down or, for less than 0, up."""
        x, y, width, height = self.place
        subprocess.run(["xdotool", "mousemove", str(x + width // 2), str(y + height // 2),
                        "click", "--repeat", str(abs(clicks)), "--delay", "5", "5" if clicks > 0 else "4"], check=True)

    def focus(self):
        """By a click: GTK 4.8 gives nobody the focus over the bus."""
        self.click()
        self.app.wait(lambda: self.has("focused"), "%r has the focus" % self)

    def picture(self, name=None):
        """Of its place on the screen."""
        return pictures.take(name, self.place)


class App(Node):
    """A program and its accessible; leaving the block ends it."""

    def __init__(self, *words, env=None, cwd=None, name=None, quit_keys="ctrl+q"):
        self.app = self
        self.words = [str(word) for word in words]
        self.quit_keys = quit_keys
        self.program = name or os.path.basename(self.words[0])
        self.log_path = session.folder("work", "%s-%d.log" % (self.program, time.monotonic_ns()))
        environment = dict(os.environ, G_DEBUG="fatal-warnings")
        for key, value in (env or {}).items():
            environment.pop(key, None)
            if value is not None:
                environment[key] = str(value)
        self.log = open(self.log_path, "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(self.words, env=environment, cwd=cwd or session.folder("work"),
                                        stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.accessible = None
        self.children_at_end = {}

    def __enter__(self):
        try:
            self.wait(self.look_up, "the program is on the accessibility bus")
            self.find(role="frame")
        except Exception:
            self.kill()
            raise
        return self

    def __exit__(self, kind, error, trace):
        if self.process.poll() is None and kind is None:
            self.quit()
        elif kind is not None:
            tap.say("output of %s:\n%s" % (self.program, self.output()))
            pictures.take("failed-" + self.program)
        self.kill()

    def look_up(self):
        desktop = Atspi.get_desktop(0)
        desktop.set_cache_mask(Atspi.Cache.NONE)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            try:
                if child is not None and child.get_process_id() == self.process.pid:
                    self.accessible = child
                    child.set_cache_mask(Atspi.Cache.NONE)
                    return True
            except GLib.Error:
                continue
        return False

    def origin(self, frame):
        """Where on the screen the inner part of a window begins: around it is what the theme draws."""
        name = frame.name
        for window in subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
                                     stdout=subprocess.PIPE, text=True).stdout.split():
            said = subprocess.run(["xdotool", "getwindowname", window, "getwindowgeometry", "--shell", window],
                                  stdout=subprocess.PIPE, text=True).stdout
            title, _, rest = said.partition("\n")
            if title == name:
                at = dict(line.split("=") for line in rest.split())
                width, height = frame.box[2:]
                return (int(at["X"]) + (int(at["WIDTH"]) - width) // 2,
                        int(at["Y"]) + (int(at["HEIGHT"]) - height) // 2)
        raise tap.Failure("No window on the screen is titled %r" % name)

    def output(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def complaints(self):
        return [line for line in self.output().splitlines() if not HARMLESS.match(line)]

    def check_alive(self):
        status = self.process.poll()
        if status is not None:
            raise tap.Failure("%s ended with status %d, saying:\n%s" % (self.program, status, self.output()))
        return True

    def wait(self, condition, what, timeout=TIMEOUT):
        """Waits until a condition of the program holds; says what was waited for if it doesn't come."""
        value = wait_for(lambda: self.check_alive() and condition(), timeout)
        if not value:
            raise tap.Failure("After %g s it does not hold that %s. There is:\n%s"
                              % (timeout, what, self.tree() if self.accessible else self.output()))
        return value

    # X has one keyboard, and without a window manager the newest window has it.
    def key(self, *keys):
        self.check_alive()
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)

    def type(self, text):
        self.check_alive()
        subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "5", text], check=True)

    def menu(self, button, *items):
        """Opens the menu of a button and activates an item of it, or one of a submenu."""
        self.find(role=re.compile("button"), name=button).press()
        for item in items:
            self.find(role=re.compile("menu item"), name=item).press()

    def screenshot(self, name):
        """Of the screen, when two pictures in a row are equal."""
        last = [pictures.take()]

        def is_quiet():
            picture = pictures.take()
            quiet = picture.pixels == last[0].pixels
            last[0] = picture
            return quiet

        self.wait(is_quiet, "the screen has come to rest")
        return pictures.take(name)

    def children_processes(self, pattern=""):
        """pid → command line of the processes that it started, by now ended ones not."""
        found = {}
        for pid, line in session.processes(session.folder()).items():
            try:
                with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == self.process.pid and re.search(pattern, line):
                found[pid] = line
        return found

    def leave(self):
        """Asks it to end as a user does."""
        self.children_at_end = self.children_processes()
        self.key(self.quit_keys)

    def left(self, status=0):
        """Asserts that it ends well, and all that it started, and that it said nothing."""
        self.ended(status)
        children = self.children_at_end
        tap.check(wait_for(lambda: not children.keys() & session.processes(session.folder()).keys(), 5),
                  "%s left processes behind: %s" % (self.program, children))
        tap.equal(self.complaints(), [], "what %s said" % self.program)

    def quit(self, status=0):
        self.leave()
        self.left(status)

    def ended(self, status=0):
        wait_for(lambda: self.process.poll() is not None, TIMEOUT)
        if self.process.poll() is None:
            raise tap.Failure("%s does not end. It shows:\n%s" % (self.program, self.tree()))
        tap.check(self.process.returncode == status, "%s ended with status %d:\n%s"
                  % (self.program, self.process.returncode, self.output()))

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.log.close()

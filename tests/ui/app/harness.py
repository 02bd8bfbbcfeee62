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

import accessible
import pictures
import session
import tap
from session import run, wait_for

TIMEOUT = 60
FRAMES = ("frame", "dialog", "window", "alert")
# What libraries say in an ordinary session; anything else on standard error is a fault.
HARMLESS = re.compile(r"^(libGL: |MESA|Gsk-Message: .* Failed to realize renderer|$)")


class Node(accessible.Node):
    """A widget of a program, with what a user does to it."""

    def __init__(self, app, owner, path):
        super().__init__(app.bus, owner, path)
        self.app = app

    def node(self, path):
        return Node(self.app, self.owner, path)

    def find(self, name=None, role=None, timeout=TIMEOUT, **more):
        """The first of this kind, as soon as there is one."""
        found = wait_for(lambda: self.app.check_alive() and self.search(name, role, **more), timeout)
        if not found:
            raise tap.Failure("There is no %s named %r. There are:\n%s" % (role or "widget", name, self.tree()))
        return found[0]

    def gone(self, name=None, role=None, timeout=TIMEOUT, **more):
        if not wait_for(lambda: self.app.check_alive() and not self.search(name, role, **more), timeout):
            raise tap.Failure("The %s named %r is still there:\n%s" % (role or "widget", name, self.tree()))

    @property
    def place(self):
        """The box on the screen."""
        frame = self
        while frame.role not in FRAMES:
            frame = frame.parent
        left, top = self.app.origin(frame)
        x, y, width, height = self.box
        return left + x, top + y, width, height

    def press(self):
        """Does what a click on it does. What a menu button does, the button inside does. Rows can only be clicked."""
        for _, node in self.walk():
            if node.role == "label":
                continue
            tap.check(node.has("sensitive"), "%r is insensitive" % node)
            if node.do_first_action():
                return
        raise tap.Failure("%r can do nothing" % self)

    def set_checked(self, wanted):
        if self.has("checked") != wanted:
            self.press()
        self.app.wait(lambda: self.has("checked") == wanted, "%r %s checked" % (self, "is" if wanted else "is not"))

    def set_text(self, text):
        """Replaces the text of an entry, without Enter."""
        self.set_contents(text)
        self.app.wait(lambda: self.text == text, "%r holds %r" % (self, text))

    def set_value(self, value):
        self.set_current_value(value)
        self.app.wait(lambda: abs(self.value - value) <= 1e-9 * max(1, abs(value)), "%r is %r" % (self, value))

    def click(self, button=1):
        x, y, width, height = self.place
        subprocess.run(["xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", str(button)],
                       check=True)

    def drag(self, across):
        """From its middle, by so many pixels of the screen, in steps as a hand makes them."""
        x, y, width, height = self.place
        steps = ["mousemove_relative", "--sync", "--", str(across // 10), "0"] * 10
        subprocess.run(["xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "mousedown", "1", *steps,
                        "mouseup", "1"], check=True)

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
        self.bus = accessible.Bus()
        super().__init__(self, None, None)
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
        found = self.bus.find_program(self.process.pid)
        if found is not None:
            self.owner, self.path = found
        return found is not None

    def origin(self, frame):
        """Where on the screen the inner part of a window begins: around it is what the theme draws. A title that
        changes reaches the screen a moment later."""
        for _ in range(20):
            found = self.find_origin(frame)
            if found:
                return found
            time.sleep(0.1)
        raise tap.Failure("No window on the screen is titled %r" % frame.name)

    def find_origin(self, frame):
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
        return None

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
                              % (timeout, what, self.tree() if self.path else self.output()))
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

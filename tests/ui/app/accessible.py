# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs show on the accessibility bus, asked without a library in between.

libatspi asks for every property of every widget by itself, which takes seconds for a window. One call brings names,
roles and states of all that GTK has described so far (GetItems); what it hasn't is described as soon as somebody asks
for its parent's children.
"""

import ast
import collections
import re

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib

PREFIX = "org.a11y.atspi."
REGISTRY = (PREFIX + "Registry", "/org/a11y/atspi/accessible/root")
NOTHING = "/org/a11y/atspi/null"
IN_WINDOW = 1
STATES = {"active": 1, "checked": 4, "editable": 7, "expanded": 10, "focusable": 11, "focused": 12, "pressed": 20,
          "selected": 23, "sensitive": 24}
# Numbers of the protocol. The names that GTK gives are translated; those of others are "role N".
ROLES = {2: "alert", 7: "check box", 8: "check menu item", 11: "combo box", 16: "dialog", 20: "filler", 23: "frame",
         27: "image", 29: "label", 31: "list", 32: "list item", 33: "menu", 35: "menu item", 37: "page tab",
         38: "page tab list", 39: "panel", 42: "progress bar", 43: "push button", 44: "radio button",
         45: "radio menu item", 48: "scroll bar", 49: "scroll pane", 50: "separator", 51: "slider", 52: "spin button",
         61: "text", 62: "toggle button", 69: "window", 75: "application"}
# A page's name is its type where nobody has given it another.
PAGES = ("GtkStackPage", "AdwViewStackPage")
# What answers to clicks by itself, even where nothing happens.
DRAWN = ("label", "image")

# A row of what GetItems gives, as GLib prints it: (bus name, path) of it, of its program, of its parent, …
STRING = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
ITEM = re.compile(r"\(\(S, (?P<path>S)\), \(S, S\), \(S, (?P<parent>S)\), (?P<index>-?\d+), (?P<n_children>-?\d+), "
                  r"\[[^]]*\], (?P<name>S), (?P<role>\d+), S, \[(?P<states>[\d, ]+)\]\)".replace("S", STRING))


def role_name(number):
    return ROLES.get(number, "role %d" % number)


def matches(wanted, text):
    return wanted is None or (wanted.search(text) if isinstance(wanted, re.Pattern) else wanted == text)


def plain_name(name):
    """Without what GTK 4.8 does to the names of some buttons: "_Open Open" is Open."""
    half = name[len(name) // 2 + 1:]
    if half and "%s %s" % (half, half) in (name.replace("_", ""), name.replace("_", "", 1)):
        return half
    return name


def read_string(text):
    return ast.literal_eval(text) if "\\" in text else text[1:-1]


class Bus:
    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                                    Gio.DBusCallFlags.NONE, -1, None).unpack()[0]
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)

    def reply(self, owner, path, interface, method, arguments=None):
        return self.connection.call_sync(owner, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, 10000,
                                         None)

    def call(self, owner, path, interface, method, arguments=None):
        return self.reply(owner, path, interface, method, arguments).unpack()

    def find_program(self, pid):
        """(owner, path) of the root of a program, or None as long as it is not there."""
        for owner, path in self.call(*REGISTRY, PREFIX + "Accessible", "GetChildren")[0]:
            try:
                if self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                             "GetConnectionUnixProcessID", GLib.Variant("(s)", (owner,)))[0] == pid:
                    return owner, path
            except GLib.Error:
                # Gone since it was listed.
                continue
        return None


class Item:
    """What GetItems tells of an accessible."""

    def __init__(self, match):
        self.path = read_string(match["path"])
        self.parent = read_string(match["parent"])
        self.index = int(match["index"])
        self.n_children = int(match["n_children"])
        self.name = plain_name(read_string(match["name"]))
        self.role = role_name(int(match["role"]))
        self.states = [int(word) for word in match["states"].split(",")]

    def has(self, state):
        return state_in(self.states, state)


def state_in(words, state):
    return bool(words[STATES[state] // 32] >> STATES[state] % 32 & 1)


class Node:
    """One accessible of a program. What it tells is asked anew each time."""

    def __init__(self, bus, owner, path):
        self.bus = bus
        self.owner = owner
        self.path = path

    def __repr__(self):
        return "%s %r" % (self.role, self.name)

    def __eq__(self, other):
        return isinstance(other, Node) and (self.owner, self.path) == (other.owner, other.path)

    def node(self, path):
        """Another one of the same program."""
        return Node(self.bus, self.owner, path)

    def call(self, interface, method, arguments=None, path=None):
        return self.bus.call(self.owner, path or self.path, PREFIX + interface, method, arguments)

    def get(self, interface, name):
        return self.bus.call(self.owner, self.path, "org.freedesktop.DBus.Properties", "Get",
                             GLib.Variant("(ss)", (PREFIX + interface, name)))[0]

    @property
    def name(self):
        return plain_name(self.get("Accessible", "Name"))

    @property
    def description(self):
        return self.get("Accessible", "Description")

    @property
    def role(self):
        return role_name(self.call("Accessible", "GetRole")[0])

    @property
    def parent(self):
        path = self.get("Accessible", "Parent")[1]
        return None if path == NOTHING else self.node(path)

    @property
    def children(self):
        return [self.node(path) for _, path in self.call("Accessible", "GetChildren")[0]]

    @property
    def interfaces(self):
        return [name[len(PREFIX):] for name in self.call("Accessible", "GetInterfaces")[0]]

    def has(self, state):
        """One of STATES."""
        return state_in(self.call("Accessible", "GetState")[0], state)

    @property
    def text(self):
        if "Text" not in self.interfaces:
            return ""
        return self.call("Text", "GetText", GLib.Variant("(ii)", (0, self.get("Text", "CharacterCount"))))[0]

    @property
    def value(self):
        return self.get("Value", "CurrentValue")

    @property
    def box(self):
        """(x, y, width, height) in the window, without what the style puts around it; None for what has no place."""
        try:
            return self.call("Component", "GetExtents", GLib.Variant("(u)", (IN_WINDOW,)))[0]
        except GLib.Error:
            return None

    def is_hit(self, x, y):
        """Whether a click there, in the window, finds it or a child."""
        return self.call("Component", "GetAccessibleAtPoint", GLib.Variant("(iiu)", (x, y, IN_WINDOW)))[0][1] != NOTHING

    def is_drawn(self):
        """Whether a click in the middle of some part of it would find that part: the only trace on the bus of whether a
        page of a stack is the one that is shown."""
        box = self.box
        if box is None or box[2] <= 0 or box[3] <= 0:
            return False
        if self.role in DRAWN and self.is_hit(box[0] + box[2] // 2, box[1] + box[3] // 2):
            return True
        return any(child.is_drawn() for child in self.children)

    def is_shown(self, name, parent_name):
        """By itself, if its parent is."""
        box = self.box
        if box is None:
            return True
        if box[2] <= 0 or box[3] <= 0:
            return False
        # Pages of libadwaita's stack have no node of their own, but what we put there is ours.
        is_page = parent_name in PAGES or re.match("Recon[A-Z]", name)
        return not is_page or self.is_drawn()

    def walk(self, depth=0):
        """The tree of what is shown, with depths. What ends in the meantime is left out."""
        yield depth, self
        try:
            name = self.name
            children = [child for child in self.children if child.is_shown(child.name, name)]
        except GLib.Error:
            children = []
        for child in children:
            yield from child.walk(depth + 1)

    def touch(self, items):
        """Has GTK describe what is missing below that which it has described so far. Returns whether there was any."""
        counts = collections.Counter(item.parent for item in items.values())
        paths = [path for path, item in items.items() if item.n_children > counts[path]]
        if self.path not in items:
            paths.append(self.path)
        n_new = 0
        while paths:
            try:
                children = [child for _, child in self.call("Accessible", "GetChildren", path=paths.pop())[0]]
            except GLib.Error:
                continue
            new = [child for child in children if child not in items]
            n_new += len(new)
            paths += new
        return n_new > 0

    def items(self):
        """Path → Item, of the whole program."""
        try:
            reply = self.bus.reply(self.owner, "/org/a11y/atspi/cache", PREFIX + "Cache", "GetItems")
        except GLib.Error:
            return {}
        # As text, since Python takes GLib's values apart a hundred times as slowly.
        return {item.path: item for item in map(Item, ITEM.finditer(reply.print_(False)))}

    def select(self, items, is_wanted):
        """Those below this one, in the order of the tree, that are wanted and shown."""
        shown = {self.path: True}

        def check(path):
            if path not in shown:
                item, parent = items[path], items.get(items[path].parent)
                shown[path] = (parent is not None and check(item.parent)
                               and self.node(path).is_shown(item.name, parent.name))
            return shown[path]

        def place(path):
            where = []
            while path in items and path != self.path:
                where.append(items[path].index)
                path = items[path].parent
            return where[::-1]

        wanted = [path for path, item in items.items() if path != self.path and is_wanted(item)]
        found = []
        for path in sorted(wanted, key=place):
            try:
                if check(path):
                    found.append(self.node(path))
            except GLib.Error:
                continue
        return found

    def search(self, name=None, role=None, state=None):
        """All of this kind that are shown now."""
        def is_wanted(item):
            return matches(role, item.role) and matches(name, item.name) and (state is None or item.has(state))

        items = self.items()
        found = self.select(items, is_wanted)
        if not found and self.touch(items):
            found = self.select(self.items(), is_wanted)
        return found

    def tree(self):
        lines = []
        for depth, node in self.walk():
            try:
                states = [state for state in STATES if node.has(state)]
                text = node.text
                lines.append("%s%r%s (%s)" % ("  " * depth, node, " text %r" % text if text else "", " ".join(states)))
            except GLib.Error:
                continue
        return "\n".join(lines)

    def do_first_action(self):
        """Returns whether it has one."""
        if "Action" not in self.interfaces or self.get("Action", "NActions") == 0:
            return False
        self.call("Action", "DoAction", GLib.Variant("(i)", (0,)))
        return True

    def set_contents(self, text):
        self.call("EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))

    def set_current_value(self, value):
        self.bus.call(self.owner, self.path, "org.freedesktop.DBus.Properties", "Set",
                      GLib.Variant("(ssv)", (PREFIX + "Value", "CurrentValue", GLib.Variant("d", value))))

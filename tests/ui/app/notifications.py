# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a desktop that shows notifications, which remembers them.

    with Notifications () as notifications:
        …
        notifications.texts   # "title: body" of each
"""

import os
import threading

from gi.repository import Gio, GLib

NAME = "org.freedesktop.Notifications"
INTERFACE = """<node><interface name="org.freedesktop.Notifications">
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation">
    <arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/>
  </method>
</interface></node>"""


class Notifications:
    def __init__(self):
        self.texts = []
        self.loop = None
        self.is_up = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        if not self.is_up.wait(10):
            raise RuntimeError("%s could not be owned" % NAME)
        return self

    def __exit__(self, *unused):
        self.loop.quit()
        self.thread.join()

    def serve(self):
        context = GLib.MainContext()
        context.push_thread_default()
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        bus = Gio.DBusConnection.new_for_address_sync(os.environ["DBUS_SESSION_BUS_ADDRESS"], flags, None, None)
        interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
        bus.register_object("/org/freedesktop/Notifications", interface, self.answer, None, None)
        bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                      GLib.Variant("(su)", (NAME, 4)), None, Gio.DBusCallFlags.NONE, -1, None)
        self.loop = GLib.MainLoop(context)
        self.is_up.set()
        self.loop.run()
        bus.close_sync(None)
        context.pop_thread_default()

    def answer(self, _bus, _sender, _path, _interface, method, arguments, call):
        if method == "Notify":
            self.texts.append("%s: %s" % (arguments[3], arguments[4]))
            call.return_value(GLib.Variant("(u)", (len(self.texts),)))
        elif method == "GetCapabilities":
            call.return_value(GLib.Variant("(as)", (["actions", "body"],)))
        elif method == "GetServerInformation":
            call.return_value(GLib.Variant("(ssss)", ("test", "test", "1", "1.2")))
        else:
            call.return_value(None)

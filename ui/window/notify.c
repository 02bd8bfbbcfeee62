/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/notify.h"

/* GLib complains where nobody shows notifications, as on a display without a desktop. */

#define SHOWS_NOTIFICATIONS "org.freedesktop.Notifications"

typedef struct
{
  GApplication  *application;
  GNotification *notification;
} Notice;

static void
notice_free (Notice *notice)
{
  g_object_unref (notice->application);
  g_object_unref (notice->notification);
  g_free (notice);
}

static void
ask_bus (Notice              *notice,
         const char          *method,
         GVariant            *parameters,
         GAsyncReadyCallback  callback)
{
  g_dbus_connection_call (g_application_get_dbus_connection (notice->application), "org.freedesktop.DBus",
                          "/org/freedesktop/DBus", "org.freedesktop.DBus", method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, callback, notice);
}

static void
started_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Notice *notice = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);

  if (reply != NULL)
    g_application_send_notification (notice->application, NULL, notice->notification);
  notice_free (notice);
}

static void
owned_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Notice *notice = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);
  gboolean owned = FALSE;

  if (reply != NULL && g_variant_is_of_type (reply, G_VARIANT_TYPE ("(b)")))
    g_variant_get (reply, "(b)", &owned);

  if (!owned)
    {
      ask_bus (notice, "StartServiceByName", g_variant_new ("(su)", SHOWS_NOTIFICATIONS, 0), started_cb);
      return;
    }

  g_application_send_notification (notice->application, NULL, notice->notification);
  notice_free (notice);
}

/**
 * recon_notify:
 * @application: the program
 * @title: what happened, in a few words
 * @body: more of it
 *
 * Notifies the user, if the desktop can.
 */
void
recon_notify (GApplication *application,
              const char   *title,
              const char   *body)
{
  g_autoptr (GNotification) notification = g_notification_new (title);
  Notice *notice;

  g_notification_set_body (notification, body);
  if (g_application_get_dbus_connection (application) == NULL)
    return;

  /* A sandbox has its own way, and does not let programs ask. */
  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    {
      g_application_send_notification (application, NULL, notification);
      return;
    }

  notice = g_new (Notice, 1);
  notice->application = g_object_ref (application);
  notice->notification = g_steal_pointer (&notification);
  ask_bus (notice, "NameHasOwner", g_variant_new ("(s)", SHOWS_NOTIFICATIONS), owned_cb);
}

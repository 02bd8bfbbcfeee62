/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire/transport.h"

#include <errno.h>
#include <gio/gunixconnection.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

/* D-Bus without a bus, over what a process finds on its standard input and output: one socket, which also passes file
 * descriptors, or two pipes, as of ssh. */

static gboolean
is_one_socket (int a,
               int b)
{
  struct stat of_a, of_b;

  return fstat (a, &of_a) == 0 && fstat (b, &of_b) == 0 && S_ISSOCK (of_a.st_mode) && of_a.st_dev == of_b.st_dev &&
         of_a.st_ino == of_b.st_ino;
}

/**
 * recon_transport_new:
 * @in_fd: to read from; taken over, also after a failure
 * @out_fd: to write to; taken over, also after a failure
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a stream over both; a #GUnixConnection if they are one local socket
 */
GIOStream *
recon_transport_new (int      in_fd,
                     int      out_fd,
                     GError **error)
{
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) output = NULL;

  if (is_one_socket (in_fd, out_fd))
    {
      g_autoptr (GSocket) socket = g_socket_new_from_fd (in_fd, error);

      if (out_fd != in_fd)
        close (out_fd);
      if (socket == NULL)
        {
          close (in_fd);
          return NULL;
        }

      return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
    }

  input = g_unix_input_stream_new (in_fd, TRUE);
  output = g_unix_output_stream_new (out_fd, TRUE);
  if (!g_unix_set_fd_nonblocking (in_fd, TRUE, error) || !g_unix_set_fd_nonblocking (out_fd, TRUE, error))
    return NULL;

  return g_simple_io_stream_new (input, output);
}

/* Whoever has the other end of the pipes has started us, or was let in by whoever did. A socket says who it is. Files
 * with secrets in the home folder, which GDBus can use as well, are not wanted. */
static gboolean
allow_mechanism_cb (GDBusAuthObserver *observer,
                    const char        *mechanism,
                    gpointer           stream)
{
  return g_str_equal (mechanism, G_IS_UNIX_CONNECTION (stream) ? "EXTERNAL" : "ANONYMOUS");
}

/**
 * recon_transport_serve:
 * @stream: a stream whose other end a client has
 * @cancellable: (nullable): gives up
 * @callback: gets the result for g_dbus_connection_new_finish()
 * @user_data: (closure): for @callback
 *
 * Waits for the client to say who it is. The connection handles no messages before
 * g_dbus_connection_start_message_processing().
 */
void
recon_transport_serve (GIOStream           *stream,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GDBusAuthObserver) observer = g_dbus_auth_observer_new ();
  g_autofree char *guid = g_dbus_generate_guid ();
  GDBusConnectionFlags flags =
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER | G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING;

  flags |= G_IS_UNIX_CONNECTION (stream) ? G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_REQUIRE_SAME_USER
                                         : G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_ALLOW_ANONYMOUS;
  g_signal_connect_object (observer, "allow-mechanism", G_CALLBACK (allow_mechanism_cb), stream, 0);
  g_dbus_connection_new (stream, guid, flags, observer, cancellable, callback, user_data);
}

/**
 * recon_transport_connect:
 * @stream: a stream whose other end a worker has
 * @cancellable: (nullable): gives up
 * @callback: gets the result for g_dbus_connection_new_finish()
 * @user_data: (closure): for @callback
 *
 * The connection handles no messages before g_dbus_connection_start_message_processing().
 */
void
recon_transport_connect (GIOStream           *stream,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_dbus_connection_new (stream, NULL,
                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                             G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                         NULL, cancellable, callback, user_data);
}

gboolean
recon_transport_passes_fds (GDBusConnection *connection)
{
  return (g_dbus_connection_get_capabilities (connection) & G_DBUS_CAPABILITY_FLAGS_UNIX_FD_PASSING) != 0;
}

static const GDBusErrorEntry entries[] = {
  { RECON_ERROR_CONFIG, "org.reconstruct.Error.Config" },
  { RECON_ERROR_INPUT, "org.reconstruct.Error.Input" },
  { RECON_ERROR_EXISTS, "org.reconstruct.Error.Exists" },
  { RECON_ERROR_RESUME, "org.reconstruct.Error.Resume" },
  { RECON_ERROR_READ, "org.reconstruct.Error.Read" },
  { RECON_ERROR_WRITE, "org.reconstruct.Error.Write" },
  { RECON_ERROR_DEVICE, "org.reconstruct.Error.Device" },
  { RECON_ERROR_MEMORY, "org.reconstruct.Error.Memory" },
  { RECON_ERROR_AXIS, "org.reconstruct.Error.Axis" },
};

/**
 * recon_transport_register_errors:
 *
 * Lets errors of %RECON_ERROR keep their domain and code on their way from the worker to the client. Both call it
 * before the first message; more than once does no harm.
 */
void
recon_transport_register_errors (void)
{
  static gsize registered = 0;

  if (!g_once_init_enter (&registered))
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_dbus_error_register_error (RECON_ERROR, entries[i].error_code, entries[i].dbus_error_name);
  g_once_init_leave (&registered, 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memfd_create */
#include "config.h"

#include "fake-worker.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wire/transport.h"

/* Kinds: "words" ends at once, with words; "chatter" talks and talks, but no D-Bus; "silent" never says anything;
 * "old" is of another version, "mute" of none; "liar" answers calls wrongly. What the liar does is the path that is
 * asked for. */

static int
open_memory (gsize    bytes,
             gboolean sealed)
{
  int fd = memfd_create ("lie", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (ftruncate (fd, (off_t) bytes), ==, 0);
  if (sealed)
    g_assert_cmpint (fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL), ==, 0);

  return fd;
}

static GVariant *
new_zeros (gsize bytes)
{
  return g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, g_malloc0 (bytes), bytes, TRUE, NULL, NULL);
}

/* An image of 4 × 3 pixels, in which one thing is wrong. */
static GVariant *
new_image (const char   *lie,
           GUnixFDList  *fds)
{
  g_auto (GVariantDict) told = G_VARIANT_DICT_INIT (NULL);
  gboolean huge = g_str_equal (lie, "huge") || g_str_equal (lie, "overflow");
  const guint32 ones[12] = { GUINT32_SWAP_LE_BE (0x3f800000), GUINT32_SWAP_LE_BE (0x40000000) };
  guint side = g_str_equal (lie, "overflow") ? G_MAXUINT : 60000;

  if (!g_str_equal (lie, "no-width"))
    g_variant_dict_insert (&told, "width", "u", huge ? side : 4);
  if (g_str_equal (lie, "text-height"))
    g_variant_dict_insert (&told, "height", "s", "3");
  else
    g_variant_dict_insert (&told, "height", "u", g_str_equal (lie, "flat") ? 0 : huge ? side : 3);
  g_variant_dict_insert (&told, "full-width", "u", 4);
  g_variant_dict_insert (&told, "full-height", "u", 3);
  g_variant_dict_insert (&told, "reduction", "u", 1);
  g_variant_dict_insert (&told, "view", "s", g_str_equal (lie, "view") ? "cellar" : "slice");
  g_variant_dict_insert (&told, "index", "u", 0);
  g_variant_dict_insert (&told, "n-images", "u", 1);
  g_variant_dict_insert (&told, "number", "u", 0);
  g_variant_dict_insert (&told, "serial", "u", 0);
  g_variant_dict_insert (&told, "seconds", "d", 0.0);
  g_variant_dict_insert (&told, "little-endian", "b",
                         (G_BYTE_ORDER == G_LITTLE_ENDIAN) != g_str_equal (lie, "swapped"));

  if (g_str_equal (lie, "handle"))
    g_variant_dict_insert (&told, "memory", "h", 5);
  else if (g_str_equal (lie, "no-fds"))
    g_variant_dict_insert (&told, "memory", "h", 0);
  else if (g_str_equal (lie, "unsealed") || g_str_equal (lie, "small") || g_str_equal (lie, "large"))
    {
      gsize bytes = g_str_equal (lie, "small") ? 47 : g_str_equal (lie, "large") ? 49 : 48;
      int fd = open_memory (bytes, !g_str_equal (lie, "unsealed"));

      g_variant_dict_insert (&told, "memory", "h", g_unix_fd_list_append (fds, fd, NULL));
      close (fd);
    }
  else if (g_str_equal (lie, "file"))
    {
      int fd = open ("/dev/zero", O_RDONLY | O_CLOEXEC);

      g_variant_dict_insert (&told, "memory", "h", g_unix_fd_list_append (fds, fd, NULL));
      close (fd);
    }
  else if (g_str_equal (lie, "swapped"))
    g_variant_dict_insert_value (&told, "pixels",
                                 g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, ones, sizeof ones, 1));
  else if (g_str_equal (lie, "text-pixels"))
    g_variant_dict_insert (&told, "pixels", "s", "black");
  else if (!g_str_equal (lie, "no-pixels"))
    g_variant_dict_insert_value (&told, "pixels", new_zeros (g_str_equal (lie, "many") ? 52 : huge ? 100 : 20));
  if (g_str_equal (lie, "endless") || g_str_equal (lie, "stuck"))
    g_variant_dict_insert (&told, "token", "u", g_str_equal (lie, "stuck") ? 2 : 1);

  return g_variant_new ("(@a{sv})", g_variant_dict_end (&told));
}

static void
tell (GDBusConnection *connection,
      const char      *signal,
      const char      *body)
{
  g_autoptr (GError) error = NULL;
  GVariant *parameters = g_variant_new_parsed (body);

  g_dbus_connection_emit_signal (connection, NULL, RECON_WORKER_PATH, RECON_WORKER_INTERFACE, signal, parameters,
                                 &error);
  g_assert_no_error (error);
}

static void
tell_nonsense (GDBusConnection *connection)
{
  tell (connection, "Log", "(uint32 1, 'loud', int64 1, 'unknown level')");
  tell (connection, "Log", "('1', 2)");
  tell (connection, "Progress", "(uint32 1, 'text')");
  tell (connection, "Progress", "(uint32 1, {'n-done': <'many'>, 'rate': <uint32 3>})");
  tell (connection, "Progress", "(uint32 99, {'n-done': <uint32 3>})");
  tell (connection, "BlockDone", "(uint32 1, 'first')");
  tell (connection, "ImageDone", "(uint32 1,)");
  tell (connection, "StateChanged", "(uint32 1, 5, 6)");
  tell (connection, "StateChanged", "(uint32 1, 'exploded', '')");
  tell (connection, "StateChanged", "('1',)");
  tell (connection, "StateChanged", "@() ()");
  tell (connection, "Party", "(uint32 1, 'cake')");
  tell (connection, "StateChanged", "(uint32 1, 'running', '')");
}

static GVariant *
answer_inspect (const char *path)
{
  if (g_str_equal (path, "die"))
    raise (SIGABRT);
  /* Straight into the stream. */
  if (g_str_equal (path, "noise"))
    g_assert_cmpint (write (STDOUT_FILENO, "This is no D-Bus at all, but it is long enough for a header.", 60), ==, 60);

  return g_variant_new ("(s)", path);
}

static GDBusMessage *
answer_cb (GDBusConnection *connection,
           GDBusMessage    *message,
           gboolean         incoming,
           gpointer         kind)
{
  const char *member = g_dbus_message_get_member (message);
  g_autoptr (GDBusMessage) reply = NULL;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *body = g_dbus_message_get_body (message);
  GVariant *answer = NULL;
  const char *path = NULL;

  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;

  if (g_str_equal (member, "Get"))
    {
      const char *version = g_str_equal (kind, "old") ? "0.0.1" : RECON_VERSION;

      answer = g_variant_new ("(v)", g_str_equal (kind, "mute") ? g_variant_new_int32 (1)
                                                                : g_variant_new_string (version));
    }
  else if (g_str_equal (member, "Inspect"))
    {
      g_variant_get (body, "(&s)", &path);
      answer = answer_inspect (path);
    }
  else if (g_str_equal (member, "ReadImage"))
    {
      g_variant_get (body, "(&su)", &path, NULL);
      answer = new_image (path, fds);
    }
  else if (g_str_equal (member, "GetPixels"))
    {
      guint token;

      g_variant_get (body, "(ut)", &token, NULL);
      answer = g_variant_new ("(@ay)", new_zeros (token == 2 ? 0 : 20));
    }
  else if (g_str_equal (member, "Submit"))
    answer = g_variant_new ("(u)", 1);
  else if (g_str_equal (member, "Start"))
    tell_nonsense (connection);

  reply = g_dbus_message_new_method_reply (message);
  if (answer != NULL)
    g_dbus_message_set_body (reply, answer);
  if (g_unix_fd_list_get_length (fds) > 0)
    g_dbus_message_set_unix_fd_list (reply, fds);
  g_dbus_connection_send_message (connection, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  g_object_unref (message);

  return NULL;
}

static void
served_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static int
serve (const char *kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = recon_transport_new (dup (STDIN_FILENO), dup (STDOUT_FILENO), &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GDBusConnection) connection = NULL;

  g_assert_no_error (error);
  recon_transport_serve (stream, NULL, served_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  connection = g_dbus_connection_new_finish (result, &error);
  if (connection == NULL)
    return 1;

  g_dbus_connection_add_filter (connection, answer_cb, (gpointer) kind, NULL);
  g_dbus_connection_start_message_processing (connection);
  while (!g_dbus_connection_is_closed (connection))
    g_main_context_iteration (NULL, TRUE);

  return 0;
}

int
fake_worker_run (const char *kind)
{
  char byte;

  if (g_str_equal (kind, "words"))
    {
      const char words[] = "one line\nNot this \xff time.\n";

      return write (STDERR_FILENO, words, sizeof words - 1) > 0 ? 3 : 4;
    }

  if (g_str_equal (kind, "chatter"))
    {
      while (write (STDOUT_FILENO, "OK then\r\nREJECTED MAGIC\r\nblah\r\n", 31) > 0)
        ;
      return 0;
    }

  if (g_str_equal (kind, "silent"))
    {
      while (read (STDIN_FILENO, &byte, 1) > 0)
        ;
      return 0;
    }

  return serve (kind);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/client-private.h"

/* Images come in sealed memory, which is mapped, or in as many messages as it takes. Sizes that the worker states are
 * checked against what it sends before anything is touched. */

typedef struct
{
  ReconWorkerImage *image; /* still without pixels */
  guint              width;
  guint              height;
  gsize              bytes;
  gboolean           swapped;
  guint8            *pixels; /* (nullable): when they come in parts */
  gsize              room;   /* bytes that pixels has */
  gsize              got;
  guint              token;  /* 0 if all are there */
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  g_clear_pointer (&fetch->image, recon_worker_image_free);
  g_free (fetch->pixels);
  g_free (fetch);
}

/* Takes the memory. */
static void
finish (GTask  *task,
        GBytes *memory)
{
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = memory;

  if (fetch->swapped)
    {
      gsize size;
      guint32 *values = g_bytes_unref_to_data (g_steal_pointer (&bytes), &size);

      for (gsize i = 0; i < size / sizeof *values; i++)
        values[i] = GUINT32_SWAP_LE_BE (values[i]);
      bytes = g_bytes_new_take (values, size);
    }

  fetch->image->image = recon_image_new (fetch->width, fetch->height, bytes);
  g_task_return_pointer (task, g_steal_pointer (&fetch->image), (GDestroyNotify) recon_worker_image_free);
}

/* Takes the error. What the worker still holds for us it may forget. */
static void
fail (GTask  *task,
      GError *error)
{
  const Fetch *fetch = g_task_get_task_data (task);

  if (fetch->token != 0)
    _recon_client_call (g_task_get_source_object (task), "ReleasePixels", g_variant_new ("(u)", fetch->token), NULL,
                        NULL, NULL, NULL);
  g_task_return_error (task, error);
}

static GError *
new_error (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                              _ ("The worker sent an image that is not complete. Start the program anew."));
}

static void more_cb (GObject *object, GAsyncResult *result, gpointer user_data);

/* Memory grows with what comes: what a worker announces is not believed before. */
static gboolean
make_room (Fetch *fetch,
           gsize  n)
{
  const gsize least = fetch->got + n;
  gsize room = fetch->room;
  guint8 *pixels;

  if (least <= room)
    return TRUE;

  room = MIN (fetch->bytes, MAX (least, 2 * room));
  pixels = g_try_realloc (fetch->pixels, room);
  if (pixels == NULL)
    return FALSE;
  fetch->pixels = pixels;
  fetch->room = room;

  return TRUE;
}

/* Takes the task: copies a part, and asks for the next. */
static void
take_part (GTask    *own_task,
           GVariant *part)
{
  g_autoptr (GTask) task = own_task;
  Fetch *fetch = g_task_get_task_data (task);
  gsize n = g_variant_get_size (part);

  if (n == 0 || n > fetch->bytes - fetch->got || !make_room (fetch, n))
    {
      fail (task, new_error ());
      return;
    }

  memcpy (fetch->pixels + fetch->got, g_variant_get_data (part), n);
  fetch->got += n;
  if (fetch->got == fetch->bytes)
    finish (task, g_bytes_new_take (g_steal_pointer (&fetch->pixels), fetch->bytes));
  else if (fetch->token == 0)
    fail (task, new_error ());
  else
    _recon_client_call (g_task_get_source_object (task), "GetPixels",
                        g_variant_new ("(ut)", fetch->token, (guint64) fetch->got), "(ay)",
                        g_task_get_cancellable (task), more_cb, g_object_ref (task));
}

static void
more_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) reply = _recon_client_call_finish (RECON_CLIENT (object), result, NULL, &error);
  g_autoptr (GVariant) part = NULL;

  if (reply == NULL)
    {
      fail (task, error);
      return;
    }

  part = g_variant_get_child_value (reply, 0);
  take_part (g_steal_pointer (&task), part);
}

/* Takes the task. */
static void
take_memory (GTask       *own_task,
             GUnixFDList *fds,
             gint32       handle)
{
  g_autoptr (GTask) task = own_task;
  const Fetch *fetch = g_task_get_task_data (task);
  GBytes *memory;
  GError *error = NULL;
  int n_fds = 0;
  const int *list = fds != NULL ? g_unix_fd_list_peek_fds (fds, &n_fds) : NULL;

  if (handle < 0 || handle >= n_fds)
    {
      fail (task, new_error ());
      return;
    }

  memory = recon_sealed_memory_map (list[handle], fetch->bytes, &error);
  if (memory != NULL)
    finish (task, memory);
  else
    fail (task, error);
}

static void
described_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = _recon_client_call_finish (RECON_CLIENT (object), result, &fds, &error);
  g_autoptr (GVariant) message = NULL;
  g_autoptr (GVariant) pixels = NULL;
  gint32 handle;

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  message = g_variant_get_child_value (reply, 0);
  g_variant_lookup (message, "token", "u", &fetch->token);
  fetch->image = recon_worker_image_from_message (message, &fetch->width, &fetch->height, &fetch->bytes,
                                                  &fetch->swapped, &error);
  if (fetch->image == NULL)
    {
      fail (task, error);
      return;
    }
  if (g_variant_lookup (message, "memory", "h", &handle))
    {
      take_memory (g_steal_pointer (&task), fds, handle);
      return;
    }

  pixels = g_variant_lookup_value (message, "pixels", G_VARIANT_TYPE_BYTESTRING);
  if (pixels != NULL)
    take_part (g_steal_pointer (&task), pixels);
  else
    fail (task, new_error ());
}

void
_recon_client_fetch_image (ReconClient         *self,
                           const char          *method,
                           GVariant            *parameters,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, _recon_client_fetch_image);
  g_task_set_task_data (task, g_new0 (Fetch, 1), fetch_free);
  _recon_client_call (self, method, parameters, "(a{sv})", cancellable, described_cb, task);
}

/**
 * recon_client_read_image_async:
 * @self: a client
 * @path: what names images
 * @index: which of them, from 0
 * @cancellable: (nullable): ends waiting
 * @callback: called with the result
 * @user_data: (closure): for @callback
 *
 * Asks for one image of the files that a path names.
 */
void
recon_client_read_image_async (ReconClient         *self,
                               const char          *path,
                               guint                index,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (RECON_IS_CLIENT (self));
  g_return_if_fail (path != NULL);

  _recon_client_fetch_image (self, "ReadImage",
                             g_utf8_validate (path, -1, NULL) ? g_variant_new ("(su)", path, index) : NULL, cancellable,
                             callback, user_data);
}

/**
 * recon_client_image_finish:
 * @result: of recon_client_read_image_async() or recon_client_job_get_image_async()
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the image
 */
ReconWorkerImage *
recon_client_image_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

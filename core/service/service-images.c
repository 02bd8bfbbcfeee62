/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "service/service-private.h"
#include "service/transport.h"

/* Methods that send images: in sealed memory where file descriptors can be passed, else in the messages themselves, as
 * many as it takes. */

/* Bytes for a message: a part of others. */
static GVariant *
new_part (GBytes *bytes,
          gsize   offset)
{
  gsize n = MIN (g_bytes_get_size (bytes) - offset, RECON_PART_BYTES);
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, offset, n);

  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, part, TRUE);
}

static void
send_inline (ReconService            *self,
             GDBusMethodInvocation   *invocation,
             const ReconServiceImage *image,
             GVariantDict            *told)
{
  GBytes *bytes = recon_image_get_bytes (image->image);

  g_variant_dict_insert_value (told, "pixels", new_part (bytes, 0));
  if (g_bytes_get_size (bytes) > RECON_PART_BYTES)
    {
      guint token = ++self->n_tokens;

      g_hash_table_insert (self->pixels, GUINT_TO_POINTER (token), g_bytes_ref (bytes));
      g_variant_dict_insert (told, "token", "u", token);
    }
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@a{sv})", g_variant_dict_end (told)));
}

/* What a thread made for one message. */
typedef struct
{
  ReconServiceImage *image;
  int                fd; /* sealed memory, or -1 if it goes inline */
} Parcel;

static void
parcel_free (gpointer data)
{
  Parcel *parcel = data;

  if (parcel->fd >= 0)
    close (parcel->fd);
  recon_service_image_free (parcel->image);
  g_free (parcel);
}

static gpointer
pack_work (gconstpointer   image,
           GError        **error)
{
  Parcel *parcel = g_new (Parcel, 1);

  /* Where there is no shared memory, pixels still go inline. */
  *parcel = (Parcel) { recon_service_image_copy (image), recon_service_image_seal (image, NULL) };

  return parcel;
}

static void
send_parcel (ReconService          *self,
             GDBusMethodInvocation *invocation,
             gpointer               data)
{
  Parcel *parcel = data;
  g_autoptr (GVariantDict) told = recon_service_image_tell (parcel->image);

  if (parcel->fd < 0)
    send_inline (self, invocation, parcel->image, told);
  else
    {
      g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&parcel->fd, 1);

      parcel->fd = -1;
      g_variant_dict_insert (told, "memory", "h", 0);
      g_dbus_method_invocation_return_value_with_unix_fd_list (
          invocation, g_variant_new ("(@a{sv})", g_variant_dict_end (told)), fds);
    }
  parcel_free (parcel);
}

/* Answers a call with an image, which is taken. */
void
_recon_service_send_image (ReconService          *self,
                           GDBusMethodInvocation *invocation,
                           gpointer               image)
{
  g_autoptr (ReconServiceImage) own = image;

  if (self->connection != NULL && recon_transport_passes_fds (self->connection))
    _recon_service_work (self, invocation, pack_work, g_steal_pointer (&own),
                         (GDestroyNotify) recon_service_image_free, parcel_free, send_parcel);
  else
    {
      g_autoptr (GVariantDict) told = recon_service_image_tell (own);

      send_inline (self, invocation, own, told);
    }
}

typedef struct
{
  ReconService          *self;
  GDBusMethodInvocation *invocation;
} ImageCall;

static void
got_image_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autofree ImageCall *call = user_data;
  g_autoptr (ReconService) self = call->self;
  GError *error = NULL;
  ReconServiceImage *image = recon_service_job_get_image_finish (RECON_SERVICE_JOB (object), result, &error);

  if (image != NULL)
    _recon_service_send_image (self, call->invocation, image);
  else
    _recon_service_return_error (call->invocation, error);

  self->n_calls--;
  _recon_service_end_if_idle (self);
}

static gboolean
get_image_cb (ReconDBusWorker1      *skeleton,
              GDBusMethodInvocation *invocation,
              GUnixFDList           *fds,
              guint                  number,
              guint                  index,
              ReconService          *self)
{
  ReconServiceJob *job = _recon_service_find_job (self, invocation, number);
  ImageCall *call;

  if (job == NULL)
    return TRUE;

  call = g_new (ImageCall, 1);
  *call = (ImageCall) { g_object_ref (self), invocation };
  self->n_calls++;
  recon_service_job_get_image (job, index, got_image_cb, call);

  return TRUE;
}

static gboolean
get_pixels_cb (ReconDBusWorker1      *skeleton,
               GDBusMethodInvocation *invocation,
               guint                  token,
               guint64                offset,
               ReconService          *self)
{
  GBytes *bytes = g_hash_table_lookup (self->pixels, GUINT_TO_POINTER (token));
  gsize left;

  if (bytes == NULL || offset >= g_bytes_get_size (bytes))
    {
      g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                             _ ("There are no pixels from byte %" G_GUINT64_FORMAT
                                                " on for the token %u."),
                                             offset, token);
      return TRUE;
    }

  left = g_bytes_get_size (bytes) - (gsize) offset;
  recon_dbus_worker1_complete_get_pixels (skeleton, invocation, new_part (bytes, (gsize) offset));
  if (left <= RECON_PART_BYTES)
    g_hash_table_remove (self->pixels, GUINT_TO_POINTER (token));

  return TRUE;
}

static gboolean
release_pixels_cb (ReconDBusWorker1      *skeleton,
                   GDBusMethodInvocation *invocation,
                   guint                  token,
                   ReconService          *self)
{
  g_hash_table_remove (self->pixels, GUINT_TO_POINTER (token));
  recon_dbus_worker1_complete_release_pixels (skeleton, invocation);

  return TRUE;
}

void
_recon_service_connect_images (ReconService *self)
{
  g_signal_connect (self->skeleton, "handle-get-image", G_CALLBACK (get_image_cb), self);
  g_signal_connect (self->skeleton, "handle-get-pixels", G_CALLBACK (get_pixels_cb), self);
  g_signal_connect (self->skeleton, "handle-release-pixels", G_CALLBACK (release_pixels_cb), self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/client-private.h"
#include "config/config-file.h"
#include "config/config.h"

/* Calls of the worker for a job, and its signals. What is asked of a job before the worker has given it a number is
 * done then. Of changes to a continuous job one at a time is under way, and after it only the newest goes out; the same
 * holds for images that are fetched. */

/* The client, if it still has the worker that the job is of. */
ReconClient *
_recon_client_job_get_client (ReconClientJob *self)
{
  g_autoptr (ReconClient) client = g_weak_ref_get (&self->client);

  return client != NULL && client->generation == self->generation ? g_steal_pointer (&client) : NULL;
}

static void
set_state (ReconClientJob *self,
           const char     *state,
           const char     *message)
{
  if (recon_client_job_has_ended (self))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (self->message, message) != 0)
    {
      g_free (self->message);
      self->message = g_strdup (message);
      g_object_notify (G_OBJECT (self), "message");
    }
  if (!g_str_equal (self->state, state))
    {
      g_free (self->state);
      self->state = g_strdup (state);
      g_object_notify (G_OBJECT (self), "state");
    }
  _recon_client_job_check_busy (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/* After this no more signals about it are taken; it may still be asked for images. */
void
_recon_client_job_end (ReconClientJob *self,
                       const char     *state,
                       const char     *message)
{
  g_autoptr (ReconClientJob) alive = g_object_ref (self);
  g_autoptr (ReconClient) client = g_weak_ref_get (&self->client);

  set_state (self, state, message != NULL ? message : "");
  if (client != NULL)
    g_ptr_array_remove (client->jobs, self);
}

static void
fail (ReconClientJob *self,
      const GError   *error)
{
  _recon_client_job_end (self, "failed", error->message);
}

/* What the worker calls the options of Submit and Continue. */
static GVariant *
new_options (ReconClientJob *self,
             ReconResume     resume)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (self->continuous)
    {
      g_variant_dict_insert (&options, "continuous", "b", TRUE);
      g_variant_dict_insert (&options, "view", "s", recon_view_get_name (self->request.view));
      g_variant_dict_insert (&options, "index", "u", self->request.index);
      g_variant_dict_insert (&options, "reduction", "u", self->request.reduction);
    }
  else
    {
      g_variant_dict_insert (&options, "resume", "b", recon_resume_goes_on (resume));
      g_variant_dict_insert (&options, "anew", "b", resume == RECON_RESUME_ANEW);
      g_variant_dict_insert (&options, "trust", "b", resume == RECON_RESUME_TRUSTING);
    }

  return g_variant_dict_end (&options);
}

/* From one configuration, or nothing that is known, to another. */
static GVariant *
new_changes (ReconConfig *from,
             ReconConfig *to)
{
  GVariantBuilder changes = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *before = from != NULL ? recon_config_format (from, i) : NULL;
      g_autofree char *after = recon_config_format (to, i);

      if (g_strcmp0 (before, after) != 0 && g_utf8_validate (after, -1, NULL))
        g_variant_builder_add (&changes, "{ss}", recon_parameter_get_spec (i)->name, after);
    }

  return g_variant_builder_end (&changes);
}

static void
continued_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (ReconClientJob) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = _recon_client_call_finish (RECON_CLIENT (object), result, NULL, &error);

  self->continuing = FALSE;
  if (reply != NULL)
    g_variant_get (reply, "(u)", &self->serial);
  else if (!recon_client_job_has_ended (self) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    {
      /* It is not known what the worker has now. */
      g_clear_object (&self->sent);
      set_state (self, "idle", error->message);
    }
  _recon_client_job_continue (self);
  _recon_client_job_check_busy (self);
}

/* Sends the newest request, if that has not been done and can be. */
void
_recon_client_job_continue (ReconClientJob *self)
{
  g_autoptr (ReconClient) client = _recon_client_job_get_client (self);

  if (client == NULL || self->next == NULL || self->continuing || !self->started || self->cancelled ||
      recon_client_job_has_ended (self))
    return;

  self->continuing = TRUE;
  _recon_client_call (client, "Continue",
                      g_variant_new ("(u@a{ss}@a{sv})", self->number, new_changes (self->sent, self->next),
                                     new_options (self, RECON_RESUME_NO)),
                      "(u)", NULL, continued_cb, g_object_ref (self));
  g_set_object (&self->sent, self->next);
  g_clear_object (&self->next);
}

static void
started_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ReconClientJob) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = _recon_client_call_finish (RECON_CLIENT (object), result, NULL, &error);

  if (reply == NULL)
    {
      /* When the worker ends, its jobs fail with the reason. */
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
        fail (self, error);
      return;
    }

  self->started = TRUE;
  _recon_client_job_continue (self);
}

static void
submitted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  ReconClient *client = RECON_CLIENT (object);
  g_autoptr (ReconClientJob) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = _recon_client_call_finish (client, result, NULL, &error);

  if (reply == NULL)
    {
      if (client->state == RECON_CLIENT_STOPPED || client->state == RECON_CLIENT_LOST ||
          !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
        fail (self, error);
      return;
    }

  g_variant_get (reply, "(u)", &self->number);
  if (self->cancelled)
    {
      _recon_client_job_end (self, "cancelled", NULL);
      return;
    }

  _recon_client_call (client, "Start", g_variant_new ("(u)", self->number), "()", NULL, started_cb,
                      g_object_ref (self));
}

ReconClientJob *
_recon_client_job_submit (ReconClient    *client,
                          ReconClientJob *self,
                          ReconResume     resume)
{
  g_autofree char *configuration = recon_config_to_data (self->sent, FALSE);

  g_weak_ref_set (&self->client, client);
  self->generation = client->generation;
  g_ptr_array_add (client->jobs, g_object_ref (self));
  _recon_client_call (client, "Submit", _recon_client_new_text_and_options (configuration, new_options (self, resume)),
                      "(u)", NULL, submitted_cb, g_object_ref (self));

  return self;
}

static void fetch_image (ReconClientJob *self);

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ReconClientJob) self = user_data;
  g_autoptr (ReconWorkerImage) image = recon_client_image_finish (result, NULL);

  self->fetching = FALSE;
  /* What was asked for since then is on its way. */
  if (image != NULL && image->serial >= self->serial && !self->continuing && self->next == NULL && !self->cancelled &&
      !recon_client_job_has_ended (self))
    _recon_client_job_emit_image (self, image);
  if (self->fetch_again)
    fetch_image (self);
  _recon_client_job_check_busy (self);
}

static void
fetch_image (ReconClientJob *self)
{
  g_autoptr (ReconClient) client = _recon_client_job_get_client (self);

  self->fetch_again = self->fetching;
  if (client == NULL || self->fetching || recon_client_job_has_ended (self))
    return;

  self->fetching = TRUE;
  _recon_client_fetch_image (client, "GetImage", g_variant_new ("(uu)", self->number, 0), NULL, fetched_cb,
                             g_object_ref (self));
}

static void
read_progress (ReconClientJob *self,
               GVariant       *message)
{
  static const ReconMessageField fields[] = {
    { "n-slices", 'u', offsetof (ReconClientProgress, n_slices) },
    { "n-done", 'u', offsetof (ReconClientProgress, n_done) },
    { "work", 'd', offsetof (ReconClientProgress, work) },
    { "n-prepared", 'u', offsetof (ReconClientProgress, n_prepared) },
    { "n-to-prepare", 'u', offsetof (ReconClientProgress, n_to_prepare) },
    { "rate", 'd', offsetof (ReconClientProgress, rate) },
    { "remaining", 'd', offsetof (ReconClientProgress, remaining) },
    { "elapsed", 'd', offsetof (ReconClientProgress, elapsed) },
  };
  char *preparing;

  recon_message_lookup (message, fields, G_N_ELEMENTS (fields), &self->progress);
  if (g_variant_lookup (message, "preparing", "s", &preparing))
    {
      g_free (self->progress.preparing);
      self->progress.preparing = preparing;
    }
  _recon_client_job_emit_progress (self);
}

static void
handle_state (ReconClientJob *self,
              const char     *state,
              const char     *message)
{
  static const char *const going_on[] = { "queued", "preparing", "running", "idle", NULL };
  static const char *const ends[] = { "done", "failed", "cancelled", NULL };

  if (g_strv_contains (ends, state))
    _recon_client_job_end (self, state, message);
  /* An older image's end is no news while a newer one is asked for. */
  else if (g_strv_contains (going_on, state) && !(self->continuing && g_str_equal (state, "idle")))
    set_state (self, state, message);
}

/* Takes a signal of the worker that is about this job. One of another type than it should have is ignored. */
void
_recon_client_job_handle_signal (ReconClientJob *self,
                                 const char     *signal,
                                 GVariant       *parameters)
{
  const char *type = g_variant_get_type_string (parameters);
  const char *state, *message;
  guint first, n;

  if (recon_client_job_has_ended (self))
    return;

  if (g_str_equal (signal, "Progress") && g_str_equal (type, "(ua{sv})"))
    {
      g_autoptr (GVariant) progress = g_variant_get_child_value (parameters, 1);

      read_progress (self, progress);
    }
  else if (g_str_equal (signal, "BlockDone") && g_str_equal (type, "(uuu)"))
    {
      g_variant_get (parameters, "(uuu)", NULL, &first, &n);
      _recon_client_job_emit_block (self, first, n);
    }
  else if (g_str_equal (signal, "ImageDone") && g_str_equal (type, "(uu)"))
    fetch_image (self);
  else if (g_str_equal (signal, "StateChanged") && g_str_equal (type, "(uss)"))
    {
      g_variant_get (parameters, "(u&s&s)", NULL, &state, &message);
      handle_state (self, state, message);
    }
}

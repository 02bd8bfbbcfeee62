/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/client-private.h"

G_DEFINE_FINAL_TYPE (ReconClientJob, recon_client_job, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_MESSAGE,
  PROP_BUSY,
  N_PROPS
};

enum
{
  BLOCK_DONE,
  IMAGE,
  LOG,
  PROGRESS,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

void
_recon_client_job_emit_block (ReconClientJob *self,
                              guint           first,
                              guint           n)
{
  g_signal_emit (self, signals[BLOCK_DONE], 0, first, n);
}

void
_recon_client_job_emit_progress (ReconClientJob *self)
{
  g_signal_emit (self, signals[PROGRESS], 0);
}

void
_recon_client_job_emit_image (ReconClientJob   *self,
                              ReconWorkerImage *image)
{
  g_signal_emit (self, signals[IMAGE], 0, image);
}

void
_recon_client_job_emit_log (ReconClientJob *self,
                            int             level,
                            gint64          time,
                            const char     *text)
{
  g_signal_emit (self, signals[LOG], 0, level, time, text);
}

/* To be called wherever something that it depends on may have changed. */
void
_recon_client_job_check_busy (ReconClientJob *self)
{
  gboolean busy = !recon_client_job_has_ended (self) &&
                  (self->next != NULL || self->continuing || self->fetching || !g_str_equal (self->state, "idle"));

  if (busy == self->busy)
    return;

  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
recon_client_job_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  ReconClientJob *self = RECON_CLIENT_JOB (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_string (value, self->state);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_client_job_dispose (GObject *object)
{
  ReconClientJob *self = RECON_CLIENT_JOB (object);
  g_autoptr (ReconClient) client = _recon_client_job_get_client (self);

  /* Only a job that has ended goes: nobody will ask for its images any more. */
  if (client != NULL && client->state == RECON_CLIENT_READY && self->number != 0)
    _recon_client_call (client, "Remove", g_variant_new ("(u)", self->number), NULL, NULL, NULL, NULL);
  self->number = 0;

  G_OBJECT_CLASS (recon_client_job_parent_class)->dispose (object);
}

static void
recon_client_job_finalize (GObject *object)
{
  ReconClientJob *self = RECON_CLIENT_JOB (object);

  g_weak_ref_clear (&self->client);
  g_clear_object (&self->sent);
  g_clear_object (&self->next);
  g_free (self->state);
  g_free (self->message);
  g_free (self->progress.preparing);

  G_OBJECT_CLASS (recon_client_job_parent_class)->finalize (object);
}

static void
recon_client_job_class_init (ReconClientJobClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = recon_client_job_get_property;
  object_class->dispose = recon_client_job_dispose;
  object_class->finalize = recon_client_job_finalize;

  properties[PROP_STATE] = g_param_spec_string ("state", NULL, NULL, "queued", flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, "", flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[BLOCK_DONE] = g_signal_new ("block-done", RECON_TYPE_CLIENT_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[LOG] = g_signal_new ("log", RECON_TYPE_CLIENT_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                               G_TYPE_INT, G_TYPE_INT64, G_TYPE_STRING);
  signals[PROGRESS] = g_signal_new ("progress", RECON_TYPE_CLIENT_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[IMAGE] = g_signal_new ("image", RECON_TYPE_CLIENT_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, RECON_TYPE_WORKER_IMAGE | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
recon_client_job_init (ReconClientJob *self)
{
  g_weak_ref_init (&self->client, NULL);
  self->busy = TRUE;
  self->state = g_strdup ("queued");
  self->message = g_strdup ("");
  self->progress.preparing = g_strdup ("");
  self->progress.remaining = -1;
}

/**
 * recon_client_run:
 * @self: a client
 * @config: the configuration; the job has a copy
 * @resume: whether to go on with what an earlier run has left, and with whose word that the input is the same
 *
 * Has all slices made, after the jobs that were started before.
 *
 * Returns: (transfer full): the job; it goes on if nobody keeps it
 */
ReconClientJob *
recon_client_run (ReconClient *self,
                  ReconConfig *config,
                  ReconResume  resume)
{
  ReconClientJob *job;

  g_return_val_if_fail (RECON_IS_CLIENT (self), NULL);
  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);

  job = g_object_new (RECON_TYPE_CLIENT_JOB, NULL);
  job->sent = recon_config_copy (config);

  return _recon_client_job_submit (self, job, resume);
}

/**
 * recon_client_preview:
 * @self: a client
 * @config: the configuration; the job has a copy
 * @request: what the first image shows
 *
 * Has single images made, until recon_client_job_cancel().
 *
 * Returns: (transfer full): the job; it goes on if nobody keeps it
 */
ReconClientJob *
recon_client_preview (ReconClient               *self,
                      ReconConfig               *config,
                      const ReconPreviewRequest *request)
{
  ReconClientJob *job;

  g_return_val_if_fail (RECON_IS_CLIENT (self), NULL);
  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);

  job = g_object_new (RECON_TYPE_CLIENT_JOB, NULL);
  job->sent = recon_config_copy (config);
  job->continuous = TRUE;
  job->request = *request;

  return _recon_client_job_submit (self, job, RECON_RESUME_NO);
}

const char *
recon_client_job_get_state (ReconClientJob *self)
{
  g_return_val_if_fail (RECON_IS_CLIENT_JOB (self), NULL);

  return self->state;
}

/**
 * recon_client_job_get_message:
 * @self: a job
 *
 * Returns: (transfer none): why it failed, or why a continuous job could not make its newest image; else ""
 */
const char *
recon_client_job_get_message (ReconClientJob *self)
{
  g_return_val_if_fail (RECON_IS_CLIENT_JOB (self), NULL);

  return self->message;
}

/* Returns: (transfer none): how far a run is; it is another when "progress" is emitted */
const ReconClientProgress *
recon_client_job_get_progress (ReconClientJob *self)
{
  g_return_val_if_fail (RECON_IS_CLIENT_JOB (self), NULL);

  return &self->progress;
}

gboolean
recon_client_job_has_ended (ReconClientJob *self)
{
  g_return_val_if_fail (RECON_IS_CLIENT_JOB (self), TRUE);

  return g_str_equal (self->state, "done") || g_str_equal (self->state, "failed") ||
         g_str_equal (self->state, "cancelled");
}

/**
 * recon_client_job_update:
 * @self: a continuous job
 * @config: the configuration as it now is
 * @request: what is to be shown now
 *
 * Has another image made. Only what was asked for last is sure to come.
 */
void
recon_client_job_update (ReconClientJob            *self,
                         ReconConfig               *config,
                         const ReconPreviewRequest *request)
{
  g_return_if_fail (RECON_IS_CLIENT_JOB (self));
  g_return_if_fail (self->continuous);
  g_return_if_fail (RECON_IS_CONFIG (config));

  if (recon_client_job_has_ended (self))
    return;

  g_clear_object (&self->next);
  self->next = recon_config_copy (config);
  self->request = *request;
  _recon_client_job_continue (self);
  _recon_client_job_check_busy (self);
}

/**
 * recon_client_job_cancel:
 * @self: a job
 *
 * Ends it in good order, after the block that it works on; its state says when that has happened.
 */
void
recon_client_job_cancel (ReconClientJob *self)
{
  g_autoptr (ReconClient) client = NULL;

  g_return_if_fail (RECON_IS_CLIENT_JOB (self));

  client = _recon_client_job_get_client (self);
  if (recon_client_job_has_ended (self) || self->cancelled || client == NULL)
    return;

  self->cancelled = TRUE;
  if (self->number != 0)
    _recon_client_call (client, "Cancel", g_variant_new ("(u)", self->number), NULL, NULL, NULL, NULL);
}

/**
 * recon_client_job_get_image_async:
 * @self: a job
 * @index: of a slice that is finished; a continuous job gives its newest image, whatever the index
 * @cancellable: (nullable): ends waiting
 * @callback: for recon_client_image_finish()
 * @user_data: (closure): for @callback
 *
 * Asks for an image.
 */
void
recon_client_job_get_image_async (ReconClientJob      *self,
                                  guint                index,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (ReconClient) client = NULL;

  g_return_if_fail (RECON_IS_CLIENT_JOB (self));

  client = _recon_client_job_get_client (self);
  if (client == NULL)
    g_task_report_new_error (self, callback, user_data, recon_client_job_get_image_async, G_IO_ERROR,
                             G_IO_ERROR_CLOSED, _ ("The worker that had this image has ended."));
  else if (self->number == 0)
    g_task_report_new_error (self, callback, user_data, recon_client_job_get_image_async, G_IO_ERROR,
                             G_IO_ERROR_PENDING, _ ("There is no image yet."));
  else
    _recon_client_fetch_image (client, "GetImage", g_variant_new ("(uu)", self->number, index), cancellable, callback,
                               user_data);
}

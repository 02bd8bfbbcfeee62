/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/service-job.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  guint              number;
  ReconConfig       *config;
  ReconLog          *log;
  ReconServiceState  state;
  char              *message;
  gboolean           started; /* by the client; it may still wait for its turn */
  gboolean           begun;
  GMainContext      *context;
} ReconServiceJobPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ReconServiceJob, recon_service_job, G_TYPE_OBJECT)

enum
{
  STATE_CHANGED,
  PROGRESS,
  BLOCK_DONE,
  IMAGE_DONE,
  LOG,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const state_names[] = { "queued", "preparing", "running", "idle", "done", "failed", "cancelled" };

typedef struct
{
  ReconServiceJob *job;
  int              level;
  gint64           time;
  char            *text;
} Record;

static void
record_free (gpointer data)
{
  Record *record = data;

  g_object_unref (record->job);
  g_free (record->text);
  g_free (record);
}

static gboolean
tell_record (gpointer data)
{
  Record *record = data;

  g_signal_emit (record->job, signals[LOG], 0, record->level, record->time, record->text);

  return G_SOURCE_REMOVE;
}

/* Comes in any thread. The log does not keep the job alive, but who says something has hold of both. */
static void
record_cb (ReconLog        *log,
           int              level,
           const char      *text,
           ReconServiceJob *self)
{
  Record *record = g_new (Record, 1);

  *record = (Record) { g_object_ref (self), level, g_get_real_time (), g_utf8_make_valid (text, -1) };
  recon_service_job_post (self, tell_record, record, record_free);
}

static void
recon_service_job_finalize (GObject *object)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (RECON_SERVICE_JOB (object));

  g_clear_object (&priv->config);
  g_signal_handlers_disconnect_by_data (priv->log, object);
  g_clear_object (&priv->log);
  g_clear_pointer (&priv->message, g_free);
  g_clear_pointer (&priv->context, g_main_context_unref);

  G_OBJECT_CLASS (recon_service_job_parent_class)->finalize (object);
}

static void
recon_service_job_class_init (ReconServiceJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_service_job_finalize;

  signals[STATE_CHANGED] = g_signal_new ("state-changed", RECON_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  signals[PROGRESS] = g_signal_new ("progress", RECON_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[BLOCK_DONE] = g_signal_new ("block-done", RECON_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[IMAGE_DONE] = g_signal_new ("image-done", RECON_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[LOG] = g_signal_new ("log", RECON_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                               G_TYPE_INT, G_TYPE_INT64, G_TYPE_STRING);
}

static void
recon_service_job_init (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  priv->config = recon_config_new ();
  priv->message = g_strdup ("");
  priv->context = g_main_context_ref_thread_default ();
  priv->log = recon_log_new ();
  g_signal_connect (priv->log, "record", G_CALLBACK (record_cb), self);
}

guint
recon_service_job_get_number (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  return priv->number;
}

void
recon_service_job_set_number (ReconServiceJob *self,
                              guint            number)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  priv->number = number;
}

/* Returns: (transfer none): the job's own configuration */
ReconConfig *
recon_service_job_get_config (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  return priv->config;
}

ReconLog *
recon_service_job_get_log (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  return priv->log;
}

ReconServiceState
recon_service_job_get_state (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  return priv->state;
}

const char *
recon_service_job_get_state_name (ReconServiceJob *self)
{
  return state_names[recon_service_job_get_state (self)];
}

const char *
recon_service_job_get_message (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  return priv->message;
}

gboolean
recon_service_job_is_continuous (ReconServiceJob *self)
{
  return RECON_SERVICE_JOB_GET_CLASS (self)->is_continuous;
}

gboolean
recon_service_job_has_ended (ReconServiceJob *self)
{
  return recon_service_job_get_state (self) >= RECON_SERVICE_DONE;
}

gboolean
recon_service_job_is_alive (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  return priv->begun && !recon_service_job_has_ended (self);
}

gboolean
recon_service_job_was_started (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  return priv->started;
}

/* The client has asked for it; recon_service_job_start() comes when it is its turn. */
void
recon_service_job_mark_started (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  priv->started = TRUE;
}

void
recon_service_job_start (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  g_return_if_fail (!priv->begun);

  priv->started = TRUE;
  priv->begun = TRUE;
  RECON_SERVICE_JOB_GET_CLASS (self)->start (self);
}

/* A job that has not begun ends at once, one that has ended stays as it is. */
void
recon_service_job_cancel (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  if (recon_service_job_has_ended (self))
    return;

  if (priv->begun)
    RECON_SERVICE_JOB_GET_CLASS (self)->cancel (self);
  else
    recon_service_job_set_state (self, RECON_SERVICE_CANCELLED, NULL);
}

void
recon_service_job_describe (ReconServiceJob *self,
                            GVariantDict    *description)
{
  RECON_SERVICE_JOB_GET_CLASS (self)->describe (self, description);
}

void
recon_service_job_get_image (ReconServiceJob     *self,
                             guint                index,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, recon_service_job_get_image);
  RECON_SERVICE_JOB_GET_CLASS (self)->get_image (self, index, task);
}

ReconServiceImage *
recon_service_job_get_image_finish (ReconServiceJob  *self,
                                    GAsyncResult     *result,
                                    GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
recon_service_job_set_state (ReconServiceJob   *self,
                             ReconServiceState  state,
                             const char        *message)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);
  g_autofree char *valid = g_utf8_make_valid (message != NULL ? message : "", -1);

  if (recon_service_job_has_ended (self) || (state == priv->state && g_str_equal (valid, priv->message)))
    return;

  priv->state = state;
  g_free (priv->message);
  priv->message = g_steal_pointer (&valid);
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

/* The state that a job ends in. */
void
recon_service_job_end (ReconServiceJob *self,
                       const GError    *error)
{
  if (error == NULL)
    recon_service_job_set_state (self, RECON_SERVICE_DONE, NULL);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    recon_service_job_set_state (self, RECON_SERVICE_CANCELLED, NULL);
  else
    recon_service_job_set_state (self, RECON_SERVICE_FAILED, error->message);
}

/* Calls a function in the job's main context, from any thread, in the order of the calls. */
void
recon_service_job_post (ReconServiceJob *self,
                        GSourceFunc      function,
                        gpointer         data,
                        GDestroyNotify   destroy)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, data, destroy);
  g_source_attach (source, priv->context);
}

void
recon_service_job_tell_progress (ReconServiceJob *self)
{
  g_signal_emit (self, signals[PROGRESS], 0);
}

void
recon_service_job_tell_block (ReconServiceJob *self,
                              guint            first,
                              guint            n)
{
  g_signal_emit (self, signals[BLOCK_DONE], 0, first, n);
}

void
recon_service_job_tell_image (ReconServiceJob *self,
                              guint            serial)
{
  g_signal_emit (self, signals[IMAGE_DONE], 0, serial);
}

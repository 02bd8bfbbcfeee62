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
  EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const state_names[] = { "queued", "preparing", "running", "idle", "done", "failed", "cancelled" };

static void
recon_service_job_finalize (GObject *object)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (RECON_SERVICE_JOB (object));

  g_clear_object (&priv->config);
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
  signals[EVENT] = g_signal_new ("event", RECON_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 2, G_TYPE_STRING, G_TYPE_VARIANT);
}

static void
recon_service_job_init (ReconServiceJob *self)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  priv->config = recon_config_new ();
  priv->message = g_strdup ("");
  priv->context = g_main_context_ref_thread_default ();
  priv->log = recon_log_new ();
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
  _recon_service_follow_log (self, priv->context, priv->log, number);
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

/* Returns a ReconWorkerImage by the task. */
void
recon_service_job_get_image (ReconServiceJob *self,
                             guint            index,
                             GTask           *task)
{
  RECON_SERVICE_JOB_GET_CLASS (self)->get_image (self, index, task);
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

  _recon_service_post (priv->context, function, data, destroy);
}

/* Emits an event later, from any thread. */
void
recon_service_job_post_event (ReconServiceJob *self,
                              const char      *name,
                              GVariant        *arguments)
{
  ReconServiceJobPrivate *priv = recon_service_job_get_instance_private (self);

  _recon_service_post_event (self, priv->context, name, arguments);
}

void
recon_service_job_emit (ReconServiceJob *self,
                        const char      *name,
                        GVariant        *arguments)
{
  g_signal_emit (self, signals[EVENT], 0, name, arguments);
}

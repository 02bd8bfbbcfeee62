/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/checks.h"

#include "base/error.h"

/* After so long without a change the worker is asked. */
#define PAUSE_MS 300

/* What is known of one path. */
typedef struct
{
  char         *path; /* (nullable): what was asked about last */
  GCancellable *cancellable; /* (nullable): while there is no answer */
  GVariant     *answer; /* (nullable): also where there is an error, if there are datasets to choose from */
  GError       *error;
} Inspection;

struct _ReconChecks
{
  GObject        parent_instance;

  ReconDocument *document;
  ReconClient   *client; /* (nullable) */
  guint          pause;

  Inspection    *inspections; /* by parameter */

  GCancellable  *cancellable; /* (nullable): while there is no answer */
  gboolean       known;       /* what follows is of the configuration as it stands */
  GVariant      *resolved;
  GError        *resolve_error;
};

G_DEFINE_FINAL_TYPE (ReconChecks, recon_checks, G_TYPE_OBJECT)

enum
{
  INSPECTED,
  RESOLVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const ReconParameter inspected[] = {
  RECON_PARAM_PROJECTIONS, RECON_PARAM_SINOGRAMS,   RECON_PARAM_DARKS,
  RECON_PARAM_FLATS,       RECON_PARAM_FLATS_AFTER, RECON_PARAM_ANGLES,
};

typedef struct
{
  ReconChecks    *checks;
  GCancellable   *cancellable; /* tells this question from newer ones */
  ReconParameter  parameter;
} Question;

static Question *
question_new (ReconChecks    *checks,
              GCancellable   *cancellable,
              ReconParameter  parameter)
{
  Question *question = g_new (Question, 1);

  question->checks = g_object_ref (checks);
  question->cancellable = g_object_ref (cancellable);
  question->parameter = parameter;

  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->checks);
  g_object_unref (question->cancellable);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
stop (GCancellable **cancellable)
{
  if (*cancellable != NULL)
    g_cancellable_cancel (*cancellable);
  g_clear_object (cancellable);
}

static void
inspection_clear (Inspection *inspection)
{
  stop (&inspection->cancellable);
  g_clear_pointer (&inspection->path, g_free);
  g_clear_pointer (&inspection->answer, g_variant_unref);
  g_clear_error (&inspection->error);
}

/* A worker that has ended says nothing about the configuration. */
static gboolean
is_answer (const GError *error)
{
  return error == NULL || error->domain != G_IO_ERROR ||
         (error->code != G_IO_ERROR_CLOSED && error->code != G_IO_ERROR_CANCELLED);
}

static void
inspect_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Question) question = user_data;
  ReconChecks *self = question->checks;
  Inspection *inspection = &self->inspections[question->parameter];
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = recon_client_answer_finish (RECON_CLIENT (object), result, &error);
  const char *problem;

  if (inspection->cancellable != question->cancellable)
    return;

  g_clear_object (&inspection->cancellable);
  if (is_answer (error))
    {
      g_clear_pointer (&inspection->answer, g_variant_unref);
      g_clear_error (&inspection->error);
      inspection->error = g_steal_pointer (&error);
      inspection->answer = g_steal_pointer (&answer);
      if (inspection->answer != NULL && g_variant_lookup (inspection->answer, "problem", "&s", &problem))
        inspection->error = g_error_new_literal (RECON_ERROR, RECON_ERROR_INPUT, problem);
    }
  else
    g_clear_pointer (&inspection->path, g_free);

  g_signal_emit (self, signals[INSPECTED], 0, (guint) question->parameter);
}

/* Forgets what was known of another path, and asks about the present one. */
static void
inspect (ReconChecks    *self,
         ReconParameter  parameter,
         gboolean        ask)
{
  Inspection *inspection = &self->inspections[parameter];
  const char *path = recon_config_get_text (recon_document_get_config (self->document), parameter);

  if (g_strcmp0 (inspection->path, path) == 0)
    return;

  if (inspection->path != NULL)
    {
      inspection_clear (inspection);
      g_signal_emit (self, signals[INSPECTED], 0, (guint) parameter);
    }

  if (!ask || *path == '\0')
    return;

  inspection->path = g_strdup (path);
  inspection->cancellable = g_cancellable_new ();
  recon_client_inspect_async (self->client, path, inspection->cancellable, inspect_cb,
                              question_new (self, inspection->cancellable, parameter));
}

static void
resolve_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Question) question = user_data;
  ReconChecks *self = question->checks;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) resolved = recon_client_answer_finish (RECON_CLIENT (object), result, &error);

  if (self->cancellable != question->cancellable)
    return;

  g_clear_object (&self->cancellable);
  if (!is_answer (error))
    return;

  self->known = TRUE;
  g_clear_pointer (&self->resolved, g_variant_unref);
  g_clear_error (&self->resolve_error);
  self->resolved = g_steal_pointer (&resolved);
  self->resolve_error = g_steal_pointer (&error);
  g_signal_emit (self, signals[RESOLVED], 0);
}

/* What is known is of an older configuration. */
static void
forget_resolved (ReconChecks *self)
{
  gboolean was_known = self->known;

  stop (&self->cancellable);
  self->known = FALSE;
  g_clear_pointer (&self->resolved, g_variant_unref);
  g_clear_error (&self->resolve_error);
  if (was_known)
    g_signal_emit (self, signals[RESOLVED], 0);
}

static void
resolve (ReconChecks *self)
{
  ReconConfig *config = recon_document_get_config (self->document);

  stop (&self->cancellable);

  /* An empty form is no mistake. */
  if (*recon_config_get_text (config, RECON_PARAM_PROJECTIONS) == '\0' &&
      *recon_config_get_text (config, RECON_PARAM_SINOGRAMS) == '\0')
    {
      self->known = TRUE;
      g_signal_emit (self, signals[RESOLVED], 0);
      return;
    }

  self->cancellable = g_cancellable_new ();
  recon_client_resolve_async (self->client, config, self->cancellable, resolve_cb,
                              question_new (self, self->cancellable, 0));
}

static gboolean
is_ready (ReconChecks *self)
{
  return self->client != NULL && recon_client_get_state (self->client) == RECON_CLIENT_READY;
}

static gboolean
pause_cb (gpointer user_data)
{
  ReconChecks *self = user_data;

  self->pause = 0;
  if (!is_ready (self))
    return G_SOURCE_REMOVE;

  for (gsize i = 0; i < G_N_ELEMENTS (inspected); i++)
    inspect (self, inspected[i], TRUE);
  resolve (self);

  return G_SOURCE_REMOVE;
}

static void
schedule (ReconChecks *self,
          guint        milliseconds)
{
  g_clear_handle_id (&self->pause, g_source_remove);
  self->pause = g_timeout_add (milliseconds, pause_cb, self);
}

static void
changed_cb (ReconDocument *document,
            ReconChecks   *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (inspected); i++)
    inspect (self, inspected[i], FALSE);
  forget_resolved (self);
  schedule (self, PAUSE_MS);
}

static void
state_cb (ReconClient *client,
          GParamSpec  *pspec,
          ReconChecks *self)
{
  if (is_ready (self))
    schedule (self, 0);
}

static void
recon_checks_dispose (GObject *object)
{
  ReconChecks *self = RECON_CHECKS (object);

  g_clear_handle_id (&self->pause, g_source_remove);
  stop (&self->cancellable);
  for (guint i = 0; i < recon_parameter_count (); i++)
    inspection_clear (&self->inspections[i]);
  g_clear_pointer (&self->resolved, g_variant_unref);
  g_clear_error (&self->resolve_error);
  g_clear_object (&self->client);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (recon_checks_parent_class)->dispose (object);
}

static void
recon_checks_finalize (GObject *object)
{
  g_free (RECON_CHECKS (object)->inspections);

  G_OBJECT_CLASS (recon_checks_parent_class)->finalize (object);
}

static void
recon_checks_class_init (ReconChecksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = recon_checks_dispose;
  G_OBJECT_CLASS (klass)->finalize = recon_checks_finalize;

  signals[INSPECTED] = g_signal_new ("inspected", RECON_TYPE_CHECKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[RESOLVED] = g_signal_new ("resolved", RECON_TYPE_CHECKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
}

static void
recon_checks_init (ReconChecks *self)
{
  self->inspections = g_new0 (Inspection, recon_parameter_count ());
}

/**
 * recon_checks_new:
 * @document: what to look at
 * @client: (nullable): who looks; nothing is ever known without
 *
 * Returns: (transfer full): checks that begin as soon as the worker is there. Questions that are under way keep the
 *   object until they are answered; run_dispose it to end them.
 */
ReconChecks *
recon_checks_new (ReconDocument *document,
                  ReconClient   *client)
{
  ReconChecks *self;

  g_return_val_if_fail (RECON_IS_DOCUMENT (document), NULL);

  self = g_object_new (RECON_TYPE_CHECKS, NULL);
  self->document = g_object_ref (document);
  g_set_object (&self->client, client);
  g_signal_connect_object (document, "changed", G_CALLBACK (changed_cb), self, 0);
  if (client != NULL)
    g_signal_connect_object (client, "notify::state", G_CALLBACK (state_cb), self, 0);
  schedule (self, 0);

  return self;
}

/* What a file of angles holds only shows beside the projections. */
static gboolean
is_of_images (ReconParameter parameter)
{
  return parameter != RECON_PARAM_ANGLES;
}

/**
 * recon_checks_get_contents:
 * @self: checks
 * @parameter: a parameter that is a path of images
 *
 * Returns: (transfer none) (nullable): what Worker1.Inspect says of it; %NULL while that is not known, or there are
 *   no images
 */
GVariant *
recon_checks_get_contents (ReconChecks    *self,
                           ReconParameter  parameter)
{
  const Inspection *inspection = &self->inspections[parameter];

  return is_of_images (parameter) && inspection->error == NULL ? inspection->answer : NULL;
}

const GError *
recon_checks_get_error (ReconChecks    *self,
                        ReconParameter  parameter)
{
  return is_of_images (parameter) ? self->inspections[parameter].error : NULL;
}

/**
 * recon_checks_get_answer:
 * @self: checks
 * @parameter: a parameter that is a path
 *
 * Returns: (transfer none) (nullable): what Worker1.Inspect says of it, which may be a problem and what could be chosen
 *   instead; %NULL while that is not known
 */
GVariant *
recon_checks_get_answer (ReconChecks    *self,
                         ReconParameter  parameter)
{
  return self->inspections[parameter].answer;
}

/**
 * recon_checks_get_resolved:
 * @self: checks
 *
 * Returns: (transfer none) (nullable): what Worker1.Resolve says; %NULL where that is not known, or there is no input
 */
GVariant *
recon_checks_get_resolved (ReconChecks *self)
{
  return self->resolved;
}

const GError *
recon_checks_get_resolve_error (ReconChecks *self)
{
  return self->resolve_error;
}

/**
 * recon_checks_is_known:
 * @self: checks
 *
 * Returns: whether the last answer is about the configuration as it stands
 */
gboolean
recon_checks_is_known (ReconChecks *self)
{
  return self->known;
}

/**
 * recon_checks_ask_again:
 * @self: checks
 *
 * Asks once more about everything, because files may have changed. What is known remains until there is an answer.
 */
void
recon_checks_ask_again (ReconChecks *self)
{
  g_return_if_fail (RECON_IS_CHECKS (self));

  for (gsize i = 0; i < G_N_ELEMENTS (inspected); i++)
    {
      Inspection *inspection = &self->inspections[inspected[i]];

      stop (&inspection->cancellable);
      g_clear_pointer (&inspection->path, g_free);
    }
  schedule (self, 0);
}

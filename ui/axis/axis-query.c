/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-query.h"

#include <glib/gi18n.h>
#include <math.h>

#include "client/client.h"
#include "form/message-words.h"

/* What is lost where an axis gets the decimals that the document is given. */
#define HALF_DIGIT 0.00051

struct _ReconAxisQuery
{
  GObject               parent_instance;

  ReconDocument        *document;
  ReconClient          *client;
  GCancellable         *cancellable; /* (nullable): of the search that is under way */
  ReconAxisQueryState   state;
  gboolean              outdated;
  gboolean              used;        /* the document has the axis that was found */
  ReconAxisResult      *result;      /* (nullable): kept while another search is under way */
  char                 *message;     /* (nullable): why the last search failed */
  char                 *asked;       /* (nullable): what the search under way is made from */
  char                 *description; /* (nullable): what the result was made from */
};

G_DEFINE_FINAL_TYPE (ReconAxisQuery, recon_axis_query, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
  PROP_OUTDATED,
  N_PROPERTIES
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

/**
 * recon_axis_describe_input:
 * @config: a configuration
 *
 * Returns: (transfer full): all that the projections depend on
 */
char *
recon_axis_describe_input (ReconConfig *config)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);

      if (g_str_equal (spec->section, "input") || g_str_equal (spec->section, "flat-field"))
        {
          g_autofree char *value = recon_config_format (config, i);

          g_string_append_printf (text, "%s\n", value);
        }
    }

  return g_string_free (text, FALSE);
}

/* The axis is looked for among the projections at their angles. */
static char *
describe (ReconAxisQuery *self)
{
  ReconConfig *config = recon_document_get_config (self->document);
  g_autofree char *input = recon_axis_describe_input (config);
  g_autofree char *step = recon_config_format (config, RECON_PARAM_ANGLE_STEP);

  return g_strdup_printf ("%s%s\n", input, step);
}

/* Whether the document has the axis that was found, to the digits that it would be given. */
static gboolean
has_axis (ReconAxisQuery *self)
{
  ReconConfig *config = recon_document_get_config (self->document);

  return self->result != NULL && !recon_config_is_automatic (config, RECON_PARAM_AXIS) &&
         fabs (recon_config_get_number (config, RECON_PARAM_AXIS) - self->result->axis) < HALF_DIGIT;
}

static void
update (ReconAxisQuery      *self,
        ReconAxisQueryState  state)
{
  g_autofree char *description = describe (self);
  gboolean outdated = self->result != NULL && g_strcmp0 (description, self->description) != 0;
  gboolean state_changed = state != self->state, outdated_changed = outdated != self->outdated;

  self->state = state;
  self->outdated = outdated;
  self->used = has_axis (self);
  if (state_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (outdated_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OUTDATED]);
}

static void
document_changed_cb (ReconAxisQuery *self)
{
  gboolean outdated = self->outdated, used = self->used;

  update (self, self->state);
  if (outdated != self->outdated || used != self->used)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
set_result (ReconAxisQuery  *self,
            ReconAxisResult *result,
            char            *description)
{
  g_clear_pointer (&self->result, recon_axis_result_free);
  g_free (self->description);
  self->result = result;
  self->description = description;
}

static void
found_cb (GObject      *object,
          GAsyncResult *async_result,
          gpointer      user_data)
{
  g_autoptr (ReconAxisQuery) self = user_data;
  g_autoptr (GError) error = NULL;
  ReconAxisResult *result = recon_client_find_axis_finish (RECON_CLIENT (object), async_result, &error);

  /* Another search has begun since, or this one was cancelled. */
  if (g_task_get_cancellable (G_TASK (async_result)) != self->cancellable)
    {
      g_clear_pointer (&result, recon_axis_result_free);
      return;
    }

  g_clear_object (&self->cancellable);
  if (result != NULL)
    {
      set_result (self, result, g_steal_pointer (&self->asked));
      update (self, RECON_AXIS_QUERY_DONE);
    }
  else
    {
      self->message = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ?
                      g_strdup (_ ("A search in another window has ended this one. Start it again.")) :
                      recon_message_words_reword (error->message);
      update (self, RECON_AXIS_QUERY_FAILED);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
recon_axis_query_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  ReconAxisQuery *self = RECON_AXIS_QUERY (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_OUTDATED:
      g_value_set_boolean (value, self->outdated);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_axis_query_dispose (GObject *object)
{
  ReconAxisQuery *self = RECON_AXIS_QUERY (object);

  g_clear_object (&self->document);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (recon_axis_query_parent_class)->dispose (object);
}

static void
recon_axis_query_finalize (GObject *object)
{
  ReconAxisQuery *self = RECON_AXIS_QUERY (object);

  g_clear_object (&self->cancellable);
  set_result (self, NULL, NULL);
  g_free (self->message);
  g_free (self->asked);

  G_OBJECT_CLASS (recon_axis_query_parent_class)->finalize (object);
}

static void
recon_axis_query_class_init (ReconAxisQueryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = recon_axis_query_get_property;
  object_class->dispose = recon_axis_query_dispose;
  object_class->finalize = recon_axis_query_finalize;

  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, RECON_AXIS_QUERY_EMPTY, RECON_AXIS_QUERY_FAILED,
                                             RECON_AXIS_QUERY_EMPTY, flags);
  properties[PROP_OUTDATED] = g_param_spec_boolean ("outdated", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[CHANGED] = g_signal_new ("changed", RECON_TYPE_AXIS_QUERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
recon_axis_query_init (ReconAxisQuery *self)
{
}

/**
 * recon_axis_query_new:
 * @document: whose axis is looked for
 * @client: the worker that looks for it
 *
 * Returns: (transfer full): a search that has not begun
 */
ReconAxisQuery *
recon_axis_query_new (ReconDocument *document,
                       ReconClient   *client)
{
  ReconAxisQuery *self = g_object_new (RECON_TYPE_AXIS_QUERY, NULL);

  self->document = g_object_ref (document);
  self->client = g_object_ref (client);
  g_signal_connect_object (document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * recon_axis_query_start:
 * @self: a search
 * @settings: how to search
 *
 * Begins anew with the document as it stands. The result that there is stays until the new one comes.
 */
void
recon_axis_query_start (ReconAxisQuery          *self,
                        const ReconAxisSettings *settings)
{
  g_return_if_fail (RECON_IS_AXIS_QUERY (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->message, g_free);
  g_free (self->asked);
  self->asked = describe (self);
  self->cancellable = g_cancellable_new ();
  recon_client_find_axis_async (self->client, recon_document_get_config (self->document), settings, self->cancellable,
                                found_cb, g_object_ref (self));
  update (self, RECON_AXIS_QUERY_UNDER_WAY);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * recon_axis_query_cancel:
 * @self: a search
 *
 * Ends what is under way; an earlier result is shown again.
 */
void
recon_axis_query_cancel (ReconAxisQuery *self)
{
  g_return_if_fail (RECON_IS_AXIS_QUERY (self));

  if (self->cancellable == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  update (self, self->result != NULL ? RECON_AXIS_QUERY_DONE : RECON_AXIS_QUERY_EMPTY);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * recon_axis_query_take_result:
 * @self: a search
 * @result: (transfer full): of the document as it stands, from elsewhere
 *
 * Shows a result as if it had been found.
 */
void
recon_axis_query_take_result (ReconAxisQuery  *self,
                              ReconAxisResult *result)
{
  g_return_if_fail (RECON_IS_AXIS_QUERY (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  set_result (self, result, describe (self));
  update (self, RECON_AXIS_QUERY_DONE);
  g_signal_emit (self, signals[CHANGED], 0);
}

ReconAxisQueryState
recon_axis_query_get_state (ReconAxisQuery *self)
{
  g_return_val_if_fail (RECON_IS_AXIS_QUERY (self), RECON_AXIS_QUERY_EMPTY);

  return self->state;
}

gboolean
recon_axis_query_is_outdated (ReconAxisQuery *self)
{
  g_return_val_if_fail (RECON_IS_AXIS_QUERY (self), FALSE);

  return self->outdated;
}

/**
 * recon_axis_query_get_result:
 * @self: a search
 *
 * Returns: (transfer none) (nullable): the last result
 */
const ReconAxisResult *
recon_axis_query_get_result (ReconAxisQuery *self)
{
  g_return_val_if_fail (RECON_IS_AXIS_QUERY (self), NULL);

  return self->result;
}

/**
 * recon_axis_query_get_message:
 * @self: a search
 *
 * Returns: (nullable): why the last search failed
 */
const char *
recon_axis_query_get_message (ReconAxisQuery *self)
{
  g_return_val_if_fail (RECON_IS_AXIS_QUERY (self), NULL);

  return self->message;
}

/**
 * recon_axis_query_can_use:
 * @self: a search
 *
 * Returns: whether there is an axis, of the document as it stands
 */
gboolean
recon_axis_query_can_use (ReconAxisQuery *self)
{
  g_return_val_if_fail (RECON_IS_AXIS_QUERY (self), FALSE);

  return self->state == RECON_AXIS_QUERY_DONE && !self->outdated &&
         self->result->confidence != RECON_AXIS_CONFIDENCE_NONE && isfinite (self->result->axis);
}

/**
 * recon_axis_query_is_used:
 * @self: a search
 *
 * Returns: whether the document has the axis that was found
 */
gboolean
recon_axis_query_is_used (ReconAxisQuery *self)
{
  g_return_val_if_fail (RECON_IS_AXIS_QUERY (self), FALSE);

  return self->used;
}

/**
 * recon_axis_query_get_score:
 * @self: a search
 * @axis: in columns of the projections as read
 *
 * The candidates' scores with straight lines between them, as the curve shows them.
 *
 * Returns: how good a slice about @axis looks, 0 … 1; NaN where the search didn't look, or while nothing is known of
 *   the document as it stands
 */
double
recon_axis_query_get_score (ReconAxisQuery *self,
                            double          axis)
{
  const ReconAxisResult *result;

  g_return_val_if_fail (RECON_IS_AXIS_QUERY (self), (double) NAN);

  if (!recon_axis_query_can_use (self))
    return (double) NAN;

  result = self->result;
  for (guint i = 1; i < result->n_candidates; i++)
    {
      const double left = result->candidates[i - 1], right = result->candidates[i];

      if (left <= axis && axis <= right && left < right)
        return result->scores[i - 1] + (result->scores[i] - result->scores[i - 1]) * (axis - left) / (right - left);
    }

  return (double) NAN;
}

/**
 * recon_axis_query_use:
 * @self: a search with an axis that can be used
 *
 * Gives the document the axis that was found, as one step to undo.
 */
void
recon_axis_query_use (ReconAxisQuery *self)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_if_fail (RECON_IS_AXIS_QUERY (self));
  g_return_if_fail (recon_axis_query_can_use (self));

  g_ascii_formatd (text, sizeof text, "%.3f", self->result->axis);
  recon_document_end_visit (self->document);
  recon_document_set (self->document, RECON_PARAM_AXIS, text, NULL);
  recon_document_end_visit (self->document);
}

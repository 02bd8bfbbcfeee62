/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/axis-message.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What is not known has no key: a client need not know that NaN means so. */
static void
insert_number (GVariantDict *dict,
               const char   *key,
               double        number)
{
  if (isfinite (number))
    g_variant_dict_insert (dict, key, "d", number);
}

/**
 * recon_axis_message_tell_settings:
 * @settings: how to search
 * @search: a number by which the client may cancel it
 *
 * Returns: (transfer floating): the options of FindAxis
 */
GVariant *
recon_axis_message_tell_settings (const ReconAxisSettings *settings,
                                  guint                    search)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "search", "u", search);
  g_variant_dict_insert (&dict, "method", "s", recon_axis_method_get_name (settings->method));
  if (settings->rows != NULL)
    g_variant_dict_insert (&dict, "rows", "s", settings->rows);
  insert_number (&dict, "low", settings->low);
  insert_number (&dict, "high", settings->high);

  return g_variant_dict_end (&dict);
}

/**
 * recon_axis_message_hear_settings:
 * @told: the options of FindAxis
 * @settings: (out): how to search
 * @rows: (out) (nullable): what keeps the text in @settings; free it with g_free()
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if there is no such method
 */
gboolean
recon_axis_message_hear_settings (GVariant           *told,
                                  ReconAxisSettings  *settings,
                                  char              **rows,
                                  GError            **error)
{
  const char *method = NULL;

  *settings = (ReconAxisSettings) RECON_AXIS_SETTINGS_INIT;
  *rows = NULL;
  if (g_variant_lookup (told, "method", "&s", &method) &&
      !recon_axis_method_find (method, &settings->method, error))
    return FALSE;

  g_variant_lookup (told, "low", "d", &settings->low);
  g_variant_lookup (told, "high", "d", &settings->high);
  g_variant_lookup (told, "rows", "s", rows);
  settings->rows = *rows;

  return TRUE;
}

static void
insert_numbers (GVariantDict *dict,
                const char   *key,
                const double *numbers,
                guint         n)
{
  g_variant_dict_insert_value (dict, key,
                               g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, numbers, n, sizeof (double)));
}

/**
 * recon_axis_message_tell_result:
 * @result: what was found
 *
 * Returns: (transfer floating): the result of FindAxis
 */
GVariant *
recon_axis_message_tell_result (const ReconAxisResult *result)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ddddb)"));
  g_autofree char *reason = g_utf8_make_valid (result->reason != NULL ? result->reason : "", -1);

  insert_number (&dict, "axis", result->axis);
  insert_number (&dict, "uncertainty", result->uncertainty);
  insert_number (&dict, "middle", result->middle);
  insert_number (&dict, "tilt", result->tilt);
  insert_number (&dict, "tilt-uncertainty", result->tilt_uncertainty);
  insert_number (&dict, "drift", result->drift);
  insert_number (&dict, "drift-uncertainty", result->drift_uncertainty);
  insert_number (&dict, "middle-row", result->middle_row);
  insert_number (&dict, "overlap", result->overlap);
  insert_number (&dict, "seconds", result->seconds);
  g_variant_dict_insert (&dict, "confidence", "s", recon_axis_confidence_get_name (result->confidence));
  g_variant_dict_insert (&dict, "reason", "s", reason);
  g_variant_dict_insert (&dict, "method", "s", recon_axis_method_get_name (result->method));
  g_variant_dict_insert (&dict, "half", "b", result->half);

  for (guint i = 0; i < result->n_rows; i++)
    {
      const ReconAxisRow *row = &result->rows[i];

      g_variant_builder_add (&rows, "(ddddb)", row->row, row->axis, row->uncertainty, row->score, row->used);
    }
  g_variant_dict_insert_value (&dict, "rows", g_variant_builder_end (&rows));
  insert_numbers (&dict, "candidates", result->candidates, result->n_candidates);
  insert_numbers (&dict, "scores", result->scores, result->n_candidates);

  return g_variant_dict_end (&dict);
}

static gboolean
hear_confidence (const char          *name,
                 ReconAxisConfidence *confidence)
{
  for (guint i = RECON_AXIS_CONFIDENCE_NONE; i <= RECON_AXIS_CONFIDENCE_HIGH; i++)
    {
      if (!g_str_equal (recon_axis_confidence_get_name ((ReconAxisConfidence) i), name))
        continue;

      *confidence = (ReconAxisConfidence) i;
      return TRUE;
    }

  return FALSE;
}

static void
hear_rows (GVariant        *told,
           ReconAxisResult *result)
{
  g_autoptr (GVariant) rows = g_variant_lookup_value (told, "rows", G_VARIANT_TYPE ("a(ddddb)"));

  result->n_rows = rows != NULL ? (guint) g_variant_n_children (rows) : 0;
  result->rows = g_new (ReconAxisRow, result->n_rows);
  for (guint i = 0; i < result->n_rows; i++)
    {
      ReconAxisRow *row = &result->rows[i];

      g_variant_get_child (rows, i, "(ddddb)", &row->row, &row->axis, &row->uncertainty, &row->score, &row->used);
    }
}

static gboolean
hear_candidates (GVariant        *told,
                 ReconAxisResult *result)
{
  g_autoptr (GVariant) candidates = g_variant_lookup_value (told, "candidates", G_VARIANT_TYPE ("ad"));
  g_autoptr (GVariant) scores = g_variant_lookup_value (told, "scores", G_VARIANT_TYPE ("ad"));
  gconstpointer axes, values;
  gsize n_axes, n_values;

  if (candidates == NULL || scores == NULL)
    return candidates == scores;

  axes = g_variant_get_fixed_array (candidates, &n_axes, sizeof (double));
  values = g_variant_get_fixed_array (scores, &n_values, sizeof (double));
  if (n_axes != n_values)
    return FALSE;

  result->candidates = g_memdup2 (axes, n_axes * sizeof (double));
  result->scores = g_memdup2 (values, n_axes * sizeof (double));
  result->n_candidates = (guint) n_axes;

  return TRUE;
}

/**
 * recon_axis_message_hear_result:
 * @told: the result of FindAxis, of a worker that is not trusted
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what was found, or %NULL with %G_IO_ERROR_INVALID_DATA: a confidence other than
 *   none comes with an axis and its uncertainty
 */
ReconAxisResult *
recon_axis_message_hear_result (GVariant  *told,
                                GError   **error)
{
  g_autoptr (ReconAxisResult) result = g_new0 (ReconAxisResult, 1);
  const char *confidence = "", *method = "";

  result->axis = result->uncertainty = result->middle = result->tilt = result->tilt_uncertainty = NAN;
  result->middle_row = NAN;
  result->drift = result->drift_uncertainty = NAN;
  g_variant_lookup (told, "axis", "d", &result->axis);
  g_variant_lookup (told, "uncertainty", "d", &result->uncertainty);
  g_variant_lookup (told, "middle", "d", &result->middle);
  g_variant_lookup (told, "tilt", "d", &result->tilt);
  g_variant_lookup (told, "tilt-uncertainty", "d", &result->tilt_uncertainty);
  g_variant_lookup (told, "drift", "d", &result->drift);
  g_variant_lookup (told, "drift-uncertainty", "d", &result->drift_uncertainty);
  g_variant_lookup (told, "middle-row", "d", &result->middle_row);
  g_variant_lookup (told, "overlap", "d", &result->overlap);
  g_variant_lookup (told, "seconds", "d", &result->seconds);
  g_variant_lookup (told, "half", "b", &result->half);
  g_variant_lookup (told, "confidence", "&s", &confidence);
  g_variant_lookup (told, "method", "&s", &method);
  if (!g_variant_lookup (told, "reason", "s", &result->reason))
    result->reason = g_strdup ("");
  hear_rows (told, result);

  if (!hear_confidence (confidence, &result->confidence) ||
      !recon_axis_method_find (method, &result->method, NULL) || !hear_candidates (told, result) ||
      (result->confidence != RECON_AXIS_CONFIDENCE_NONE &&
       !(isfinite (result->axis) && isfinite (result->uncertainty) && result->uncertainty >= 0)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("The worker's answer about the axis is not complete. Start the program anew."));
      return NULL;
    }
  if (result->confidence == RECON_AXIS_CONFIDENCE_NONE)
    result->axis = NAN;

  return g_steal_pointer (&result);
}

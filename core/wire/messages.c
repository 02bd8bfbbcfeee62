/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire/messages.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/**
 * recon_message_insert:
 * @message: gets the members
 * @fields: (array length=n): which ones
 * @n: how many
 * @structure: what has them
 */
void
recon_message_insert (GVariantDict            *message,
                      const ReconMessageField *fields,
                      gsize                    n,
                      gconstpointer            structure)
{
  for (gsize i = 0; i < n; i++)
    {
      gconstpointer member = G_STRUCT_MEMBER_P (structure, fields[i].offset);

      if (fields[i].type == 'u')
        g_variant_dict_insert (message, fields[i].key, "u", *(const guint *) member);
      else if (fields[i].type == 'b')
        g_variant_dict_insert (message, fields[i].key, "b", *(const gboolean *) member);
      else if (isfinite (*(const double *) member))
        g_variant_dict_insert (message, fields[i].key, "d", *(const double *) member);
    }
}

/**
 * recon_message_lookup:
 * @message: (type a{sv}): what came
 * @fields: (array length=n): which members to look for
 * @n: how many
 * @structure: gets those that are there, and keeps what it has of others
 *
 * Returns: whether all of them were there
 */
gboolean
recon_message_lookup (GVariant                *message,
                      const ReconMessageField *fields,
                      gsize                    n,
                      gpointer                 structure)
{
  gsize n_found = 0;

  for (gsize i = 0; i < n; i++)
    {
      const char type[] = { fields[i].type, '\0' };

      n_found += g_variant_lookup (message, fields[i].key, type, G_STRUCT_MEMBER_P (structure, fields[i].offset));
    }

  return n_found == n;
}

static const char *const view_names[RECON_N_VIEWS] = {
  "projection", "corrected", "sinogram", "slice", "dark", "flat", "flat-after",
};

const char *
recon_view_get_name (ReconView view)
{
  return view_names[view];
}

gboolean
recon_view_parse (const char *name,
                  ReconView  *view)
{
  for (gsize i = 0; i < G_N_ELEMENTS (view_names); i++)
    {
      if (g_str_equal (name, view_names[i]))
        {
          *view = (ReconView) i;
          return TRUE;
        }
    }

  return FALSE;
}

static const ReconMessageField image_fields[] = {
  { "full-width", 'u', offsetof (ReconWorkerImage, full_width) },
  { "full-height", 'u', offsetof (ReconWorkerImage, full_height) },
  { "reduction", 'u', offsetof (ReconWorkerImage, reduction) },
  { "index", 'u', offsetof (ReconWorkerImage, index) },
  { "n-images", 'u', offsetof (ReconWorkerImage, n_images) },
  { "number", 'u', offsetof (ReconWorkerImage, number) },
  { "serial", 'u', offsetof (ReconWorkerImage, serial) },
  { "seconds", 'd', offsetof (ReconWorkerImage, seconds) },
};

/* Returns: (transfer full) */
GVariantDict *
recon_worker_image_to_message (const ReconWorkerImage *image)
{
  GVariantDict *message = g_variant_dict_new (NULL);

  recon_message_insert (message, image_fields, G_N_ELEMENTS (image_fields), image);
  g_variant_dict_insert (message, "width", "u", recon_image_get_width (image->image));
  g_variant_dict_insert (message, "height", "u", recon_image_get_height (image->image));
  g_variant_dict_insert (message, "view", "s", recon_view_get_name (image->view));
  g_variant_dict_insert (message, "little-endian", "b", G_BYTE_ORDER == G_LITTLE_ENDIAN);

  return message;
}

/**
 * recon_worker_image_from_message:
 * @message: (type a{sv}): what came
 * @width: (out): columns
 * @height: (out): rows
 * @bytes: (out): what the pixels take
 * @swapped: (out): whether the worker's byte order is not ours
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the image, still without pixels, or %NULL if there can't be such an image
 */
ReconWorkerImage *
recon_worker_image_from_message (GVariant  *message,
                                 guint     *width,
                                 guint     *height,
                                 gsize     *bytes,
                                 gboolean  *swapped,
                                 GError   **error)
{
  g_autoptr (ReconWorkerImage) image = g_new0 (ReconWorkerImage, 1);
  gboolean little_endian = G_BYTE_ORDER == G_LITTLE_ENDIAN;
  const char *view = NULL;

  if (!recon_message_lookup (message, image_fields, G_N_ELEMENTS (image_fields), image) ||
      !g_variant_lookup (message, "width", "u", width) || !g_variant_lookup (message, "height", "u", height) ||
      !g_variant_lookup (message, "view", "&s", &view) || !recon_view_parse (view, &image->view) || *width == 0 ||
      *height == 0 || image->reduction == 0 || !g_size_checked_mul (bytes, *width, *height) ||
      !g_size_checked_mul (bytes, *bytes, sizeof (float)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("The worker sent an image that can't be. Start the program anew."));
      return NULL;
    }

  g_variant_lookup (message, "little-endian", "b", &little_endian);
  *swapped = little_endian != (G_BYTE_ORDER == G_LITTLE_ENDIAN);

  return g_steal_pointer (&image);
}

static const ReconMessageField settings_fields[] = {
  { "low", 'd', offsetof (ReconAxisSettings, low) },
  { "high", 'd', offsetof (ReconAxisSettings, high) },
};

/**
 * recon_axis_settings_to_message:
 * @settings: how to search
 * @search: a number by which the client may cancel it
 *
 * Returns: (transfer floating): the options of FindAxis
 */
GVariant *
recon_axis_settings_to_message (const ReconAxisSettings *settings,
                                guint                    search)
{
  g_auto (GVariantDict) message = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&message, "search", "u", search);
  g_variant_dict_insert (&message, "method", "s", recon_axis_method_get_name (settings->method));
  if (settings->rows != NULL)
    g_variant_dict_insert (&message, "rows", "s", settings->rows);
  recon_message_insert (&message, settings_fields, G_N_ELEMENTS (settings_fields), settings);

  return g_variant_dict_end (&message);
}

/**
 * recon_axis_settings_from_message:
 * @message: the options of FindAxis
 * @settings: (out): how to search
 * @rows: (out) (nullable): what keeps the text in @settings; free it with g_free()
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if there is no such method
 */
gboolean
recon_axis_settings_from_message (GVariant           *message,
                                  ReconAxisSettings  *settings,
                                  char              **rows,
                                  GError            **error)
{
  const char *method = NULL;

  *settings = (ReconAxisSettings) RECON_AXIS_SETTINGS_INIT;
  *rows = NULL;
  if (g_variant_lookup (message, "method", "&s", &method) &&
      !recon_axis_method_find (method, &settings->method, error))
    return FALSE;

  recon_message_lookup (message, settings_fields, G_N_ELEMENTS (settings_fields), settings);
  g_variant_lookup (message, "rows", "s", rows);
  settings->rows = *rows;

  return TRUE;
}

/* What is not known has no key: a client need not know that NaN means so. */
static const ReconMessageField result_fields[] = {
  { "axis", 'd', offsetof (ReconAxisResult, axis) },
  { "uncertainty", 'd', offsetof (ReconAxisResult, uncertainty) },
  { "middle", 'd', offsetof (ReconAxisResult, middle) },
  { "tilt", 'd', offsetof (ReconAxisResult, tilt) },
  { "tilt-uncertainty", 'd', offsetof (ReconAxisResult, tilt_uncertainty) },
  { "drift", 'd', offsetof (ReconAxisResult, drift) },
  { "drift-uncertainty", 'd', offsetof (ReconAxisResult, drift_uncertainty) },
  { "middle-row", 'd', offsetof (ReconAxisResult, middle_row) },
  { "overlap", 'd', offsetof (ReconAxisResult, overlap) },
  { "seconds", 'd', offsetof (ReconAxisResult, seconds) },
  { "half", 'b', offsetof (ReconAxisResult, half) },
};

static void
insert_numbers (GVariantDict *message,
                const char   *key,
                const double *numbers,
                guint         n)
{
  g_variant_dict_insert_value (message, key,
                               g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, numbers, n, sizeof (double)));
}

/* Returns: (transfer floating): the result of FindAxis */
GVariant *
recon_axis_result_to_message (const ReconAxisResult *result)
{
  g_auto (GVariantDict) message = G_VARIANT_DICT_INIT (NULL);
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ddddb)"));
  g_autofree char *reason = g_utf8_make_valid (result->reason != NULL ? result->reason : "", -1);

  recon_message_insert (&message, result_fields, G_N_ELEMENTS (result_fields), result);
  g_variant_dict_insert (&message, "confidence", "s", recon_axis_confidence_get_name (result->confidence));
  g_variant_dict_insert (&message, "reason", "s", reason);
  g_variant_dict_insert (&message, "method", "s", recon_axis_method_get_name (result->method));

  for (guint i = 0; i < result->n_rows; i++)
    {
      const ReconAxisRow *row = &result->rows[i];

      g_variant_builder_add (&rows, "(ddddb)", row->row, row->axis, row->uncertainty, row->score, row->used);
    }
  g_variant_dict_insert_value (&message, "rows", g_variant_builder_end (&rows));
  insert_numbers (&message, "candidates", result->candidates, result->n_candidates);
  insert_numbers (&message, "scores", result->scores, result->n_candidates);

  return g_variant_dict_end (&message);
}

static gboolean
parse_confidence (const char          *name,
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
read_rows (GVariant        *message,
           ReconAxisResult *result)
{
  g_autoptr (GVariant) rows = g_variant_lookup_value (message, "rows", G_VARIANT_TYPE ("a(ddddb)"));

  result->n_rows = rows != NULL ? (guint) g_variant_n_children (rows) : 0;
  result->rows = g_new (ReconAxisRow, result->n_rows);
  for (guint i = 0; i < result->n_rows; i++)
    {
      ReconAxisRow *row = &result->rows[i];

      g_variant_get_child (rows, i, "(ddddb)", &row->row, &row->axis, &row->uncertainty, &row->score, &row->used);
    }
}

static gboolean
read_candidates (GVariant        *message,
                 ReconAxisResult *result)
{
  g_autoptr (GVariant) candidates = g_variant_lookup_value (message, "candidates", G_VARIANT_TYPE ("ad"));
  g_autoptr (GVariant) scores = g_variant_lookup_value (message, "scores", G_VARIANT_TYPE ("ad"));
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
 * recon_axis_result_from_message:
 * @message: the result of FindAxis
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what was found, or %NULL with %G_IO_ERROR_INVALID_DATA: a confidence other than
 *   none comes with an axis and its uncertainty
 */
ReconAxisResult *
recon_axis_result_from_message (GVariant  *message,
                                GError   **error)
{
  g_autoptr (ReconAxisResult) result = g_new0 (ReconAxisResult, 1);
  const char *confidence = "", *method = "";

  result->axis = result->uncertainty = result->middle = result->tilt = result->tilt_uncertainty = NAN;
  result->drift = result->drift_uncertainty = result->middle_row = NAN;
  recon_message_lookup (message, result_fields, G_N_ELEMENTS (result_fields), result);
  g_variant_lookup (message, "confidence", "&s", &confidence);
  g_variant_lookup (message, "method", "&s", &method);
  if (!g_variant_lookup (message, "reason", "s", &result->reason))
    result->reason = g_strdup ("");
  read_rows (message, result);

  if (!parse_confidence (confidence, &result->confidence) ||
      !recon_axis_method_find (method, &result->method, NULL) || !read_candidates (message, result) ||
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

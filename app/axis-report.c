/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis-report.h"

#include <json-glib/json-glib.h>
#include <math.h>


/**
 * recon_axis_report_text:
 * @result: a result
 *
 * Returns: (transfer full): lines for people: what was found, and why the confidence is no higher
 */
char *
recon_axis_report_text (const ReconAxisResult *result)
{
  g_autofree char *line = recon_axis_result_say (result);

  /* Where there is no axis the line says why. */
  if (result->confidence == RECON_AXIS_CONFIDENCE_LOW || result->confidence == RECON_AXIS_CONFIDENCE_MEDIUM)
    return g_strdup_printf ("%s\n%s\n", line, result->reason);

  return g_strdup_printf ("%s\n", line);
}

/* JSON knows finite numbers only. */
static void
add_number (JsonBuilder *builder,
            const char  *name,
            double       value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_number_if (JsonBuilder *builder,
               const char  *name,
               gboolean     known,
               double       value)
{
  add_number (builder, name, known ? value : (double) NAN);
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder,
             const char  *name,
             gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value != FALSE);
}

static void
add_rows (JsonBuilder           *builder,
          const ReconAxisResult *result)
{
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (guint i = 0; i < result->n_rows; i++)
    {
      const ReconAxisRow *row = &result->rows[i];

      json_builder_begin_object (builder);
      add_number (builder, "row", row->row);
      add_number (builder, "axis", row->axis);
      add_number_if (builder, "uncertainty", isfinite (row->axis), row->uncertainty);
      add_number (builder, "score", row->score);
      add_boolean (builder, "used", row->used);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_candidates (JsonBuilder           *builder,
                const ReconAxisResult *result)
{
  json_builder_set_member_name (builder, "candidates");
  json_builder_begin_array (builder);
  for (guint i = 0; i < result->n_candidates; i++)
    {
      json_builder_begin_object (builder);
      add_number (builder, "axis", result->candidates[i]);
      add_number (builder, "score", result->scores[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * recon_axis_report_json:
 * @result: a result
 *
 * Returns: (transfer full): an object for programs: columns, rows and uncertainties in pixels as read, the tilt in
 *   degrees; null is what is not known
 */
char *
recon_axis_report_json (const ReconAxisResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  const gboolean found = result->confidence != RECON_AXIS_CONFIDENCE_NONE;
  const double axis = recon_axis_result_get_column (result);

  json_builder_begin_object (builder);
  add_number (builder, "axis", axis);
  add_number_if (builder, "uncertainty", found, result->uncertainty);
  add_number (builder, "offset", axis - result->middle);
  add_number (builder, "middle", result->middle);
  add_text (builder, "confidence", recon_axis_confidence_get_name (result->confidence));
  add_text (builder, "reason", result->reason);
  add_number_if (builder, "tilt", found, result->tilt);
  add_number_if (builder, "tilt-uncertainty", found, result->tilt_uncertainty);
  add_number_if (builder, "middle-row", found, result->middle_row);
  add_number_if (builder, "drift", found, result->drift);
  add_number_if (builder, "drift-uncertainty", found, result->drift_uncertainty);
  add_text (builder, "method", recon_axis_method_get_name (result->method));
  add_boolean (builder, "half", result->half);
  add_number_if (builder, "overlap", result->half, result->overlap);
  add_rows (builder, result);
  add_candidates (builder, result);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, TRUE);
}

/**
 * recon_axis_report_rows:
 * @result: a result
 * @log: hears, as details, the reason and what every row has
 */
void
recon_axis_report_rows (const ReconAxisResult *result,
                        ReconLog              *log)
{
  recon_log_debug (log, "Method %s, %.1f s: %s", recon_axis_method_get_name (result->method), result->seconds,
                   result->reason);
  if (result->n_rows > 0)
    recon_log_debug (log, "%8s %10s %8s %6s", "row", "axis", "±", "score");
  for (guint i = 0; i < result->n_rows; i++)
    {
      const ReconAxisRow *row = &result->rows[i];

      if (isfinite (row->axis))
        recon_log_debug (log, "%8.1f %10.3f %8.3f %6.2f%s", row->row, row->axis, row->uncertainty, row->score,
                         row->used ? "" : "  not used");
      else
        recon_log_debug (log, "%8.1f %10s %8s %6.2f  nothing found", row->row, "-", "-", row->score);
    }
}

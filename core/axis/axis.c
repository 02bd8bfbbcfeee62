/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis.h"

#include <glib/gi18n-lib.h>

#include "axis/axis-rows.h"
#include "axis/axis-search.h"
#include "base/error.h"
#include "pipeline/pipeline.h"

/* The axis of a scan: some of its rows are read and searched. Where they tell little the axis may lie along the rows,
 * which frames that are turned by a quarter show. Of these, whole ones have to be read for a row: only as many are as
 * bytes allow. */

#define TURNED_ROWS 3        /* that are looked at then, about the middle */
#define APART 4              /* rows from one to the next */
#define LEAST_WIDTH 8        /* fewer columns are no sinogram */
#define MOST_WIDTH 512       /* more are taken together */
#define MOST_BYTES (256u << 20)
#define LEAST_ANGLES 48      /* however large projections are */
#define MOST_ANGLES 360

/* Returns: (transfer full): the configuration of the turned scan; the rows to look at in it */
static ReconConfig *
turn (ReconScan    *scan,
      ReconConfig  *config,
      const char   *rotate,
      char        **rows)
{
  static const ReconParameter all[] = {
    RECON_PARAM_Y_START, RECON_PARAM_Y_STOP, RECON_PARAM_Y_STEP, RECON_PARAM_CROP_LEFT, RECON_PARAM_CROP_RIGHT,
  };
  ReconConfig *turned = recon_config_copy (config);
  const guint width = recon_scan_get_n_rows_as_read (scan), n_rows = recon_scan_get_width_as_read (scan);
  const guint n_angles = recon_scan_get_geometry (scan)->n_angles, bin = recon_scan_get_geometry (scan)->bin;
  const guint most = (guint) CLAMP (MOST_BYTES / MAX ((guint64) width * n_rows * 2, 1), LEAST_ANGLES, MOST_ANGLES);
  const guint coarse = bin * MAX ((width / bin + MOST_WIDTH - 1) / MOST_WIDTH, 1);
  const guint all_rows = TURNED_ROWS * APART * coarse;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    recon_config_reset (turned, all[i]);
  recon_config_parse (turned, RECON_PARAM_AXIS, "auto", NULL);
  recon_config_reset (turned, recon_parameter ("flat-field.absorptivity"));
  recon_config_parse (turned, RECON_PARAM_ROTATE, rotate, NULL);
  recon_config_set_integer (turned, RECON_PARAM_BIN, coarse);
  recon_config_set_integer (turned, RECON_PARAM_PROJECTION_STEP,
                            recon_config_get_integer (config, RECON_PARAM_PROJECTION_STEP) *
                                ((n_angles + most - 1) / most));
  *rows = n_rows <= all_rows ? NULL
                             : g_strdup_printf ("%u:%u:%u", (n_rows - all_rows) / 2, (n_rows + all_rows) / 2,
                                                APART * coarse);

  return turned;
}

/* Looks for the axis in frames that are turned. Returns %FALSE with the errors of recon_scan_open(),
 * recon_axis_rows_read() and recon_axis_search(). */
static gboolean
search_turned (ReconScan     *scan,
               ReconConfig   *config,
               const char    *rotate,
               gboolean      *found,
               GCancellable  *cancellable,
               GError       **error)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autofree char *choice = NULL;
  g_autoptr (ReconConfig) copy = turn (scan, config, rotate, &choice);
  g_autoptr (ReconScan) turned = recon_scan_open (copy, NULL, error);
  g_autoptr (ReconAxisRows) rows = NULL;
  g_autoptr (ReconAxisResult) result = NULL;

  *found = FALSE;
  if (turned == NULL)
    return FALSE;
  if (recon_scan_get_width (turned) < LEAST_WIDTH)
    return TRUE;

  rows = recon_axis_rows_read (turned, copy, choice, cancellable, error);
  result = rows != NULL ? recon_axis_search (rows, &settings, cancellable, error) : NULL;
  *found = result != NULL && result->confidence >= RECON_AXIS_CONFIDENCE_MEDIUM;

  return result != NULL;
}

/* Where rows tell little, those of turned frames may tell more. */
static gboolean
consider_turned (ReconAxisResult  *result,
                 ReconScan        *scan,
                 ReconConfig      *config,
                 GCancellable     *cancellable,
                 GError          **error)
{
  const gboolean is_turned = recon_config_get_choice (config, RECON_PARAM_ROTATE) % 2 == 1;
  const char *other = is_turned ? "0" : "90";
  g_autoptr (GError) unable = NULL;
  g_autofree char *reason = NULL;
  gboolean found;

  /* Sinograms have rows only. */
  if (result->confidence > RECON_AXIS_CONFIDENCE_LOW || recon_scan_has_sinograms (scan))
    return TRUE;

  /* It is only a hint: what can't be read otherwise is no reason to keep back what was found. */
  if (!search_turned (scan, config, other, &found, cancellable, &unable))
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  if (!found)
    return TRUE;

  reason = g_steal_pointer (&result->reason);
  result->reason = g_strdup_printf (_ ("%s The axis seems to lie along the rows: turn the frames with --rotate=%s "
                                       "(input.rotate)."),
                                    reason, other);

  return TRUE;
}

static gboolean
check_angles (ReconScan  *scan,
              GError    **error)
{
  const guint n = recon_scan_get_geometry (scan)->n_angles;

  if (n >= 3)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               g_dngettext (GETTEXT_PACKAGE,
                            "The scan has %u projection. The axis is looked for in a scan of half a "
                            "turn or more: choose all its projections (input.projections, projection-start, "
                            "projection-stop, projection-step).",
                            "The scan has %u projections. The axis is looked for in a scan of half a turn or more: "
                            "choose all its projections (input.projections, projection-start, "
                            "projection-stop, projection-step).", n),
               n);

  return FALSE;
}

/**
 * recon_axis_find_in:
 * @scan: a scan, of which projections without light have been left out
 * @config: the configuration that it was opened with. Its axis is not looked at
 * @settings: where to look and how
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * As recon_axis_find(), for a scan that is open.
 *
 * Returns: (transfer full): a result, whose confidence may be none; %NULL with the errors of recon_axis_find()
 */
ReconAxisResult *
recon_axis_find_in (ReconScan                *scan,
                    ReconConfig              *config,
                    const ReconAxisSettings  *settings,
                    GCancellable             *cancellable,
                    GError                  **error)
{
  g_autoptr (ReconAxisRows) rows = NULL;
  g_autoptr (ReconAxisResult) result = NULL;

  g_return_val_if_fail (RECON_IS_SCAN (scan), NULL);
  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);
  g_return_val_if_fail (settings != NULL, NULL);

  if (!check_angles (scan, error))
    return NULL;

  rows = recon_axis_rows_read (scan, config, settings->rows, cancellable, error);
  result = rows != NULL ? recon_axis_search (rows, settings, cancellable, error) : NULL;
  if (result == NULL || !consider_turned (result, scan, config, cancellable, error))
    return NULL;

  return g_steal_pointer (&result);
}

/**
 * recon_axis_find:
 * @config: a configuration: the scan, its correction, the rows. Its axis is not looked at
 * @settings: where to look and how
 * @log: (nullable): gets what was decided about the scan
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads some rows of a scan and finds its rotation axis. The same scan and settings give the same result.
 *
 * Returns: (transfer full): a result, whose confidence may be none; %NULL with the errors of recon_scan_open(),
 *   #RECON_ERROR_CONFIG for rows or a range outside the detector, #RECON_ERROR_INPUT for a scan without projections
 *   half a turn apart, #RECON_ERROR_READ, #RECON_ERROR_DEVICE, #RECON_ERROR_MEMORY or %G_IO_ERROR_CANCELLED
 */
ReconAxisResult *
recon_axis_find (ReconConfig              *config,
                 const ReconAxisSettings  *settings,
                 ReconLog                 *log,
                 GCancellable             *cancellable,
                 GError                  **error)
{
  g_autoptr (ReconConfig) copy = NULL;
  g_autoptr (ReconScan) scan = NULL;
  gboolean has_looked;

  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);

  copy = recon_config_copy (config);
  recon_config_parse (copy, RECON_PARAM_AXIS, "auto", NULL);
  recon_config_reset (copy, recon_parameter ("flat-field.absorptivity"));
  scan = recon_scan_open (copy, log, error);

  return scan != NULL && check_angles (scan, error) &&
         recon_tomography_leave_out_lost (copy, scan, log, &has_looked, error) &&
         recon_tomography_check_scan (copy, scan, log, cancellable, error)
           ? recon_axis_find_in (scan, copy, settings, cancellable, error) : NULL;
}

/**
 * recon_axis_result_store:
 * @self: a result with an axis
 * @config: a configuration
 *
 * Gives the configuration the axis that was found.
 */
void
recon_axis_result_store (const ReconAxisResult *self,
                         ReconConfig           *config)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_if_fail (self->confidence != RECON_AXIS_CONFIDENCE_NONE);

  g_ascii_formatd (text, sizeof text, "%.3f", recon_axis_result_get_column (self));
  recon_config_parse (config, RECON_PARAM_AXIS, text, NULL);
}

/**
 * recon_axis_resolve:
 * @config: a configuration
 * @scan: the scan that it describes, open and checked, of which projections without light have been left out
 * @log: (nullable): gets what was found; a warning if that isn't sure
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Finds the rotation axis if the configuration wants that (reconstruction.axis is "auto"). The same data and
 * parameters come to the same axis again.
 *
 * Returns: (transfer full): the configuration with a number, or the same one if there is nothing to find; %NULL with
 *   the errors of recon_axis_find(), or #RECON_ERROR_AXIS if there is no telling where the axis is
 */
ReconConfig *
recon_axis_resolve (ReconConfig   *config,
                    ReconScan     *scan,
                    ReconLog      *log,
                    GCancellable  *cancellable,
                    GError       **error)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (ReconAxisResult) result = NULL;
  g_autofree char *line = NULL;
  ReconConfig *resolved;

  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);

  if (!recon_config_has_word (config, RECON_PARAM_AXIS, "auto"))
    return g_object_ref (config);

  recon_log_info (log, "Looking for the rotation axis");
  result = recon_axis_find_in (scan, config, &settings, cancellable, error);
  if (result == NULL)
    return NULL;

  if (result->confidence == RECON_AXIS_CONFIDENCE_NONE)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_AXIS,
                   _ ("The rotation axis could not be found (reconstruction.axis = auto): %s Give the axis with "
                      "--axis=COLUMN."),
                   result->reason);
      return NULL;
    }

  line = recon_axis_result_say (result);
  if (result->confidence == RECON_AXIS_CONFIDENCE_HIGH)
    recon_log_info (log, "Found: %s", line);
  else
    recon_log_warning (log, "The axis that was found is not sure: %s. %s Look at the slices, or give the axis with "
                       "--axis=COLUMN.", line, result->reason);

  resolved = recon_config_copy (config);
  recon_axis_result_store (result, resolved);

  return resolved;
}

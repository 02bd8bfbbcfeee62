/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "axis/axis-rows.h"
#include "axis/axis-search.h"
#include "axis/frame-look.h"
#include "axis/resolve.h"
#include "base/error.h"
#include "compute/device.h"
#include "pipeline/pipeline.h"

/* Whether the rotation axis lies along the rows: then columns in the middle of the detector have sinograms of their
 * own, in which the axis is found as usual. Whole projections are read for that, but only as many as bytes allow. */

#define COLUMNS 3            /* sinograms */
#define BAND 4               /* columns of the detector of which the mean is taken */
#define LEAST_ROWS 8         /* fewer are no width of a sinogram */
#define MOST_ROWS 512        /* more are taken together */
#define MOST_BYTES (256u << 20)
#define LEAST_LINES 48       /* projections, however large they are */
#define MOST_LINES 360

/* All rows of the columns about the middle. Returns: (nullable): %NULL if they can't be had */
static ReconScan *
select_columns (ReconScan     *scan,
                ReconConfig   *config,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr (ReconConfig) copy = recon_config_copy (config);
  guint width, band, crop;

  recon_config_reset (copy, RECON_PARAM_AXIS);
  recon_config_reset (copy, recon_parameter ("flat-field.absorptivity"));
  recon_config_reset (copy, RECON_PARAM_Y_START);
  recon_config_reset (copy, RECON_PARAM_Y_STOP);
  recon_config_reset (copy, RECON_PARAM_Y_STEP);
  recon_config_reset (copy, recon_parameter ("reconstruction.roi"));
  if (recon_scan_get_width (scan) <= COLUMNS * BAND)
    return recon_scan_new_part (scan, copy, cancellable, error);

  width = recon_scan_get_width_as_read (scan);
  band = COLUMNS * BAND * (guint) recon_config_get_integer (copy, RECON_PARAM_BIN);
  crop = (width - MIN (band, width)) / 2;
  recon_config_set_integer (copy, RECON_PARAM_CROP_LEFT, crop);
  recon_config_set_integer (copy, RECON_PARAM_CROP_RIGHT, width - MIN (band, width) - crop);

  return recon_scan_new_part (scan, copy, cancellable, error);
}

/* One line of each sinogram, from a projection. */
static void
take_lines (const ReconFrameLook *look,
            ReconAxisRows        *rows,
            guint                 line)
{
  const guint group = MAX ((look->n_rows + MOST_ROWS - 1) / MOST_ROWS, 1);

  for (guint i = 0; i < rows->n; i++)
    for (guint c = 0; c < rows->width; c++)
      {
        const guint first = i * look->width / rows->n, end = (i + 1) * look->width / rows->n;
        double sum = 0, n = 0;

        for (guint row = c * group; row < (c + 1) * group; row++)
          for (guint column = first; column < end; column++)
            {
              const float value = look->pixels[(gsize) row * look->width + column];

              if (!isfinite (value))
                continue;
              sum += (double) value;
              n++;
            }
        rows->sinograms[i][(gsize) line * rows->width + c] = n > 0 ? (float) (sum / n) : NAN;
      }
}

static ReconAxisRows *
new_rows (ReconScan     *scan,
          guint          every,
          guint          n_lines,
          GError       **error)
{
  const guint n_rows = recon_scan_get_geometry (scan)->n_rows, group = MAX ((n_rows + MOST_ROWS - 1) / MOST_ROWS, 1);
  g_autoptr (ReconAxisRows) rows = g_new0 (ReconAxisRows, 1);

  rows->width = rows->width_as_read = n_rows / group;
  rows->bin = 1;
  rows->n_angles = n_lines;
  rows->angles = g_new (double, n_lines);
  for (guint i = 0; i < n_lines; i++)
    rows->angles[i] = recon_scan_get_geometry (scan)->angles[i * every];
  rows->rows = g_new (double, COLUMNS);
  rows->sinograms = g_new0 (float *, COLUMNS);
  for (rows->n = 0; rows->n < MIN (COLUMNS, recon_scan_get_width (scan)); rows->n++)
    {
      rows->rows[rows->n] = rows->n * BAND;
      rows->sinograms[rows->n] = recon_host_memory_new ((gsize) n_lines * rows->width * sizeof (float), error);
      if (rows->sinograms[rows->n] == NULL)
        return NULL;
    }

  return g_steal_pointer (&rows);
}

static ReconAxisRows *
read_rows (ReconScan     *scan,
           GCancellable  *cancellable,
           GError       **error)
{
  const guint64 bytes = (guint64) recon_scan_get_n_rows_as_read (scan) * recon_scan_get_width_as_read (scan) * 2;
  const guint n = recon_scan_get_geometry (scan)->n_angles;
  const guint most = (guint) CLAMP (MOST_BYTES / MAX (bytes, 1), LEAST_LINES, MOST_LINES);
  const guint every = (n + most - 1) / most, n_lines = (n + every - 1) / every;
  g_autoptr (ReconAxisRows) rows = new_rows (scan, every, n_lines, error);
  g_autoptr (ReconFrameLook) look = rows != NULL ? recon_frame_look_new (scan, cancellable, error) : NULL;

  if (look == NULL)
    return NULL;

  for (guint i = 0; i < n_lines; i++)
    {
      if (!recon_frame_look_read (look, i * every, cancellable, error))
        return NULL;
      take_lines (look, rows, i);
    }

  return g_steal_pointer (&rows);
}

/* Looks for the axis as if frames were turned by a quarter. Returns %FALSE with the errors of recon_scan_new_part() and
 * recon_axis_search(). */
static gboolean
look_across (ReconScan     *scan,
             ReconConfig   *config,
             gboolean      *found,
             GCancellable  *cancellable,
             GError       **error)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (ReconScan) columns = NULL;
  g_autoptr (ReconAxisRows) rows = NULL;
  g_autoptr (ReconAxisResult) result = NULL;

  *found = FALSE;
  /* Sinograms have rows only. */
  if (recon_scan_has_sinograms (scan))
    return TRUE;
  columns = select_columns (scan, config, cancellable, error);
  if (columns == NULL)
    return FALSE;
  if (recon_scan_get_geometry (columns)->n_rows < LEAST_ROWS)
    return TRUE;

  rows = read_rows (columns, cancellable, error);
  result = rows != NULL ? recon_axis_search (rows, &settings, cancellable, error) : NULL;
  if (result == NULL)
    return FALSE;
  *found = result->confidence >= RECON_AXIS_CONFIDENCE_MEDIUM;

  return TRUE;
}

/* Where rows tell little, columns may tell more. */
static gboolean
consider_columns (ReconAxisResult  *result,
                  ReconScan        *scan,
                  ReconConfig      *config,
                  GCancellable     *cancellable,
                  GError          **error)
{
  g_autoptr (GError) unable = NULL;
  g_autofree char *reason = NULL;
  gboolean found, turned;

  if (result->confidence > RECON_AXIS_CONFIDENCE_LOW)
    return TRUE;

  /* It is only a hint: what can't be read otherwise is no reason to keep back what was found. */
  if (!look_across (scan, config, &found, cancellable, &unable))
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  if (!found)
    return TRUE;

  turned = recon_config_get_choice (config, RECON_PARAM_ROTATE) % 2 == 1;
  reason = g_steal_pointer (&result->reason);
  result->reason = g_strdup_printf (_ ("%s The axis seems to lie along the rows: turn the frames with --rotate=%d "
                                       "(input.rotate)."),
                                    reason, turned ? 0 : 90);

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
  if (result == NULL || !consider_columns (result, scan, config, cancellable, error))
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"

/* Rows and columns, axis and size of pixels: from what the configuration selects to the geometry of what is read. */

static const char *
images_name (ReconScan *self)
{
  return self->sinograms ? _ ("sinograms") : _ ("projections");
}

static gboolean
check_rows (ReconScan  *self,
            guint       start,
            guint       stop,
            GError    **error)
{
  if (stop > self->n_rows)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("Rows up to y-stop=%u are selected, but the %s (%s) have %u rows. Choose input.y-stop of at most "
                    "%u, or 'end'."),
                 stop, images_name (self), self->contents->path, self->n_rows, self->n_rows);
  else if (start >= stop)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("Zero rows selected: input.y-start=%u is not less than y-stop=%u, and the %s (%s) have %u rows. "
                    "Choose a y-start less than the y-stop."),
                 start, stop, images_name (self), self->contents->path, self->n_rows);
  else if (stop - start < self->geometry->bin)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("Zero rows selected: the rows from input.y-start=%u to y-stop=%u of the %s (%s) are fewer than the "
                    "%u of a bin. Select more rows, or choose a smaller input.bin."),
                 start, stop, images_name (self), self->contents->path, self->geometry->bin);
  else
    return TRUE;

  return FALSE;
}

static void
number_rows (ReconScan *self)
{
  ReconGeometry *geometry = self->geometry;
  const guint bin = geometry->bin;

  g_free (geometry->row_numbers);
  g_free (geometry->detector_rows);
  geometry->row_numbers = g_new (guint, geometry->n_rows);
  geometry->detector_rows = g_new (double, geometry->n_rows);
  for (guint i = 0; i < geometry->n_rows; i++)
    {
      geometry->row_numbers[i] = self->y_start / bin + i * self->y_step;
      geometry->detector_rows[i] = self->y_start + (double) i * self->y_step * bin + (bin - 1) / 2.0;
    }
}

gboolean
_recon_scan_set_up_rows (ReconScan    *self,
                         ReconConfig  *config,
                         ReconLog     *log,
                         GError      **error)
{
  const guint bin = (guint) recon_config_get_integer (config, RECON_PARAM_BIN);
  guint start = (guint) recon_config_get_integer (config, RECON_PARAM_Y_START);
  guint stop = self->n_rows;
  guint n_binned;

  if (!recon_config_is_automatic (config, RECON_PARAM_Y_STOP))
    stop = (guint) recon_config_get_integer (config, RECON_PARAM_Y_STOP);

  self->geometry->bin = bin;
  if (!check_rows (self, start, stop, error))
    return FALSE;

  n_binned = (stop - start) / bin;
  self->y_start = start;
  self->y_step = (guint) MIN (recon_config_get_integer (config, RECON_PARAM_Y_STEP), n_binned);
  self->geometry->n_rows = (n_binned + self->y_step - 1) / self->y_step;
  number_rows (self);
  if ((stop - start) % bin != 0)
    recon_log_info (log, "Rows %u to %u do not fill a bin of %u and are left out", self->y_start + n_binned * bin,
                    stop - 1, bin);

  return TRUE;
}

gboolean
_recon_scan_set_up_axis (ReconScan    *self,
                         ReconConfig  *config,
                         ReconLog     *log,
                         GError      **error)
{
  double middle = (self->n_columns - 1) / 2.0;
  double axis = middle;
  guint first = self->geometry->first_column;
  guint last = self->n_columns - (guint) recon_config_get_integer (config, RECON_PARAM_CROP_RIGHT) - 1;

  /* What needs the axis finds it first and comes back with the number; until then any will do. */
  if (recon_config_has_word (config, RECON_PARAM_AXIS, "auto"))
    {
      self->geometry->axis = recon_geometry_from_detector (self->geometry, (first + last) / 2.0);
      return TRUE;
    }

  if (recon_config_is_automatic (config, RECON_PARAM_AXIS))
    recon_log_warning (log,
                       "No rotation axis is given: taking the middle of the detector, %s px. Give it with "
                       "--axis=COLUMN.",
                       NUMBER (middle));
  else
    axis = recon_config_get_number (config, RECON_PARAM_AXIS);

  if (!(axis >= first - 0.5 && axis <= last + 0.5))
    {
      if (first == 0 && last == self->n_columns - 1)
        g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                     _ ("The axis %s lies outside the detector (0 … %u; middle %s). Choose reconstruction.axis in "
                        "columns of the %s as read (%s)."),
                     NUMBER (axis), last, NUMBER (middle), images_name (self), self->contents->path);
      else
        g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                     _ ("The axis %s lies outside the columns that are left after the crop (%u … %u of %u; middle of "
                        "the detector %s). Choose reconstruction.axis in columns of the %s as read (%s), or a smaller "
                        "input.crop-left and crop-right."),
                     NUMBER (axis), first, last, self->n_columns, NUMBER (middle), images_name (self),
                     self->contents->path);
      return FALSE;
    }

  recon_log_info (log, "Axis %s px (offset %s from the middle %s)", NUMBER (axis), SIGNED (axis - middle),
                  NUMBER (middle));
  self->geometry->axis = recon_geometry_from_detector (self->geometry, axis);

  return TRUE;
}

void
_recon_scan_set_up_pixel_size (ReconScan   *self,
                               ReconConfig *config,
                               ReconLog    *log)
{
  double size = self->contents->pixel_size;
  const char *source = self->contents->path;

  if (!recon_config_is_automatic (config, RECON_PARAM_PIXEL_SIZE))
    {
      size = recon_config_get_number (config, RECON_PARAM_PIXEL_SIZE);
      source = "reconstruction.pixel-size";
    }

  self->geometry->pixel_size = isfinite (size) && size > 0.0 ? size * self->geometry->bin : (double) NAN;
  if (!isnan (self->geometry->pixel_size))
    recon_log_info (log, "Pixel size %s µm, from %s", NUMBER (size), source);
  else
    recon_log_info (log, "The pixel size is unknown: values are per pixel");
}

/* Needs the bin from the rows. */
gboolean
_recon_scan_set_up_columns (ReconScan    *self,
                            ReconConfig  *config,
                            ReconLog     *log,
                            GError      **error)
{
  guint left = (guint) recon_config_get_integer (config, RECON_PARAM_CROP_LEFT);
  guint right = (guint) recon_config_get_integer (config, RECON_PARAM_CROP_RIGHT);
  const guint bin = self->geometry->bin;
  gint64 n = (gint64) self->n_columns - left - right;

  if (n < bin)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("No columns are left: the %s (%s) have %u, input.crop-left=%u and crop-right=%u take them away, "
                      "and a bin needs %u. Crop less."),
                   images_name (self), self->contents->path, self->n_columns, left, right, bin);
      return FALSE;
    }

  self->geometry->first_column = left;
  self->width = (guint) n / bin;
  if (n % bin != 0)
    recon_log_info (log, "Columns %u to %u do not fill a bin of %u and are left out", left + self->width * bin,
                    self->n_columns - right - 1, bin);

  if (!_recon_scan_set_up_axis (self, config, log, error))
    return FALSE;

  _recon_scan_set_up_pixel_size (self, config, log);

  return TRUE;
}

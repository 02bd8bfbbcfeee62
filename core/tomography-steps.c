/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tomography-steps.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "error.h"

/* Returns: a choice's value, or %RECON_CHOICE_AUTO */
static int
get_choice (ReconConfig    *config,
            ReconParameter  parameter)
{
  return recon_config_is_automatic (config, parameter) ? RECON_CHOICE_AUTO
                                                       : (int) recon_config_get_choice (config, parameter);
}

/**
 * recon_tomography_get_flat_field:
 * @config: a configuration
 * @scan: its scan
 * @settings: (out caller-allocates): how the scan is corrected
 */
void
recon_tomography_get_flat_field (ReconConfig            *config,
                                 ReconScan              *scan,
                                 ReconFlatFieldSettings *settings)
{
  *settings = (ReconFlatFieldSettings) {
    .correct = recon_scan_get_correct (scan),
    .absorptivity = recon_scan_get_absorptivity (scan),
    .fix_nan_inf = recon_config_get_boolean (config, recon_parameter ("flat-field.fix-nan-inf")),
    .dark_scale = recon_config_get_number (config, recon_parameter ("flat-field.dark-scale")),
    .clip_minimum = recon_config_get_number (config, recon_parameter ("flat-field.clip-minimum")),
    .positions = recon_scan_get_flat_positions (scan),
    .n_angles = recon_scan_get_n_angles (scan),
    .variant = get_choice (config, RECON_PARAM_VARIANT),
  };
}

/**
 * recon_tomography_get_filter:
 * @config: a configuration
 * @settings: (out caller-allocates): how sinograms are filtered
 */
void
recon_tomography_get_filter (ReconConfig         *config,
                             ReconFilterSettings *settings)
{
  *settings = (ReconFilterSettings) {
    .filter = recon_config_get_choice (config, recon_parameter ("reconstruction.filter")),
    .padding = recon_config_get_choice (config, recon_parameter ("reconstruction.padding")),
    .cutoff = recon_config_get_number (config, recon_parameter ("reconstruction.filter-cutoff")),
    .order = (guint) recon_config_get_integer (config, recon_parameter ("reconstruction.filter-order")),
    .variant = get_choice (config, RECON_PARAM_VARIANT),
  };
}

/**
 * recon_tomography_get_box:
 * @config: a configuration
 * @scan: its scan
 * @box: (out caller-allocates): the part of the slice that is made, in pixels
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if the region reaches beyond the slice
 */
gboolean
recon_tomography_get_box (ReconConfig  *config,
                          ReconScan    *scan,
                          ReconBox     *box,
                          GError      **error)
{
  gint64 width = recon_scan_get_width (scan);

  *box = (ReconBox) { 0, 0, width, width };
  if (recon_config_is_automatic (config, recon_parameter ("reconstruction.roi")))
    return TRUE;

  *box = recon_config_get_box (config, recon_parameter ("reconstruction.roi"));
  if (box->x0 > width - box->width || box->y0 > width - box->height)
    {
      g_autofree char *text = recon_config_format (config, recon_parameter ("reconstruction.roi"));

      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("reconstruction.roi = %s reaches beyond the slice, which has %" G_GINT64_FORMAT
                      " × %" G_GINT64_FORMAT " pixels. x0 + width and y0 + height may be at most %" G_GINT64_FORMAT
                      "."),
                   text, width, width, width);
      return FALSE;
    }

  return TRUE;
}

/**
 * recon_tomography_get_backproject:
 * @config: a configuration
 * @scan: its scan
 * @box: from recon_tomography_get_box()
 * @weights: of the scan's angles, see recon_angles_weights()
 * @settings: (out caller-allocates): how slices are made
 *
 * Values are attenuation per mm where the pixel size is known, else per pixel.
 */
void
recon_tomography_get_backproject (ReconConfig              *config,
                                  ReconScan                *scan,
                                  const ReconBox           *box,
                                  const double             *weights,
                                  ReconBackprojectSettings *settings)
{
  double pixel_size = recon_scan_get_pixel_size (scan);

  *settings = (ReconBackprojectSettings) {
    .angles = recon_scan_get_angles (scan),
    .weights = weights,
    .n_angles = recon_scan_get_n_angles (scan),
    .axis = recon_scan_get_axis (scan),
    .x0 = (guint) box->x0,
    .y0 = (guint) box->y0,
    .width = (guint) box->width,
    .height = (guint) box->height,
    .scale = isnan (pixel_size) ? 1 : 1000 / pixel_size,
    .circle = recon_config_get_boolean (config, recon_parameter ("reconstruction.circle")),
    .kernel = get_choice (config, recon_parameter ("compute.kernel")),
    .variant = get_choice (config, RECON_PARAM_VARIANT),
  };
}

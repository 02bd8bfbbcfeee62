/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"

/* Whether projections or sinograms are corrected, and with which darks and flats. */

static const struct
{
  ReconParameter   parameter;
  const char      *title;
  ReconSeriesKind  kind;
} references[] = {
  { RECON_PARAM_DARKS, N_ ("Darks"), RECON_SERIES_DARKS },
  { RECON_PARAM_FLATS, N_ ("Flats"), RECON_SERIES_FLATS },
  { RECON_PARAM_FLATS_AFTER, N_ ("Flats after"), RECON_SERIES_FLATS_AFTER },
};

static gboolean
get_automatic (ReconConfig    *config,
               ReconParameter  parameter,
               gboolean        automatic)
{
  return recon_config_is_automatic (config, parameter) ? automatic : recon_config_get_boolean (config, parameter);
}

/* Sinograms are raw where darks or flats are given for them. */
static gboolean
has_paths (ReconConfig *config)
{
  for (gsize i = 0; i < G_N_ELEMENTS (references); i++)
    if (_recon_scan_get_path (config, references[i].parameter) != NULL)
      return TRUE;

  return FALSE;
}

static void
report_unused (ReconScan   *self,
               ReconConfig *config,
               ReconLog    *log)
{
  for (gsize i = 0; i < G_N_ELEMENTS (references); i++)
    if (_recon_scan_get_path (config, references[i].parameter) != NULL)
      recon_log_warning (log, "input.%s=%s is not used: flat-field correction is off",
                         recon_parameter_get_spec (references[i].parameter)->key,
                         _recon_scan_get_path (config, references[i].parameter));

  if (self->contents->darks != NULL || self->contents->flats != NULL || self->contents->flats_after != NULL)
    recon_log_info (log, "The darks and flats in %s are not used: flat-field correction is off", self->contents->path);
}

/* A file that is known by its content says which of its frames are what; of others all frames are meant. */
static ReconFrames *
choose_frames (ReconContents   *contents,
               ReconParameter   parameter,
               GError         **error)
{
  ReconFrames *frames;

  if (g_strcmp0 (contents->layout, "DXchange") != 0 && g_strcmp0 (contents->layout, "NXtomo") != 0)
    return contents->projections;

  if (parameter == RECON_PARAM_DARKS)
    frames = contents->darks;
  else if (parameter == RECON_PARAM_FLATS)
    frames = contents->flats != NULL ? contents->flats : contents->flats_after;
  else
    frames = contents->flats_after != NULL ? contents->flats_after : contents->flats;

  if (frames == NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 parameter == RECON_PARAM_DARKS
                   ? _ ("%s is a %s file without dark frames. Choose another file, or name the dataset that holds "
                        "them: %s:/PATH/OF/DATASET.")
                   : _ ("%s is a %s file without flat fields. Choose another file, or name the dataset that holds "
                        "them: %s:/PATH/OF/DATASET."),
                 contents->path, contents->layout, contents->path);

  return frames;
}

/* Opens what the parameter names. Sets nothing if it is empty. */
static gboolean
open_reference (ReconConfig    *config,
                gsize           which,
                ReconLog       *log,
                ReconContents **contents,
                ReconFrames   **frames,
                GError        **error)
{
  const char *path = _recon_scan_get_path (config, references[which].parameter);

  if (path == NULL)
    return TRUE;

  *contents = recon_contents_open_as (path, references[which].kind, error);
  if (*contents == NULL)
    {
      g_prefix_error (error, "%s: ", _ (references[which].title));
      return FALSE;
    }

  /* What else is to be said of a file that is known by its content is not about references. */
  if (g_strcmp0 ((*contents)->layout, "TIFF series") == 0)
    _recon_scan_log_notes (*contents, log);

  _recon_scan_turn (*contents, config);
  *frames = choose_frames (*contents, references[which].parameter, error);

  return *frames != NULL;
}

static void
set_size_error (ReconScan    *self,
                gsize         which,
                ReconReader  *reader,
                GError      **error)
{
  const char *title = _ (references[which].title);
  const char *path = recon_reader_get_path (reader);
  const guint width = recon_reader_get_width (reader), height = recon_reader_get_height (reader);

  if (self->sinograms)
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("%s are %u × %u (%s) but the detector of the sinograms has %u × %u pixels. Choose images of that "
                    "size, or one image for each sinogram, whose lines are exposures."),
                 title, width, height, path, self->n_columns, self->n_rows);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 references[which].parameter == RECON_PARAM_DARKS
                   ? _ ("%s are %u × %u (%s) but projections are %u × %u. Choose darks of the same size.")
                   : _ ("%s are %u × %u (%s) but projections are %u × %u. Choose flats of the same size."),
                 title, width, height, path, self->n_columns, self->n_rows);
}

/* Images have the size of the detector. Those of sinograms may be sinograms themselves: an image for each detector row,
 * a line of it for each exposure. */
static gboolean
check_size (ReconScan    *self,
            gsize         which,
            ReconFrames  *frames,
            ReconLog     *log,
            GError      **error)
{
  ReconReader *reader;

  if (frames == NULL)
    return TRUE;

  reader = recon_frames_get_reader (frames);
  if (recon_reader_get_width (reader) != self->n_columns ||
      (recon_reader_get_height (reader) != self->n_rows &&
       !(self->sinograms && recon_frames_get_n (frames) == self->n_rows)))
    {
      set_size_error (self, which, reader, error);
      return FALSE;
    }

  recon_log_info (log, "%s: %u%s (%s)", references[which].title, _recon_scan_count_exposures (self, frames),
                  _recon_scan_is_reference_by_rows (self, frames) ? " lines of each sinogram" : "",
                  recon_reader_get_path (reader));

  return TRUE;
}

static gboolean
check_presence (ReconScan  *self,
                ReconLog   *log,
                GError    **error)
{
  if (self->flats == NULL && self->darks != NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("There are darks (%s), but no flats, and darks need flats to be applied: input.flats is empty "
                      "and %s holds none. Give the flats with --flats=PATH, or turn the correction off with "
                      "--no-correct."),
                   recon_reader_get_path (recon_frames_get_reader (self->darks)), self->contents->path);
      return FALSE;
    }

  if (self->flats == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("Flat-field correction is on, but there are no flats: input.flats is empty and %s holds none. "
                      "Give them with --flats=PATH, or turn the correction off with --no-correct."),
                   self->contents->path);
      return FALSE;
    }

  if (self->darks == NULL)
    recon_log_warning (log, "There are no darks: taking 0. Give them with --darks=PATH.");

  return TRUE;
}

void
_recon_scan_set_up_positions (ReconScan *self)
{
  const guint last = _recon_scan_get_place (self, self->n_projections - 1), n = self->geometry->n_angles;
  float *positions;

  if (self->flats_after == NULL || !self->interpolate)
    return;

  positions = g_new (float, n);
  for (guint i = 0; i < n; i++)
    positions[i] = last == 0 ? 0.0f : (float) ((double) _recon_scan_get_place (self, self->used[i]) / last);
  g_free (self->geometry->flat_positions);
  self->geometry->flat_positions = positions;
}

/* Needs to know whether projections are corrected. */
void
_recon_scan_set_up_absorptivity (ReconScan   *self,
                                 ReconConfig *config)
{
  self->absorptivity = get_automatic (config, recon_parameter ("flat-field.absorptivity"), self->correct);
}

gboolean
_recon_scan_open_references (ReconScan    *self,
                             ReconConfig  *config,
                             ReconLog     *log,
                             GError      **error)
{
  self->correct = get_automatic (config, recon_parameter ("flat-field.correct"),
                                 !self->sinograms || has_paths (config));
  _recon_scan_set_up_absorptivity (self, config);
  self->reduction = (ReconReduction) recon_config_get_choice (config, recon_parameter ("flat-field.method"));
  self->interpolate = recon_config_get_boolean (config, recon_parameter ("flat-field.interpolate"));
  if (!self->correct)
    {
      report_unused (self, config, log);
      return TRUE;
    }

  if (!open_reference (config, 0, log, &self->dark_contents, &self->darks, error) ||
      !open_reference (config, 1, log, &self->flat_contents, &self->flats, error) ||
      !open_reference (config, 2, log, &self->flat_after_contents, &self->flats_after, error))
    return FALSE;

  if (self->darks == NULL)
    self->darks = self->contents->darks;

  /* Other flats than the file's replace all of the file's: those after belong to those before. */
  if (self->flats == NULL)
    {
      self->flats = self->contents->flats;
      if (self->flats_after == NULL)
        self->flats_after = self->contents->flats_after;
    }

  if (self->flats == NULL)
    self->flats = g_steal_pointer (&self->flats_after);

  if (!check_presence (self, log, error) ||
      !check_size (self, 0, self->darks, log, error) ||
      !check_size (self, 1, self->flats, log, error) ||
      !check_size (self, 2, self->flats_after, log, error))
    return FALSE;

  _recon_scan_set_up_positions (self);
  if (self->flats_after != NULL)
    recon_log_info (log, self->interpolate ? "Flats are interpolated between those before and those after"
                                           : "Flats before and after are pooled");

  return TRUE;
}

/**
 * recon_scan_get_correct:
 * @self: a scan
 *
 * Returns: whether sinograms are raw counts to be corrected with the references
 */
gboolean
recon_scan_get_correct (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);

  return self->correct;
}

/**
 * recon_scan_get_absorptivity:
 * @self: a scan
 *
 * Returns: whether the negative logarithm is to be taken
 */
gboolean
recon_scan_get_absorptivity (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);

  return self->absorptivity;
}

/**
 * recon_scan_has_darks:
 * @self: a scan
 *
 * Returns: whether darks are subtracted that somebody has taken
 */
gboolean
recon_scan_has_darks (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);

  return self->correct && self->darks != NULL;
}

/**
 * recon_scan_has_flats_after:
 * @self: a scan
 *
 * Returns: whether there is a second flat to interpolate with; flats that are pooled are one
 */
gboolean
recon_scan_has_flats_after (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);

  return self->geometry->flat_positions != NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "io/scan-private.h"

/* Temporary memory while reading: an eighth of the memory limit, in these bounds. Readers may take more, so that every
 * thread can unpack a piece of a file. */
#define SCRATCH_LEAST ((guint64) 16 * 1024 * 1024)
#define SCRATCH_MOST ((guint64) 64 * 1024 * 1024)
#define READER_LEAST ((guint64) 4 * 1024 * 1024)
#define READER_MOST ((guint64) 512 * 1024 * 1024)

G_DEFINE_FINAL_TYPE (ReconScan, recon_scan, G_TYPE_OBJECT)

static void
recon_scan_finalize (GObject *object)
{
  ReconScan *self = RECON_SCAN (object);

  g_clear_pointer (&self->projections, recon_frames_free);
  g_clear_pointer (&self->survey, recon_survey_free);
  for (guint i = 0; i < RECON_N_LEVELS; i++)
    g_free (self->ranks[i]);
  if (self->whole == NULL)
    {
      g_clear_pointer (&self->team, recon_team_free);
      g_clear_pointer (&self->contents, recon_contents_free);
      g_clear_pointer (&self->dark_contents, recon_contents_free);
      g_clear_pointer (&self->flat_contents, recon_contents_free);
      g_clear_pointer (&self->flat_after_contents, recon_contents_free);
    }
  g_clear_object (&self->whole);
  g_free (self->used);
  g_free (self->file_angles);
  recon_geometry_unref (self->geometry);

  G_OBJECT_CLASS (recon_scan_parent_class)->finalize (object);
}

static void
recon_scan_class_init (ReconScanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_scan_finalize;
}

static void
recon_scan_init (ReconScan *self)
{
  self->geometry = recon_geometry_new ();
}

/* Before anything of the geometry changes of a scan that is open. */
void
_recon_scan_renew_geometry (ReconScan *self)
{
  ReconGeometry *old = self->geometry;

  self->geometry = recon_geometry_copy (old);
  recon_geometry_unref (old);
}

const char *
_recon_scan_get_path (ReconConfig    *config,
                      ReconParameter  parameter)
{
  const char *path = recon_config_get_text (config, parameter);

  return path == NULL || *path == '\0' ? NULL : path;
}

/* What a user should know of an input. */
void
_recon_scan_log_notes (const ReconContents *contents,
                       ReconLog            *log)
{
  for (guint i = 0; i < contents->notes->len; i++)
    {
      const char *note = g_ptr_array_index (contents->notes, i);

      if (i < contents->n_warnings)
        recon_log_warning (log, "%s", note);
      else
        recon_log_info (log, "%s", note);
    }
}

/* Sinograms come from a stack of images. The files that are known by their content hold projections. */
static gboolean
check_sinograms (ReconScan  *self,
                 const char *path,
                 GError    **error)
{
  if (g_strcmp0 (self->contents->layout, "DXchange") != 0 && g_strcmp0 (self->contents->layout, "NXtomo") != 0)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("%s is a %s file, which holds projections, but is given as input.sinograms. Give it as "
                  "--projections=%s, or name the dataset that holds sinograms: --sinograms=%s:/PATH/OF/DATASET."),
               path, self->contents->layout, path, path);

  return FALSE;
}

static gboolean
open_images (ReconScan    *self,
             ReconConfig  *config,
             ReconLog     *log,
             GError      **error)
{
  const char *projections = _recon_scan_get_path (config, RECON_PARAM_PROJECTIONS);
  const char *sinograms = _recon_scan_get_path (config, RECON_PARAM_SINOGRAMS);
  ReconReader *reader;
  guint n;

  if ((projections == NULL) == (sinograms == NULL))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, "%s",
                   projections == NULL
                     ? _ ("There is no input. Give the projections with --projections=PATH (input.projections), or "
                          "sinograms with --sinograms=PATH (input.sinograms).")
                     : _ ("Both input.projections and input.sinograms are set. Give only one of --projections=PATH "
                          "and --sinograms=PATH."));
      return FALSE;
    }

  self->sinograms = sinograms != NULL;
  self->contents = recon_contents_open_as (self->sinograms ? sinograms : projections,
                                           self->sinograms ? RECON_SERIES_UNKNOWN : RECON_SERIES_PROJECTIONS, error);
  if (self->contents == NULL)
    {
      g_prefix_error (error, "%s: ", self->sinograms ? _ ("Sinograms") : _ ("Projections"));
      return FALSE;
    }

  if (self->sinograms && !check_sinograms (self, sinograms, error))
    return FALSE;
  if (!_recon_scan_check_turn (self, config, error))
    return FALSE;

  if (self->contents->projections == NULL || recon_frames_get_n (self->contents->projections) == 0)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s holds no images to reconstruct. Choose another input."), self->contents->path);
      return FALSE;
    }

  _recon_scan_turn (self->contents, config);
  reader = recon_frames_get_reader (self->contents->projections);
  n = recon_frames_get_n (self->contents->projections);
  self->n_columns = recon_reader_get_width (reader);
  self->n_rows = self->sinograms ? n : recon_reader_get_height (reader);
  self->n_projections = self->sinograms ? recon_reader_get_height (reader) : n;

  recon_log_info (log, "%s: %u of %u × %u %s (%s %s)", self->sinograms ? "Sinograms" : "Projections", n,
                  self->n_columns, recon_reader_get_height (reader),
                  recon_sample_type_get_name (recon_reader_get_sample_type (reader)), self->contents->layout,
                  self->contents->path);
  _recon_scan_report_turn (config, log);
  _recon_scan_log_notes (self->contents, log);

  return TRUE;
}

static void
set_up_reading (ReconScan   *self,
                ReconConfig *config)
{
  guint64 part = G_MAXUINT64;
  guint n_threads = g_get_num_processors ();

  if (!recon_config_is_automatic (config, RECON_PARAM_MEMORY_LIMIT))
    part = recon_config_get_size (config, RECON_PARAM_MEMORY_LIMIT) / 8;
  if (!recon_config_is_automatic (config, RECON_PARAM_THREADS))
    n_threads = (guint) recon_config_get_integer (config, RECON_PARAM_THREADS);

  self->scratch_limit = CLAMP (part, SCRATCH_LEAST, SCRATCH_MOST);
  self->reader_limit = CLAMP (part, READER_LEAST, READER_MOST);
  self->team = recon_team_new (n_threads);
}

/**
 * recon_scan_open:
 * @config: what to read
 * @log: (nullable): gets what was decided, and what looks unusual
 * @error: return location
 *
 * Opens the scan that the groups [input], [flat-field] and [reconstruction] of @config describe. Everything that can
 * be known without reading images is checked: that all files are there, fit each other and have an angle for each
 * projection, that the rows, columns, projections and the axis lie within them. If @config is strict, what would be
 * warned about is an error. Nothing of @config is kept.
 *
 * Returns: (transfer full): the scan, or %NULL with #RECON_ERROR_CONFIG or #RECON_ERROR_INPUT; a file that cannot be
 *   read gives the error of its reader
 */
ReconScan *
recon_scan_open (ReconConfig  *config,
                 ReconLog     *log,
                 GError      **error)
{
  g_autoptr (ReconScan) self = NULL;
  g_autoptr (ReconLog) counting = NULL;

  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);

  self = g_object_new (RECON_TYPE_SCAN, NULL);
  counting = recon_log_new_for (log);
  set_up_reading (self, config);

  if (!open_images (self, config, counting, error) ||
      !_recon_scan_set_up_rows (self, config, counting, error) ||
      !_recon_scan_set_up_columns (self, config, counting, error) ||
      !_recon_scan_select_projections (self, config, counting, error) ||
      !_recon_scan_open_references (self, config, counting, error) ||
      !_recon_scan_set_up_angles (self, config, counting, error) ||
      !_recon_scan_check_sources (self, error) ||
      (recon_config_get_boolean (config, RECON_PARAM_STRICT) && !recon_log_check (counting, error)))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * recon_scan_get_geometry:
 * @self: a scan
 *
 * Where its projections were taken, as they are read: all that is known of it. The numbers of its rows, which slices
 * have in their files' names, count binned rows from the top of the detector, so that the slices of neighbouring
 * selections continue each other; rows of the detector are the middles of those that make one.
 *
 * Returns: (transfer none): the geometry, not to be changed. Who changes the scan gives it another one
 */
ReconGeometry *
recon_scan_get_geometry (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), NULL);

  return self->geometry;
}

/**
 * recon_scan_get_projection_number:
 * @self: a scan
 * @angle: one of the projections that are used
 *
 * Returns: its number among all projections of the scan, from 0
 */
guint
recon_scan_get_projection_number (ReconScan *self,
                                  guint      angle)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), 0);
  g_return_val_if_fail (angle < self->geometry->n_angles, 0);

  return self->used[angle];
}

/**
 * recon_scan_get_width:
 * @self: a scan
 *
 * Returns: columns of the sinograms, after crop and binning
 */
guint
recon_scan_get_width (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), 0);

  return self->width;
}

/**
 * recon_scan_get_width_as_read:
 * @self: a scan
 *
 * Returns: columns of the images as read; the middle is at (width - 1) / 2
 */
guint
recon_scan_get_width_as_read (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), 0);

  return self->n_columns;
}

/**
 * recon_scan_get_n_rows_as_read:
 * @self: a scan
 *
 * Returns: rows of the projections as read, or the number of sinograms
 */
guint
recon_scan_get_n_rows_as_read (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), 0);

  return self->n_rows;
}

/**
 * recon_scan_has_sinograms:
 * @self: a scan
 *
 * Returns: whether it comes as sinograms
 */
gboolean
recon_scan_has_sinograms (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);

  return self->sinograms;
}

/**
 * recon_scan_has_integers:
 * @self: a scan
 *
 * Returns: whether its projections or sinograms are stored as integers
 */
gboolean
recon_scan_has_integers (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);

  return recon_reader_get_sample_type (recon_frames_get_reader (self->contents->projections)) < RECON_SAMPLE_FLOAT16;
}

/**
 * recon_scan_get_largest:
 * @self: a scan
 *
 * Returns: the largest value that samples of its projections can have, if they are unsigned integers of 8 or 16 bits,
 *   of which counters make use to the end; else 0
 */
float
recon_scan_get_largest (ReconScan *self)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), 0);

  switch (recon_reader_get_sample_type (recon_frames_get_reader (self->contents->projections)))
    {
    case RECON_SAMPLE_UINT8:
      return G_MAXUINT8;
    case RECON_SAMPLE_UINT16:
      return G_MAXUINT16;
    default:
      return 0;
    }
}

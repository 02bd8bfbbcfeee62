/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>

#include "axis/axis-rows.h"
#include "base/error.h"
#include "io/scan.h"
#include "io/tiff-output.h"
#include "preview/preview.h"
#include "trials/candidates.h"
#include "trials/contact-sheet.h"
#include "trials/trial-folder.h"

/* One slice about several axes. A preview makes them: it reads and filters once, and what it makes are the bits that a
 * job writes. There is one slice at a time in memory, and its thumbnail stays. */

typedef struct
{
  const ReconAxisCandidates *candidates;
  ReconConfig               *config; /* of one slice, about the candidate that is in work */
  ReconPreview              *preview;
  ReconContactSheet         *sheet;
  ReconTrialFolder          *folder;
  guint                      number; /* of the slice, as in names of files */
  double                     row;
  double                     middle; /* of the detector */
  double                     pixel_size; /* mm, or NaN */
  double                     mark;   /* the axis that is known, or NaN */
  guint                      marked; /* the candidate next to it; their number for none */
} Trial;

static void
trial_clear (Trial *self)
{
  g_clear_object (&self->config);
  g_clear_object (&self->preview);
  g_clear_pointer (&self->sheet, recon_contact_sheet_free);
  g_clear_pointer (&self->folder, recon_trial_folder_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trial, trial_clear)

static void
set_axis (Trial *self,
          guint  candidate)
{
  g_autofree char *text = recon_axis_candidates_format (self->candidates, candidate, FALSE);

  recon_config_parse (self->config, RECON_PARAM_AXIS, text, NULL);
}

/* One slice is selected, and it is known by then that every candidate lies on the detector. */
static gboolean
select_slice (Trial         *self,
              const char    *rows,
              ReconLog      *log,
              GCancellable  *cancellable,
              GError       **error)
{
  const guint bin = (guint) recon_config_get_integer (self->config, RECON_PARAM_BIN);
  g_autoptr (ReconScan) scan = NULL;
  g_autoptr (ReconScan) part = NULL;
  g_autoptr (GArray) choices = NULL;
  const ReconGeometry *geometry;
  guint start;

  recon_config_parse (self->config, RECON_PARAM_AXIS, "auto", NULL);
  scan = recon_scan_open (self->config, log, error);
  if (scan == NULL)
    return FALSE;

  choices = recon_row_choices_make (self->config, scan, rows, rows != NULL ? G_MAXUINT : 1, error);
  if (choices == NULL)
    return FALSE;

  start = g_array_index (choices, ReconRowChoice, 0).start;
  recon_config_set_integer (self->config, RECON_PARAM_Y_START, start);
  recon_config_set_integer (self->config, RECON_PARAM_Y_STOP, start + bin);
  recon_config_set_integer (self->config, RECON_PARAM_Y_STEP, 1);

  set_axis (self, 0);
  part = recon_scan_new_part (scan, self->config, cancellable, error);
  if (part == NULL)
    return FALSE;
  set_axis (self, self->candidates->n - 1);
  if (!recon_scan_update (part, self->config, NULL, error))
    return FALSE;

  geometry = recon_scan_get_geometry (part);
  self->number = geometry->row_numbers[0];
  self->row = geometry->detector_rows[0];
  self->middle = (recon_scan_get_width_as_read (part) - 1) / 2.0;
  self->pixel_size = geometry->pixel_size / 1000;
  recon_preview_take_scan (self->preview, part, self->config);

  return TRUE;
}

static gboolean
write_slice (Trial       *self,
             guint        candidate,
             ReconImage  *image,
             GError     **error)
{
  g_autofree char *axis = recon_axis_candidates_format (self->candidates, candidate, TRUE);
  g_autofree char *name = g_strdup_printf ("slice_%05u_axis_%s.tif", self->number, axis);
  g_autofree char *path = recon_trial_folder_add (self->folder, name);
  const ReconVolume volume = {
    .n_slices = 1,
    .width = recon_image_get_width (image),
    .height = recon_image_get_height (image),
    .numbers = &self->number,
    .detector_row = &self->row,
    .pixel_size = self->pixel_size,
    .type = RECON_OUTPUT_TYPE_FLOAT32,
    .compression = recon_config_get_choice (self->config, RECON_PARAM_COMPRESSION),
  };

  return recon_tiff_page_save (AT_FDCWD, path, &volume, 0, recon_image_get_pixels (image), TRUE, error);
}

static gboolean
make_slice (Trial         *self,
            guint          candidate,
            GCancellable  *cancellable,
            GError       **error)
{
  const ReconPreviewRequest request = { .view = RECON_VIEW_SLICE, .index = 0, .reduction = 1 };
  const double offset = recon_axis_candidates_get (self->candidates, candidate) - self->middle;
  g_autofree char *label = recon_axis_candidates_format (self->candidates, candidate, FALSE);
  g_autofree char *note = NULL;
  g_auto (ReconPreviewResult) result = { 0 };

  set_axis (self, candidate);
  if (!recon_preview_make (self->preview, self->config, &request, &result, cancellable, error) ||
      !write_slice (self, candidate, result.image, error))
    return FALSE;

  /* Translators: how far a column is from the middle of the detector. */
  note = g_strdup_printf (_ ("offset %+.6g"), offset);
  recon_contact_sheet_add (self->sheet, result.image, label, note, candidate == self->marked);

  return TRUE;
}

static gboolean
write_sheet (Trial   *self,
             GError **error)
{
  g_autofree char *path = recon_trial_folder_add (self->folder, "contact-sheet.png");
  g_autofree char *title = NULL;

  if (self->marked < self->candidates->n)
    title = g_strdup_printf (_ ("Slice %u about %u axes; the coloured one is next to %.7g px"), self->number,
                             self->candidates->n, self->mark);
  else
    title = g_strdup_printf (_ ("Slice %u about %u axes"), self->number, self->candidates->n);

  return recon_contact_sheet_save (self->sheet, title, path, error);
}

/**
 * recon_axis_candidates_write:
 * @self: candidates
 * @config: of the scan and of its reconstruction; the axis and, but for the compression, the output are not looked at
 * @settings: which slice, and where it goes
 * @log: (nullable): gets what is made
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Makes one slice about each candidate and writes it into a folder as 32-bit TIFF, bit for bit as a job would, and
 * beside them contact-sheet.png, all of them side by side with a common grey scale. Unless all is made nothing is left.
 *
 * Returns: %FALSE with the errors of recon_preview_make(), #RECON_ERROR_EXISTS or #RECON_ERROR_WRITE
 */
gboolean
recon_axis_candidates_write (const ReconAxisCandidates     *self,
                             ReconConfig                   *config,
                             const ReconAxisTrialSettings  *settings,
                             ReconLog                      *log,
                             GCancellable                  *cancellable,
                             GError                       **error)
{
  g_auto (Trial) trial = { .candidates = self };

  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);

  trial.config = recon_config_copy (config);
  trial.preview = recon_preview_new (NULL);
  trial.sheet = recon_contact_sheet_new ();
  trial.mark = settings->mark;
  trial.marked = recon_axis_candidates_nearest (self, settings->mark);

  if (!select_slice (&trial, settings->rows, log, cancellable, error))
    return FALSE;

  trial.folder = recon_trial_folder_open (settings->folder, settings->overwrite, error);
  if (trial.folder == NULL)
    return FALSE;

  for (guint i = 0; i < self->n; i++)
    {
      recon_log_info (log, "Slice %u about %.7g px (%u of %u)", trial.number, recon_axis_candidates_get (self, i),
                      i + 1, self->n);
      if (!make_slice (&trial, i, cancellable, error))
        return FALSE;
    }

  return write_sheet (&trial, error) && recon_trial_folder_finish (trial.folder, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>

/* The files that the images are in, and whether all of them are there: of the images that are used, and of no others,
 * so that a scan whose end is lost can still be reconstructed from its beginning. */

static gboolean
check (ReconFrames  *frames,
       guint         first,
       guint         n_rows,
       const char   *title,
       GError      **error)
{
  if (frames == NULL ||
      recon_reader_check (recon_frames_get_reader (frames), recon_frames_get_index (frames),
                          recon_frames_get_n (frames), first, n_rows, error))
    return TRUE;

  g_prefix_error (error, "%s: ", title);

  return FALSE;
}

/* As check(), for darks or flats; exposures may be lines of images that are detector rows. */
static gboolean
check_references (ReconScan    *self,
                  ReconFrames  *frames,
                  guint         n_rows,
                  const char   *title,
                  GError      **error)
{
  g_autoptr (ReconFrames) used = NULL;

  if (frames == NULL || !_recon_scan_is_reference_by_rows (self, frames))
    return check (frames, self->y_start, n_rows, title, error);

  used = recon_frames_subset (frames, self->y_start, self->y_start + n_rows, 1);

  return check (used, 0, _recon_scan_count_exposures (self, frames), title, error);
}

static gboolean
check_all_references (ReconScan  *self,
                      guint       n_rows,
                      GError    **error)
{
  return check_references (self, self->darks, n_rows, _ ("Darks"), error) &&
         check_references (self, self->flats, n_rows, _ ("Flats"), error) &&
         check_references (self, self->flats_after, n_rows, _ ("Flats after"), error);
}

/* Needs everything else to be set up. */
gboolean
_recon_scan_check_sources (ReconScan  *self,
                           GError    **error)
{
  const guint bin = self->geometry->bin;
  guint last_slice = self->y_start + (self->geometry->n_rows - 1) * self->y_step * bin;
  guint n_rows = last_slice + bin - self->y_start;
  guint n_angles = self->used[self->geometry->n_angles - 1] - self->used[0] + 1;

  if (self->sinograms)
    {
      g_autoptr (ReconFrames) used =
          recon_frames_subset (self->contents->projections, self->y_start, self->y_start + n_rows, 1);

      return check (used, self->used[0], n_angles, _ ("Sinograms"), error) &&
             check_all_references (self, n_rows, error);
    }

  return check (self->projections, self->y_start, n_rows, _ ("Projections"), error) &&
         check_all_references (self, n_rows, error);
}

static void
add_files (GPtrArray   *files,
           ReconFrames *frames)
{
  if (frames != NULL)
    recon_reader_list_files (recon_frames_get_reader (frames), files);
}

/**
 * recon_scan_list_files:
 * @self: a scan
 * @input: one of the parameters that name an input
 *
 * Returns: (transfer full) (element-type filename) (nullable): the files that the images of @input are read from, links
 *   included, some of them perhaps several times; %NULL where @input names no images or is not used
 */
GPtrArray *
recon_scan_list_files (ReconScan      *self,
                       ReconParameter  input)
{
  const ReconContents *contents = NULL;
  GPtrArray *files;

  g_return_val_if_fail (RECON_IS_SCAN (self), NULL);

  if (input == (self->sinograms ? RECON_PARAM_SINOGRAMS : RECON_PARAM_PROJECTIONS))
    contents = self->contents;
  else if (input == RECON_PARAM_DARKS)
    contents = self->dark_contents;
  else if (input == RECON_PARAM_FLATS)
    contents = self->flat_contents;
  else if (input == RECON_PARAM_FLATS_AFTER)
    contents = self->flat_after_contents;

  if (contents == NULL)
    return NULL;

  files = g_ptr_array_new_with_free_func (g_free);
  add_files (files, contents->projections);
  add_files (files, contents->darks);
  add_files (files, contents->flats);
  add_files (files, contents->flats_after);

  return files;
}

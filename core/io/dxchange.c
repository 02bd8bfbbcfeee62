/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/dxchange.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/dxchange-metadata.h"
#include "io/hdf5-guard.h"
#include "io/hdf5-nearby.h"
#include "io/hdf5-reader.h"
#include "io/hdf5-type.h"
#include "io/hdf5-values.h"
#include "io/swapped-reader.h"

/* Data Exchange, the format of the Advanced Photon Source: De Carlo et al., J. Synchrotron Rad. 21 (2014) 1224.
 *
 *   /exchange/data        projections: (angles, rows, columns)
 *   /exchange/data_white  flats, the same
 *   /exchange/data_dark   darks, the same
 *   /exchange/data_white_pre, data_white_post, data_dark_pre   in files of older programs, instead of those
 *   /exchange/theta       angle of each projection, degrees unless its units say otherwise
 *
 * Some programs write (rows, angles, columns).
 */

/**
 * recon_dxchange_is_in:
 * @root: the file
 * @group: path of a group in it, mostly "/"
 *
 * The lock is held.
 *
 * Returns: whether a Data Exchange scan is in @group
 */
gboolean
recon_dxchange_is_in (hid_t       root,
                      const char *group)
{
  g_autofree char *data = recon_hdf5_join (group, "exchange/data");

  return recon_hdf5_link_exists (root, data) && recon_hdf5_get_type (root, data) != H5O_TYPE_GROUP;
}

/* Data sets without images are written where a part of a scan was left out. */
static gboolean
is_empty (hid_t       root,
          const char *path)
{
  g_auto (ReconHdf5Id) dataset = recon_hdf5_open_guarded (root, path, H5P_DEFAULT);
  ReconHdf5Shape shape;

  return dataset >= 0 && recon_hdf5_shape_get (dataset, &shape) && shape.n_elements == 0;
}

/* Whether a stack is rows × angles × columns, sinograms one behind the other. The number of angles decides; where that
 * suits both, or is not known, the order that the file states, and else the usual one. */
static gboolean
is_rows_first (hid_t           root,
               const char     *group,
               ReconReader    *reader,
               ReconContents  *contents)
{
  g_autofree char *path = recon_hdf5_join (group, "exchange/data");
  g_autofree char *axes = recon_hdf5_read_attribute (root, path, "axes");
  gboolean is_stated = axes != NULL && strchr (axes, ':') != NULL;
  gboolean stated = is_stated && !g_str_has_prefix (axes, "theta") && strstr (axes, ":theta:") != NULL;
  gsize n_angles = recon_dxchange_count_angles (root, group);
  gsize n = recon_reader_get_n_frames (reader);
  gsize height = recon_reader_get_height (reader);

  if (n_angles > 0 && n_angles == n && n != height)
    {
      if (stated)
        recon_contents_warn (contents, _ ("The axes of %s are “%s”, but by the number of angles, %" G_GSIZE_FORMAT ", "
                                          "the first is that of the projections; so it was taken."),
                             path, axes, n_angles);
      return FALSE;
    }
  if (n_angles > 0 && n_angles == height && n != height)
    {
      recon_contents_note (contents, _ ("%s has %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " lines and %" G_GSIZE_FORMAT
                                        " angles: it is read as sinograms, rows first."),
                           path, n, height, n_angles);
      return TRUE;
    }
  if (stated)
    recon_contents_note (contents, _ ("The axes of %s are “%s”: it is read as sinograms, rows first."), path, axes);
  else if (is_stated && !g_str_has_prefix (axes, "theta"))
    recon_contents_warn (contents, _ ("The axes of %s are “%s”; they were taken as theta:y:x. If the first is a "
                                      "detector row, give the dataset as sinograms."),
                         path, axes);

  return stated;
}

/* References are usually stored as the projections are; their number of rows says so. */
static gboolean
is_reference_rows_first (ReconReader   *reader,
                         ReconContents *contents)
{
  ReconReader *projections = recon_frames_get_reader (contents->projections);
  guint rows = recon_reader_get_height (projections);

  return RECON_IS_SWAPPED_READER (projections) && recon_reader_get_n_frames (reader) == rows;
}

/* Sets nothing where there is no such dataset, or an empty one. */
static gboolean
read_frames (hid_t           root,
             const char     *file,
             const char     *group,
             const char     *name,
             ReconContents  *contents,
             ReconFrames   **frames,
             GError        **error)
{
  g_autofree char *path = recon_hdf5_join (group, name);
  gboolean is_reference = frames != &contents->projections;
  g_autoptr (ReconReader) reader = NULL;

  if (!recon_hdf5_link_exists (root, path))
    return TRUE;
  if (is_reference && is_empty (root, path))
    {
      recon_contents_note (contents, _ ("%s is empty."), path);
      return TRUE;
    }

  reader = recon_hdf5_reader_open (file, path, error);
  if (reader == NULL)
    return FALSE;

  if (is_reference ? is_reference_rows_first (reader, contents) : is_rows_first (root, group, reader, contents))
    {
      ReconReader *swapped = recon_swapped_reader_new (reader);

      g_object_unref (reader);
      reader = swapped;
    }
  *frames = recon_frames_new_all (reader);

  return TRUE;
}

/**
 * recon_dxchange_read:
 * @root: the file
 * @file: its path
 * @group: path of the group that has the group "exchange", mostly "/"
 * @contents: to fill
 * @error: return location
 *
 * Reads what a Data Exchange scan holds. Darks, flats and angles may be absent. The lock is held.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where the pieces do not fit, or a reader's error
 */
gboolean
recon_dxchange_read (hid_t           root,
                     const char     *file,
                     const char     *group,
                     ReconContents  *contents,
                     GError        **error)
{
  if (!read_frames (root, file, group, "exchange/data", contents, &contents->projections, error) ||
      !read_frames (root, file, group, "exchange/data_dark", contents, &contents->darks, error) ||
      !read_frames (root, file, group, "exchange/data_white", contents, &contents->flats, error) ||
      (contents->darks == NULL &&
       !read_frames (root, file, group, "exchange/data_dark_pre", contents, &contents->darks, error)) ||
      (contents->flats == NULL &&
       (!read_frames (root, file, group, "exchange/data_white_pre", contents, &contents->flats, error) ||
        !read_frames (root, file, group, "exchange/data_white_post", contents, &contents->flats_after, error))))
    return FALSE;

  recon_dxchange_read_references (root, file, group, contents);
  recon_dxchange_read_angles (root, file, group, contents);
  recon_dxchange_read_pixel_size (root, group, contents);
  contents->layout = "DXchange";

  return TRUE;
}

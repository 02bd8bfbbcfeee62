/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/dxchange.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "error.h"
#include "io/contents-angles.h"
#include "io/hdf5-reader.h"
#include "io/hdf5-values.h"

/* Data Exchange, the format of the Advanced Photon Source: De Carlo et al., J. Synchrotron Rad. 21 (2014) 1224.
 *
 *   /exchange/data        projections: (angles, rows, columns)
 *   /exchange/data_white  flats, the same
 *   /exchange/data_dark   darks, the same
 *   /exchange/theta       angle of each projection, degrees unless its units say otherwise
 */

static char *
join (const char *group,
      const char *path)
{
  return g_strconcat (g_str_equal (group, "/") ? "" : group, "/", path, NULL);
}

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
  g_autofree char *data = join (group, "exchange/data");

  return recon_hdf5_link_exists (root, data) && recon_hdf5_get_type (root, data) != H5O_TYPE_GROUP;
}

static gboolean
read_frames (hid_t         root,
             const char   *file,
             const char   *group,
             const char   *name,
             ReconFrames **frames,
             GError      **error)
{
  g_autofree char *path = join (group, name);
  g_autoptr (ReconReader) reader = NULL;

  if (!recon_hdf5_link_exists (root, path))
    return TRUE;

  reader = recon_hdf5_reader_open (file, path, error);
  if (reader == NULL)
    return FALSE;

  *frames = recon_frames_new_all (reader);

  return TRUE;
}

static gboolean
check_angles (const char    *file,
              const char    *path,
              ReconContents *contents,
              GError       **error)
{
  guint n = recon_frames_get_n (contents->projections);

  if (contents->n_angles != n)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s:%s has %" G_GSIZE_FORMAT " angles, but there are %u projections (%s). Give the angles in a "
                      "file of their own."),
                   file, path, contents->n_angles, n,
                   recon_reader_get_path (recon_frames_get_reader (contents->projections)));
      return FALSE;
    }

  for (gsize i = 0; i < contents->n_angles; i++)
    if (!isfinite (contents->angles[i]))
      {
        g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                     _ ("%s:%s: angle %" G_GSIZE_FORMAT " (counted from 0) is not finite. Give the angles in a file of "
                        "their own."),
                     file, path, i);
        return FALSE;
      }

  return TRUE;
}

static gboolean
read_theta (hid_t           root,
            const char     *file,
            const char     *group,
            ReconContents  *contents,
            GError        **error)
{
  g_autofree char *path = join (group, "exchange/theta");

  if (!recon_hdf5_link_exists (root, path))
    {
      recon_contents_note (contents, _ ("There is no %s: the file says nothing about the angles."), path);
      return TRUE;
    }

  contents->angles = recon_hdf5_read_numbers (root, file, path, &contents->n_angles, error);
  if (contents->angles == NULL || !check_angles (file, path, contents, error))
    return FALSE;

  recon_contents_convert_angles (contents, root, path, contents->angles, contents->n_angles);

  return TRUE;
}

/* The size at the sample needs the physical pixel, with its unit, and the magnification of the optics. */
static void
read_pixel_size (hid_t          root,
                 const char    *group,
                 ReconContents *contents)
{
  g_autofree char *size_path = join (group, "measurement/instrument/detector/pixel_size_x");
  g_autofree char *optics = join (group, "measurement/instrument/detection_system/objective/magnification");
  double size = recon_hdf5_get_length_um (root, size_path, NAN);
  double magnification = recon_hdf5_read_number (root, optics);

  if (isnan (recon_hdf5_read_number (root, size_path)))
    return;

  if (isnan (size))
    recon_contents_note (contents, _ ("The pixel size is not taken from %s, which is not a length with a unit."),
                         size_path);
  else if (!isfinite (magnification) || magnification <= 0)
    recon_contents_note (contents, _ ("The pixel size at the sample is not known: %s says %g µm on the detector, and "
                                      "there is no magnification (%s)."),
                         size_path, size, optics);
  else
    contents->pixel_size = size / magnification;
}

static void
check_axes (hid_t          root,
            const char    *group,
            ReconContents *contents)
{
  g_autofree char *path = join (group, "exchange/data");
  g_autofree char *axes = recon_hdf5_read_attribute (root, path, "axes");

  if (axes != NULL && strchr (axes, ':') != NULL && !g_str_has_prefix (axes, "theta"))
    recon_contents_note (contents, _ ("The axes of %s are “%s”; they were taken as theta:y:x. If the first is a "
                                      "detector row, give the dataset as sinograms."),
                         path, axes);
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
  g_autoptr (GError) angles_error = NULL;

  if (!read_frames (root, file, group, "exchange/data", &contents->projections, error) ||
      !read_frames (root, file, group, "exchange/data_dark", &contents->darks, error) ||
      !read_frames (root, file, group, "exchange/data_white", &contents->flats, error))
    return FALSE;

  if (!read_theta (root, file, group, contents, &angles_error))
    recon_contents_take_angles_error (contents, g_steal_pointer (&angles_error));
  check_axes (root, group, contents);
  read_pixel_size (root, group, contents);
  contents->layout = "DXchange";

  return TRUE;
}

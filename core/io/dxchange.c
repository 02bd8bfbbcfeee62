/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-layouts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "io/hdf5.h"
#include "io/hdf5-reader.h"
#include "io/reader.h"
#include "io/turned-reader.h"

/* What a Data Exchange file says besides images. The lock is held around all of these; @group is the one that has the
 * group "exchange". */

/* Where the programs of the Advanced Photon Source put what is known of a scan. Besides the places of the format there
 * are those of its acquisition, tomoscan: https://tomoscan.readthedocs.io
 *
 *   /exchange/theta                          angle of each projection
 *   /process/acquisition/rotation            rotation_start, rotation_step, num_angles
 *   /process/acquisition/dark_fields         dark_field_value, where no dark frames were taken; flat_fields likewise
 *   /measurement/instrument/detection_system/objective  resolution: the pixel size at the sample; magnification
 *   /measurement/instrument/detector         pixel_size, pixel_size_x: on the detector
 */

#define ROTATION "process/acquisition/rotation/"

/* A number that may not be there. */
static double
read_number (hid_t       root,
             const char *group,
             const char *name)
{
  g_autofree char *path = recon_hdf5_join (group, name);

  return recon_hdf5_link_exists (root, path) ? recon_hdf5_read_number (root, path) : (double) NAN;
}

/* Returns how many projections the file says that there are, 0 where it doesn't. */
static gsize
count_angles (hid_t       root,
              const char *group)
{
  g_autofree char *theta = recon_hdf5_join (group, "exchange/theta");
  double n = read_number (root, group, ROTATION "num_angles");

  if (recon_hdf5_link_exists (root, theta))
    return recon_hdf5_count_numbers (root, theta);

  return n >= 1 && n < G_MAXINT32 ? (gsize) n : 0;
}

static gboolean
check_number (const char           *file,
              const char           *path,
              gsize                 n_angles,
              const ReconContents  *contents,
              GError              **error)
{
  guint n = recon_frames_get_n (contents->projections);

  if (n_angles != n)
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("%s:%s has %" G_GSIZE_FORMAT " angles, but there are %u projections (%s). Give the angles in "
                          "a file of their own."),
                       file, path, n_angles, n,
                       recon_reader_get_path (recon_frames_get_reader (contents->projections)));

  return TRUE;
}

static gboolean
check_angles (const char           *file,
              const char           *path,
              const ReconContents  *contents,
              GError              **error)
{
  for (gsize i = 0; i < contents->n_angles; i++)
    if (!isfinite (contents->angles[i]))
      return recon_fail (error, RECON_ERROR_INPUT,
                         _ ("%s:%s: angle %" G_GSIZE_FORMAT " (counted from 0) is not finite. Give the angles in a "
                            "file of their own."),
                         file, path, i);

  return TRUE;
}

static void
read_list (hid_t           root,
           const char     *file,
           const char     *path,
           ReconContents  *contents)
{
  gsize n = recon_hdf5_count_numbers (root, path);
  GError *error = NULL;

  /* What is no list says so when it is read. */
  if (n == 0 || check_number (file, path, n, contents, &error))
    contents->angles = recon_hdf5_read_numbers (root, file, path, &contents->n_angles, &error);
  if (contents->angles == NULL || !check_angles (file, path, contents, &error))
    recon_contents_take_angles_error (contents, error);
  else
    recon_contents_convert_angles (contents, root, path, contents->angles, contents->n_angles);
}

/* From start and step of the rotation. */
static gboolean
read_rotation (hid_t          root,
               const char    *group,
               ReconContents *contents)
{
  g_autofree char *path = recon_hdf5_join (group, ROTATION "rotation_step");
  guint n = recon_frames_get_n (contents->projections);
  double start = read_number (root, group, ROTATION "rotation_start");
  double step = read_number (root, group, ROTATION "rotation_step");
  double n_planned = read_number (root, group, ROTATION "num_angles");

  if (!isfinite (step) || step == 0)
    return FALSE;

  if (!isfinite (start))
    {
      recon_contents_warn (contents, _ ("The file has a rotation_step, but no rotation_start: the first angle is taken "
                                        "as 0."));
      start = 0;
    }
  if (isfinite (n_planned) && n_planned != n)
    recon_contents_warn (contents, _ ("%g projections were planned (num_angles), there are %u: was the scan stopped "
                                      "early, or were images lost? Their angles are taken from the first one on."),
                         n_planned, n);

  contents->angles = g_new (double, n);
  contents->n_angles = n;
  for (guint i = 0; i < n; i++)
    contents->angles[i] = start + i * step;
  recon_contents_note (contents, _ ("The angles are taken from rotation_start %g and rotation_step %g of %s."), start,
                       step, path);
  recon_contents_convert_angles (contents, root, path, contents->angles, n);

  return TRUE;
}

/* A list of the right length that has the name of an angle, wherever it is. */
static char *
find_by_name (hid_t          root,
              const char    *group,
              ReconContents *contents,
              gboolean      *is_certain)
{
  g_autofree char *data = recon_hdf5_join (group, "exchange/data");
  guint n = recon_frames_get_n (contents->projections);
  guint n_certain = 0;
  g_autoptr (GPtrArray) paths = recon_hdf5_nearby_angles (root, group, data, &n_certain);

  for (guint i = 0; n > 1 && i < paths->len; i++)
    if (recon_hdf5_count_numbers (root, g_ptr_array_index (paths, i)) == n)
      {
        *is_certain = i < n_certain;
        return g_strdup (g_ptr_array_index (paths, i));
      }

  return NULL;
}

/* Takes theta, where there is one; else a list beside the projections; else start and step of the rotation; else a list
 * that has the name of an angle and the right length. */
static void
read_angles (hid_t          root,
             const char    *file,
             const char    *group,
             ReconContents *contents)
{
  g_autofree char *theta = recon_hdf5_join (group, "exchange/theta");
  g_autofree char *other = NULL;
  gboolean is_certain = FALSE;

  if (recon_hdf5_link_exists (root, theta))
    {
      read_list (root, file, theta, contents);
      return;
    }

  other = find_by_name (root, group, contents, &is_certain);
  if (other != NULL && is_certain)
    recon_contents_note (contents, _ ("The angles are taken from %s."), other);
  else if (read_rotation (root, group, contents))
    return;
  else if (other != NULL)
    recon_contents_warn (contents, _ ("The angles are taken from %s, by its name and length alone. If they are "
                                      "elsewhere, give them with --angles=FILE:/PATH/OF/DATASET."),
                         other);

  if (other != NULL)
    read_list (root, file, other, contents);
  else
    recon_contents_note (contents, _ ("There is no %s, and no rotation_step: the file says nothing about the angles."),
                         theta);
}

static void
read_value (hid_t           root,
            const char     *file,
            const char     *group,
            const char     *name,
            const char     *what,
            ReconContents  *contents,
            ReconFrames   **frames)
{
  g_autofree char *path = recon_hdf5_join (group, name);
  g_autofree char *place = g_strconcat (file, ":", path, NULL);
  ReconReader *projections = recon_frames_get_reader (contents->projections);
  g_autoptr (ReconReader) reader = NULL;
  double value = read_number (root, group, name);

  /* 0 is what stands there if nobody cared. */
  if (*frames != NULL || !isfinite (value) || value <= 0)
    return;

  reader = recon_uniform_reader_new (place, recon_reader_get_height (projections), recon_reader_get_width (projections),
                                     value);
  *frames = recon_frames_new_all (reader);
  recon_contents_note (contents, _ ("There are no %s frames: %g everywhere is taken, from %s."), what, value, path);
}

static void
read_references (hid_t          root,
                 const char    *file,
                 const char    *group,
                 ReconContents *contents)
{
  read_value (root, file, group, "process/acquisition/dark_fields/dark_field_value", _ ("dark"), contents,
              &contents->darks);
  read_value (root, file, group, "process/acquisition/flat_fields/flat_field_value", _ ("flat"), contents,
              &contents->flats);
}

/* The first of some places where there is a number, and the length that it is. */
static char *
find_length (hid_t              root,
             const char        *group,
             const char *const *names,
             double            *um)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = recon_hdf5_join (group, names[i]);

      if (isnan (read_number (root, group, names[i])))
        continue;
      *um = recon_hdf5_get_length_um (root, path, NAN);
      return g_steal_pointer (&path);
    }

  return NULL;
}

/* Takes what the objective resolves; else the physical pixel and the magnification of the optics. Lengths need a unit.
 * */
static void
read_pixel_size (hid_t          root,
                 const char    *group,
                 ReconContents *contents)
{
  static const char *const resolutions[] = { "measurement/instrument/detection_system/objective/resolution", NULL };
  static const char *const sizes[] = { "measurement/instrument/detector/pixel_size_x",
                                       "measurement/instrument/detector/x_pixel_size",
                                       "measurement/instrument/detector/pixel_size", NULL };
  static const char *const optics[] = { "measurement/instrument/detection_system/objective/magnification",
                                        "measurement/instrument/detection_system/magnification",
                                        "measurement/instrument/detector/magnification", NULL };
  double resolution = NAN, size = NAN, magnification = NAN;
  g_autofree char *at_sample = find_length (root, group, resolutions, &resolution);
  g_autofree char *on_detector = find_length (root, group, sizes, &size);

  for (guint i = 0; optics[i] != NULL && isnan (magnification); i++)
    magnification = read_number (root, group, optics[i]);

  if (!isnan (resolution))
    contents->pixel_size = resolution;
  else if (!isnan (size) && isfinite (magnification) && magnification > 0)
    contents->pixel_size = size / magnification;
  else if (at_sample != NULL)
    recon_contents_note (contents, _ ("The pixel size is not taken from %s, which is not a length with a unit."),
                         at_sample);
  else if (on_detector != NULL && isnan (size))
    recon_contents_note (contents, _ ("The pixel size is not taken from %s, which is not a length with a unit."),
                         on_detector);
  else if (on_detector != NULL)
    recon_contents_note (contents, _ ("The pixel size at the sample is not known: %s says %g µm on the detector, and "
                                      "there is no magnification (%s)."),
                         on_detector, size, optics[0]);
}

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

  return recon_hdf5_is_no_group (root, data);
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
  gsize n_angles = count_angles (root, group);
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

  read_references (root, file, group, contents);
  read_angles (root, file, group, contents);
  read_pixel_size (root, group, contents);
  contents->layout = "DXchange";

  return TRUE;
}

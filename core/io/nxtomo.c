/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-layouts.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/fail.h"
#include "io/hdf5-reader.h"
#include "io/hdf5.h"

/* What a pixel may measure, in µm. */
#define LEAST_PIXEL 1e-2
#define MOST_PIXEL  1e3

/* NXtomo, the application definition of NeXus for raw tomography data:
 * https://manual.nexusformat.org/classes/applications/NXtomo.html
 *
 * All frames are in one dataset; image_key says what each is. Facilities put the pieces in somewhat different places,
 * and often as links: nxtomo-detector.c and hdf5-nearby.c say where they are looked for. */

/* The first of some lists that has one of two lengths, the first one before; %NULL where there is none. */
static double *
read_fitting (hid_t        root,
              const char  *file,
              GPtrArray   *paths,
              gsize        length,
              gsize        other,
              guint       *which,
              gsize       *n)
{
  const gsize lengths[] = { length, other };

  for (guint k = 0; k < G_N_ELEMENTS (lengths); k++)
    for (*which = 0; *which < paths->len; (*which)++)
      {
        const char *path = g_ptr_array_index (paths, *which);
        g_autofree double *list = NULL;

        if (recon_hdf5_count_numbers (root, path) != lengths[k])
          continue;
        list = recon_hdf5_read_numbers (root, file, path, n, NULL);
        if (list != NULL && *n == lengths[k])
          return g_steal_pointer (&list);
      }

  return NULL;
}

/* Why the likeliest of some lists does not serve. */
static void
set_unfitting (hid_t        root,
               const char  *file,
               const char  *path,
               guint        n_frames,
               GError     **error)
{
  gsize n = recon_hdf5_count_numbers (root, path);
  g_autofree double *list = NULL;

  /* A list of the right length, and what is none, say why they cannot be read. */
  if (n == 0 || n == n_frames)
    list = recon_hdf5_read_numbers (root, file, path, &n, error);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("%s:%s has %" G_GSIZE_FORMAT " values, but there are %u frames. Each frame needs one; choose the "
                    "frames' dataset by itself, with darks, flats and angles of their own."),
                 file, path, n, n_frames);
}

/* A list with a number for each frame, where there is one. */
static gboolean
read_keys (hid_t        root,
           const char  *file,
           const char  *entry,
           const char  *dataset,
           const char  *name,
           guint        n_frames,
           double     **list,
           GError     **error)
{
  g_autoptr (GPtrArray) paths = recon_hdf5_nearby_keys (root, entry, dataset, name);
  guint which;
  gsize n;

  *list = read_fitting (root, file, paths, n_frames, n_frames, &which, &n);
  if (*list != NULL || paths->len == 0)
    return TRUE;

  set_unfitting (root, file, g_ptr_array_index (paths, 0), n_frames, error);

  return FALSE;
}

/* One angle for each frame, or for each projection. */
static gboolean
take_angles (const char     *file,
             const char     *path,
             const double   *all,
             gsize           n_all,
             ReconContents  *contents,
             GError        **error)
{
  const guint *index = recon_frames_get_index (contents->projections);
  guint n = recon_frames_get_n (contents->projections);
  gboolean by_frame = n_all == recon_reader_get_n_frames (recon_frames_get_reader (contents->projections));

  contents->angles = g_new (double, n);
  contents->n_angles = n;

  for (guint i = 0; i < n; i++)
    {
      double angle = all[by_frame ? index[i] : i];

      if (!isfinite (angle))
        return recon_fail (error, RECON_ERROR_INPUT,
                           _ ("%s:%s: the angle of frame %u (counted from 0), a projection, is not finite. Give the "
                              "angles in a file of their own."),
                           file, path, index[i]);
      contents->angles[i] = angle;
    }

  return TRUE;
}

/* The angles of the frames by the first of @paths that fits. Returns whether one does. */
static gboolean
read_fitting_angles (hid_t           root,
                     const char     *file,
                     GPtrArray      *paths,
                     guint           n_certain,
                     const char     *standard,
                     ReconContents  *contents)
{
  guint n_frames = recon_reader_get_n_frames (recon_frames_get_reader (contents->projections));
  g_autofree double *all = NULL;
  g_autoptr (GError) error = NULL;
  const char *path;
  guint which;
  gsize n = 0;

  all = read_fitting (root, file, paths, n_frames, recon_frames_get_n (contents->projections), &which, &n);
  if (all == NULL)
    return FALSE;

  path = g_ptr_array_index (paths, which);
  if (!take_angles (file, path, all, n, contents, &error))
    {
      recon_contents_take_angles_error (contents, g_steal_pointer (&error));
      return TRUE;
    }

  if (which >= n_certain)
    recon_contents_warn (contents, _ ("The angles are taken from %s, by its name and length alone. If they are "
                                      "elsewhere, give them with --angles=FILE:/PATH/OF/DATASET."),
                         path);
  else if (g_strcmp0 (path, standard) != 0)
    recon_contents_note (contents, _ ("The angles are taken from %s."), path);
  if (n != n_frames)
    recon_contents_note (contents, _ ("%s has an angle for each of the %" G_GSIZE_FORMAT " projections, and none for "
                                      "other frames."),
                         path, n);
  recon_contents_convert_angles (contents, root, path, contents->angles, contents->n_angles);

  return TRUE;
}

static void
read_angles (hid_t           root,
             const char     *file,
             const char     *entry,
             const char     *dataset,
             ReconContents  *contents)
{
  guint n_frames = recon_reader_get_n_frames (recon_frames_get_reader (contents->projections));
  guint n_certain = 0;
  g_autoptr (GPtrArray) paths = recon_hdf5_nearby_angles (root, entry, dataset, &n_certain);
  g_autofree char *standard = recon_hdf5_join (entry, "sample/rotation_angle");
  g_autoptr (GError) error = NULL;

  if (read_fitting_angles (root, file, paths, n_certain, standard, contents))
    return;

  if (n_certain > 0)
    {
      set_unfitting (root, file, g_ptr_array_index (paths, 0), n_frames, &error);
      recon_contents_take_angles_error (contents, g_steal_pointer (&error));
    }
  else
    recon_contents_note (contents, _ ("There is no rotation_angle in %s, neither of a sample (NXsample) nor beside "
                                      "the frames, and no axis of them (NXdata): the file says nothing about the "
                                      "angles."),
                         entry);
}

/* The first of some places where there is a length. Without a unit, metres are meant, which all units of NeXus derive
 * from, if that makes the size of a pixel; else what is meant is not known. */
static double
get_length (hid_t              root,
            const char        *group,
            const char *const *names,
            gboolean           has_default,
            ReconContents     *contents)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = recon_hdf5_join (group, names[i]);
      double length;

      if (!recon_hdf5_link_exists (root, path))
        continue;
      length = recon_hdf5_get_length_um (root, path, NAN);
      if (!isnan (length))
        return length;

      length = has_default ? recon_hdf5_get_length_um (root, path, 1e6) : (double) NAN;
      if (length >= LEAST_PIXEL && length <= MOST_PIXEL)
        {
          recon_contents_note (contents, _ ("%s names no unit: it is taken as metres, %g µm"), path, length);
          return length;
        }
      if (!isnan (length))
        recon_contents_note (contents, _ ("%s is %g without a unit, and is not taken: in metres it would be no size of "
                                          "a pixel. Give it with --pixel-size=MICROMETRES."),
                             path, length / 1e6);
    }

  return NAN;
}

/* Only what is certainly a size at the sample: that of the sample or the optics; else that of the detector, which files
 * without a magnification mean so. With one, writers do not agree on whether it is applied. */
static void
read_pixel_size (hid_t          root,
                 const char    *entry,
                 const char    *detector,
                 ReconContents *contents)
{
  static const char *const at_sample[] = { "sample/x_pixel_size", "sample/x_sample_pixel_size", NULL };
  static const char *const by_optics[] = { "technique/optic/sample_pixel_size", "instrument/optics/sample_pixel_size",
                                           NULL };
  static const char *const on_detector[] = { "x_pixel_size", NULL };
  g_autofree char *optics = recon_hdf5_join (detector, "magnification");
  double magnification = recon_hdf5_link_exists (root, optics) ? recon_hdf5_read_number (root, optics) : (double) NAN;
  double size;

  contents->pixel_size = get_length (root, entry, at_sample, TRUE, contents);
  if (isnan (contents->pixel_size))
    contents->pixel_size = get_length (root, entry, by_optics, FALSE, contents);
  if (!isnan (contents->pixel_size))
    return;

  size = get_length (root, detector, on_detector, TRUE, contents);
  if (isnan (size))
    return;

  if (isnan (magnification) || magnification == 1)
    contents->pixel_size = size;
  else
    recon_contents_note (contents, _ ("The pixel size at the sample is not known: the file has x_pixel_size %g µm and "
                                      "magnification %g, but not whether the one includes the other."),
                         size, magnification);
}

/* Whether some frames are projections: a dataset that was chosen for its darks need not hold any. */
static gboolean
has_projections (const double *keys,
                 guint         n)
{
  for (guint i = 0; i < n; i++)
    if (keys[i] == 0)
      return TRUE;

  return FALSE;
}

/* Sinograms lie beside the angles of their lines. */
static void
take_angles_of_lines (hid_t          root,
                      const char    *file,
                      GPtrArray     *paths,
                      guint          n_certain,
                      const char    *dataset,
                      ReconReader   *reader,
                      ReconContents *contents)
{
  guint height = recon_reader_get_height (reader);
  guint which;
  g_autofree double *angles = NULL;
  const char *path;
  gsize n;

  g_ptr_array_set_size (paths, (int) n_certain);
  angles = read_fitting (root, file, paths, height, height, &which, &n);
  for (gsize i = 0; angles != NULL && i < n; i++)
    if (!isfinite (angles[i]))
      return;
  if (angles == NULL)
    return;

  path = g_ptr_array_index (paths, which);
  recon_contents_note (contents, _ ("%s has as many angles as %s has rows, and not as many as it has images: these "
                                    "look like sinograms."),
                       path, dataset);
  contents->angles = g_steal_pointer (&angles);
  contents->n_angles = n;
  recon_contents_convert_angles (contents, root, path, contents->angles, n);
  g_set_error (&contents->angles_error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("%s:%s has %" G_GSIZE_FORMAT " angles, but there are %u images of %u rows in %s. If these are "
                  "sinograms, give them as --sinograms=%s:%s; otherwise give the angles with --angles=PATH."),
               file, path, n, recon_reader_get_n_frames (reader), height, dataset, file, dataset);
}

/**
 * recon_nxtomo_read_dataset:
 * @root: the file
 * @file: its path
 * @dataset: path of a dataset of images that was chosen
 * @contents: to fill
 * @error: return location
 *
 * Reads the images of a dataset, and what lies near it: image keys that say what the frames are, and angles. The lock
 * is held.
 *
 * Returns: %FALSE with a reader's error
 */
gboolean
recon_nxtomo_read_dataset (hid_t           root,
                           const char     *file,
                           const char     *dataset,
                           ReconContents  *contents,
                           GError        **error)
{
  g_autoptr (ReconReader) reader = recon_hdf5_reader_open (file, dataset, error);
  g_autofree char *name = NULL;
  g_autofree char *selection = NULL;
  g_autofree char *entry = NULL;
  g_autofree double *keys = NULL;
  g_autofree double *control = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  guint n_certain = 0;
  guint n;

  if (reader == NULL)
    return FALSE;

  contents->layout = "HDF5 dataset";
  recon_hdf5_view_split_path (root, dataset, &name, &selection);
  entry = recon_hdf5_nearby_find_entry (root, name);
  n = recon_reader_get_n_frames (reader);

  /* Lists of another length belong to something else. */
  if (n > 1 && read_keys (root, file, entry, name, "image_key", n, &keys, NULL) && keys != NULL &&
      has_projections (keys, n))
    {
      if (!read_keys (root, file, entry, name, "image_key_control", n, &control, NULL) ||
          !recon_nxtomo_sort_frames (reader, keys, control, contents, error))
        return FALSE;
      recon_contents_note (contents, _ ("The image keys beside %s say which of its frames are what."), name);
      contents->layout = "NXtomo";
    }
  else
    contents->projections = recon_frames_new_all (reader);

  if (n > 1)
    {
      paths = recon_hdf5_nearby_angles (root, entry, name, &n_certain);
      if (!read_fitting_angles (root, file, paths, n_certain, NULL, contents))
        take_angles_of_lines (root, file, paths, n_certain, name, reader, contents);
    }

  return TRUE;
}

/**
 * recon_nxtomo_read:
 * @root: the file
 * @file: its path
 * @entry: path of the entry, from recon_nxtomo_find()
 * @contents: to fill
 * @error: return location
 *
 * Reads what an NXtomo entry holds. The lock is held.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where the pieces do not fit or are missing, or a reader's error
 */
gboolean
recon_nxtomo_read (hid_t           root,
                   const char     *file,
                   const char     *entry,
                   ReconContents  *contents,
                   GError        **error)
{
  g_autofree char *data = recon_nxtomo_find_frames (root, file, entry, contents, error);
  g_autofree char *detector = data != NULL ? g_path_get_dirname (data) : NULL;
  g_autofree double *keys = NULL;
  g_autofree double *control = NULL;
  g_autoptr (ReconReader) reader = NULL;
  guint n;

  if (data == NULL)
    return FALSE;

  reader = recon_hdf5_reader_open (file, data, error);
  if (reader == NULL)
    return FALSE;

  n = recon_reader_get_n_frames (reader);
  if (!read_keys (root, file, entry, data, "image_key", n, &keys, error) ||
      !read_keys (root, file, entry, data, "image_key_control", n, &control, error))
    return FALSE;

  if (!recon_nxtomo_sort_frames (reader, keys, control, contents, error))
    return FALSE;

  read_angles (root, file, entry, data, contents);
  read_pixel_size (root, entry, detector, contents);
  contents->layout = "NXtomo";

  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "base/error.h"
#include "base/printable.h"
#include "commands.h"
#include "info-scan.h"
#include "io/angles.h"
#include "io/contents.h"
#include "io/hdf5.h"

#define DEGREES(radians) ((radians) * 180.0 / G_PI)

static void
print_images (const char  *label,
              ReconFrames *frames)
{
  ReconReader *reader;

  if (frames == NULL)
    {
      recon_info_print_row (label, "%s", _ ("none"));
      return;
    }

  reader = recon_frames_get_reader (frames);
  recon_info_print_row (label, _ ("%u of %u × %u (width × height) %s"), recon_frames_get_n (frames),
                        recon_reader_get_width (reader), recon_reader_get_height (reader),
                        recon_sample_type_get_name (recon_reader_get_sample_type (reader)));
}

static void
print_angles (const ReconContents *contents)
{
  const double *angles = contents->angles;
  gsize n = contents->n_angles;
  g_autofree double *weights = NULL;
  double minimum = G_MAXDOUBLE;
  double maximum = -G_MAXDOUBLE;
  double covered;

  if (n == 0)
    {
      recon_info_print_row (_ ("Angles"), "%s",
                            contents->angles_error != NULL ? contents->angles_error->message : _ ("none"));
      return;
    }

  for (gsize i = 0; i < n; i++)
    {
      if (!isfinite (angles[i]))
        {
          recon_info_print_row (_ ("Angles"),
                                _ ("%" G_GSIZE_FORMAT ", of which number %" G_GSIZE_FORMAT " is not finite"), n, i);
          return;
        }

      minimum = MIN (minimum, angles[i]);
      maximum = MAX (maximum, angles[i]);
    }

  weights = recon_angles_weights (angles, n, &covered);
  recon_info_print_row (_ ("Angles"),
                        _ ("%" G_GSIZE_FORMAT ", %.7g° … %.7g°, mean step %.6g°, covering %.4g° of 180°"), n,
                        DEGREES (minimum), DEGREES (maximum),
                        n > 1 ? DEGREES (maximum - minimum) / (double) (n - 1) : 0.0, DEGREES (covered));
}

static void
print_file_datasets (const char *file)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = recon_hdf5_file_open (file, NULL);
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GPtrArray) paths = NULL;

  if (root < 0)
    return;

  objects = recon_hdf5_list (root, "/");
  paths = recon_hdf5_find_datasets (root, objects, -1);
  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = g_ptr_array_index (paths, i);
      g_auto (ReconHdf5Id) dataset = recon_hdf5_open_guarded (root, path, H5P_DEFAULT);
      g_autofree char *shape = dataset < 0 ? recon_hdf5_error_text () : recon_hdf5_shape_describe (dataset);
      g_autofree char *valid = g_utf8_make_valid (path, -1);

      recon_info_print_row (i == 0 ? _ ("Datasets") : "", "%s (%s)", valid, shape != NULL ? shape : _ ("damaged"));
    }
}

static void
print_datasets (const char *path)
{
  g_autofree char *file = NULL;
  g_autofree char *object = NULL;

  if (recon_hdf5_split_path (path, &file, &object))
    print_file_datasets (file);
  else if (recon_hdf5_is_file (path))
    print_file_datasets (path);
}

/* What the scan has elsewhere is told with it. */
static gboolean
is_found (ReconFoundScan *found,
          ReconParameter  parameter)
{
  return found != NULL && recon_found_scan_get (found, parameter) != NULL;
}

static void
print_contents (const ReconContents *contents,
                ReconFoundScan      *found)
{
  ReconReader *reader = recon_frames_get_reader (contents->projections);

  recon_info_print_row (_ ("Layout"), "%s", contents->layout);
  print_images (_ ("Images"), contents->projections);
  recon_info_print_row (_ ("Middle"), _ ("column %.7g"), (recon_reader_get_width (reader) - 1) / 2.0);
  if (!is_found (found, RECON_PARAM_ANGLES) && !is_found (found, RECON_PARAM_ANGLE_STEP))
    print_angles (contents);
  if (!is_found (found, RECON_PARAM_DARKS))
    print_images (_ ("Darks"), contents->darks);
  if (!is_found (found, RECON_PARAM_FLATS))
    print_images (_ ("Flats"), contents->flats);
  if (!is_found (found, RECON_PARAM_FLATS_AFTER))
    print_images (_ ("Flats after"), contents->flats_after);
  if (isfinite (contents->pixel_size))
    recon_info_print_row (_ ("Pixel size"), _ ("%.7g µm"), contents->pixel_size);
  else if (!is_found (found, RECON_PARAM_PIXEL_SIZE))
    recon_info_print_row (_ ("Pixel size"), "%s", _ ("unknown"));

  for (guint i = 0; contents->notes != NULL && i < contents->notes->len; i++)
    recon_info_print_row (i == 0 ? _ ("Notes") : "", "%s", (const char *) g_ptr_array_index (contents->notes, i));
}

/* What a path holds by itself or, of a folder or file with several stacks of images, those of the scan. */
static ReconContents *
open_images (const char      *path,
             ReconFoundScan  *found,
             GError         **error)
{
  g_autoptr (GError) unclear = NULL;
  ReconContents *contents = NULL;
  const char *images = NULL;

  if (found != NULL)
    images = recon_found_scan_get (found, RECON_PARAM_PROJECTIONS);
  if (found != NULL && images == NULL)
    images = recon_found_scan_get (found, RECON_PARAM_SINOGRAMS);

  if (images != NULL && g_file_test (path, G_FILE_TEST_IS_DIR))
    return recon_contents_open (images, error);

  contents = recon_contents_open (path, &unclear);
  if (contents != NULL)
    return contents;
  if (images != NULL && !g_str_equal (images, path))
    return recon_contents_open (images, error);

  g_propagate_error (error, g_steal_pointer (&unclear));

  return NULL;
}

static gboolean
print_path (const char  *path,
            gboolean     separate,
            GError     **error)
{
  g_autoptr (GError) unread = NULL;
  g_autoptr (GError) unfound = NULL;
  gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autofree char *shown = NULL;
  g_autoptr (ReconFoundScan) found = recon_scan_find (path, &unfound);
  g_autoptr (ReconContents) contents = open_images (path, found, &unread);

  if (contents == NULL && (found == NULL || !is_folder))
    {
      g_propagate_error (error, is_folder ? g_steal_pointer (&unfound) : g_steal_pointer (&unread));
      return FALSE;
    }

  shown = recon_printable_line (path);
  g_print ("%s%s\n", separate ? "\n" : "", shown);
  if (contents != NULL)
    print_contents (contents, found);
  if (found != NULL)
    recon_info_print_scan (found, contents);
  if (contents != NULL)
    print_datasets (contents->path);

  /* The images are known, but cannot be read: what a run would say. */
  if (contents == NULL && (is_found (found, RECON_PARAM_PROJECTIONS) || is_found (found, RECON_PARAM_SINOGRAMS)))
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return FALSE;
    }

  return TRUE;
}

/* The worst of the exit statuses. */
static int
print_paths (char **paths)
{
  gboolean printed = FALSE;
  int status = 0;

  for (gsize i = 0; paths[i] != NULL; i++)
    {
      GError *error = NULL;

      if (print_path (paths[i], printed, &error))
        printed = TRUE;
      else
        {
          int failure = recon_cmd_fail (error);

          status = MAX (status, failure);
        }
    }

  return status;
}

int
recon_cmd_info (int    argc,
                char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_auto (GStrv) paths = NULL;
  GError *error = NULL;
  const GOptionEntry entries[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, N_ ("PATH…") },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_set_summary (context,
                                _ ("Prints what files and folders hold: images, angles, darks, flats; of a scan, what\n"
                                   "is taken for what, what is unclear, and what reconstructing it would warn of."));
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return recon_cmd_fail (error);

  if (paths == NULL)
    return recon_cmd_fail (g_error_new_literal (RECON_ERROR, RECON_ERROR_CONFIG,
                                                _ ("There is no path. Say what to look at: reconstruct info PATH…")));

  return print_paths (paths);
}

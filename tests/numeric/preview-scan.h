/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "base/error.h"
#include "phantom/raw-scan-writer.h"
#include "preview/preview.h"
#include "support.h"
#include "tomography/tomography.h"

G_BEGIN_DECLS

/* A synthetic scan in a folder of its own, and what previews and jobs make of it. */
typedef struct
{
  char         *folder;
  ReconRawScan *raw;
  double        axis;
  guint         n_jobs; /* so that each has an output of its own */
} PreviewScan;

G_GNUC_UNUSED static char *
in_folder (const PreviewScan *self,
           const char        *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/* "group.key", value */
G_GNUC_UNUSED static void
set (ReconConfig *config,
     const char  *name,
     const char  *value)
{
  g_auto (GStrv) words = g_strsplit (name, ".", 2);
  g_autoptr (GError) error = NULL;
  ReconParameter parameter;

  g_assert_true (recon_parameter_find (words[0], words[1], &parameter));
  recon_config_parse (config, parameter, value, &error);
  g_assert_no_error (error);
}

/* "group.key=value group.key=value …" */
G_GNUC_UNUSED static void
set_all (ReconConfig *config,
         const char  *settings)
{
  g_auto (GStrv) words = g_strsplit (settings, " ", -1);

  for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    {
      g_auto (GStrv) pair = g_strsplit (words[i], "=", 2);

      set (config, pair[0], pair[1]);
    }
}

/* The configuration of the scan as it is written. */
G_GNUC_UNUSED static ReconConfig *
new_config (const PreviewScan *self,
            const char        *settings)
{
  static const struct
  {
    const char *name, *file;
  } paths[] = {
    { "input.projections", "projections" }, { "input.darks", "darks" }, { "input.flats", "flats" },
    { "input.flats-after", "flats_after" }, { "input.angles", "angles.txt" },
  };
  ReconConfig *config = recon_config_new ();
  char axis[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = in_folder (self, paths[i].file);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        set (config, paths[i].name, path);
    }
  set (config, "reconstruction.axis", g_ascii_dtostr (axis, sizeof axis, self->axis));
  set_all (config, settings);

  return config;
}

/* @clean: without noise and dead columns */
G_GNUC_UNUSED static PreviewScan *
preview_scan_new (guint    width,
                  guint    rows,
                  guint    n_angles,
                  double   range,
                  gboolean shuffle,
                  gboolean clean)
{
  PreviewScan *self = g_new0 (PreviewScan, 1);
  g_autofree double *angles = recon_raw_scan_angles (n_angles, range, shuffle, 3);
  g_autoptr (GError) error = NULL;
  ReconRawScanSettings settings;

  recon_raw_scan_settings_init (&settings, recon_phantom_find ("asymmetric"), width, rows);
  settings.angles = angles;
  settings.n_angles = n_angles;
  settings.axis = self->axis = width / 2.0 - 3.2;
  settings.photons = clean ? 0 : 5000;
  settings.dark = 100;
  settings.dark_noise = clean ? 0 : 2;
  settings.uneven = 0.3;
  settings.drift = 0.1;
  settings.n_darks = 3;
  settings.n_flats = 4;
  settings.n_flats_after = 2;
  settings.dead_columns = clean ? 0 : 3;
  self->raw = recon_raw_scan_new (&settings, &error);
  g_assert_no_error (error);
  self->folder = test_folder_new ();
  recon_raw_scan_write (self->raw, self->folder, RECON_SCAN_FORMAT_TIFF, RECON_SCAN_WRITE_OVERWRITE, NULL, NULL, NULL,
                        &error);
  g_assert_no_error (error);

  return self;
}

G_GNUC_UNUSED static void
preview_scan_free (PreviewScan *self)
{
  recon_raw_scan_free (self->raw);
  test_folder_remove (self->folder);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PreviewScan, preview_scan_free)

/* Runs a job. Returns: its slices, as they are on the disk. */
G_GNUC_UNUSED static ReconContents *
run_job (PreviewScan *self,
         ReconConfig *config)
{
  g_autoptr (ReconConfig) copy = recon_config_copy (config);
  g_autofree char *name = g_strdup_printf ("job-%u.tif", self->n_jobs++);
  g_autofree char *path = in_folder (self, name);
  g_autoptr (ReconJob) job = NULL;
  g_autoptr (GError) error = NULL;
  ReconContents *slices;

  set (copy, "output.path", path);
  job = recon_tomography_new_job (copy, RECON_RESUME_NO, NULL, &error);
  g_assert_no_error (error);
  recon_job_run (job, NULL, &error);
  g_assert_no_error (error);
  slices = recon_contents_open (path, &error);
  g_assert_no_error (error);

  return slices;
}

/* Asserts that an image has the bits of a slice of a job. */
G_GNUC_UNUSED static void
assert_slice (ReconContents *slices,
              guint          index,
              ReconImage    *image)
{
  ReconReader *reader = recon_frames_get_reader (slices->projections);
  const guint width = recon_reader_get_width (reader), height = recon_reader_get_height (reader);
  g_autofree float *expected = g_new (float, (gsize) width * height);
  const float *pixels = recon_image_get_pixels (image);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (recon_image_get_width (image), ==, width);
  g_assert_cmpuint (recon_image_get_height (image), ==, height);
  recon_reader_read (reader, index, 1, 0, height, expected, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (pixels, (gsize) width * height * sizeof (float), expected,
                   (gsize) width * height * sizeof (float));
}

G_GNUC_UNUSED static void
make_image (ReconPreview       *preview,
            ReconConfig        *config,
            ReconView           view,
            guint               index,
            guint               reduction,
            ReconPreviewResult *result)
{
  const ReconPreviewRequest request = { view, index, reduction };
  g_autoptr (GError) error = NULL;
  gboolean success;

  recon_preview_result_clear (result);
  success = recon_preview_make (preview, config, &request, result, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (success);
  g_assert_nonnull (result->image);
}

/* Asserts that there is no image but this error, whose text has these words. */
G_GNUC_UNUSED static void
assert_failure (ReconPreview *preview,
                ReconConfig  *config,
                ReconView     view,
                guint         index,
                guint         reduction,
                int           code,
                const char   *words)
{
  const ReconPreviewRequest request = { view, index, reduction };
  g_auto (ReconPreviewResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (recon_preview_make (preview, config, &request, &result, NULL, &error));
  g_assert_null (result.image);
  g_assert_error (error, RECON_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "io/scan-survey.h"
#include "scan-files.h"
#include "support.h"
#include "test-tiff.h"

/* What a scan leaves out of its darks and flats, and darks and flats of sinograms. */

static void
write_frames (ScanFiles    *files,
              const char   *name,
              guint         width,
              guint         height,
              guint         n,
              const double *values)
{
  g_autofree char *path = scan_files_path (files, name);

  test_tiff_write (path, &(TestTiff) { .width = width, .height = height, .n_pages = n, .type = RECON_SAMPLE_FLOAT32 },
                   values);
}

/* Frames of a kind with some of another one in their places. */
static char *
write_mixed (ScanFiles   *files,
             const char  *name,
             ScanKind     kind,
             guint        n,
             ScanKind     other,
             const guint *places,
             guint        n_places)
{
  const gsize size = SCAN_ROWS * SCAN_WIDTH;
  g_autofree double *values = scan_frames (kind, n);
  g_autofree double *others = scan_frames (other, n);

  for (guint i = 0; i < n_places; i++)
    memcpy (values + places[i] * size, others + places[i] * size, size * sizeof *values);
  write_frames (files, name, SCAN_WIDTH, SCAN_ROWS, n, values);

  return scan_files_path (files, name);
}

/* The mean of some frames. */
static void
assert_mean (const float *result,
             ScanKind     kind,
             const guint *frames,
             guint        n)
{
  for (guint row = 0; row < SCAN_ROWS; row++)
    for (guint column = 0; column < SCAN_WIDTH; column++)
      {
        double sum = 0;

        for (guint i = 0; i < n; i++)
          sum += scan_value (kind, frames[i], row, column);
        g_assert_cmpfloat_with_epsilon ((double) result[row * SCAN_WIDTH + column], sum / n, 1e-3);
      }
}

static void
assert_warning (const ReconSurvey *survey,
                guint              i,
                const char        *words)
{
  g_assert_cmpuint (survey->warnings->len, >, i);
  if (strstr (g_ptr_array_index (survey->warnings, i), words) == NULL)
    g_error ("“%s” is not in: %s", words, (const char *) g_ptr_array_index (survey->warnings, i));
}

/* All is kept where all is as it should be, and what the survey has are the scan's own values. */
static void
test_sound (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan = scan_files_open_all (files, "input.y-start", "1", "input.crop-left", "2", "input.bin",
                                                    "2", "input.projection-step", "3", NULL);
  g_autoptr (GError) error = NULL;
  const ReconSurvey *survey = recon_scan_get_survey (scan, NULL, &error);
  const guint width = recon_scan_get_width (scan), n = recon_scan_get_geometry (scan)->n_rows;
  g_autofree float *values = g_new (float, (gsize) n * width);
  g_autofree float *dark = g_new (float, (gsize) n * width);
  g_autofree float *flat = g_new (float, (gsize) n * width);
  g_autofree float *after = g_new (float, (gsize) n * width);

  g_assert_no_error (error);
  g_assert_cmpuint (survey->warnings->len, ==, 0);
  g_assert_cmpuint (survey->n_slices, ==, 3);
  g_assert_cmpuint (survey->n_angles, ==, 4);
  g_assert_true (recon_scan_read_references (scan, 0, n, dark, flat, after, NULL, &error));
  for (guint k = 0; k < survey->n_slices; k++)
    {
      const gsize bytes = width * sizeof (float), row = survey->slices[k] * width;

      g_assert_cmpmem (survey->dark + k * width, bytes, dark + row, bytes);
      g_assert_cmpmem (survey->flat + k * width, bytes, flat + row, bytes);
      g_assert_cmpmem (survey->flat_after + k * width, bytes, after + row, bytes);
      for (guint a = 0; a < survey->n_angles; a++)
        {
          g_assert_true (recon_scan_read_projection (scan, survey->angles[a], values, NULL, &error));
          g_assert_cmpmem (survey->values + (a * survey->n_slices + k) * width, bytes, values + row, bytes);
        }
    }
}

static void
test_left_out (void)
{
  static const guint bright[] = { 0, 2, 3 }, dim[] = { 1, 4 }, blank[] = { 2 }, lit[] = { 0, 1, 3 };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *darks = write_mixed (files, "darks.tif", SCAN_DARK, 5, SCAN_FLAT, bright, 3);
  g_autofree char *flats = write_mixed (files, "flats.tif", SCAN_FLAT, 4, SCAN_DARK, blank, 1);
  g_autofree float *result = g_new (float, SCAN_ROWS * SCAN_WIDTH);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = scan_files_open (files, &error, "input.projections", files->projections, "input.darks",
                                                darks, "input.flats", flats, NULL);
  const ReconSurvey *survey;

  g_assert_no_error (error);

  /* Whoever comes first: what is left out isn't read. */
  g_assert_true (recon_scan_read_references (scan, 0, SCAN_ROWS, result, NULL, NULL, NULL, &error));
  assert_mean (result, SCAN_DARK, dim, 2);
  g_assert_true (recon_scan_read_references (scan, 0, SCAN_ROWS, NULL, result, NULL, NULL, &error));
  assert_mean (result, SCAN_FLAT, lit, 3);

  survey = recon_scan_get_survey (scan, NULL, &error);
  g_assert_cmpuint (survey->warnings->len, ==, 2);
  assert_warning (survey, 0, "Darks: 3 of 5 are left out, as bright as the flats: images 0, 2, 3 of ");
  assert_warning (survey, 1, "Flats: 1 of 4 are left out, as dark as the darks: image 2 of ");
}

/* Flats after that are dark: those before serve for all projections; and the other way round. */
static void
test_dropped (void)
{
  static const guint all[] = { 0, 1, 2, 3 };
  g_autoptr (ScanFiles) files = scan_files_new ();
  const char *const paths[][2] = { { files->flats, files->darks }, { files->darks, files->flats } };
  g_autofree float *result = g_new (float, SCAN_ROWS * SCAN_WIDTH);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconScan) scan = scan_files_open (files, &error, "input.projections", files->projections,
                                                    "input.darks", files->darks, "input.flats", paths[i][0],
                                                    "input.flats-after", paths[i][1], NULL);
      const ReconSurvey *survey;

      g_assert_no_error (error);
      survey = recon_scan_get_survey (scan, NULL, &error);
      g_assert_no_error (error);
      g_assert_false (recon_scan_has_flats_after (scan));
      g_assert_null (survey->flat_after);
      g_assert_true (recon_scan_read_references (scan, 0, SCAN_ROWS, NULL, result, NULL, NULL, &error));
      assert_mean (result, SCAN_FLAT, all, SCAN_FLATS);
      assert_warning (survey, 0, "3 of 3 are left out, as dark as the darks");
    }
}

static void
test_unclear (void)
{
  static const guint second[] = { 1 };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *flats = write_mixed (files, "flats.tif", SCAN_FLAT, 2, SCAN_PROJECTION, second, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = scan_files_open (files, &error, "input.projections", files->projections, "input.darks",
                                                files->darks, "input.flats", flats, NULL);

  g_assert_no_error (error);
  g_assert_null (recon_scan_get_survey (scan, NULL, &error));
  scan_assert_error (error, RECON_ERROR_INPUT, "The flats disagree", "flats.tif", "--flats", NULL);
}

/* Frames turned into sinograms: an image for each row, a line for each frame. */
static char *
write_sinograms (ScanFiles  *files,
                 const char *name,
                 ScanKind    kind,
                 guint       n)
{
  g_autofree double *frames = scan_frames (kind, n);
  g_autofree double *values = g_new (double, n * SCAN_ROWS * SCAN_WIDTH);

  for (guint i = 0; i < n; i++)
    for (guint row = 0; row < SCAN_ROWS; row++)
      memcpy (values + (row * n + i) * SCAN_WIDTH, frames + (i * SCAN_ROWS + row) * SCAN_WIDTH,
              SCAN_WIDTH * sizeof *values);
  write_frames (files, name, SCAN_WIDTH, n, SCAN_ROWS, values);

  return scan_files_path (files, name);
}

static float *
read_references (ReconScan *scan)
{
  const gsize n = (gsize) recon_scan_get_geometry (scan)->n_rows * recon_scan_get_width (scan);
  float *values = g_new (float, 3 * n);
  g_autoptr (GError) error = NULL;

  g_assert_true (recon_scan_get_correct (scan));
  g_assert_true (recon_scan_get_absorptivity (scan));
  recon_scan_read_references (scan, 0, recon_scan_get_geometry (scan)->n_rows, values, values + n, values + 2 * n, NULL,
                              &error);
  g_assert_no_error (error);

  return values;
}

/* Sinograms with the darks and flats of projections, or with sinograms of them, are the same scan. */
static void
test_sinograms (void)
{
  static const char *const bins[] = { "1", "2" };
  static const char *const methods[] = { "average", "median" };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *sinograms = write_sinograms (files, "sinograms.tif", SCAN_PROJECTION, SCAN_PROJECTIONS);
  g_autofree char *darks = write_sinograms (files, "darks.tif", SCAN_DARK, SCAN_DARKS);
  g_autofree char *flats = write_sinograms (files, "flats.tif", SCAN_FLAT, SCAN_FLATS);
  g_autofree char *after = write_sinograms (files, "after.tif", SCAN_FLAT_AFTER, SCAN_FLATS_AFTER);

  for (guint b = 0; b < G_N_ELEMENTS (bins); b++)
    for (guint m = 0; m < G_N_ELEMENTS (methods); m++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (ReconScan) scan = scan_files_open_all (files, "input.bin", bins[b], "flat-field.method", methods[m],
                                                          "input.y-start", "3", NULL);
        g_autoptr (ReconScan) same =
            scan_files_open (files, &error, "input.sinograms", sinograms, "input.darks", files->darks, "input.flats",
                             files->flats, "input.flats-after", files->flats_after, "input.bin", bins[b],
                             "flat-field.method", methods[m], "input.y-start", "3", NULL);
        g_autoptr (ReconScan) turned =
            scan_files_open (files, &error, "input.sinograms", sinograms, "input.darks", darks, "input.flats", flats,
                             "input.flats-after", after, "input.bin", bins[b], "flat-field.method", methods[m],
                             "input.y-start", "3", NULL);
        const gsize bytes =
            (gsize) 3 * recon_scan_get_geometry (scan)->n_rows * recon_scan_get_width (scan) * sizeof (float);
        g_autofree float *expected = read_references (scan);
        g_autofree float *result = read_references (same);
        g_autofree float *result_turned = read_references (turned);

        scan_assert_said (files, "I Flats: 4 lines of each sinogram");
        g_assert_cmpmem (result, bytes, expected, bytes);
        if (b == 0)
          g_assert_cmpmem (result_turned, bytes, expected, bytes);
        for (gsize i = 0; i < bytes / sizeof (float); i++)
          g_assert_cmpfloat_with_epsilon (result_turned[i], expected[i], 2e-3f);
      }
}

/* A sinogram of one row has flats of one row, or lines of flats. */
static void
test_one_row (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *sinogram = scan_files_path (files, "sinogram.tif");
  g_autofree char *line = scan_files_path (files, "line.tif");
  g_autofree char *lines = scan_files_path (files, "lines.tif");
  g_autofree double *values = scan_frames (SCAN_FLAT, SCAN_FLATS);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = NULL;
  float flat[SCAN_WIDTH];

  write_frames (files, "sinogram.tif", SCAN_WIDTH, 13, 1, values);
  write_frames (files, "line.tif", SCAN_WIDTH, 1, 1, values);
  write_frames (files, "lines.tif", SCAN_WIDTH, 4, 1, values);

  scan = scan_files_open (files, &error, "input.sinograms", sinogram, "input.flats", line, NULL);
  g_assert_no_error (error);
  g_assert_true (recon_scan_read_references (scan, 0, 1, NULL, flat, NULL, NULL, &error));
  for (guint c = 0; c < SCAN_WIDTH; c++)
    g_assert_cmpfloat (flat[c], ==, (float) values[c]);

  g_clear_object (&scan);
  scan = scan_files_open (files, &error, "input.sinograms", sinogram, "input.flats", lines, NULL);
  g_assert_no_error (error);
  g_assert_true (recon_scan_read_references (scan, 0, 1, NULL, flat, NULL, NULL, &error));
  for (guint c = 0; c < SCAN_WIDTH; c++)
    g_assert_cmpfloat_with_epsilon ((double) flat[c], (values[c] + values[SCAN_WIDTH + c] + values[2 * SCAN_WIDTH + c] +
                                                       values[3 * SCAN_WIDTH + c]) / 4, 1e-2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-survey/sound", test_sound);
  g_test_add_func ("/scan-survey/left-out", test_left_out);
  g_test_add_func ("/scan-survey/dropped", test_dropped);
  g_test_add_func ("/scan-survey/unclear", test_unclear);
  g_test_add_func ("/scan-survey/sinograms", test_sinograms);
  g_test_add_func ("/scan-survey/one-row", test_one_row);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "io/reader.h"
#include "scan-files.h"

static void
assert_named (const char *text,
              guint       n_frames,
              const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree gboolean *named = recon_frame_list_parse (text, n_frames, &error);
  g_autoptr (GString) list = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < n_frames; i++)
    if (named[i])
      g_string_append_printf (list, "%s%u", list->len > 0 ? " " : "", i);
  g_assert_cmpstr (list->str, ==, expected);
}

static void
assert_refused (const char *text,
                const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree gboolean *named = recon_frame_list_parse (text, 20, &error);

  g_assert_null (named);
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” is not in: %s", message, error->message);
}

static void
test_parse (void)
{
  assert_named ("", 20, "");
  assert_named (" , ", 20, "");
  assert_named ("3", 20, "3");
  assert_named ("0,19", 20, "0 19");
  assert_named ("3,7-12, 3 5", 20, "3 5 7 8 9 10 11 12");
  assert_named ("10:20:4", 20, "10 14 18");
  assert_named (":3,17:", 20, "0 1 2 17 18 19");
  assert_named ("::7", 20, "0 7 14");
  assert_named ("5:6", 20, "5");
  assert_named ("2::18446744073709551615", 20, "2");
  assert_named ("7-7", 20, "7");

  assert_refused ("20", "“20” reaches beyond the last frame: there are 20, counted from 0 to 19.");
  assert_refused ("1,15-20", "“15-20” reaches beyond");
  assert_refused ("0:21", "“0:21” reaches beyond");
  assert_refused ("0-18446744073709551615", "reaches beyond");
  assert_refused ("99999999999999999999999", "reaches beyond");
  assert_refused ("-1", "“-1” names no frames");
  assert_refused ("3-", "“3-” names no frames");
  assert_refused ("12-7", "“12-7” names no frames");
  assert_refused ("5:5", "names no frames");
  assert_refused ("1:9:0", "names no frames");
  assert_refused ("1:2:3:4", "names no frames");
  assert_refused ("a", "names no frames");
  assert_refused ("0:0", "names no frames");
}

/* Pixel, angle and number of each projection that is used, as they stand in the files. */
static void
assert_projections (ReconScan   *scan,
                    guint        n,
                    const guint *expected)
{
  guint n_slices = recon_scan_get_geometry (scan)->n_rows, width = recon_scan_get_width (scan);
  g_autofree float *all = g_new (float, (gsize) n * n_slices * width);
  g_autofree float *one = g_new (float, (gsize) n_slices * width);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_angles, ==, n);
  recon_scan_read_sinograms (scan, 0, n_slices, n_slices, all, NULL, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < n; i++)
    {
      gsize size = (gsize) n_slices * width;

      g_assert_cmpuint (recon_scan_get_projection_number (scan, i), ==, expected[i]);
      g_assert_cmpfloat_with_epsilon (recon_scan_get_geometry (scan)->angles[i], expected[i] * G_PI / SCAN_PROJECTIONS,
                                      1e-12);
      g_assert_cmpfloat ((double) all[i * size + 5], ==, scan_value (SCAN_PROJECTION, expected[i], 0, 5));
      recon_scan_read_projection (scan, i, one, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (one, size * sizeof (float), all + i * size, size * sizeof (float));
    }
}

static void
test_projections (void)
{
  static const guint rest[] = { 0, 1, 2, 5, 6, 9 };
  static const guint every_second[] = { 2, 6 };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan = scan_files_open_all (files, "input.exclude", "3-4,7:9", NULL);
  g_autoptr (ReconScan) part = NULL;
  g_autoptr (ReconScan) none = NULL;
  g_autoptr (ReconScan) refused = NULL;
  g_autoptr (GError) error = NULL;

  assert_projections (scan, 6, rest);
  scan_assert_said (files, "I 4 of 10 selected projections are left out by input.exclude=3-4,7:9");
  /* Where the flats stand between before and after is told by the number. */
  for (guint i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon ((double) recon_scan_get_geometry (scan)->flat_positions[i], rest[i] / 9.0, 1e-6);

  part = scan_files_open_all (files, "input.exclude", "4", "input.projection-start", "2", "input.projection-stop", "8",
                              "input.projection-step", "2", NULL);
  assert_projections (part, 2, every_second);
  scan_assert_said (files, "I 1 of 3 selected projections are left out");

  none = scan_files_open_all (files, "input.exclude", "9", "input.projection-stop", "8", NULL);
  g_assert_cmpuint (recon_scan_get_geometry (none)->n_angles, ==, 8);
  scan_assert_said (files, "I None of the projections that input.exclude=9 names");

  refused = scan_files_open (files, &error, "input.projections", files->projections, "input.exclude", "10", NULL);
  scan_assert_error (error, RECON_ERROR_CONFIG, "(input.exclude) of ", "reaches beyond the last frame: there are 10",
                     NULL);
  g_clear_error (&error);
  refused = scan_files_open (files, &error, "input.projections", files->projections, "input.exclude", "0:", NULL);
  scan_assert_error (error, RECON_ERROR_CONFIG, "Zero projections are left: input.exclude=0:", NULL);
}

/* The lines of the sinograms that are left are read as they would be with the others, binned or not. */
static void
test_sinograms (void)
{
  static const guint rest[] = { 0, 1, 4, 6, 8, 9, 10, 12 };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (GError) error = NULL;

  for (guint bin = 1; bin <= 2; bin++)
    {
      g_autofree char *bin_text = g_strdup_printf ("%u", bin);
      g_autoptr (ReconScan) all = scan_files_open (files, &error, "input.sinograms", files->projections, "input.bin",
                                                   bin_text, NULL);
      g_autoptr (ReconScan) some = scan_files_open (files, &error, "input.sinograms", files->projections, "input.bin",
                                                    bin_text, "input.exclude", "2-3,5,7,11", NULL);
      guint n_slices = recon_scan_get_geometry (all)->n_rows, width = recon_scan_get_width (all);
      gsize size = (gsize) (n_slices + 1) * width;
      g_autofree float *all_lines = g_new (float, 13 * size);
      g_autofree float *lines = g_new (float, 13 * size);

      g_assert_cmpuint (recon_scan_get_geometry (some)->n_angles, ==, G_N_ELEMENTS (rest));
      g_assert_true (recon_scan_read_sinograms (all, 0, n_slices, n_slices + 1, all_lines, NULL, &error));
      g_assert_true (recon_scan_read_sinograms (some, 0, n_slices, n_slices + 1, lines, NULL, &error));
      for (guint i = 0; i < G_N_ELEMENTS (rest); i++)
        {
          gsize bytes = n_slices * width * sizeof (float);

          g_assert_cmpmem (lines + i * size, bytes, all_lines + rest[i] * size, bytes);
          g_assert_cmpfloat (recon_scan_get_geometry (some)->angles[i], ==,
                             recon_scan_get_geometry (all)->angles[rest[i]]);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frame-list/parse", test_parse);
  g_test_add_func ("/frame-list/projections", test_projections);
  g_test_add_func ("/frame-list/sinograms", test_sinograms);

  return g_test_run ();
}

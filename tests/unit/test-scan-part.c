/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "scan-files.h"

/* Other rows and columns of a scan that is open. */

static ReconConfig *
make_config (const char *bin)
{
  static const char *const values[][2] = {
    { "input.y-start", "2" }, { "input.y-stop", "11" },   { "input.y-step", "2" },
    { "input.crop-left", "3" }, { "input.crop-right", "2" }, { "reconstruction.axis", "9.25" },
  };
  ReconConfig *config = recon_config_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    recon_config_parse (config, recon_parameter (values[i][0]), values[i][1], NULL);
  recon_config_parse (config, RECON_PARAM_BIN, bin, NULL);

  return config;
}

/* Sinograms, then darks, flats and flats after. */
static float *
read_all (ReconScan *scan,
          gsize     *bytes)
{
  const ReconGeometry *geometry = recon_scan_get_geometry (scan);
  const gsize n_image = (gsize) geometry->n_rows * recon_scan_get_width (scan);
  const gsize n = n_image * geometry->n_angles;
  float *values = g_new (float, n + 3 * n_image);
  g_autoptr (GError) error = NULL;

  *bytes = (n + 3 * n_image) * sizeof *values;
  recon_scan_read_sinograms (scan, 0, geometry->n_rows, geometry->n_rows, values, NULL, &error);
  g_assert_no_error (error);
  recon_scan_read_references (scan, 0, geometry->n_rows, values + n, values + n + n_image, values + n + 2 * n_image,
                              NULL, &error);
  g_assert_no_error (error);

  return values;
}

/* A part is what would have been opened, whatever becomes of the scan that it is a part of. */
static void
test_equal (void)
{
  static const char *const bins[] = { "1", "2" };
  g_autoptr (ScanFiles) files = scan_files_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (bins); i++)
    {
      g_autoptr (ReconConfig) config = make_config (bins[i]);
      g_autoptr (ReconScan) opened =
          scan_files_open_all (files, "input.exclude", "3", "input.bin", bins[i], "input.y-start", "2", "input.y-stop",
                               "11", "input.y-step", "2", "input.crop-left", "3", "input.crop-right", "2",
                               "reconstruction.axis", "9.25", NULL);
      g_autoptr (ReconScan) whole = scan_files_open_all (files, "input.exclude", "3", NULL);
      g_autofree char *before = scan_files_describe_geometry (recon_scan_get_geometry (whole));
      g_autofree char *after = NULL;
      g_autofree char *expected = scan_files_describe_geometry (recon_scan_get_geometry (opened));
      g_autofree char *got = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconScan) part = recon_scan_new_part (whole, config, NULL, &error);
      g_autofree float *a = NULL;
      g_autofree float *b = NULL;
      gsize bytes, bytes_read;

      g_assert_no_error (error);
      after = scan_files_describe_geometry (recon_scan_get_geometry (whole));
      g_assert_cmpstr (before, ==, after);
      got = scan_files_describe_geometry (recon_scan_get_geometry (part));
      g_assert_cmpstr (got, ==, expected);

      g_clear_object (&whole);
      a = read_all (opened, &bytes);
      b = read_all (part, &bytes_read);
      g_assert_cmpmem (b, bytes_read, a, bytes);
    }
}

/* What is left out of a part stays in the scan. */
static void
test_left_out (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) whole = scan_files_open_all (files, NULL);
  g_autoptr (ReconConfig) config = make_config ("1");
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) part = recon_scan_new_part (whole, config, NULL, &error);

  g_assert_no_error (error);
  recon_config_parse (config, RECON_PARAM_EXCLUDE, "0,4", NULL);
  g_assert_true (recon_scan_select_again (part, config, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (recon_scan_get_geometry (part)->n_angles, ==, SCAN_PROJECTIONS - 2);
  g_assert_cmpuint (recon_scan_get_projection_number (part, 0), ==, 1);
  g_assert_cmpuint (recon_scan_get_geometry (whole)->n_angles, ==, SCAN_PROJECTIONS);
  g_assert_cmpuint (recon_scan_get_projection_number (whole, 0), ==, 0);
}

static void
test_refused (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) whole = scan_files_open_all (files, NULL);
  g_autoptr (ReconConfig) config = make_config ("1");
  g_autoptr (GError) error = NULL;

  recon_config_parse (config, RECON_PARAM_Y_STOP, "14", NULL);
  g_assert_null (recon_scan_new_part (whole, config, NULL, &error));
  scan_assert_error (error, RECON_ERROR_CONFIG, "Rows up to y-stop=14 are selected", NULL);
  g_clear_error (&error);

  recon_config_parse (config, RECON_PARAM_Y_STOP, "11", NULL);
  recon_config_parse (config, RECON_PARAM_AXIS, "19.5", NULL);
  g_assert_null (recon_scan_new_part (whole, config, NULL, &error));
  scan_assert_error (error, RECON_ERROR_CONFIG, "The axis 19.5 lies outside the columns that are left", NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-part/equal", test_equal);
  g_test_add_func ("/scan-part/left-out", test_left_out);
  g_test_add_func ("/scan-part/refused", test_refused);

  return g_test_run ();
}

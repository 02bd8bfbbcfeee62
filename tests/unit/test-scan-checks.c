/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "io/scan.h"
#include "scan-files.h"
#include "support.h"
#include "test-hdf5.h"
#include "test-tiff.h"

/* What is checked before work starts, what is decided, and in which words. */

#define DEGREE (G_PI / 180.0)

typedef struct
{
  const char *key;
  const char *value;
  const char *key2;
  const char *value2;
  const char *words;
  const char *more_words;
} BadSetting;

/* Settings that do not fit 10 projections of 21 × 13. */
static void
test_bad_settings (void)
{
  static const BadSetting bad[] = {
    { "input.y-stop", "14", "input.y-start", "3", "Rows up to y-stop=14 are selected", "have 13 rows" },
    { "input.y-start", "13", "input.y-stop", "end", "Zero rows selected: input.y-start=13", "have 13 rows" },
    { "input.y-start", "5", "input.y-stop", "5", "Zero rows selected: input.y-start=5", "y-stop=5" },
    { "input.y-start", "10", "input.bin", "4", "Zero rows selected", "than the 4 of a bin" },
    { "input.crop-left", "11", "input.crop-right", "10", "No columns are left", "have 21, input.crop-left=11" },
    { "input.crop-left", "19", "input.bin", "3", "No columns are left", "a bin needs 3" },
    { "input.crop-left", "2147483647", "input.crop-right", "2147483647", "No columns are left", "Crop less." },
    { "input.projection-stop", "11", "input.projection-start", "2", "Projections up to projection-stop=11 are selected",
      "there are 10 projections" },
    { "input.projection-start", "10", "input.projection-step", "3",
      "Zero projections selected: input.projection-start=10",
      "there are 10 projections" },
    { "input.projection-start", "4", "input.projection-stop", "4",
      "Zero projections selected: input.projection-start=4", "projection-stop=4" },
    { "reconstruction.axis", "700", "input.bin", "1", "The axis 700 lies outside the detector (0 … 20; middle 10)",
      "reconstruction.axis" },
    { "reconstruction.axis", "-0.75", "input.bin", "1", "The axis -0.75 lies outside the detector", "0 … 20" },
    { "reconstruction.axis", "4.25", "input.crop-left", "5",
      "The axis 4.25 lies outside the columns that are left after the crop (5 … 20 of 21", "input.crop-left" },
    { "reconstruction.axis", "middle", "input.crop-right", "12", "The axis 10 lies outside the columns that are left",
      "(0 … 8 of 21" },
  };
  g_autoptr (ScanFiles) files = scan_files_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconScan) scan =
        scan_files_open (files, &error, "input.projections", files->projections, "flat-field.correct", "no", bad[i].key,
                         bad[i].value, bad[i].key2, bad[i].value2, NULL);

      g_assert_null (scan);
      scan_assert_error (error, RECON_ERROR_CONFIG, bad[i].words, bad[i].more_words, files->projections, NULL);
    }
}

static void
test_one_input (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (scan_files_open (files, &error, NULL));
  scan_assert_error (error, RECON_ERROR_CONFIG, "There is no input", "--projections=PATH", "--sinograms=PATH", NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.projections", files->projections, "input.sinograms",
                                  files->projections, NULL));
  scan_assert_error (error, RECON_ERROR_CONFIG, "Both input.projections and input.sinograms are set", NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.projections", "/nowhere/p", NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "Projections: /nowhere/p", NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.projections", files->projections, "input.flats", "/nowhere/f",
                                  NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "Flats: /nowhere/f", NULL);
}

static void
test_presence (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = NULL;

  g_assert_null (scan_files_open (files, &error, "input.projections", files->projections, NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "Flat-field correction is on, but there are no flats", "--flats=PATH",
                     "--no-correct", files->projections, NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.projections", files->projections, "input.darks", files->darks,
                                  NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "darks need flats to be applied", files->darks, "--flats=PATH",
                     "--no-correct", NULL);
  g_clear_error (&error);

  scan = scan_files_open (files, &error, "input.projections", files->projections, "input.flats", files->flats, NULL);
  g_assert_no_error (error);
  scan_assert_said (files, "W There are no darks: taking 0. Give them with --darks=PATH.");
}

static void
test_unused (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan = scan_files_open_all (files, "flat-field.correct", "no", NULL);
  g_autoptr (ReconScan) absorption = NULL;

  scan_assert_said (files, "W input.darks=");
  scan_assert_said (files, "W input.flats=");
  scan_assert_said (files, "W input.flats-after=");
  scan_assert_said (files, "is not used: flat-field correction is off");
  g_assert_false (recon_scan_get_correct (scan));
  g_assert_false (recon_scan_get_absorptivity (scan));
  g_assert_false (recon_scan_has_flats_after (scan));
  g_assert_cmpuint (recon_scan_get_bytes_per_slice (scan), ==, SCAN_PROJECTIONS * SCAN_WIDTH * 4);

  absorption = scan_files_open_all (files, "flat-field.correct", "no", "flat-field.absorptivity", "yes", NULL);
  g_assert_true (recon_scan_get_absorptivity (absorption));
  g_clear_object (&absorption);
  absorption = scan_files_open_all (files, "flat-field.absorptivity", "no", NULL);
  g_assert_true (recon_scan_get_correct (absorption));
  g_assert_false (recon_scan_get_absorptivity (absorption));
}

static void
test_other_size (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *path = scan_files_path (files, "other.tif");
  g_autoptr (GError) error = NULL;
  g_autofree char *words = g_strdup_printf ("Flats are 13 × 21 (%s) but projections are 21 × 13. Choose flats of the "
                                            "same size.",
                                            path);
  g_autofree char *dark_words = g_strdup_printf ("Darks are 13 × 21 (%s) but projections are 21 × 13. Choose darks of "
                                                 "the same size.",
                                                 path);

  test_tiff_write (path, &(TestTiff){ .width = SCAN_ROWS, .height = SCAN_WIDTH }, NULL);
  g_assert_null (scan_files_open (files, &error, "input.projections", files->projections, "input.flats", path, NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, words, NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.projections", files->projections, "input.flats", files->flats,
                                  "input.darks", path, NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, dark_words, NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.projections", files->projections, "input.flats", files->flats,
                                  "input.flats-after", path, NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "Flats after are 13 × 21", "Choose flats of the same size.", NULL);
}

static void
test_sinograms (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = NULL;

  g_assert_null (scan_files_open (files, &error, "input.sinograms", files->projections, "input.darks", files->darks,
                                  NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "darks need flats to be applied", NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.sinograms", files->projections, "input.flats", files->flats,
                                  NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "Flats are 21 × 13", "detector of the sinograms has 21 × 10 pixels",
                     NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.sinograms", files->projections, "flat-field.correct", "yes",
                                  NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "there are no flats", "--no-correct", NULL);
  g_clear_error (&error);

  scan = scan_files_open (files, &error, "input.sinograms", files->projections, "input.flats", files->flats,
                          "flat-field.correct", "no", NULL);
  g_assert_no_error (error);
  scan_assert_said (files, "is not used: flat-field correction is off");
  g_clear_object (&scan);

  /* Rows are images, angles are lines. */
  g_assert_null (scan_files_open (files, &error, "input.sinograms", files->projections, "input.projection-stop", "14",
                                  NULL));
  scan_assert_error (error, RECON_ERROR_CONFIG, "there are 13 projections", NULL);
  g_clear_error (&error);
  g_assert_null (scan_files_open (files, &error, "input.sinograms", files->projections, "input.y-stop", "11", NULL));
  scan_assert_error (error, RECON_ERROR_CONFIG, "the sinograms", "have 10 rows", NULL);
  g_clear_error (&error);

  scan = scan_files_open (files, &error, "input.sinograms", files->projections, "flat-field.absorptivity", "yes", NULL);
  g_assert_no_error (error);
  g_assert_true (recon_scan_get_absorptivity (scan));
  g_assert_false (recon_scan_get_correct (scan));
}

/* A file of projections and one that lacks what is wanted of it. */
static void
test_layouts (void)
{
  const gsize dims[] = { SCAN_PROJECTIONS, SCAN_ROWS, SCAN_WIDTH };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree double *values = scan_frames (SCAN_PROJECTION, SCAN_PROJECTIONS);
  g_autofree char *path = scan_files_path (files, "scan.h5");
  g_autofree char *dataset = g_strconcat (path, ":/exchange/data", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = NULL;

  test_hdf5_write (path, "/exchange/data", NULL, 3, dims, values);
  g_assert_null (scan_files_open (files, &error, "input.sinograms", path, NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "is a DXchange file, which holds projections", "--projections=", NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.projections", files->projections, "input.flats", path, NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "is a DXchange file without flat fields", path, NULL);
  g_clear_error (&error);

  g_assert_null (scan_files_open (files, &error, "input.projections", files->projections, "input.flats", files->flats,
                                  "input.darks", path, NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "is a DXchange file without dark frames", NULL);
  g_clear_error (&error);

  /* By the name of the dataset its frames are flats. */
  scan = scan_files_open (files, &error, "input.projections", files->projections, "input.flats", dataset, NULL);
  g_assert_no_error (error);
  g_assert_nonnull (scan);
}

static void
check_angles (ReconScan *scan,
              double     first,
              double     step)
{
  const double *angles = recon_scan_get_geometry (scan)->angles;

  for (guint i = 0; i < recon_scan_get_geometry (scan)->n_angles; i++)
    g_assert_cmpfloat_with_epsilon (angles[i], first + i * step, 1e-12);
}

static ReconScan *
open_with_angles (ScanFiles  *files,
                  const char *angles,
                  const char *key,
                  const char *value,
                  GError    **error)
{
  g_autofree char *path = angles[0] == '\0' ? g_strdup ("") : scan_files_path (files, angles);

  return scan_files_open (files, error, "input.projections", files->projections, "flat-field.correct", "no",
                          "input.angles", path, key, value, "input.projection-start", "2", "input.projection-step",
                          "3", NULL);
}

/* Each projection keeps the angle that it has in the whole scan. */
static void
test_angles (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) even = open_with_angles (files, "", "input.bin", "1", &error);
  g_autoptr (ReconScan) offset = NULL;
  g_autoptr (ReconScan) step = NULL;
  g_autoptr (ReconScan) file = NULL;
  g_autoptr (ReconScan) both = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (recon_scan_get_geometry (even)->n_angles, ==, 3);
  check_angles (even, 2 * G_PI / 10, 3 * G_PI / 10);
  scan_assert_said (files, "I Angles: 3, 36° … 144°, mean step 54°, from π/10");

  offset = open_with_angles (files, "", "reconstruction.angle-offset", "0.25", &error);
  g_assert_no_error (error);
  check_angles (offset, 2 * G_PI / 10 + 0.25, 3 * G_PI / 10);

  step = open_with_angles (files, "", "reconstruction.angle-step", "-0.5", &error);
  g_assert_no_error (error);
  check_angles (step, -1.0, -1.5);
  scan_assert_said (files, "from reconstruction.angle-step");

  scan_files_write (files, "angles.txt", "-90\n-70\n-50\n-30\n-10\n10\n30\n50\n70\n90\n");
  file = open_with_angles (files, "angles.txt", "input.bin", "1", &error);
  g_assert_no_error (error);
  check_angles (file, -50 * DEGREE, 60 * DEGREE);
  scan_assert_said (files, "I Angles: 3, -50° … 70°, mean step 60°, from ");
  scan_assert_said (files, "angles.txt (degrees)");

  both = open_with_angles (files, "angles.txt", "reconstruction.angle-step", "0.5", &error);
  g_assert_no_error (error);
  check_angles (both, 1.0, 1.5);
  scan_assert_said (files, "W input.angles=");
}

static void
test_bad_angles (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (GError) error = NULL;

  scan_files_write (files, "short.txt", "0\n20\n40\n");
  g_assert_null (open_with_angles (files, "short.txt", "input.bin", "1", &error));
  scan_assert_error (error, RECON_ERROR_INPUT, "short.txt holds 3 angles, but there are 10 projections",
                     files->projections, NULL);
  g_assert_null (strstr (error->message, "dark"));
  g_clear_error (&error);

  scan_files_write (files, "long.txt", "0\n0\n0\n18\n36\n54\n72\n90\n108\n126\n144\n162\n");
  g_assert_null (open_with_angles (files, "long.txt", "input.bin", "1", &error));
  scan_assert_error (error, RECON_ERROR_INPUT, "long.txt holds 12 angles, but there are 10 projections",
                     "may also hold the angles of dark and flat frames", NULL);
  g_clear_error (&error);

  scan_files_write (files, "nan.txt", "0\n18\n36\n54\nnan\n90\n108\n126\n144\n162\n");
  g_assert_null (open_with_angles (files, "nan.txt", "input.bin", "1", &error));
  scan_assert_error (error, RECON_ERROR_INPUT, "nan.txt", "not finite", NULL);
  g_clear_error (&error);

  g_assert_null (open_with_angles (files, "missing.txt", "input.bin", "1", &error));
  scan_assert_error (error, RECON_ERROR_INPUT, "missing.txt", NULL);
}

static void
test_unusual_angles (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan = NULL;

  scan = scan_files_open_all (files, NULL);
  scan_assert_unsaid (files, "W Limited angle");
  g_clear_object (&scan);

  scan = scan_files_open_all (files, "reconstruction.angle-step", "0.2", NULL);
  scan_assert_said (files, "W Limited angle: the projections cover only 114.5");
  g_clear_object (&scan);

  /* A full turn, of which the second half repeats the first. */
  scan = scan_files_open_all (files, "reconstruction.angle-step", "0.6283185307179586", NULL);
  scan_assert_unsaid (files, "W Limited angle");
  g_clear_object (&scan);

  scan_files_write (files, "equal.txt", "7\n7\n7\n7\n7\n7\n7\n7\n7\n7\n");
  {
    g_autofree char *path = scan_files_path (files, "equal.txt");

    g_autoptr (GError) error = NULL;

    scan = scan_files_open (files, &error, "input.projections", files->projections, "flat-field.correct", "no",
                            "input.angles", path, NULL);
    scan_assert_error (error, RECON_ERROR_INPUT, "All 10 angles are equal (7°, from ", "equal.txt", NULL);
  }

  scan = scan_files_open_all (files, "input.projection-step", "10", NULL);
  scan_assert_said (files, "W There is only one projection");
  g_clear_object (&scan);

  scan = scan_files_open_all (files, "input.angle-unit", "degree", NULL);
  scan_assert_said (files, "W input.angle-unit is not used");
}

/* The file's own angles, unless angle-step says otherwise. */
static void
test_own_angles (void)
{
  const gsize dims[] = { SCAN_PROJECTIONS, SCAN_ROWS, SCAN_WIDTH };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree double *values = scan_frames (SCAN_PROJECTION, SCAN_PROJECTIONS);
  g_autofree char *path = scan_files_path (files, "scan.h5");
  double theta[SCAN_PROJECTIONS];
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) own = NULL;
  g_autoptr (ReconScan) step = NULL;

  for (guint i = 0; i < SCAN_PROJECTIONS; i++)
    theta[i] = 5.0 + 18.0 * i;

  test_hdf5_write (path, "/exchange/data", NULL, 3, dims, values);
  test_hdf5_write (path, "/exchange/data_white", NULL, 3, dims, values);
  test_hdf5_write (path, "/exchange/data_dark", NULL, 3, dims, values);
  test_hdf5_write_list (path, "/exchange/theta", SCAN_PROJECTIONS, theta);

  own = scan_files_open (files, &error, "input.projections", path, NULL);
  g_assert_no_error (error);
  check_angles (own, 5.0 * DEGREE, 18.0 * DEGREE);
  scan_assert_said (files, "I Angles: 10, 5° … 167°, mean step 18°, from ");

  step = scan_files_open (files, &error, "input.projections", path, "reconstruction.angle-step", "0.5",
                          "flat-field.correct", "no", NULL);
  g_assert_no_error (error);
  check_angles (step, 0.0, 0.5);
  scan_assert_said (files, "I The angles in ");
  scan_assert_said (files, "I The darks and flats in ");
}

static void
test_axis (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) middle = scan_files_open_all (files, NULL);
  g_autoptr (ReconScan) given = NULL;
  g_autoptr (ReconScan) edge = NULL;

  scan_assert_said (files, "W No rotation axis is given: taking the middle of the detector, 10 px");
  scan_assert_said (files, "--axis=");
  scan_assert_said (files, "I Axis 10 px (offset +0 from the middle 10)");
  g_assert_cmpfloat (recon_scan_get_geometry (middle)->axis, ==, 10.0);

  given = scan_files_open_all (files, "reconstruction.axis", "7.75", "input.crop-left", "2", NULL);
  scan_assert_unsaid (files, "W No rotation axis");
  scan_assert_said (files, "I Axis 7.75 px (offset -2.25 from the middle 10)");
  g_assert_cmpfloat (recon_scan_get_geometry (given)->axis, ==, 5.75);

  edge = scan_files_open_all (files, "reconstruction.axis", "-0.5", NULL);
  g_assert_cmpfloat (recon_scan_get_geometry (edge)->axis, ==, -0.5);
}

static void
test_pixel_size (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) unknown = scan_files_open_all (files, NULL);
  g_autoptr (ReconScan) known = NULL;

  scan_assert_said (files, "I The pixel size is unknown: values are per pixel");
  g_assert_true (isnan (recon_scan_get_geometry (unknown)->pixel_size));

  known = scan_files_open_all (files, "reconstruction.pixel-size", "0.65", "input.bin", "2", NULL);
  scan_assert_said (files, "I Pixel size 0.65 µm, from reconstruction.pixel-size");
  g_assert_cmpfloat_with_epsilon (recon_scan_get_geometry (known)->pixel_size, 1.3, 1e-12);
}

static void
test_tooth (void)
{
  g_autoptr (ScanFiles) files = NULL;
  g_autofree char *folder = test_data_folder ();
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = NULL;
  g_autofree float *dark = g_new (float, 640);
  g_autofree float *flat = g_new (float, 640);
  g_autofree float *sinogram = g_new (float, 181 * 640);

  if (folder == NULL)
    return;

  files = scan_files_new ();
  path = g_build_filename (folder, "tooth", "tooth.h5", NULL);
  scan = scan_files_open (files, &error, "input.projections", path, "reconstruction.axis", "295.75", NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_angles, ==, 181);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_rows, ==, 2);
  g_assert_cmpuint (recon_scan_get_width (scan), ==, 640);
  scan_assert_said (files, "I Axis 295.75 px (offset -23.75 from the middle 319.5)");
  scan_assert_said (files, "I Angles: 181, 0° … 179.0");

  recon_scan_read_sinograms (scan, 1, 1, 1, sinogram, NULL, &error);
  g_assert_no_error (error);
  recon_scan_read_references (scan, 1, 1, dark, flat, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 640; i++)
    g_assert_cmpfloat (dark[i], <, flat[i]);
}

/* The list of angles that came with these frames has those of 20 dark and flat frames too; its last line has no end. */
static void
test_rod (void)
{
  g_autoptr (ScanFiles) files = NULL;
  g_autofree char *folder = test_data_folder ();
  g_autofree char *projections = NULL;
  g_autofree char *angles = NULL;
  g_autoptr (GError) error = NULL;

  if (folder == NULL)
    return;

  files = scan_files_new ();
  projections = g_build_filename (folder, "scan-24737", "tiffs", "raw_*.tiff", NULL);
  angles = g_build_filename (folder, "scan-24737", "angles.txt", NULL);
  g_assert_null (scan_files_open (files, &error, "input.projections", projections, "input.angles", angles,
                                  "flat-field.correct", "no", NULL));
  scan_assert_error (error, RECON_ERROR_INPUT, "holds 111 angles, but there are 91 projections",
                     "may also hold the angles of dark and flat frames", NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-checks/bad-settings", test_bad_settings);
  g_test_add_func ("/scan-checks/one-input", test_one_input);
  g_test_add_func ("/scan-checks/presence", test_presence);
  g_test_add_func ("/scan-checks/unused", test_unused);
  g_test_add_func ("/scan-checks/other-size", test_other_size);
  g_test_add_func ("/scan-checks/sinograms", test_sinograms);
  g_test_add_func ("/scan-checks/layouts", test_layouts);
  g_test_add_func ("/scan-checks/angles", test_angles);
  g_test_add_func ("/scan-checks/bad-angles", test_bad_angles);
  g_test_add_func ("/scan-checks/unusual-angles", test_unusual_angles);
  g_test_add_func ("/scan-checks/own-angles", test_own_angles);
  g_test_add_func ("/scan-checks/axis", test_axis);
  g_test_add_func ("/scan-checks/pixel-size", test_pixel_size);
  g_test_add_func ("/scan-checks/tooth", test_tooth);
  g_test_add_func ("/scan-checks/rod", test_rod);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "scan-files.h"
#include "test-tiff.h"

#define WIDTH  90
#define ROWS   4
#define ANGLES 120

/* A disc in units of the radius of the field. */
typedef struct
{
  double x;
  double y;
  double radius;
  double value;
} Disc;

static const Disc object[] = {
  { 0, 0, 0.8, 0.4 }, { 0.3, -0.2, 0.15, 1 }, { -0.4, 0.15, 0.1, -0.3 }, { 0.1, 0.45, 0.08, 1.2 },
};
static const Disc rotund[] = { { 0, 0, 0.8, 0.4 }, { 0, 0, 0.3, 1 } };
/* Its first projection is its own mirror image. */
static const Disc symmetric[] = { { 0, 0, 0.8, 0.4 }, { 0, 0.4, 0.15, 1 }, { 0, -0.6, 0.1, 1 } };

typedef struct
{
  const Disc *discs;
  guint       n_discs;
  double      step;  /* radians */
  double      axis;
  double      noise;
  guint       n_checks; /* last projections: at half of what is before them, and so on, and at 0 */
} Scan;

static double
get_angle (const Scan *scan,
           guint       i)
{
  const guint n = ANGLES - scan->n_checks;

  return i < n ? i * scan->step : (n - 1) * scan->step * (ANGLES - 1 - i) / MAX (scan->n_checks, 1);
}

/* Line integrals, angles × columns, with noise that is the same everywhere. */
static double *
project (const Scan *scan)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  double *lines = g_new0 (double, ANGLES * WIDTH);

  for (guint i = 0; i < ANGLES; i++)
    for (guint c = 0; c < WIDTH; c++)
      {
        double *pixel = &lines[i * WIDTH + c];

        for (guint k = 0; k < scan->n_discs; k++)
          {
            const Disc *disc = &scan->discs[k];
            double centre = disc->x * cos (get_angle (scan, i)) + disc->y * sin (get_angle (scan, i));
            double distance = (c - scan->axis) / 45 - centre;

            *pixel += disc->value * sqrt (MAX (disc->radius * disc->radius - distance * distance, 0));
          }
        for (guint k = 0; k < 12; k++)
          *pixel += scan->noise * (g_rand_double (random) - 0.5);
      }

  return lines;
}

static void
write_sinograms (ScanFiles  *files,
                 const Scan *scan)
{
  g_autofree char *path = scan_files_path (files, "sinograms.tif");
  g_autofree double *lines = project (scan);
  g_autofree double *all = g_new (double, ROWS * ANGLES * WIDTH);

  for (guint row = 0; row < ROWS; row++)
    memcpy (all + row * ANGLES * WIDTH, lines, ANGLES * WIDTH * sizeof (double));
  test_tiff_write (path,
                   &(TestTiff){ .width = WIDTH, .height = ANGLES, .n_pages = ROWS, .type = RECON_SAMPLE_FLOAT32 }, all);
}

static double
get_flat (guint row,
          guint column)
{
  return 20000 + 9000 * sin (column * 1.7 + row) - 5000 * (column % 7 == 0);
}

static void
write_flats (ScanFiles *files)
{
  g_autofree char *path = scan_files_path (files, "flats.tif");
  double all[ROWS * WIDTH];

  for (guint row = 0; row < ROWS; row++)
    for (guint c = 0; c < WIDTH; c++)
      all[row * WIDTH + c] = floor (get_flat (row, c));
  test_tiff_write (path, &(TestTiff){ .width = WIDTH, .height = ROWS, .n_pages = 1, .type = RECON_SAMPLE_UINT16 },
                   all);
}

/* Counts behind a detector of very different columns, which is what all of them have in common most of all. */
static void
write_projections (ScanFiles  *files,
                   const Scan *scan)
{
  g_autofree char *path = scan_files_path (files, "projections.tif");
  g_autofree double *lines = project (scan);
  g_autofree double *all = g_new (double, ROWS * ANGLES * WIDTH);

  for (guint i = 0; i < ANGLES; i++)
    for (guint row = 0; row < ROWS; row++)
      for (guint c = 0; c < WIDTH; c++)
        all[(i * ROWS + row) * WIDTH + c] = floor (get_flat (row, c) * exp (-lines[i * WIDTH + c]));
  test_tiff_write (path,
                   &(TestTiff){ .width = WIDTH, .height = ROWS, .n_pages = ANGLES, .type = RECON_SAMPLE_UINT16 }, all);
}

static void
assert_half (ScanFiles  *files,
             const char *input,
             const char *name)
{
  g_autofree char *path = scan_files_path (files, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = scan_files_open (files, &error, input, path, "flat-field.correct", "no", NULL);

  g_assert_no_error (error);
  scan_assert_said (files, "π/120, assumed");
}

/* Half a turn is assumed, and that is said in these words. */
static void
assert_said (ScanFiles  *files,
             const char *input,
             const char *name,
             const char *words)
{
  assert_half (files, input, name);
  scan_assert_said (files, words);
}

/* Refused in these words. */
static void
assert_other (ScanFiles  *files,
              const char *input,
              const char *name,
              const char *words)
{
  g_autofree char *path = scan_files_path (files, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = scan_files_open (files, &error, input, path, "flat-field.correct", "no", NULL);

  g_assert_null (scan);
  scan_assert_error (error, RECON_ERROR_INPUT, name, words, NULL);
}

/* Refused, with @step for a full turn; with it, and with half of it, it goes on. */
static void
assert_full (ScanFiles  *files,
             const char *input,
             const char *name,
             const char *step)
{
  g_autofree char *path = scan_files_path (files, name);
  g_autofree char *words = g_strdup_printf ("--reconstruction.angle-step=%s for a full turn", step);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) refused = scan_files_open (files, &error, input, path, "flat-field.correct", "no", NULL);
  g_autoptr (ReconScan) scan = NULL;
  g_autoptr (ReconConfig) config = recon_config_new ();

  g_assert_null (refused);
  scan_assert_error (error, RECON_ERROR_INPUT, name, words, "or 0.02617994 for half a turn all the same.", NULL);
  g_clear_error (&error);

  scan = scan_files_open (files, &error, input, path, "flat-field.correct", "no", "reconstruction.angle-step", step,
                          NULL);
  g_assert_no_error (error);

  /* Back to what is assumed: the scan stays as it was. */
  g_assert_true (recon_config_parse (config, RECON_PARAM_AXIS, "40", NULL));
  g_assert_false (recon_scan_update (scan, config, files->log, &error));
  scan_assert_error (error, RECON_ERROR_INPUT, words, NULL);
  g_assert_cmpfloat_with_epsilon (recon_scan_get_geometry (scan)->angles[1], g_ascii_strtod (step, NULL), 1e-9);
}

static void
test_sinograms (void)
{
  static const double noise[] = { 0, 0.005, 0.01 };
  g_autoptr (ScanFiles) files = scan_files_new ();

  for (guint i = 0; i < G_N_ELEMENTS (noise); i++)
    {
      write_sinograms (files, &(Scan){ object, 4, G_PI / ANGLES, 41.3, noise[i] });
      assert_half (files, "input.sinograms", "sinograms.tif");
      write_sinograms (files, &(Scan){ object, 4, G_PI / (ANGLES - 1), 41.3, noise[i] });
      assert_half (files, "input.sinograms", "sinograms.tif");
      write_sinograms (files, &(Scan){ object, 4, 1.5 * G_PI / ANGLES, 41.3, noise[i] });
      assert_other (files, "input.sinograms", "sinograms.tif", "mirror images of each other are about");
      write_sinograms (files, &(Scan){ object, 4, 2 * G_PI / ANGLES, 41.3, noise[i] });
      assert_full (files, "input.sinograms", "sinograms.tif", "0.05235988");
    }

  /* The first angle twice. */
  write_sinograms (files, &(Scan){ object, 4, 2 * G_PI / (ANGLES - 1), 41.3, 0 });
  assert_full (files, "input.sinograms", "sinograms.tif", "0.05279988");

  /* The axis near the edge: half of the object is seen at a time. */
  write_sinograms (files, &(Scan){ object, 4, 2 * G_PI / ANGLES, 14, 0 });
  assert_full (files, "input.sinograms", "sinograms.tif", "0.05235988");
}

/* What looks the same from everywhere, or from both sides at first, shows nothing. */
static void
test_symmetric (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();

  for (guint turns = 1; turns <= 2; turns++)
    {
      write_sinograms (files, &(Scan){ rotund, 2, turns * G_PI / ANGLES, 44.5, 0.005 });
      assert_half (files, "input.sinograms", "sinograms.tif");
    }
  write_sinograms (files, &(Scan){ symmetric, 3, G_PI / ANGLES, 44.5, 0.01 });
  assert_half (files, "input.sinograms", "sinograms.tif");
}

/* Scans that make other turns than half a one. */
static void
test_others (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();

  write_sinograms (files, &(Scan){ object, 4, G_PI / ANGLES, 41.3, 0.01 });
  assert_said (files, "input.sinograms", "sinograms.tif", "its images agree with half a turn");
  write_sinograms (files, &(Scan){ object, 4, 2.0 / 3 * G_PI / ANGLES, 41.3, 0.01 });
  assert_said (files, "input.sinograms", "sinograms.tif", "do not look like that");
  write_sinograms (files, &(Scan){ rotund, 2, G_PI / ANGLES, 41.3, 0.01 });
  assert_said (files, "input.sinograms", "sinograms.tif", "which its images cannot confirm");
  write_sinograms (files, &(Scan){ object, 4, 10.0 / 9 * G_PI / ANGLES, 41.3, 0.01 });
  assert_other (files, "input.sinograms", "sinograms.tif", "about 108 projections apart");
  write_sinograms (files, &(Scan){ object, 4, 3 * G_PI / ANGLES, 41.3, 0.01 });
  assert_other (files, "input.sinograms", "sinograms.tif", "about 40 projections apart");
  write_sinograms (files, &(Scan){ object, 4, 4 * G_PI / ANGLES, 41.3, 0.01 });
  assert_other (files, "input.sinograms", "sinograms.tif", "about 30 projections apart");
}

/* The last projections are taken at angles of others once more. */
static void
test_checks (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();

  write_sinograms (files, &(Scan){ object, 4, G_PI / 118, 41.3, 0, 2 });
  assert_other (files, "input.sinograms", "sinograms.tif", "--exclude=118-119 --reconstruction.angle-step=0.02662");
  write_sinograms (files, &(Scan){ object, 4, 2 * G_PI / 115, 41.3, 0, 4 });
  assert_other (files, "input.sinograms", "sinograms.tif", "--exclude=116-119 --reconstruction.angle-step=0.05463");
}

/* Counts with darks and flats, half a turn with its end and without it, and a part of one. */
static void
test_corrected (void)
{
  const struct
  {
    double      step;
    const char *words;
  } cases[] = {
    { G_PI / ANGLES, "its images agree with half a turn" },
    { G_PI / (ANGLES - 1), "as in half a turn that includes its end" },
    { 0.9 * G_PI / ANGLES, "do not look like that" },
    { 2.0 / 3 * G_PI / ANGLES, "do not look like that" },
  };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *path = scan_files_path (files, "projections.tif");
  g_autofree char *flats = scan_files_path (files, "flats.tif");

  write_flats (files);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconScan) scan = NULL;

      write_projections (files, &(Scan){ object, 4, cases[i].step, 41.3, 0.002 });
      scan = scan_files_open (files, &error, "input.projections", path, "input.flats", flats, NULL);
      g_assert_no_error (error);
      scan_assert_said (files, cases[i].words);
    }
}

static void
test_projections (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();

  write_projections (files, &(Scan){ object, 4, G_PI / ANGLES, 41.3, 0.01 });
  assert_half (files, "input.projections", "projections.tif");
  write_projections (files, &(Scan){ object, 4, 2 * G_PI / ANGLES, 41.3, 0.01 });
  assert_full (files, "input.projections", "projections.tif", "0.05235988");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scan-full-turn/sinograms", test_sinograms);
  g_test_add_func ("/scan-full-turn/symmetric", test_symmetric);
  g_test_add_func ("/scan-full-turn/others", test_others);
  g_test_add_func ("/scan-full-turn/checks", test_checks);
  g_test_add_func ("/scan-full-turn/corrected", test_corrected);
  g_test_add_func ("/scan-full-turn/projections", test_projections);

  return g_test_run ();
}

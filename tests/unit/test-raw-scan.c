/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/raw-scan.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "phantom/random.h"

#define WIDTH  96
#define ROWS   5
#define ANGLES 12

static const double angles[ANGLES] = { 0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2 };

static void
init_settings (ReconRawScanSettings *settings)
{
  recon_raw_scan_settings_init (settings, recon_phantom_find ("asymmetric"), WIDTH, ROWS);
  settings->angles = angles;
  settings->n_angles = ANGLES;
}

static ReconRawScan *
make (const ReconRawScanSettings *settings)
{
  g_autoptr (GError) error = NULL;
  ReconRawScan *scan = recon_raw_scan_new (settings, &error);

  g_assert_no_error (error);

  return scan;
}

/* Flat-field correction of noiseless counts gives the line integrals, whatever the beam does. */
static void
test_noiseless (void)
{
  ReconRawScanSettings settings;
  g_autoptr (ReconRawScan) scan = NULL;
  float dark[ROWS * WIDTH], before[ROWS * WIDTH], after[ROWS * WIDTH], frame[ROWS * WIDTH];
  float line[WIDTH];
  float darkest = G_MAXFLOAT;
  float brightest = 0.0f;
  double largest = 0.0;
  double lost = 0.0;

  init_settings (&settings);
  settings.axis = 44.3;
  settings.dark = 100.0;
  settings.uneven = 0.5;
  settings.drift = 0.2;
  settings.n_flats_after = 2;
  scan = make (&settings);

  g_assert_true (recon_raw_scan_is_float (scan));
  g_assert_cmpuint (recon_raw_scan_frame_bytes (scan), ==, sizeof frame);
  recon_raw_scan_frame (scan, RECON_RAW_DARK, 0, dark);
  recon_raw_scan_frame (scan, RECON_RAW_FLAT, 0, before);
  recon_raw_scan_frame (scan, RECON_RAW_FLAT_AFTER, 1, after);

  for (guint i = 0; i < ANGLES; i++)
    {
      double t = i / (ANGLES - 1.0);

      recon_raw_scan_frame (scan, RECON_RAW_PROJECTION, i, frame);

      for (guint r = 0; r < ROWS; r++)
        {
          recon_phantom_project (settings.phantom, ROWS, WIDTH, WIDTH / 2.0, 44.3, r, angles[i], line);

          for (guint c = 0; c < WIDTH; c++)
            {
              guint p = r * WIDTH + c;
              double open = (1.0 - t) * (double) before[p] + t * (double) after[p] - (double) dark[p];
              double measured = -log (((double) frame[p] - (double) dark[p]) / open);
              double exact = (double) line[c] * recon_raw_scan_get_scale (scan);

              g_assert_cmpfloat_with_epsilon (measured, exact, 3e-6);
              largest = MAX (largest, exact);
            }
        }
    }

  g_assert_cmpfloat_with_epsilon (largest, settings.absorption, 0.15 * settings.absorption);

  /* Beam and dark current are not even, and the beam does drift. */
  for (guint p = 0; p < ROWS * WIDTH; p++)
    {
      darkest = MIN (darkest, before[p]);
      brightest = MAX (brightest, before[p]);
      lost += 1.0 - (double) after[p] / (double) before[p];
    }

  g_assert_cmpfloat (darkest, <, 0.8f * brightest);
  g_assert_cmpfloat (lost / (ROWS * WIDTH), >, 0.1);
  g_assert_cmpfloat (dark[0], >, dark[ROWS * WIDTH - 1]);
}

static void
test_truth (void)
{
  ReconRawScanSettings settings;
  g_autoptr (ReconRawScan) scan = NULL;
  g_autofree float *truth = g_new (float, WIDTH * WIDTH);
  g_autofree float *slice = g_new (float, WIDTH * WIDTH);

  init_settings (&settings);
  settings.absorption = 3.5;
  settings.radius = 40.0;
  scan = make (&settings);
  recon_raw_scan_truth (scan, 1, truth);
  recon_phantom_slice (settings.phantom, ROWS, 40.0, 1.0, WIDTH, WIDTH, 4, slice);

  for (guint i = 0; i < WIDTH * WIDTH; i++)
    g_assert_cmpfloat_with_epsilon ((double) truth[i], (double) slice[i] * recon_raw_scan_get_scale (scan), 1e-8);
}

/* Samples of one pixel in many frames: mean and variance of counts of which Poisson noise is a part. */
static void
check_moments (const ReconRawScan *scan,
               ReconRawKind        kind,
               guint               n,
               double              mean,
               double              variance)
{
  g_autofree guint16 *frame = g_malloc (recon_raw_scan_frame_bytes (scan));
  guint n_pixels = ROWS * WIDTH;
  double sum = 0.0;
  double squares = 0.0;
  double count = (double) n * n_pixels;

  for (guint i = 0; i < n; i++)
    {
      recon_raw_scan_frame (scan, kind, i, frame);

      for (guint p = 0; p < n_pixels; p++)
        {
          sum += frame[p];
          squares += ((double) frame[p] - mean) * ((double) frame[p] - mean);
        }
    }

  /* Five standard deviations of the estimates; rounding adds 1/12. */
  g_assert_cmpfloat_with_epsilon (sum / count, mean, 5.0 * sqrt (variance / count));
  g_assert_cmpfloat_with_epsilon (squares / count, variance + 1.0 / 12.0, 5.0 * (variance + 1.0) * sqrt (3.0 / count));
}

static void
test_noise (gconstpointer data)
{
  ReconRawScanSettings settings;
  g_autoptr (ReconRawScan) scan = NULL;

  init_settings (&settings);
  settings.photons = GPOINTER_TO_INT (data);
  settings.dark = 200.0;
  settings.dark_noise = 8.0;
  settings.n_flats = 40;
  settings.n_darks = 40;
  scan = make (&settings);

  g_assert_false (recon_raw_scan_is_float (scan));
  check_moments (scan, RECON_RAW_FLAT, 40, settings.photons + 200.0, settings.photons + 64.0);
  check_moments (scan, RECON_RAW_DARK, 40, 200.0, 64.0);
}

/* Chi squared of Poisson numbers against their probabilities. */
static void
test_poisson (gconstpointer data)
{
  enum { N = 200000, CELLS = 400 };
  double mean = GPOINTER_TO_INT (data) / 10.0;
  guint counts[CELLS] = { 0 };
  ReconRandom random;
  double chi = 0.0;
  guint freedom = 0;

  recon_random_init (&random, 5, 6, 7);

  for (int i = 0; i < N; i++)
    {
      double k = recon_random_poisson (&random, mean);

      g_assert_true (k >= 0.0 && k == floor (k));
      counts[MIN ((guint) k, CELLS - 1)]++;
    }

  for (int k = 0; k < CELLS; k++)
    {
      double expected = N * exp (k * log (mean) - mean - lgamma (k + 1.0));

      if (expected < 10.0)
        continue;

      chi += (counts[k] - expected) * (counts[k] - expected) / expected;
      freedom++;
    }

  g_assert_cmpuint (freedom, >, 2);
  g_assert_cmpfloat (chi, <, freedom + 5.0 * sqrt (2.0 * freedom));
}

static void
test_poisson_zero (void)
{
  ReconRandom random;

  recon_random_init (&random, 1, 2, 3);
  g_assert_cmpfloat (recon_random_poisson (&random, 0.0), ==, 0.0);
  g_assert_cmpfloat (recon_random_poisson (&random, -1.0), ==, 0.0);
  g_assert_cmpfloat (recon_random_poisson (&random, NAN), ==, 0.0);
}

static void
make_noisy (ReconRawScanSettings *settings)
{
  init_settings (settings);
  settings->photons = 500.0;
  settings->dark = 20.0;
  settings->dark_noise = 2.0;
  settings->rings = 0.02;
  settings->zingers = 3;
  settings->dead_columns = 2;
  settings->n_flats = 4;
}

/* A frame is the same whatever is made before it; other seeds, kinds and numbers give other frames. */
static void
test_determinism (void)
{
  ReconRawScanSettings settings;
  g_autoptr (ReconRawScan) one = NULL;
  g_autoptr (ReconRawScan) two = NULL;
  g_autoptr (ReconRawScan) other = NULL;
  guint16 forwards[ANGLES][ROWS * WIDTH];
  guint16 frame[ROWS * WIDTH];

  make_noisy (&settings);
  one = make (&settings);
  two = make (&settings);
  settings.seed = 2;
  other = make (&settings);

  for (guint i = 0; i < ANGLES; i++)
    recon_raw_scan_frame (one, RECON_RAW_PROJECTION, i, forwards[i]);

  for (guint i = ANGLES; i-- > 0;)
    {
      recon_raw_scan_frame (two, RECON_RAW_FLAT, i % 4, frame);
      recon_raw_scan_frame (two, RECON_RAW_PROJECTION, i, frame);
      g_assert_cmpmem (frame, sizeof frame, forwards[i], sizeof frame);

      recon_raw_scan_frame (other, RECON_RAW_PROJECTION, i, frame);
      g_assert_cmpint (memcmp (frame, forwards[i], sizeof frame), !=, 0);
    }

  recon_raw_scan_frame (one, RECON_RAW_FLAT, 0, forwards[0]);
  recon_raw_scan_frame (one, RECON_RAW_FLAT, 1, forwards[1]);
  g_assert_cmpint (memcmp (forwards[0], forwards[1], sizeof frame), !=, 0);
}

static gboolean
is_dead (const float *frame,
         guint        column)
{
  for (guint r = 0; r < ROWS; r++)
    if (frame[r * WIDTH + column] != 50.0f)
      return FALSE;

  return TRUE;
}

static void
test_defects (void)
{
  ReconRawScanSettings settings;
  g_autoptr (ReconRawScan) scan = NULL;
  g_autoptr (ReconRawScan) clean = NULL;
  float flat[ROWS * WIDTH], frame[ROWS * WIDTH], perfect[ROWS * WIDTH], second[ROWS * WIDTH];
  double squares = 0.0;
  guint n_dead = 0;
  guint n_bright = 0;

  init_settings (&settings);
  settings.dark = 50.0;
  clean = make (&settings);
  settings.rings = 0.05;
  settings.dead_columns = 7;
  scan = make (&settings);

  recon_raw_scan_frame (scan, RECON_RAW_FLAT, 0, flat);
  recon_raw_scan_frame (scan, RECON_RAW_PROJECTION, 3, frame);
  recon_raw_scan_frame (scan, RECON_RAW_PROJECTION, 5, second);
  recon_raw_scan_frame (clean, RECON_RAW_PROJECTION, 3, perfect);

  for (guint c = 0; c < WIDTH; c++)
    {
      n_dead += is_dead (flat, c);
      g_assert_cmpint (is_dead (flat, c), ==, is_dead (frame, c));
      g_assert_cmpint (is_dead (flat, c), ==, is_dead (second, c));

      /* Flats do not show the error of the gain. */
      if (!is_dead (flat, c))
        {
          double error = ((double) frame[c] - 50.0) / ((double) perfect[c] - 50.0) - 1.0;

          g_assert_cmpfloat (flat[c], ==, flat[(c + 1) % WIDTH] != 50.0f ? flat[(c + 1) % WIDTH] : flat[c]);
          squares += error * error;
        }
    }

  g_assert_cmpuint (n_dead, ==, 7);
  g_assert_cmpfloat_with_epsilon (sqrt (squares / (WIDTH - 7)), 0.05, 0.015);

  recon_raw_scan_free (g_steal_pointer (&scan));
  settings.rings = 0.0;
  settings.dead_columns = 0;
  settings.zingers = 4;
  scan = make (&settings);
  recon_raw_scan_frame (scan, RECON_RAW_PROJECTION, 3, frame);

  for (guint p = 0; p < ROWS * WIDTH; p++)
    n_bright += frame[p] != perfect[p];

  g_assert_cmpuint (n_bright, ==, 4);
}

/* Zingers end where 16 bits do. */
static void
test_saturation (void)
{
  ReconRawScanSettings settings;
  g_autoptr (ReconRawScan) scan = NULL;
  guint16 frame[ROWS * WIDTH];
  guint n_saturated = 0;

  init_settings (&settings);
  settings.photons = 60000.0;
  settings.zingers = 20;
  settings.n_flats = 1;
  scan = make (&settings);
  recon_raw_scan_frame (scan, RECON_RAW_FLAT, 0, frame);

  for (guint p = 0; p < ROWS * WIDTH; p++)
    {
      g_assert_cmpuint (frame[p], >, 58000);
      n_saturated += frame[p] == G_MAXUINT16;
    }

  g_assert_cmpuint (n_saturated, >=, 17);
  g_assert_cmpuint (n_saturated, <=, 20);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
test_angles (void)
{
  g_autofree double *plain = recon_raw_scan_angles (360, -G_PI, FALSE, 1);
  g_autofree double *shuffled = recon_raw_scan_angles (360, -G_PI, TRUE, 1);
  g_autofree double *again = recon_raw_scan_angles (360, -G_PI, TRUE, 1);
  guint moved = 0;

  for (int i = 0; i < 360; i++)
    {
      g_assert_cmpfloat_with_epsilon (plain[i], -i * G_PI / 360.0, 1e-14);
      moved += plain[i] != shuffled[i];
    }

  g_assert_cmpuint (moved, >, 330);
  g_assert_cmpmem (shuffled, 360 * sizeof (double), again, 360 * sizeof (double));
  qsort (plain, 360, sizeof (double), compare_doubles);
  qsort (shuffled, 360, sizeof (double), compare_doubles);
  g_assert_cmpmem (plain, 360 * sizeof (double), shuffled, 360 * sizeof (double));
}

static void
assert_refused (const ReconRawScanSettings *settings,
                const char                 *words)
{
  g_autoptr (GError) error = NULL;
  ReconRawScan *scan = recon_raw_scan_new (settings, &error);

  g_assert_null (scan);
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);

  if (strstr (error->message, words) == NULL)
    g_error ("\"%s\" is not in \"%s\"", words, error->message);
}

static void
test_bad_settings (void)
{
  const double wrong[] = { 0.0, NAN };
  ReconRawScanSettings good, bad;

  init_settings (&good);

#define REFUSE(member, value, words) \
  G_STMT_START \
  { \
    bad = good; \
    bad.member = value; \
    assert_refused (&bad, words); \
  } \
  G_STMT_END

  REFUSE (width, 0, "width is 0; it must be from 1 to 32768.");
  REFUSE (rows, 40000, "rows is 40000; it must be from 1 to 32768.");
  REFUSE (n_angles, 0, "angles is 0");
  REFUSE (axis, INFINITY, "axis is inf");
  REFUSE (axis, NAN, "axis is nan");
  REFUSE (axis, WIDTH, "axis is 96; it must be from -0.5 to 95.5.");
  REFUSE (axis, -0.6, "axis is -0.6");
  REFUSE (radius, 0.0, "radius is 0");
  REFUSE (absorption, -1.0, "absorption is -1");
  REFUSE (photons, 70000.0, "photons is 70000; it must be from 0 to 60000.");
  REFUSE (photons, -1.0, "photons is -1");
  REFUSE (uneven, 1.0, "uneven is 1; it must be from 0 to 0.9.");
  REFUSE (drift, -0.1, "drift is -0.1");
  REFUSE (dead_columns, WIDTH, "dead-columns is 96; it must be from 0 to 95.");
  REFUSE (rings, 2.0, "rings is 2");
  REFUSE (zingers, ROWS * WIDTH + 1, "zingers is 481; it must be from 0 to 480.");

  bad = good;
  bad.angles = wrong;
  bad.n_angles = 2;
  assert_refused (&bad, "Angle 1 of 2 is nan rad");

  bad = good;
  bad.photons = 50000.0;
  bad.dark = 15000.0;
  assert_refused (&bad, "photons = 50000, dark = 15000 and dark-noise = 0");

#undef REFUSE
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/raw-scan/noiseless", test_noiseless);
  g_test_add_func ("/raw-scan/truth", test_truth);
  g_test_add_data_func ("/raw-scan/noise/3", GINT_TO_POINTER (3), test_noise);
  g_test_add_data_func ("/raw-scan/noise/40", GINT_TO_POINTER (40), test_noise);
  g_test_add_data_func ("/raw-scan/noise/20000", GINT_TO_POINTER (20000), test_noise);
  g_test_add_data_func ("/raw-scan/poisson/0.8", GINT_TO_POINTER (8), test_poisson);
  g_test_add_data_func ("/raw-scan/poisson/9.9", GINT_TO_POINTER (99), test_poisson);
  g_test_add_data_func ("/raw-scan/poisson/10", GINT_TO_POINTER (100), test_poisson);
  g_test_add_data_func ("/raw-scan/poisson/150", GINT_TO_POINTER (1500), test_poisson);
  g_test_add_func ("/raw-scan/poisson/0", test_poisson_zero);
  g_test_add_func ("/raw-scan/determinism", test_determinism);
  g_test_add_func ("/raw-scan/defects", test_defects);
  g_test_add_func ("/raw-scan/saturation", test_saturation);
  g_test_add_func ("/raw-scan/angles", test_angles);
  g_test_add_func ("/raw-scan/bad-settings", test_bad_settings);

  return g_test_run ();
}

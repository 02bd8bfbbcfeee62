/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "command.h"
#include "io/tiff-reader.h"
#include "support.h"
#include "test-hdf5.h"
#include "test-tiff.h"

/* Darks, flats and counts that are not what they should be: what is said of them, and that the slices are right
 * nevertheless. The sample are discs, whose projections and slices are known. */

#define WIDTH    96
#define ROWS     4
#define N_ANGLES 150
#define N_FRAMES 5
#define AXIS     44.2
#define FRAME    (ROWS * WIDTH)

#define DARK 200.0

/* Root mean square of the difference from the discs within 40 px of the axis: sound scans have 0.0006, and a bad column
 * makes several times as much. */
#define TOLERANCE 0.001

static const struct
{
  double x, y, radius, attenuation;
} discs[] = {
  { 0, 0, 34, 0.010 }, { 12, -8, 7, 0.020 }, { -15, 6, 5, -0.008 }, { 3, 18, 4, 0.030 }, { -8, -20, 3, 0.015 },
};

typedef struct
{
  char   *folder;
  double *projections; /* angles × rows × columns */
  double *darks;
  double *flats;
  double *theta;
} Fixture;

static double
get_radius (guint disc,
            guint row)
{
  return discs[disc].radius * (1 + 0.02 * row);
}

static double
get_line (guint  row,
          double angle,
          double column)
{
  double line = 0;

  for (guint i = 0; i < G_N_ELEMENTS (discs); i++)
    {
      const double s = column - AXIS - discs[i].x * cos (angle) - discs[i].y * sin (angle);
      const double r = get_radius (i, row);

      line += fabs (s) < r ? 2 * discs[i].attenuation * sqrt (r * r - s * s) : 0;
    }

  return line;
}

static double
get_flat (guint row,
          guint column)
{
  return 19000 + 250 * ((row * 5 + column * 7) % 9);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = test_folder_new ();
  fixture->projections = g_new (double, N_ANGLES * FRAME);
  fixture->darks = g_new (double, N_FRAMES * FRAME);
  fixture->flats = g_new (double, N_FRAMES * FRAME);
  fixture->theta = g_new (double, N_ANGLES);

  for (guint i = 0; i < N_FRAMES * FRAME; i++)
    {
      fixture->darks[i] = DARK;
      fixture->flats[i] = get_flat (i / WIDTH % ROWS, i % WIDTH);
    }
  for (guint a = 0; a < N_ANGLES; a++)
    {
      fixture->theta[a] = 180.0 * a / N_ANGLES;
      for (guint i = 0; i < FRAME; i++)
        {
          const double flat = get_flat (i / WIDTH, i % WIDTH);

          fixture->projections[a * FRAME + i] =
              DARK + (flat - DARK) * exp (-get_line (i / WIDTH, fixture->theta[a] * G_PI / 180, i % WIDTH));
        }
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_folder_remove (fixture->folder);
  g_free (fixture->projections);
  g_free (fixture->darks);
  g_free (fixture->flats);
  g_free (fixture->theta);
}

/* As a DXchange file of float32. */
static void
write_scan (Fixture    *fixture,
            const char *name)
{
  const TestHdf5Storage storage = { .type = H5T_IEEE_F32LE };
  const gsize projections[] = { N_ANGLES, ROWS, WIDTH }, frames[] = { N_FRAMES, ROWS, WIDTH };
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  test_hdf5_write (path, "/exchange/data", &storage, 3, projections, fixture->projections);
  test_hdf5_write (path, "/exchange/data_dark", &storage, 3, frames, fixture->darks);
  test_hdf5_write (path, "/exchange/data_white", &storage, 3, frames, fixture->flats);
  test_hdf5_write_list (path, "/exchange/theta", N_ANGLES, fixture->theta);
  test_hdf5_attribute (path, "/exchange/theta", "units", "degrees");
}

static float *
read_slice (const char *folder,
            const char *name,
            guint       slice)
{
  g_autofree char *path = g_strdup_printf ("%s/%s/slice_%05u.tif", folder, name, slice);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);
  float *pixels = g_new (float, WIDTH * WIDTH);

  g_assert_no_error (error);
  g_assert_true (recon_reader_read (reader, 0, 1, 0, WIDTH, pixels, NULL, &error));

  return pixels;
}

/* The discs in a pixel, as the mean of 4 × 4 points. */
static double
get_truth (guint slice,
           guint row,
           guint column)
{
  double sum = 0;

  for (guint i = 0; i < 16; i++)
    for (guint d = 0; d < G_N_ELEMENTS (discs); d++)
      {
        const double x = column - (WIDTH - 1) / 2.0 + (i % 4 - 1.5) / 4 - discs[d].x;
        const double y = row - (WIDTH - 1) / 2.0 + (i / 4 - 1.5) / 4 - discs[d].y;

        sum += hypot (x, y) < get_radius (d, slice) ? discs[d].attenuation : 0;
      }

  return sum / 16;
}

static void
assert_discs (const char *folder,
              const char *name)
{
  for (guint slice = 0; slice < ROWS; slice++)
    {
      g_autofree float *pixels = read_slice (folder, name, slice);
      double sum = 0;
      guint n = 0;

      for (guint r = 0; r < WIDTH; r++)
        for (guint c = 0; c < WIDTH; c++)
          if (hypot (c - (WIDTH - 1) / 2.0, r - (WIDTH - 1) / 2.0) < 40)
            {
              const double difference = (double) pixels[r * WIDTH + c] - get_truth (slice, r, c);

              sum += difference * difference;
              n++;
            }
      g_test_message ("%s, slice %u: %g", name, slice, sqrt (sum / n));
      g_assert_cmpfloat (sqrt (sum / n), <, TOLERANCE);
    }
}

static void
set_column (double *frames,
            guint   n,
            guint   row,
            guint   n_rows,
            guint   column,
            double  value)
{
  for (guint i = 0; i < n; i++)
    for (guint r = row; r < row + n_rows; r++)
      frames[i * FRAME + r * WIDTH + column] = value;
}

/* Reconstructs the fixture as it is now, and compares with the discs. @words: of the warning, and @final: of what the
 * run says at its end. */
static void
assert_mended (Fixture    *fixture,
               const char *name,
               const char *words,
               const char *final)
{
  g_autofree char *file = g_strconcat (name, ".h5", NULL);
  g_autoptr (TestRun) run = NULL;

  write_scan (fixture, file);
  run = test_run (fixture->folder, "tomo --projections=%s --axis=44.2 -o %s", file, name);
  if (run->status != 0 || strstr (run->err, words) == NULL || strstr (run->err, final) == NULL)
    g_error ("%s\n(expected: %s, %s)", run->err, words, final);
  assert_discs (fixture->folder, name);

  test_run_expect (fixture->folder, 2, words, "tomo --strict --projections=%s --axis=44.2 -o strict", file);
}

static void
test_sound (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr (TestRun) run = NULL;

  write_scan (fixture, "sound.h5");
  run = test_run (fixture->folder, "tomo --strict --projections=sound.h5 --axis=44.2 -o sound");
  g_assert_cmpint (run->status, ==, 0);
  g_assert_null (strstr (run->err, "warning"));
  assert_discs (fixture->folder, "sound");
}

/* Darks that are flats, and a flat that is dark. */
static void
test_frames (Fixture       *fixture,
             gconstpointer  unused)
{
  memcpy (fixture->darks, fixture->flats, 3 * FRAME * sizeof (double));
  for (guint i = 0; i < FRAME; i++)
    fixture->flats[4 * FRAME + i] = DARK;
  assert_mended (fixture, "frames", "Darks: 3 of 5 are left out, as bright as the flats: images 0, 1, 2 of ",
                 "Flats: 1 of 5 are left out, as dark as the darks: image 4 of ");
}

static void
saturate (Fixture *fixture,
          guint    n)
{
  for (guint i = 0; i < n * FRAME; i++)
    fixture->flats[i] = 65535;
}

/* Saturated flats are left out though they are the majority; where all are, only the user can go on. */
static void
test_saturated (Fixture       *fixture,
                gconstpointer  unused)
{
  saturate (fixture, 3);
  assert_mended (fixture, "some", "Flats: 3 of 5 are left out, saturated, with many pixels of the largest value: "
                                  "images 0, 1, 2 of ", "(level 65535, others ");

  saturate (fixture, N_FRAMES);
  write_scan (fixture, "all.h5");
  test_run_expect (fixture->folder, 2, "All flats are saturated: many of their pixels have the largest value, 65535",
                   "tomo --projections=all.h5 --axis=44.2 -o all");
  test_run_expect (fixture->folder, 0, "All flats are saturated",
                   "tomo --projections=all.h5 --axis=44.2 -o all --force");
}

static void
test_all_darks (Fixture       *fixture,
                gconstpointer  unused)
{
  memcpy (fixture->darks, fixture->flats, N_FRAMES * FRAME * sizeof (double));
  write_scan (fixture, "all.h5");
  test_run_expect (fixture->folder, 2, "The darks are as bright as the flats", "tomo --projections=all.h5 --axis=44.2");
}

/* Pixels without a usable flat, of each kind; single samples that others make good. */
static void
test_pixels (Fixture       *fixture,
             gconstpointer  unused)
{
  set_column (fixture->flats, N_FRAMES, 0, ROWS, 60, 0);
  set_column (fixture->flats, N_FRAMES, 1, 1, 30, NAN);
  set_column (fixture->flats, N_FRAMES, 2, 1, 75, 65000);
  set_column (fixture->darks, N_FRAMES, 3, 1, 12, 65000);
  set_column (fixture->flats, 2, 0, 1, 50, NAN);
  set_column (fixture->darks, 1, 3, 1, 51, INFINITY);
  assert_mended (fixture, "pixels", "have no usable flat and are bridged from their neighbours: column 60 in whole",
                 "7 of 384 detector pixels (1.82 %) have no usable flat and are bridged from their neighbours: column "
                 "60 in whole; others, the first at row 1, column 30");
}

static void
test_negative (Fixture       *fixture,
               gconstpointer  unused)
{
  for (guint a = 0; a < N_ANGLES; a++)
    for (guint r = 0; r < ROWS; r++)
      fixture->projections[a * FRAME + r * WIDTH + 5] -= 30000;
  assert_mended (fixture, "negative", "impossible values in nearly all projections and are bridged from their "
                                      "neighbours: column 5 in whole",
                 "4 of 384 detector pixels (1.04 %) have impossible values in nearly all projections");
}

/* A single value is clipped and told of; more of them are warned about. */
static void
test_clipped (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (TestRun) run = NULL;

  fixture->projections[70 * FRAME + 2 * WIDTH + 80] = -3;
  write_scan (fixture, "one.h5");
  run = test_run (fixture->folder, "tomo --strict --projections=one.h5 --axis=44.2 -o one");
  g_assert_cmpint (run->status, ==, 0);
  g_assert_null (strstr (run->err, "warning"));
  g_assert_nonnull (strstr (run->err, "0.00174 % of the transmissions (1 of 57600) are below 1e-06 and clipped, most "
                                      "of them in column 80 (100 %)"));

  for (guint a = 0; a < N_ANGLES; a += 2)
    fixture->projections[a * FRAME + 2 * WIDTH + 80] = -3;
  write_scan (fixture, "more.h5");
  test_run_expect (fixture->folder, 0, "0.13 % of the transmissions (75 of 57600) are below 1e-06 and clipped",
                   "tomo --projections=more.h5 --axis=44.2 -o more");
}

/* Raw sinograms: without flats they look like counts, with them they are the scan. */
static void
test_sinograms (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *sinograms = g_build_filename (fixture->folder, "sinograms.tif", NULL);
  g_autofree char *slices = g_build_filename (fixture->folder, "slices", NULL);
  g_autofree char *expected = g_build_filename (fixture->folder, "expected", NULL);
  g_autofree double *values = g_new (double, N_ANGLES * FRAME);

  for (guint i = 0; i < N_ANGLES * FRAME; i++)
    {
      const guint a = i / FRAME, r = i / WIDTH % ROWS, c = i % WIDTH;

      fixture->projections[i] = floor (fixture->projections[i]);
      values[(r * N_ANGLES + a) * WIDTH + c] = fixture->projections[i];
    }
  write_scan (fixture, "scan.h5");
  test_tiff_write (sinograms, &(TestTiff) { .width = WIDTH, .height = N_ANGLES, .n_pages = ROWS,
                                            .type = RECON_SAMPLE_UINT16 }, values);

  test_run_expect (fixture->folder, 0, "", "tomo --projections=scan.h5 --axis=44.2 -o expected");
  test_run_expect (fixture->folder, 0, "which look like counts",
                   "tomo --sinograms=sinograms.tif --axis=44.2 -o counts");
  test_run_expect (fixture->folder, 2, "which look like counts",
                   "tomo --strict --angles=scan.h5:/exchange/theta --sinograms=sinograms.tif --axis=44.2 -o strict");
  test_run_expect (fixture->folder, 0, "",
                   "tomo --strict --sinograms=sinograms.tif --darks=scan.h5 --flats=scan.h5 "
                   "--angles=scan.h5:/exchange/theta --axis=44.2 -o slices");
  g_assert_cmpuint (test_compare_folders (expected, slices, "slice_*.tif"), ==, ROWS);
}

/* Sinograms of line integrals are no counts, whatever their type. */
static void
test_absorption (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *sinogram = g_build_filename (fixture->folder, "sinogram.tif", NULL);
  g_autofree double *values = g_new (double, N_ANGLES * WIDTH);
  g_autoptr (TestRun) run = NULL;

  for (guint i = 0; i < N_ANGLES * WIDTH; i++)
    values[i] = get_line (0, G_PI * (i / WIDTH) / N_ANGLES, i % WIDTH);
  test_tiff_write (sinogram, &(TestTiff) { .width = WIDTH, .height = N_ANGLES, .type = RECON_SAMPLE_FLOAT32 }, values);
  run = test_run (fixture->folder, "tomo --sinograms=sinogram.tif --axis=44.2");
  g_assert_cmpint (run->status, ==, 0);
  g_assert_null (strstr (run->err, "counts"));
}

static void
test_dark_projection (Fixture       *fixture,
                      gconstpointer  unused)
{
  for (guint i = 0; i < FRAME; i++)
    fixture->projections[74 * FRAME + i] = DARK;
  write_scan (fixture, "dark.h5");
  test_run_expect (fixture->folder, 0,
                   "Of 150 projections 1 shows no light, or nothing at all, and is left out: 74, counted from 0",
                   "tomo --projections=dark.h5 --axis=44.2");
}

/* Without the beam for a while, and a file that was made for more projections than were taken. */
static void
test_lost_beam (Fixture       *fixture,
                gconstpointer  unused)
{
  static const guint lost[] = { 20, 70, 71 };
  g_autofree char *excluded = g_build_filename (fixture->folder, "excluded", NULL);
  g_autofree char *slices = g_build_filename (fixture->folder, "slices", NULL);
  g_autoptr (TestRun) info = NULL;
  g_autofree char *resolved = NULL;
  g_autofree char *reco = g_build_filename (slices, "reco.conf", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lost); i++)
    memcpy (fixture->projections + lost[i] * FRAME, fixture->darks, FRAME * sizeof (double));
  assert_mended (fixture, "slices", "Of 150 projections 3 show no light, or nothing at all, and are left out: "
                                    "20,70-71, counted from 0", "");
  test_run_expect (fixture->folder, 0, "", "tomo --projections=slices.h5 --exclude=20,70-71 --axis=44.2 -o excluded");
  g_assert_cmpuint (test_compare_folders (excluded, slices, "slice_*.tif"), ==, ROWS);
  g_assert_true (g_file_get_contents (reco, &resolved, NULL, NULL));
  g_assert_nonnull (strstr (resolved, "exclude=20,70-71"));

  /* The axis is found without them as well. */
  test_run_expect (fixture->folder, 0, "left out: 20,70-71", "axis --projections=slices.h5");
  info = test_run (fixture->folder, "info slices.h5");
  g_assert_nonnull (strstr (info->out, "left out: 20,70-71"));

  memset (fixture->projections + 120 * FRAME, 0, 30 * FRAME * sizeof (double));
  write_scan (fixture, "end.h5");
  test_run_expect (fixture->folder, 0, "Of 150 projections 33 show no light, or nothing at all, and are left out: "
                                       "20,70-71,120-149", "tomo --projections=end.h5 --axis=44.2 -o end");
  test_run_expect (fixture->folder, 0, "Limited angle", "tomo --projections=end.h5 --axis=44.2 -o end --overwrite");
}

/* What only a run can see makes a strict run fail before anything has its final name. */
static void
test_strict_run (Fixture       *fixture,
                 gconstpointer  unused)
{
  const char *const words = "0.13 % of the transmissions (75 of 57600) are below 1e-06 and clipped";
  g_autofree char *folder = g_build_filename (fixture->folder, "strict", NULL);

  for (guint a = 1; a < N_ANGLES; a += 2)
    fixture->projections[a * FRAME + 1 * WIDTH + 80] = -3;
  write_scan (fixture, "scan.h5");
  test_run_expect (fixture->folder, 2, words, "tomo --strict --projections=scan.h5 --axis=44.2 -o strict");
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  test_run_expect (fixture->folder, 0, "", "tomo --resume --projections=scan.h5 --axis=44.2 -o strict");
  g_assert_true (g_file_test (folder, G_FILE_TEST_EXISTS));
}

/* Projections that are corrected already, and darks that show the sample, make nothing of value. */
static void
test_impossible (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree double *raw = g_memdup2 (fixture->projections, N_ANGLES * FRAME * sizeof (double));

  for (guint dark = 0; dark < 2; dark++)
    {
      for (guint i = 0; i < N_FRAMES * FRAME; i++)
        fixture->darks[i] = dark == 0 ? DARK : 0;
      for (guint i = 0; i < N_ANGLES * FRAME; i++)
        fixture->projections[i] = exp (-get_line (i / WIDTH % ROWS, fixture->theta[i / FRAME] * G_PI / 180, i % WIDTH));
      write_scan (fixture, dark == 0 ? "corrected.h5" : "no-dark.h5");
      test_run_expect (fixture->folder, 2, "give --no-correct --absorptivity if they are transmissions",
                       "tomo --projections=%s --axis=44.2 -o corrected", dark == 0 ? "corrected.h5" : "no-dark.h5");
    }
  test_run_expect (fixture->folder, 0, "seem to be corrected already", "tomo --projections=corrected.h5 --axis=44.2 "
                                                                       "--force -o forced");
  test_run_expect (fixture->folder, 0, "which look like transmissions but are taken for line integrals",
                   "tomo --projections=corrected.h5 --axis=44.2 --no-correct -o taken");
  test_run_expect (fixture->folder, 0, "", "tomo --projections=corrected.h5 --axis=44.2 --no-correct --absorptivity "
                                           "-o right");
  assert_discs (fixture->folder, "right");

  for (guint i = 0; i < N_ANGLES * FRAME; i++)
    fixture->projections[i] = -log (fixture->projections[i]);
  write_scan (fixture, "integrals.h5");
  test_run_expect (fixture->folder, 2, "if they are line integrals",
                   "tomo --projections=integrals.h5 --axis=44.2 -o integrals");

  memcpy (fixture->projections, raw, N_ANGLES * FRAME * sizeof (double));
  memcpy (fixture->darks, raw, N_FRAMES * FRAME * sizeof (double));
  write_scan (fixture, "sample.h5");
  test_run_expect (fixture->folder, 2, "Give the darks and flats that belong to the scan, taken without the sample",
                   "tomo --projections=sample.h5 --axis=44.2 -o sample");
}

static void
scale (double *frames,
       guint   first,
       guint   end,
       double  factor)
{
  for (guint i = first * FRAME; i < end * FRAME; i++)
    frames[i] = DARK + factor * (frames[i] - DARK);
}

/* Slices of a scan and of its flats that don't belong together are made, but not without a word. */
static void
test_beam (Fixture       *fixture,
           gconstpointer  unused)
{
  const char *const brighter = "are in part brighter than the flats, by up to ";

  scale (fixture->projections, 70, N_ANGLES, 0.5);
  write_scan (fixture, "jump.h5");
  test_run_expect (fixture->folder, 2, "The beam changes between projections 58 and 74, counted from 0, and stays so: "
                                       "beside the sample 100 % of the flats' light becomes 50 %",
                   "tomo --strict --projections=jump.h5 --axis=44.2 -o strict");
  scale (fixture->projections, 70, N_ANGLES, 2);

  scale (fixture->flats, 0, N_FRAMES, 0.5);
  write_scan (fixture, "short.h5");
  test_run_expect (fixture->folder, 2, brighter, "tomo --strict --projections=short.h5 --axis=44.2 -o strict");

  scale (fixture->flats, 0, N_FRAMES, 5);
  write_scan (fixture, "long.h5");
  test_run_expect (fixture->folder, 2, "all projections that were looked at have 40 % of the flats' light",
                   "tomo --strict --projections=long.h5 --axis=44.2 -o strict");

  memcpy (fixture->flats, fixture->projections, N_FRAMES * FRAME * sizeof (double));
  write_scan (fixture, "sample-in-flats.h5");
  test_run_expect (fixture->folder, 2, brighter,
                   "tomo --strict --projections=sample-in-flats.h5 --axis=44.2 -o strict");
  test_run_expect (fixture->folder, 0, brighter, "tomo --projections=sample-in-flats.h5 --axis=44.2 -o slices");
}

/* A sample that fills the view is darker than the flats everywhere, and differently from angle to angle. */
static void
test_filled (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (TestRun) run = NULL;

  for (guint i = 0; i < N_ANGLES * FRAME; i++)
    {
      const double angle = fixture->theta[i / FRAME] * G_PI / 180;
      const double s = (i % WIDTH - AXIS) / 90;

      fixture->projections[i] = DARK + (fixture->projections[i] - DARK) *
                                           exp (-1.2 * sqrt (1 - s * s) * (1 + 0.1 * cos (2 * angle)));
    }
  write_scan (fixture, "filled.h5");
  run = test_run (fixture->folder, "tomo --strict --projections=filled.h5 --axis=44.2 -o filled");
  if (run->status != 0 || strstr (run->err, "warning") != NULL)
    g_error ("%s", run->err);
}

typedef struct
{
  const char *file;
  const char *words;
} Trial;

/* The same kinds of scan, made by others. */
static void
test_trials (void)
{
  static const Trial trials[] = {
    { "darks-that-are-not/baddarks.h5", "Darks: 3 of 5 are left out, as bright as the flats: images 0, 1, 2 of " },
    { "reference-defects-silent/flatzero_only.h5", "column 60 in whole" },
    { "reference-defects-silent/nanflat.h5", "" },
    { "negative-counts-silent/neg.h5", "column 5 in whole" },
  };
  g_autofree char *data = test_data_folder ();
  char *folder;

  if (data == NULL)
    return;

  folder = test_folder_new ();
  for (guint i = 0; i < G_N_ELEMENTS (trials); i++)
    {
      g_autofree char *path = g_build_filename (data, "trials", trials[i].file, NULL);
      g_autofree char *name = g_strdup_printf ("slices-%u", i);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_test_skip ("The trials are not there");
          break;
        }
      test_run_expect (folder, 0, trials[i].words, "tomo --projections=%s --axis=44.2 -o %s", path, name);
      assert_discs (folder, name);
    }
  test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/references/sound", Fixture, NULL, set_up, test_sound, tear_down);
  g_test_add ("/references/frames", Fixture, NULL, set_up, test_frames, tear_down);
  g_test_add ("/references/saturated", Fixture, NULL, set_up, test_saturated, tear_down);
  g_test_add ("/references/all-darks", Fixture, NULL, set_up, test_all_darks, tear_down);
  g_test_add ("/references/pixels", Fixture, NULL, set_up, test_pixels, tear_down);
  g_test_add ("/references/negative", Fixture, NULL, set_up, test_negative, tear_down);
  g_test_add ("/references/clipped", Fixture, NULL, set_up, test_clipped, tear_down);
  g_test_add ("/references/sinograms", Fixture, NULL, set_up, test_sinograms, tear_down);
  g_test_add ("/references/absorption", Fixture, NULL, set_up, test_absorption, tear_down);
  g_test_add ("/references/dark-projection", Fixture, NULL, set_up, test_dark_projection, tear_down);
  g_test_add ("/references/lost-beam", Fixture, NULL, set_up, test_lost_beam, tear_down);
  g_test_add ("/references/strict-run", Fixture, NULL, set_up, test_strict_run, tear_down);
  g_test_add ("/references/impossible", Fixture, NULL, set_up, test_impossible, tear_down);
  g_test_add ("/references/beam", Fixture, NULL, set_up, test_beam, tear_down);
  g_test_add ("/references/filled", Fixture, NULL, set_up, test_filled, tear_down);
  g_test_add_func ("/references/trials", test_trials);

  return g_test_run ();
}

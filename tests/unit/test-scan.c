/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "io/scan.h"
#include "scan-files.h"
#include "support.h"
#include "test-hdf5.h"
#include "test-tiff.h"

/* What a scan reads, against the values that were written. */

typedef struct
{
  guint bin, crop_left, y_start, y_step, angle_start, angle_step;
} Selection;

static const Selection everything = { 1, 0, 0, 1, 0, 1 };

/* Average of the bin, as float. */
static float
expected (const Selection *selection,
          ScanKind         kind,
          guint            frame,
          guint            slice,
          guint            column)
{
  guint bin = selection->bin;
  double sum = 0.0;

  for (guint y = 0; y < bin; y++)
    for (guint x = 0; x < bin; x++)
      sum += scan_value (kind, frame, selection->y_start + slice * selection->y_step * bin + y,
                         selection->crop_left + column * bin + x);

  return (float) (sum / (bin * bin));
}

/* Slices that an angle has room for, more than there are. */
#define SPARE 3

/* angles × (slices + SPARE) × width; what is to be left alone is NaN. */
static float *
read_all (ReconScan *scan)
{
  guint n_slices = recon_scan_get_geometry (scan)->n_rows;
  gsize n = (gsize) (n_slices + SPARE) * recon_scan_get_geometry (scan)->n_angles * recon_scan_get_width (scan);
  float *pixels = g_new (float, n);
  g_autoptr (GError) error = NULL;

  memset (pixels, 0xff, n * sizeof (float));
  recon_scan_read_sinograms (scan, 0, n_slices, n_slices + SPARE, pixels, NULL, &error);
  g_assert_no_error (error);

  return pixels;
}

static void
check_sinograms (ReconScan       *scan,
                 const Selection *selection)
{
  guint n_slices = recon_scan_get_geometry (scan)->n_rows;
  guint n_angles = recon_scan_get_geometry (scan)->n_angles;
  guint width = recon_scan_get_width (scan);
  g_autofree float *pixels = read_all (scan);
  gsize i = 0;

  for (guint angle = 0; angle < n_angles; angle++)
    {
      for (guint slice = 0; slice < n_slices; slice++)
        for (guint column = 0; column < width; column++)
          g_assert_cmpfloat (pixels[i++], ==,
                             expected (selection, SCAN_PROJECTION,
                                       selection->angle_start + angle * selection->angle_step, slice, column));
      for (guint rest = 0; rest < SPARE * width; rest++)
        g_assert_true (isnan (pixels[i++]));
    }
}

static void
test_everything (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan = scan_files_open_all (files, NULL);

  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_rows, ==, SCAN_ROWS);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_angles, ==, SCAN_PROJECTIONS);
  g_assert_cmpuint (recon_scan_get_width (scan), ==, SCAN_WIDTH);
  g_assert_cmpuint (recon_scan_get_width_as_read (scan), ==, SCAN_WIDTH);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->row_numbers[12], ==, 12);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->detector_rows[12], ==, 12.0);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->axis, ==, 10.0);
  g_assert_true (isnan (recon_scan_get_geometry (scan)->pixel_size));
  g_assert_true (recon_scan_get_correct (scan));
  g_assert_true (recon_scan_get_absorptivity (scan));
  g_assert_cmpuint (recon_scan_get_bytes_per_slice (scan), ==, (SCAN_PROJECTIONS + 3) * SCAN_WIDTH * 4);
  scan_assert_said (files, "I Projections: 10 of 21 × 13 uint16 (TIFF series ");
  check_sinograms (scan, &everything);
}

/* Everything at once: rows 2 … 12 in bins of 2, every second; columns 3 … 18 in bins of 2, projections 1, 4, 7. */
static void
test_selection (void)
{
  static const Selection selection = { 2, 3, 2, 2, 1, 3 };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan =
    scan_files_open_all (files, "input.bin", "2", "input.crop-left", "3", "input.crop-right", "1", "input.y-start", "2",
                         "input.y-stop", "13", "input.y-step", "2", "input.projection-start", "1",
                         "input.projection-stop", "9", "input.projection-step", "3", "reconstruction.axis", "9.5",
                         "reconstruction.pixel-size", "1.5", NULL);

  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_rows, ==, 3);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_angles, ==, 3);
  g_assert_cmpuint (recon_scan_get_width (scan), ==, 8);
  g_assert_cmpuint (recon_scan_get_width_as_read (scan), ==, SCAN_WIDTH);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->row_numbers[2], ==, 5);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->detector_rows[2], ==, 10.5);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->axis, ==, 3.0);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->pixel_size, ==, 3.0);
  scan_assert_said (files, "I Rows 12 to 12 do not fill a bin of 2");
  scan_assert_said (files, "I Columns 19 to 19 do not fill a bin of 2");
  check_sinograms (scan, &selection);
}

/* Column 0 of a bin of 4 has its centre at column 1.5 as read, whatever comes before it. */
static void
test_axis_in_bins (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) bins = scan_files_open_all (files, "input.bin", "4", "reconstruction.axis", "1.5", NULL);
  g_autoptr (ReconScan) cropped =
    scan_files_open_all (files, "input.bin", "4", "input.crop-left", "5", "reconstruction.axis", "14.5", NULL);

  g_assert_cmpfloat (recon_scan_get_geometry (bins)->axis, ==, 0.0);
  g_assert_cmpfloat (recon_scan_get_geometry (cropped)->axis, ==, 2.0);
}

static void
check_block (ReconScan   *scan,
             guint        first,
             guint        n,
             const float *whole)
{
  guint n_slices = recon_scan_get_geometry (scan)->n_rows;
  guint n_angles = recon_scan_get_geometry (scan)->n_angles;
  guint width = recon_scan_get_width (scan);
  guint pitch = n + first % 3;
  g_autofree float *part = g_new (float, (gsize) n_angles * pitch * width);
  g_autoptr (GError) error = NULL;

  recon_scan_read_sinograms (scan, first, n, pitch, part, NULL, &error);
  g_assert_no_error (error);
  for (guint angle = 0; angle < n_angles; angle++)
    g_assert_cmpmem (part + (gsize) angle * pitch * width, n * width * sizeof (float),
                     whole + ((gsize) angle * (n_slices + SPARE) + first) * width, n * width * sizeof (float));
}

static void
check_blocks (ReconScan *scan)
{
  guint n_slices = recon_scan_get_geometry (scan)->n_rows;
  guint width = recon_scan_get_width (scan);
  g_autofree float *whole = read_all (scan);
  g_autofree float *flats = g_new (float, (gsize) n_slices * width);
  g_autofree float *flats_part = g_new (float, (gsize) n_slices * width);
  g_autoptr (GError) error = NULL;

  if (recon_scan_get_correct (scan))
    recon_scan_read_references (scan, 0, n_slices, NULL, flats, NULL, NULL, &error);

  for (guint size = 1; size <= 5; size += 2)
    for (guint first = 0; first < n_slices; first += size)
      {
        guint n = MIN (size, n_slices - first);

        check_block (scan, first, n, whole);
        if (!recon_scan_get_correct (scan))
          continue;

        recon_scan_read_references (scan, first, n, NULL, flats_part, NULL, NULL, &error);
        g_assert_no_error (error);
        g_assert_cmpmem (flats_part, n * width * sizeof (float), flats + (gsize) first * width,
                         n * width * sizeof (float));
      }
}

static void
test_blocks (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) plain = scan_files_open_all (files, NULL);
  g_autoptr (ReconScan) binned =
    scan_files_open_all (files, "input.bin", "3", "flat-field.method", "median", "input.projection-step", "2", NULL);
  g_autoptr (ReconScan) steps = scan_files_open_all (files, "input.y-step", "4", "input.y-start", "1", NULL);

  check_blocks (plain);
  check_blocks (binned);
  check_blocks (steps);
}

/* Rows so far apart that each is read by itself. */
static void
test_distant_rows (void)
{
  const guint width = 4000, rows = 60;
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *path = scan_files_path (files, "wide.tif");
  g_autofree float *pixels = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = NULL;

  test_tiff_write (path, &(TestTiff){ .width = width, .height = rows, .n_pages = 5, .type = RECON_SAMPLE_UINT16 },
                   NULL);
  scan = scan_files_open (files, &error, "input.projections", path, "flat-field.correct", "no", "input.y-start", "3",
                          "input.y-step", "20", "input.projection-start", "1", NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_rows, ==, 3);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_angles, ==, 4);

  pixels = read_all (scan);
  for (guint angle = 0; angle < 4; angle++)
    for (guint slice = 0; slice < 3; slice++)
      for (guint column = 0; column < width; column++)
        g_assert_cmpfloat ((double) pixels[(angle * (3 + SPARE) + slice) * width + column], ==,
                           test_tiff_value (RECON_SAMPLE_UINT16, 1 + angle, 3 + 20 * slice, column));
}

/* Images larger than the memory for reading: the same values in several goes. */
static void
test_little_memory (void)
{
  const guint width = 4096, rows = 1600;
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *path = scan_files_path (files, "large.tif");
  g_autofree float *little = NULL;
  g_autofree float *much = NULL;
  g_autofree float *little_flat = g_new (float, (gsize) rows / 2 * (width / 2));
  g_autofree float *much_flat = g_new (float, (gsize) rows / 2 * (width / 2));
  g_autoptr (ReconScan) little_scan = NULL;
  g_autoptr (ReconScan) much_scan = NULL;
  g_autoptr (GError) error = NULL;

  test_tiff_write (path, &(TestTiff){ .width = width, .height = rows, .n_pages = 2, .type = RECON_SAMPLE_UINT8 }, NULL);
  little_scan = scan_files_open (files, &error, "input.projections", path, "input.flats", path, "flat-field.method",
                                 "median", "compute.memory-limit", "16M", "input.bin", "2", NULL);
  g_assert_no_error (error);
  much_scan = scan_files_open (files, &error, "input.projections", path, "input.flats", path, "flat-field.method",
                               "median", "input.bin", "2", NULL);
  g_assert_no_error (error);

  g_assert_cmpuint (recon_scan_get_scratch_bytes (little_scan), <=, 2 * (16 << 20) + 2 * (4 << 20));
  g_assert_cmpuint (recon_scan_get_scratch_bytes (much_scan), >, 2 * (16 << 20) + 2 * (4 << 20));

  little = read_all (little_scan);
  much = read_all (much_scan);
  g_assert_cmpuint (recon_scan_get_geometry (little_scan)->n_rows, ==, rows / 2);
  for (guint angle = 0; angle < 2; angle++)
    {
      gsize at = (gsize) angle * (rows / 2 + SPARE) * (width / 2);

      g_assert_cmpmem (little + at, rows / 2 * (width / 2) * sizeof (float), much + at,
                       rows / 2 * (width / 2) * sizeof (float));
    }
  g_assert_cmpfloat ((double) much[((gsize) rows / 2 + SPARE + rows / 2 - 1) * (width / 2)], ==,
                     (test_tiff_value (RECON_SAMPLE_UINT8, 1, rows - 2, 0) +
                      test_tiff_value (RECON_SAMPLE_UINT8, 1, rows - 2, 1) +
                      test_tiff_value (RECON_SAMPLE_UINT8, 1, rows - 1, 0) +
                      test_tiff_value (RECON_SAMPLE_UINT8, 1, rows - 1, 1)) / 4);

  recon_scan_read_references (little_scan, 0, rows / 2, NULL, little_flat, NULL, NULL, &error);
  g_assert_no_error (error);
  recon_scan_read_references (much_scan, 0, rows / 2, NULL, much_flat, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (memcmp (little_flat, much_flat, (gsize) rows / 2 * (width / 2) * sizeof (float)) == 0);
}

/* An image is a detector row, its lines are the angles. */
static char *
write_sinograms (ScanFiles *files)
{
  char *path = scan_files_path (files, "sinograms.tif");
  g_autofree double *pixels = g_new (double, SCAN_ROWS * SCAN_PROJECTIONS * SCAN_WIDTH);
  gsize i = 0;

  for (guint row = 0; row < SCAN_ROWS; row++)
    for (guint angle = 0; angle < SCAN_PROJECTIONS; angle++)
      for (guint column = 0; column < SCAN_WIDTH; column++)
        pixels[i++] = scan_value (SCAN_PROJECTION, angle, row, column);

  test_tiff_write (path,
                   &(TestTiff){ .width = SCAN_WIDTH, .height = SCAN_PROJECTIONS, .n_pages = SCAN_ROWS,
                                .type = RECON_SAMPLE_FLOAT32 },
                   pixels);

  return path;
}

static void
assert_same_geometry (ReconScan *a,
                      ReconScan *b)
{
  const ReconGeometry *first = recon_scan_get_geometry (a), *second = recon_scan_get_geometry (b);

  g_assert_cmpmem (first->angles, first->n_angles * sizeof (double), second->angles,
                   second->n_angles * sizeof (double));
  g_assert_cmpmem (first->row_numbers, first->n_rows * sizeof (guint), second->row_numbers,
                   second->n_rows * sizeof (guint));
  g_assert_cmpmem (first->detector_rows, first->n_rows * sizeof (double), second->detector_rows,
                   second->n_rows * sizeof (double));
  g_assert_cmpuint (first->first_column, ==, second->first_column);
  g_assert_cmpfloat (first->axis, ==, second->axis);
}

static void
test_sinograms (void)
{
  static const Selection selections[] = { { 1, 0, 0, 1, 0, 1 }, { 3, 2, 1, 2, 2, 3 }, { 2, 0, 4, 1, 5, 1 } };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *path = write_sinograms (files);

  for (gsize i = 0; i < G_N_ELEMENTS (selections); i++)
    {
      const Selection *s = &selections[i];
      g_autofree char *numbers = g_strdup_printf ("%u %u %u %u %u %u", s->bin, s->crop_left, s->y_start, s->y_step,
                                                  s->angle_start, s->angle_step);
      g_auto (GStrv) text = g_strsplit (numbers, " ", -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconScan) sinograms = NULL;
      g_autoptr (ReconScan) projections = NULL;

      sinograms = scan_files_open (files, &error, "input.sinograms", path, "input.bin", text[0], "input.crop-left",
                                   text[1], "input.y-start", text[2], "input.y-step", text[3], "input.projection-start",
                                   text[4], "input.projection-step", text[5], NULL);
      g_assert_no_error (error);
      projections = scan_files_open_all (files, "input.bin", text[0], "input.crop-left", text[1], "input.y-start",
                                         text[2], "input.y-step", text[3], "input.projection-start", text[4],
                                         "input.projection-step", text[5], NULL);

      g_assert_false (recon_scan_get_correct (sinograms));
      g_assert_false (recon_scan_get_absorptivity (sinograms));
      g_assert_cmpuint (recon_scan_get_width (sinograms), ==, recon_scan_get_width (projections));
      assert_same_geometry (sinograms, projections);
      check_sinograms (projections, s);
      check_sinograms (sinograms, s);
      check_blocks (sinograms);
    }
}

/* Flats before, projections, flats after, darks in one dataset. */
static char *
write_nxtomo (ScanFiles *files)
{
  static const struct
  {
    ScanKind kind;
    guint    n, key;
  } groups[] = {
    { SCAN_FLAT, SCAN_FLATS, 1 },
    { SCAN_PROJECTION, SCAN_PROJECTIONS, 0 },
    { SCAN_FLAT_AFTER, SCAN_FLATS_AFTER, 1 },
    { SCAN_DARK, SCAN_DARKS, 2 },
  };
  enum
  {
    N = SCAN_FLATS + SCAN_PROJECTIONS + SCAN_FLATS_AFTER + SCAN_DARKS,
    FRAME = SCAN_ROWS * SCAN_WIDTH
  };
  const TestHdf5Storage storage = { .type = H5T_STD_U16LE, .chunk = { 4, 5, 8 } };
  const gsize dims[] = { N, SCAN_ROWS, SCAN_WIDTH };
  g_autofree double *values = g_new (double, N * FRAME);
  double keys[N], angles[N];
  char *path = scan_files_path (files, "scan.nxs");
  guint first = 0;

  for (gsize g = 0; g < G_N_ELEMENTS (groups); g++)
    {
      g_autofree double *frames = scan_frames (groups[g].kind, groups[g].n);

      memcpy (values + first * FRAME, frames, groups[g].n * FRAME * sizeof (double));
      for (guint i = 0; i < groups[g].n; i++, first++)
        {
          keys[first] = groups[g].key;
          angles[first] = groups[g].key == 0 ? 20.0 * i : 0.0;
        }
    }

  test_hdf5_write (path, "/entry/instrument/detector/data", &storage, 3, dims, values);
  test_hdf5_write_list (path, "/entry/instrument/detector/image_key", N, keys);
  test_hdf5_write_list (path, "/entry/sample/rotation_angle", N, angles);
  test_hdf5_attribute (path, "/entry/sample/rotation_angle", "units", "deg");
  test_hdf5_write_string (path, "/entry/definition", "NXtomo");

  return path;
}

static float *
read_reference (ReconScan *scan,
                ScanKind   kind)
{
  guint n_slices = recon_scan_get_geometry (scan)->n_rows;
  float *pixels = g_new (float, (gsize) n_slices * recon_scan_get_width (scan));
  g_autoptr (GError) error = NULL;

  recon_scan_read_references (scan, 0, n_slices, kind == SCAN_DARK ? pixels : NULL, kind == SCAN_FLAT ? pixels : NULL,
                              kind == SCAN_FLAT_AFTER ? pixels : NULL, NULL, &error);
  g_assert_no_error (error);

  return pixels;
}

static int
compare_floats (gconstpointer a,
                gconstpointer b)
{
  float fa = *(const float *) a;
  float fb = *(const float *) b;

  return fa < fb ? -1 : fa > fb;
}

/* Frames of one or two kinds as one image, against a sort or a sum. */
static void
check_reference (ReconScan       *scan,
                 const Selection *selection,
                 gboolean         median,
                 ScanKind         read_as,
                 ScanKind         kind,
                 guint            n,
                 ScanKind         pooled,
                 guint            n_pooled)
{
  g_autofree float *pixels = read_reference (scan, read_as);
  guint width = recon_scan_get_width (scan);
  guint all = n + n_pooled;
  float values[16];

  for (guint slice = 0; slice < recon_scan_get_geometry (scan)->n_rows; slice++)
    for (guint column = 0; column < width; column++)
      {
        double sum = 0.0;
        double middle;

        for (guint i = 0; i < all; i++)
          {
            values[i] = i < n ? expected (selection, kind, i, slice, column)
                              : expected (selection, pooled, i - n, slice, column);
            sum += (double) values[i];
          }

        qsort (values, all, sizeof (float), compare_floats);
        middle = ((double) values[(all - 1) / 2] + (double) values[all / 2]) / 2.0;
        g_assert_cmpfloat (pixels[slice * width + column], ==, (float) (median ? middle : sum / all));
      }
}

static void
check_references (ReconScan       *scan,
                  const Selection *selection,
                  gboolean         median)
{
  g_assert_true (recon_scan_has_flats_after (scan));
  check_reference (scan, selection, median, SCAN_DARK, SCAN_DARK, SCAN_DARKS, 0, 0);
  check_reference (scan, selection, median, SCAN_FLAT, SCAN_FLAT, SCAN_FLATS, 0, 0);
  check_reference (scan, selection, median, SCAN_FLAT_AFTER, SCAN_FLAT_AFTER, SCAN_FLATS_AFTER, 0, 0);
}

static void
test_references (void)
{
  static const Selection binned = { 3, 2, 1, 2, 0, 1 };
  g_autoptr (ScanFiles) files = scan_files_new ();

  for (guint i = 0; i < 4; i++)
    {
      gboolean median = i % 2 == 1;
      const Selection *selection = i < 2 ? &everything : &binned;
      g_autoptr (ReconScan) scan =
        scan_files_open_all (files, "flat-field.method", median ? "median" : "average", "input.bin", i < 2 ? "1" : "3",
                             "input.crop-left", i < 2 ? "0" : "2", "input.y-start", i < 2 ? "0" : "1", "input.y-step",
                             i < 2 ? "1" : "2", NULL);

      check_references (scan, selection, median);
    }
}

static void
test_pooled_flats (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) average = scan_files_open_all (files, "flat-field.interpolate", "no", NULL);
  g_autoptr (ReconScan) median =
    scan_files_open_all (files, "flat-field.interpolate", "no", "flat-field.method", "median", NULL);

  g_assert_false (recon_scan_has_flats_after (average));
  g_assert_null (recon_scan_get_geometry (average)->flat_positions);
  scan_assert_said (files, "I Flats before and after are pooled");
  check_reference (average, &everything, FALSE, SCAN_FLAT, SCAN_FLAT, SCAN_FLATS, SCAN_FLAT_AFTER, SCAN_FLATS_AFTER);
  check_reference (median, &everything, TRUE, SCAN_FLAT, SCAN_FLAT, SCAN_FLATS, SCAN_FLAT_AFTER, SCAN_FLATS_AFTER);
}

static void
test_only_flats_after (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = scan_files_open (files, &error, "input.projections", files->projections,
                                                "input.flats-after", files->flats_after, NULL);
  g_autofree float *dark = NULL;

  g_assert_no_error (error);
  g_assert_false (recon_scan_has_flats_after (scan));
  g_assert_cmpuint (recon_scan_get_bytes_per_slice (scan), ==, (SCAN_PROJECTIONS + 2) * SCAN_WIDTH * 4);
  check_reference (scan, &everything, FALSE, SCAN_FLAT, SCAN_FLAT_AFTER, SCAN_FLATS_AFTER, 0, 0);

  scan_assert_said (files, "W There are no darks: taking 0");
  dark = read_reference (scan, SCAN_DARK);
  for (guint i = 0; i < SCAN_ROWS * SCAN_WIDTH; i++)
    g_assert_cmpfloat (dark[i], ==, 0.0f);
}

/* The weight follows the position in the whole scan. */
static void
test_flat_positions (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan =
      scan_files_open_all (files, "input.projection-start", "3", "input.projection-step", "2", NULL);
  const float *positions = recon_scan_get_geometry (scan)->flat_positions;

  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_angles, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (positions[i], (3.0f + 2.0f * i) / 9.0f, 1e-7f);
}

static void
test_nxtomo (void)
{
  static const Selection selection = { 2, 1, 3, 2, 1, 4 };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *path = write_nxtomo (files);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) whole = scan_files_open (files, &error, "input.projections", path, NULL);
  g_autoptr (ReconScan) part = NULL;
  g_autoptr (ReconScan) borrowed = NULL;

  g_assert_no_error (error);
  check_sinograms (whole, &everything);
  check_references (whole, &everything, FALSE);
  check_blocks (whole);
  g_assert_cmpfloat_with_epsilon (recon_scan_get_geometry (whole)->angles[9], G_PI, 1e-12);

  part = scan_files_open (files, &error, "input.projections", path, "input.bin", "2", "input.crop-left", "1",
                          "input.y-start", "3", "input.y-step", "2", "input.projection-start", "1",
                          "input.projection-step", "4",
                          "flat-field.method", "median", NULL);
  g_assert_no_error (error);
  check_sinograms (part, &selection);
  check_references (part, &selection, TRUE);

  /* Another scan's darks and flats: each takes what it is from the file. */
  borrowed = scan_files_open (files, &error, "input.projections", files->projections, "input.darks", path,
                              "input.flats", path, "input.flats-after", path, NULL);
  g_assert_no_error (error);
  check_references (borrowed, &everything, FALSE);
}

/* Flats of one's own replace all of the file's, also those after. */
static void
test_other_flats (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *path = write_nxtomo (files);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan =
    scan_files_open (files, &error, "input.projections", path, "input.flats", files->flats_after, NULL);

  g_assert_no_error (error);
  g_assert_false (recon_scan_has_flats_after (scan));
  check_reference (scan, &everything, FALSE, SCAN_FLAT, SCAN_FLAT_AFTER, SCAN_FLATS_AFTER, 0, 0);
  check_reference (scan, &everything, FALSE, SCAN_DARK, SCAN_DARK, SCAN_DARKS, 0, 0);
}

/* Whatever reads, and by how many: the same bytes. */
static void
test_threads (void)
{
  static const char *const numbers[] = { "1", "2", "3", "40" };
  static const char *const bins[] = { "1", "2" };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *sinograms = write_sinograms (files);
  g_autofree char *nxtomo = write_nxtomo (files);
  const char *const inputs[][2] = {
    { "input.projections", files->projections }, { "input.projections", nxtomo }, { "input.sinograms", sinograms }
  };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    for (guint b = 0; b < G_N_ELEMENTS (bins); b++)
      {
        const Selection selection = { b + 1, 2, 1, 2, 1, 2 };

        for (guint t = 0; t < G_N_ELEMENTS (numbers); t++)
          {
            g_autoptr (GError) error = NULL;
            g_autoptr (ReconScan) scan =
              scan_files_open (files, &error, inputs[i][0], inputs[i][1], "flat-field.correct", "no", "input.bin",
                               bins[b], "input.crop-left", "2", "input.y-start", "1", "input.y-step", "2",
                               "input.projection-start", "1", "input.projection-step", "2", "compute.threads",
                               numbers[t], NULL);

            g_assert_no_error (error);
            check_sinograms (scan, &selection);
            check_blocks (scan);
          }
      }

  for (guint t = 0; t < G_N_ELEMENTS (numbers); t++)
    {
      g_autoptr (ReconScan) average = scan_files_open_all (files, "compute.threads", numbers[t], NULL);
      g_autoptr (ReconScan) median =
        scan_files_open_all (files, "compute.threads", numbers[t], "flat-field.method", "median", NULL);

      check_references (average, &everything, FALSE);
      check_references (median, &everything, TRUE);
    }
}

/* The message is that of the first file that is damaged, whoever comes to it first. */
static void
test_first_failure (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan = scan_files_open_all (files, "compute.threads", "8", NULL);
  g_autofree float *pixels = read_all (scan);

  for (int i = SCAN_PROJECTIONS - 1; i > 2; i--)
    {
      g_autofree char *name = g_strdup_printf ("projections_%04d.tif", i);
      g_autofree char *path = g_build_filename (files->projections, name, NULL);
      g_autoptr (GError) error = NULL;

      test_file_cut (path, 100);
      g_assert_false (recon_scan_read_sinograms (scan, 0, SCAN_ROWS, SCAN_ROWS, pixels, NULL, &error));
      scan_assert_error (error, RECON_ERROR_READ, name, NULL);
    }
}

/* What happens to files after they were checked is an error of reading that names the file. */
static void
test_failures (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan = scan_files_open_all (files, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree float *pixels = read_all (scan);
  g_autofree char *projection = g_build_filename (files->projections, "projections_0004.tif", NULL);
  g_autofree char *flat = g_build_filename (files->flats, "flats_0002.tif", NULL);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (recon_scan_read_sinograms (scan, 0, 2, 2, pixels, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  test_file_cut (projection, 100);
  g_assert_false (recon_scan_read_sinograms (scan, 0, 2, 2, pixels, NULL, &error));
  scan_assert_error (error, RECON_ERROR_READ, "projections_0004.tif", NULL);
  g_clear_error (&error);

  test_file_cut (flat, 100);
  g_assert_false (recon_scan_read_references (scan, 3, 2, NULL, pixels, NULL, NULL, &error));
  scan_assert_error (error, RECON_ERROR_READ, "flats_0002.tif", NULL);
}

/* Every projection by itself has the values that all of them have together. */
static void
check_projections (ReconScan *scan)
{
  const guint n_slices = recon_scan_get_geometry (scan)->n_rows, width = recon_scan_get_width (scan);
  g_autofree float *all = read_all (scan);
  g_autofree float *one = g_new (float, (gsize) n_slices * width);
  g_autoptr (GError) error = NULL;

  for (guint angle = 0; angle < recon_scan_get_geometry (scan)->n_angles; angle++)
    {
      recon_scan_read_projection (scan, angle, one, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (one, (gsize) n_slices * width * sizeof *one,
                       all + (gsize) angle * (n_slices + SPARE) * width, (gsize) n_slices * width * sizeof *one);
    }
}

static void
test_projections (void)
{
  static const char *const bins[] = { "1", "2", "3" };
  g_autoptr (ScanFiles) files = scan_files_new ();

  for (guint i = 0; i < G_N_ELEMENTS (bins); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconScan) scan = scan_files_open_all (files, "input.bin", bins[i], "input.y-start", "1",
                                                        "input.y-step", "2", "input.projection-start", "2",
                                                        "input.projection-step", "3", "input.crop-left", "2", NULL);
      g_autoptr (ReconScan) sinograms = scan_files_open (files, &error, "input.sinograms", files->projections,
                                                         "input.bin", bins[i], "input.y-start", "1",
                                                         "input.projection-start", "2", "input.projection-step", "3",
                                                         NULL);

      g_assert_no_error (error);
      check_projections (scan);
      check_projections (sinograms);
      g_assert_cmpuint (recon_scan_get_projection_number (scan, 1), ==, 5);
    }
}

/* What can be changed is, or nothing of it. */
static void
test_update (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan = scan_files_open_all (files, "input.bin", "2", NULL);
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconGeometry) earlier = recon_geometry_ref (recon_scan_get_geometry (scan));
  g_autofree char *before = scan_files_describe_geometry (earlier);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  recon_config_parse (config, RECON_PARAM_AXIS, "12.5", NULL);
  recon_config_parse (config, RECON_PARAM_ANGLE_STEP, "0.25", NULL);
  recon_config_parse (config, RECON_PARAM_ANGLE_OFFSET, "0.5", NULL);
  recon_config_parse (config, RECON_PARAM_PIXEL_SIZE, "3", NULL);
  recon_config_parse (config, recon_parameter ("flat-field.absorptivity"), "no", NULL);
  g_assert_true (recon_scan_update (scan, config, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->axis, ==, 6);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->angles[3], ==, 1.25);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->pixel_size, ==, 6);
  g_assert_false (recon_scan_get_absorptivity (scan));

  /* Who has been given a geometry keeps it as it was. */
  after = scan_files_describe_geometry (earlier);
  g_assert_cmpstr (before, ==, after);

  recon_config_parse (config, RECON_PARAM_AXIS, "100", NULL);
  recon_config_parse (config, RECON_PARAM_ANGLE_STEP, "0.125", NULL);
  g_assert_false (recon_scan_update (scan, config, NULL, &error));
  scan_assert_error (error, RECON_ERROR_CONFIG, "axis 100", NULL);
  g_clear_error (&error);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->axis, ==, 6);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->angles[3], ==, 1.25);

  recon_config_parse (config, RECON_PARAM_AXIS, "10.5", NULL);
  recon_config_parse (config, RECON_PARAM_ANGLE_STEP, "0", NULL);
  recon_config_parse (config, RECON_PARAM_ANGLES, "/nonexistent/angles.txt", NULL);
  g_assert_false (recon_scan_update (scan, config, NULL, &error));
  scan_assert_error (error, RECON_ERROR_INPUT, "/nonexistent/angles.txt", NULL);
  g_clear_error (&error);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->axis, ==, 6);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->angles[3], ==, 1.25);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/everything", test_everything);
  g_test_add_func ("/scan/selection", test_selection);
  g_test_add_func ("/scan/axis-in-bins", test_axis_in_bins);
  g_test_add_func ("/scan/blocks", test_blocks);
  g_test_add_func ("/scan/distant-rows", test_distant_rows);
  g_test_add_func ("/scan/little-memory", test_little_memory);
  g_test_add_func ("/scan/sinograms", test_sinograms);
  g_test_add_func ("/scan/references", test_references);
  g_test_add_func ("/scan/pooled-flats", test_pooled_flats);
  g_test_add_func ("/scan/only-flats-after", test_only_flats_after);
  g_test_add_func ("/scan/flat-positions", test_flat_positions);
  g_test_add_func ("/scan/nxtomo", test_nxtomo);
  g_test_add_func ("/scan/other-flats", test_other_flats);
  g_test_add_func ("/scan/threads", test_threads);
  g_test_add_func ("/scan/first-failure", test_first_failure);
  g_test_add_func ("/scan/failures", test_failures);
  g_test_add_func ("/scan/projections", test_projections);
  g_test_add_func ("/scan/update", test_update);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <hdf5.h>
#include <math.h>

#include "command.h"
#include "io/tiff-reader.h"
#include "support.h"

/* A real scan straight from its file, against a plain reconstruction in double precision made here. */

#define N_ANGLES 181
#define N_ROWS   2
#define WIDTH    640
#define N_FRAMES 10 /* darks, and flats */
#define AXIS     295.75

static double *
read_dataset (hid_t       file,
              const char *path,
              gsize       n)
{
  double *values = g_new (double, n);
  hid_t dataset = H5Dopen2 (file, path, H5P_DEFAULT);

  g_assert_cmpint (dataset, >=, 0);
  g_assert_cmpint (H5Dread (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), >=, 0);
  H5Dclose (dataset);

  return values;
}

static double
mean_frame (const double *frames,
            guint         row,
            guint         column)
{
  double sum = 0;

  for (guint i = 0; i < N_FRAMES; i++)
    sum += frames[((gsize) i * N_ROWS + row) * WIDTH + column];

  return sum / N_FRAMES;
}

/* Convolution with the band-limited ramp, sample by sample; the row goes on with its edge values. */
static void
filter_row (const double *row,
            double       *filtered)
{
  for (int i = 0; i < WIDTH; i++)
    {
      filtered[i] = row[i] / 4;
      for (int k = 1; k < 2 * WIDTH; k += 2)
        filtered[i] -= (row[MIN (i + k, WIDTH - 1)] + row[MAX (i - k, 0)]) / (G_PI * G_PI * k * k);
    }
}

static double *
make_sinogram (hid_t file,
               guint row)
{
  g_autofree double *counts = read_dataset (file, "/exchange/data", N_ANGLES * N_ROWS * WIDTH);
  g_autofree double *dark = read_dataset (file, "/exchange/data_dark", N_FRAMES * N_ROWS * WIDTH);
  g_autofree double *flat = read_dataset (file, "/exchange/data_white", N_FRAMES * N_ROWS * WIDTH);
  double *filtered = g_new (double, N_ANGLES * WIDTH);

  for (guint angle = 0; angle < N_ANGLES; angle++)
    {
      double line[WIDTH];

      for (guint column = 0; column < WIDTH; column++)
        {
          double d = mean_frame (dark, row, column);
          double f = mean_frame (flat, row, column);

          line[column] = -log (MAX (1e-6, (counts[((gsize) angle * N_ROWS + row) * WIDTH + column] - d) / (f - d)));
        }
      filter_row (line, filtered + (gsize) angle * WIDTH);
    }

  return filtered;
}

static double *
backproject (const double *filtered,
             const double *theta)
{
  double *slice = g_new0 (double, WIDTH * WIDTH);

  for (guint angle = 0; angle < N_ANGLES; angle++)
    {
      double cosine = cos (theta[angle] * G_PI / 180);
      double sine = sin (theta[angle] * G_PI / 180);

      for (guint r = 0; r < WIDTH; r++)
        for (guint c = 0; c < WIDTH; c++)
          {
            double u = (c - 0.5 * (WIDTH - 1)) * cosine + (r - 0.5 * (WIDTH - 1)) * sine + AXIS;
            int left = (int) floor (u);

            if (u < 0 || left + 1 >= WIDTH)
              continue;
            slice[r * WIDTH + c] += (filtered[angle * WIDTH + left] * (left + 1 - u) +
                                     filtered[angle * WIDTH + left + 1] * (u - left)) *
                                    G_PI / N_ANGLES;
          }
    }

  return slice;
}

/* Pearson's correlation inside the circle that all projections see. */
static double
correlate (const double *a,
           const float  *b,
           double       *scale)
{
  double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;

  for (guint r = 0; r < WIDTH; r++)
    for (guint c = 0; c < WIDTH; c++)
      {
        double x = a[r * WIDTH + c];
        double y = (double) b[r * WIDTH + c];

        if (hypot (r - 0.5 * (WIDTH - 1), c - 0.5 * (WIDTH - 1)) > 0.95 * AXIS)
          continue;
        n++;
        sa += x;
        sb += y;
        saa += x * x;
        sbb += y * y;
        sab += x * y;
      }

  *scale = (sab - sa * sb / n) / (saa - sa * sa / n);

  return (sab - sa * sb / n) / sqrt ((saa - sa * sa / n) * (sbb - sb * sb / n));
}

static void
test_tooth (void)
{
  g_autofree char *data = test_data_folder ();
  g_autofree char *path = NULL;
  char *folder = NULL;
  hid_t file;
  g_autofree double *theta = NULL;

  if (data == NULL)
    return;

  path = g_build_filename (data, "tooth", "tooth.h5", NULL);
  folder = test_folder_new ();
  test_run_expect (folder, 0, "", "tomo --projections=%s --axis=295.75", path);

  file = H5Fopen (path, H5F_ACC_RDONLY, H5P_DEFAULT);
  g_assert_cmpint (file, >=, 0);
  theta = read_dataset (file, "/exchange/theta", N_ANGLES);

  for (guint row = 0; row < N_ROWS; row++)
    {
      g_autofree char *name = g_strdup_printf ("%s/slices/slice_%05u.tif", folder, row);
      g_autofree double *filtered = make_sinogram (file, row);
      g_autofree double *expected = backproject (filtered, theta);
      g_autofree float *slice = g_new (float, WIDTH * WIDTH);
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconReader) reader = recon_tiff_reader_open (name, RECON_SERIES_UNKNOWN, &error);
      double correlation, scale;

      g_assert_no_error (error);
      g_assert_true (recon_reader_read (reader, 0, 1, 0, WIDTH, slice, NULL, &error));
      correlation = correlate (expected, slice, &scale);
      g_test_message ("Row %u: correlation %.6f, scale %.6f", row, correlation, scale);
      g_assert_cmpfloat (correlation, >=, 0.98);
      g_assert_cmpfloat_with_epsilon (scale, 1, 0.01);
    }

  H5Fclose (file);
  test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tooth/straight", test_tooth);

  return g_test_run ();
}

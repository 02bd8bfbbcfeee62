/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "support.h"
#include "task-runner.h"

/* A uniform disc, whose projections are known exactly, filtered and backprojected: grey values must not change with
 * the filter, the width, or whether zeros or the end samples continue the rows. */

#define VALUE 0.04

typedef struct
{
  guint  width;
  double axis;
  double range;
  double x, y, radius; /* pixels, from the middle of the slice */
} Disc;

static float *
project (const Disc   *disc,
         guint         n_angles,
         const double *angles)
{
  float *sinogram = g_new (float, n_angles * disc->width);

  for (guint i = 0; i < n_angles; i++)
    for (guint j = 0; j < disc->width; j++)
      {
        double s = j - disc->axis - disc->x * cos (angles[i]) - disc->y * sin (angles[i]);

        sinogram[i * disc->width + j] =
          (float) (fabs (s) < disc->radius ? VALUE * 2 * sqrt (disc->radius * disc->radius - s * s) : 0);
      }

  return sinogram;
}

/* Mean within part of the radius, relative to the disc's value. */
static double
measure (const Disc  *disc,
         const float *slice,
         double       part)
{
  double sum = 0, n = 0;

  for (guint i = 0; i < disc->width * disc->width; i++)
    {
      double x = i % disc->width - (disc->width - 1) / 2.0 - disc->x;
      double y = i / disc->width - (disc->width - 1) / 2.0 - disc->y;

      if (hypot (x, y) <= part * disc->radius)
        {
          sum += (double) slice[i];
          n++;
        }
    }

  return sum / n / VALUE;
}

/* Returns: (transfer full): the slice, to be freed with recon_host_memory_free() */
static float *
reconstruct (ReconDevice  *device,
             const Disc   *disc,
             ReconFilterKind   filter,
             ReconPadding  padding)
{
  const guint n_angles = disc->width * 3 / 2;
  g_autofree double *angles = g_new (double, n_angles);
  g_autofree double *weights = g_new (double, n_angles);
  g_autofree float *sinogram = NULL;
  ReconFilterSettings filter_settings = { filter, padding, 0.5, 4 };
  BackprojectSettings settings = {
    .angles = angles, .weights = weights, .n_angles = n_angles, .axis = disc->axis,
    .width = disc->width, .height = disc->width, .scale = 1,
  };
  g_autoptr (Subject) filter_subject = filter_new (&filter_settings);
  g_autoptr (Subject) backproject_subject = NULL;
  Block block = { .n = 1, .n_angles = n_angles, .width = disc->width };
  float *filtered, *slice;

  for (guint i = 0; i < n_angles; i++)
    {
      angles[i] = i * disc->range / n_angles;
      weights[i] = G_PI / n_angles;
    }
  sinogram = project (disc, n_angles, angles);
  filtered = run_task (filter_subject, device, &block, sinogram);

  backproject_subject = backproject_new (&settings);
  slice = run_task (backproject_subject, device, &block, filtered);
  recon_host_memory_free (filtered);

  return slice;
}

static const Disc discs[] = {
  { 256, 127.5, G_PI, 0, 0, 100 },     { 255, 127, G_PI, 0, 0, 100 },          { 256, 120.3, G_PI, -12, 17, 80 },
  { 255, 133.9, 2 * G_PI, 9, -20, 60 },
};

static const ReconFilterKind filters[] = {
  RECON_FILTER_RAMP, RECON_FILTER_SHEPP_LOGAN, RECON_FILTER_COSINE,      RECON_FILTER_HANN,
  RECON_FILTER_HAMMING, RECON_FILTER_PARZEN,   RECON_FILTER_BUTTERWORTH,
};

static void
test_value (gconstpointer data)
{
  const ReconPadding padding = (ReconPadding) GPOINTER_TO_UINT (data);
  g_autoptr (ReconDevice) device = open_device (TRUE);

  for (guint d = 0; d < G_N_ELEMENTS (discs); d++)
    for (guint f = 0; f < G_N_ELEMENTS (filters); f++)
      {
        float *slice;

        if (!test_is_exhaustive () && (d + f + padding) % G_N_ELEMENTS (discs) != 0)
          continue;
        slice = reconstruct (device, &discs[d], filters[f], padding);

        g_assert_cmpfloat_with_epsilon (measure (&discs[d], slice, 0.9), 1, 0.002);
        recon_host_memory_free (slice);
      }
}

/* Flat inside, nothing outside, and no cup: what a ramp with a wrong value at frequency 0 makes. */
static void
test_flat (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  const Disc *disc = &discs[2];
  float *slice = reconstruct (device, disc, RECON_FILTER_HANN, RECON_PADDING_EDGE);
  double outside = 0, n = 0;

  g_assert_cmpfloat_with_epsilon (measure (disc, slice, 0.2), measure (disc, slice, 0.9), 0.001);

  for (guint i = 0; i < disc->width * disc->width; i++)
    {
      double x = i % disc->width - (disc->width - 1) / 2.0, y = i / disc->width - (disc->width - 1) / 2.0;

      if (hypot (x, y) < 115 && hypot (x - disc->x, y - disc->y) > 1.1 * disc->radius)
        {
          outside += (double) slice[i];
          n++;
        }
    }
  g_assert_cmpfloat (n, >, 1000);
  g_assert_cmpfloat_with_epsilon (outside / n / VALUE, 0, 0.002);

  recon_host_memory_free (slice);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/disc/value/zero", GUINT_TO_POINTER (RECON_PADDING_ZERO), test_value);
  g_test_add_data_func ("/disc/value/edge", GUINT_TO_POINTER (RECON_PADDING_EDGE), test_value);
  g_test_add_data_func ("/disc/value/mirror", GUINT_TO_POINTER (RECON_PADDING_MIRROR), test_value);
  g_test_add_func ("/disc/flat", test_flat);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "task-runner.h"

/* Every kernel once on inputs of a few pixels, for oclgrind, which watches every access and takes its time
 * (tests/oclgrind.sh tests/numeric/test-kernels-tiny in the build folder).
 *
 * Sizes are such that work groups stand over at every edge. */

enum { N = 2, ANGLES = 3, WIDTH = 9 };

static void
test_flat_field (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  float data[N * ANGLES * WIDTH], dark[N * WIDTH], flat[N * WIDTH], flat_after[N * WIDTH];
  const float positions[ANGLES] = { 0, 0.5f, 1 };
  Block block = { .n = N, .n_angles = ANGLES, .width = WIDTH };

  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    data[i] = 60;
  for (guint i = 0; i < G_N_ELEMENTS (dark); i++)
    {
      dark[i] = 10;
      flat[i] = 110;
      flat_after[i] = 210;
    }
  flat[3] = flat_after[3] = 10;

  for (guint variant = 0; variant < 16; variant++)
    {
      FlatFieldSettings settings = {
        .correct = (variant & 1) != 0, .absorptivity = (variant & 2) != 0, .fix_nan_inf = (variant & 4) != 0,
        .dark_scale = 1, .clip_minimum = 1e-6, .n_angles = ANGLES,
      };
      g_autoptr (Subject) subject = NULL;
      float *result;

      settings.positions = (variant & 8) != 0 ? positions : NULL;
      block.flat = settings.correct ? flat : NULL;
      block.dark = settings.correct ? dark : NULL;
      block.flat_after = settings.correct && settings.positions != NULL ? flat_after : NULL;
      subject = flat_field_new (&settings);
      result = run_task (subject, device, &block, data);

      for (guint i = 0; i < N * ANGLES * WIDTH; i++)
        {
          double range = block.flat_after != NULL ? 100 * (1 + 0.5 * (i / WIDTH % ANGLES)) : 100;
          double t = settings.correct ? 50 / range : 60;

          /* Bridged, it has what its neighbours have. */
          if (settings.correct && !settings.fix_nan_inf && i / (ANGLES * WIDTH) == 0 && i % WIDTH == 3)
            g_assert_true (isnan (result[i]));
          else
            g_assert_cmpfloat_with_epsilon ((double) result[i], settings.absorptivity ? -log (t) : t, 1e-5);
        }
      recon_host_memory_free (result);
    }
}

static void
test_backproject (void)
{
  const double angles[ANGLES] = { 0, G_PI_2, G_PI }, weights[ANGLES] = { 1, 2, 3 };
  BackprojectSettings settings = {
    .angles = angles, .weights = weights, .n_angles = ANGLES, .axis = 4, .x0 = 0, .y0 = 0,
    .width = WIDTH, .height = WIDTH, .scale = 1, .circle = TRUE,
  };
  Block block = { .n = N, .n_angles = ANGLES, .width = WIDTH };
  float data[N * ANGLES * WIDTH];

  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    data[i] = (float) (i % WIDTH) + 100.0f * (float) (i / (ANGLES * WIDTH));

  for (guint i = 0; i < 6; i++)
    {
      const guint part = i % 2;
      /* At the rim half of the projections' ends are a matter of rounding; merged ones are smoothed there. */
      const double rim = i / 2 == RECON_KERNEL_MERGED ? 1.5 : 4;
      /* A new one each time: oclgrind takes memory that is used again for uninitialised. */
      g_autoptr (ReconDevice) device = open_device (TRUE);
      g_autoptr (Subject) subject = NULL;
      float *result;

      settings.kernel = (int) i / 2;
      settings.x0 = part;
      settings.y0 = 2 * part;
      settings.width = WIDTH - 3 * part;
      settings.height = WIDTH - 2 * part;
      subject = backproject_new (&settings);
      result = run_task (subject, device, &block, data);

      for (guint slice = 0; slice < N; slice++)
        for (guint row = 0; row < settings.height; row++)
          for (guint column = 0; column < settings.width; column++)
            {
              double x = settings.x0 + column - 4.0, y = settings.y0 + row - 4.0;
              double expected = hypot (x, y) <= 4 ? (x + 4) + 2 * (y + 4) + 3 * (4 - x) + 600 * slice : 0;

              if (fabs (x) < rim && fabs (y) < rim)
                g_assert_cmpfloat_with_epsilon (
                  (double) result[(slice * settings.height + row) * settings.width + column], expected, 1e-3);
            }
      recon_host_memory_free (result);
    }
}

static void
test_filter (void)
{
  ReconFilterSettings settings = { RECON_FILTER_RAMP, RECON_PADDING_ZERO, 0.5, 4 };
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autoptr (Subject) subject = filter_new (&settings);
  Block block = { .n = 1, .n_angles = ANGLES, .width = WIDTH };
  float data[ANGLES * WIDTH] = { 0 };
  float *result;

  for (guint i = 0; i < ANGLES; i++)
    data[i * WIDTH + 4] = 1;
  result = run_task (subject, device, &block, data);
  for (guint i = 0; i < ANGLES * WIDTH; i++)
    {
      int n = (int) (i % WIDTH) - 4;
      double expected = n == 0 ? 0.25 : n % 2 == 0 ? 0 : -1 / (G_PI * G_PI * n * n);

      g_assert_cmpfloat_with_epsilon ((double) result[i], expected, 1e-6);
    }
  recon_host_memory_free (result);
}

/* Padded by the row's own samples, and not filtered but put into lanes. */
static void
test_other_filters (void)
{
  for (guint i = 0; i < 3; i++)
    {
      ReconFilterSettings settings = { i == 0 ? RECON_FILTER_NONE : RECON_FILTER_RAMP,
                                       i == 2 ? RECON_PADDING_MIRROR : RECON_PADDING_EDGE, 0.5, 4 };
      g_autoptr (ReconDevice) device = open_device (TRUE);
      g_autoptr (Subject) subject = filter_new (&settings);
      Block block = { .n = N, .n_angles = ANGLES, .width = WIDTH };
      float data[N * ANGLES * WIDTH];
      float *result;

      for (guint k = 0; k < G_N_ELEMENTS (data); k++)
        data[k] = (float) (k / (ANGLES * WIDTH));
      result = run_task (subject, device, &block, data);
      for (guint k = 0; k < G_N_ELEMENTS (data); k++)
        g_assert_cmpfloat_with_epsilon (result[k], i == 0 ? data[k] : data[k] * result[ANGLES * WIDTH], 1e-6f);
      recon_host_memory_free (result);
    }
}

/* A stripe, on less than a work item has to do, and on a little more. */
static void
test_remove_rings (void)
{
  static const guint sizes[][2] = { { ANGLES, WIDTH }, { 17, 18 } };

  for (guint i = 0; i < 4; i++)
    {
      const Block block = { .n = N, .n_angles = sizes[i / 2][0], .width = sizes[i / 2][1] };
      const gsize size = (gsize) N * block.n_angles * block.width;
      g_autoptr (ReconDevice) device = open_device_for (TRUE, i % 2 == 1);
      g_autoptr (Subject) subject = subject_new ("remove-rings");
      g_autofree float *data = g_new (float, size);
      float *result;

      set_text (subject, "method", "sorting");
      set_text (subject, "window", "5");
      for (gsize k = 0; k < size; k++)
        data[k] = k % block.width == 4 ? 2 : 1;
      result = run_task (subject, device, &block, data);
      for (gsize k = 0; k < size; k++)
        g_assert_cmpfloat (result[k], ==, 1);
      recon_host_memory_free (result);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* The device of oclgrind has 128 MiB unless it is told, and is refused then. Nobody else reads this. */
  g_setenv ("OCLGRIND_GLOBAL_MEM_SIZE", "536870912", FALSE);

  g_test_add_func ("/kernels-tiny/flat-field", test_flat_field);
  g_test_add_func ("/kernels-tiny/filter", test_filter);
  g_test_add_func ("/kernels-tiny/other-filters", test_other_filters);
  g_test_add_func ("/kernels-tiny/backproject", test_backproject);
  g_test_add_func ("/kernels-tiny/remove-rings", test_remove_rings);

  return g_test_run ();
}

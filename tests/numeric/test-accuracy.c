/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/angles.h"
#include "phantom/phantom.h"
#include "task-runner.h"

/* Filtered backprojection of exact line integrals against the phantom they belong to. */

typedef struct
{
  const char   *phantom;
  guint         width;
  double        axis;
  double        radius; /* pixels per unit of the phantom */
  guint         n_angles;
  double        range; /* radians */
  gboolean      shuffled;
  gboolean      uneven; /* two thirds of the angles in the first half of the range */
  ReconFilterKind   filter;
  ReconPadding  padding;
} Case;

static double *
make_angles (const Case *c)
{
  double *angles = g_new (double, c->n_angles);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < c->n_angles; i++)
    angles[i] = i * c->range / c->n_angles;

  for (guint i = 0; c->uneven && i < c->n_angles; i++)
    {
      guint dense = c->n_angles * 2 / 3;

      angles[i] = i < dense ? i * c->range / 2 / dense
                            : c->range / 2 + (i - dense) * c->range / 2 / (c->n_angles - dense);
    }

  for (guint i = c->n_angles - 1; c->shuffled && i > 0; i--)
    {
      guint j = (guint) g_rand_int_range (rand, 0, (gint32) i + 1);
      double other = angles[i];

      angles[i] = angles[j];
      angles[j] = other;
    }

  return angles;
}

/* Reconstructs the middle slice of the phantom. */
static float *
reconstruct (Case *c)
{
  const ReconFilterSettings settings = { c->filter, c->padding, 0.5, 4 };
  const Block block = { .n = 1, .n_angles = c->n_angles, .width = c->width };
  const gsize pixels = (gsize) c->width * c->width;
  g_autofree double *angles = make_angles (c);
  g_autofree double *weights = recon_angles_weights (angles, c->n_angles, NULL);
  g_autofree float *data = g_new (float, (gsize) c->n_angles * c->width);
  g_autoptr (Subject) filter = filter_new (&settings);
  g_autoptr (Subject) backproject = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = recon_devices_list (&error);
  g_autoptr (GPtrArray) chosen = NULL;
  g_autoptr (ReconDevice) device = NULL;
  float *filtered, *result, *slice;

  g_assert_no_error (error);
  chosen = recon_devices_choose (all, "auto", &error);
  g_assert_no_error (error);
  device = recon_device_open (g_ptr_array_index (chosen, 0), &error);
  g_assert_no_error (error);
  backproject = backproject_new (&(BackprojectSettings) {
      .angles = angles, .weights = weights, .n_angles = c->n_angles, .axis = c->axis,
      .width = c->width, .height = c->width, .scale = 1, .kernel = RECON_CHOICE_AUTO,
  });

  for (guint i = 0; i < c->n_angles; i++)
    recon_phantom_project (recon_phantom_find (c->phantom), 1, c->width, c->radius, c->axis, 0, angles[i],
                           data + (gsize) i * c->width);
  filtered = run_task (filter, device, &block, data);
  result = run_task (backproject, device, &block, filtered);

  slice = g_memdup2 (result, pixels * sizeof (float));
  recon_host_memory_free (filtered);
  recon_host_memory_free (result);

  return slice;
}

static float *
truth (const Case *c)
{
  float *pixels = g_new (float, (gsize) c->width * c->width);

  recon_phantom_slice (recon_phantom_find (c->phantom), 1, c->radius, 0, c->width, c->width, 4, pixels);

  return pixels;
}

/* Distance of pixel (row, column) from the middle in units of the phantom. */
static double
distance (const Case *c,
          guint       row,
          guint       column)
{
  return hypot (row - 0.5 * (c->width - 1), column - 0.5 * (c->width - 1)) / c->radius;
}

static double
psnr (const Case  *c,
      const float *slice,
      const float *expected)
{
  double sum = 0;
  guint n = 0;

  for (guint row = 0; row < c->width; row++)
    for (guint column = 0; column < c->width; column++)
      {
        gsize i = (gsize) row * c->width + column;
        double difference = (double) slice[i] - (double) expected[i];

        if (distance (c, row, column) > 0.95)
          continue;
        sum += difference * difference;
        n++;
      }

  return -10 * log10 (sum / n);
}

static void
test_psnr (gconstpointer data)
{
  guint width = GPOINTER_TO_UINT (data);
  /* The error is that of the linear interpolation and of the phantom's edges, and falls with the pixel. */
  double bar = width == 256 ? 32.5 : 36;
  Case c = { .phantom = "shepp-logan",
             .width = width,
             .axis = 0.5 * (width - 1),
             .radius = 0.5 * width,
             .n_angles = width * 3 / 2,
             .range = G_PI,
             .filter = RECON_FILTER_RAMP,
             .padding = RECON_PADDING_EDGE };
  g_autofree float *slice = reconstruct (&c);
  g_autofree float *expected = truth (&c);
  double value = psnr (&c, slice, expected);

  g_test_message ("PSNR at %u columns: %.2f dB", width, value);
  g_assert_cmpfloat (value, >=, bar);
}

static double
mean_within (const Case  *c,
             const float *slice,
             double       radius)
{
  double sum = 0;
  guint n = 0;

  for (guint row = 0; row < c->width; row++)
    for (guint column = 0; column < c->width; column++)
      {
        if (distance (c, row, column) > radius)
          continue;
        sum += (double) slice[(gsize) row * c->width + column];
        n++;
      }

  return sum / n;
}

static void
test_grey_values (void)
{
  static const guint widths[] = { 256, 512, 511 };

  for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
    for (guint filter = RECON_FILTER_RAMP; filter <= RECON_FILTER_BUTTERWORTH; filter++)
      for (guint padding = RECON_PADDING_ZERO; padding <= RECON_PADDING_MIRROR; padding++)
        {
          Case c = { .phantom = "disc",
                     .width = widths[w],
                     .axis = 0.5 * (widths[w] - 1),
                     .radius = 0.5 * widths[w],
                     .n_angles = widths[w] * 3 / 2,
                     .range = G_PI,
                     .filter = filter,
                     .padding = padding };
          g_autofree float *slice = NULL;
          double mean;

          /* The full table at the smallest width, the plain filter at all. */
          if (w > 0 && (filter != RECON_FILTER_RAMP || padding != RECON_PADDING_EDGE))
            continue;
          slice = reconstruct (&c);
          mean = mean_within (&c, slice, 0.7);
          g_test_message ("Disc at %u columns, filter %u, padding %u: %.5f", widths[w], filter, padding, mean);
          g_assert_cmpfloat_with_epsilon (mean, 1, 0.002);
        }
}

/* A uniform disc comes out flat: no cupping from a wrong value at frequency 0. */
static void
test_flatness (void)
{
  Case c = { .phantom = "disc",
             .width = 512,
             .axis = 255.5,
             .radius = 256,
             .n_angles = 768,
             .range = G_PI,
             .filter = RECON_FILTER_RAMP,
             .padding = RECON_PADDING_EDGE };
  g_autofree float *slice = reconstruct (&c);
  double inner = mean_within (&c, slice, 0.2);
  double outer = mean_within (&c, slice, 0.75);

  g_assert_cmpfloat_with_epsilon (inner, outer, 0.001);
}

/* Correlation of the slice with the truth moved by (dx, dy). */
static double
correlate (const Case  *c,
           const float *slice,
           const float *expected,
           int          dx,
           int          dy)
{
  double sum = 0;

  for (guint row = 4; row < c->width - 4; row++)
    for (guint column = 4; column < c->width - 4; column++)
      sum += (double) slice[(gsize) row * c->width + column] *
             (double) expected[(gsize) ((int) row - dy) * c->width + (gsize) ((int) column - dx)];

  return sum;
}

static double
vertex (double before,
        double at,
        double after)
{
  return 0.5 * (before - after) / (before - 2 * at + after);
}

static void
check_position (Case *c)
{
  g_autofree float *slice = reconstruct (c);
  g_autofree float *expected = truth (c);
  double middle = correlate (c, slice, expected, 0, 0);
  double x = vertex (correlate (c, slice, expected, -1, 0), middle, correlate (c, slice, expected, 1, 0));
  double y = vertex (correlate (c, slice, expected, 0, -1), middle, correlate (c, slice, expected, 0, 1));
  guint last = c->width - 1;

  g_test_message ("%u columns, axis %g, %u angles over %.0f°%s: peak at %.4f, %.4f; PSNR %.1f dB", c->width, c->axis,
                  c->n_angles, c->range * 180 / G_PI, c->shuffled ? ", shuffled" : "", x, y,
                  psnr (c, slice, expected));

  for (int dx = -3; dx <= 3; dx++)
    for (int dy = -3; dy <= 3; dy++)
      g_assert_cmpfloat (correlate (c, slice, expected, dx, dy), <=, middle);
  g_assert_cmpfloat_with_epsilon (x, 0, 0.1);
  g_assert_cmpfloat_with_epsilon (y, 0, 0.1);

  /* No flip or turn of the truth fits as well. */
  for (guint turn = 1; turn < 8; turn++)
    {
      g_autofree float *turned = g_new (float, (gsize) c->width * c->width);

      for (guint row = 0; row <= last; row++)
        for (guint column = 0; column <= last; column++)
          {
            guint a = turn & 1 ? column : row;
            guint b = turn & 1 ? row : column;

            a = turn & 2 ? last - a : a;
            b = turn & 4 ? last - b : b;
            turned[(gsize) row * c->width + column] = expected[(gsize) a * c->width + b];
          }
      g_assert_cmpfloat (psnr (c, slice, turned), <, psnr (c, slice, expected) - 5);
    }
}

static void
test_position (void)
{
  static const guint widths[] = { 256, 255 };
  static const double axes[] = { 0.5, 0.43, 0.27 };

  for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
    for (guint a = 0; a < G_N_ELEMENTS (axes); a++)
      for (guint full = 0; full < 2; full++)
        for (guint shuffled = 0; shuffled < 2; shuffled++)
          {
            double axis = axes[a] * (widths[w] - 1) + (a > 0 ? 0.37 : 0);
            Case c = { .phantom = "asymmetric",
                       .width = widths[w],
                       .axis = axis,
                       .radius = axis + 0.5,
                       .n_angles = widths[w] * 3 / 2 * (1 + full),
                       .range = G_PI * (1 + full),
                       .shuffled = shuffled,
                       .filter = RECON_FILTER_RAMP,
                       .padding = RECON_PADDING_EDGE };

            check_position (&c);
          }
}

/* The first half of the range twice as dense as the second: each angle must weigh by its spacing. */
static void
test_uneven_angles (void)
{
  Case c = { .phantom = "shepp-logan",
             .width = 256,
             .axis = 127.5,
             .radius = 128,
             .n_angles = 576,
             .range = G_PI,
             .uneven = TRUE,
             .filter = RECON_FILTER_RAMP,
             .padding = RECON_PADDING_EDGE };
  g_autofree float *slice = reconstruct (&c);
  g_autofree float *expected = truth (&c);
  double value = psnr (&c, slice, expected);

  g_test_message ("PSNR with uneven angles: %.2f dB", value);
  g_assert_cmpfloat (value, >=, 31.5);
}

int
main (int    argc,
      char **argv)
{
  static const guint widths[] = { 256, 512, 511 };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autofree char *name = g_strdup_printf ("/accuracy/psnr/%u", widths[i]);

      g_test_add_data_func (name, GUINT_TO_POINTER (widths[i]), test_psnr);
    }
  g_test_add_func ("/accuracy/grey-values", test_grey_values);
  g_test_add_func ("/accuracy/flatness", test_flatness);
  g_test_add_func ("/accuracy/position", test_position);
  g_test_add_func ("/accuracy/uneven-angles", test_uneven_angles);

  return g_test_run ();
}

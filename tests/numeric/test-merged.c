/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/angles.h"
#include "phantom/phantom.h"
#include "task-runner.h"
#include "support.h"

/* How exact merging is: the distance of a slice to a reference whose projections are interpolated by the Fourier
 * transform, which is what linear interpolation and merging come near to. */

#define OVERSAMPLING 8

typedef enum
{
  UNIFORM,
  SHUFFLED, /* and not quite even */
  GAP,      /* 20 degrees are missing */
  CLUSTERS, /* two, of 30 degrees */
  SINGLE,
} Angles;

typedef struct
{
  const char *name;
  guint       width;
  guint       n_angles;
  double      axis;
  double      range;
  Angles      angles;
} Case;

static const Case cases[] = {
  { "uniform-512", 512, 768, 255.5, G_PI, UNIFORM },
  { "axis", 256, 768, 120.37, G_PI, UNIFORM },
  { "full-turn", 256, 1536, 130.8, 2 * G_PI, UNIFORM },
  { "shuffled", 255, 700, 127, G_PI, SHUFFLED },
  { "gap", 256, 640, 127.5, G_PI, GAP },
  { "clusters", 256, 400, 127.5, G_PI, CLUSTERS },
  { "small-tiles", 256, 300, 127.5, G_PI, UNIFORM },
  { "few", 256, 100, 127.5, G_PI, UNIFORM },
  { "single", 256, 1, 127.5, 0, SINGLE },
};

typedef struct
{
  const Case *c;
  double     *angles;
  double     *weights;
  float      *rows; /* filtered: n_angles × width */
} Scan;

static void
scan_clear (Scan *scan)
{
  g_free (scan->angles);
  g_free (scan->weights);
  recon_host_memory_free (scan->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

static double
get_angle (const Case *c,
           guint       i,
           guint      *state)
{
  const double step = c->range / c->n_angles;

  switch (c->angles)
    {
    case SHUFFLED:
      return step * (i * 211 % c->n_angles + 0.4 * test_random (state));
    case GAP:
      return step * i * 160 / 180 + (i > c->n_angles / 3 ? 20 * G_PI / 180 : 0);
    case CLUSTERS:
      return (i % 2 * 80 + 30.0 * i / c->n_angles) * G_PI / 180;
    case UNIFORM:
    case SINGLE:
    default:
      return step * i + 0.1;
    }
}

static void
scan_init (Scan        *scan,
           const Case  *c,
           ReconDevice *device)
{
  ReconFilterSettings settings = { RECON_FILTER_RAMP, RECON_PADDING_ZERO, 0.5, 4 };
  Block block = { .n = 1, .n_angles = c->n_angles, .width = c->width };
  g_autoptr (Subject) filter = filter_new (&settings);
  g_autofree float *sinogram = g_new (float, (gsize) c->n_angles * c->width);
  guint state = 1;

  scan->c = c;
  scan->angles = g_new (double, c->n_angles);
  for (guint i = 0; i < c->n_angles; i++)
    {
      scan->angles[i] = get_angle (c, i, &state);
      recon_phantom_project (recon_phantom_find ("shepp-logan"), 1, c->width, 0.5 * c->width, c->axis, 0,
                             scan->angles[i], sinogram + (gsize) i * c->width);
    }
  scan->weights = recon_angles_weights (scan->angles, c->n_angles, NULL);
  scan->rows = run_task (filter, device, &block, sinogram);
}

/* The rows with OVERSAMPLING samples per column. They go on as zeros for once their width and are repeated then, so
 * that the Fourier series through the columns is a sum of q[j] · sin (πx) / (m tan (πx / m)), x columns from j, m = 2
 * · width. */
static float *
oversample (const Scan *scan)
{
  const guint width = scan->c->width, n_fine = OVERSAMPLING * width;
  float *rows = g_new (float, (gsize) scan->c->n_angles * n_fine);
  g_autofree float *series = g_new (float, 2 * width);

  for (guint phase = 0; phase < OVERSAMPLING; phase++)
    {
      for (guint k = 0; k < 2 * width; k++)
        {
          const double x = (double) k - width + (double) phase / OVERSAMPLING;

          series[k] = (float) (x == 0 ? 1 : sin (G_PI * x) / (2 * width * tan (G_PI * x / (2 * width))));
        }

      for (guint i = 0; i < scan->c->n_angles; i++)
        for (guint column = 0; column < width; column++)
          {
            const float *q = scan->rows + (gsize) i * width;
            float sum = 0;

            for (guint j = 0; j < width; j++)
              sum += q[j] * series[column + width - j];
            rows[(gsize) i * n_fine + OVERSAMPLING * column + phase] = sum;
          }
    }

  return rows;
}

static gboolean
is_inside (const Case *c,
           guint       row,
           guint       column)
{
  const double radius = 0.95 * MIN (c->axis, c->width - 1 - c->axis);

  return hypot (row - 0.5 * (c->width - 1), column - 0.5 * (c->width - 1)) < radius;
}

static float *
make_reference (const Scan *scan)
{
  const guint width = scan->c->width;
  g_autofree float *rows = oversample (scan);
  float *slice = g_new0 (float, (gsize) width * width);

  for (guint i = 0; i < scan->c->n_angles; i++)
    {
      const float *q = rows + (gsize) i * OVERSAMPLING * width;
      const double cosine = OVERSAMPLING * cos (scan->angles[i]), sine = OVERSAMPLING * sin (scan->angles[i]);
      const float weight = (float) scan->weights[i];

      for (guint row = 0; row < width; row++)
        for (guint column = 0; column < width; column++)
          {
            double u = (column - 0.5 * (width - 1)) * cosine + (row - 0.5 * (width - 1)) * sine +
                       OVERSAMPLING * scan->c->axis;
            guint left = (guint) MAX (u, 0);
            float f = (float) (u - left);

            if (is_inside (scan->c, row, column))
              slice[(gsize) row * width + column] += weight * (q[left] + f * (q[left + 1] - q[left]));
          }
    }

  return slice;
}

static float *
backproject (const Scan  *scan,
             ReconDevice *device,
             ReconKernel  kernel)
{
  const Case *c = scan->c;
  BackprojectSettings settings = {
    .angles = scan->angles, .weights = scan->weights, .n_angles = c->n_angles, .axis = c->axis,
    .width = c->width, .height = c->width, .scale = 1, .kernel = (int) kernel,
  };
  Block block = { .n = 1, .n_angles = c->n_angles, .width = c->width };
  g_autoptr (Subject) subject = backproject_new (&settings);

  return run_task (subject, device, &block, scan->rows);
}

typedef enum
{
  EVERYWHERE,
  BORDERS,  /* of tiles */
  INTERIOR, /* of patches */
} Place;

static gboolean
is_at (Place place,
       guint row,
       guint column)
{
  const gboolean tile = row % 64 == 0 || row % 64 == 63 || column % 64 == 0 || column % 64 == 63;
  const gboolean patch = row % 16 == 0 || row % 16 == 15 || column % 16 == 0 || column % 16 == 15;

  return place == EVERYWHERE || (place == BORDERS ? tile : !patch);
}

/* Root of the mean square of the difference, relative to the reference's. */
static double
get_error (const Case  *c,
           const float *slice,
           const float *reference,
           Place        place)
{
  double sum = 0, norm = 0;
  guint n = 0, n_norm = 0;

  for (guint row = 0; row < c->width; row++)
    for (guint column = 0; column < c->width; column++)
      {
        const gsize i = (gsize) row * c->width + column;
        const double difference = (double) slice[i] - (double) reference[i];

        if (!is_inside (c, row, column))
          continue;
        norm += (double) reference[i] * (double) reference[i];
        n_norm++;
        if (is_at (place, row, column))
          {
            sum += difference * difference;
            n++;
          }
      }

  return sqrt (sum / n) / sqrt (norm / n_norm);
}

static void
test_accuracy (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_auto (Scan) scan = { 0 };
  g_autofree float *reference = NULL;
  float *plain, *direct, *merged;
  double plain_error, merged_error, rounding;

  scan_init (&scan, c, device);
  reference = make_reference (&scan);
  plain = backproject (&scan, device, RECON_KERNEL_PLAIN);
  direct = backproject (&scan, device, RECON_KERNEL_DIRECT);
  merged = backproject (&scan, device, RECON_KERNEL_MERGED);

  rounding = get_error (c, direct, plain, EVERYWHERE);
  plain_error = get_error (c, plain, reference, EVERYWHERE);
  merged_error = get_error (c, merged, reference, EVERYWHERE);
  g_test_message ("%s: direct from plain %.1e; from the reference: plain %.4f, merged %.4f", c->name, rounding,
                  plain_error, merged_error);
  g_assert_cmpfloat (rounding, <=, 1e-6);
  g_assert_cmpfloat (plain_error, >, 0.01);
  g_assert_cmpfloat (plain_error, <, 0.25);
  g_assert_cmpfloat (merged_error, <=, plain_error);

  /* No border of a tile stands out: neither from its inside by more than a twentieth, nor beside what the plain
   * kernel makes of the same pixels. */
  if (c->angles == UNIFORM && c->n_angles > 500)
    {
      const double border = get_error (c, merged, reference, BORDERS);
      const double interior = get_error (c, merged, reference, INTERIOR);
      const double plain_border = get_error (c, plain, reference, BORDERS);

      g_test_message ("%s: along tiles' borders %.4f (plain %.4f), inside of patches %.4f", c->name, border,
                      plain_border, interior);
      g_assert_cmpfloat (border, <=, plain_border);
      g_assert_cmpfloat (border, <=, 1.1 * interior);
    }

  recon_host_memory_free (plain);
  recon_host_memory_free (direct);
  recon_host_memory_free (merged);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/merged/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_accuracy);
    }

  return g_test_run ();
}

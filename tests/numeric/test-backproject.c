/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/error.h"
#include "support.h"
#include "task-runner.h"

typedef struct
{
  guint    width; /* of the detector */
  double   axis;
  guint    n_angles;
  double   range;
  gboolean shuffled;
} Geometry;

static const ReconKernel kernels[] = { RECON_KERNEL_PLAIN, RECON_KERNEL_DIRECT, RECON_KERNEL_MERGED };

static const Geometry geometries[] = {
  { 64, 31.5, 40, G_PI, FALSE },      { 65, 32, 40, G_PI, FALSE },       { 64, 40.3, 51, 2 * G_PI, FALSE },
  { 63, 25.77, 33, G_PI, TRUE },      { 48, -7.5, 60, 2 * G_PI, FALSE }, { 48, 60.25, 31, 2 * G_PI, TRUE },
  { 1, 0, 3, G_PI, FALSE },           { 2, 0.5, 5, G_PI, FALSE },        { 3, 1, 7, G_PI, TRUE },
  { 37, 18, 1, 0, FALSE },
};

/* Angles, weights and a sinogram that has no symmetry. */
static BackprojectSettings
make_settings (const Geometry *geometry,
               guint          *state)
{
  double *angles = g_new (double, geometry->n_angles);
  double *weights = g_new (double, geometry->n_angles);

  for (guint i = 0; i < geometry->n_angles; i++)
    {
      angles[i] = geometry->range * (i + 0.3 * test_random (state)) / geometry->n_angles - 0.4;
      weights[i] = (0.5 + test_random (state)) * G_PI / geometry->n_angles;
    }
  for (guint i = geometry->n_angles; geometry->shuffled && i > 1; i--)
    {
      guint j = (guint) (test_random (state) * i);
      double angle = angles[i - 1];

      angles[i - 1] = angles[j];
      angles[j] = angle;
    }

  return (BackprojectSettings) {
    .angles = angles,
    .weights = weights,
    .n_angles = geometry->n_angles,
    .axis = geometry->axis,
    .width = geometry->width,
    .height = geometry->width,
    .scale = 1,
  };
}

static void
clear_settings (BackprojectSettings *settings)
{
  g_free ((gpointer) settings->angles);
  g_free ((gpointer) settings->weights);
}

static float *
make_sinograms (guint  n,
                guint *state)
{
  float *data = g_new (float, n);

  for (guint i = 0; i < n; i++)
    data[i] = (float) (2 * test_random (state) - 0.7);

  return data;
}

/* The sum in double precision; projections go on as zeros. */
static double
get_expected (const BackprojectSettings *settings,
              const float                    *sinogram,
              guint                           width,
              guint                           row,
              guint                           column)
{
  double x = column - (width - 1) / 2.0, y = row - (width - 1) / 2.0;
  double sum = 0;

  for (guint i = 0; i < settings->n_angles; i++)
    {
      const float *q = sinogram + (gsize) i * width;
      double u = x * cos (settings->angles[i]) + y * sin (settings->angles[i]) + settings->axis;

      for (int k = (int) floor (u); k <= (int) floor (u) + 1; k++)
        if (k >= 0 && k < (int) width)
          sum += settings->weights[i] * (double) q[k] * (1 - fabs (u - k));
    }

  return settings->scale * sum;
}

static void
check_sum (ReconDevice    *device,
           const Geometry *geometry,
           ReconKernel     kernel,
           guint           lanes)
{
  const guint width = geometry->width;
  guint state = 1;
  BackprojectSettings settings = make_settings (geometry, &state);
  Block block = { .n = 2, .n_angles = geometry->n_angles, .width = width, .lanes = lanes };
  g_autofree float *data = make_sinograms (2 * geometry->n_angles * width, &state);
  g_autoptr (Subject) subject = NULL;
  float *slices;

  settings.scale = 3.5;
  settings.kernel = kernel;
  subject = backproject_new (&settings);
  slices = run_task (subject, device, &block, data);

  for (guint slice = 0; slice < 2; slice++)
    for (guint row = 0; row < width; row++)
      for (guint column = 0; column < width; column++)
        {
          double expected = get_expected (&settings, data + (gsize) slice * geometry->n_angles * width, width, row,
                                          column);

          g_assert_cmpfloat_with_epsilon ((double) slices[(slice * width + row) * width + column], expected, 1e-4);
        }

  clear_settings (&settings);
  recon_host_memory_free (slices);
}

static void
test_sum (gconstpointer shared)
{
  g_autoptr (ReconDevice) device = open_device (GPOINTER_TO_INT (shared));

  for (guint i = 0; i < G_N_ELEMENTS (geometries); i++)
    {
      check_sum (device, &geometries[i], RECON_KERNEL_PLAIN, 4);
      check_sum (device, &geometries[i], RECON_KERNEL_DIRECT, 4u << i % 3);
    }
}

/* On the axes of a symmetric grid the sum is known exactly, also at both ends of the detector: pixels lie on columns'
 * centres, the ends included. */
static void
test_ends (void)
{
  enum { WIDTH = 5 };
  g_autoptr (ReconDevice) device = open_device (TRUE);
  const double angles[] = { 0 }, weights[] = { 1 };
  BackprojectSettings settings = {
    .angles = angles, .weights = weights, .n_angles = 1, .axis = 2, .width = WIDTH, .height = WIDTH, .scale = 1,
  };
  Block block = { .n = 1, .n_angles = 1, .width = WIDTH };
  const float line[WIDTH] = { 1, 2, 3, 4, 5 };

  for (int i = 0; i < 30; i++)
    {
      const int shift = i / 2 - 7;
      g_autoptr (Subject) subject = NULL;
      float *slice;

      settings.axis = 2 + 0.5 * shift;
      settings.kernel = i % 2 == 0 ? RECON_KERNEL_PLAIN : RECON_KERNEL_DIRECT;
      subject = backproject_new (&settings);
      slice = run_task (subject, device, &block, line);
      for (int row = 0; row < WIDTH; row++)
        for (int column = 0; column < WIDTH; column++)
          {
            float u = (float) column + 0.5f * (float) shift;

            /* Half-way between 0 and the first value, and between the last one and 0. */
            float expected = u < -0.5f || u > WIDTH - 0.5f ? 0 : u < 0 ? 0.5f : u > WIDTH - 1 ? 2.5f : u + 1;

            g_assert_cmpfloat (slice[row * WIDTH + column], ==, expected);
          }
      recon_host_memory_free (slice);
    }
}

/* Bits depend neither on the block, nor on the region, nor on where the memory is. */
static void
test_equality (void)
{
  enum { N = 9, WIDTH = 150 };
  const Geometry geometry = { WIDTH, 66.6, 200, G_PI, FALSE };
  const guint regions[][4] = { { 0, 0, 150, 150 }, { 3, 17, 1, 1 }, { 149, 149, 1, 1 },
                               { 5, 0, 140, 18 },  { 61, 80, 26, 66 } };
  g_autoptr (ReconDevice) shared = open_device (TRUE);
  g_autoptr (ReconDevice) own = open_device (FALSE);
  guint state = 5;
  BackprojectSettings settings = make_settings (&geometry, &state);
  Block block = { .n = N, .n_angles = geometry.n_angles, .width = WIDTH };
  g_autofree float *data = make_sinograms (N * geometry.n_angles * WIDTH, &state);

  for (guint variety = 0; variety < 2 * G_N_ELEMENTS (kernels); variety++)
    {
      g_autoptr (Subject) subject = NULL;
      float *whole;

      settings.circle = variety % 2 > 0;
      settings.kernel = kernels[variety / 2];
      block.lanes = RECON_MIN_LANES << variety % 3;
      settings.x0 = settings.y0 = 0;
      settings.width = settings.height = WIDTH;
      subject = backproject_new (&settings);
      whole = run_task (subject, shared, &block, data);
      assert_any_rows_equal (subject, shared, &block, data, whole);
      assert_any_rows_equal (subject, own, &block, data, whole);

      for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
        {
          g_autoptr (Subject) part = NULL;
          float *region;

          settings.x0 = regions[i][0];
          settings.y0 = regions[i][1];
          settings.width = regions[i][2];
          settings.height = regions[i][3];
          part = backproject_new (&settings);
          block.lanes = RECON_MIN_LANES << i % 3;
          region = run_task (part, i % 2 == 0 ? shared : own, &block, data);

          for (guint slice = 0; slice < N; slice++)
            for (guint row = 0; row < settings.height; row++)
              g_assert_cmpmem (region + (slice * settings.height + row) * settings.width,
                               settings.width * sizeof (float),
                               whole + (slice * WIDTH + settings.y0 + row) * WIDTH + settings.x0,
                               settings.width * sizeof (float));
          recon_host_memory_free (region);
        }
      recon_host_memory_free (whole);
    }

  clear_settings (&settings);
}

/* So many angles that a slice takes several launches: the rows of each must land where they belong. */
static void
test_many_launches (void)
{
  enum { WIDTH = 130, ANGLES = 20000 };
  const Geometry geometry = { WIDTH, 64.5, ANGLES, G_PI, FALSE };
  g_autoptr (ReconDevice) device = open_device (TRUE);
  guint state = 5;
  BackprojectSettings settings = make_settings (&geometry, &state);
  Block block = { .n = 1, .n_angles = ANGLES, .width = WIDTH };
  g_autofree float *data = make_sinograms (ANGLES * WIDTH, &state);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Subject) subject = NULL;
      float *slice;

      settings.kernel = kernels[i];
      subject = backproject_new (&settings);
      slice = run_task (subject, device, &block, data);
      for (guint row = 0; row < WIDTH; row += 3)
        {
          guint column = 20 + row / 2;

          g_assert_cmpfloat_with_epsilon ((double) slice[row * WIDTH + column],
                                          get_expected (&settings, data, WIDTH, row, column), 1e-4);
        }
      recon_host_memory_free (slice);
    }

  clear_settings (&settings);
}

/* A point off both diagonals, seen at s = x cos θ + y sin θ: it must appear there and nowhere else, for any axis. */
static void
check_point (ReconDevice    *device,
             const Geometry *geometry,
             ReconKernel     kernel)
{
  const guint width = geometry->width, point_row = width / 2 - 9, point_column = width / 2 + 5;
  guint state = 1, best = 0;
  BackprojectSettings settings = make_settings (geometry, &state);
  Block block = { .n = 1, .n_angles = geometry->n_angles, .width = width };
  g_autofree float *data = g_new0 (float, geometry->n_angles * width);
  g_autoptr (Subject) subject = NULL;
  float *slice;

  settings.kernel = kernel;
  subject = backproject_new (&settings);

  for (guint i = 0; i < geometry->n_angles; i++)
    {
      double u = (point_column - (width - 1) / 2.0) * cos (settings.angles[i]) +
                 (point_row - (width - 1) / 2.0) * sin (settings.angles[i]) + geometry->axis;

      for (guint j = 0; j < width; j++)
        data[i * width + j] = (float) MAX (0, 1 - fabs (j - u));
    }

  slice = run_task (subject, device, &block, data);
  for (guint i = 0; i < width * width; i++)
    if (slice[i] > slice[best])
      best = i;
  g_assert_cmpuint (best / width, ==, point_row);
  g_assert_cmpuint (best % width, ==, point_column);

  clear_settings (&settings);
  recon_host_memory_free (slice);
}

static void
test_point (void)
{
  const Geometry points[] = {
    { 64, 31.5, 96, G_PI, FALSE }, { 65, 32, 96, G_PI, TRUE }, { 64, 24.2, 96, 2 * G_PI, TRUE },
    { 65, 39.5, 96, 2 * G_PI, FALSE },
  };
  g_autoptr (ReconDevice) device = open_device (TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    for (guint k = 0; k < G_N_ELEMENTS (kernels); k++)
      check_point (device, &points[i], kernels[k]);
}

/* Ones backprojected: the circle is where nothing was cut to 0. */
static void
test_circle (void)
{
  const struct
  {
    guint  width;
    double axis, range, radius; /* radius < 0: no circle */
  } cases[] = {
    { 40, 19.5, G_PI, 19.5 },          { 41, 20, G_PI, 20 },     { 40, 15, G_PI, 15 },  { 40, 30.5, G_PI, 8.5 },
    { 40, 15, 2 * G_PI, 24 },          { 40, -3, G_PI, -1 },     { 40, 45, 2 * G_PI, -1 }, { 40, 39, G_PI, 0 },
    { 41, 12, 181.5 * G_PI / 180, 12 },
  };
  g_autoptr (ReconDevice) device = open_device (TRUE);

  for (guint k = 0; k < 2 * G_N_ELEMENTS (cases); k++)
    {
      enum { ANGLES = 180 };
      const guint i = k / 2;
      const guint width = cases[i].width;
      double angles[ANGLES], weights[ANGLES];
      BackprojectSettings settings = {
        .angles = angles, .weights = weights, .n_angles = ANGLES, .axis = cases[i].axis,
        .width = width, .height = width, .scale = 1, .circle = TRUE,
        .kernel = kernels[k % 2],
      };
      Block block = { .n = 1, .n_angles = ANGLES, .width = width };
      g_autofree float *ones = g_new (float, ANGLES * width);
      g_autoptr (Subject) masked = NULL;
      g_autoptr (Subject) full = NULL;
      float *slice, *reference;

      for (guint j = 0; j < ANGLES; j++)
        {
          angles[j] = 17 + j * cases[i].range / ANGLES;
          weights[j] = 1;
        }
      for (guint j = 0; j < ANGLES * width; j++)
        ones[j] = 1;

      masked = backproject_new (&settings);
      slice = run_task (masked, device, &block, ones);
      settings.circle = FALSE;
      full = backproject_new (&settings);
      reference = run_task (full, device, &block, ones);

      for (guint j = 0; j < width * width; j++)
        {
          double x = j % width - (width - 1) / 2.0, y = j / width - (width - 1) / 2.0;
          gboolean inside = cases[i].radius < 0 || x * x + y * y <= cases[i].radius * cases[i].radius;

          g_assert_cmpfloat (slice[j], ==, inside ? reference[j] : 0);

          /* What half a turn leaves inside was seen by all projections, but for those that end at its rim. */
          if (inside && cases[i].radius > 0 && cases[i].range < 3.2 && hypot (x, y) < cases[i].radius - 0.01)
            g_assert_cmpfloat (slice[j], ==, ANGLES);
        }
      recon_host_memory_free (slice);
      recon_host_memory_free (reference);
    }
}

static void
assert_refused (const BackprojectSettings *settings,
                guint                      n_angles,
                ReconError                 code,
                const char                *text)
{
  const Block block = { .n = 1, .n_angles = n_angles, .width = 40 };
  g_autoptr (GError) error = NULL;
  g_autoptr (Subject) subject = try_backproject_new (settings, &error);

  g_assert_true (subject == NULL || !shape_block (subject, &block, &error));
  g_assert_error (error, RECON_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, text));
}

static void
test_shape (void)
{
  const Geometry geometry = { 40, 19.5, 10, G_PI, FALSE };
  const Block block = { .n = 2, .n_angles = 10, .width = 40 };
  guint state = 5;
  BackprojectSettings settings = make_settings (&geometry, &state);
  g_autoptr (Subject) subject = NULL;
  g_autoptr (GError) error = NULL;
  const ReconArrayInfo *made;

  settings.x0 = 7;
  settings.y0 = 9;
  settings.width = 33;
  settings.height = 31;
  subject = backproject_new (&settings);
  shape_block (subject, &block, &error);
  g_assert_no_error (error);
  made = recon_task_get_output (subject->task, 0);
  g_assert_true (recon_array_info_has_axes (made, "z", "y", "x", NULL));
  g_assert_cmpuint (made->axes[0].size, ==, 2);
  g_assert_cmpuint (made->axes[1].size, ==, 31);
  g_assert_cmpuint (made->axes[2].size, ==, 33);
  g_assert_cmpfloat (made->geometry->x0, ==, 7);
  g_assert_cmpfloat (made->geometry->y0, ==, 9);
  g_assert_cmpuint (ask_task (subject).device_bytes, >=, 10 * 3 * sizeof (float));
  assert_projections_only (subject);

  assert_refused (&settings, 11, RECON_ERROR_INPUT, "10 angles, but 11 projections");

  settings.width = 34;
  assert_refused (&settings, 10, RECON_ERROR_CONFIG, "7,9,34,31");
  settings.width = 33;
  settings.height = 32;
  assert_refused (&settings, 10, RECON_ERROR_CONFIG, "40 × 40");
  settings.height = G_MAXINT32;
  assert_refused (&settings, 10, RECON_ERROR_CONFIG, "40 × 40");
  settings.height = 0;
  assert_refused (&settings, 10, RECON_ERROR_CONFIG, "7,9,33,0");
  settings.height = 1;
  settings.y0 = 40;
  assert_refused (&settings, 10, RECON_ERROR_CONFIG, "7,40,33,1");

  settings.y0 = 0;
  ((double *) settings.angles)[4] = NAN;
  assert_refused (&settings, 10, RECON_ERROR_INPUT, "projection 4");
  settings.axis = NAN;
  assert_refused (&settings, 10, RECON_ERROR_INPUT, "Neither angles nor axis of the projections are known");

  clear_settings (&settings);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (G_USEC_PER_SEC / 5);
  g_cancellable_cancel (data);

  return NULL;
}

/* Work for minutes stops soon after it is cancelled. */
static void
test_cancel (gconstpointer kernel)
{
  enum { WIDTH = 1500, ANGLES = 40000 };
  const Geometry geometry = { WIDTH, 750, ANGLES, G_PI, FALSE };
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  guint state = 5;
  BackprojectSettings settings = make_settings (&geometry, &state);
  Block block = { .n = 1, .n_angles = ANGLES, .width = WIDTH };
  g_autofree float *data = g_new0 (float, (gsize) ANGLES * WIDTH);
  g_autoptr (Subject) subject = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  gint64 start = g_get_monotonic_time ();

  settings.kernel = GPOINTER_TO_INT (kernel);
  subject = backproject_new (&settings);
  g_assert_null (try_task (subject, device, &block, data, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);

  g_thread_join (thread);
  clear_settings (&settings);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/backproject/sum/shared", GINT_TO_POINTER (TRUE), test_sum);
  g_test_add_data_func ("/backproject/sum/own-memory", GINT_TO_POINTER (FALSE), test_sum);
  g_test_add_func ("/backproject/ends", test_ends);
  g_test_add_func ("/backproject/equality", test_equality);
  g_test_add_func ("/backproject/many-launches", test_many_launches);
  g_test_add_func ("/backproject/point", test_point);
  g_test_add_func ("/backproject/circle", test_circle);
  g_test_add_func ("/backproject/shape", test_shape);
  g_test_add_data_func ("/backproject/cancel/plain", GINT_TO_POINTER (RECON_KERNEL_PLAIN), test_cancel);
  g_test_add_data_func ("/backproject/cancel/direct", GINT_TO_POINTER (RECON_KERNEL_DIRECT), test_cancel);

  return g_test_run ();
}

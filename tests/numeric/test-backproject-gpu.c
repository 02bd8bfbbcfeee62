/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "tasks/backprojection.h"
#include "task-runner.h"
#include "support.h"

/* The kernels for GPUs, on whatever device there is. */

typedef struct
{
  guint    width; /* of the detector */
  double   axis;
  guint    n_angles;
  double   range;
  gboolean shuffled;
  guint    n, lanes;
} Geometry;

static const Geometry geometries[] = {
  { 64, 31.5, 40, G_PI, FALSE, 2, 4 },      { 75, 33.3, 51, 2 * G_PI, FALSE, 5, 8 },
  { 33, 15.77, 33, G_PI, TRUE, 3, 16 },     { 48, -7.5, 60, 2 * G_PI, FALSE, 1, 4 },
  { 48, 60.25, 31, 2 * G_PI, TRUE, 9, 8 },  { 1, 0, 3, G_PI, FALSE, 2, 4 },
  { 2, 0.5, 5, G_PI, FALSE, 4, 4 },         { 3, 1, 7, G_PI, TRUE, 17, 16 },
  { 37, 18, 1, 0, FALSE, 1, 16 },           { 31, 15, 400, G_PI, FALSE, 1, 4 },
  { 32, 12.5, 400, 2 * G_PI, TRUE, 4, 16 }, { 65, 1e6, 9, G_PI, FALSE, 1, 4 },
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
make_noise (gsize  n,
            guint *state)
{
  float *data = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    data[i] = (float) (2 * test_random (state) - 0.7);

  return data;
}

static float *
run_kernel (const BackprojectSettings *settings,
            int                             kernel,
            ReconDevice                    *device,
            const Block               *block,
            const float                    *data)
{
  BackprojectSettings copy = *settings;
  g_autoptr (Subject) subject = NULL;

  copy.kernel = kernel;
  subject = backproject_new (&copy);

  return run_task (subject, device, block, data);
}

/* Relative to the expected values. */
static double
get_rms_difference (const float *values,
                    const float *expected,
                    gsize        n)
{
  double difference = 0, square = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (isfinite (values[i]));
      difference += ((double) values[i] - (double) expected[i]) * ((double) values[i] - (double) expected[i]);
      square += (double) expected[i] * (double) expected[i];
    }

  return difference == 0 ? 0 : sqrt (difference / square);
}

static void
test_direct (gconstpointer shared)
{
  g_autoptr (ReconDevice) device = open_device_for (GPOINTER_TO_INT (shared), TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (geometries); i++)
    {
      const Geometry *geometry = &geometries[i];
      const guint width = geometry->width;
      guint state = i + 1;
      BackprojectSettings settings = make_settings (geometry, &state);
      Block block = {
        .n = geometry->n, .lanes = geometry->lanes, .n_angles = geometry->n_angles, .width = width,
      };
      g_autofree float *data = make_noise ((gsize) geometry->n * geometry->n_angles * width, &state);
      float *plain, *direct;

      settings.scale = 3.5;
      settings.circle = i % 2 == 1;
      plain = run_kernel (&settings, RECON_KERNEL_PLAIN, device, &block, data);
      direct = run_kernel (&settings, RECON_KERNEL_DIRECT, device, &block, data);
      g_assert_cmpfloat (get_rms_difference (direct, plain, (gsize) geometry->n * width * width), <=, 1e-6);

      recon_host_memory_free (plain);
      recon_host_memory_free (direct);
      clear_settings (&settings);
    }
}

/* Cubic convolution: Keys, IEEE Trans. ASSP 29 (1981) 1153, a = -1/2. */
static double
get_keys (double t)
{
  t = fabs (t);
  if (t < 1)
    return ((1.5 * t - 2.5) * t) * t + 1;

  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

/* A merged row's sample that is `offset` columns from what the tile's middle sees. */
static double
get_merged_sample (const BackprojectSettings *settings,
                   const ReconAngleGroups         *groups,
                   guint                           group,
                   const float                    *sinogram,
                   int                             width,
                   double                          x,
                   double                          y,
                   double                          offset)
{
  double sum = 0;

  for (guint k = groups->tile_begins[group]; k < groups->tile_begins[group + 1]; k++)
    {
      const guint i = groups->projections[k];
      const double angle = settings->angles[i];
      const double u = x * cos (angle) + y * sin (angle) + settings->axis + offset;

      for (double j = floor (u) - 1; j <= floor (u) + 2; j++)
        if (j >= 0 && j < width)
          sum += settings->weights[i] * (double) sinogram[i * (gsize) width + (gsize) j] * get_keys (u - j);
    }

  return sum;
}

/* What the kernel is to compute, in double precision. */
static double
get_merged (const BackprojectSettings *settings,
            const ReconAngleGroups         *groups,
            const float                    *sinogram,
            guint                           width,
            guint                           row,
            guint                           column)
{
  const double half_slice = 0.5 * (width - 1), half_tile = 0.5 * (groups->tile - 1);
  const double tile_x = column / groups->tile * groups->tile + half_tile - half_slice;
  const double tile_y = row / groups->tile * groups->tile + half_tile - half_slice;
  double sum = 0;

  for (guint i = 0; i < groups->n_tile_groups; i++)
    {
      const double angle = groups->tile_angles[i];
      const double x = column - half_slice - tile_x, y = row - half_slice - tile_y;
      const double samples = 2 * (x * cos (angle) + y * sin (angle));
      const double left = floor (samples);

      sum += (left + 1 - samples) *
             get_merged_sample (settings, groups, i, sinogram, (int) width, tile_x, tile_y, left / 2);
      sum += (samples - left) *
             get_merged_sample (settings, groups, i, sinogram, (int) width, tile_x, tile_y, (left + 1) / 2);
    }

  return sum * settings->scale;
}

static void
check_merged (ReconDevice    *device,
              const Geometry *geometry,
              guint           step)
{
  const guint width = geometry->width;
  guint state = 7;
  BackprojectSettings settings = make_settings (geometry, &state);
  Block block = {
    .n = geometry->n, .lanes = geometry->lanes, .n_angles = geometry->n_angles, .width = width,
  };
  g_autofree float *data = make_noise ((gsize) geometry->n * geometry->n_angles * width, &state);
  g_autoptr (ReconAngleGroups) groups =
    recon_angle_groups_new_for_tile (settings.angles, settings.weights, settings.n_angles, RECON_GPU_TILE);
  float *slices;

  settings.scale = 3.5;
  slices = run_kernel (&settings, RECON_KERNEL_MERGED, device, &block, data);
  for (guint slice = 0; slice < geometry->n; slice++)
    for (guint i = 0; i < width * width; i += step)
      g_assert_cmpfloat_with_epsilon ((double) slices[slice * width * width + i],
                                      get_merged (&settings, groups, data + (gsize) slice * geometry->n_angles * width,
                                                  width, i / width, i % width),
                                      1e-4);

  recon_host_memory_free (slices);
  clear_settings (&settings);
}

static void
test_merged (gconstpointer shared)
{
  g_autoptr (ReconDevice) device = open_device_for (GPOINTER_TO_INT (shared), TRUE);

  /* A single column is for the plain kernel. */
  for (guint i = 0; i < G_N_ELEMENTS (geometries); i++)
    if (geometries[i].width > 1)
      check_merged (device, &geometries[i], 7);
}

/* So little that oclgrind, which watches every access and takes its time, gets through (tests/oclgrind.sh PROGRAM -p
 * /backproject-gpu/tiny). */
static void
test_tiny (void)
{
  const Geometry geometry = { 35, 17.2, 12, 0.15, FALSE, 3, 8 };
  g_autoptr (ReconDevice) device = open_device_for (TRUE, TRUE);
  guint state = 3;
  BackprojectSettings settings = make_settings (&geometry, &state);
  Block block = { .n = 3, .lanes = 8, .n_angles = 12, .width = 35 };
  g_autofree float *data = make_noise (3 * 12 * 35, &state);
  float *direct = run_kernel (&settings, RECON_KERNEL_DIRECT, device, &block, data);
  float *plain = run_kernel (&settings, RECON_KERNEL_PLAIN, device, &block, data);

  g_assert_cmpfloat (get_rms_difference (direct, plain, 3 * 35 * 35), <=, 1e-6);
  check_merged (device, &geometry, 41);

  recon_host_memory_free (direct);
  recon_host_memory_free (plain);
  clear_settings (&settings);
}

/* A smooth object whose filtered projections are known everywhere: small blobs, (1 - s²/σ²) exp (-s²/2σ²) each. */
enum { N_BLOBS = 25 };

typedef struct
{
  double x[N_BLOBS], y[N_BLOBS], sigma[N_BLOBS];
} Blobs;

static double
get_blobs (const Blobs *blobs,
           double       angle,
           double       s)
{
  const double cosine = cos (angle), sine = sin (angle);
  double sum = 0;

  for (guint i = 0; i < N_BLOBS; i++)
    {
      const double t = (s - blobs->x[i] * cosine - blobs->y[i] * sine) / blobs->sigma[i];

      if (fabs (t) < 7)
        sum += (1 - t * t) * exp (-0.5 * t * t);
    }

  return sum;
}

static Blobs
make_blobs (guint  width,
            guint *state)
{
  Blobs blobs;

  for (guint i = 0; i < N_BLOBS; i++)
    {
      const double radius = 0.42 * width * sqrt (test_random (state)), angle = 2 * G_PI * test_random (state);

      blobs.x[i] = radius * cos (angle);
      blobs.y[i] = radius * sin (angle);
      blobs.sigma[i] = 0.8 + 1.2 * test_random (state);
    }

  return blobs;
}

typedef struct
{
  double square, border_square, interior_square;
  guint  n_border, n_interior;
} Difference;

/* To the sum without interpolation, at some of the pixels of blobs and between them. */
static Difference
compare_with_exact (const BackprojectSettings *settings,
                    const Blobs                    *blobs,
                    const float                    *slice)
{
  const guint width = settings->width;
  Difference difference = { 0 };

  for (guint i = 0; i < width * width; i += 23)
    {
      const guint row = i / width, column = i % width;
      const double x = column - 0.5 * (width - 1), y = row - 0.5 * (width - 1);
      const gboolean is_border = MIN (row % 32, column % 32) == 0 || MAX (row % 32, column % 32) == 31;
      double expected = 0, square;

      if (hypot (x, y) > 0.45 * width)
        continue;
      for (guint k = 0; k < settings->n_angles; k++)
        expected += settings->weights[k] * get_blobs (blobs, settings->angles[k],
                                                      x * cos (settings->angles[k]) + y * sin (settings->angles[k]));
      square = ((double) slice[i] - expected) * ((double) slice[i] - expected);
      difference.square += square;
      *(is_border ? &difference.border_square : &difference.interior_square) += square;
      *(is_border ? &difference.n_border : &difference.n_interior) += 1;
    }
  difference.border_square /= difference.n_border;
  difference.interior_square /= difference.n_interior;

  return difference;
}

/* Merging does not take the result further from the truth than linear interpolation does, at the borders of tiles
 * neither. */
static void
test_accuracy (void)
{
  enum { WIDTH = 256, ANGLES = 384 };
  const Geometry geometry = { WIDTH, 127.5, ANGLES, G_PI, FALSE, 1, 4 };
  g_autoptr (ReconDevice) device = open_device_for (TRUE, TRUE);
  guint state = 11;
  BackprojectSettings settings = make_settings (&geometry, &state);
  const Blobs blobs = make_blobs (WIDTH, &state);
  Block block = { .n = 1, .lanes = 4, .n_angles = ANGLES, .width = WIDTH };
  g_autofree float *data = g_new (float, ANGLES * WIDTH);
  Difference differences[3];

  for (guint i = 0; i < ANGLES; i++)
    {
      ((double *) settings.angles)[i] = G_PI * i / ANGLES;
      ((double *) settings.weights)[i] = G_PI / ANGLES;
      for (guint j = 0; j < WIDTH; j++)
        data[i * WIDTH + j] = (float) get_blobs (&blobs, settings.angles[i], j - settings.axis);
    }

  for (int kernel = RECON_KERNEL_PLAIN; kernel <= RECON_KERNEL_MERGED; kernel++)
    {
      float *slice = run_kernel (&settings, kernel, device, &block, data);

      differences[kernel] = compare_with_exact (&settings, &blobs, slice);
      g_test_message ("kernel %d: difference %g, at borders of tiles %g, inside %g", kernel,
                      sqrt (differences[kernel].square), sqrt (differences[kernel].border_square),
                      sqrt (differences[kernel].interior_square));
      recon_host_memory_free (slice);
    }

  g_assert_cmpfloat (differences[RECON_KERNEL_MERGED].square, <=, differences[RECON_KERNEL_PLAIN].square);
  g_assert_cmpfloat (differences[RECON_KERNEL_MERGED].border_square, <=, differences[RECON_KERNEL_PLAIN].border_square);
  g_assert_cmpfloat (differences[RECON_KERNEL_MERGED].border_square, <=,
                     differences[RECON_KERNEL_MERGED].interior_square);

  clear_settings (&settings);
}

/* Bits depend neither on the block and its lanes, nor on the region, nor on where the memory is. */
static void
test_equality (gconstpointer kernel)
{
  enum { N = 5, WIDTH = 75 };
  const Geometry geometry = { WIDTH, 33.3, 200, G_PI, FALSE, N, 16 };
  const guint regions[][4] = {
    { 0, 0, 75, 75 }, { 3, 17, 1, 1 }, { 74, 74, 1, 1 }, { 5, 0, 70, 9 }, { 31, 40, 13, 35 },
  };
  g_autoptr (ReconDevice) shared = open_device_for (TRUE, TRUE);
  g_autoptr (ReconDevice) own = open_device_for (FALSE, TRUE);
  guint state = 5;
  BackprojectSettings settings = make_settings (&geometry, &state);
  Block block = { .n = N, .lanes = 16, .n_angles = geometry.n_angles, .width = WIDTH };
  g_autofree float *data = make_noise ((gsize) N * geometry.n_angles * WIDTH, &state);

  settings.kernel = GPOINTER_TO_INT (kernel);
  for (guint circle = 0; circle < 2; circle++)
    {
      g_autoptr (Subject) subject = NULL;
      float *whole;

      settings.circle = circle > 0;
      settings.x0 = settings.y0 = 0;
      settings.width = settings.height = WIDTH;
      block.lanes = 16;
      subject = backproject_new (&settings);
      whole = run_task (subject, shared, &block, data);
      assert_any_rows_equal (subject, circle > 0 ? shared : own, &block, data, whole);

      for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
        {
          g_autoptr (Subject) part = NULL;
          float *region;

          settings.x0 = regions[i][0];
          settings.y0 = regions[i][1];
          settings.width = regions[i][2];
          settings.height = regions[i][3];
          block.lanes = 4u << (i % 3);
          part = backproject_new (&settings);
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

/* Merged where that saves work, which is decided for the tile of these kernels. */
static void
test_choice (void)
{
  const Geometry sparse = { 40, 19.5, 30, G_PI, FALSE, 1, 4 }, dense = { 40, 19.5, 300, G_PI, FALSE, 1, 4 };

  for (guint i = 0; i < 2; i++)
    {
      const Geometry *geometry = i == 0 ? &sparse : &dense;
      g_autoptr (ReconDevice) device = open_device_for (TRUE, TRUE);
      guint state = 5;
      BackprojectSettings settings = make_settings (geometry, &state);
      Block block = { .n = 1, .lanes = 4, .n_angles = geometry->n_angles, .width = 40 };
      g_autofree float *data = make_noise (geometry->n_angles * 40, &state);
      float *chosen = run_kernel (&settings, RECON_CHOICE_AUTO, device, &block, data);
      float *direct = run_kernel (&settings, RECON_KERNEL_DIRECT, device, &block, data);
      float *merged = run_kernel (&settings, RECON_KERNEL_MERGED, device, &block, data);

      g_assert_cmpmem (chosen, 40 * 40 * sizeof (float), i == 0 ? direct : merged, 40 * 40 * sizeof (float));
      g_assert_cmpfloat (get_rms_difference (direct, merged, 40 * 40), >, 1e-4);

      recon_host_memory_free (chosen);
      recon_host_memory_free (direct);
      recon_host_memory_free (merged);
      clear_settings (&settings);
    }
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (G_USEC_PER_SEC / 5);
  g_cancellable_cancel (data);

  return NULL;
}

/* Work for many seconds stops soon after it is cancelled. */
static void
test_cancel (void)
{
  enum { WIDTH = 700, ANGLES = 12000 };
  const Geometry geometry = { WIDTH, 350, ANGLES, G_PI, FALSE, 1, 4 };
  g_autoptr (ReconDevice) device = open_device_for (TRUE, TRUE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  guint state = 5;
  BackprojectSettings settings = make_settings (&geometry, &state);
  Block block = { .n = 1, .n_angles = ANGLES, .width = WIDTH };
  g_autofree float *data = g_new0 (float, (gsize) ANGLES * WIDTH);
  g_autoptr (Subject) subject = NULL;
  GThread *thread;
  gint64 start;

  settings.kernel = RECON_KERNEL_DIRECT;
  subject = backproject_new (&settings);
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  start = g_get_monotonic_time ();
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

  /* The device of oclgrind has 128 MiB unless it is told, and is refused then. Nobody else reads this. */
  g_setenv ("OCLGRIND_GLOBAL_MEM_SIZE", "536870912", FALSE);

  g_test_add_func ("/backproject-gpu/tiny", test_tiny);
  g_test_add_data_func ("/backproject-gpu/direct/shared", GINT_TO_POINTER (TRUE), test_direct);
  g_test_add_data_func ("/backproject-gpu/direct/own-memory", GINT_TO_POINTER (FALSE), test_direct);
  g_test_add_data_func ("/backproject-gpu/merged/shared", GINT_TO_POINTER (TRUE), test_merged);
  g_test_add_data_func ("/backproject-gpu/merged/own-memory", GINT_TO_POINTER (FALSE), test_merged);
  g_test_add_func ("/backproject-gpu/accuracy", test_accuracy);
  g_test_add_data_func ("/backproject-gpu/equality/direct", GINT_TO_POINTER (RECON_KERNEL_DIRECT), test_equality);
  g_test_add_data_func ("/backproject-gpu/equality/merged", GINT_TO_POINTER (RECON_KERNEL_MERGED), test_equality);
  g_test_add_func ("/backproject-gpu/choice", test_choice);
  g_test_add_func ("/backproject-gpu/cancel", test_cancel);

  return g_test_run ();
}

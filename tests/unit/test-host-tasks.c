/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "scan-files.h"
#include "support.h"
#include "graph/task.h"
#include "tasks/tasks.h"

/* The tasks that work on the host: what they take, and that a region has the bytes that the whole has there. */

static ReconTask *
make_task (const char *name,
           ...)
{
  g_autoptr (GError) error = NULL;
  ReconTask *task = recon_task_new (name, &error);
  const char *key;
  va_list pairs;

  g_assert_no_error (error);
  va_start (pairs, name);
  while ((key = va_arg (pairs, const char *)) != NULL)
    {
      recon_task_set (task, key, va_arg (pairs, const char *), &error);
      g_assert_no_error (error);
    }
  va_end (pairs);

  return task;
}

static void
assert_shape_refused (ReconTask            *task,
                      const ReconArrayInfo *input,
                      const char           *message)
{
  const ReconArrayInfo *given[RECON_MAX_PORTS] = { input };
  g_autoptr (GError) error = NULL;

  g_assert_false (recon_task_shape (task, given, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_cmpstr (error->message, ==, message);
}

static void
shape (ReconTask            *task,
       const ReconArrayInfo *input)
{
  const ReconArrayInfo *given[RECON_MAX_PORTS] = { input };
  g_autoptr (GError) error = NULL;

  recon_task_shape (task, given, NULL, &error);
  g_assert_no_error (error);
}

/* Makes a region of an output, from the parts of @whole that it needs. @whole: (nullable): all of the input, if the
 * task has one. Returns: (transfer full): the values in C order, without what is between rows and the next image */
static float *
make_region (ReconTask         *task,
             guint              output,
             const ReconRegion *region,
             guint              lanes,
             ReconArray        *whole)
{
  g_autoptr (GError) error = NULL;
  ReconArray *inputs[RECON_MAX_PORTS] = { NULL }, *outputs[RECON_MAX_PORTS] = { NULL };
  g_autoptr (ReconArray) input = NULL;
  g_autoptr (ReconArray) made = recon_array_new (recon_task_get_output (task, output), region,
                                                 (ReconLayout) { lanes, FALSE });
  g_autoptr (ReconArray) plain = recon_array_new (recon_task_get_output (task, output), region, RECON_PLAIN);

  if (whole != NULL)
    {
      ReconRegion needed;

      recon_task_demand (task, output, region, 0, &needed);
      input = recon_array_new (recon_task_get_input (task, 0), &needed, (ReconLayout) { lanes, FALSE });
      recon_array_copy (input, whole, &error);
      g_assert_no_error (error);
      inputs[0] = input;
    }
  outputs[output] = made;
  recon_task_process (task, inputs, outputs, NULL, &error);
  g_assert_no_error (error);
  recon_array_copy (plain, made, &error);
  g_assert_no_error (error);

  return g_memdup2 (recon_array_read (plain, NULL), recon_array_get_bytes (plain));
}

static void
assert_region_equal (ReconTask         *task,
                     guint              output,
                     const ReconRegion *region,
                     guint              lanes,
                     ReconArray        *input,
                     const float       *whole)
{
  const ReconArrayInfo *info = recon_task_get_output (task, output);
  const gsize n_rows = region->axes[region->n_axes - 2].n, width = region->axes[region->n_axes - 1].n;
  const gsize all_rows = info->axes[info->n_axes - 2].size, all_width = info->axes[info->n_axes - 1].size;
  const gsize n_images = region->n_axes == 3 ? region->axes[0].n : 1;
  const gsize first_image = region->n_axes == 3 ? region->axes[0].first : 0;
  g_autofree float *part = make_region (task, output, region, lanes, input);

  for (gsize i = 0; i < n_images; i++)
    for (gsize row = 0; row < n_rows; row++)
      {
        const gsize line = (first_image + i) * all_rows + region->axes[region->n_axes - 2].first + row;

        g_assert_cmpmem (part + (i * n_rows + row) * width, width * sizeof *part,
                         whole + line * all_width + region->axes[region->n_axes - 1].first, width * sizeof *part);
      }
}

/* Regions of all sizes and places, in rows of all groups; some are cut along the columns too where @columns says so. */
static void
assert_regions_equal (ReconTask  *task,
                      guint       output,
                      gboolean    columns,
                      ReconArray *input)
{
  const ReconArrayInfo *info = recon_task_get_output (task, output);
  ReconRegion region;
  g_autofree float *whole = NULL;
  guint state = 9;

  recon_region_init_whole (&region, info);
  whole = make_region (task, output, &region, 1, input);
  for (guint i = 0; i < 200; i++)
    {
      recon_region_init_whole (&region, info);
      for (guint axis = 0; axis < info->n_axes - (columns ? 0 : 1); axis++)
        {
          region.axes[axis].n = 1 + (guint64) (test_random (&state) * (double) info->axes[axis].size);
          region.axes[axis].n = MIN (region.axes[axis].n, info->axes[axis].size);
          region.axes[axis].first =
            (guint64) (test_random (&state) * (double) (info->axes[axis].size - region.axes[axis].n + 1));
          region.axes[axis].first = MIN (region.axes[axis].first, info->axes[axis].size - region.axes[axis].n);
        }
      assert_region_equal (task, output, &region, i % 3 == 0 ? 1 : 4u << i % 3, input, whole);
    }
}

#define N_ANGLES 11
#define N_ROWS   6
#define WIDTH    23

static ReconArrayInfo
make_info (void)
{
  double angles[N_ANGLES];
  float positions[N_ANGLES];
  ReconArrayInfo info;

  for (guint i = 0; i < N_ANGLES; i++)
    {
      angles[i] = 0.1 + i * G_PI / N_ANGLES;
      positions[i] = (float) i / N_ANGLES;
    }
  recon_array_info_init (&info, RECON_ARRAY_FLOAT32, 3, "angle", (guint64) N_ANGLES, "row", (guint64) N_ROWS, "column",
                         (guint64) WIDTH);
  info.geometry = recon_geometry_new ();
  recon_geometry_set_angles (info.geometry, angles, NULL, positions, N_ANGLES);
  info.geometry->axis = 10;

  return info;
}

static ReconArray *
make_projections (const ReconArrayInfo *info)
{
  ReconRegion whole;
  ReconArray *array;
  float *values;

  recon_region_init_whole (&whole, info);
  array = recon_array_new (info, &whole, RECON_PLAIN);
  values = recon_array_write (array, NULL);
  for (guint i = 0; i < N_ANGLES * N_ROWS * WIDTH; i++)
    values[i] = (float) (i * 7 % 1001);

  return array;
}

/* Every third projection from the second one on, and means of four columns: three are left over. */
static void
test_downsample (void)
{
  g_autoptr (ReconTask) task = make_task ("downsample", "first-angle", "1", "every-angle", "3", "columns", "4", NULL);
  g_auto (ReconArrayInfo) info = make_info ();
  g_autoptr (ReconArray) input = make_projections (&info);
  const float *values = recon_array_read (input, NULL);
  const ReconArrayInfo *made;
  ReconRegion whole;
  g_autofree float *result = NULL;

  shape (task, &info);
  made = recon_task_get_output (task, 0);
  g_assert_cmpuint (made->axes[0].size, ==, 4);
  g_assert_cmpuint (made->axes[1].size, ==, N_ROWS);
  g_assert_cmpuint (made->axes[2].size, ==, 5);
  g_assert_cmpuint (made->geometry->n_angles, ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpfloat (made->geometry->angles[i], ==, info.geometry->angles[1 + 3 * i]);
      g_assert_cmpfloat (made->geometry->flat_positions[i], ==, info.geometry->flat_positions[1 + 3 * i]);
    }
  g_assert_cmpfloat_with_epsilon (made->geometry->axis, (10 + 0.5) / 4 - 0.5, 1e-12);
  g_assert_cmpuint (made->geometry->reduction, ==, 4);
  g_assert_cmpuint (info.geometry->n_angles, ==, N_ANGLES);

  recon_region_init_whole (&whole, made);
  result = make_region (task, 0, &whole, 1, input);
  for (guint angle = 0; angle < 4; angle++)
    for (guint row = 0; row < N_ROWS; row++)
      for (guint c = 0; c < 5; c++)
        {
          const float *from = values + ((1 + 3 * angle) * N_ROWS + row) * WIDTH + 4 * c;

          g_assert_cmpfloat (result[(angle * N_ROWS + row) * 5 + c], ==, (from[0] + from[1] + from[2] + from[3]) / 4);
        }

  assert_regions_equal (task, 0, TRUE, input);
}

/* The number is a limit; with all settings left alone nothing changes. */
static void
test_downsample_nothing (void)
{
  g_autoptr (ReconTask) some = make_task ("downsample", "n-angles", "3", NULL);
  g_autoptr (ReconTask) task = make_task ("downsample", "n-angles", "100", NULL);
  g_auto (ReconArrayInfo) info = make_info ();
  g_autoptr (ReconArray) input = make_projections (&info);
  ReconRegion whole;
  g_autofree float *result = NULL;

  shape (some, &info);
  g_assert_cmpuint (recon_task_get_output (some, 0)->axes[0].size, ==, 3);

  shape (task, &info);
  recon_region_init_whole (&whole, recon_task_get_output (task, 0));
  result = make_region (task, 0, &whole, 1, input);
  g_assert_cmpmem (result, N_ANGLES * N_ROWS * WIDTH * sizeof *result, recon_array_read (input, NULL),
                   recon_array_get_bytes (input));
  g_assert_cmpfloat (recon_task_get_output (task, 0)->geometry->axis, ==, 10);
}

static void
test_downsample_refuses (void)
{
  g_autoptr (ReconTask) late = make_task ("downsample", "first-angle", "11", NULL);
  g_autoptr (ReconTask) wide = make_task ("downsample", "columns", "24", NULL);
  g_autoptr (ReconTask) task = make_task ("downsample", NULL);
  g_auto (ReconArrayInfo) info = make_info ();

  assert_shape_refused (late, &info,
                        "Projection 11 and means of 1 columns are beyond the 11 projections of 23 columns.");
  assert_shape_refused (wide, &info,
                        "Projection 0 and means of 24 columns are beyond the 11 projections of 23 columns.");

  info.type = RECON_ARRAY_UINT16;
  assert_shape_refused (task, &info, "The input 'projections' takes float32, angle × row × column, but gets uint16, "
                                     "angle 11 × row 6 × column 23. Connect another output to it.");
  info.type = RECON_ARRAY_FLOAT32;
  info.n_axes = 2;
  assert_shape_refused (task, &info, "The input 'projections' takes float32, angle × row × column, but gets float32, "
                                     "angle 11 × row 6. Connect another output to it.");
  info.n_axes = 3;
  info.axes[1].size = 0;
  assert_shape_refused (task, &info, "The input 'projections' takes float32, angle × row × column, but gets float32, "
                                     "angle 11 × row 0 × column 23. Connect another output to it.");
}

/* Rows are read whole. */
static void
test_read (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconTask) task = make_task ("read-scan", "projections", files->projections, "darks", files->darks,
                                          "flats", files->flats, "flats-after", files->flats_after, NULL);
  const guint64 sizes[] = { SCAN_PROJECTIONS, SCAN_ROWS, SCAN_WIDTH };

  shape (task, NULL);
  g_assert_cmpuint (recon_task_get_n_outputs (task), ==, 4);
  for (guint output = 0; output < 4; output++)
    {
      const ReconArrayInfo *info = recon_task_get_output (task, output);

      g_assert_nonnull (info);
      g_assert_cmpuint (info->n_axes, ==, output == 0 ? 3 : 2);
      for (guint i = 0; i < info->n_axes; i++)
        g_assert_cmpuint (info->axes[i].size, ==, sizes[3 - info->n_axes + i]);
      assert_regions_equal (task, output, FALSE, NULL);
    }
}

/* Without references there are none; a change reads anew. */
static void
test_read_again (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconTask) task = make_task ("read-scan", "projections", files->projections, "correct", "no", NULL);
  g_autoptr (GError) error = NULL;

  shape (task, NULL);
  g_assert_cmpuint (recon_task_get_output (task, 0)->axes[1].size, ==, SCAN_ROWS);
  g_assert_null (recon_task_get_output (task, 1));
  g_assert_null (recon_task_get_output (task, 2));

  recon_task_set (task, "crop-left", "4", &error);
  g_assert_no_error (error);
  shape (task, NULL);
  g_assert_cmpuint (recon_task_get_output (task, 0)->axes[2].size, ==, SCAN_WIDTH - 4);
  g_assert_cmpuint (recon_task_get_output (task, 0)->geometry->first_column, ==, 4);
  assert_regions_equal (task, 0, FALSE, NULL);
}

static void
test_write_refuses (void)
{
  g_autoptr (ReconTask) task = make_task ("write", NULL);
  g_autoptr (ReconTask) flat = make_task ("write", "minimum", "2", "maximum", "2", NULL);
  ReconArrayInfo info;

  recon_array_info_init (&info, RECON_ARRAY_FLOAT32, 2, "y", G_GUINT64_CONSTANT (5), "x", G_GUINT64_CONSTANT (5));
  assert_shape_refused (task, &info, "Images of float32 along three axes can be written, but this is float32, y 5 × x "
                                     "5. Connect another output.");
  recon_array_info_init (&info, RECON_ARRAY_COMPLEX64, 3, "z", G_GUINT64_CONSTANT (5), "y", G_GUINT64_CONSTANT (5), "x",
                         G_GUINT64_CONSTANT (5));
  assert_shape_refused (task, &info, "Images of float32 along three axes can be written, but this is complex64, z 5 × "
                                     "y 5 × x 5. Connect another output.");
  info.type = RECON_ARRAY_FLOAT32;
  assert_shape_refused (flat, &info, "output.minimum = 2 is not below output.maximum = 2.");
  shape (task, &info);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/host-tasks/downsample", test_downsample);
  g_test_add_func ("/host-tasks/downsample-nothing", test_downsample_nothing);
  g_test_add_func ("/host-tasks/downsample-refuses", test_downsample_refuses);
  g_test_add_func ("/host-tasks/read", test_read);
  g_test_add_func ("/host-tasks/read-again", test_read_again);
  g_test_add_func ("/host-tasks/write-refuses", test_write_refuses);

  return g_test_run ();
}

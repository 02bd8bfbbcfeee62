/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-tasks.h"

#include "compute/device.h"

/* Jobs with a source, a task on one or two devices and a sink of the test: 40 images. */

/* Watches the job's progress from within a task. */
typedef struct
{
  ReconJob *job;
  double    work;      /* the last that was seen */
  double    unwritten; /* the most that was seen before the first image was done */
} Watch;

static Watch *watch; /* (nullable): of the test that is running */

static void
watch_progress (ReconDevice *device)
{
  for (guint i = 1; i <= 3; i++)
    {
      ReconJobProgress progress;

      /* So that it is not left out for coming too soon. */
      g_usleep (2000);
      recon_device_report_progress (device, i / 4.0);
      recon_job_get_progress (watch->job, &progress);
      g_assert_cmpfloat (progress.work, >=, watch->work);
      g_assert_cmpfloat (progress.work, <=, N_FRAMES);
      watch->work = progress.work;
      if (progress.n_done == 0)
        watch->unwritten = progress.work;
      g_assert_cmpuint (progress.n_prepared, ==, 1);
      g_assert_null (progress.preparing);
    }
}

/* Adds up the rows, in groups as the filter has them. */
static const ReconPort sum_input[] = { { "input", RECON_PORT_GROUPS, "images" }, { NULL } };

static gboolean
sum_shape (ReconTask              *task,
           const ReconArrayInfo  **inputs,
           ReconArrayInfo         *outputs,
           ReconLog               *log,
           GError                **error)
{
  recon_array_info_init (&outputs[0], RECON_ARRAY_FLOAT32, 3, "frame", inputs[0]->axes[0].size, "y", (guint64) 1, "x",
                         (guint64) N_COLUMNS);

  return TRUE;
}

static void
sum_demand (ReconTask         *task,
            guint              output,
            const ReconRegion *wanted,
            guint              input,
            ReconRegion       *needed)
{
  recon_region_init_whole (needed, recon_task_get_input (task, 0));
  needed->axes[0].first = wanted->axes[0].first;
  needed->axes[0].n = wanted->axes[0].n;
}

static gboolean
sum_process (ReconTask     *task,
             ReconArray   **inputs,
             ReconArray   **outputs,
             GCancellable  *cancellable,
             GError       **error)
{
  ReconDevice *device = recon_task_get_device (task);
  const gsize n = recon_array_get_n (inputs[0], 0), pitch = recon_array_get_pitch (inputs[0]);
  cl_mem input = recon_array_read_on (inputs[0], device, error);
  cl_mem output = recon_array_write_on (outputs[0], device, error);
  float *in, *out;

  if (test_fails (((TestTask *) task)->options, outputs[0], RECON_ERROR_DEVICE, "broken", error))
    return FALSE;
  if (watch != NULL)
    watch_progress (device);

  g_assert_cmpuint (pitch % RECON_MIN_LANES, ==, 0);
  in = recon_device_map (device, input, CL_MAP_READ, recon_array_get_bytes (inputs[0]), error);
  out = recon_device_map (device, output, CL_MAP_WRITE, recon_array_get_bytes (outputs[0]), error);
  g_assert_true (in != NULL && out != NULL);
  for (gsize i = 0; i < n; i++)
    for (gsize x = 0; x < N_COLUMNS; x++)
      {
        out[i * N_COLUMNS + x] = 0;
        for (gsize r = 0; r < N_ROWS; r++)
          out[i * N_COLUMNS + x] += in[(i * pitch + r) * N_COLUMNS + x];
      }

  return recon_device_unmap (device, input, in, error) && recon_device_unmap (device, output, out, error);
}

static void
sum_more (ReconTaskClass *klass)
{
  klass->demand = sum_demand;
}

DEFINE_TEST_TASK (Sum, sum, .flags = RECON_TASK_NONE, .inputs = sum_input, .outputs = test_output)

typedef struct
{
  TestOptions *source;
  TestOptions *sum;
  TestOptions *sink;
  GPtrArray   *all;
  GPtrArray   *devices;
  ReconJob    *job; /* while it runs */
  guint        n_tapped;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  fixture->source = test_options_new ();
  fixture->sum = test_options_new ();
  fixture->sink = test_options_new ();
  fixture->all = recon_devices_list (&error);
  g_assert_no_error (error);
  fixture->devices = recon_devices_choose (fixture->all, "all", &error);
  g_assert_no_error (error);
  if (fixture->devices->len > GPOINTER_TO_UINT (n_devices))
    g_ptr_array_set_size (fixture->devices, (int) GPOINTER_TO_UINT (n_devices));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  n_devices)
{
  test_options_free (fixture->source);
  test_options_free (fixture->sum);
  test_options_free (fixture->sink);
  g_ptr_array_unref (fixture->devices);
  g_ptr_array_unref (fixture->all);
}

/* Called with images when the sink has them, and with the same values. */
static void
tap_cb (guint        first,
        guint        n,
        guint        height,
        guint        width,
        const float *images,
        gpointer     user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (fixture->sink->next, ==, first + n);
  g_assert_cmpuint (height, ==, 1);
  g_assert_cmpuint (width, ==, N_COLUMNS);
  g_assert_cmpmem (images, n * width * sizeof *images, fixture->sink->values + (gsize) first * width,
                   n * width * sizeof *images);
  g_assert_true (recon_job_is_finished (fixture->job, first));
  g_assert_true (recon_job_is_finished (fixture->job, first + n - 1));
  g_assert_false (recon_job_is_finished (fixture->job, first + n));
  fixture->n_tapped += n;
}

static ReconJob *
new_job (Fixture *fixture,
         guint64  memory)
{
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  g_autoptr (GError) error = NULL;
  const guint source = test_add (graph, ramp_get_type (), NULL, fixture->source);
  const guint sum = test_add (graph, sum_get_type (), NULL, fixture->sum);
  const guint sink = test_add (graph, test_sink_get_type (), NULL, fixture->sink);

  test_connect (graph, source, sum, NULL);
  test_connect (graph, sum, sink, NULL);
  g_assert_true (recon_graph_shape (graph, NULL, &error));
  g_assert_no_error (error);

  return recon_job_new (graph, fixture->devices, memory, NULL);
}

static gboolean
run (Fixture       *fixture,
     guint64        memory,
     GCancellable  *cancellable,
     ReconJobState  expected,
     GError       **error)
{
  g_autoptr (ReconJob) job = new_job (fixture, memory);
  ReconJobProgress progress;
  gboolean success;

  recon_job_get_progress (job, &progress);
  g_assert_cmpint (progress.state, ==, RECON_JOB_QUEUED);

  fixture->job = job;
  fixture->n_tapped = 0;
  recon_job_set_tap (job, tap_cb, fixture, NULL);
  g_assert_false (recon_job_is_finished (job, 0));
  success = recon_job_run (job, cancellable, error);
  recon_job_get_progress (job, &progress);
  g_assert_cmpint (progress.state, ==, expected);
  g_assert_cmpuint (progress.n_slices, ==, N_FRAMES);
  g_assert_cmpuint (fixture->n_tapped, ==, progress.n_done);
  if (success)
    g_assert_cmpuint (progress.n_done, ==, N_FRAMES);

  return success;
}

static void
check_values (const float *values)
{
  for (guint frame = 0; frame < N_FRAMES; frame++)
    for (guint x = 0; x < N_COLUMNS; x++)
      {
        float sum = 0;

        for (guint row = 0; row < N_ROWS; row++)
          sum += test_value (frame, row, x);
        g_assert_cmpfloat (values[frame * N_COLUMNS + x], ==, sum);
      }
}

static void
test_all_images (Fixture       *fixture,
                 gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (run (fixture, 1 << 24, NULL, RECON_JOB_DONE, &error));
  g_assert_no_error (error);
  g_assert_true (fixture->sink->ended);
  g_assert_cmpuint (fixture->sink->largest, ==, RECON_MAX_LANES);
  check_values (fixture->sink->values);
}

/* Work counts while no image is done yet, and never goes back. */
static void
test_progress (Fixture       *fixture,
               gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconJob) job = new_job (fixture, 1 << 24);
  ReconJobProgress progress;
  Watch own = { job, 0, 0 };

  watch = &own;
  g_assert_true (recon_job_run (job, NULL, &error));
  watch = NULL;
  g_assert_no_error (error);
  g_assert_cmpfloat (own.unwritten, >, 1);
  g_assert_cmpfloat (own.unwritten, <, N_FRAMES);
  recon_job_get_progress (job, &progress);
  g_assert_cmpfloat_with_epsilon (progress.work, N_FRAMES, 1e-6);
}

/* Just enough memory for the fewest images at a time. */
static void
test_little_memory (Fixture       *fixture,
                    gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;
  const gsize n_rows = (N_ROWS + RECON_MIN_LANES - 1) / RECON_MIN_LANES * RECON_MIN_LANES;
  const gsize image = (n_rows * N_COLUMNS + N_COLUMNS) * sizeof (float);

  g_assert_true (run (fixture, RECON_MIN_LANES * image, NULL, RECON_JOB_DONE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->sink->largest, ==, RECON_MIN_LANES);
  check_values (fixture->sink->values);
}

static void
test_too_little_memory (Fixture       *fixture,
                        gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run (fixture, 64, NULL, RECON_JOB_FAILED, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "--memory-limit"));
  g_assert_nonnull (strstr (error->message, "4 slices at a time"));
}

static void
test_source_fails (Fixture       *fixture,
                   gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  fixture->source->fail_at = 27;
  g_assert_false (run (fixture, 1 << 24, NULL, RECON_JOB_FAILED, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
  g_assert_false (fixture->sink->ended);
}

static void
test_task_fails (Fixture       *fixture,
                 gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  fixture->sum->fail_at = 31;
  g_assert_false (run (fixture, 1 << 24, NULL, RECON_JOB_FAILED, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_cmpstr (error->message, ==, "sum: broken");
  g_assert_false (fixture->sink->ended);
}

static void
test_sink_fails (Fixture       *fixture,
                 gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  fixture->sink->fail_at = 35;
  g_assert_false (run (fixture, 1 << 24, NULL, RECON_JOB_FAILED, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
  g_assert_false (fixture->sink->ended);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  n_devices)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const gsize n_rows = (N_ROWS + RECON_MIN_LANES - 1) / RECON_MIN_LANES * RECON_MIN_LANES;

  fixture->source->cancel_at_third = cancellable;
  g_assert_false (run (fixture, 4 * RECON_MIN_LANES * (n_rows + 1) * N_COLUMNS * sizeof (float), cancellable,
                       RECON_JOB_CANCELLED, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (fixture->sink->ended);
  g_assert_cmpuint (fixture->source->n_calls, <=, 4);
}

static void
add (const char *name,
     void (*func) (Fixture *, gconstpointer))
{
  for (guint n = 1; n <= 2; n++)
    {
      g_autofree char *path = g_strdup_printf ("/job/%s/%u-devices", name, n);

      g_test_add (path, Fixture, GUINT_TO_POINTER (n), set_up, func, tear_down);
    }
}

int
main (int    argc,
      char **argv)
{
  /* PoCL shows the processors as two devices. */
  g_setenv ("POCL_DEVICES", "pthread pthread", FALSE);
  g_test_init (&argc, &argv, NULL);
  add ("all-images", test_all_images);
  add ("little-memory", test_little_memory);
  add ("too-little-memory", test_too_little_memory);
  add ("source-fails", test_source_fails);
  add ("task-fails", test_task_fails);
  add ("sink-fails", test_sink_fails);
  add ("cancel", test_cancel);
  g_test_add ("/job/progress", Fixture, GUINT_TO_POINTER (1), set_up, test_progress, tear_down);

  return g_test_run ();
}

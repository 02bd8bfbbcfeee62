/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine/job.h"
#include "engine/plan.h"
#include "error.h"
#include "support.h"

/* The engine with a source, a step and a sink of the test: 100 slices of 3 angles × 5 columns. */

#define N_SLICES 100
#define N_ANGLES 3
#define WIDTH    5

/* The source gives 1000·slice + index, and fails where told. */
#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, ReconSource)
struct _TestSource
{
  ReconSource parent_instance;
  guint       fail_at;
  GCancellable *cancel_at_third;
  guint       n_reads;
};
G_DEFINE_FINAL_TYPE (TestSource, test_source, RECON_TYPE_SOURCE)

static void
test_source_describe (ReconSource     *source,
                      ReconSourceInfo *info)
{
  *info = (ReconSourceInfo) {
    .n_slices = N_SLICES,
    .shape = { RECON_DATA_COUNTS, N_ANGLES, WIDTH },
    .has_dark = TRUE,
    .has_flat = TRUE,
  };
}

static gboolean
test_source_read (ReconSource       *source,
                  const ReconBlock  *block,
                  float             *data,
                  GCancellable      *cancellable,
                  GError           **error)
{
  TestSource *self = TEST_SOURCE (source);

  g_assert_nonnull (block->dark);
  g_assert_nonnull (block->flat);
  g_assert_null (block->flat_after);

  if (self->cancel_at_third != NULL && ++self->n_reads == 3)
    g_cancellable_cancel (self->cancel_at_third);

  for (guint i = 0; i < block->n; i++)
    {
      if (block->first + i == self->fail_at)
        {
          g_set_error_literal (error, RECON_ERROR, RECON_ERROR_READ, "source");
          return FALSE;
        }
      for (guint k = 0; k < N_ANGLES * WIDTH; k++)
        data[(k / WIDTH * block->n_padded + i) * WIDTH + k % WIDTH] = 1000.f * (block->first + i) + k;
      for (guint k = 0; k < WIDTH; k++)
        {
          block->dark[i * WIDTH + k] = block->first + i;
          block->flat[i * WIDTH + k] = k;
        }
    }

  return TRUE;
}

static void
test_source_class_init (TestSourceClass *klass)
{
  RECON_SOURCE_CLASS (klass)->describe = test_source_describe;
  RECON_SOURCE_CLASS (klass)->read = test_source_read;
}

static void
test_source_init (TestSource *self)
{
  self->fail_at = G_MAXUINT;
}

/* Looks at the job's progress from within a step. */
typedef struct
{
  ReconJob *job;
  double    work;      /* the last that was seen */
  double    unwritten; /* the most that was seen before the first slice was done */
} Watch;

static void
watch_progress (Watch       *self,
                ReconDevice *device)
{
  for (guint i = 1; i <= 3; i++)
    {
      ReconJobProgress progress;

      recon_device_tell_progress (device, i / 4.0);
      recon_job_get_progress (self->job, &progress);
      g_assert_cmpfloat (progress.work, >=, self->work);
      g_assert_cmpfloat (progress.work, <=, N_SLICES);
      self->work = progress.work;
      if (progress.n_done == 0)
        self->unwritten = progress.work;
      g_assert_cmpuint (progress.n_prepared, ==, 1);
      g_assert_null (progress.preparing);
    }
}

/* The step sums the angles, so that an item becomes a line; it adds the references. */
#define TEST_TYPE_STEP (test_step_get_type ())
G_DECLARE_FINAL_TYPE (TestStep, test_step, TEST, STEP, ReconStep)
struct _TestStep
{
  ReconStep parent_instance;
  guint     fail_at;
  Watch    *watch; /* (nullable) */
};
G_DEFINE_FINAL_TYPE (TestStep, test_step, RECON_TYPE_STEP)

static gboolean
test_step_requisition (ReconStep              *step,
                       const ReconDeviceInfo  *device,
                       const ReconShape       *input,
                       guint                   lanes,
                       ReconRequisition       *need,
                       GError                **error)
{
  *need = (ReconRequisition) { .output = { RECON_DATA_SLICES, 1, input->width } };

  return TRUE;
}

static gboolean
test_step_process (ReconStep         *step,
                   const ReconBlock  *block,
                   cl_mem             input,
                   cl_mem             output,
                   GCancellable      *cancellable,
                   GError           **error)
{
  ReconDevice *device = recon_step_get_device (step);
  gsize in_bytes = (gsize) block->n_padded * N_ANGLES * WIDTH * sizeof (float);
  gsize out_bytes = (gsize) block->n * WIDTH * sizeof (float);
  float *in, *out;

  if (block->first <= TEST_STEP (step)->fail_at && TEST_STEP (step)->fail_at < block->first + block->n)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_DEVICE, "broken");
      return FALSE;
    }

  if (TEST_STEP (step)->watch != NULL)
    watch_progress (TEST_STEP (step)->watch, device);

  in = recon_device_map (device, input, CL_MAP_READ, in_bytes, error);
  out = recon_device_map (device, output, CL_MAP_WRITE, out_bytes, error);
  g_assert_true (in != NULL && out != NULL);
  for (guint i = 0; i < block->n; i++)
    for (guint x = 0; x < WIDTH; x++)
      {
        float sum = block->dark[i * WIDTH + x] + block->flat[i * WIDTH + x];

        for (guint a = 0; a < N_ANGLES; a++)
          sum += in[(a * block->n_padded + i) * WIDTH + x];
        out[i * WIDTH + x] = sum;
      }

  return recon_device_unmap (device, input, in, error) && recon_device_unmap (device, output, out, error);
}

static gboolean
test_step_prepare (ReconStep         *step,
                   ReconDevice       *device,
                   const ReconShape  *input,
                   guint              lanes,
                   GError           **error)
{
  return TRUE;
}

static void
test_step_class_init (TestStepClass *klass)
{
  ReconStepClass *step_class = RECON_STEP_CLASS (klass);

  step_class->name = "sum";
  step_class->requisition = test_step_requisition;
  step_class->prepare = test_step_prepare;
  step_class->process = test_step_process;
}

static void
test_step_init (TestStep *self)
{
}

static ReconStep *
new_step (gconstpointer settings)
{
  TestStep *step = g_object_new (TEST_TYPE_STEP, NULL);

  step->fail_at = GPOINTER_TO_UINT (settings);

  return RECON_STEP (step);
}

static ReconStep *
new_watching_step (gconstpointer settings)
{
  TestStep *step = TEST_STEP (new_step (GUINT_TO_POINTER (G_MAXUINT)));

  step->watch = (Watch *) settings;

  return RECON_STEP (step);
}

/* The sink keeps what it gets, and wants it in order. */
#define TEST_TYPE_SINK (test_sink_get_type ())
G_DECLARE_FINAL_TYPE (TestSink, test_sink, TEST, SINK, ReconSink)
struct _TestSink
{
  ReconSink parent_instance;
  float     values[N_SLICES][WIDTH];
  guint8    written[N_SLICES];
  guint     next;
  guint     fail_at;
  guint     largest;
  gboolean  finished;
};
G_DEFINE_FINAL_TYPE (TestSink, test_sink, RECON_TYPE_SINK)

static gboolean
test_sink_write (ReconSink         *sink,
                 const ReconBlock  *block,
                 const float       *data,
                 GCancellable      *cancellable,
                 GError           **error)
{
  TestSink *self = TEST_SINK (sink);

  if (block->first <= self->fail_at && self->fail_at < block->first + block->n)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_WRITE, "full");
      return FALSE;
    }
  g_assert_cmpuint (block->first, >=, self->next);
  g_assert_cmpint (block->shape.kind, ==, RECON_DATA_SLICES);
  g_assert_cmpuint (block->shape.height, ==, 1);
  self->next = block->first + block->n;
  self->largest = MAX (self->largest, block->n);
  memcpy (self->values[block->first], data, block->n * sizeof self->values[0]);
  memset (self->written + block->first, 1, block->n);

  return TRUE;
}

static gboolean
test_sink_finish (ReconSink  *sink,
                  GError    **error)
{
  TEST_SINK (sink)->finished = TRUE;

  return TRUE;
}

static void
test_sink_class_init (TestSinkClass *klass)
{
  RECON_SINK_CLASS (klass)->write = test_sink_write;
  RECON_SINK_CLASS (klass)->finish = test_sink_finish;
}

static void
test_sink_init (TestSink *self)
{
  self->fail_at = G_MAXUINT;
}

typedef struct
{
  TestSource *source;
  TestSink   *sink;
  ReconGraph *graph;
  GPtrArray  *all;
  GPtrArray  *devices;
  ReconJob   *job; /* while it runs */
  guint       n_tapped;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  fixture->source = g_object_new (TEST_TYPE_SOURCE, NULL);
  fixture->sink = g_object_new (TEST_TYPE_SINK, NULL);
  fixture->graph = recon_graph_new ();
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
  g_object_unref (fixture->source);
  g_object_unref (fixture->sink);
  recon_graph_unref (fixture->graph);
  g_ptr_array_unref (fixture->devices);
  g_ptr_array_unref (fixture->all);
}

/* Hears of blocks when the sink has them, and of the same values. */
static void
tap_cb (const ReconBlock *block,
        const float      *slices,
        gpointer          user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (fixture->sink->next, ==, block->first + block->n);
  g_assert_cmpmem (slices, block->n * sizeof fixture->sink->values[0], fixture->sink->values[block->first],
                   block->n * sizeof fixture->sink->values[0]);
  g_assert_true (recon_job_is_finished (fixture->job, block->first));
  g_assert_true (recon_job_is_finished (fixture->job, block->first + block->n - 1));
  g_assert_false (recon_job_is_finished (fixture->job, block->first + block->n));
  fixture->n_tapped += block->n;
}

static gboolean
run (Fixture       *fixture,
     guint          step_fails_at,
     guint64        memory,
     GCancellable  *cancellable,
     ReconJobState  expected,
     GError       **error)
{
  g_autoptr (ReconJob) job = NULL;
  ReconJobProgress progress;
  gboolean success;

  recon_graph_append (fixture->graph, new_step, GUINT_TO_POINTER (step_fails_at), NULL);
  job = recon_job_new (RECON_SOURCE (fixture->source), fixture->graph, RECON_SINK (fixture->sink), fixture->devices,
                       memory, NULL);
  recon_job_get_progress (job, &progress);
  g_assert_cmpint (progress.state, ==, RECON_JOB_QUEUED);

  fixture->job = job;
  fixture->n_tapped = 0;
  recon_job_set_tap (job, tap_cb, fixture, NULL);
  g_assert_false (recon_job_is_finished (job, 0));
  success = recon_job_run (job, cancellable, error);
  recon_job_get_progress (job, &progress);
  g_assert_cmpint (progress.state, ==, expected);
  g_assert_cmpuint (progress.n_slices, ==, N_SLICES);
  g_assert_cmpuint (fixture->n_tapped, ==, progress.n_done);
  if (success)
    g_assert_cmpuint (progress.n_done, ==, N_SLICES);

  return success;
}

static void
check_values (TestSink *sink)
{
  for (guint slice = 0; slice < N_SLICES; slice++)
    for (guint x = 0; x < WIDTH; x++)
      g_assert_cmpfloat (sink->values[slice][x], ==, 3000.f * slice + 3 * x + WIDTH * 3 + slice + x);
}

static void
test_all_slices (Fixture       *fixture,
                 gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (run (fixture, G_MAXUINT, 1 << 24, NULL, RECON_JOB_DONE, &error));
  g_assert_no_error (error);
  g_assert_true (fixture->sink->finished);
  g_assert_cmpuint (fixture->sink->largest, ==, RECON_MAX_LANES);
  check_values (fixture->sink);
}

/* Work counts while no slice is done yet, and never goes back. */
static void
test_progress (Fixture       *fixture,
               gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconJob) job = NULL;
  ReconJobProgress progress;
  Watch watch = { 0 };

  recon_graph_append (fixture->graph, new_watching_step, &watch, NULL);
  job = recon_job_new (RECON_SOURCE (fixture->source), fixture->graph, RECON_SINK (fixture->sink), fixture->devices,
                       1 << 24, NULL);
  watch.job = job;
  g_assert_true (recon_job_run (job, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (watch.unwritten, >, 1);
  g_assert_cmpfloat (watch.unwritten, <, N_SLICES);
  recon_job_get_progress (job, &progress);
  g_assert_cmpfloat_with_epsilon (progress.work, N_SLICES, 1e-6);
}

/* Just enough memory for the fewest slices at a time. */
static void
test_little_memory (Fixture       *fixture,
                    gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;
  gsize slice = (N_ANGLES * WIDTH + WIDTH + 2 * WIDTH) * sizeof (float);

  g_assert_true (run (fixture, G_MAXUINT, RECON_MIN_LANES * slice, NULL, RECON_JOB_DONE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->sink->largest, ==, RECON_MIN_LANES);
  check_values (fixture->sink);
}

static void
test_too_little_memory (Fixture       *fixture,
                        gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run (fixture, G_MAXUINT, 64, NULL, RECON_JOB_FAILED, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "--memory-limit"));
  g_assert_nonnull (strstr (error->message, "Reconstructing 4 slices at a time"));
}

static void
test_source_fails (Fixture       *fixture,
                   gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  fixture->source->fail_at = 57;
  g_assert_false (run (fixture, G_MAXUINT, 1 << 24, NULL, RECON_JOB_FAILED, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
  g_assert_false (fixture->sink->finished);
}

static void
test_step_fails (Fixture       *fixture,
                 gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run (fixture, 31, 1 << 24, NULL, RECON_JOB_FAILED, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_cmpstr (error->message, ==, "sum: broken");
  g_assert_false (fixture->sink->finished);
}

static void
test_sink_fails (Fixture       *fixture,
                 gconstpointer  n_devices)
{
  g_autoptr (GError) error = NULL;

  fixture->sink->fail_at = 80;
  g_assert_false (run (fixture, G_MAXUINT, 1 << 24, NULL, RECON_JOB_FAILED, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
  g_assert_false (fixture->sink->finished);
}

static gboolean
prepare_cb (ReconJob      *job,
            gpointer       user_data,
            ReconLedger  **ledger,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr (JsonNode) header = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (header, json_object_new ());
  *ledger = recon_ledger_create (user_data, header, error);

  return *ledger != NULL;
}

/* Takes the ledger away with the first block. */
static void
remove_cb (const ReconBlock *block,
           const float      *slices,
           gpointer          user_data)
{
  g_unlink (user_data);
}

/* What counts as kept: nothing without a ledger, or without a block in it, or if it is gone. */
static void
test_kept (Fixture       *fixture,
           gconstpointer  n_devices)
{
  const struct
  {
    gboolean has_ledger, removed;
    guint    fail_at, n_kept;
  } cases[] = {
    { TRUE, FALSE, 80, 80 },
    { FALSE, FALSE, 80, 0 },
    { TRUE, TRUE, 80, 0 },
    { TRUE, FALSE, 0, 0 },
  };
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "ledger.jsonl", NULL);

  recon_graph_append (fixture->graph, new_step, GUINT_TO_POINTER (G_MAXUINT), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconJob) job = recon_job_new (RECON_SOURCE (fixture->source), fixture->graph,
                                                RECON_SINK (fixture->sink), fixture->devices, 1 << 24, NULL);
      ReconJobProgress progress;

      fixture->sink->fail_at = cases[i].fail_at;
      fixture->sink->next = 0;
      if (cases[i].has_ledger)
        recon_job_set_prepare (job, prepare_cb, path, NULL);
      if (cases[i].removed)
        recon_job_set_tap (job, remove_cb, path, NULL);
      g_assert_false (recon_job_run (job, NULL, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
      recon_job_get_progress (job, &progress);
      g_assert_cmpuint (progress.n_kept, ==, cases[i].n_kept);
      g_assert_cmpuint (progress.n_done, ==, cases[i].fail_at);
    }

  test_folder_remove (folder);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  n_devices)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fixture->source->cancel_at_third = cancellable;
  g_assert_false (run (fixture, G_MAXUINT, 1 << 24, cancellable, RECON_JOB_CANCELLED, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (fixture->sink->finished);
  g_assert_cmpuint (fixture->source->n_reads, <=, 4);
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
  add ("all-slices", test_all_slices);
  add ("little-memory", test_little_memory);
  add ("too-little-memory", test_too_little_memory);
  add ("source-fails", test_source_fails);
  add ("step-fails", test_step_fails);
  add ("sink-fails", test_sink_fails);
  add ("kept", test_kept);
  add ("cancel", test_cancel);
  g_test_add ("/job/progress", Fixture, GUINT_TO_POINTER (1), set_up, test_progress, tear_down);

  return g_test_run ();
}

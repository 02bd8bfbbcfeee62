/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/plan.h"
#include "test-tasks.h"

/* Graphs of all shapes, run whole: halo, reductions, several inputs and sinks, and orders that need everything at
 * once. */

#define HALO 2

/* The mean of five frames about each, as far as there are. */
static gboolean
smooth_shape (ReconTask              *task,
              const ReconArrayInfo  **inputs,
              ReconArrayInfo         *outputs,
              ReconLog               *log,
              GError                **error)
{
  if (!recon_task_check_input (task, 0, RECON_ARRAY_FLOAT32, error, "frame", "row", "column", NULL))
    return FALSE;
  recon_array_info_copy (&outputs[0], inputs[0]);

  return TRUE;
}

static void
smooth_demand (ReconTask         *task,
               guint              output,
               const ReconRegion *wanted,
               guint              input,
               ReconRegion       *needed)
{
  *needed = *wanted;
  recon_region_grow (needed, recon_task_get_input (task, 0), 0, HALO);
}

static gboolean
smooth_process (ReconTask     *task,
                ReconArray   **inputs,
                ReconArray   **outputs,
                GCancellable  *cancellable,
                GError       **error)
{
  const ReconRegion *from = recon_array_get_region (inputs[0]), *to = recon_array_get_region (outputs[0]);
  const gsize size = to->axes[1].n * to->axes[2].n;
  const float *in = recon_array_read (inputs[0], error);
  float *out = recon_array_write (outputs[0], error);

  for (guint64 f = 0; f < to->axes[0].n; f++)
    for (gsize i = 0; i < size; i++)
      {
        const guint64 frame = to->axes[0].first + f;
        const guint64 first = MAX (frame, HALO) - HALO, end = MIN (frame + HALO + 1, N_FRAMES);
        double sum = 0;

        for (guint64 k = first; k < end; k++)
          sum += (double) in[(k - from->axes[0].first) * size + i];
        out[f * size + i] = (float) (sum / (double) (end - first));
      }

  return TRUE;
}

static void
smooth_more (ReconTaskClass *klass)
{
  klass->demand = smooth_demand;
}

DEFINE_TEST_TASK (Smooth, smooth, .flags = RECON_TASK_ON_HOST, .inputs = test_input, .outputs = test_output)

/* The mean over all frames. */
static gboolean
mean_shape (ReconTask              *task,
            const ReconArrayInfo  **inputs,
            ReconArrayInfo         *outputs,
            ReconLog               *log,
            GError                **error)
{
  recon_array_info_init (&outputs[0], RECON_ARRAY_FLOAT32, 2, "row", inputs[0]->axes[1].size, "column",
                         inputs[0]->axes[2].size);

  return TRUE;
}

static gboolean
mean_process (ReconTask     *task,
              ReconArray   **inputs,
              ReconArray   **outputs,
              GCancellable  *cancellable,
              GError       **error)
{
  TestTask *self = (TestTask *) task;
  const gsize size = N_ROWS * N_COLUMNS;
  const float *in = recon_array_read (inputs[0], error);

  if (self->sums == NULL)
    self->sums = g_new0 (double, size);
  for (guint f = 0; f < recon_array_get_n (inputs[0], 0); f++)
    for (gsize i = 0; i < size; i++)
      self->sums[i] += (double) in[f * size + i];

  return TRUE;
}

static gboolean
mean_finish (ReconTask     *task,
             ReconArray   **outputs,
             GCancellable  *cancellable,
             GError       **error)
{
  TestTask *self = (TestTask *) task;
  float *out = recon_array_write (outputs[0], error);

  for (gsize i = 0; i < N_ROWS * N_COLUMNS; i++)
    out[i] = (float) (self->sums[i] / N_FRAMES);
  g_clear_pointer (&self->sums, g_free);

  return TRUE;
}

static void
mean_more (ReconTaskClass *klass)
{
  klass->finish = mean_finish;
}

DEFINE_TEST_TASK (Mean, mean, .flags = RECON_TASK_ON_HOST | RECON_TASK_REDUCES, .inputs = test_input,
                  .outputs = test_output)

/* One image from all frames. */
static const ReconPort subtract_inputs[] = {
  { "input", RECON_PORT_NONE, "images" }, { "image", RECON_PORT_NONE, "what is subtracted" }, { NULL },
};

static gboolean
subtract_shape (ReconTask              *task,
                const ReconArrayInfo  **inputs,
                ReconArrayInfo         *outputs,
                ReconLog               *log,
                GError                **error)
{
  recon_array_info_copy (&outputs[0], inputs[0]);

  return TRUE;
}

static gboolean
subtract_process (ReconTask     *task,
                  ReconArray   **inputs,
                  ReconArray   **outputs,
                  GCancellable  *cancellable,
                  GError       **error)
{
  const gsize size = N_ROWS * N_COLUMNS;
  const gboolean is_one = recon_array_get_region (inputs[1])->n_axes == 2;
  const float *in = recon_array_read (inputs[0], error), *image = recon_array_read (inputs[1], error);
  float *out = recon_array_write (outputs[0], error);

  for (gsize i = 0; i < recon_array_get_n (inputs[0], 0) * size; i++)
    out[i] = in[i] - image[is_one ? i % size : i];

  return TRUE;
}

static void
subtract_more (ReconTaskClass *klass)
{
}

DEFINE_TEST_TASK (Subtract, subtract, .flags = RECON_TASK_ON_HOST, .inputs = subtract_inputs, .outputs = test_output)

/* Works where its input lies. */
static gboolean
negate_process (ReconTask     *task,
                ReconArray   **inputs,
                ReconArray   **outputs,
                GCancellable  *cancellable,
                GError       **error)
{
  const gsize n = (gsize) recon_array_get_n (inputs[0], 0) * N_ROWS * N_COLUMNS;
  float *values = recon_array_write (outputs[0], error);

  for (gsize i = 0; i < n; i++)
    values[i] = -values[i];

  return TRUE;
}

#define negate_shape subtract_shape
#define negate_more  subtract_more

DEFINE_TEST_TASK (Negate, negate, .flags = RECON_TASK_ON_HOST | RECON_TASK_IN_PLACE, .inputs = test_input,
                  .outputs = test_output)

/* Frames become rows. */
static gboolean
turn_shape (ReconTask              *task,
            const ReconArrayInfo  **inputs,
            ReconArrayInfo         *outputs,
            ReconLog               *log,
            GError                **error)
{
  recon_array_info_init (&outputs[0], RECON_ARRAY_FLOAT32, 3, "row", inputs[0]->axes[1].size, "frame",
                         inputs[0]->axes[0].size, "column", inputs[0]->axes[2].size);

  return TRUE;
}

static void
turn_demand (ReconTask         *task,
             guint              output,
             const ReconRegion *wanted,
             guint              input,
             ReconRegion       *needed)
{
  *needed = (ReconRegion) { 3, { { wanted->axes[1].first, wanted->axes[1].n },
                                 { wanted->axes[0].first, wanted->axes[0].n },
                                 { wanted->axes[2].first, wanted->axes[2].n } } };
}

static gboolean
turn_process (ReconTask     *task,
              ReconArray   **inputs,
              ReconArray   **outputs,
              GCancellable  *cancellable,
              GError       **error)
{
  const ReconRegion *from = recon_array_get_region (inputs[0]);
  const gsize n_frames = from->axes[0].n, n_rows = from->axes[1].n, n_columns = from->axes[2].n;
  const float *in = recon_array_read (inputs[0], error);
  float *out = recon_array_write (outputs[0], error);

  for (gsize f = 0; f < n_frames; f++)
    for (gsize r = 0; r < n_rows; r++)
      memcpy (out + (r * n_frames + f) * n_columns, in + (f * n_rows + r) * n_columns, n_columns * sizeof *in);

  return TRUE;
}

static void
turn_more (ReconTaskClass *klass)
{
  klass->demand = turn_demand;
}

DEFINE_TEST_TASK (Turn, turn, .flags = RECON_TASK_ON_HOST, .inputs = test_input, .outputs = test_output)

/* Takes its whole input for each image, as a volume that is looked at again and again. */
static void
reverse_demand (ReconTask         *task,
                guint              output,
                const ReconRegion *wanted,
                guint              input,
                ReconRegion       *needed)
{
  recon_region_init_whole (needed, recon_task_get_input (task, 0));
}

static gboolean
reverse_process (ReconTask     *task,
                 ReconArray   **inputs,
                 ReconArray   **outputs,
                 GCancellable  *cancellable,
                 GError       **error)
{
  const ReconRegion *to = recon_array_get_region (outputs[0]);
  const gsize size = to->axes[1].n * to->axes[2].n;
  const guint n = recon_array_get_n (inputs[0], 0);
  const float *in = recon_array_read (inputs[0], error);
  float *out = recon_array_write (outputs[0], error);

  for (guint64 f = 0; f < to->axes[0].n; f++)
    memcpy (out + f * size, in + (n - 1 - to->axes[0].first - f) * size, size * sizeof *in);

  return TRUE;
}

#define reverse_shape subtract_shape

static void
reverse_more (ReconTaskClass *klass)
{
  klass->demand = reverse_demand;
}

DEFINE_TEST_TASK (Reverse, reverse, .flags = RECON_TASK_ON_HOST, .inputs = test_input, .outputs = test_output)

static void
run (ReconGraph *graph,
     guint64     memory)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconJob) job = NULL;
  ReconJobProgress progress;

  g_assert_true (recon_graph_shape (graph, NULL, &error));
  g_assert_no_error (error);
  job = recon_job_new (graph, devices, memory, NULL);
  recon_job_run (job, NULL, &error);
  g_assert_no_error (error);
  recon_job_get_progress (job, &progress);
  g_assert_cmpuint (progress.n_done, ==, progress.n_slices);
  g_assert_cmpfloat_with_epsilon (progress.work, progress.n_slices, 1e-6);
}

/* Enough for one block of one image, or for all. */
static const guint64 memories[] = { 8192, 20000, 1 << 24 };

static double
mean_about (guint frame,
            guint row,
            guint column)
{
  const guint first = MAX (frame, HALO) - HALO, end = MIN (frame + HALO + 1, N_FRAMES);
  double sum = 0;

  for (guint k = first; k < end; k++)
    sum += (double) test_value (k, row, column);

  return (double) (float) (sum / (end - first));
}

/* Neighbours of a block come with it: twice smoothed, the halo grows. */
static void
test_halo (void)
{
  float *first = NULL;

  for (gsize m = 0; m < G_N_ELEMENTS (memories); m++)
    {
      g_autoptr (ReconGraph) graph = recon_graph_new ();
      g_autoptr (TestOptions) options = test_options_new ();
      const guint ramp = test_add (graph, ramp_get_type (), NULL, NULL);
      const guint once = test_add (graph, smooth_get_type (), NULL, NULL);
      const guint twice = test_add (graph, smooth_get_type (), NULL, NULL);
      const guint sink = test_add (graph, test_sink_get_type (), NULL, options);

      test_connect (graph, ramp, once, NULL);
      test_connect (graph, once, twice, NULL);
      test_connect (graph, twice, sink, NULL);
      run (graph, memories[m]);
      g_assert_true (options->ended);
      g_assert_cmpuint (options->largest, >, 0);
      for (guint f = 2 * HALO; f < N_FRAMES - 2 * HALO; f++)
        g_assert_cmpfloat (options->values[(f * N_ROWS + 3) * N_COLUMNS + 2], ==, (float) mean_about (f, 3, 2));

      if (first == NULL)
        first = g_steal_pointer (&options->values);
      else
        g_assert_cmpmem (options->values, N_FRAMES * N_ROWS * N_COLUMNS * sizeof (float), first,
                         N_FRAMES * N_ROWS * N_COLUMNS * sizeof (float));
    }
  g_free (first);
}

/* What was made twice, with a halo and without, fits together; a mean is made before it is used. */
static void
test_branches (void)
{
  for (gsize m = 0; m < G_N_ELEMENTS (memories); m++)
    {
      g_autoptr (ReconGraph) graph = recon_graph_new ();
      g_autoptr (TestOptions) differences = test_options_new ();
      g_autoptr (TestOptions) deviations = test_options_new ();
      const guint ramp = test_add (graph, ramp_get_type (), NULL, NULL);
      const guint smooth = test_add (graph, smooth_get_type (), NULL, NULL);
      const guint difference = test_add (graph, subtract_get_type (), "difference", NULL);
      const guint mean = test_add (graph, mean_get_type (), NULL, NULL);
      const guint deviation = test_add (graph, subtract_get_type (), "deviation", NULL);
      const guint first = test_add (graph, test_sink_get_type (), "differences", differences);
      const guint second = test_add (graph, test_sink_get_type (), "deviations", deviations);

      test_connect (graph, ramp, smooth, NULL);
      test_connect (graph, ramp, difference, "input");
      test_connect (graph, smooth, difference, "image");
      test_connect (graph, difference, first, NULL);
      test_connect (graph, ramp, mean, NULL);
      test_connect (graph, ramp, deviation, "input");
      test_connect (graph, mean, deviation, "image");
      test_connect (graph, deviation, second, NULL);
      run (graph, memories[m]);

      for (guint f = 0; f < N_FRAMES; f++)
        for (guint i = 0; i < N_ROWS * N_COLUMNS; i++)
          {
            const guint row = i / N_COLUMNS, column = i % N_COLUMNS;
            const gsize place = f * N_ROWS * N_COLUMNS + i;

            g_assert_cmpfloat (differences->values[place], ==,
                               test_value (f, row, column) - (float) mean_about (f, row, column));
            g_assert_cmpfloat_with_epsilon (deviations->values[place], 1000 * (f - (N_FRAMES - 1) / 2.0), 1e-2);
          }
    }
}

/* Needed whole: in memory where it fits, else in a file. */
static void
test_whole (void)
{
  for (gsize m = 0; m < G_N_ELEMENTS (memories); m++)
    {
      g_autoptr (ReconGraph) graph = recon_graph_new ();
      g_autoptr (TestOptions) turned = test_options_new ();
      const guint ramp = test_add (graph, ramp_get_type (), NULL, NULL);
      const guint smooth = test_add (graph, smooth_get_type (), NULL, NULL);
      const guint turn = test_add (graph, turn_get_type (), NULL, NULL);
      const guint sink = test_add (graph, test_sink_get_type (), NULL, turned);

      test_connect (graph, ramp, smooth, NULL);
      test_connect (graph, smooth, turn, NULL);
      test_connect (graph, turn, sink, NULL);
      run (graph, memories[m]);
      for (guint f = 0; f < N_FRAMES; f++)
        for (guint r = 0; r < N_ROWS; r++)
          for (guint c = 0; c < N_COLUMNS; c++)
            g_assert_cmpfloat (turned->values[(r * N_FRAMES + f) * N_COLUMNS + c], ==, (float) mean_about (f, r, c));
    }
}

static void
test_again_and_again (void)
{
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  g_autoptr (TestOptions) source = test_options_new ();
  g_autoptr (TestOptions) reversed = test_options_new ();
  g_autoptr (GCancellable) never = g_cancellable_new ();
  const guint ramp = test_add (graph, ramp_get_type (), NULL, source);
  const guint reverse = test_add (graph, reverse_get_type (), NULL, NULL);
  const guint sink = test_add (graph, test_sink_get_type (), NULL, reversed);

  test_connect (graph, ramp, reverse, NULL);
  test_connect (graph, reverse, sink, NULL);
  source->cancel_at_third = never;
  source->n_calls = 100;
  run (graph, 1 << 24);
  for (guint f = 0; f < N_FRAMES; f++)
    g_assert_cmpfloat (reversed->values[f * N_ROWS * N_COLUMNS], ==, test_value (N_FRAMES - 1 - f, 0, 0));
  /* It was read once, block by block, not once for each image. */
  g_assert_cmpuint (source->n_calls - 100, <=, N_FRAMES);
}

/* Images that stand are not made again, unless another sink needs them. */
static void
test_finished (void)
{
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  g_autoptr (TestOptions) options = test_options_new ();
  const guint ramp = test_add (graph, ramp_get_type (), NULL, NULL);
  const guint sink = test_add (graph, test_sink_get_type (), NULL, options);

  test_connect (graph, ramp, sink, NULL);
  memset (options->finished, 1, 10);
  options->finished[20] = 1;
  options->values = g_new0 (float, N_FRAMES * N_ROWS * N_COLUMNS);
  run (graph, 1 << 24);
  for (guint f = 0; f < N_FRAMES; f++)
    g_assert_cmpfloat (options->values[f * N_ROWS * N_COLUMNS], ==,
                       options->finished[f] ? 0.f : test_value (f, 0, 0));
}

/* The pass that makes the sink's images, sized. */
static void
size_last_pass (ReconGraph *graph,
                ReconPass  *pass)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconPlan) plan = NULL;

  g_assert_true (recon_graph_shape (graph, NULL, &error));
  plan = recon_plan_new (graph, devices, 1 << 24, &error);
  g_assert_no_error (error);
  *pass = *(ReconPass *) g_ptr_array_index (plan->passes, plan->passes->len - 1);
  g_assert_true (recon_plan_size_pass (plan, pass, pass->n_items, NULL, &error));
}

/* What is changed in place, while another sink gets it as it was, is copied, and that is counted. */
static void
test_copies (void)
{
  const guint64 image = N_ROWS * N_COLUMNS * sizeof (float);
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  g_autoptr (TestOptions) before = test_options_new ();
  g_autoptr (TestOptions) after = test_options_new ();
  const guint ramp = test_add (graph, ramp_get_type (), NULL, NULL);
  const guint negate = test_add (graph, negate_get_type (), NULL, NULL);
  ReconPass pass;

  test_connect (graph, ramp, test_add (graph, test_sink_get_type (), "before", before), NULL);
  test_connect (graph, ramp, negate, NULL);
  test_connect (graph, negate, test_add (graph, test_sink_get_type (), "after", after), NULL);
  size_last_pass (graph, &pass);
  g_assert_cmpuint (pass.n_targets, ==, 2);
  g_assert_cmpuint (pass.host_bytes, ==, (pass.n_slots + 1) * pass.block * image);
  run (graph, 1 << 24);
  for (guint i = 0; i < N_FRAMES * N_ROWS * N_COLUMNS; i++)
    g_assert_cmpfloat (after->values[i], ==, -before->values[i]);
}

/* What is kept in memory is counted before anything is made. */
static void
test_kept (void)
{
  const guint64 image = N_ROWS * N_COLUMNS * sizeof (float);
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  g_autoptr (TestOptions) reversed = test_options_new ();
  const guint ramp = test_add (graph, ramp_get_type (), NULL, NULL);
  const guint reverse = test_add (graph, reverse_get_type (), NULL, NULL);
  ReconPass pass;

  test_connect (graph, ramp, reverse, NULL);
  test_connect (graph, reverse, test_add (graph, test_sink_get_type (), NULL, reversed), NULL);
  size_last_pass (graph, &pass);
  g_assert_cmpuint (pass.host_bytes, ==, (N_FRAMES + pass.n_slots * pass.block) * image);
}

static void
expect_error (ReconGraph *graph,
              const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (recon_graph_shape (graph, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_bad_graphs (void)
{
  g_autoptr (ReconGraph) hole = recon_graph_new ();
  g_autoptr (ReconGraph) circle = recon_graph_new ();
  g_autoptr (ReconGraph) kind = recon_graph_new ();
  g_autoptr (GError) error = NULL;
  guint a, b, c;

  test_add (hole, smooth_get_type (), "lonely", NULL);
  expect_error (hole, "Nothing comes to the input 'input' of lonely: images. Connect it.");

  a = test_add (circle, smooth_get_type (), "a", NULL);
  b = test_add (circle, smooth_get_type (), "b", NULL);
  c = test_add (circle, smooth_get_type (), "c", NULL);
  test_connect (circle, a, b, NULL);
  test_connect (circle, b, a, NULL);
  test_connect (circle, b, c, NULL);
  expect_error (circle, "The graph runs in a circle: a → b → a. Each task can only use what was made before it.");
  g_assert_false (recon_graph_connect (circle, c, NULL, b, NULL, &error));
  g_assert_cmpstr (error->message, ==, "The input 'input' of b is connected twice: to a and to c. Leave one out.");
  g_clear_error (&error);
  g_assert_false (recon_graph_connect (circle, c, "outpt", b, NULL, &error));
  g_assert_cmpstr (error->message, ==, "c (smooth) has no output 'outpt', but: output.");

  a = test_add (kind, ramp_get_type (), NULL, NULL);
  b = test_add (kind, mean_get_type (), NULL, NULL);
  c = test_add (kind, smooth_get_type (), NULL, NULL);
  test_connect (kind, a, b, NULL);
  test_connect (kind, b, c, NULL);
  expect_error (kind, "smooth: The input 'input' takes float32, frame × row × column, but gets float32, row 7 × column "
                      "5. Connect another output to it.");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/graph/halo", test_halo);
  g_test_add_func ("/graph/branches", test_branches);
  g_test_add_func ("/graph/whole", test_whole);
  g_test_add_func ("/graph/again-and-again", test_again_and_again);
  g_test_add_func ("/graph/finished", test_finished);
  g_test_add_func ("/graph/copies", test_copies);
  g_test_add_func ("/graph/kept", test_kept);
  g_test_add_func ("/graph/bad", test_bad_graphs);

  return g_test_run ();
}

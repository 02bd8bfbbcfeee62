/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-run.h"

#include <stdio.h>
#include <string.h>

#include "engine/memory.h"
#include "engine/plan.h"
#include "engine/worker.h"
#include "steps/backproject.h"
#include "steps/filter.h"
#include "steps/flat-field.h"

/* Takes slices through the same objects as a job does, without its threads and files: each step is timed alone. */

typedef struct
{
  const BenchScan     *scan;
  const BenchSettings *settings;
  ReconGraph          *graph;
  ReconWorker         *worker;
  ReconPlan            plan;
  float               *data;
  float               *result;
  float               *references;
} Run;

static ReconStep *
new_flat_field (gconstpointer data)
{
  const Run *run = data;

  return recon_flat_field_new (&(ReconFlatFieldSettings) {
      .correct = TRUE,
      .absorptivity = TRUE,
      .fix_nan_inf = TRUE,
      .dark_scale = 1,
      .clip_minimum = 1e-6,
      .n_angles = run->scan->n_angles,
      .variant = run->settings->variant,
  });
}

static ReconStep *
new_filter (gconstpointer data)
{
  const Run *run = data;

  return recon_filter_step_new (&(ReconFilterSettings) {
      .filter = RECON_FILTER_RAMP,
      .padding = RECON_PADDING_EDGE,
      .cutoff = 0.5,
      .order = 4,
      .variant = run->settings->variant,
  });
}

static ReconStep *
new_backproject (gconstpointer data)
{
  const Run *run = data;
  const BenchScan *scan = run->scan;

  return recon_backproject_new (&(ReconBackprojectSettings) {
      .angles = scan->angles,
      .weights = scan->weights,
      .n_angles = scan->n_angles,
      .axis = 0.5 * (scan->columns - 1),
      .width = scan->columns,
      .height = scan->columns,
      .scale = 1 / scan->attenuation,
      .kernel = run->settings->kernel,
      .variant = run->settings->variant,
  });
}

static void
run_clear (Run *run)
{
  recon_host_memory_free (run->data);
  recon_host_memory_free (run->result);
  recon_host_memory_free (run->references);
  g_clear_pointer (&run->worker, recon_worker_free);
  g_clear_pointer (&run->graph, recon_graph_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* Cuts the slices into blocks as a job with the default memory limit does. */
static gboolean
run_init (Run                    *run,
          const ReconDeviceInfo  *device,
          BenchResult            *result,
          GError                **error)
{
  const ReconSourceInfo source = {
    .n_slices = run->settings->n_slices,
    .shape = { RECON_DATA_COUNTS, run->scan->n_angles, run->scan->columns },
    .has_dark = TRUE,
    .has_flat = TRUE,
  };
  g_autoptr (GPtrArray) devices = g_ptr_array_new ();
  gint64 started = g_get_monotonic_time ();
  gsize slices;

  g_ptr_array_add (devices, (gpointer) device);
  run->graph = recon_graph_new ();
  recon_graph_append (run->graph, new_flat_field, run, NULL);
  recon_graph_append (run->graph, new_filter, run, NULL);
  recon_graph_append (run->graph, new_backproject, run, NULL);

  if (!recon_plan_make (&run->plan, &source, run->graph, devices, recon_memory_available () / 2, source.n_slices, NULL,
                        error))
    return FALSE;
  run->worker = recon_worker_new (device, run->graph, &source.shape, run->plan.lanes, error);
  if (run->worker == NULL)
    return FALSE;
  result->lanes = run->plan.lanes;
  result->block_slices = run->plan.block_slices;
  result->prepare_seconds = (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;

  slices = run->plan.block_slices;
  run->data = recon_host_memory_new (slices * run->plan.input_bytes, error);
  if (run->data != NULL)
    run->result = recon_host_memory_new (slices * run->plan.output_bytes, error);
  if (run->result != NULL)
    run->references = recon_host_memory_new (2 * slices * run->scan->columns * sizeof (float), error);

  return run->references != NULL;
}

static void
rate_block (const Run        *run,
            const ReconBlock *block,
            BenchResult      *result)
{
  const gsize n_pixels = (gsize) run->scan->columns * run->scan->columns;

  for (guint i = 0; i < block->n; i++)
    {
      double psnr = bench_scan_psnr (run->scan, block->first + i, run->result + i * n_pixels);

      if (block->first + i == 0)
        result->psnr_first = result->psnr_worst = psnr;
      /* The minimum; a NaN is worse than any. */
      if (!(psnr >= result->psnr_worst))
        result->psnr_worst = psnr;
    }
}

/* Reconstructs all slices once. @seconds is the time of the steps from the first to the last; making the counts isn't
 * part of it. @result: (nullable): gets the accuracy */
static gboolean
run_once (Run          *run,
          double       *seconds,
          BenchResult  *result,
          GError      **error)
{
  const guint n_slices = run->settings->n_slices;

  *seconds = 0;
  for (guint first = 0; first < n_slices; first += run->plan.block_slices)
    {
      const guint n = MIN (run->plan.block_slices, n_slices - first);
      ReconBlock block;
      gint64 started;

      recon_block_init (&block, first, n, run->plan.lanes, &run->plan.input);
      block.dark = run->references;
      block.flat = run->references + (gsize) n * run->scan->columns;
      bench_scan_references (run->scan, &block);
      bench_scan_counts (run->scan, &block, run->data);

      started = g_get_monotonic_time ();
      if (!recon_worker_process (run->worker, &block, run->data, run->result, NULL, error))
        return FALSE;
      *seconds += (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;

      if (result != NULL)
        rate_block (run, &block, result);
    }

  return TRUE;
}

/* The next peak of resident memory starts from what is resident now. */
static void
reset_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file == NULL)
    return;
  fputs ("5", file);
  fclose (file);
}

static guint64
read_peak (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) || (line = strstr (text, "VmHWM:")) == NULL)
    return 0;

  return g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) * 1024;
}

static void
note_names (const Run   *run,
            BenchResult *result)
{
  GArray *costs = recon_worker_get_costs (run->worker);

  result->names = g_new0 (char *, costs->len + 1);
  for (guint i = 0; i < costs->len; i++)
    result->names[i] = g_strdup (g_array_index (costs, ReconCost, i).name);
  result->seconds = g_new0 (double, costs->len * run->settings->repeats);
  result->wall_seconds = g_new0 (double, run->settings->repeats);
}

/* Reconstructs all slices once to warm up, and then @settings->repeats times. */
gboolean
bench_run (const BenchScan        *scan,
           const ReconDeviceInfo  *device,
           const BenchSettings    *settings,
           BenchResult            *result,
           GError                **error)
{
  g_auto (Run) run = { .scan = scan, .settings = settings };
  double seconds;

  *result = (BenchResult) { 0 };
  reset_peak ();
  if (!run_init (&run, device, result, error) || !run_once (&run, &seconds, result, error))
    return FALSE;

  note_names (&run, result);
  for (guint i = 0; i < settings->repeats; i++)
    {
      GArray *costs = recon_worker_get_costs (run.worker);
      double *row = result->seconds + (gsize) i * costs->len;

      /* The worker's counters go on from repeat to repeat. */
      for (guint k = 0; k < costs->len; k++)
        row[k] = -g_array_index (costs, ReconCost, k).seconds;
      if (!run_once (&run, &result->wall_seconds[i], NULL, error))
        return FALSE;
      for (guint k = 0; k < costs->len; k++)
        row[k] += g_array_index (costs, ReconCost, k).seconds;
    }
  result->peak_bytes = read_peak ();

  return TRUE;
}

void
bench_result_clear (BenchResult *self)
{
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->seconds, g_free);
  g_clear_pointer (&self->wall_seconds, g_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-run.h"

#include <stdio.h>
#include <string.h>

#include "config/choices.h"
#include "graph/layouts.h"
#include "graph/memory.h"
#include "graph/plan.h"
#include "graph/task.h"
#include "graph/worker.h"
#include "tasks/tasks.h"

/* Takes slices through the same objects as a job does, without its threads and files: each task is timed alone. */

enum
{
  NODE_SCAN,
  NODE_FLAT_FIELD,
  NODE_FILTER,
  NODE_BACKPROJECT,
  NODE_SINK,
  N_NODES,
};

enum
{
  PROJECTIONS,
  DARK,
  FLAT,
};

static const ReconPort no_ports[] = { { NULL } };
static const ReconPort scan_ports[] = {
  { "projections", RECON_PORT_NONE, "Counts" }, { "dark", RECON_PORT_NONE, "Darks" },
  { "flat", RECON_PORT_NONE, "Flats" },         { NULL },
};
static const ReconPort slices_ports[] = { { "slices", RECON_PORT_NONE, "Slices" }, { NULL } };

/* Where the counts come from. */
#define BENCH_TYPE_SOURCE (bench_source_get_type ())
G_DECLARE_FINAL_TYPE (BenchSource, bench_source, BENCH, SOURCE, ReconTask)

struct _BenchSource
{
  ReconTask        parent_instance;

  const BenchScan *scan;
  guint            n_slices;
};

G_DEFINE_FINAL_TYPE (BenchSource, bench_source, RECON_TYPE_TASK)

static gboolean
bench_source_shape (ReconTask              *task,
                    const ReconArrayInfo  **given,
                    ReconArrayInfo         *made,
                    ReconLog               *log,
                    GError                **error)
{
  BenchSource *self = BENCH_SOURCE (task);
  const guint64 n = self->n_slices, columns = self->scan->columns, n_angles = self->scan->n_angles;
  ReconGeometry *geometry = recon_geometry_new ();

  recon_geometry_set_angles (geometry, self->scan->angles, self->scan->weights, NULL, self->scan->n_angles);
  geometry->axis = 0.5 * (self->scan->columns - 1);
  geometry->pixel_size = 1000 * self->scan->attenuation;
  recon_array_info_init (&made[PROJECTIONS], RECON_ARRAY_FLOAT32, 3, "angle", n_angles, "row", n, "column", columns);
  recon_array_info_init (&made[DARK], RECON_ARRAY_FLOAT32, 2, "row", n, "column", columns);
  recon_array_info_init (&made[FLAT], RECON_ARRAY_FLOAT32, 2, "row", n, "column", columns);
  made[PROJECTIONS].geometry = geometry;

  return TRUE;
}

static gboolean
bench_source_process (ReconTask     *task,
                      ReconArray   **given,
                      ReconArray   **made,
                      GCancellable  *cancellable,
                      GError       **error)
{
  BenchSource *self = BENCH_SOURCE (task);
  const ReconRegion *region = recon_array_get_region (made[PROJECTIONS]);
  const guint first = (guint) region->axes[1].first, n = (guint) region->axes[1].n;
  float *counts = recon_array_write (made[PROJECTIONS], error);
  float *dark = counts != NULL ? recon_array_write (made[DARK], error) : NULL;
  float *flat = dark != NULL ? recon_array_write (made[FLAT], error) : NULL;

  if (flat == NULL)
    return FALSE;

  bench_scan_references (self->scan, first, n, dark, flat);
  bench_scan_counts (self->scan, first, n, recon_array_get_pitch (made[PROJECTIONS]), counts);

  return TRUE;
}

static void
bench_source_class_init (BenchSourceClass *klass)
{
  static const ReconTaskInfo info = {
    .name = "scan", .flags = RECON_TASK_ON_HOST, .inputs = no_ports, .outputs = scan_ports,
  };

  RECON_TASK_CLASS (klass)->shape = bench_source_shape;
  RECON_TASK_CLASS (klass)->process = bench_source_process;
  recon_task_class_set_info (RECON_TASK_CLASS (klass), &info);
}

static void
bench_source_init (BenchSource *self)
{
}

/* Where the slices would go. */
#define BENCH_TYPE_SINK (bench_sink_get_type ())
G_DECLARE_FINAL_TYPE (BenchSink, bench_sink, BENCH, SINK, ReconTask)

struct _BenchSink
{
  ReconTask parent_instance;
};

G_DEFINE_FINAL_TYPE (BenchSink, bench_sink, RECON_TYPE_TASK)

static gboolean
bench_sink_shape (ReconTask              *task,
                  const ReconArrayInfo  **given,
                  ReconArrayInfo         *made,
                  ReconLog               *log,
                  GError                **error)
{
  return TRUE;
}

static void
bench_sink_class_init (BenchSinkClass *klass)
{
  static const ReconTaskInfo info = {
    .name = "sink", .flags = RECON_TASK_ON_HOST, .inputs = slices_ports, .outputs = no_ports,
  };

  RECON_TASK_CLASS (klass)->shape = bench_sink_shape;
  recon_task_class_set_info (RECON_TASK_CLASS (klass), &info);
}

static void
bench_sink_init (BenchSink *self)
{
}

typedef struct
{
  const BenchScan     *scan;
  const BenchSettings *settings;
  ReconDeviceInfo      info;
  ReconGraph          *graph;
  ReconPlan           *plan;
  const ReconPass     *pass;
  ReconLayout         *layouts;
  ReconWorker         *worker;
  GArray              *costs; /* of tasks, of all repeats so far */
  float               *memory[N_NODES * RECON_MAX_PORTS]; /* for what is read and what is made */
} Run;

static void
run_clear (Run *run)
{
  for (guint i = 0; i < G_N_ELEMENTS (run->memory); i++)
    recon_host_memory_free (run->memory[i]);
  g_clear_pointer (&run->worker, recon_worker_free);
  g_clear_pointer (&run->costs, g_array_unref);
  g_free (run->layouts);
  g_clear_pointer (&run->plan, recon_plan_free);
  g_clear_pointer (&run->graph, recon_graph_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* All settings are the program's, but that a scan's references are there to be used. */
static gboolean
make_graph (Run     *run,
            GError **error)
{
  static const char *const kernels[] = { "plain", "direct", "merged" };
  static const char *const names[] = { "flat-field", "filter", "backproject" };
  const int kernel = run->settings->kernel;
  BenchSource *source = g_object_new (BENCH_TYPE_SOURCE, NULL);

  run->graph = recon_graph_new ();
  source->scan = run->scan;
  source->n_slices = run->settings->n_slices;
  recon_graph_add (run->graph, RECON_TASK (source), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      ReconTask *task = recon_task_new (names[i], error);

      if (task == NULL)
        return FALSE;
      recon_graph_add (run->graph, task, NULL);
    }
  recon_graph_add (run->graph, g_object_new (BENCH_TYPE_SINK, NULL), NULL);

  return recon_task_set (recon_graph_get_task (run->graph, NODE_BACKPROJECT), "kernel",
                         kernel == RECON_CHOICE_AUTO ? "auto" : kernels[kernel], error) &&
         recon_graph_connect (run->graph, NODE_SCAN, "projections", NODE_FLAT_FIELD, "projections", error) &&
         recon_graph_connect (run->graph, NODE_SCAN, "dark", NODE_FLAT_FIELD, "dark", error) &&
         recon_graph_connect (run->graph, NODE_SCAN, "flat", NODE_FLAT_FIELD, "flat", error) &&
         recon_graph_connect (run->graph, NODE_FLAT_FIELD, "projections", NODE_FILTER, "projections", error) &&
         recon_graph_connect (run->graph, NODE_FILTER, "projections", NODE_BACKPROJECT, "projections", error) &&
         recon_graph_connect (run->graph, NODE_BACKPROJECT, "slices", NODE_SINK, "slices", error) &&
         recon_graph_shape (run->graph, NULL, error);
}

static gsize
get_index (ReconOutlet outlet)
{
  return recon_outlet_get_place (outlet);
}

static const ReconOutlet slices_outlet = { NODE_BACKPROJECT, 0 };

static const ReconOutlet fixed_outlets[] = {
  { NODE_SCAN, PROJECTIONS }, { NODE_SCAN, DARK }, { NODE_SCAN, FLAT }, { NODE_BACKPROJECT, 0 },
};

static ReconArray *
new_array (const Run         *run,
           const ReconDemand *demand,
           ReconOutlet        outlet)
{
  return recon_array_new_for_host (recon_task_get_output (recon_graph_get_task (run->graph, (guint) outlet.node),
                                                          outlet.port),
                                   recon_demand_at (demand, outlet),
                                   run->layouts[get_index (outlet)],
                                   run->memory[get_index (outlet)]);
}

/* The memory of the largest block. */
static gboolean
allocate (Run      *run,
          GError  **error)
{
  g_auto (ReconDemand) demand = { 0 };

  recon_demand_init (&demand, run->graph);
  recon_plan_demand (run->plan, run->pass, 0, MIN (run->pass->block, run->settings->n_slices), &demand);
  for (guint i = 0; i < G_N_ELEMENTS (fixed_outlets); i++)
    {
      g_autoptr (ReconArray) array = new_array (run, &demand, fixed_outlets[i]);
      float **memory = &run->memory[get_index (fixed_outlets[i])];

      *memory = recon_host_memory_new (recon_array_get_bytes (array), error);
      if (*memory == NULL)
        return FALSE;
    }

  return TRUE;
}

static void
trace_cb (const char *task,
          gint64      start,
          gint64      end,
          gpointer    user_data)
{
  recon_costs_add (user_data, task, (double) (end - start) / G_USEC_PER_SEC);
}

/* Cuts the slices into blocks as a job with the default memory limit does. */
static gboolean
run_init (Run                    *run,
          const ReconDeviceInfo  *device,
          BenchResult            *result,
          GError                **error)
{
  const guint8 given[N_NODES * RECON_MAX_PORTS] = { TRUE, TRUE, TRUE };
  const gint64 started = g_get_monotonic_time ();
  g_autoptr (GPtrArray) devices = g_ptr_array_new ();
  g_auto (ReconDemand) demand = { 0 };

  run->info = *device;
  if (run->settings->variant != RECON_CHOICE_AUTO)
    run->info.likes_small_items = run->settings->variant == RECON_VARIANT_GPU;
  g_ptr_array_add (devices, &run->info);
  if (!make_graph (run, error))
    return FALSE;

  run->plan = recon_plan_new (run->graph, devices, recon_memory_available () / 2, error);
  if (run->plan == NULL)
    return FALSE;
  run->pass = g_ptr_array_index (run->plan->passes, 0);
  if (!recon_plan_size_pass (run->plan, g_ptr_array_index (run->plan->passes, 0), run->settings->n_slices, NULL, error))
    return FALSE;

  run->layouts = recon_layouts_choose (run->graph, run->pass->lanes);
  run->worker = recon_worker_new (&run->info, error);
  if (run->worker == NULL)
    return FALSE;
  recon_worker_set_lanes (run->worker, run->pass->lanes);
  run->costs = g_array_new (FALSE, FALSE, sizeof (ReconCost));
  recon_worker_set_trace (run->worker, trace_cb, run->costs);
  recon_demand_init (&demand, run->graph);
  recon_plan_demand (run->plan, run->pass, 0, MIN (run->pass->block, run->settings->n_slices), &demand);
  if (!recon_worker_prepare (run->worker, &demand, given, NULL, NULL, error))
    return FALSE;
  result->lanes = run->pass->lanes;
  result->block_slices = run->pass->block;
  result->prepare_seconds = (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;

  return allocate (run, error);
}

static void
rate_block (const Run   *run,
            guint        first,
            guint        n,
            const float *slices,
            BenchResult *result)
{
  const gsize n_pixels = (gsize) run->scan->columns * run->scan->columns;

  for (guint i = 0; i < n; i++)
    {
      double psnr = bench_scan_psnr (run->scan, first + i, slices + i * n_pixels);

      if (first + i == 0)
        result->psnr_first = result->psnr_worst = psnr;
      /* The minimum; a NaN is worse than any. */
      if (!(psnr >= result->psnr_worst))
        result->psnr_worst = psnr;
    }
}

/* Adds the time of the tasks from the first to the last, and until the slices are on the host. */
static gboolean
run_block (Run          *run,
           guint         first,
           guint         n,
           ReconArray  **arrays,
           double       *seconds,
           BenchResult  *result,
           GError      **error)
{
  const guint8 kept[N_NODES * RECON_MAX_PORTS] = { 0 };
  g_auto (ReconDemand) demand = { 0 };
  const float *slices = NULL;
  gint64 started;

  recon_demand_init (&demand, run->graph);
  recon_plan_demand (run->plan, run->pass, first, n, &demand);
  for (guint i = 0; i < G_N_ELEMENTS (fixed_outlets); i++)
    arrays[get_index (fixed_outlets[i])] = new_array (run, &demand, fixed_outlets[i]);
  if (!recon_task_process (recon_graph_get_task (run->graph, NODE_SCAN), NULL, arrays, NULL, error))
    return FALSE;

  started = g_get_monotonic_time ();
  if (recon_worker_compute (run->worker, &demand, arrays, kept, NULL, error))
    slices = recon_array_read (arrays[get_index (slices_outlet)], error);
  *seconds += (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;

  if (slices != NULL && result != NULL)
    rate_block (run, first, n, slices, result);

  return slices != NULL;
}

/* Reconstructs all slices once. @seconds is the time of the tasks from the first to the last; making the counts isn't
 * part of it. @result: (nullable): gets the accuracy */
static gboolean
run_once (Run          *run,
          double       *seconds,
          BenchResult  *result,
          GError      **error)
{
  const guint n_slices = run->settings->n_slices;
  gboolean success = TRUE;

  *seconds = 0;
  for (guint first = 0; success && first < n_slices; first += run->pass->block)
    {
      ReconArray *arrays[N_NODES * RECON_MAX_PORTS] = { NULL };

      success = run_block (run, first, MIN (run->pass->block, n_slices - first), arrays, seconds, result, error);
      for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
        g_clear_pointer (&arrays[i], recon_array_unref);
    }

  return success;
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
  GArray *costs = run->costs;

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
      GArray *costs = run.costs;
      double *row = result->seconds + (gsize) i * costs->len;

      /* The sums go on from repeat to repeat. */
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

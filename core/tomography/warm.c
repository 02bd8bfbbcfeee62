/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tomography/warm.h"

#include "config/config.h"
#include "graph/evaluator.h"
#include "pipeline/pipeline.h"
#include "tasks/tasks.h"

/* Compiling the kernels for a device takes long, and is done once: the programs are kept on disk. Whoever has time
 * before the first scan is chosen makes them by a tiny one, with the steps and options that scans have. */

#define N_ANGLES 512
#define WIDTH    64

/* Previews come first, and are made in groups of the fewest slices. */
static const guint lanes[] = { RECON_MIN_LANES, RECON_MAX_LANES };

typedef struct
{
  ReconWorkerPreparedFunc prepared;
  gpointer                user_data;
  guint                   n_before; /* tasks of other numbers of lanes */
  guint                   n_all;
} Rehearsal;

/* Gives projections, a dark and a flat that need no files. */
#define RECON_TYPE_UNIFORM_SCAN (recon_uniform_scan_get_type ())
G_DECLARE_FINAL_TYPE (ReconUniformScan, recon_uniform_scan, RECON, UNIFORM_SCAN, ReconTask)

struct _ReconUniformScan
{
  ReconTask parent_instance;
};

G_DEFINE_FINAL_TYPE (ReconUniformScan, recon_uniform_scan, RECON_TYPE_TASK)

static gboolean
recon_uniform_scan_shape (ReconTask              *task,
                          const ReconArrayInfo  **given,
                          ReconArrayInfo         *made,
                          ReconLog               *log,
                          GError                **error)
{
  g_autofree double *angles = g_new (double, N_ANGLES);

  for (guint i = 0; i < N_ANGLES; i++)
    angles[i] = G_PI * i / N_ANGLES;
  recon_array_info_init (&made[0], RECON_ARRAY_FLOAT32, 3, "angle", (guint64) N_ANGLES, "row",
                         (guint64) RECON_MAX_LANES, "column", (guint64) WIDTH);
  made[0].geometry = recon_geometry_new ();
  recon_geometry_set_angles (made[0].geometry, angles, NULL, NULL, N_ANGLES);
  made[0].geometry->axis = (WIDTH - 1) / 2.0;
  for (guint i = 1; i < 3; i++)
    recon_array_info_init (&made[i], RECON_ARRAY_FLOAT32, 2, "row", (guint64) RECON_MAX_LANES, "column",
                           (guint64) WIDTH);

  return TRUE;
}

static gboolean
recon_uniform_scan_process (ReconTask     *task,
                            ReconArray   **given,
                            ReconArray   **made,
                            GCancellable  *cancellable,
                            GError       **error)
{
  /* Counts, without light, and without sample. */
  static const float values[] = { 1, 0, 2 };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      float *pixels = made[i] != NULL ? recon_array_write (made[i], error) : NULL;

      if (made[i] != NULL && pixels == NULL)
        return FALSE;
      for (gsize k = 0; pixels != NULL && k < recon_array_get_bytes (made[i]) / sizeof *pixels; k++)
        pixels[k] = values[i];
    }

  return TRUE;
}

static void
recon_uniform_scan_class_init (ReconUniformScanClass *klass)
{
  static const ReconPort outputs[] = {
    { "projections", RECON_PORT_NONE, "" }, { "dark", RECON_PORT_NONE, "" }, { "flat", RECON_PORT_NONE, "" }, { NULL },
  };
  static const ReconTaskInfo info = { .name = "uniform-scan", .flags = RECON_TASK_ON_HOST, .outputs = outputs };
  ReconTaskClass *task_class = RECON_TASK_CLASS (klass);

  task_class->shape = recon_uniform_scan_shape;
  task_class->process = recon_uniform_scan_process;
  recon_task_class_set_info (task_class, &info);
}

static void
recon_uniform_scan_init (ReconUniformScan *self)
{
}

static ReconGraph *
make_graph (ReconOutlet *slices)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  ReconGraph *graph = recon_graph_new ();
  ReconTask *flat_field = recon_task_new ("flat-field", NULL);
  const guint scan = recon_graph_add (graph, g_object_new (RECON_TYPE_UNIFORM_SCAN, NULL), NULL);
  const guint node = recon_graph_add (graph, flat_field, NULL);

  for (guint i = 0; i < 3; i++)
    recon_graph_connect (graph, scan, recon_task_get_info (recon_graph_get_task (graph, scan))->outputs[i].name, node,
                         recon_task_get_info (flat_field)->inputs[i].name, NULL);
  *slices = (ReconOutlet) { (int) recon_tomography_add_reconstruction (graph, config, node, NULL), 0 };

  return graph;
}

static void
prepared_cb (const ReconDeviceInfo *info,
             guint                  n_prepared,
             guint                  n_tasks,
             gpointer               user_data)
{
  Rehearsal *self = user_data;

  if (self->prepared != NULL)
    self->prepared (info, self->n_before + n_prepared, self->n_all, self->user_data);
}

/* The first launch of a kernel is a part of its preparation. */
static gboolean
rehearse (Rehearsal              *self,
          const ReconDeviceInfo  *info,
          guint                   n_lanes,
          GCancellable           *cancellable,
          GError                **error)
{
  ReconOutlet slices;
  g_autoptr (ReconGraph) graph = make_graph (&slices);
  g_autoptr (ReconDevice) device = recon_device_open (info, error);
  g_autoptr (ReconEvaluator) evaluator = NULL;
  g_autoptr (ReconArray) array = NULL;
  ReconRegion region;

  if (device == NULL || g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !recon_graph_shape (graph, NULL, error))
    return FALSE;

  recon_region_init_whole (&region, recon_task_get_output (recon_graph_get_task (graph, (guint) slices.node), 0));
  region.axes[0].n = n_lanes;
  evaluator = recon_evaluator_new (device, n_lanes);
  recon_evaluator_set_keeping (evaluator, FALSE);
  recon_evaluator_set_prepared (evaluator, prepared_cb, self);
  array = recon_evaluator_get (evaluator, graph, slices, &region, cancellable, error);

  return array != NULL && recon_array_read (array, error) != NULL;
}

/**
 * recon_tomography_warm_up:
 * @device: which devices, as compute.device says
 * @prepared: (nullable): called in this thread before the first kernels and after each, to the number of all
 * @user_data: (closure): for @prepared
 * @cancellable: (nullable): ends this after the kernels in work
 * @error: return location
 *
 * Has the kernels of the standard pipeline compiled, for previews and for runs, so that the first of them need not
 * wait for that.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_tomography_warm_up (const char               *device,
                          ReconWorkerPreparedFunc   prepared,
                          gpointer                  user_data,
                          GCancellable             *cancellable,
                          GError                  **error)
{
  g_autoptr (GPtrArray) all = recon_devices_list (error);
  g_autoptr (GPtrArray) devices = all != NULL ? recon_devices_choose (all, device, error) : NULL;
  g_autofree Rehearsal *self = g_new0 (Rehearsal, 1);
  const guint n_tasks = 3;

  if (devices == NULL)
    return FALSE;

  self->prepared = prepared;
  self->user_data = user_data;
  self->n_all = n_tasks * (guint) G_N_ELEMENTS (lanes) * devices->len;
  for (gsize i = 0; i < G_N_ELEMENTS (lanes); i++)
    for (guint k = 0; k < devices->len; k++, self->n_before += n_tasks)
      if (!rehearse (self, g_ptr_array_index (devices, k), lanes[i], cancellable, error))
        return FALSE;

  return TRUE;
}

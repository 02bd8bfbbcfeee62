/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tomography-warm.h"

#include "config/config.h"
#include "steps/backproject.h"
#include "steps/filter.h"
#include "steps/flat-field.h"
#include "tomography-steps.h"

/* Compiling the kernels for a device takes long, and is done once: the programs are kept on disk. Whoever has time
 * before the first scan is chosen makes them by a tiny one, with the steps and options that scans have. */

#define N_ANGLES 512
#define WIDTH    64

/* Previews come first, and are made in groups of the fewest slices. */
static const guint lanes[] = { RECON_MIN_LANES, RECON_MAX_LANES };

typedef struct
{
  ReconFlatFieldSettings    flat_field;
  ReconFilterSettings       filter;
  ReconBackprojectSettings  backproject;
  double                    angles[N_ANGLES];
  double                    weights[N_ANGLES];

  ReconWorkerPreparedFunc   prepared;
  gpointer                  user_data;
  guint                     n_before; /* steps of other numbers of lanes */
  guint                     n_all;
} Rehearsal;

static ReconStep *
new_flat_field (gconstpointer data)
{
  return recon_flat_field_new (&((const Rehearsal *) data)->flat_field);
}

static ReconStep *
new_filter (gconstpointer data)
{
  return recon_filter_step_new (&((const Rehearsal *) data)->filter);
}

static ReconStep *
new_backproject (gconstpointer data)
{
  return recon_backproject_new (&((const Rehearsal *) data)->backproject);
}

static void
rehearsal_init (Rehearsal *self)
{
  g_autoptr (ReconConfig) config = recon_config_new ();

  for (guint i = 0; i < N_ANGLES; i++)
    {
      self->angles[i] = G_PI * i / N_ANGLES;
      self->weights[i] = G_PI / N_ANGLES;
    }
  self->flat_field = (ReconFlatFieldSettings) {
    .correct = TRUE,
    .absorptivity = TRUE,
    .fix_nan_inf = TRUE,
    .dark_scale = 1,
    .clip_minimum = recon_config_get_number (config, recon_parameter ("flat-field.clip-minimum")),
    .n_angles = N_ANGLES,
    .variant = RECON_CHOICE_AUTO,
  };
  recon_tomography_get_filter (config, &self->filter);
  self->backproject = (ReconBackprojectSettings) {
    .angles = self->angles,
    .weights = self->weights,
    .n_angles = N_ANGLES,
    .axis = (WIDTH - 1) / 2.0,
    .width = WIDTH,
    .height = WIDTH,
    .scale = 1,
    .kernel = RECON_CHOICE_AUTO,
    .variant = RECON_CHOICE_AUTO,
  };
}

static void
prepared_cb (const ReconDeviceInfo *info,
             guint                  n_prepared,
             guint                  n_steps,
             gpointer               user_data)
{
  Rehearsal *self = user_data;

  if (self->prepared != NULL)
    self->prepared (info, self->n_before + n_prepared, self->n_all, self->user_data);
}

/* The first launch of a kernel is a part of its preparation. */
static gboolean
process (ReconWorker   *worker,
         guint          n_lanes,
         GCancellable  *cancellable,
         GError       **error)
{
  const ReconShape shape = { RECON_DATA_COUNTS, N_ANGLES, WIDTH };
  const gsize n_input = (gsize) N_ANGLES * n_lanes * WIDTH;
  float *data = recon_host_memory_new (n_input * sizeof *data, error);
  float *result = data != NULL ? recon_host_memory_new ((gsize) n_lanes * WIDTH * WIDTH * sizeof *result, error) : NULL;
  g_autofree float *dark = g_new0 (float, (gsize) n_lanes * WIDTH);
  g_autofree float *flat = g_new (float, (gsize) n_lanes * WIDTH);
  gboolean success = FALSE;
  ReconBlock block;

  if (result != NULL)
    {
      for (gsize i = 0; i < n_input; i++)
        data[i] = 1;
      for (gsize i = 0; i < (gsize) n_lanes * WIDTH; i++)
        flat[i] = 2;
      recon_block_init (&block, 0, n_lanes, n_lanes, &shape);
      block.dark = dark;
      block.flat = flat;
      success = recon_worker_process (worker, &block, data, result, cancellable, error);
    }
  recon_host_memory_free (data);
  recon_host_memory_free (result);

  return success;
}

static gboolean
rehearse (Rehearsal              *self,
          const ReconDeviceInfo  *info,
          guint                   n_lanes,
          GCancellable           *cancellable,
          GError                **error)
{
  const ReconShape shape = { RECON_DATA_COUNTS, N_ANGLES, WIDTH };
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  g_autoptr (ReconWorker) worker = NULL;

  recon_graph_append (graph, new_flat_field, self, NULL);
  recon_graph_append (graph, new_filter, self, NULL);
  recon_graph_append (graph, new_backproject, self, NULL);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  worker = recon_worker_new_told (info, graph, &shape, n_lanes, prepared_cb, self, error);

  return worker != NULL && process (worker, n_lanes, cancellable, error);
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
  const guint n_steps = 3;

  if (devices == NULL)
    return FALSE;

  rehearsal_init (self);
  self->prepared = prepared;
  self->user_data = user_data;
  self->n_all = n_steps * (guint) G_N_ELEMENTS (lanes) * devices->len;
  for (gsize i = 0; i < G_N_ELEMENTS (lanes); i++)
    for (guint k = 0; k < devices->len; k++, self->n_before += n_steps)
      if (!rehearse (self, g_ptr_array_index (devices, k), lanes[i], cancellable, error))
        return FALSE;

  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pipeline/pipeline.h"

#include <string.h>

#include "config/choices.h"
#include "graph/memory.h"
#include "tasks/read-scan.h"
#include "tasks/tasks.h"

/* The names of these tasks are known, and values of a configuration have been checked. */
static ReconTask *
new_task (const char  *name,
          ReconConfig *config)
{
  g_autoptr (GError) error = NULL;
  ReconTask *task = recon_task_new (name, &error);

  if (task == NULL || !recon_task_set_from_config (task, config, &error))
    g_error ("%s", error->message);

  return task;
}

static void
connect (ReconGraph *graph,
         guint       from,
         const char *output,
         guint       to,
         const char *input)
{
  g_autoptr (GError) error = NULL;

  if (!recon_graph_connect (graph, from, output, to, input, &error))
    g_error ("%s", error->message);
}

static guint
add (ReconGraph *graph,
     ReconTask  *task,
     const char *suffix)
{
  g_autofree char *name = g_strconcat (recon_task_get_name (task), suffix, NULL);

  return recon_graph_add (graph, task, name);
}

/**
 * recon_tomography_new_read:
 * @config: a configuration
 * @scan: the scan that it describes, open; used by nobody else from now on
 *
 * Returns: (transfer full): the task that reads it
 */
ReconTask *
recon_tomography_new_read (ReconConfig *config,
                           ReconScan   *scan)
{
  ReconTask *task = new_task ("read-scan", config);

  recon_read_scan_set_scan (RECON_READ_SCAN (task), scan, config);

  return task;
}

/* Whether the configuration puts a task into the pipeline. */
static gboolean
is_enabled (const ReconTaskInfo *info,
            ReconTask           *task)
{
  int row = info->enabled != NULL ? recon_task_find_row (task, info->enabled) : -1;

  return row < 0 || strcmp (recon_task_get_value (task, (guint) row)->text, "none") != 0;
}

/* Tasks that the configuration puts behind the flat field. Returns: the last node */
static guint
add_placed (ReconGraph     *graph,
            ReconConfig    *config,
            ReconTaskPlace  place,
            guint           node,
            const char     *suffix)
{
  guint n;
  g_autofree GType *types = recon_tasks_list (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GTypeClass) klass = g_type_class_ref (types[i]);
      const ReconTaskInfo *info = RECON_TASK_CLASS (klass)->info;
      g_autoptr (ReconTask) task = NULL;
      guint next;

      if (info->place != place)
        continue;
      task = new_task (info->name, config);
      if (!is_enabled (info, task))
        continue;

      next = add (graph, g_steal_pointer (&task), suffix);
      connect (graph, node, NULL, next, NULL);
      node = next;
    }

  return node;
}

/**
 * recon_tomography_add_flat_field:
 * @graph: a graph
 * @config: a configuration
 * @scan: the scan that it describes, which has decided what is left to it
 * @read: the node that reads the scan
 * @projections: the node whose projections are corrected: @read, or what makes fewer of them
 * @suffix: (nullable): behind the names of the nodes
 *
 * Returns: the node that gives transmission or absorptivity
 */
guint
recon_tomography_add_flat_field (ReconGraph  *graph,
                                 ReconConfig *config,
                                 ReconScan   *scan,
                                 guint        read,
                                 guint        projections,
                                 const char  *suffix)
{
  ReconTask *task = new_task ("flat-field", config);
  const gboolean correct = recon_scan_get_correct (scan);
  guint node;

  recon_task_set (task, "correct", correct ? "yes" : "no", NULL);
  recon_task_set (task, "absorptivity", recon_scan_get_absorptivity (scan) ? "yes" : "no", NULL);
  node = add (graph, task, suffix);
  connect (graph, projections, NULL, node, NULL);
  for (guint i = 1; correct && i < 4; i++)
    {
      const char *port = recon_task_get_info (task)->inputs[i].name;

      if (i < 3 || recon_scan_has_flats_after (scan))
        connect (graph, read, port, node, port);
    }

  return node;
}

/**
 * recon_tomography_add_correction:
 * @graph: a graph
 * @config: a configuration
 * @scan: the scan that it describes
 * @read: the node that reads the scan
 * @suffix: (nullable): behind the names of the nodes
 *
 * Adds the flat field, and what the configuration has between it and the reconstruction.
 *
 * Returns: the node that gives corrected sinograms
 */
guint
recon_tomography_add_correction (ReconGraph  *graph,
                                 ReconConfig *config,
                                 ReconScan   *scan,
                                 guint        read,
                                 const char  *suffix)
{
  const guint node = recon_tomography_add_flat_field (graph, config, scan, read, read, suffix);

  return add_placed (graph, config, RECON_PLACE_SINOGRAMS, node, suffix);
}

/**
 * recon_tomography_add_reconstruction:
 * @graph: a graph
 * @config: a configuration
 * @sinograms: the node that gives corrected projections
 * @suffix: behind the names of the nodes
 *
 * Adds filter and backprojection.
 *
 * Returns: the node that gives slices
 */
guint
recon_tomography_add_reconstruction (ReconGraph  *graph,
                                     ReconConfig *config,
                                     guint        sinograms,
                                     const char  *suffix)
{
  const guint filter = add (graph, new_task ("filter", config), suffix);
  const guint backproject = add (graph, new_task ("backproject", config), suffix);

  connect (graph, sinograms, NULL, filter, NULL);
  connect (graph, filter, NULL, backproject, NULL);

  return backproject;
}

/**
 * recon_tomography_choose_devices:
 * @config: a configuration
 * @log: (nullable): to name them
 * @error: return location
 *
 * Returns: (transfer full) (element-type ReconDeviceInfo): those that the configuration means, set to the kernels that
 *   it means; %NULL with #RECON_ERROR_DEVICE or #RECON_ERROR_CONFIG
 */
GPtrArray *
recon_tomography_choose_devices (ReconConfig  *config,
                                 ReconLog     *log,
                                 GError      **error)
{
  g_autoptr (GPtrArray) all = recon_devices_list (error);
  g_autoptr (GPtrArray) chosen = NULL;
  GPtrArray *devices;

  if (all != NULL)
    chosen = recon_devices_choose (all, recon_config_get_text (config, RECON_PARAM_DEVICE), error);
  if (chosen == NULL)
    return NULL;

  devices = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_device_info_free);
  for (guint i = 0; i < chosen->len; i++)
    {
      ReconDeviceInfo *info = recon_device_info_copy (g_ptr_array_index (chosen, i));

      /* Kernels of another kind than the device's own serve tests. */
      if (!recon_config_is_automatic (config, RECON_PARAM_VARIANT))
        info->likes_small_items = recon_config_get_choice (config, RECON_PARAM_VARIANT) == RECON_VARIANT_GPU;
      recon_log_info (log, "Device %s (%s)", info->name, info->platform);
      g_ptr_array_add (devices, info);
    }

  return devices;
}

/**
 * recon_tomography_open_device:
 * @config: a configuration
 * @error: return location
 *
 * Returns: (transfer full): the first of the devices that it means: all of them make the same slices; %NULL with
 *   #RECON_ERROR_DEVICE
 */
ReconDevice *
recon_tomography_open_device (ReconConfig  *config,
                              GError      **error)
{
  g_autoptr (GPtrArray) devices = recon_tomography_choose_devices (config, NULL, error);

  return devices != NULL ? recon_device_open (g_ptr_array_index (devices, 0), error) : NULL;
}

/* Returns: the bytes that a run may take for data in work */
guint64
recon_tomography_get_memory_limit (ReconConfig *config)
{
  return recon_config_is_automatic (config, RECON_PARAM_MEMORY_LIMIT)
           ? recon_memory_available () / 2 : recon_config_get_size (config, RECON_PARAM_MEMORY_LIMIT);
}

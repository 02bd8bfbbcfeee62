/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tomography/graph-job.h"

#include <glib/gi18n-lib.h>

#include "axis/axis.h"
#include "axis/one-sided.h"
#include "base/error.h"
#include "graph/graph-json.h"
#include "graph/job-setup.h"
#include "graph/plan.h"
#include "pipeline/pipeline.h"
#include "tasks/read-scan.h"
#include "tasks/write-slices.h"
#include "tomography/tomography-private.h"

/* A scan that is read is looked at as by any job: projections without light are left out, an axis that has to be found
 * is found, and what looks wrong is a warning. */
static gboolean
check_scan (ReconTask  *task,
            ReconLog   *log,
            GError    **error)
{
  ReconReadScan *read = RECON_READ_SCAN (task);
  g_autoptr (ReconConfig) config = recon_read_scan_make_config (read);
  g_autoptr (ReconScan) scan = g_object_ref (recon_read_scan_get_scan (read));
  const gboolean force = recon_config_get_boolean (config, RECON_PARAM_FORCE);
  gboolean has_looked;

  if (!recon_tomography_leave_out_lost (config, scan, log, &has_looked, error) ||
      !recon_tomography_check_scan (config, scan, log, NULL, error))
    return FALSE;

  if (recon_config_has_word (config, RECON_PARAM_AXIS, "auto"))
    {
      g_autoptr (ReconConfig) found = recon_axis_resolve (config, scan, log, NULL, error);

      if (found == NULL)
        return FALSE;
      recon_config_set_number (config, RECON_PARAM_AXIS, recon_config_get_number (found, RECON_PARAM_AXIS));
      if (!recon_scan_update (scan, config, NULL, error))
        return FALSE;
    }
  if (!recon_one_sided_check (scan, force, log, NULL, error))
    return FALSE;

  recon_read_scan_set_scan (read, scan, config);
  recon_read_scan_set_checks (read, !has_looked);

  return TRUE;
}

/* Where all sinks write. @places: names of nodes by place */
static gboolean
check_place (ReconGraph  *graph,
             guint        node,
             GHashTable  *places,
             GError     **error)
{
  ReconTask *task = recon_graph_get_task (graph, node);
  g_autofree char *place = NULL;
  ReconWriter *writer;
  const char *other;

  if (!RECON_IS_WRITE_SLICES (task))
    return TRUE;
  if (!recon_write_slices_open_writer (task, error) || !recon_tomography_check_sources (graph, task, error))
    {
      g_prefix_error (error, "%s: ", recon_graph_get_name (graph, node));
      return FALSE;
    }

  writer = recon_write_slices_get_writer (RECON_WRITE_SLICES (task));
  place = g_canonicalize_filename (recon_writer_get_path (writer), NULL);
  other = g_hash_table_lookup (places, place);
  if (other != NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("%s and %s both write to %s. Give one another path."),
                   other, recon_graph_get_name (graph, node), place);
      return FALSE;
    }
  g_hash_table_insert (places, g_steal_pointer (&place), (gpointer) recon_graph_get_name (graph, node));

  return TRUE;
}

/* Whether the ledger is that of the same graph, which has read the same files. */
static gboolean
check_earlier (ReconGraph    *graph,
               JsonObject    *header,
               ReconLedger   *ledger,
               const char    *path,
               ReconResume    resume,
               ReconLog      *log,
               GError       **error)
{
  JsonObject *before = recon_ledger_get_header (ledger);
  JsonNode *other = json_object_get_member (before, "graph");

  if (other == NULL || !json_node_equal (other, json_object_get_member (header, "graph")) ||
      json_object_get_int_member_with_default (before, "slices", -1) != json_object_get_int_member (header, "slices"))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                   _ ("%s is of another graph, or of other input. Start again without --resume."), path);
      return FALSE;
    }

  for (guint i = 0; i < recon_graph_get_n (graph); i++)
    if (!recon_tomography_check_source (recon_graph_get_task (graph, i), recon_graph_get_name (graph, i), ledger, path,
                                        resume, log, error))
      {
        g_prefix_error (error, "%s: ", recon_graph_get_name (graph, i));
        return FALSE;
      }

  return TRUE;
}

/* Before any work: what would be lost, what can't be written, and whether the job may go on with an earlier one. */
static gboolean
begin_record (ReconGraph   *graph,
              ReconTask    *task,
              ReconResume   resume,
              ReconLog     *log,
              GError      **error)
{
  ReconWriteSlices *write;
  g_autoptr (JsonObject) header = NULL;
  g_autoptr (ReconLedger) earlier = NULL;

  if (!RECON_IS_WRITE_SLICES (task))
    return TRUE;

  write = RECON_WRITE_SLICES (task);
  header = recon_write_slices_new_header (write);
  json_object_set_member (header, "graph", recon_graph_to_json (graph));
  for (guint i = 0; i < recon_graph_get_n (graph); i++)
    recon_tomography_note_source (recon_graph_get_task (graph, i), recon_graph_get_name (graph, i), header);
  if (!recon_write_slices_check_free (write, resume, error))
    return FALSE;
  if (recon_resume_goes_on (resume))
    {
      const char *path = recon_writer_find_ledger (recon_write_slices_get_writer (write));

      earlier = recon_ledger_open (path, error);
      if (earlier == NULL || !check_earlier (graph, header, earlier, path, resume, log, error))
        return FALSE;
    }
  recon_write_slices_set_record (write, NULL, g_steal_pointer (&header), g_steal_pointer (&earlier));

  return TRUE;
}

/**
 * recon_graph_job_check:
 * @graph: a graph
 * @log: (nullable): for what is found, and warnings
 * @error: return location
 *
 * Opens what is read, agrees on all shapes, looks where results go, and finds what has to be found, such as an axis.
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG, #RECON_ERROR_INPUT, #RECON_ERROR_READ … that says what to change
 */
gboolean
recon_graph_job_check (ReconGraph  *graph,
                       ReconLog    *log,
                       GError     **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean found = FALSE;

  if (!recon_graph_shape (graph, log, error))
    return FALSE;

  for (guint i = 0; i < recon_graph_get_n (graph); i++)
    if (!check_place (graph, i, places, error))
      return FALSE;
  for (guint i = 0; i < recon_graph_get_n (graph); i++)
    if (RECON_IS_READ_SCAN (recon_graph_get_task (graph, i)))
      {
        found = TRUE;
        if (!check_scan (recon_graph_get_task (graph, i), log, error))
          {
            g_prefix_error (error, "%s: ", recon_graph_get_name (graph, i));
            return FALSE;
          }
      }

  return !found || recon_graph_shape (graph, NULL, error);
}

static gboolean
needs_device (ReconGraph *graph)
{
  for (guint i = 0; i < recon_graph_get_n (graph); i++)
    if (!recon_task_has_flag (recon_graph_get_task (graph, i), RECON_TASK_ON_HOST))
      return TRUE;

  return FALSE;
}

static GPtrArray *
choose_devices (ReconGraph   *graph,
                ReconConfig  *compute,
                ReconLog     *log,
                GError      **error)
{
  return needs_device (graph) ? recon_tomography_choose_devices (compute, log, error) : g_ptr_array_new ();
}

/**
 * recon_graph_job_describe:
 * @graph: a graph that was checked
 * @compute: devices and memory limit
 * @error: return location
 *
 * Returns: (transfer full): how the graph is worked off: arrays, passes, blocks and their memory; %NULL with
 *   #RECON_ERROR_DEVICE, #RECON_ERROR_MEMORY or #RECON_ERROR_CONFIG
 */
char *
recon_graph_job_describe (ReconGraph   *graph,
                          ReconConfig  *compute,
                          GError      **error)
{
  g_autoptr (GPtrArray) devices = choose_devices (graph, compute, NULL, error);
  const guint64 limit = recon_tomography_get_memory_limit (compute);
  g_autoptr (ReconPlan) plan = devices != NULL ? recon_plan_new (graph, devices, limit, error) : NULL;

  return plan != NULL ? recon_plan_describe (plan, error) : NULL;
}

/**
 * recon_graph_job_new:
 * @graph: a graph; it belongs to the job from now on
 * @compute: devices and memory limit
 * @resume: whether to go on with what an earlier job of the same graph has left
 * @log: (nullable): for what is decided
 * @error: return location
 *
 * Returns: (transfer full): a job to be run, or %NULL with an error that says what to change
 */
ReconJob *
recon_graph_job_new (ReconGraph   *graph,
                     ReconConfig  *compute,
                     ReconResume   resume,
                     ReconLog     *log,
                     GError      **error)
{
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (ReconPlan) plan = NULL;
  gboolean strict = FALSE;
  ReconJob *job;

  if (!recon_graph_job_check (graph, log, error))
    return NULL;
  for (guint i = 0; i < recon_graph_get_n (graph); i++)
    {
      ReconTask *task = recon_graph_get_task (graph, i);
      const int row = recon_task_find_row (task, "strict");

      strict = strict || (row >= 0 && recon_task_get_value (task, (guint) row)->boolean);
      if (!begin_record (graph, task, resume, log, error))
        return NULL;
    }

  devices = choose_devices (graph, compute, log, error);
  plan = devices != NULL ? recon_plan_new (graph, devices, recon_tomography_get_memory_limit (compute), error) : NULL;
  if (plan == NULL)
    return NULL;

  job = recon_job_new (graph, devices, recon_tomography_get_memory_limit (compute), log);
  recon_job_set_rules (job, resume, strict);

  return job;
}

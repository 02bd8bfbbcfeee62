/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tomography/tomography.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"
#include "graph/job-setup.h"
#include "pipeline/pipeline.h"
#include "tasks/read-scan.h"
#include "tasks/tasks.h"
#include "tomography/tomography-private.h"

/* The standard job, parallel-beam tomography, put together from a configuration:
 *
 *   read-scan → flat-field → filter → backproject → write
 *
 * This file checks everything before work starts and builds the graph; output.c opens or resumes the output when
 * the job begins. */

void
recon_tomography_free (ReconTomography *self)
{
  g_clear_object (&self->writer);
  g_clear_pointer (&self->graph, recon_graph_unref);
  g_clear_object (&self->scan);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_object (&self->config);
  g_clear_object (&self->resolved);
  g_clear_object (&self->log);
  g_free (self);
}

gboolean
recon_tomography_check_references (ReconTomography  *self,
                                   GError          **error)
{
  return recon_tomography_check_scan (self->config, self->scan, self->log, NULL, error);
}

static void
report_scale (ReconTomography *self)
{
  double pixel_size = recon_scan_get_geometry (self->scan)->pixel_size;

  if (!isnan (pixel_size))
    recon_log_info (self->log, "Values are attenuation per mm, by pixels of %g µm in the slices", pixel_size);
}

/* What is made, as the graph knows it. */
const ReconArrayInfo *
recon_tomography_get_slices (ReconTomography *self)
{
  return recon_task_get_input (recon_graph_get_task (self->graph, self->write), 0);
}

gboolean
recon_tomography_choose_output (ReconTomography  *self,
                                GError          **error)
{
  ReconTask *write = recon_graph_get_task (self->graph, self->write);

  if (!recon_write_slices_open_writer (write, error))
    return FALSE;
  g_set_object (&self->writer, recon_write_slices_get_writer (RECON_WRITE_SLICES (write)));
  self->format = recon_write_slices_get_format (RECON_WRITE_SLICES (write));

  return recon_tomography_check_inputs (self, error);
}

/* Returns: (transfer full) (nullable): the earlier result that the output would replace, in words */
char *
recon_tomography_find_earlier (ReconTomography *self)
{
  ReconTask *write = recon_graph_get_task (self->graph, self->write);
  guint n_slices;
  g_autofree guint *numbers = recon_write_slices_make_numbers (RECON_WRITE_SLICES (write), &n_slices);
  char *what = NULL;

  return recon_writer_result_exists (self->writer, numbers, n_slices, &what) ? what : NULL;
}

/* What an interrupted run was allowed to replace, its continuation is. */
static void
inherit_overwrite (ReconTomography *self)
{
  g_autoptr (ReconLedger) ledger = recon_ledger_peek (recon_writer_get_partial_ledger (self->writer));
  g_autoptr (ReconConfig) earlier = recon_config_new ();
  JsonNode *node = ledger != NULL ? json_object_get_member (recon_ledger_get_header (ledger), "configuration") : NULL;

  if (node != NULL && recon_config_set_json (earlier, node, NULL) &&
      recon_config_get_boolean (earlier, RECON_PARAM_OVERWRITE))
    {
      recon_config_parse (self->config, RECON_PARAM_OVERWRITE, "yes", NULL);
      recon_writer_set_overwrite (self->writer, TRUE);
    }
}

static gboolean
build_graph (ReconTomography  *self,
             GError          **error)
{
  g_autoptr (ReconTask) write = recon_task_new ("write", error);
  guint node;

  if (write == NULL || !recon_task_set_from_config (write, self->config, error))
    return FALSE;

  g_clear_pointer (&self->graph, recon_graph_unref);
  self->graph = recon_graph_new ();
  self->read = recon_graph_add (self->graph, recon_tomography_new_read (self->config, self->scan), NULL);
  node = recon_tomography_add_correction (self->graph, self->config, self->scan, self->read, NULL);
  node = recon_tomography_add_reconstruction (self->graph, self->config, node, NULL);
  self->write = recon_graph_add (self->graph, g_steal_pointer (&write), NULL);

  return recon_graph_connect (self->graph, node, NULL, self->write, NULL, error) &&
         recon_graph_shape (self->graph, self->log, error);
}

/* Opens and checks the input, and what is made of it; neither output nor devices. */
ReconTomography *
recon_tomography_open (ReconConfig  *config,
                       ReconLog     *log,
                       GError      **error)
{
  g_autoptr (ReconTomography) self = g_new0 (ReconTomography, 1);

  self->config = recon_config_copy (config);
  self->log = recon_log_new_for (log);
  self->scan = recon_scan_open (self->config, self->log, error);
  if (self->scan == NULL || !build_graph (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * recon_tomography_make_graph:
 * @config: a configuration
 * @log: (nullable): for what is decided
 * @error: return location
 *
 * Makes the graph that a job of the configuration runs, to be kept: files are named by absolute paths, and what is left
 * to the program is decided: the axis is found if it has to be.
 *
 * Returns: (transfer full): the graph; %NULL with an error that says what to change
 */
ReconGraph *
recon_tomography_make_graph (ReconConfig  *config,
                             ReconLog     *log,
                             GError      **error)
{
  g_autoptr (ReconTomography) self = recon_tomography_open (config, log, error);
  gboolean has_looked;

  if (self == NULL || !recon_tomography_choose_output (self, error) ||
      !recon_tomography_leave_out_lost (self->config, self->scan, self->log, &has_looked, error) ||
      !recon_tomography_check_references (self, error))
    return NULL;

  self->resolved = recon_tomography_resolve (self);
  if (!recon_tomography_find_axis (self, NULL, NULL, error))
    return NULL;
  g_set_object (&self->config, self->resolved);

  return build_graph (self, error) ? g_steal_pointer (&self->graph) : NULL;
}

/**
 * recon_tomography_new_job:
 * @config: the configuration; the job keeps a copy
 * @resume: whether to go on with what an earlier run has left
 * @log: (nullable): hears what was decided
 * @error: return location
 *
 * Makes the job that a configuration describes. Inputs are opened and checked, devices chosen and the output's place
 * looked at; nothing is written yet.
 *
 * Returns: (transfer full) (nullable): a job to be run, or %NULL with an error that says what to change
 */
ReconJob *
recon_tomography_new_job (ReconConfig  *config,
                          ReconResume   resume,
                          ReconLog     *log,
                          GError      **error)
{
  return recon_tomography_new_described_job (config, resume, log, NULL, error);
}

/**
 * recon_tomography_new_described_job:
 * @config: the configuration; the job keeps a copy
 * @resume: whether to go on with what an earlier run has left
 * @log: (nullable): hears what was decided
 * @info: (out) (optional) (transfer full): what the configuration comes to
 * @error: return location
 *
 * As recon_tomography_new_job(), for who wants to know where the slices go.
 *
 * Returns: (transfer full) (nullable): a job to be run, or %NULL with an error that says what to change
 */
ReconJob *
recon_tomography_new_described_job (ReconConfig          *config,
                                    ReconResume           resume,
                                    ReconLog             *log,
                                    ReconTomographyInfo **info,
                                    GError              **error)
{
  g_autoptr (ReconTomography) self = recon_tomography_open (config, log, error);
  gboolean has_looked;
  ReconTask *write;
  ReconJob *job;

  if (self == NULL || !recon_tomography_choose_output (self, error))
    return NULL;

  self->resume = resume;
  if (recon_resume_goes_on (resume))
    inherit_overwrite (self);
  write = recon_graph_get_task (self->graph, self->write);
  if (!recon_write_slices_check_free (RECON_WRITE_SLICES (write), resume, error) ||
      !recon_tomography_leave_out_lost (self->config, self->scan, self->log, &has_looked, error) ||
      !recon_tomography_check_references (self, error) ||
      (!recon_tomography_wants_axis (self) && !recon_tomography_check_axis (self, FALSE, NULL, error)) ||
      (self->devices = recon_tomography_choose_devices (self->config, self->log, error)) == NULL)
    return NULL;
  recon_tomography_check_space (self);

  report_scale (self);
  /* Projections may have been left out. */
  if (!build_graph (self, error))
    return NULL;
  self->resolved = recon_tomography_resolve (self);
  recon_read_scan_set_checks (RECON_READ_SCAN (recon_graph_get_task (self->graph, self->read)), !has_looked);

  if (info != NULL)
    *info = recon_tomography_get_info (self);
  job = recon_job_new (self->graph, self->devices, recon_tomography_get_memory_limit (self->config), log);
  recon_job_set_rules (job, resume, recon_config_get_boolean (self->config, RECON_PARAM_STRICT));
  recon_job_set_prepare (job, recon_tomography_prepare, g_steal_pointer (&self),
                         (GDestroyNotify) recon_tomography_free);

  return job;
}

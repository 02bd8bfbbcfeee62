/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tomography.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "error.h"
#include "io/angles.h"
#include "io/output-files.h"
#include "steps/read-scan.h"
#include "steps/write-slices.h"
#include "engine/memory.h"
#include "tomography-private.h"
#include "tomography-steps.h"

/* The standard job, parallel-beam tomography, put together from a configuration:
 *
 *   read-scan → flat-field → filter → backproject → write-slices
 *
 * This file checks everything before work starts and builds the graph; tomography-output.c opens or resumes the output
 * when the job begins. */

void
recon_tomography_free (ReconTomography *self)
{
  g_clear_object (&self->writer);
  g_clear_pointer (&self->graph, recon_graph_unref);
  g_clear_object (&self->source);
  g_clear_object (&self->scan);
  g_clear_pointer (&self->transmissions, recon_transmissions_unref);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_pointer (&self->all_devices, g_ptr_array_unref);
  g_clear_object (&self->config);
  g_clear_object (&self->resolved);
  g_clear_object (&self->log);
  g_free (self->weights);
  g_free (self);
}

static ReconStep *
new_flat_field (gconstpointer data)
{
  const ReconTomography *self = data;
  ReconFlatFieldSettings settings;

  recon_tomography_get_flat_field (self->config, self->scan, &settings);
  settings.transmissions = self->transmissions;

  return recon_flat_field_new (&settings);
}

static ReconStep *
new_filter (gconstpointer data)
{
  const ReconTomography *self = data;
  ReconFilterSettings settings;

  recon_tomography_get_filter (self->config, &settings);

  return recon_filter_step_new (&settings);
}

static ReconStep *
new_backproject (gconstpointer data)
{
  const ReconTomography *self = data;
  ReconBackprojectSettings settings;

  recon_tomography_get_backproject (self->config, self->scan, &self->box, self->weights, &settings);

  return recon_backproject_new (&settings);
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
  double pixel_size = recon_scan_get_pixel_size (self->scan);

  if (!isnan (pixel_size))
    recon_log_info (self->log, "Values are attenuation per mm, by pixels of %g µm in the slices", pixel_size);
}

gboolean
recon_tomography_choose_output (ReconTomography  *self,
                                GError          **error)
{
  const char *path = recon_config_get_text (self->config, RECON_PARAM_OUTPUT_PATH);

  if (*path == '\0')
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("There is no output path. Name one with --output=PATH."));
      return FALSE;
    }

  if (!recon_config_is_automatic (self->config, RECON_PARAM_OUTPUT_FORMAT))
    self->format = recon_config_get_choice (self->config, RECON_PARAM_OUTPUT_FORMAT);
  else if (!recon_writer_guess_format (path, &self->format))
    self->format = RECON_OUTPUT_FORMAT_TIFF;

  self->writer = recon_writer_new (path, self->format, error);
  if (self->writer == NULL)
    return FALSE;
  recon_writer_set_overwrite (self->writer, recon_config_get_boolean (self->config, RECON_PARAM_OVERWRITE));

  return recon_tomography_check_inputs (self, error);
}

static guint *
get_numbers (ReconTomography *self,
             guint           *n_slices)
{
  guint *numbers;

  *n_slices = recon_scan_get_n_slices (self->scan);
  numbers = g_new (guint, *n_slices);
  for (guint i = 0; i < *n_slices; i++)
    numbers[i] = recon_scan_get_slice_number (self->scan, i);

  return numbers;
}

/* Returns: (transfer full) (nullable): the earlier result that the output would replace, in words */
char *
recon_tomography_find_earlier (ReconTomography *self)
{
  guint n_slices;
  g_autofree guint *numbers = get_numbers (self, &n_slices);
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

/* Checks what would be lost before any time is spent. The writer looks again when it begins and when it ends; of what
 * an interrupted run has left it knows what is an earlier result and what is not. */
static gboolean
check_earlier (ReconTomography  *self,
               GError          **error)
{
  guint n_slices;
  g_autofree guint *numbers = get_numbers (self, &n_slices);

  if (recon_resume_goes_on (self->resume))
    return TRUE;

  return recon_writer_check_free (self->writer, numbers, n_slices, error) &&
         recon_ledger_check_free (recon_writer_get_partial_ledger (self->writer), error) &&
         recon_tomography_check_interrupted (self, error);
}

static gboolean
check_window (ReconTomography  *self,
              GError          **error)
{
  double minimum = recon_config_get_number (self->config, RECON_PARAM_OUTPUT_MINIMUM);
  double maximum = recon_config_get_number (self->config, RECON_PARAM_OUTPUT_MAXIMUM);
  double low = recon_config_get_number (self->config, RECON_PARAM_PERCENTILE_LOW);
  double high = recon_config_get_number (self->config, RECON_PARAM_PERCENTILE_HIGH);

  /* Comparisons with NaN, which stands for automatic, are false. */
  if (minimum >= maximum)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("output.minimum = %g is not below output.maximum = %g."), minimum, maximum);
      return FALSE;
    }
  if (low >= high)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("output.percentile-low = %g is not below output.percentile-high = %g."), low, high);
      return FALSE;
    }

  return TRUE;
}

static gboolean
choose_devices (ReconTomography  *self,
                GError          **error)
{
  self->all_devices = recon_devices_list (error);
  if (self->all_devices == NULL)
    return FALSE;

  self->devices =
      recon_devices_choose (self->all_devices, recon_config_get_text (self->config, RECON_PARAM_DEVICE), error);
  if (self->devices == NULL)
    return FALSE;

  for (guint i = 0; i < self->devices->len; i++)
    {
      const ReconDeviceInfo *info = g_ptr_array_index (self->devices, i);

      recon_log_info (self->log, "Device %s (%s)", info->name, info->platform);
    }

  return TRUE;
}

static void
build_graph (ReconTomography *self)
{
  self->graph = recon_graph_new ();
  recon_graph_append (self->graph, new_flat_field, self, NULL);
  recon_graph_append (self->graph, new_filter, self, NULL);
  recon_graph_append (self->graph, new_backproject, self, NULL);
}

static guint64
get_memory_limit (ReconConfig *config)
{
  if (recon_config_is_automatic (config, RECON_PARAM_MEMORY_LIMIT))
    return recon_memory_available () / 2;

  return recon_config_get_size (config, RECON_PARAM_MEMORY_LIMIT);
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
  if (self->scan == NULL || !recon_tomography_get_box (self->config, self->scan, &self->box, error) ||
      !check_window (self, error))
    return NULL;

  return g_steal_pointer (&self);
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
  g_autoptr (ReconSink) sink = NULL;
  ReconGraphNeed need;
  ReconSourceInfo source_info;
  gboolean has_looked;
  ReconJob *job;

  if (self == NULL || !recon_tomography_choose_output (self, error))
    return NULL;

  self->resume = resume;
  if (recon_resume_goes_on (resume))
    inherit_overwrite (self);
  if (!check_earlier (self, error) ||
      !recon_output_place_try (recon_writer_get_partial (self->writer), error) ||
      !recon_tomography_leave_out_lost (self->config, self->scan, self->log, &has_looked, error) ||
      !recon_tomography_check_references (self, error) ||
      (!recon_tomography_wants_axis (self) && !recon_tomography_check_axis (self, FALSE, NULL, error)) ||
      !choose_devices (self, error))
    return NULL;
  recon_tomography_check_space (self);

  report_scale (self);
  self->weights = recon_angles_weights (recon_scan_get_angles (self->scan), recon_scan_get_n_angles (self->scan), NULL);
  self->resolved = recon_tomography_resolve (self);
  build_graph (self);

  /* The job's thread asks again; asked here, a scan too large for any memory is found before anything is opened. */
  self->transmissions =
      recon_transmissions_new (recon_scan_get_width (self->scan),
                               recon_config_get_number (self->config, recon_parameter ("flat-field.clip-minimum")),
                               recon_config_get_boolean (self->config, recon_parameter ("flat-field.fix-nan-inf")));
  self->source = recon_read_scan_new (self->scan, self->transmissions);
  recon_read_scan_set_checks (RECON_READ_SCAN (self->source), &(ReconReadScanChecks) {
    .dark_scale = recon_config_get_number (self->config, recon_parameter ("flat-field.dark-scale")),
    .lost_beam = !has_looked,
    .strict = recon_config_get_boolean (self->config, RECON_PARAM_STRICT),
    .force = recon_config_get_boolean (self->config, RECON_PARAM_FORCE),
  });
  recon_source_describe (self->source, &source_info);
  if (!recon_graph_requisition (self->graph, g_ptr_array_index (self->devices, 0), &source_info.shape, RECON_MIN_LANES,
                                &need, error))
    return NULL;

  if (info != NULL)
    *info = recon_tomography_get_info (self);
  sink = recon_write_slices_new (self->writer);
  job = recon_job_new (self->source, self->graph, sink, self->devices, get_memory_limit (self->config), log);
  recon_job_set_prepare (job, recon_tomography_prepare, g_steal_pointer (&self),
                         (GDestroyNotify) recon_tomography_free);

  return job;
}

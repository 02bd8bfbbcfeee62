/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sys/file.h>
#include <unistd.h>

#include "config/config-file.h"
#include "config/config-paths.h"
#include "engine/probe.h"
#include "error.h"
#include "io/grey.h"
#include "io/output-files.h"
#include "tomography-private.h"

/* How the standard job's output begins: the resolved configuration, the grey scale of integer slices, and going on
 * with what an earlier run has left. */

#define N_PROBES 8

/* The configuration with everything in it that the program decided, so that the result says how it was made and can
 * be made again. An axis that has to be found comes later. */
ReconConfig *
recon_tomography_resolve (ReconTomography *self)
{
  ReconConfig *resolved = recon_config_copy (self->config);
  g_autofree char *here = g_get_current_dir ();
  double pixel_size = recon_scan_get_pixel_size (self->scan);

  /* The resolved configuration names the same files wherever it is read from. */
  recon_config_rebase (resolved, here);

  if (!recon_tomography_wants_axis (self))
    recon_config_set_number (resolved, RECON_PARAM_AXIS, recon_scan_get_axis_as_read (self->scan));
  recon_config_set_boolean (resolved, recon_parameter ("flat-field.correct"), recon_scan_get_correct (self->scan));
  recon_config_set_boolean (resolved, recon_parameter ("flat-field.absorptivity"),
                            recon_scan_get_absorptivity (self->scan));
  if (!isnan (pixel_size))
    recon_config_set_number (resolved, RECON_PARAM_PIXEL_SIZE,
                             pixel_size / (double) recon_config_get_integer (resolved, RECON_PARAM_BIN));
  recon_config_parse (resolved, RECON_PARAM_OUTPUT_FORMAT,
                      recon_parameter_get_spec (RECON_PARAM_OUTPUT_FORMAT)->choices[self->format], NULL);

  return resolved;
}

static gboolean
measure_window (ReconTomography  *self,
                double           *minimum,
                double           *maximum,
                GCancellable     *cancellable,
                GError          **error)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (float));
  double low = recon_config_get_number (self->config, RECON_PARAM_PERCENTILE_LOW);
  double high = recon_config_get_number (self->config, RECON_PARAM_PERCENTILE_HIGH);
  double window[2] = { 0, 1 };
  guint n_probes = MIN (N_PROBES, recon_scan_get_n_slices (self->scan));

  if (!recon_probe_values (self->source, self->graph, g_ptr_array_index (self->devices, 0), n_probes, values,
                           cancellable, error))
    return FALSE;

  /* Without a finite value there is nothing to show; any window will do. */
  recon_grey_percentiles ((float *) values->data, values->len, low, high, &window[0], &window[1]);
  if (isnan (*minimum))
    *minimum = window[0];
  if (isnan (*maximum))
    *maximum = window[1];
  /* Only one of them is measured: check_window() has compared those that are given. */
  if (*maximum < *minimum)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("output.minimum = %g is not below output.maximum = %g, of which one was measured: percentiles %g "
                      "and %g of the values are %g and %g. Give both, or one that lies on its side of the other."),
                   *minimum, *maximum, low, high, window[0], window[1]);
      return FALSE;
    }
  /* Slices of one value only: any width will do. */
  if (*maximum == *minimum)
    *maximum = *minimum + MAX (1e-6, fabs (*minimum) * 1e-6);

  recon_log_info (self->log, "%s output spans %g … %g (percentiles %g and %g of %u slices)",
                  recon_parameter_get_spec (RECON_PARAM_OUTPUT_TYPE)
                      ->choices[recon_config_get_choice (self->config, RECON_PARAM_OUTPUT_TYPE)],
                  *minimum, *maximum, low, high, n_probes);

  return TRUE;
}

/* The grey scale of integer slices: what the user says, else what an earlier run took, else percentiles. */
static gboolean
choose_window (ReconTomography  *self,
               ReconLedger      *earlier,
               double           *minimum,
               double           *maximum,
               GCancellable     *cancellable,
               GError          **error)
{
  *minimum = recon_config_get_number (self->config, RECON_PARAM_OUTPUT_MINIMUM);
  *maximum = recon_config_get_number (self->config, RECON_PARAM_OUTPUT_MAXIMUM);

  if (recon_config_get_choice (self->config, RECON_PARAM_OUTPUT_TYPE) == RECON_OUTPUT_TYPE_FLOAT32)
    return TRUE;

  if (earlier != NULL)
    {
      JsonObject *header = recon_ledger_get_header (earlier);

      *minimum = json_object_get_double_member_with_default (header, "minimum", 0);
      *maximum = json_object_get_double_member_with_default (header, "maximum", 1);
    }
  else if (isnan (*minimum) || isnan (*maximum))
    {
      if (!measure_window (self, minimum, maximum, cancellable, error))
        return FALSE;
    }

  recon_config_set_number (self->resolved, RECON_PARAM_OUTPUT_MINIMUM, *minimum);
  recon_config_set_number (self->resolved, RECON_PARAM_OUTPUT_MAXIMUM, *maximum);

  return TRUE;
}

/* The header holds the configuration with the window as it was given: "auto" stays "auto", so that a run with other
 * percentiles or with a window of its own isn't taken for the same. */
static JsonNode *
make_header (ReconTomography *self,
             double           minimum,
             double           maximum)
{
  g_autoptr (ReconConfig) config = recon_config_copy (self->resolved);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  static const ReconParameter window[] = { RECON_PARAM_OUTPUT_MINIMUM, RECON_PARAM_OUTPUT_MAXIMUM };
  JsonObject *header = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 0; i < G_N_ELEMENTS (window); i++)
    {
      g_autofree char *given = recon_config_format (self->config, window[i]);

      recon_config_parse (config, window[i], given, NULL);
    }

  json_object_set_string_member (header, "program", "reconstruct " RECON_VERSION);
  json_object_set_string_member (header, "started", time);
  json_object_set_int_member (header, "slices", recon_scan_get_n_slices (self->scan));
  if (isfinite (minimum) && isfinite (maximum))
    {
      json_object_set_double_member (header, "minimum", minimum);
      json_object_set_double_member (header, "maximum", maximum);
    }
  recon_tomography_note_axis (self, config, header);
  recon_tomography_note_inputs (self, header);
  json_object_set_member (header, "configuration", recon_config_to_json (config));
  json_node_take_object (node, header);

  return node;
}

static char *
list_changes (ReconConfig *earlier,
              ReconConfig *now)
{
  GString *changes = g_string_new (NULL);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameter parameter = recon_parameter_nth (i);
      const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
      g_autofree char *before = recon_config_format (earlier, parameter);
      g_autofree char *after = recon_config_format (now, parameter);

      if (spec->flags & RECON_PARAMETER_NO_RESULT || g_str_equal (before, after))
        continue;
      g_string_append_printf (changes, _ ("%s%s was %s and is now %s"), changes->len > 0 ? "; " : "",
                              spec->name, *before != '\0' ? before : _ ("empty"),
                              *after != '\0' ? after : _ ("empty"));
    }

  return g_string_free (changes, FALSE);
}

/**
 * recon_tomography_check_settings:
 * @self: a tomography with its resolved configuration
 * @ledger: that of an earlier run in the same place
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_RESUME if that run was to make other slices
 */
gboolean
recon_tomography_check_settings (ReconTomography  *self,
                                 ReconLedger      *ledger,
                                 GError          **error)
{
  g_autoptr (ReconConfig) earlier = recon_config_new ();
  g_autofree char *changes = NULL;
  JsonObject *header = recon_ledger_get_header (ledger);
  JsonNode *node = json_object_get_member (header, "configuration");

  if (node == NULL || !recon_config_set_json (earlier, node, NULL) ||
      json_object_get_int_member_with_default (header, "slices", -1) != recon_scan_get_n_slices (self->scan))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                   _ ("%s is of a run with other input or of another version of the program. Start again without "
                      "--resume."),
                   recon_writer_find_ledger (self->writer));
      return FALSE;
    }

  changes = list_changes (earlier, self->resolved);
  if (*changes != '\0')
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                   _ ("The earlier run had other settings: %s. Resume with the settings it had, or start again without "
                      "--resume."),
                   changes);
      return FALSE;
    }

  return TRUE;
}

/* Opens the ledger of the earlier run if that did the same as this one. */
static ReconLedger *
open_earlier (ReconTomography  *self,
              GError          **error)
{
  g_autoptr (ReconLedger) ledger = recon_ledger_open (recon_writer_find_ledger (self->writer), error);

  if (ledger == NULL || !recon_tomography_check_settings (self, ledger, error) ||
      !recon_tomography_check_record (self, recon_ledger_get_header (ledger), error))
    return NULL;

  return g_steal_pointer (&ledger);
}

static gboolean
open_writer (ReconTomography  *self,
             double            minimum,
             double            maximum,
             const guint8     *finished,
             GError          **error)
{
  guint n_slices = recon_scan_get_n_slices (self->scan);
  double pixel_size = recon_scan_get_pixel_size (self->scan);
  g_autofree guint *numbers = g_new (guint, n_slices);
  g_autofree double *rows = g_new (double, n_slices);
  g_autofree char *configuration = recon_config_to_data (self->resolved, FALSE);
  const ReconVolume volume = {
    .n_slices = n_slices,
    .height = (guint) self->box.height,
    .width = (guint) self->box.width,
    .numbers = numbers,
    .detector_row = rows,
    .x0 = (double) self->box.x0,
    .y0 = (double) self->box.y0,
    .pixel_size = pixel_size / 1000,
    .type = recon_config_get_choice (self->config, RECON_PARAM_OUTPUT_TYPE),
    .minimum = minimum,
    .maximum = maximum,
    .compression = recon_config_get_choice (self->config, RECON_PARAM_COMPRESSION),
    .configuration = configuration,
  };

  for (guint i = 0; i < n_slices; i++)
    {
      numbers[i] = recon_scan_get_slice_number (self->scan, i);
      rows[i] = recon_scan_get_detector_row (self->scan, i);
    }

  return recon_writer_open (self->writer, &volume, finished, error);
}

/**
 * recon_tomography_check_space:
 * @self: a tomography with a writer
 *
 * A warning only: compression, quotas and what others write make it uncertain either way.
 */
void
recon_tomography_check_space (ReconTomography *self)
{
  static const guint bytes[] = { 4, 2, 1 };
  double needed = (double) recon_scan_get_n_slices (self->scan) * (double) self->box.width * (double) self->box.height *
                  bytes[recon_config_get_choice (self->config, RECON_PARAM_OUTPUT_TYPE)];
  g_autofree char *folder = g_path_get_dirname (recon_writer_get_partial (self->writer));
  guint64 free_bytes;

  if (recon_output_place_get_free (folder, &free_bytes) && (double) free_bytes < needed)
    {
      g_autofree char *needed_text = g_format_size_full ((guint64) needed, G_FORMAT_SIZE_IEC_UNITS);
      g_autofree char *free_text = g_format_size_full (free_bytes, G_FORMAT_SIZE_IEC_UNITS);

      recon_log_warning (self->log, "The slices need %s, but only %s are free in %s", needed_text, free_text, folder);
    }
}

/* Two runs that start at once in one place must not both find it free: the folder around the output is locked while
 * one of them looks and takes it. Where that can't be (a folder that isn't there yet), the ledger's own lock has to
 * do. Returns a descriptor to close, or -1. */
static int
lock_place (ReconTomography *self)
{
  g_autofree char *folder = g_path_get_dirname (recon_writer_get_partial (self->writer));
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd >= 0)
    flock (fd, LOCK_EX);

  return fd;
}

/* Returns: what an interrupted run has left, of how many slices; %NULL if there is none */
ReconLedger *
recon_tomography_peek_interrupted (ReconTomography *self,
                                   guint           *n_finished,
                                   guint           *n_slices)
{
  g_autoptr (ReconLedger) ledger = recon_ledger_peek (recon_writer_get_partial_ledger (self->writer));
  g_autofree guint8 *finished = NULL;
  gint64 n;

  if (ledger == NULL)
    return NULL;

  n = json_object_get_int_member_with_default (recon_ledger_get_header (ledger), "slices", 0);
  if (n < 1 || n > G_MAXINT32)
    return NULL;

  finished = g_new0 (guint8, n);
  *n_slices = (guint) n;
  *n_finished = recon_ledger_get_finished (ledger, finished, *n_slices);

  return g_steal_pointer (&ledger);
}

/* Nothing that is finished is thrown away without a word of the user's. */
gboolean
recon_tomography_check_interrupted (ReconTomography  *self,
                                    GError          **error)
{
  g_autoptr (ReconLedger) ledger = NULL;
  guint n_finished = 0, n_slices = 0;

  if (self->resume == RECON_RESUME_ANEW || recon_writer_get_overwrite (self->writer))
    return TRUE;

  ledger = recon_tomography_peek_interrupted (self, &n_finished, &n_slices);
  if (n_finished == 0)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_EXISTS,
               _ ("An interrupted run has finished %u of %u slices, in %s. Go on with --resume, or throw them away and "
                  "start anew with --overwrite."),
               n_finished, n_slices, recon_writer_get_partial (self->writer));
  return FALSE;
}

/* Opens the output anew and begins its ledger. */
static ReconLedger *
start_output (ReconTomography  *self,
              double            minimum,
              double            maximum,
              GError          **error)
{
  const char *path = recon_writer_get_partial_ledger (self->writer);
  g_autoptr (JsonNode) header = make_header (self, minimum, maximum);
  ReconLedger *ledger = NULL;
  int place = lock_place (self);

  if (recon_ledger_check_free (path, error) && recon_tomography_check_interrupted (self, error) &&
      open_writer (self, minimum, maximum, NULL, error))
    ledger = recon_ledger_create (path, header, error);
  if (place >= 0)
    close (place);

  return ledger;
}

gboolean
recon_tomography_prepare (ReconJob      *job,
                          gpointer       user_data,
                          ReconLedger  **ledger,
                          GCancellable  *cancellable,
                          GError       **error)
{
  ReconTomography *self = user_data;
  guint n_slices = recon_scan_get_n_slices (self->scan);
  g_autoptr (ReconLedger) earlier = NULL;
  g_autofree guint8 *finished = NULL;
  double minimum, maximum;

  if (recon_resume_goes_on (self->resume))
    {
      earlier = open_earlier (self, error);
      if (earlier == NULL)
        return FALSE;
      finished = g_new0 (guint8, n_slices);
      recon_log_info (self->log, "Resuming: %u of %u slices are finished",
                      recon_ledger_get_finished (earlier, finished, n_slices), n_slices);
    }

  if (!recon_tomography_settle_axis (self, earlier, cancellable, error) ||
      !choose_window (self, earlier, &minimum, &maximum, cancellable, error))
    return FALSE;

  if (earlier == NULL)
    *ledger = start_output (self, minimum, maximum, error);
  else if (open_writer (self, minimum, maximum, finished, error))
    *ledger = g_steal_pointer (&earlier);
  if (*ledger == NULL)
    return FALSE;

  return TRUE;
}

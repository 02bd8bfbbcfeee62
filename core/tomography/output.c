/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"
#include "base/output-files.h"
#include "config/config-paths.h"
#include "tomography/tomography-private.h"

/* How the standard job's output begins: the resolved configuration, and going on with what an earlier run has left. */

/* The configuration with everything in it that the program decided, so that the result says how it was made and can
 * be made again. An axis that has to be found comes later. */
ReconConfig *
recon_tomography_resolve (ReconTomography *self)
{
  ReconConfig *resolved = recon_config_copy (self->config);
  g_autofree char *here = g_get_current_dir ();
  double pixel_size = recon_scan_get_geometry (self->scan)->pixel_size;

  /* The resolved configuration names the same files wherever it is read from. */
  recon_config_rebase (resolved, here);

  if (!recon_tomography_wants_axis (self))
    recon_config_set_number (resolved, RECON_PARAM_AXIS, recon_tomography_get_axis (self));
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

/* The header holds the configuration with the window as it was given: "auto" stays "auto", so that a run with other
 * percentiles or with a window of its own isn't taken for the same. */
static JsonObject *
make_header (ReconTomography *self)
{
  g_autoptr (ReconConfig) config = recon_config_copy (self->resolved);
  ReconTask *write = recon_graph_get_task (self->graph, self->write);
  JsonObject *header = recon_write_slices_new_header (RECON_WRITE_SLICES (write));

  recon_tomography_note_axis (self, config, header);
  recon_tomography_note_inputs (self->scan, header);
  json_object_set_member (header, "configuration", recon_config_to_json (config));

  return header;
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
      json_object_get_int_member_with_default (header, "slices", -1) != recon_scan_get_geometry (self->scan)->n_rows)
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
  const char *path = recon_writer_find_ledger (self->writer);
  g_autoptr (ReconLedger) ledger = recon_ledger_open (path, error);

  if (ledger == NULL || !recon_tomography_check_settings (self, ledger, error) ||
      !recon_tomography_check_record (self->scan, ledger, path, self->resume, self->log, error))
    return NULL;

  return g_steal_pointer (&ledger);
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
  const ReconArrayInfo *slices = recon_tomography_get_slices (self);
  double needed = (double) slices->axes[0].size * (double) slices->axes[1].size * (double) slices->axes[2].size *
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

/* Called when the job begins: finds the axis, and goes on with an earlier run. */
gboolean
recon_tomography_prepare (ReconJob      *job,
                          gpointer       user_data,
                          GCancellable  *cancellable,
                          GError       **error)
{
  ReconTomography *self = user_data;
  g_autoptr (ReconLedger) earlier = NULL;
  ReconTask *write = recon_graph_get_task (self->graph, self->write);

  if (recon_resume_goes_on (self->resume) && (earlier = open_earlier (self, error)) == NULL)
    return FALSE;
  if (!recon_tomography_find_axis (self, earlier, cancellable, error))
    return FALSE;

  recon_write_slices_set_record (RECON_WRITE_SLICES (write), self->resolved, make_header (self),
                                 g_steal_pointer (&earlier));

  return TRUE;
}

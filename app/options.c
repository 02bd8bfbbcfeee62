/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "options.h"

#include <glib/gi18n.h>

#include "arguments.h"
#include "config/config-file.h"
#include "config/config.h"

/* Parses everything but applies nothing yet, so that --help does not depend on a file. */
static gboolean
read_arguments (ReconArguments      *arguments,
                int                 *argc,
                char              ***argv,
                const char          *summary,
                const GOptionEntry  *extra,
                GError             **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *parameters = recon_options_describe ();

  if (!recon_arguments_take (arguments, argc, *argv, extra, error))
    return FALSE;

  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, parameters);
  g_option_context_add_main_entries (context, recon_arguments_get_entries (), NULL);
  if (extra != NULL)
    g_option_context_add_main_entries (context, extra, NULL);

  return g_option_context_parse (context, argc, argv, error);
}

/**
 * recon_options_parse:
 * @self: (out caller-allocates): what came of it; clear with recon_options_clear(), also after a failure
 * @argc: (inout): number of arguments
 * @argv: (inout): the arguments, from the command's own name on
 * @summary: what the command does, for its --help
 * @extra: (nullable) (array zero-terminated=1): options of the command itself
 * @log: (nullable): hears which configuration file is used, and warnings about it
 * @error: return location
 *
 * Makes a configuration of the defaults, the file of -c or else reco.conf of the working directory if there
 * is one, and the options of the command line, each over the one before. The last of equal options counts. What is
 * no option stays in @argv. --help prints and ends the program, as GOptionContext has it.
 *
 * Returns: %FALSE with a #GOptionError, or an error of recon_config_load() or recon_config_parse()
 */
gboolean
recon_options_parse (ReconOptions        *self,
                     int                 *argc,
                     char              ***argv,
                     const char          *summary,
                     const GOptionEntry  *extra,
                     ReconLog            *log,
                     GError             **error)
{
  g_auto (ReconArguments) arguments = { 0 };

  *self = (ReconOptions) { .config = recon_config_new (), .given = g_new0 (gboolean, recon_parameter_count ()) };

  if (!read_arguments (&arguments, argc, argv, summary, extra, error))
    return FALSE;

  recon_arguments_note_given (&arguments, self->given);
  self->config_named = arguments.config_path != NULL;
  if (self->config_named)
    self->config_path = g_steal_pointer (&arguments.config_path);
  else if (g_file_test (RECON_DEFAULT_CONFIG, G_FILE_TEST_EXISTS))
    self->config_path = g_strdup (RECON_DEFAULT_CONFIG);

  if (self->config_path != NULL)
    {
      g_autofree char *name = g_filename_display_name (self->config_path);

      recon_log_info (log, "Configuration: %s", name);
      if (!recon_config_load (self->config, self->config_path, log, error))
        return FALSE;
      self->file = recon_config_copy (self->config);
    }
  else
    recon_log_info (log, "Configuration: built-in defaults, no %s here", RECON_DEFAULT_CONFIG);

  return recon_arguments_apply (&arguments, self->config, error);
}

/**
 * recon_options_parse_without_file:
 * @self: (out caller-allocates): what came of it; clear with recon_options_clear(), also after a failure
 * @argc: (inout): number of arguments
 * @argv: (inout): the arguments, from the command's own name on
 * @summary: what the command does, for its --help
 * @extra: (nullable) (array zero-terminated=1): options of the command itself
 * @error: return location
 *
 * Like recon_options_parse(), for a command that writes the configuration file: reads none, and only says
 * which one -c names.
 *
 * Returns: %FALSE with a #GOptionError or an error of recon_config_parse()
 */
gboolean
recon_options_parse_without_file (ReconOptions        *self,
                                  int                 *argc,
                                  char              ***argv,
                                  const char          *summary,
                                  const GOptionEntry  *extra,
                                  GError             **error)
{
  g_auto (ReconArguments) arguments = { 0 };

  *self = (ReconOptions) { .config = recon_config_new (), .given = g_new0 (gboolean, recon_parameter_count ()) };

  if (!read_arguments (&arguments, argc, argv, summary, extra, error))
    return FALSE;

  recon_arguments_note_given (&arguments, self->given);
  self->config_path = g_steal_pointer (&arguments.config_path);

  return recon_arguments_apply (&arguments, self->config, error);
}

void
recon_options_clear (ReconOptions *self)
{
  g_clear_object (&self->config);
  g_clear_object (&self->file);
  g_clear_pointer (&self->config_path, g_free);
  g_clear_pointer (&self->given, g_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/document.h"

#include <string.h>

/* What an option has to say, wherever the line is run. */
static char *
format_option (ReconConfig    *config,
               ReconParameter  parameter)
{
  const char *path;

  if (recon_parameter_get_spec (parameter)->type != RECON_PARAMETER_PATH)
    return recon_config_format (config, parameter);

  path = recon_config_get_text (config, parameter);
  if (*path == '\0' || g_path_is_absolute (path))
    return g_strdup (path);

  return g_canonicalize_filename (path, NULL);
}

/**
 * recon_document_to_command_line:
 * @self: a document
 *
 * Returns: (transfer full): one line for a shell in any folder that reconstructs what the document says. A reco.conf
 *   that happens to lie where the line is run would decide on all that is left out; the empty file keeps it from that.
 */
char *
recon_document_to_command_line (ReconDocument *self)
{
  ReconConfig *config;
  GString *line;

  g_return_val_if_fail (RECON_IS_DOCUMENT (self), NULL);

  config = recon_document_get_config (self);
  line = g_string_new ("reconstruct tomo");

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameter parameter = recon_parameter_nth (i);
      const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
      g_autofree char *text = format_option (config, parameter);
      g_autofree char *word = NULL;

      if (g_str_equal (text, spec->initial))
        continue;

      word = text[strcspn (text, " \t!\"#$&'()*;<>?[\\]^`{|}~")] != '\0' ? g_shell_quote (text) : g_strdup (text);
      g_string_append_printf (line, " --%s=%s", spec->option, word);
    }
  g_string_append (line, " --config=/dev/null");

  return g_string_free (line, FALSE);
}

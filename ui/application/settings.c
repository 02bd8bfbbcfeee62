/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "application/settings.h"

#include "application/programs.h"

/**
 * recon_settings_new:
 *
 * The schema is looked for in the build tree that the program runs from, then where schemas are installed.
 *
 * Returns: (transfer full) (nullable): the settings; %NULL if the schema is nowhere, windows then forget their state
 */
GSettings *
recon_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) own = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autofree char *folder = recon_program_folder ();
  g_autofree char *data = folder != NULL ? g_build_filename (folder, "..", "data", NULL) : NULL;

  if (data != NULL)
    own = g_settings_schema_source_new_from_directory (data, source, TRUE, NULL);
  if (own != NULL)
    source = own;
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, RECON_APP_ID, TRUE);
  if (schema == NULL)
    return NULL;

  return g_settings_new_full (schema, NULL, NULL);
}

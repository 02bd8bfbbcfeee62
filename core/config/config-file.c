/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/config-file.h"
#include "config/config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "config/config-paths.h"
#include "config/key-file.h"
#include "config/text.h"

static void
warn_unknown_group (const ReconKeyLine *entry,
                    const char         *name,
                    ReconLog           *log)
{
  g_autofree const char **names = recon_section_get_names ();
  g_autofree char *shown = recon_text_abridge (entry->group);
  const char *nearest = recon_nearest_word (entry->group, names);

  if (nearest != NULL)
    recon_log_warning (log, "%s, line %u: there is no group [%s], its keys are ignored; did you mean [%s]?", name,
                       entry->line, shown, nearest);
  else
    recon_log_warning (log, "%s, line %u: there is no group [%s], its keys are ignored.", name, entry->line, shown);
}

static void
warn_unknown_key (const ReconKeyLine *entry,
                  const char         *name,
                  ReconLog           *log)
{
  const char *nearest = recon_parameter_nearest (entry->group, entry->key);
  g_autofree char *shown = recon_text_abridge (entry->key);

  if (nearest != NULL)
    recon_log_warning (log, "%s, line %u: there is no parameter %s.%s, it is ignored; did you mean %s?", name,
                       entry->line, entry->group, shown, nearest);
  else
    recon_log_warning (log, "%s, line %u: there is no parameter %s.%s, it is ignored.", name, entry->line,
                       entry->group, shown);
}

/* The value of a key without its escapes and without blanks at its end, which nobody sees; %NULL if it has an unknown
 * escape, which GKeyFile both gives and refuses. */
static char *
get_value (GKeyFile   *file,
           const char *section,
           const char *key)
{
  g_autoptr (GKeyFile) trimmed = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *raw = g_key_file_get_value (file, section, key, NULL);
  g_autofree char *text = NULL;

  g_key_file_set_value (trimmed, section, key, raw != NULL ? g_strchomp (raw) : "");
  text = g_key_file_get_string (trimmed, section, key, &error);

  return error == NULL ? g_steal_pointer (&text) : NULL;
}

static gboolean
parse_key (ReconConfig         *config,
           GKeyFile            *file,
           ReconParameter       parameter,
           const ReconKeyLine  *entry,
           const char          *name,
           GError             **error)
{
  g_autofree char *text = get_value (file, entry->group, entry->key);

  if (text == NULL)
    {
      g_autofree char *raw = g_key_file_get_value (file, entry->group, entry->key, NULL);
      g_autofree char *shown = recon_text_abridge (raw != NULL ? raw : "");

      return recon_fail (error, RECON_ERROR_CONFIG,
                         _ ("%s, line %u: %s is '%s'. A single backslash has a special meaning here; write '\\\\' for "
                            "one."),
                         name, entry->line, recon_parameter_get_spec (parameter)->name, shown);
    }

  if (!recon_config_parse (config, parameter, text, error))
    {
      g_prefix_error (error, _ ("%s, line %u: "), name, entry->line);
      return FALSE;
    }

  return TRUE;
}

/* Looks at every line, and says which one gives each parameter last, under whatever name. */
static void
check_lines (GPtrArray           *lines,
             const ReconKeyLine **given_at,
             const char          *name,
             ReconLog            *log)
{
  for (guint i = 0; i < lines->len; i++)
    {
      const ReconKeyLine *entry = g_ptr_array_index (lines, i);
      ReconParameter parameter;

      if (recon_section_find (entry->group) == NULL)
        {
          if (entry->key == NULL)
            warn_unknown_group (entry, name, log);
        }
      else if (entry->key == NULL)
        continue;
      else if (!recon_parameter_find (entry->group, entry->key, &parameter))
        warn_unknown_key (entry, name, log);
      else
        {
          if (given_at[parameter] != NULL)
            recon_log_warning (log, "%s, line %u: %s is given again, after line %u; the last one counts.", name,
                               entry->line, recon_parameter_get_spec (parameter)->name,
                               given_at[parameter]->line);
          given_at[parameter] = entry;
        }
    }
}

/* What the file doesn't name keeps its value; but a default path lies, as if it were named, in the file's folder. */
static void
rebase_given (ReconConfig         *config,
              const ReconKeyLine **given_at,
              const char          *folder)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *path = NULL;

      if (recon_parameter_get_spec (i)->type != RECON_PARAMETER_PATH ||
          (given_at[i] == NULL && !recon_config_is_default (config, i)))
        continue;

      path = recon_path_from_folder (recon_config_get_text (config, i), folder);
      recon_config_parse (config, i, path, NULL);
    }
}

/* @folder: (nullable): where relative paths start from */
static gboolean
load_text (ReconConfig  *config,
           const char   *data,
           gsize         length,
           const char   *name,
           const char   *folder,
           ReconLog     *log,
           GError      **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (ReconConfig) scratch = NULL;
  g_autofree const ReconKeyLine **given_at = g_new0 (const ReconKeyLine *, recon_parameter_count ());

  text = recon_key_file_to_text (data, length, name, error);
  if (text == NULL)
    return FALSE;

  file = recon_key_file_parse (text, name, error);
  if (file == NULL)
    return FALSE;

  lines = recon_key_lines_new (text);
  check_lines (lines, given_at, name, log);

  scratch = recon_config_copy (config);
  for (guint i = 0; i < recon_parameter_count (); i++)
    if (given_at[i] != NULL && !parse_key (scratch, file, i, given_at[i], name, error))
      return FALSE;

  if (folder != NULL)
    rebase_given (scratch, given_at, folder);
  recon_config_assign (config, scratch);

  return TRUE;
}

/**
 * recon_config_load_data:
 * @config: a configuration
 * @data: (array length=length): the contents of a key file; any bytes
 * @length: their number
 * @name: what messages call the file
 * @log: (nullable): gets warnings of unknown groups and keys, with line and nearest known name
 * @error: return location
 *
 * Sets the parameters that the file has; the others keep their values. On failure nothing is set. Relative paths stay
 * as they are.
 *
 * Returns: %FALSE with %RECON_ERROR_CONFIG, naming file and line
 */
gboolean
recon_config_load_data (ReconConfig  *config,
                        const char   *data,
                        gsize         length,
                        const char   *name,
                        ReconLog     *log,
                        GError      **error)
{
  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  return load_text (config, data, length, name, NULL, log, error);
}

/**
 * recon_config_load:
 * @config: a configuration
 * @path: a file; need not be a regular one
 * @log: (nullable): gets warnings of unknown groups and keys, with line and nearest known name
 * @error: return location
 *
 * Sets the parameters that a file has; the others keep their values. On failure nothing is set. Relative paths
 * in the file start from its folder, and so does a default path that it doesn't name; what is set starts from the
 * working directory. What is no regular file, such as a pipe, has no folder.
 *
 * Returns: %FALSE with %RECON_ERROR_CONFIG, naming file and line, or %RECON_ERROR_READ
 */
gboolean
recon_config_load (ReconConfig  *config,
                   const char   *path,
                   ReconLog     *log,
                   GError      **error)
{
  g_autofree char *name = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *data = NULL;
  gsize length;

  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  data = recon_key_file_read (path, &length, error);
  if (data == NULL)
    return FALSE;

  name = g_filename_display_name (path);
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    folder = g_path_get_dirname (path);

  return load_text (config, data, length, name, folder, log, error);
}

/* Escapes what reading would change or drop: besides what GKeyFile escapes, a blank at the end. */
static void
set_value (GKeyFile   *file,
           const char *group,
           const char *key,
           const char *text)
{
  g_autofree char *raw = NULL;
  gsize length;

  g_key_file_set_string (file, group, key, text);
  raw = g_key_file_get_value (file, group, key, NULL);
  length = strlen (raw);

  if (length > 0 && (raw[length - 1] == ' ' || raw[length - 1] == '\t'))
    {
      g_autofree char *start = g_strndup (raw, length - 1);
      g_autofree char *escaped = g_strconcat (start, raw[length - 1] == ' ' ? "\\s" : "\\t", NULL);

      g_key_file_set_value (file, group, key, escaped);
    }
}

/* The canonical text of a value that stands in a file in @folder; %NULL if it is none. */
static char *
canonicalize (ReconParameter  parameter,
              const char     *text,
              const char     *folder)
{
  g_autoptr (ReconConfig) scratch = recon_config_new ();

  if (!recon_config_parse (scratch, parameter, text, NULL))
    return NULL;

  if (recon_parameter_get_spec (parameter)->type == RECON_PARAMETER_PATH)
    return recon_path_from_folder (recon_config_get_text (scratch, parameter), folder);

  return recon_config_format (scratch, parameter);
}

/* The last name by which a file gives a parameter: parts[0] the section, parts[1] the key; %NULL if it does not. */
static char **
find_key (GKeyFile                 *file,
          const ReconParameterSpec *spec)
{
  const char *const name[] = { spec->name, NULL };
  const char *const *lists[] = { spec->aliases, name };
  char **found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    for (gsize k = 0; lists[i] != NULL && lists[i][k] != NULL; k++)
      {
        g_auto (GStrv) parts = g_strsplit (lists[i][k], ".", 2);

        if (parts[1] != NULL && g_key_file_has_key (file, parts[0], parts[1], NULL))
          {
            g_strfreev (found);
            found = g_steal_pointer (&parts);
          }
      }

  return found;
}

/* What stands in the file is left as somebody wrote it where it means the same value. */
static void
update_key_file (GKeyFile    *file,
                 ReconConfig *config,
                 const char  *folder)
{
  g_autoptr (ReconConfig) relative = recon_config_copy (config);

  recon_config_make_relative (relative, folder);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      g_autofree char *text = recon_config_format (config, i);
      g_auto (GStrv) key = find_key (file, spec);
      g_autofree char *written = NULL;

      if (key != NULL)
        {
          g_autofree char *present = get_value (file, key[0], key[1]);
          g_autofree char *canonical = present != NULL ? canonicalize (i, present, folder) : NULL;

          if (g_strcmp0 (canonical, text) == 0)
            continue;
          if (!g_str_equal (key[1], spec->key))
            g_key_file_remove_key (file, key[0], key[1], NULL);
        }
      else if (recon_config_is_default (relative, i))
        continue;

      written = recon_config_format (relative, i);
      set_value (file, spec->section, spec->key, written);
    }
}

/* The key file that is at a path. */
static GKeyFile *
read_key_file (const char  *path,
               GError     **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *data = NULL;
  g_autofree char *text = NULL;
  gsize length;

  data = recon_key_file_read (path, &length, error);
  if (data == NULL)
    return NULL;

  text = recon_key_file_to_text (data, length, name, error);
  if (text == NULL)
    return NULL;

  return recon_key_file_parse (text, name, error);
}

/**
 * recon_config_save:
 * @config: a configuration
 * @path: the file, which is replaced in one step
 * @error: return location
 *
 * Writes the parameters that are not default, paths relative to the file's folder. If there is a file, its comments,
 * order, unknown keys, and the keys that it has already, stay in it.
 *
 * Returns: %FALSE with %RECON_ERROR_WRITE, or with an error of recon_config_load() if there is a file that is no
 *   configuration
 */
gboolean
recon_config_save (ReconConfig  *config,
                   const char   *path,
                   GError      **error)
{
  GStatBuf info;

  g_return_val_if_fail (path != NULL, FALSE);

  return recon_config_save_like (config, path, g_stat (path, &info) == 0 ? path : NULL, error);
}

/**
 * recon_config_save_like:
 * @config: a configuration
 * @path: the file, which is replaced in one step
 * @model: (nullable): the file whose comments, order, unknown keys and keys go into the new one, such as the one that
 *   @config was loaded from; %NULL for none
 * @error: return location
 *
 * Like recon_config_save(), for saving under another name: nothing of a file that was at @path stays.
 *
 * Returns: %FALSE with %RECON_ERROR_WRITE, or with an error of recon_config_load() if @model is no configuration
 */
gboolean
recon_config_save_like (ReconConfig  *config,
                        const char   *path,
                        const char   *model,
                        GError      **error)
{
  g_autofree char *name = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *target = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GError) local = NULL;
  GStatBuf info;
  int mode = 0666;
  gsize length;

  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  file = model != NULL ? read_key_file (model, error) : g_key_file_new ();
  if (file == NULL)
    return FALSE;

  if (g_stat (path, &info) == 0)
    {
      mode = info.st_mode & 0777;
      target = realpath (path, NULL); /* a link stays one */
    }

  folder = g_path_get_dirname (path);
  update_key_file (file, config, folder);
  text = g_key_file_to_data (file, &length, NULL);
  if (!g_file_set_contents_full (target != NULL ? target : path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, mode,
                                 &local))
    {
      name = g_filename_display_name (path);
      return recon_fail (error, RECON_ERROR_WRITE, _ ("Cannot write the configuration file %s: %s."), name,
                         local->message);
    }

  return TRUE;
}

/* The value as it stands in a key file. */
static char *
escape_value (const char *text)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  set_value (file, "group", "key", text);

  return g_key_file_get_value (file, "group", "key", NULL);
}

/**
 * recon_config_to_data:
 * @config: a configuration
 * @comments: whether to explain every key
 *
 * Returns: (transfer full): the text of a key file with every group and every key. With comments it is for
 *   people to edit; without, it records the settings of a result.
 */
char *
recon_config_to_data (ReconConfig *config,
                      gboolean     comments)
{
  const char *section = NULL;
  GString *data;

  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);

  data = g_string_new (comments ? _ ("# Configuration of Reconstruct. Lines that start with # are comments.\n"
                                     "# A key that is left out has its default. Options of the command line win over "
                                     "this file.\n"
                                     "# Relative paths start from the folder of this file; those of options, from the "
                                     "shell's.\n"
                                     "# Numbers have a decimal point; a backslash in a path is written \\\\.\n\n")
                                : NULL);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameter parameter = recon_parameter_nth (i);
      const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
      g_autofree char *text = recon_config_format (config, parameter);
      g_autofree char *value = escape_value (text);

      if (section != spec->section)
        {
          if (section != NULL && !comments)
            g_string_append_c (data, '\n');
          if (comments)
            g_string_append_printf (data, "# %s\n", _ (recon_section_find (spec->section)->title));
          g_string_append_printf (data, "[%s]\n%s", spec->section, comments ? "\n" : "");
          section = spec->section;
        }

      if (comments)
        {
          g_autofree char *description = recon_parameter_spec_describe (spec);

          g_string_append_printf (data, "# %s\n# %s\n", _ (spec->help), description);
        }
      g_string_append_printf (data, "%s=%s\n%s", spec->key, value, comments ? "\n" : "");
    }

  return g_string_free (data, FALSE);
}

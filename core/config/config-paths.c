/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/config-paths.h"

#include <string.h>

#define GLOB_CHARACTERS "*?["

static gboolean
is_relative (const char *path)
{
  return *path != '\0' && !g_path_is_absolute (path);
}

static gboolean
is_here (const char *folder)
{
  return *folder == '\0' || g_str_equal (folder, ".");
}

/* The length of what names files: what follows a colon may choose a part of one: "a.h5:/data[:,0]", "a.txt:2",
 * "a.txt:[10:101]". */
static gsize
measure_name (const char *path)
{
  for (const char *colon = strchr (path, ':'); colon != NULL; colon = strchr (colon + 1, ':'))
    if (colon[1] == '/' || colon[1] == '[' || g_ascii_isdigit (colon[1]))
      return (gsize) (colon - path);

  return strlen (path);
}

/* A folder stands for itself in a path that is a glob or a numbered pattern. */
static char *
escape_folder (const char *folder,
               const char *path)
{
  gboolean is_glob = strcspn (path, GLOB_CHARACTERS) < measure_name (path);
  gboolean is_numbered = strchr (path, '%') != NULL;
  GString *escaped = g_string_new (NULL);

  for (const char *p = folder; *p != '\0'; p++)
    {
      if (is_glob && strchr (GLOB_CHARACTERS "]\\", *p) != NULL)
        g_string_append_c (escaped, '\\');
      if (is_numbered && *p == '%')
        g_string_append_c (escaped, '%');
      g_string_append_c (escaped, *p);
    }

  return g_string_free (escaped, FALSE);
}

/**
 * recon_path_from_folder:
 * @path: a path as it stands in a file: of a file, a folder, a glob, a numbered pattern, or an object in a file
 * @folder: the folder of that file, itself relative or absolute
 *
 * Returns: (transfer full): the same, relative to what @folder is relative to
 */
char *
recon_path_from_folder (const char *path,
                        const char *folder)
{
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  if (!is_relative (path) || is_here (folder))
    return g_strdup (path);

  while (g_str_has_prefix (path, "./") && path[2] != '\0' && path[2] != '/')
    path += 2;

  escaped = escape_folder (folder, path);

  return g_build_filename (escaped, g_str_equal (path, ".") ? NULL : path, NULL);
}

/* The working directory's name has no links in it, so that going up from it is known. */
static char *
make_absolute (const char *path)
{
  g_autofree char *folder = g_get_current_dir ();

  for (;; path += strspn (path, "/"))
    {
      g_autofree char *inner = NULL;

      if (g_str_has_prefix (path, "./"))
        {
          path += strlen ("./");
          continue;
        }
      if (!g_str_has_prefix (path, "../"))
        break;

      path += strlen ("../");
      inner = g_steal_pointer (&folder);
      folder = g_path_get_dirname (inner);
    }

  return recon_path_from_folder (path, folder);
}

/* The common part of two absolute paths, up to and with a slash. */
static gsize
find_common (const char *path,
             const char *folder)
{
  gsize common = 0;

  for (gsize i = 0; path[i] != '\0' && path[i] == folder[i]; i++)
    if (path[i] == '/')
      common = i + 1;

  return common;
}

/**
 * recon_path_to_folder:
 * @path: a path, relative to the working directory or absolute
 * @folder: a folder, alike
 *
 * Where the two have no more in common than the root, the path stays absolute: a folder that is moved would not take
 * it along.
 *
 * Returns: (transfer full): the same path as it is written in a file in @folder
 */
char *
recon_path_to_folder (const char *path,
                      const char *folder)
{
  g_autofree char *whole = NULL;
  g_autofree char *literal = NULL;
  g_autofree char *slashed = NULL;
  g_autofree char *escaped = NULL;
  const char *base;
  GString *relative;
  gsize common;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  if (*path == '\0' || (is_relative (path) && is_here (folder)))
    return g_strdup (path);

  whole = is_relative (path) ? make_absolute (path) : g_strdup (path);
  literal = g_canonicalize_filename (folder, NULL);
  if (g_str_equal (whole, literal))
    return g_strdup (".");

  slashed = g_str_has_suffix (literal, "/") ? g_strdup (literal) : g_strconcat (literal, "/", NULL);
  escaped = escape_folder (slashed, path);
  base = find_common (whole, escaped) > find_common (whole, slashed) ? escaped : slashed;
  common = find_common (whole, base);
  if (common <= 1 || whole[common] == '\0')
    return g_steal_pointer (&whole);

  relative = g_string_new (NULL);
  for (const char *p = base + common; *p != '\0'; p++)
    if (*p == '/')
      g_string_append (relative, "../");
  g_string_append (relative, whole + common);

  return g_string_free (relative, FALSE);
}

static void
translate (ReconConfig *config,
           const char  *folder,
           char      *(*function) (const char *, const char *),
           gboolean     skip_defaults)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *text = NULL;

      if (recon_parameter_get_spec (i)->type != RECON_PARAMETER_PATH ||
          (skip_defaults && recon_config_is_default (config, i)))
        continue;

      text = function (recon_config_get_text (config, i), folder);
      recon_config_parse (config, i, text, NULL);
    }
}

/**
 * recon_config_rebase:
 * @config: a configuration whose relative paths start from @folder
 * @folder: a folder, relative or absolute
 *
 * Makes relative paths, the output's default among them, start from the working directory.
 */
void
recon_config_rebase (ReconConfig *config,
                     const char  *folder)
{
  g_return_if_fail (RECON_IS_CONFIG (config));
  g_return_if_fail (folder != NULL);

  translate (config, folder, recon_path_from_folder, FALSE);
}

/**
 * recon_config_make_relative:
 * @config: a configuration whose relative paths start from the working directory
 * @folder: the folder of the file that it will be written to
 *
 * The opposite of recon_config_rebase(): paths become what recon_path_to_folder() makes of them. Defaults stay, and lie
 * in that folder.
 */
void
recon_config_make_relative (ReconConfig *config,
                            const char  *folder)
{
  g_return_if_fail (RECON_IS_CONFIG (config));
  g_return_if_fail (folder != NULL);

  translate (config, folder, recon_path_to_folder, TRUE);
}

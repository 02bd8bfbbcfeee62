/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/slice-names.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "base/output-files.h"
#include "io/series.h"

/* Wider than any number, narrow enough for a file name. */
#define MAX_WIDTH 64

static gboolean
parse_conversion (ReconSliceNames  *self,
                  const char      **text)
{
  const char *p = *text;
  guint64 width = 0;

  self->zeros = *p == '0';
  while (g_ascii_isdigit (*p) && width <= MAX_WIDTH)
    width = width * 10 + (guint) (*p++ - '0');
  if (width > MAX_WIDTH || *p == '\0' || strchr ("diu", *p) == NULL)
    return FALSE;

  self->width = (guint) width;
  *text = p + 1;

  return TRUE;
}

/**
 * recon_slice_names_new:
 * @pattern: a file name with one %d, %i or %u, which may have a width (%5d) and leading zeros (%05d); %% is a
 *   percent sign
 * @error: return location
 *
 * Returns: (transfer full): names of that pattern, or %NULL with #RECON_ERROR_CONFIG
 */
ReconSliceNames *
recon_slice_names_new (const char  *pattern,
                       GError     **error)
{
  g_autoptr (ReconSliceNames) self = g_new0 (ReconSliceNames, 1);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *p = pattern;
  gboolean valid = TRUE;

  g_return_val_if_fail (pattern != NULL, NULL);

  while (*p != '\0' && valid)
    {
      if (p[0] != '%' || p[1] == '%')
        {
          g_string_append_c (text, *p);
          p += p[0] == '%' ? 2 : 1;
          continue;
        }
      p++;
      valid = self->prefix == NULL && parse_conversion (self, &p);
      if (valid)
        {
          self->prefix = g_strdup (text->str);
          g_string_truncate (text, 0);
        }
    }

  if (!valid || self->prefix == NULL)
    return recon_fail_null (error, RECON_ERROR_CONFIG,
                            _ ("The file name %s needs exactly one place for the number of the slice, such as %%05d; a "
                               "percent sign itself is written %%%%."),
                            pattern);
  self->suffix = g_strdup (text->str);

  return g_steal_pointer (&self);
}

void
recon_slice_names_free (ReconSliceNames *self)
{
  g_free (self->prefix);
  g_free (self->suffix);
  g_free (self);
}

/**
 * recon_slice_names_format:
 * @self: names
 * @number: number of a slice
 *
 * Returns: (transfer full): the name of that slice's file
 */
char *
recon_slice_names_format (const ReconSliceNames *self,
                          guint                  number)
{
  if (self->zeros)
    return g_strdup_printf ("%s%0*u%s", self->prefix, (int) self->width, number, self->suffix);

  return g_strdup_printf ("%s%*u%s", self->prefix, (int) self->width, number, self->suffix);
}

/**
 * recon_slice_names_match:
 * @self: names
 * @name: a file name without a folder
 *
 * Returns: whether @name is the name of a slice: the one that recon_slice_names_format() makes for some number
 */
gboolean
recon_slice_names_match (const ReconSliceNames *self,
                         const char            *name)
{
  gsize length = strlen (name);
  gsize prefix = strlen (self->prefix);
  gsize suffix = strlen (self->suffix);
  g_autofree char *digits = NULL;
  g_autofree char *expected = NULL;
  guint64 number;

  if (length <= prefix + suffix || !g_str_has_prefix (name, self->prefix) || !g_str_has_suffix (name, self->suffix))
    return FALSE;

  digits = g_strndup (name + prefix, length - prefix - suffix);
  if (!g_ascii_string_to_unsigned (g_strchug (digits), 10, 0, G_MAXUINT, &number, NULL))
    return FALSE;

  expected = recon_slice_names_format (self, (guint) number);

  return strcmp (name, expected) == 0;
}

#define DEFAULT_PATTERN "slice_%05d.tif"

/* Splits what users write into folder and pattern. */
static gboolean
split (const char  *path,
       char       **folder,
       char       **pattern,
       GError     **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *parent = g_path_get_dirname (path);

  if (strchr (name, '%') == NULL || g_str_has_suffix (path, "/"))
    {
      *folder = g_strdup (path);
      *pattern = g_strdup (DEFAULT_PATTERN);
    }
  else
    {
      /* Other programs find the slices by this extension. */
      *folder = g_strdup (parent);
      *pattern = strchr (name, '.') != NULL ? g_strdup (name) : g_strconcat (name, ".tif", NULL);
    }

  if (recon_file_pattern_is_numbered (*folder))
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("The number of the slice can stand only in the file name, not in the folder %s."), *folder);

  return TRUE;
}

/* The folder without slashes at its end, so that names can be put beside it. */
static char *
tidy_folder (const char  *folder,
             GError     **error)
{
  g_autofree char *tidy = g_strdup (folder);
  g_autofree char *name = NULL;

  for (gsize n = strlen (tidy); n > 1 && tidy[n - 1] == '/'; n--)
    tidy[n - 1] = '\0';

  name = g_path_get_basename (tidy);
  if (strcmp (name, ".") == 0 || strcmp (name, "..") == 0)
    {
      char *absolute = g_canonicalize_filename (tidy, NULL);

      g_free (tidy);
      tidy = absolute;
    }
  if (strcmp (tidy, "/") == 0)
    return recon_fail_null (error, RECON_ERROR_CONFIG,
                            _ ("Slices cannot be put into the folder /. Choose another output.path."));

  return g_steal_pointer (&tidy);
}

/* Beside the folder, so that it can be renamed as a whole; but in it where that is not possible: because beside it is
 * another disk or may not be written. */
static char *
choose_partial (const char *folder)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *partial_name = g_strconcat (name, ".partial", NULL);
  struct stat inside, beside;

  if (stat (folder, &inside) == 0 && stat (parent, &beside) == 0 &&
      (inside.st_dev != beside.st_dev || g_access (parent, W_OK | X_OK) != 0))
    return g_build_filename (folder, partial_name, NULL);

  return g_strconcat (folder, ".partial", NULL);
}

/* What comes before "reco.conf" and "ledger.jsonl". Nothing in a folder that is only for the slices; part of the name
 * of slices that users put where they like: other series and their own reco.conf may be there too. */
static char *
choose_stem (const ReconSliceNames *names,
             const char            *pattern)
{
  g_autofree char *prefix = g_strdup (names->prefix);

  if (strcmp (pattern, DEFAULT_PATTERN) == 0)
    return g_strdup ("");

  for (gsize n = strlen (prefix); n > 0 && strchr ("-_. ", prefix[n - 1]) != NULL; n--)
    prefix[n - 1] = '\0';

  return g_strconcat (*prefix != '\0' ? prefix : "slices", ".", NULL);
}

/**
 * recon_series_paths_new:
 * @path: a folder, or a folder and a file name with one number as of recon_slice_names_new()
 * @error: return location
 *
 * Decides the names of all that a series consists of. Looks at the folders that exist, but touches nothing.
 *
 * The configuration is called reco.conf and the ledger ledger.jsonl; if @path gives the names of the files, such as
 * out/result-%05d.tif, then result.reco.conf and result.ledger.jsonl.
 *
 * Returns: (transfer full): the paths, or %NULL with #RECON_ERROR_CONFIG
 */
ReconSeriesPaths *
recon_series_paths_new (const char  *path,
                        GError     **error)
{
  g_autoptr (ReconSeriesPaths) self = g_new0 (ReconSeriesPaths, 1);
  g_autofree char *given = NULL;
  g_autofree char *pattern = NULL;
  g_autofree char *stem = NULL;
  g_autofree char *configuration = NULL;
  g_autofree char *ledger = NULL;

  g_return_val_if_fail (path != NULL && *path != '\0', NULL);

  if (!split (path, &given, &pattern, error))
    return NULL;
  self->folder = tidy_folder (given, error);
  self->names = self->folder != NULL ? recon_slice_names_new (pattern, error) : NULL;
  if (self->names == NULL)
    return NULL;

  stem = choose_stem (self->names, pattern);
  configuration = g_strconcat (stem, "reco.conf", NULL);
  ledger = g_strconcat (stem, "ledger.jsonl", NULL);

  self->partial = choose_partial (self->folder);
  self->configuration = g_build_filename (self->folder, configuration, NULL);
  self->partial_configuration = g_build_filename (self->partial, configuration, NULL);
  self->ledger = g_build_filename (self->folder, ledger, NULL);
  self->partial_ledger = g_build_filename (self->partial, ledger, NULL);

  return g_steal_pointer (&self);
}

void
recon_series_paths_free (ReconSeriesPaths *self)
{
  g_clear_pointer (&self->names, recon_slice_names_free);
  g_free (self->folder);
  g_free (self->partial);
  g_free (self->configuration);
  g_free (self->partial_configuration);
  g_free (self->ledger);
  g_free (self->partial_ledger);
  g_free (self);
}

/**
 * recon_series_paths_check:
 * @self: paths
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE or #RECON_ERROR_EXISTS where slices cannot get their final place, or would
 *   destroy what is not from an earlier run
 */
gboolean
recon_series_paths_check (const ReconSeriesPaths  *self,
                          GError                 **error)
{
  const char *folder = self->folder;
  const char *ledger = self->ledger;

  if (recon_file_leads_nowhere (folder))
    return recon_fail (error, RECON_ERROR_WRITE,
                       _ ("%s is a link that leads nowhere. Make the folder that it names, or choose another "
                          "output.path."),
                       folder);
  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    return TRUE;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    return recon_fail (error, RECON_ERROR_WRITE,
                       _ ("%s is a file, so slices cannot be put there. Choose another output.path."), folder);
  if (g_access (folder, W_OK | X_OK) != 0)
    {
      int code = errno;

      return recon_fail (error, RECON_ERROR_WRITE,
                         _ ("The folder %s cannot be written to: %s. Choose another output.path or allow writing "
                            "there."),
                         folder, g_strerror (code));
    }
  if (g_file_test (self->configuration, G_FILE_TEST_EXISTS) && !g_file_test (ledger, G_FILE_TEST_EXISTS))
    return recon_fail (error, RECON_ERROR_EXISTS,
                       _ ("%s is not from an earlier run, because there is no %s, and would be lost. Choose another "
                          "output.path or move it away."),
                       self->configuration, ledger);

  return TRUE;
}

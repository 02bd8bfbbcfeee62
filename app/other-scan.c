/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "other-scan.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "io/contents.h"
#include "io/hdf5.h"

/* A configuration file may be of another scan than the one that is reconstructed, as when reco.conf of yesterday lies
 * in the folder from which today's scan is named. Its settings are of use then; its axis is not. */

/* The images of the scan that a configuration is of; "" where it is of none. */
static const char *
get_images (ReconConfig *config)
{
  const char *projections = recon_config_get_text (config, RECON_PARAM_PROJECTIONS);

  return *projections != '\0' ? projections : recon_config_get_text (config, RECON_PARAM_SINOGRAMS);
}

/* What a file is, whatever its name; %NULL if it is none. */
static char *
identify (const char *path)
{
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    return NULL;

  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64) info.st_dev, (guint64) info.st_ino);
}

/* Whether one of two objects of a file is the other or holds it, as a scan's group holds its images. */
static gboolean
is_within (const char *a,
           const char *b)
{
  gsize n = MIN (strlen (a), strlen (b));

  while (n > 0 && (strlen (a) == n ? a : b)[n - 1] == '/')
    n--;

  return strncmp (a, b, n) == 0 && (a[n] == '\0' || a[n] == '/') && (b[n] == '\0' || b[n] == '/');
}

/* Whether two paths name one file; if they do, whether they name one scan in it. */
static gboolean
is_same_file (const char *a,
              const char *b,
              gboolean   *same_scan)
{
  g_autofree char *first_file = NULL, *second_file = NULL;
  g_autofree char *first_object = NULL, *second_object = NULL;
  g_autofree char *first = NULL, *second = NULL;
  gboolean first_split = recon_hdf5_split_path (a, &first_file, &first_object);
  gboolean second_split = recon_hdf5_split_path (b, &second_file, &second_object);

  first = identify (first_split ? first_file : a);
  second = identify (second_split ? second_file : b);
  if (first == NULL || g_strcmp0 (first, second) != 0)
    return FALSE;

  *same_scan = !first_split || !second_split || is_within (first_object, second_object);

  return TRUE;
}

/* The files that images are in; none where they cannot be opened. */
static GHashTable *
list_files (const char *images)
{
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (ReconContents) contents = recon_contents_open (images, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (contents != NULL)
    recon_reader_list_files (recon_frames_get_reader (contents->projections), paths);
  for (guint i = 0; i < paths->len; i++)
    {
      char *file = identify (g_ptr_array_index (paths, i));

      if (file != NULL)
        g_hash_table_add (files, file);
    }

  return g_steal_pointer (&files);
}

/* Images of one scan can be named in many ways: as a folder, by a pattern, some of them only. */
static gboolean
is_same_scan (const char *a,
              const char *b)
{
  g_autoptr (GHashTable) first = NULL;
  g_autoptr (GHashTable) second = NULL;
  gboolean same = FALSE;
  GHashTableIter iter;
  gpointer file;

  if (g_str_equal (a, b) || is_same_file (a, b, &same))
    return g_str_equal (a, b) || same;

  first = list_files (a);
  second = list_files (b);
  g_hash_table_iter_init (&iter, first);
  while (!same && g_hash_table_iter_next (&iter, &file, NULL))
    same = g_hash_table_contains (second, file);

  return same;
}

static gboolean
leaves_to_program (const ReconParameterSpec *spec,
                   const char               *value)
{
  return spec->words != NULL && g_strv_contains (spec->words, value);
}

/**
 * recon_other_scan_is_of:
 * @file: a configuration as it stands in its file
 * @used: a configuration
 *
 * Returns: whether both name images, and those of different scans
 */
gboolean
recon_other_scan_is_of (ReconConfig *file,
                        ReconConfig *used)
{
  const char *of_file = get_images (file), *of_used = get_images (used);

  return *of_file != '\0' && *of_used != '\0' && !is_same_scan (of_file, of_used);
}

/* Takes what the file has of its scan out of the configuration, unless it was named. What an option gives, or the scan
 * itself, isn't the file's. Returns: what it has, as in a sentence. */
static char *
take_out (ReconOptions   *options,
          ReconFoundScan *found,
          gboolean        keep)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameter parameter = recon_parameter_nth (i);
      const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
      g_autofree char *value = recon_config_format (options->config, parameter);
      g_autofree char *of_file = recon_config_format (options->file, parameter);

      if (!(spec->flags & RECON_PARAMETER_OF_SCAN) || spec->type == RECON_PARAMETER_PATH || options->given[parameter] ||
          !g_str_equal (value, of_file) || recon_config_is_default (options->file, parameter) ||
          leaves_to_program (spec, value) || (found != NULL && recon_found_scan_get (found, parameter) != NULL))
        continue;

      g_string_append_printf (list, "%s%s = %s", list->len > 0 ? ", " : "", spec->option, value);
      if (!keep)
        recon_config_reset (options->config, parameter);
    }

  return list->len > 0 ? g_string_free (g_steal_pointer (&list), FALSE) : NULL;
}

/**
 * recon_other_scan_apply:
 * @options: what the command line and the configuration say, with the inputs that are used
 * @found: (nullable): the scan that was given as one path
 * @log: (nullable): hears what is of another scan
 * @error: return location
 *
 * Where the configuration file is of another scan than the one that is used, what it says of that scan (axis, rows,
 * projections to leave out and so on) is kept with a warning if the file was named, or if single inputs were put in
 * place of its own; of a file that only lies in the working directory, and of a scan given as one path, it is not
 * taken, which is warned of too. A file without images is of no scan, and all of it is taken.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where there is something to warn of and @options are strict
 */
gboolean
recon_other_scan_apply (ReconOptions    *options,
                        ReconFoundScan  *found,
                        ReconLog        *log,
                        GError         **error)
{
  g_autoptr (ReconLog) counting = recon_log_new_for (log);
  gboolean keep = options->config_named || found == NULL;
  g_autofree char *name = NULL;
  g_autofree char *values = NULL;

  if (options->file == NULL || !recon_other_scan_is_of (options->file, options->config))
    return TRUE;

  values = take_out (options, found, keep);
  if (values == NULL)
    return TRUE;

  name = g_filename_display_name (options->config_path);
  if (keep)
    recon_log_warning (counting,
                       _ ("From %s, which is of another scan (%s): %s. If this scan has others, give them as options, "
                          "such as --axis=auto"),
                       name, get_images (options->file), values);
  else
    recon_log_warning (counting,
                       _ ("%s in this folder is of another scan (%s), so this of it is not taken: %s. To take it all "
                          "the same, give -c %s; --axis=auto finds the axis"),
                       name, get_images (options->file), values, name);

  return !recon_config_get_boolean (options->config, RECON_PARAM_STRICT) || recon_log_check (counting, error);
}

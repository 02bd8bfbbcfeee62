/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/fail.h"

/* Kinds of files that a message lists before it says "…". */
#define MAX_KINDS 4

/* Counts @name under its extension, and folders under "/". */
static void
count_kind (GHashTable *kinds,
            const char *name,
            gboolean    is_folder)
{
  const char *dot = strrchr (name, '.');
  char *kind;

  if (is_folder)
    kind = g_strdup ("/");
  else
    kind = g_ascii_strdown (dot != NULL ? dot : "", -1);

  g_hash_table_insert (kinds, kind, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (kinds, kind)) + 1));
}

/* "12 × .txt, 3 × .log, 2 folders", in the order of the names, so that messages are the same everywhere. */
static char *
describe_kinds (GHashTable *kinds)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GString *text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, kinds);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (names, key);
  recon_natural_sort (names);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (kinds, name));

      if (i > 0)
        g_string_append (text, ", ");
      if (i == MAX_KINDS)
        {
          g_string_append (text, "…");
          break;
        }

      if (*name == '\0')
        g_string_append_printf (text, ngettext ("%u file without extension", "%u files without extension", n), n);
      else if (*name == '/')
        g_string_append_printf (text, ngettext ("%u folder", "%u folders", n), n);
      else
        g_string_append_printf (text, "%u × %s", n, name);
    }

  return g_string_free (text, FALSE);
}

static char *
describe_suffixes (const char *const *suffixes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; suffixes[i] != NULL; i++)
    g_string_append_printf (text, "%s*%s", i > 0 ? ", " : "", suffixes[i]);

  return g_string_free (text, FALSE);
}

static gpointer
set_nothing_found (const char         *folder,
                   const char         *kind,
                   const char *const  *suffixes,
                   GHashTable         *others,
                   guint               n_hidden,
                   GError            **error)
{
  g_autofree char *wanted = describe_suffixes (suffixes);

  if (g_hash_table_size (others) > 0)
    {
      g_autofree char *held = describe_kinds (others);

      return recon_fail_null (error, RECON_ERROR_INPUT,
                              _ ("The folder %s holds no %s files (%s), but %s. Choose the folder that holds the "
                                 "images."),
                              folder, kind, wanted, held);
    }
  if (n_hidden > 0)
    return recon_fail_null (error, RECON_ERROR_INPUT,
                            ngettext ("The folder %s holds no %s files (%s), but %u hidden file. Hidden files are not "
                                      "read.",
                                      "The folder %s holds no %s files (%s), but %u hidden files. Hidden files are not "
                                      "read.",
                                      n_hidden),
                            folder, kind, wanted, n_hidden);

  return recon_fail_null (error, RECON_ERROR_INPUT,
                          _ ("The folder %s is empty. Choose the folder that holds the %s files (%s)."), folder, kind,
                          wanted);
}

static GPtrArray *
find_in_folder (const char         *folder,
                const char         *kind,
                const char *const  *suffixes,
                GError            **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &cause);
  const char *name;
  guint n_hidden = 0;

  if (dir == NULL)
    {
      /* The text of GLib names the folder. */
      return recon_fail_null (error, RECON_ERROR_INPUT, _ ("The folder cannot be listed: %s."), cause->message);
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);
      gboolean is_folder;

      if (name[0] == '.')
        {
          n_hidden++;
          continue;
        }

      is_folder = g_file_test (file, G_FILE_TEST_IS_DIR);
      if (!is_folder && recon_file_series_has_suffix (name, suffixes))
        g_ptr_array_add (files, g_steal_pointer (&file));
      else
        count_kind (others, name, is_folder);
    }

  if (files->len == 0)
    return set_nothing_found (folder, kind, suffixes, others, n_hidden, error);

  recon_natural_sort (files);

  return g_steal_pointer (&files);
}

static gpointer
set_missing (const char  *path,
             int          code,
             GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (code != ENOENT && code != ENOTDIR)
    return recon_fail_null (error, RECON_ERROR_INPUT, _ ("%s cannot be opened: %s."), path, g_strerror (code));
  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return recon_fail_null (error, RECON_ERROR_INPUT,
                            _ ("%s does not exist. Give a file, a folder, or a pattern such as raw_*.tif or "
                               "raw_%%05d.tif."),
                            path);

  return recon_fail_null (error, RECON_ERROR_INPUT, _ ("%s does not exist: there is no folder %s."), path, folder);
}

static GPtrArray *
find_files (const char         *path,
            const char         *kind,
            const char *const  *suffixes,
            GError            **error)
{
  GStatBuf info;
  GPtrArray *files;

  if (g_stat (path, &info) != 0)
    {
      int code = errno;

      if (recon_file_pattern_is_numbered (path))
        return recon_file_pattern_find_numbered (path, error);
      if (recon_file_pattern_is_glob (path))
        return recon_file_pattern_find_glob (path, error);

      return set_missing (path, code, error);
    }

  if (S_ISDIR (info.st_mode))
    return find_in_folder (path, kind, suffixes, error);

  files = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (files, g_strdup (path));

  return files;
}

/**
 * recon_file_series_is_pattern:
 * @path: a path
 *
 * Returns: whether @path names no file or folder itself but is a pattern for names, such as raw_*.tif
 *   or raw_%05d.tif. A file of that very name comes first.
 */
gboolean
recon_file_series_is_pattern (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return (recon_file_pattern_is_numbered (path) || recon_file_pattern_is_glob (path)) &&
         !g_file_test (path, G_FILE_TEST_EXISTS);
}

/**
 * recon_file_series_has_suffix:
 * @name: a file name
 * @suffixes: (array zero-terminated=1): suffixes with their full stop, in lower case
 *
 * Returns: whether @name ends in one of @suffixes, in capitals or not
 */
gboolean
recon_file_series_has_suffix (const char        *name,
                              const char *const *suffixes)
{
  gsize length;

  g_return_val_if_fail (name != NULL && suffixes != NULL, FALSE);

  length = strlen (name);
  for (guint i = 0; suffixes[i] != NULL; i++)
    {
      gsize n = strlen (suffixes[i]);

      if (length > n && g_ascii_strcasecmp (name + length - n, suffixes[i]) == 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * recon_file_series_find:
 * @path: a folder, one file, a pattern for printf with one number (%d, %i, %05d), or a glob
 * @kind: what is looked for, for messages, such as "TIFF"
 * @suffixes: (array zero-terminated=1): which files of a folder count, such as ".tif", in lower case
 * @error: return location
 *
 * Lists the files that @path stands for, in natural order (see recon_natural_compare()). Of a folder,
 * those that end in one of @suffixes, in capitals or not; hidden ones and those in folders within it are
 * left out. Files that are named or matched by a pattern are taken whatever they end in.
 *
 * Returns: (transfer full) (element-type filename): at least one file; or %NULL with #RECON_ERROR_INPUT
 *   and what was found instead
 */
GPtrArray *
recon_file_series_find (const char         *path,
                        const char         *kind,
                        const char *const  *suffixes,
                        GError            **error)
{
  g_autoptr (GError) failure = NULL;
  GPtrArray *files;

  g_return_val_if_fail (path != NULL && kind != NULL && suffixes != NULL, NULL);

  files = find_files (path, kind, suffixes, &failure);
  if (files == NULL)
    {
      /* Names of files need not be UTF-8, messages are. */
      g_autofree char *text = g_utf8_make_valid (failure->message, -1);

      g_set_error_literal (error, failure->domain, failure->code, text);
    }

  return files;
}

/* Compares the numbers that both texts begin with, of any length, and steps over them. */
static int
compare_numbers (const char **a,
                 const char **b)
{
  gsize n_a, n_b;
  int order;

  while (**a == '0')
    (*a)++;
  while (**b == '0')
    (*b)++;

  n_a = strspn (*a, "0123456789");
  n_b = strspn (*b, "0123456789");
  order = n_a != n_b ? (n_a < n_b ? -1 : 1) : memcmp (*a, *b, n_a);

  *a += n_a;
  *b += n_b;

  return order;
}

/**
 * recon_natural_compare:
 * @a: a file name
 * @b: another file name
 *
 * Compares names with the numbers in them taken by value, so that img_2 comes before img_10. All else is
 * compared byte by byte: the order is the same in every locale, and total (only equal names compare
 * equal), so that a series has one order everywhere.
 *
 * Returns: less than, equal to or greater than 0
 */
int
recon_natural_compare (const char *a,
                       const char *b)
{
  const char *p = a, *q = b;

  g_return_val_if_fail (a != NULL && b != NULL, 0);

  while (*p != '\0' && *q != '\0')
    {
      if (g_ascii_isdigit (*p) && g_ascii_isdigit (*q))
        {
          int order = compare_numbers (&p, &q);

          if (order != 0)
            return order;
        }
      else if (*p != *q)
        {
          return (guchar) *p < (guchar) *q ? -1 : 1;
        }
      else
        {
          p++;
          q++;
        }
    }

  if (*p != *q)
    return *p == '\0' ? -1 : 1;

  /* The same but for leading zeros. */
  return strcmp (a, b);
}

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  return recon_natural_compare (*(const char *const *) a, *(const char *const *) b);
}

/**
 * recon_natural_sort:
 * @names: (element-type filename): names or paths
 *
 * Puts them in the order of recon_natural_compare().
 */
void
recon_natural_sort (GPtrArray *names)
{
  g_ptr_array_sort (names, compare_cb);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series.h"

#include <glib/gi18n-lib.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

/* "raw_%05d.tif" taken apart. */
typedef struct
{
  char     *prefix; /* "raw_" */
  char     *suffix; /* ".tif" */
  int       width;  /* 5 */
  gboolean  zeros;  /* TRUE */
} NumberPattern;

static void
number_pattern_clear (NumberPattern *self)
{
  g_free (self->prefix);
  g_free (self->suffix);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NumberPattern, number_pattern_clear)

/* If a conversion such as %05d begins at @text: its length, otherwise 0. */
static gsize
parse_conversion (const char *text,
                  int        *width,
                  gboolean   *zeros)
{
  gsize i = 1;

  *width = 0;
  *zeros = FALSE;

  if (text[0] != '%')
    return 0;

  if (text[i] == '0')
    {
      *zeros = TRUE;
      i++;
    }

  for (; g_ascii_isdigit (text[i]); i++)
    {
      *width = 10 * *width + (text[i] - '0');
      if (*width > 99)
        return 0;
    }

  return text[i] == 'd' || text[i] == 'i' || text[i] == 'u' ? i + 1 : 0;
}

/* Returns the number of conversions in @path; where it is 1, @pattern holds the rest. */
static guint
number_pattern_parse (NumberPattern *pattern,
                      const char    *path)
{
  g_autoptr (GString) before = g_string_new (NULL), after = g_string_new (NULL);
  guint n = 0;

  for (const char *p = path; *p != '\0';)
    {
      int width;
      gboolean zeros;
      gsize length = parse_conversion (p, &width, &zeros);

      if (length > 0)
        {
          n++;
          pattern->width = width;
          pattern->zeros = zeros;
          p += length;
          continue;
        }

      g_string_append_c (n == 0 ? before : after, *p);
      p += g_str_has_prefix (p, "%%") ? 2 : 1;
    }

  pattern->prefix = g_string_free (g_steal_pointer (&before), FALSE);
  pattern->suffix = g_string_free (g_steal_pointer (&after), FALSE);

  return n;
}

static char *
number_pattern_format (const NumberPattern *self,
                       guint64              number)
{
  return self->zeros
           ? g_strdup_printf ("%s%0*" G_GUINT64_FORMAT "%s", self->prefix, self->width, number, self->suffix)
           : g_strdup_printf ("%s%*" G_GUINT64_FORMAT "%s", self->prefix, self->width, number, self->suffix);
}

/* Whether @path is what the pattern makes of some number. */
static gboolean
number_pattern_match (const NumberPattern *self,
                      const char          *path,
                      guint64             *number)
{
  gsize length = strlen (path), n_prefix = strlen (self->prefix), n_suffix = strlen (self->suffix);
  g_autofree char *digits = NULL;
  g_autofree char *same = NULL;

  if (length <= n_prefix + n_suffix || !g_str_has_prefix (path, self->prefix) || !g_str_has_suffix (path, self->suffix))
    return FALSE;

  digits = g_strstrip (g_strndup (path + n_prefix, length - n_prefix - n_suffix));
  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, number, NULL))
    return FALSE;

  same = number_pattern_format (self, *number);

  return strcmp (same, path) == 0;
}

/* Everything that matches, in no order; possibly empty. */
static GPtrArray *
run_glob (const char  *pattern,
          GError     **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  glob_t found = { 0 };
  int status = glob (pattern, GLOB_NOSORT, NULL, &found);

  if (status != 0 && status != GLOB_NOMATCH)
    {
      if (status == GLOB_NOSPACE)
        g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                     _ ("There is not enough memory to list the files that match %s."), pattern);
      else
        g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                     _ ("The files that match %s could not be listed. Check the permissions of the folder."), pattern);
      globfree (&found);
      return NULL;
    }

  for (gsize i = 0; status == 0 && i < found.gl_pathc; i++)
    g_ptr_array_add (files, g_strdup (found.gl_pathv[i]));

  globfree (&found);

  return g_steal_pointer (&files);
}

/* A sentence for messages, or "". */
static char *
describe_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (strpbrk (folder, "*?[") != NULL || g_file_test (folder, G_FILE_TEST_IS_DIR))
    return g_strdup ("");

  return g_strdup_printf (_ (" The folder %s does not exist."), folder);
}

/**
 * recon_glob_append:
 * @glob: a pattern
 * @text: text
 * @length: bytes of @text
 *
 * Appends what matches @text and nothing else.
 */
void
recon_glob_append (GString    *glob,
                   const char *text,
                   gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (strchr ("*?[]\\", text[i]) != NULL)
        g_string_append_c (glob, '\\');
      g_string_append_c (glob, text[i]);
    }
}

/**
 * recon_file_pattern_is_numbered:
 * @path: a path
 *
 * Returns: whether @path holds a conversion for a number, such as %05d or %i
 */
gboolean
recon_file_pattern_is_numbered (const char *path)
{
  g_auto (NumberPattern) pattern = { 0 };

  g_return_val_if_fail (path != NULL, FALSE);

  return number_pattern_parse (&pattern, path) > 0;
}

/**
 * recon_file_pattern_is_glob:
 * @path: a path
 *
 * Returns: whether @path holds one of the characters *, ? and [
 */
gboolean
recon_file_pattern_is_glob (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return strpbrk (path, "*?[") != NULL;
}

/**
 * recon_file_pattern_find_numbered:
 * @path: a path with one conversion as of printf (%d, %i or %u, with a width and zeros or without); %%
 *   stands for a % sign
 * @error: return location
 *
 * Finds the files whose names @path makes of numbers ≥ 0, all that there are. Names that the conversion would write
 * differently are no match: with %d, img_007 is none.
 *
 * Returns: (transfer full) (element-type filename): the files by number; or %NULL with #RECON_ERROR_INPUT
 *   where there is none, and where @path has more than one conversion
 */
GPtrArray *
recon_file_pattern_find_numbered (const char  *path,
                                  GError     **error)
{
  g_auto (NumberPattern) pattern = { 0 };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GString) glob_pattern = g_string_new (NULL);

  g_return_val_if_fail (path != NULL, NULL);

  if (number_pattern_parse (&pattern, path) != 1)
    return recon_fail_null (error, RECON_ERROR_INPUT,
                            _ ("The pattern %s holds more than one number. Use one, such as %%05d, and write %%%% for "
                               "a per cent sign."),
                            path);

  recon_glob_append (glob_pattern, pattern.prefix, strlen (pattern.prefix));
  g_string_append_c (glob_pattern, '*');
  recon_glob_append (glob_pattern, pattern.suffix, strlen (pattern.suffix));
  found = run_glob (glob_pattern->str, error);
  if (found == NULL)
    return NULL;

  for (guint i = 0; i < found->len; i++)
    {
      guint64 number;

      if (number_pattern_match (&pattern, found->pdata[i], &number))
        g_array_append_val (numbers, number);
    }
  g_array_sort (numbers, recon_series_compare_values);

  if (numbers->len == 0)
    {
      g_autofree char *first = number_pattern_format (&pattern, 0);
      g_autofree char *folder = describe_folder (path);

      return recon_fail_null (error, RECON_ERROR_INPUT,
                              _ ("No file matches the pattern %s; with number 0 it would be %s.%s"), path, first,
                              folder);
    }

  for (guint i = 0; i < numbers->len; i++)
    g_ptr_array_add (files, number_pattern_format (&pattern, g_array_index (numbers, guint64, i)));

  return g_steal_pointer (&files);
}

/**
 * recon_file_pattern_find_glob:
 * @path: a path with wildcards as of glob(3), in folders too; \ takes the meaning from what follows
 * @error: return location
 *
 * Finds the files that match. Hidden files match only a pattern that begins with a full stop; folders
 * are left out.
 *
 * Returns: (transfer full) (element-type filename): the files in natural order; or %NULL with
 *   #RECON_ERROR_INPUT where there is none
 */
GPtrArray *
recon_file_pattern_find_glob (const char  *path,
                              GError     **error)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (path != NULL, NULL);

  found = run_glob (path, error);
  if (found == NULL)
    return NULL;

  for (guint i = 0; i < found->len; i++)
    if (!g_file_test (found->pdata[i], G_FILE_TEST_IS_DIR))
      g_ptr_array_add (files, g_strdup (found->pdata[i]));
  recon_natural_sort (files);

  if (files->len == 0)
    {
      g_autofree char *folder = describe_folder (path);

      return recon_fail_null (error, RECON_ERROR_INPUT, _ ("No file matches %s.%s Check the folder and the pattern."),
                              path, folder);
    }

  return g_steal_pointer (&files);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angle-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "io/series.h"

/* Tables of angles are written in the order of the acquisition, or sorted by another column. Where that holds the names
 * of the images' files, or their numbers, it says which angle is whose. */

/* Digits of a number that counts images. */
#define MOST_DIGITS 9

void
recon_angle_keys_free (ReconAngleKeys *self)
{
  g_ptr_array_unref (self->texts);
  g_free (self);
}

static gboolean
is_number (const char *text,
           gsize       length)
{
  return length > 0 && length <= MOST_DIGITS && strspn (text, "0123456789") >= length;
}

static gboolean
has_digit (const char *text,
           gsize       length)
{
  return strcspn (text, "0123456789") < length;
}

/* The texts of a column, if these are all numbers that count, or all words with a digit, and no two are the same. */
static ReconAngleKeys *
read_column (GPtrArray *lines,
             guint      column,
             gboolean   decimal_comma)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (ReconAngleKeys) self = g_new0 (ReconAngleKeys, 1);

  self->column = column;
  self->texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < lines->len; i++)
    {
      ReconAngleLine line;
      const char *text;
      gsize length;

      recon_angle_line_parse (&line, g_ptr_array_index (lines, i), decimal_comma);
      if (column > line.n_columns)
        return NULL;
      text = line.texts[column - 1];
      length = line.lengths[column - 1];
      if (i == 0)
        self->are_numbers = is_number (text, length);
      if (self->are_numbers ? !is_number (text, length) : line.is_number[column - 1] || !has_digit (text, length))
        return NULL;
      g_ptr_array_add (self->texts, g_strndup (text, length));
      if (!g_hash_table_add (seen, g_ptr_array_index (self->texts, i)))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * recon_angle_keys_find:
 * @lines: (element-type utf8): the lines of a table that hold angles
 * @column: the column of the angles, from 1
 * @decimal_comma: whether a comma is part of a number
 *
 * Names come before numbers, and the first column before the next.
 *
 * Returns: (transfer full) (nullable): what may say which image each line is of
 */
ReconAngleKeys *
recon_angle_keys_find (GPtrArray *lines,
                       guint      column,
                       gboolean   decimal_comma)
{
  g_autoptr (ReconAngleKeys) numbers = NULL;
  ReconAngleLine first;

  recon_angle_line_parse (&first, g_ptr_array_index (lines, 0), decimal_comma);
  for (guint i = 1; i <= first.n_columns; i++)
    {
      g_autoptr (ReconAngleKeys) keys = i != column ? read_column (lines, i, decimal_comma) : NULL;

      if (keys != NULL && !keys->are_numbers)
        return g_steal_pointer (&keys);
      if (numbers == NULL)
        numbers = g_steal_pointer (&keys);
    }

  return g_steal_pointer (&numbers);
}

/* The name of a file without folders of any system and without its extension, in small letters. */
static char *
get_stem (const char *path)
{
  const char *name = path;
  char *stem, *dot;

  for (const char *c = path; *c != '\0'; c++)
    if (*c == '/' || *c == '\\')
      name = c + 1;
  stem = g_ascii_strdown (name, -1);
  dot = strrchr (stem, '.');
  /* Not what is behind the point of a number. */
  if (dot != NULL && dot != stem && g_ascii_isalpha (dot[1]))
    *dot = '\0';

  return stem;
}

/* The last number in the name of a file, as numbers are compared: without zeros before it. */
static char *
get_number (const char *path)
{
  g_autofree char *stem = get_stem (path);
  const char *end = stem + strlen (stem), *start;

  while (end > stem && !g_ascii_isdigit (end[-1]))
    end--;
  start = end;
  while (start > stem && g_ascii_isdigit (start[-1]))
    start--;
  while (start + 1 < end && *start == '0')
    start++;

  return g_strndup (start, (gsize) (end - start));
}

/* Finds the line of each image. Returns how many there are. */
static guint
look_up (const ReconAngleKeys *self,
         GPtrArray            *files,
         guint                *order)
{
  g_autoptr (GHashTable) lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0;

  for (guint i = 0; i < self->texts->len; i++)
    {
      const char *text = g_ptr_array_index (self->texts, i);

      g_hash_table_insert (lines, self->are_numbers ? get_number (text) : get_stem (text), GUINT_TO_POINTER (i + 1));
    }

  for (guint i = 0; i < files->len; i++)
    {
      const char *file = g_ptr_array_index (files, i);
      g_autofree char *key = self->are_numbers ? get_number (file) : get_stem (file);
      guint line = GPOINTER_TO_UINT (g_hash_table_lookup (lines, key));

      order[i] = line > 0 ? line - 1 : 0;
      n += line > 0;
    }

  return n;
}

/* Numbers that count all images from 0 or 1 on, in any order. */
static gboolean
count_up (const ReconAngleKeys *self,
          guint                 n_images,
          guint                *order)
{
  guint64 least = G_MAXUINT64;

  for (guint i = 0; i < self->texts->len; i++)
    least = MIN (least, g_ascii_strtoull (g_ptr_array_index (self->texts, i), NULL, 10));
  if (least > 1 || self->texts->len != n_images)
    return FALSE;

  for (guint i = 0; i < n_images; i++)
    {
      guint64 image = g_ascii_strtoull (g_ptr_array_index (self->texts, i), NULL, 10) - least;

      if (image >= n_images)
        return FALSE;
      order[image] = i;
    }

  return TRUE;
}

static gboolean
is_in_order (const ReconAngleKeys *self)
{
  for (guint i = 1; i < self->texts->len; i++)
    if (recon_natural_compare (g_ptr_array_index (self->texts, i - 1), g_ptr_array_index (self->texts, i)) > 0)
      return FALSE;

  return TRUE;
}

/**
 * recon_angle_keys_match:
 * @self: what a table says its lines are of
 * @path: the table, for messages
 * @files: (nullable) (element-type filename): the file of each image, if each has one
 * @n_images: number of images
 * @n_places: what it would be if none was missing
 * @order: (out) (transfer full) (nullable): the line of each image, from 0; %NULL where lines follow each other as
 *   images do, as far as the keys tell
 * @error: return location
 *
 * Names are matched with those of files, whatever their folders and extensions. Numbers are matched with the last ones
 * in these names if that is possible for all of them, else if they count the images from 0 or 1 on; others may be
 * anything.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where names in another order than that of files are not those of the images
 */
gboolean
recon_angle_keys_match (const ReconAngleKeys  *self,
                        const char            *path,
                        GPtrArray             *files,
                        guint                  n_images,
                        guint                  n_places,
                        guint                **order,
                        GError               **error)
{
  g_autofree guint *lines = g_new0 (guint, n_images);
  guint n_found = files != NULL ? look_up (self, files, lines) : 0;

  *order = NULL;
  if (self->are_numbers && ((self->texts->len != n_images && self->texts->len != n_places) || is_in_order (self)))
    return TRUE;
  if ((files != NULL && n_found == n_images) || (self->are_numbers && count_up (self, n_images, lines)))
    {
      gboolean is_same = self->texts->len == n_images;

      for (guint i = 0; i < n_images; i++)
        is_same = is_same && lines[i] == i;
      *order = is_same ? NULL : g_steal_pointer (&lines);

      return TRUE;
    }
  if (self->are_numbers || (n_found == 0 && is_in_order (self)))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               n_found > 0
                 ? _ ("%s: column %u names the images, but only %u of %u projections. Choose the file of these "
                      "projections, or leave out the names.")
                 : _ ("%s: column %u names the images, in another order than that of names, but none of the "
                      "projections (%u of %u). Give the angles in the order of the projections, without names."),
               path, self->column, n_found, n_images);

  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/file-record.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* In an order of their own: that of the files may depend on the folder they are in. */
static char *
get_checksum (GPtrArray *lines)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_ptr_array_sort (lines, compare_cb);
  for (guint i = 0; i < lines->len; i++)
    {
      const char *line = g_ptr_array_index (lines, i);

      /* With the zero, so that no line runs into the next. */
      g_checksum_update (checksum, (const guchar *) line, (gssize) strlen (line) + 1);
    }

  return g_strdup (g_checksum_get_string (checksum));
}

static void
add_file (ReconFileRecord *self,
          const char      *path,
          GPtrArray       *sizes,
          GPtrArray       *times)
{
  g_autofree char *name = g_path_get_basename (path);
  struct stat info = { 0 };
  gint64 modified = 0;

  /* Of a file that is not there any more the size is 0, which will be a difference. */
  if (stat (path, &info) == 0)
    modified = (gint64) info.st_mtim.tv_sec * NS_PER_SECOND + info.st_mtim.tv_nsec;

  self->n_files++;
  self->bytes += (guint64) info.st_size;
  self->modified = MAX (self->modified, modified);
  g_ptr_array_add (sizes, g_strdup_printf ("%" G_GUINT64_FORMAT " %s", (guint64) info.st_size, name));
  g_ptr_array_add (times, g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %s", (guint64) info.st_size,
                                           modified, name));
}

/**
 * recon_file_record_new:
 * @files: (element-type filename): at least one file; those that come again count once
 *
 * Returns: (transfer full): what @files are now
 */
ReconFileRecord *
recon_file_record_new (GPtrArray *files)
{
  ReconFileRecord *self = g_new0 (ReconFileRecord, 1);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) sizes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) times = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *first = NULL;

  g_return_val_if_fail (files != NULL && files->len > 0, NULL);

  for (guint i = 0; i < files->len; i++)
    {
      const char *file = g_ptr_array_index (files, i);
      char *path = realpath (file, NULL);

      if (path == NULL)
        path = g_canonicalize_filename (file, NULL);
      if (first == NULL)
        first = g_strdup (path);
      if (g_hash_table_add (seen, path))
        add_file (self, path, sizes, times);
    }

  self->place = self->n_files > 1 ? g_path_get_dirname (first) : g_steal_pointer (&first);
  self->sizes = get_checksum (sizes);
  self->times = get_checksum (times);

  return self;
}

void
recon_file_record_free (ReconFileRecord *self)
{
  g_free (self->place);
  g_free (self->sizes);
  g_free (self->times);
  g_free (self);
}

/* Parts of a second only where nothing else tells two times apart. */
static char *
format_time (gint64   time,
             gboolean exact)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time / NS_PER_SECOND);
  g_autofree char *text = date != NULL ? g_date_time_format (date, "%Y-%m-%d %H:%M:%S") : g_strdup ("?");

  if (!exact)
    return g_steal_pointer (&text);

  return g_strdup_printf ("%s.%09" G_GINT64_FORMAT, text, time % NS_PER_SECOND);
}

/**
 * recon_file_record_describe_change:
 * @earlier: what files were
 * @now: what they are now
 *
 * Returns: (transfer full) (nullable): the first difference, the rest of a sentence that begins with the files; %NULL
 *   where there is none
 */
char *
recon_file_record_describe_change (const ReconFileRecord *earlier,
                                   const ReconFileRecord *now)
{
  g_return_val_if_fail (earlier != NULL && now != NULL, NULL);

  if (earlier->n_files != now->n_files)
    return g_strdup_printf (_ ("had %" G_GUINT64_FORMAT " files and has %" G_GUINT64_FORMAT " now"), earlier->n_files,
                            now->n_files);

  if (earlier->bytes != now->bytes)
    return g_strdup_printf (_ ("had %" G_GUINT64_FORMAT " bytes and has %" G_GUINT64_FORMAT " now"), earlier->bytes,
                            now->bytes);

  if (g_strcmp0 (earlier->sizes, now->sizes) != 0)
    return g_strdup (now->n_files > 1 ? _ ("has files of other names or sizes now") : _ ("has another name now"));

  if (g_strcmp0 (earlier->times, now->times) != 0)
    {
      gboolean exact = earlier->modified / NS_PER_SECOND == now->modified / NS_PER_SECOND;
      g_autofree char *before = format_time (earlier->modified, exact);
      g_autofree char *after = format_time (now->modified, exact);

      if (earlier->modified == now->modified)
        return g_strdup (_ ("has files that were modified since"));

      return g_strdup_printf (_ ("was last modified at %s and is of %s now"), before, after);
    }

  if (g_strcmp0 (earlier->place, now->place) != 0)
    return g_strdup_printf (_ ("was %s"), earlier->place);

  return NULL;
}

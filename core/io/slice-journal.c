/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/file-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/output-files.h"

/* Lines of text. The first says how large the file was before the first slice, and with which configuration; each
 * other one the number of a slice, the size of the file after it, and the sizes of its chunks. A last line without its
 * end was being written when the process was killed and does not count. */
#define MAGIC "slice-journal 1"

static void
entry_free (gpointer data)
{
  ReconSliceEntry *self = data;

  g_free (self->sizes);
  g_free (self);
}

static ReconSliceJournal *
journal_new (const char *path,
             guint       n_chunks)
{
  ReconSliceJournal *self = g_new0 (ReconSliceJournal, 1);

  self->path = g_strdup (path);
  self->fd = -1;
  self->n_chunks = n_chunks;
  self->entries = g_ptr_array_new_with_free_func (entry_free);

  return self;
}

void
recon_slice_journal_free (ReconSliceJournal *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_ptr_array_unref (self->entries);
  g_free (self->configuration);
  g_free (self->path);
  g_free (self);
}

/**
 * recon_slice_journal_new:
 * @path: a file; made anew
 * @n_chunks: number of chunks of a slice, or 0
 * @configuration: the configuration that stands in the output
 * @start: size of the output in bytes, without a slice
 * @error: return location
 *
 * Returns: (transfer full): a journal without entries, or %NULL with #RECON_ERROR_WRITE
 */
ReconSliceJournal *
recon_slice_journal_new (const char  *path,
                         guint        n_chunks,
                         const char  *configuration,
                         guint64      start,
                         GError     **error)
{
  g_autoptr (ReconSliceJournal) self = journal_new (path, n_chunks);
  g_autofree char *escaped = g_strescape (configuration, NULL);
  g_autofree char *line = g_strdup_printf (MAGIC "\t%" G_GUINT64_FORMAT "\t%s\n", start, escaped);

  self->start = start;
  self->configuration = g_strdup (configuration);
  self->fd = recon_file_open_new (AT_FDCWD, path, error);
  if (self->fd < 0 || !recon_file_write (self->fd, path, line, strlen (line), error))
    return NULL;

  return g_steal_pointer (&self);
}

static gboolean
parse_number (const char *text,
              guint64     most,
              guint64    *number)
{
  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, most, number, NULL);
}

static gboolean
parse_header (ReconSliceJournal *self,
              const char       *line)
{
  g_auto (GStrv) words = g_strsplit (line, "\t", 3);

  if (g_strv_length (words) != 3 || strcmp (words[0], MAGIC) != 0 || !parse_number (words[1], G_MAXINT64, &self->start))
    return FALSE;

  self->configuration = g_strcompress (words[2]);

  return TRUE;
}

static gboolean
parse_entry (ReconSliceJournal *self,
             const char       *line,
             guint             n_slices)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  ReconSliceEntry *entry;
  guint64 slice, end;

  if (g_strv_length (words) != self->n_chunks + 2 || !parse_number (words[0], n_slices - 1, &slice) ||
      !parse_number (words[1], G_MAXINT64, &end))
    return FALSE;

  entry = g_new0 (ReconSliceEntry, 1);
  entry->slice = (guint) slice;
  entry->end = end;
  entry->sizes = g_new (guint64, self->n_chunks);
  g_ptr_array_add (self->entries, entry);
  for (guint i = 0; i < self->n_chunks; i++)
    if (!parse_number (words[i + 2], G_MAXUINT32, &entry->sizes[i]))
      {
        g_ptr_array_set_size (self->entries, (int) self->entries->len - 1);
        return FALSE;
      }

  return TRUE;
}

/* Reads up to the last slice that counts as finished; what follows will be written again. Returns the length of the
 * lines up to there, or -1 if there is no header or one of the finished slices is missing. */
static gssize
parse (ReconSliceJournal *self,
       const char       *text,
       const guint8     *finished,
       guint             n_slices)
{
  g_autofree guint8 *found = g_new0 (guint8, n_slices);
  const char *line = text;
  const char *end;
  gssize kept = -1;
  guint n_kept = 0;

  for (; (end = strchr (line, '\n')) != NULL; line = end + 1)
    {
      g_autofree char *part = g_strndup (line, (gsize) (end - line));
      const ReconSliceEntry *entry;

      if (!(line == text ? parse_header (self, part) : parse_entry (self, part, n_slices)))
        break;
      entry = line == text ? NULL : self->entries->pdata[self->entries->len - 1];
      if (entry != NULL)
        found[entry->slice] = TRUE;
      if (entry == NULL || finished[entry->slice])
        {
          kept = end + 1 - text;
          n_kept = self->entries->len;
        }
    }
  g_ptr_array_set_size (self->entries, (int) n_kept);

  for (guint i = 0; i < n_slices; i++)
    if (finished[i] && !found[i])
      return -1;

  return kept;
}

/**
 * recon_slice_journal_open:
 * @path: the journal of an earlier run
 * @n_chunks: number of chunks of a slice, or 0
 * @finished: (array length=n_slices): which slices are finished
 * @n_slices: number of slices
 * @error: return location
 *
 * Keeps of it what is needed for the finished slices, and appends after that.
 *
 * Returns: (transfer full): the journal; or %NULL with #RECON_ERROR_RESUME if there is none, or not all in it
 */
ReconSliceJournal *
recon_slice_journal_open (const char    *path,
                          guint          n_chunks,
                          const guint8  *finished,
                          guint          n_slices,
                          GError       **error)
{
  g_autoptr (ReconSliceJournal) self = journal_new (path, n_chunks);
  g_autofree char *text = NULL;
  gssize length = -1;

  self->fd = recon_file_open_old (AT_FDCWD, path, O_RDWR);
  if (self->fd >= 0 && g_file_get_contents (path, &text, NULL, NULL))
    length = parse (self, text, finished, n_slices);
  if (length >= 0 && ftruncate (self->fd, length) == 0 && lseek (self->fd, 0, SEEK_END) == length)
    return g_steal_pointer (&self);

  return recon_fail_null (error, RECON_ERROR_RESUME,
                          _ ("%s, which says where the finished slices are, is missing or damaged, or of another "
                             "volume. Start again without --resume."),
                          path);
}

/**
 * recon_slice_journal_append:
 * @self: a journal
 * @slice: a slice that was written
 * @end: size of the output in bytes now
 * @sizes: (nullable): n_chunks sizes in bytes
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_slice_journal_append (ReconSliceJournal  *self,
                            guint              slice,
                            guint64            end,
                            const guint64     *sizes,
                            GError           **error)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_printf (line, "%u %" G_GUINT64_FORMAT, slice, end);
  for (guint i = 0; i < self->n_chunks; i++)
    g_string_append_printf (line, " %" G_GUINT64_FORMAT, sizes[i]);
  g_string_append_c (line, '\n');

  return recon_file_write (self->fd, self->path, line->str, line->len, error);
}

/**
 * recon_slice_journal_sync:
 * @self: a journal
 * @error: return location
 *
 * Waits until the entries are on the disk.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_slice_journal_sync (ReconSliceJournal  *self,
                          GError           **error)
{
  return recon_file_sync (self->fd, self->path, error);
}

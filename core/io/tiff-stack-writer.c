/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/file-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/output-files.h"
#include "io/tiff-output.h"

/* Of an entry of a BigTIFF directory. */
#define ENTRY_BYTES 20

/* One BigTIFF with a page per slice. libtiff appends a page's strips, links the page before to where its directory will
 * be, and writes the directory. To resume, the link of the last page that counts as finished is taken away, whatever it
 * leads to, and the file is cut behind that page; where that is, stands in the journal. Going on
 * from there gives the same bytes as a run without interruption, and needs neither time nor space for a copy. */
#define RECON_TYPE_TIFF_STACK_WRITER (recon_tiff_stack_writer_get_type ())
G_DECLARE_FINAL_TYPE (ReconTiffStackWriter, recon_tiff_stack_writer, RECON, TIFF_STACK_WRITER, ReconFileWriter)

struct _ReconTiffStackWriter
{
  ReconFileWriter    parent_instance;

  ReconSliceJournal *journal;
  ReconTiffOutput   *output;
  guint              n_pages;
};

G_DEFINE_FINAL_TYPE (ReconTiffStackWriter, recon_tiff_stack_writer, RECON_TYPE_FILE_WRITER)

static gboolean
refuse_to_resume (ReconTiffStackWriter  *self,
                  const char            *why,
                  GError               **error)
{
  return recon_fail (error, RECON_ERROR_RESUME, _ ("%s cannot be resumed: %s. Start again without --resume."),
                     recon_writer_get_partial (RECON_WRITER (self)), why);
}

/* The file has no page yet. */
static gboolean
recon_tiff_stack_writer_start (ReconFileWriter    *writer,
                               const ReconVolume  *volume,
                               GError            **error)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (writer);

  self->journal = recon_slice_journal_new (recon_file_writer_get_journal (writer), 0, "", 0, error);
  if (self->journal == NULL)
    return FALSE;

  self->output = recon_tiff_output_open (AT_FDCWD, recon_writer_get_partial (RECON_WRITER (writer)),
                                         RECON_TIFF_OUTPUT_NEW_BIG, error);

  return self->output != NULL;
}

/* The number of slices to keep, which are the first ones. */
static gboolean
count_finished (ReconTiffStackWriter  *self,
                const ReconVolume     *volume,
                const guint8          *finished,
                guint                 *n,
                GError               **error)
{
  *n = 0;
  while (*n < volume->n_slices && finished[*n])
    (*n)++;

  for (guint i = *n; i < volume->n_slices; i++)
    if (finished[i])
      return refuse_to_resume (self, _ ("its finished slices have gaps"), error);

  return TRUE;
}

/* Looks at the @n pages to keep. @directory is where that of the last one is in the file. */
static gboolean
check_pages (ReconTiffStackWriter  *self,
             const char            *path,
             const ReconVolume     *volume,
             guint                  n,
             guint64               *directory,
             GError               **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (ReconTiffOutput) file = recon_tiff_output_open (AT_FDCWD, path, RECON_TIFF_OUTPUT_CHECK, &cause);
  guint n_pages = 0;

  if (file == NULL)
    return refuse_to_resume (self, _ ("it is damaged"), error);

  do
    {
      g_autofree char *why = NULL;

      *directory = TIFFCurrentDirOffset (recon_tiff_output_get_tiff (file));
      if (recon_tiff_page_fits (file, volume))
        continue;

      why = g_strdup_printf (_ ("page %u is damaged or has another size or type than the slices"), n_pages);
      return refuse_to_resume (self, why, error);
    }
  while (++n_pages < n && TIFFReadDirectory (recon_tiff_output_get_tiff (file)));

  if (n_pages < n)
    {
      g_autofree char *why = g_strdup_printf (_ ("it has only %u of %u finished slices"), n_pages, n);

      return refuse_to_resume (self, why, error);
    }

  return TRUE;
}

/* Takes away the link to the page behind that whose directory is at @directory, which no other process sees half done:
 * a directory is the number of its entries, the entries, and the link. */
static gboolean
unlink_next (int     fd,
             guint64 directory)
{
  const guint64 nowhere = 0;
  guint64 n_entries, link;

  if (pread (fd, &n_entries, sizeof n_entries, (off_t) directory) != sizeof n_entries || n_entries > G_MAXUINT16)
    return FALSE;

  link = directory + sizeof n_entries + n_entries * ENTRY_BYTES;

  return pwrite (fd, &nowhere, sizeof nowhere, (off_t) link) == sizeof nowhere;
}

/* Drops all that lies behind @end, where the page ends whose directory is at @directory. */
static gboolean
cut (ReconTiffStackWriter  *self,
     guint64                directory,
     guint64                end,
     GError               **error)
{
  const char *partial = recon_writer_get_partial (RECON_WRITER (self));
  int fd = recon_file_open_old (AT_FDCWD, partial, O_RDWR);
  gboolean success;

  errno = fd >= 0 ? 0 : errno;
  success = fd >= 0 && unlink_next (fd, directory) && ftruncate (fd, (off_t) end) == 0;
  if (!success)
    recon_set_write_error (error, partial, errno, _ ("a page of it cannot be read"));
  if (fd >= 0)
    close (fd);

  return success;
}

static gboolean
stat_partial (const char  *path,
              struct stat *status)
{
  int fd = recon_file_open_old (AT_FDCWD, path, O_RDWR);
  gboolean success = fd >= 0 && fstat (fd, status) == 0;

  if (fd >= 0)
    close (fd);

  return success;
}

static gboolean
recon_tiff_stack_writer_resume (ReconFileWriter    *writer,
                                const ReconVolume  *volume,
                                const guint8       *finished,
                                GError            **error)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (writer);
  const char *partial = recon_writer_get_partial (RECON_WRITER (writer));
  const ReconSliceEntry *last;
  struct stat status;
  guint64 directory;
  guint n;

  if (!stat_partial (partial, &status))
    return refuse_to_resume (self, g_strerror (errno), error);
  if (!count_finished (self, volume, finished, &n, error))
    return FALSE;
  if (n == 0)
    return recon_tiff_stack_writer_start (writer, volume, error);

  self->journal = recon_slice_journal_open (recon_file_writer_get_journal (writer), 0, finished, volume->n_slices,
                                            error);
  if (self->journal == NULL)
    return FALSE;
  last = g_ptr_array_index (self->journal->entries, self->journal->entries->len - 1);
  if (last->slice != n - 1 || last->end > (guint64) status.st_size)
    return refuse_to_resume (self, _ ("the end of its last finished slice is lost"), error);
  if (!check_pages (self, partial, volume, n, &directory, error) || !cut (self, directory, last->end, error))
    return FALSE;

  self->output = recon_tiff_output_open (AT_FDCWD, partial, RECON_TIFF_OUTPUT_APPEND, error);
  self->n_pages = n;

  return self->output != NULL;
}

static gboolean
recon_tiff_stack_writer_check_complete (ReconFileWriter    *writer,
                                        const char         *path,
                                        const ReconVolume  *volume,
                                        GError            **error)
{
  guint64 directory;

  return check_pages (RECON_TIFF_STACK_WRITER (writer), path, volume, volume->n_slices, &directory, error);
}

static gboolean
recon_tiff_stack_writer_write (ReconWriter    *writer,
                               guint           slice,
                               gconstpointer   pixels,
                               GError        **error)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (writer);

  /* Pages cannot change places later. */
  g_return_val_if_fail (slice == self->n_pages, FALSE);

  if (!recon_tiff_page_write (self->output, recon_writer_get_volume (writer), slice, pixels, error) ||
      !recon_slice_journal_append (self->journal, slice, recon_tiff_output_get_size (self->output), NULL, error))
    return FALSE;

  self->n_pages++;

  return TRUE;
}

static gboolean
recon_tiff_stack_writer_flush (ReconWriter  *writer,
                               GError      **error)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (writer);

  return recon_tiff_output_sync (self->output, error) && recon_slice_journal_sync (self->journal, error);
}

static gboolean
recon_tiff_stack_writer_close (ReconFileWriter  *writer,
                               GError          **error)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (writer);

  return recon_tiff_output_sync (self->output, error) &&
         recon_tiff_output_close (g_steal_pointer (&self->output), error);
}

static void
recon_tiff_stack_writer_finalize (GObject *object)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (object);

  g_clear_pointer (&self->output, recon_tiff_output_free);
  g_clear_pointer (&self->journal, recon_slice_journal_free);

  G_OBJECT_CLASS (recon_tiff_stack_writer_parent_class)->finalize (object);
}

static void
recon_tiff_stack_writer_class_init (ReconTiffStackWriterClass *klass)
{
  ReconWriterClass *writer_class = RECON_WRITER_CLASS (klass);
  ReconFileWriterClass *file_class = RECON_FILE_WRITER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_tiff_stack_writer_finalize;
  writer_class->write = recon_tiff_stack_writer_write;
  writer_class->flush = recon_tiff_stack_writer_flush;
  file_class->has_configuration = TRUE;
  file_class->start = recon_tiff_stack_writer_start;
  file_class->resume = recon_tiff_stack_writer_resume;
  file_class->check_complete = recon_tiff_stack_writer_check_complete;
  file_class->close = recon_tiff_stack_writer_close;
}

static void
recon_tiff_stack_writer_init (ReconTiffStackWriter *self)
{
}

/**
 * recon_tiff_stack_writer_new:
 * @path: a file
 * @error: return location
 *
 * The slices become the pages of one BigTIFF, in the order in which they are written: recon_writer_write() must
 * be given each slice once, in increasing order. The configuration is put beside it: vol.tif.reco.conf.
 *
 * Returns: (transfer full): a writer, or %NULL with #RECON_ERROR_CONFIG
 */
ReconWriter *
recon_tiff_stack_writer_new (const char  *path,
                             GError     **error)
{
  ReconTiffStackWriter *self = g_object_new (RECON_TYPE_TIFF_STACK_WRITER, NULL);

  recon_file_writer_set_path (RECON_FILE_WRITER (self), path);

  return RECON_WRITER (self);
}

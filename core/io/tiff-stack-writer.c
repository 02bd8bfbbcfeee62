/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-stack-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "io/output-files.h"
#include "io/stack-ends.h"
#include "io/tiff-page.h"

/* Of an entry of a BigTIFF directory. */
#define ENTRY_BYTES 20

/* One BigTIFF with a page per slice. libtiff appends a page's strips, links the page before to where its directory will
 * be, and writes the directory. To resume, the link of the last page that counts as finished is taken away, whatever it
 * leads to, and the file is cut behind that page; where that is, is kept in a file beside it until the end. Going on
 * from there gives the same bytes as a run without interruption, and needs neither time nor space for a copy. */
struct _ReconTiffStackWriter
{
  ReconWriter      parent_instance;

  char            *configuration;
  char            *partial_configuration;
  char            *ends_path;
  ReconStackEnds  *ends;
  ReconTiffOutput *output;
  guint            n_pages;
  gboolean         moved; /* the file has its final name already */
};

G_DEFINE_FINAL_TYPE (ReconTiffStackWriter, recon_tiff_stack_writer, RECON_TYPE_WRITER)

static gboolean
refuse_to_resume (ReconTiffStackWriter  *self,
                  const char            *why,
                  GError               **error)
{
  g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
               _ ("%s cannot be resumed: %s. Start again without --resume."),
               recon_writer_get_partial (RECON_WRITER (self)), why);
  return FALSE;
}

/* Starts the file with no page. Whatever has no page yet has nothing to resume either. */
static gboolean
start_file (ReconTiffStackWriter  *self,
            GError               **error)
{
  self->ends = recon_stack_ends_new (self->ends_path, error);
  if (self->ends == NULL)
    return FALSE;

  self->output = recon_tiff_output_open (AT_FDCWD, recon_writer_get_partial (RECON_WRITER (self)),
                                         RECON_TIFF_OUTPUT_NEW_BIG, error);
  self->n_pages = 0;

  return self->output != NULL;
}

static gboolean
start (ReconTiffStackWriter  *self,
       const ReconVolume     *volume,
       GError               **error)
{
  ReconWriter *writer = RECON_WRITER (self);
  const char *partial = recon_writer_get_partial (writer);
  g_autofree char *folder = g_path_get_dirname (partial);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);

  if (recon_file_check_target (recon_writer_get_path (writer), error) && recon_folder_make (folder, made, error) &&
      recon_file_remove (AT_FDCWD, recon_writer_get_partial_ledger (writer), error))
    {
      if (start_file (self, error) &&
          recon_file_store (AT_FDCWD, self->partial_configuration,
                            volume->configuration != NULL ? volume->configuration : "", error))
        return TRUE;

      g_unlink (partial);
      g_unlink (self->partial_configuration);
      g_unlink (self->ends_path);
    }
  recon_folder_unmake (made);

  return FALSE;
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
resume (ReconTiffStackWriter  *self,
        const ReconVolume     *volume,
        const guint8          *finished,
        GError               **error)
{
  ReconWriter *writer = RECON_WRITER (self);
  const char *partial = recon_writer_get_partial (writer);
  const char *configuration = volume->configuration != NULL ? volume->configuration : "";
  struct stat status;
  guint64 directory, end;
  guint n;

  self->moved = recon_writer_is_moved (writer, finished, volume->n_slices);
  if (self->moved)
    return check_pages (self, recon_writer_get_path (writer), volume, volume->n_slices, &directory, error);

  if (!stat_partial (partial, &status))
    return refuse_to_resume (self, g_strerror (errno), error);
  if (!recon_file_check_target (recon_writer_get_path (writer), error) ||
      !recon_writer_check_free (writer, volume->numbers, volume->n_slices, error) ||
      !count_finished (self, volume, finished, &n, error))
    return FALSE;
  if (n == 0)
    return recon_file_store (AT_FDCWD, self->partial_configuration, configuration, error) && start_file (self, error);

  if (!recon_stack_ends_find (self->ends_path, n - 1, &end) || end > (guint64) status.st_size)
    return refuse_to_resume (self, _ ("the end of its last finished slice is lost"), error);
  if (!check_pages (self, partial, volume, n, &directory, error) || !cut (self, directory, end, error) ||
      !recon_file_store (AT_FDCWD, self->partial_configuration, configuration, error))
    return FALSE;

  self->ends = recon_stack_ends_open (self->ends_path, n, error);
  if (self->ends == NULL)
    return FALSE;
  self->output = recon_tiff_output_open (AT_FDCWD, partial, RECON_TIFF_OUTPUT_APPEND, error);
  self->n_pages = n;

  return self->output != NULL;
}

static gboolean
recon_tiff_stack_writer_open (ReconWriter        *writer,
                              const ReconVolume  *volume,
                              const guint8       *finished,
                              GError            **error)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (writer);

  return finished != NULL ? resume (self, volume, finished, error) : start (self, volume, error);
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
      !recon_stack_ends_append (self->ends, recon_tiff_output_get_size (self->output), error))
    return FALSE;

  self->n_pages++;

  return TRUE;
}

static gboolean
recon_tiff_stack_writer_flush (ReconWriter  *writer,
                               GError      **error)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (writer);

  return recon_tiff_output_sync (self->output, error) && recon_stack_ends_sync (self->ends, error);
}

static gboolean
recon_tiff_stack_writer_finish (ReconWriter  *writer,
                                GError      **error)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (writer);

  if (!self->moved &&
      (!recon_tiff_output_sync (self->output, error) ||
       !recon_tiff_output_close (g_steal_pointer (&self->output), error) || !recon_writer_move (writer, error)))
    return FALSE;

  /* From here on the rest is a matter of tidiness, which a run that resumes can do as well. */
  if (recon_file_exists (AT_FDCWD, self->partial_configuration) &&
      !recon_file_move (self->partial_configuration, self->configuration, error))
    return FALSE;

  return recon_file_remove (AT_FDCWD, self->ends_path, error) && recon_writer_move_ledger (writer, error);
}

static void
recon_tiff_stack_writer_finalize (GObject *object)
{
  ReconTiffStackWriter *self = RECON_TIFF_STACK_WRITER (object);

  g_clear_pointer (&self->output, recon_tiff_output_free);
  g_clear_pointer (&self->ends, recon_stack_ends_free);
  g_free (self->configuration);
  g_free (self->partial_configuration);
  g_free (self->ends_path);

  G_OBJECT_CLASS (recon_tiff_stack_writer_parent_class)->finalize (object);
}

static void
recon_tiff_stack_writer_class_init (ReconTiffStackWriterClass *klass)
{
  ReconWriterClass *writer_class = RECON_WRITER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_tiff_stack_writer_finalize;
  writer_class->open = recon_tiff_stack_writer_open;
  writer_class->write = recon_tiff_stack_writer_write;
  writer_class->flush = recon_tiff_stack_writer_flush;
  writer_class->finish = recon_tiff_stack_writer_finish;
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
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autofree char *ledger = g_strconcat (path, ".ledger.jsonl", NULL);
  g_autofree char *partial_ledger = g_strconcat (partial, ".ledger.jsonl", NULL);
  ReconTiffStackWriter *self = g_object_new (RECON_TYPE_TIFF_STACK_WRITER, NULL);

  recon_writer_set_paths (RECON_WRITER (self), path, partial, ledger, partial_ledger);
  self->configuration = g_strconcat (path, ".reco.conf", NULL);
  self->partial_configuration = g_strconcat (partial, ".reco.conf", NULL);
  self->ends_path = g_strconcat (partial, ".ends", NULL);

  return RECON_WRITER (self);
}

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

/* One BigTIFF with a page per slice. libtiff appends a page's strips, then its directory, and links that to the page
 * before it last of all. So a page that is linked is whole, and what a killed process leaves of another one lies
 * behind it, unlinked. To resume, the file is cut behind the last page that counts as finished; where that is, is kept
 * in a file beside it until the end. Going on from there gives the same bytes as a run without interruption, and needs
 * neither time nor space for a copy. */
struct _ReconTiffStackWriter
{
  ReconWriter      parent_instance;

  char            *configuration;
  char            *partial_configuration;
  char            *ends_path;
  ReconStackEnds  *ends;
  ReconTiffOutput *output;
  guint            n_pages;
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
  self->ends = recon_stack_ends_open (self->ends_path, 0, error);
  if (self->ends == NULL)
    return FALSE;

  self->output = recon_tiff_output_open (recon_writer_get_partial (RECON_WRITER (self)), RECON_TIFF_OUTPUT_NEW_BIG,
                                         error);
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
      recon_file_remove (recon_writer_get_partial_ledger (writer), error) && recon_file_create (partial, error))
    {
      if (recon_file_store (self->partial_configuration,
                            volume->configuration != NULL ? volume->configuration : "", error) &&
          start_file (self, error))
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

/* Looks at the @n pages to keep, and counts those linked behind them. */
static gboolean
check_pages (ReconTiffStackWriter  *self,
             const ReconVolume     *volume,
             guint                  n,
             guint                 *n_extra,
             GError               **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (ReconTiffOutput) file = recon_tiff_output_open (recon_writer_get_partial (RECON_WRITER (self)),
                                                             RECON_TIFF_OUTPUT_CHECK, &cause);
  guint n_pages = 0;

  if (file == NULL)
    return refuse_to_resume (self, _ ("it is damaged"), error);

  do
    {
      g_autofree char *why = NULL;

      if (n_pages >= n || recon_tiff_page_fits (file, volume))
        continue;

      why = g_strdup_printf (_ ("page %u is damaged or has another size or type than the slices"), n_pages);
      return refuse_to_resume (self, why, error);
    }
  while (++n_pages && TIFFReadDirectory (recon_tiff_output_get_tiff (file)));

  if (n_pages < n)
    {
      g_autofree char *why = g_strdup_printf (_ ("it has only %u of %u finished slices"), n_pages, n);

      return refuse_to_resume (self, why, error);
    }
  *n_extra = n_pages - n;

  return TRUE;
}

/* Drops @n_extra pages behind the first @n, and all that lies behind @end. */
static gboolean
cut (ReconTiffStackWriter  *self,
     guint                  n,
     guint                  n_extra,
     guint64                end,
     GError               **error)
{
  const char *partial = recon_writer_get_partial (RECON_WRITER (self));
  g_autoptr (ReconTiffOutput) file = recon_tiff_output_open (partial, RECON_TIFF_OUTPUT_APPEND, error);

  if (file == NULL)
    return FALSE;

  /* From the end: libtiff 4.5 remembers where it met which page, and takes pages that move up for a loop. */
  for (guint page = n + n_extra; page > n; page--)
    if (!TIFFUnlinkDirectory (recon_tiff_output_get_tiff (file), page))
      {
        recon_tiff_output_set_error (file, error);
        return FALSE;
      }
  if (!recon_tiff_output_close (g_steal_pointer (&file), error))
    return FALSE;

  if (truncate (partial, (off_t) end) != 0)
    {
      recon_set_write_error (error, partial, errno, NULL);
      return FALSE;
    }

  return TRUE;
}

static gboolean
resume (ReconTiffStackWriter  *self,
        const ReconVolume     *volume,
        const guint8          *finished,
        GError               **error)
{
  const char *partial = recon_writer_get_partial (RECON_WRITER (self));
  const char *configuration = volume->configuration != NULL ? volume->configuration : "";
  struct stat status;
  guint64 end;
  guint n, n_extra = 0;

  if (stat (partial, &status) != 0)
    return refuse_to_resume (self, _ ("it does not exist"), error);
  if (!recon_file_check_target (recon_writer_get_path (RECON_WRITER (self)), error) ||
      !count_finished (self, volume, finished, &n, error))
    return FALSE;
  if (n == 0)
    return recon_file_store (self->partial_configuration, configuration, error) && start_file (self, error);

  if (!recon_stack_ends_find (self->ends_path, n - 1, &end) || end > (guint64) status.st_size)
    return refuse_to_resume (self, _ ("the end of its last finished slice is lost"), error);
  if (!check_pages (self, volume, n, &n_extra, error) || !cut (self, n, n_extra, end, error) ||
      !recon_file_store (self->partial_configuration, configuration, error))
    return FALSE;

  self->ends = recon_stack_ends_open (self->ends_path, n, error);
  if (self->ends == NULL)
    return FALSE;
  self->output = recon_tiff_output_open (partial, RECON_TIFF_OUTPUT_APPEND, error);
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

  if (!recon_tiff_output_close (g_steal_pointer (&self->output), error))
    return FALSE;

  /* After the first of these, the rest is a matter of tidiness. */
  return recon_file_move (recon_writer_get_partial (writer), recon_writer_get_path (writer), error) &&
         recon_file_move (self->partial_configuration, self->configuration, error) &&
         recon_file_move_optional (recon_writer_get_partial_ledger (writer), recon_writer_get_ledger (writer), error) &&
         recon_file_remove (self->ends_path, error);
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

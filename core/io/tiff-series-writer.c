/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-series-writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "io/output-files.h"
#include "io/series-paths.h"
#include "io/tiff-page.h"

/* One TIFF file per slice, first in a folder of a temporary name. That folder is renamed at the end, where its final
 * name is still free. Otherwise the files move one by one: first the earlier run's own files are removed, its ledger
 * last, then the new ones come, their ledger last. So a folder with slices but without a ledger is one to which a
 * finish was interrupted, and open() can take back what has already moved. */
struct _ReconTiffSeriesWriter
{
  ReconWriter       parent_instance;

  ReconSeriesPaths *paths;
};

G_DEFINE_FINAL_TYPE (ReconTiffSeriesWriter, recon_tiff_series_writer, RECON_TYPE_WRITER)

static char *
slice_path (ReconTiffSeriesWriter *self,
            const char            *folder,
            guint                  slice)
{
  const ReconVolume *volume = recon_writer_get_volume (RECON_WRITER (self));
  g_autofree char *name = recon_slice_names_format (self->paths->names, volume->numbers[slice]);

  return g_build_filename (folder, name, NULL);
}

/* Paths of all files in @folder that are named like slices; none where there is no such folder. */
static GPtrArray *
find_slices (ReconTiffSeriesWriter *self,
             const char            *folder)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (recon_slice_names_match (self->paths->names, name))
      g_ptr_array_add (found, g_build_filename (folder, name, NULL));

  return found;
}

static gboolean
remove_slices (ReconTiffSeriesWriter  *self,
               const char             *folder,
               GError                **error)
{
  g_autoptr (GPtrArray) found = find_slices (self, folder);

  for (guint i = 0; i < found->len; i++)
    if (!recon_file_remove (found->pdata[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
recon_tiff_series_writer_result_exists (ReconWriter  *writer,
                                        const guint  *numbers,
                                        guint         n_slices,
                                        char        **what)
{
  ReconTiffSeriesWriter *self = RECON_TIFF_SERIES_WRITER (writer);
  const char *folder = recon_writer_get_path (writer);
  const char *ledger = self->paths->ledger;
  g_autoptr (GPtrArray) found = find_slices (self, folder);
  g_autofree char *text = NULL;

  /* Every slice counts, not only those that would be written: a smaller volume must not mix with a larger one. */
  if (found->len > 0)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s holds %u slice", "%s holds %u slices", found->len),
                            folder, found->len);
  else if (g_file_test (ledger, G_FILE_TEST_EXISTS))
    text = g_strdup_printf (_ ("%s exists"), ledger);
  else
    return FALSE;

  if (what != NULL)
    *what = g_steal_pointer (&text);

  return TRUE;
}

/* Refuses at once what would make finish() fail or destroy what is not ours. */
static gboolean
check_folder (ReconTiffSeriesWriter  *self,
              GError                **error)
{
  const char *folder = self->paths->folder;
  const char *ledger = self->paths->ledger;

  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    return TRUE;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
                   _ ("%s is a file, so slices cannot be put there. Choose another output.path."), folder);
      return FALSE;
    }
  if (g_access (folder, W_OK | X_OK) != 0)
    {
      int code = errno;

      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
                   _ ("The folder %s cannot be written to: %s. Choose another output.path or allow writing there."),
                   folder, g_strerror (code));
      return FALSE;
    }
  if (g_file_test (self->paths->configuration, G_FILE_TEST_EXISTS) && !g_file_test (ledger, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_EXISTS,
                   _ ("%s is not from an earlier run, because there is no %s, and would be lost. Choose another "
                      "output.path or move it away."),
                   self->paths->configuration, ledger);
      return FALSE;
    }

  return TRUE;
}

static gboolean
start (ReconTiffSeriesWriter  *self,
       const ReconVolume      *volume,
       GPtrArray              *made,
       GError                **error)
{
  const char *partial = self->paths->partial;

  if (!recon_folder_make (partial, made, error) || !remove_slices (self, partial, error) ||
      !recon_file_remove (self->paths->partial_ledger, error) ||
      !recon_file_create (self->paths->partial_configuration, error))
    return FALSE;

  if (recon_file_store (self->paths->partial_configuration,
                        volume->configuration != NULL ? volume->configuration : "", error))
    return TRUE;

  g_unlink (self->paths->partial_configuration);

  return FALSE;
}

/* Takes back what an interrupted finish() has moved already. */
static gboolean
take_back (ReconTiffSeriesWriter  *self,
           const char             *partial,
           const char             *final,
           GError                **error)
{
  const char *ledger = self->paths->ledger;

  if (g_file_test (partial, G_FILE_TEST_EXISTS) || !g_file_test (final, G_FILE_TEST_EXISTS) ||
      g_file_test (ledger, G_FILE_TEST_EXISTS))
    return TRUE;

  return recon_file_move (final, partial, error);
}

static gboolean
check_slice (const char         *path,
             const ReconVolume  *volume,
             GError            **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (ReconTiffOutput) output = recon_tiff_output_open (path, RECON_TIFF_OUTPUT_CHECK, &cause);

  if (output != NULL && recon_tiff_page_fits (output, volume))
    return TRUE;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                 _ ("The finished slice %s is missing. Start again without --resume."), path);
  else if (output == NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                 _ ("A finished slice is lost: %s Start again without --resume."), cause->message);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                 _ ("%s is damaged or has another size or type than the slices to be written. Start again without "
                    "--resume."),
                 path);
  return FALSE;
}

static gboolean
resume (ReconTiffSeriesWriter  *self,
        const ReconVolume      *volume,
        const guint8           *finished,
        GError                **error)
{
  const char *folder = self->paths->folder;
  const char *partial = self->paths->partial;

  if (!g_file_test (partial, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                   _ ("There is nothing to resume: the folder %s does not exist. Start again without --resume."),
                   partial);
      return FALSE;
    }

  for (guint i = 0; i < volume->n_slices; i++)
    {
      g_autofree char *path = slice_path (self, partial, i);
      g_autofree char *final = slice_path (self, folder, i);

      if (finished[i] && (!take_back (self, path, final, error) || !check_slice (path, volume, error)))
        return FALSE;
    }

  return take_back (self, self->paths->partial_configuration, self->paths->configuration, error) &&
         recon_file_store (self->paths->partial_configuration,
                           volume->configuration != NULL ? volume->configuration : "", error);
}

static gboolean
recon_tiff_series_writer_open (ReconWriter        *writer,
                               const ReconVolume  *volume,
                               const guint8       *finished,
                               GError            **error)
{
  ReconTiffSeriesWriter *self = RECON_TIFF_SERIES_WRITER (writer);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);

  if (finished != NULL)
    return resume (self, volume, finished, error) && check_folder (self, error);

  if (check_folder (self, error) && start (self, volume, made, error))
    return TRUE;

  recon_folder_unmake (made);

  return FALSE;
}

static gboolean
recon_tiff_series_writer_write (ReconWriter    *writer,
                                guint           slice,
                                gconstpointer   pixels,
                                GError        **error)
{
  const ReconVolume *volume = recon_writer_get_volume (writer);
  g_autofree char *path = slice_path (RECON_TIFF_SERIES_WRITER (writer), recon_writer_get_partial (writer), slice);
  ReconTiffOutputMode mode = recon_tiff_page_needs_big (volume) ? RECON_TIFF_OUTPUT_NEW_BIG : RECON_TIFF_OUTPUT_NEW;
  g_autoptr (ReconTiffOutput) output = recon_tiff_output_open (path, mode, error);

  if (output != NULL && recon_tiff_page_write (output, volume, slice, pixels, error) &&
      recon_tiff_output_close (g_steal_pointer (&output), error))
    return TRUE;

  /* On a full disk this makes room for the ledger. */
  g_unlink (path);

  return FALSE;
}

/* Every slice was closed after it was written. */
static gboolean
recon_tiff_series_writer_flush (ReconWriter  *writer,
                                GError      **error)
{
  return TRUE;
}

/* Whether the temporary folder holds this run's files and nothing else. */
static gboolean
partial_is_pure (ReconTiffSeriesWriter *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->paths->partial, 0, NULL);
  g_autofree char *ledger = g_path_get_basename (self->paths->partial_ledger);
  g_autofree char *configuration = g_path_get_basename (self->paths->partial_configuration);
  const char *name;

  if (dir == NULL)
    return FALSE;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (strcmp (name, ledger) != 0 && strcmp (name, configuration) != 0 &&
        !recon_slice_names_match (self->paths->names, name))
      return FALSE;

  return TRUE;
}

static gboolean
move_files (ReconTiffSeriesWriter  *self,
            GError                **error)
{
  ReconWriter *writer = RECON_WRITER (self);
  const char *folder = recon_writer_get_path (writer);
  const char *partial = recon_writer_get_partial (writer);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);

  if (!recon_folder_make (folder, made, error) || !remove_slices (self, folder, error) ||
      !recon_file_remove (self->paths->configuration, error) || !recon_file_remove (self->paths->ledger, error))
    return FALSE;

  for (guint i = 0; i < recon_writer_get_volume (writer)->n_slices; i++)
    {
      g_autofree char *from = slice_path (self, partial, i);
      g_autofree char *to = slice_path (self, folder, i);

      if (!recon_file_move (from, to, error))
        return FALSE;
    }

  if (!recon_file_move (self->paths->partial_configuration, self->paths->configuration, error) ||
      !recon_file_move_optional (self->paths->partial_ledger, self->paths->ledger, error))
    return FALSE;

  /* It stays if it holds files of others. */
  g_rmdir (partial);

  return TRUE;
}

static gboolean
recon_tiff_series_writer_finish (ReconWriter  *writer,
                                 GError      **error)
{
  ReconTiffSeriesWriter *self = RECON_TIFF_SERIES_WRITER (writer);

  /* This succeeds only where nothing but an empty folder is in the way. */
  if (partial_is_pure (self) && g_rename (recon_writer_get_partial (writer), recon_writer_get_path (writer)) == 0)
    return TRUE;

  return move_files (self, error);
}

static void
recon_tiff_series_writer_finalize (GObject *object)
{
  ReconTiffSeriesWriter *self = RECON_TIFF_SERIES_WRITER (object);

  g_clear_pointer (&self->paths, recon_series_paths_free);

  G_OBJECT_CLASS (recon_tiff_series_writer_parent_class)->finalize (object);
}

static void
recon_tiff_series_writer_class_init (ReconTiffSeriesWriterClass *klass)
{
  ReconWriterClass *writer_class = RECON_WRITER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_tiff_series_writer_finalize;
  writer_class->result_exists = recon_tiff_series_writer_result_exists;
  writer_class->open = recon_tiff_series_writer_open;
  writer_class->write = recon_tiff_series_writer_write;
  writer_class->flush = recon_tiff_series_writer_flush;
  writer_class->finish = recon_tiff_series_writer_finish;
}

static void
recon_tiff_series_writer_init (ReconTiffSeriesWriter *self)
{
}

/**
 * recon_tiff_series_writer_new:
 * @path: a folder, or a file name with one number, such as out/result-%05d.tif
 * @error: return location
 *
 * Each slice becomes one TIFF file, by default slice_00000.tif and so on, beside reco.conf with the configuration. The
 * number is that of #ReconVolume. TIFFs of more than 4 GiB are BigTIFF.
 *
 * Returns: (transfer full): a writer, or %NULL with #RECON_ERROR_CONFIG
 */
ReconWriter *
recon_tiff_series_writer_new (const char  *path,
                              GError     **error)
{
  g_autoptr (ReconSeriesPaths) paths = recon_series_paths_new (path, error);
  ReconTiffSeriesWriter *self;

  if (paths == NULL)
    return NULL;

  self = g_object_new (RECON_TYPE_TIFF_SERIES_WRITER, NULL);
  recon_writer_set_paths (RECON_WRITER (self), paths->folder, paths->partial, paths->ledger, paths->partial_ledger);
  self->paths = g_steal_pointer (&paths);

  return RECON_WRITER (self);
}

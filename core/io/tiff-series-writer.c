/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/output-files.h"
#include "io/slice-names.h"
#include "io/tiff-output.h"

/* One TIFF file per slice, first in a folder of a temporary name. That folder is renamed at the end, where its final
 * name is still free. Otherwise the files move one by one: first the earlier run's own files are removed, its ledger
 * last, then the new ones come, their ledger last. So a folder with slices but without a ledger is one to which a
 * finish was interrupted, and open() can take back what has already moved.
 *
 * Both folders are held by their descriptors, so that nobody can put a link in the place of the temporary one. */
#define RECON_TYPE_TIFF_SERIES_WRITER (recon_tiff_series_writer_get_type ())
G_DECLARE_FINAL_TYPE (ReconTiffSeriesWriter, recon_tiff_series_writer, RECON, TIFF_SERIES_WRITER, ReconWriter)

struct _ReconTiffSeriesWriter
{
  ReconWriter       parent_instance;

  ReconSeriesPaths *paths;
  int               partial; /* the temporary folder, or -1 */
  gboolean          moved;   /* everything is in the final folder already */
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

/* Paths of all files in @folder, whose descriptor is @fd, that are named like slices. */
static GPtrArray *
find_slices (ReconTiffSeriesWriter *self,
             const char            *folder,
             int                    fd)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) names = recon_folder_list (fd);

  for (guint i = 0; i < names->len; i++)
    if (recon_slice_names_match (self->paths->names, names->pdata[i]))
      g_ptr_array_add (found, g_build_filename (folder, names->pdata[i], NULL));

  return found;
}

static gboolean
remove_slices (ReconTiffSeriesWriter  *self,
               const char             *folder,
               int                     fd,
               GError                **error)
{
  g_autoptr (GPtrArray) found = find_slices (self, folder, fd);

  for (guint i = 0; i < found->len; i++)
    if (!recon_file_remove (fd, found->pdata[i], error))
      return FALSE;

  return TRUE;
}

static guint
count_slices (ReconTiffSeriesWriter *self,
              const char            *folder)
{
  int fd = recon_folder_open (folder, TRUE, NULL);
  g_autoptr (GPtrArray) found = NULL;

  if (fd < 0)
    return 0;

  found = find_slices (self, folder, fd);
  close (fd);

  return found->len;
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
  guint n_found = count_slices (self, folder);
  g_autofree char *text = NULL;

  /* Every slice counts, not only those that would be written: a smaller volume must not mix with a larger one. */
  if (n_found > 0)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s holds %u slice", "%s holds %u slices", n_found),
                            folder, n_found);
  else if (recon_file_leads_nowhere (folder))
    text = g_strdup_printf (_ ("%s is a link that leads nowhere"), folder);
  else if (g_file_test (ledger, G_FILE_TEST_EXISTS))
    text = g_strdup_printf (_ ("%s exists"), ledger);
  else
    return FALSE;

  if (what != NULL)
    *what = g_steal_pointer (&text);

  return TRUE;
}

/* Of a finish() that was interrupted the configuration may have moved already: resume() takes that back first. */
static gboolean
recon_tiff_series_writer_check (ReconWriter  *writer,
                                GError      **error)
{
  ReconTiffSeriesWriter *self = RECON_TIFF_SERIES_WRITER (writer);

  return recon_file_exists (AT_FDCWD, self->paths->partial_ledger) || recon_series_paths_check (self->paths, error);
}

/* Whether there is a folder that is ours to use; kept open. */
static gboolean
open_partial (ReconTiffSeriesWriter  *self,
              GError                **error)
{
  self->partial = recon_folder_open (self->paths->partial, FALSE, error);

  return self->partial >= 0;
}

static gboolean
store_configuration (ReconTiffSeriesWriter  *self,
                     const ReconVolume      *volume,
                     GError                **error)
{
  return recon_file_store (self->partial, self->paths->partial_configuration,
                           volume->configuration != NULL ? volume->configuration : "", error);
}

static gboolean
start (ReconTiffSeriesWriter  *self,
       const ReconVolume      *volume,
       GPtrArray              *made,
       GError                **error)
{
  const char *partial = self->paths->partial;

  if (!recon_folder_make (partial, made, error) || !open_partial (self, error) ||
      !remove_slices (self, partial, self->partial, error) ||
      !recon_file_remove (self->partial, self->paths->partial_ledger, error))
    return FALSE;

  if (store_configuration (self, volume, error))
    return TRUE;

  recon_file_remove (self->partial, self->paths->partial_configuration, NULL);

  return FALSE;
}

/* Takes back what an interrupted finish() has moved already. */
static gboolean
take_back (ReconTiffSeriesWriter  *self,
           const char             *partial,
           const char             *final,
           GError                **error)
{
  int fd;
  gboolean success;

  if (recon_file_exists (self->partial, partial) || !recon_file_exists (AT_FDCWD, final) ||
      recon_file_exists (AT_FDCWD, self->paths->ledger))
    return TRUE;

  fd = recon_folder_open (self->paths->folder, TRUE, error);
  if (fd < 0)
    return FALSE;

  success = recon_file_move_in (fd, final, self->partial, partial, FALSE, error);
  close (fd);

  return success;
}

static gboolean
check_slice (int                 folder,
             const char         *path,
             const ReconVolume  *volume,
             GError            **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (ReconTiffOutput) output = recon_tiff_output_open (folder, path, RECON_TIFF_OUTPUT_CHECK, &cause);

  if (output != NULL && recon_tiff_page_fits (output, volume))
    return TRUE;

  if (!recon_file_exists (folder, path))
    return recon_fail (error, RECON_ERROR_RESUME, _ ("The finished slice %s is missing. Start again without --resume."),
                       path);
  if (output == NULL)
    return recon_fail (error, RECON_ERROR_RESUME, _ ("A finished slice is lost: %s Start again without --resume."),
                       cause->message);

  return recon_fail (error, RECON_ERROR_RESUME,
                     _ ("%s is damaged or has another size or type than the slices to be written. Start again without "
                        "--resume."),
                     path);
}

/* What is left of a finish() that was interrupted after its last move, or not at all. */
static gboolean
is_moved (ReconTiffSeriesWriter *self,
          const ReconVolume     *volume,
          const guint8          *finished)
{
  return memchr (finished, 0, volume->n_slices) == NULL && recon_file_exists (AT_FDCWD, self->paths->ledger) &&
         !recon_file_exists (AT_FDCWD, self->paths->partial_ledger);
}

static gboolean
check_moved (ReconTiffSeriesWriter  *self,
             const ReconVolume      *volume,
             GError                **error)
{
  for (guint i = 0; i < volume->n_slices; i++)
    {
      g_autofree char *path = slice_path (self, self->paths->folder, i);

      if (!check_slice (AT_FDCWD, path, volume, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
resume (ReconTiffSeriesWriter  *self,
        const ReconVolume      *volume,
        const guint8           *finished,
        GError                **error)
{
  const char *folder = self->paths->folder;
  const char *partial = self->paths->partial;

  self->moved = is_moved (self, volume, finished);
  if (self->moved)
    return check_moved (self, volume, error);

  if (!g_file_test (partial, G_FILE_TEST_IS_DIR))
    return recon_fail (error, RECON_ERROR_RESUME,
                       _ ("There is nothing to resume: the folder %s does not exist. Start again without --resume."),
                       partial);
  if (!open_partial (self, error))
    return FALSE;

  for (guint i = 0; i < volume->n_slices; i++)
    {
      g_autofree char *path = slice_path (self, partial, i);
      g_autofree char *final = slice_path (self, folder, i);

      if (finished[i] &&
          (!take_back (self, path, final, error) || !check_slice (self->partial, path, volume, error)))
        return FALSE;
    }

  return take_back (self, self->paths->partial_configuration, self->paths->configuration, error) &&
         recon_series_paths_check (self->paths, error) &&
         recon_writer_check_free (RECON_WRITER (self), volume->numbers, volume->n_slices, error) &&
         store_configuration (self, volume, error);
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
    return resume (self, volume, finished, error);

  if (recon_series_paths_check (self->paths, error) && start (self, volume, made, error))
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
  ReconTiffSeriesWriter *self = RECON_TIFF_SERIES_WRITER (writer);
  g_autofree char *path = slice_path (self, recon_writer_get_partial (writer), slice);

  if (recon_tiff_page_save (self->partial, path, volume, slice, pixels, TRUE, error))
    return TRUE;

  /* On a full disk this makes room for the ledger. */
  recon_file_remove (self->partial, path, NULL);

  return FALSE;
}

/* Every slice was closed after it was written. */
static gboolean
recon_tiff_series_writer_flush (ReconWriter  *writer,
                                GError      **error)
{
  return TRUE;
}

/* Whether the temporary folder has still its name, and holds this run's files and nothing else. */
static gboolean
partial_is_pure (ReconTiffSeriesWriter *self)
{
  g_autoptr (GPtrArray) names = recon_folder_list (self->partial);
  g_autofree char *ledger = g_path_get_basename (self->paths->partial_ledger);
  g_autofree char *configuration = g_path_get_basename (self->paths->partial_configuration);
  struct stat ours, named;

  for (guint i = 0; i < names->len; i++)
    if (strcmp (names->pdata[i], ledger) != 0 && strcmp (names->pdata[i], configuration) != 0 &&
        !recon_slice_names_match (self->paths->names, names->pdata[i]))
      return FALSE;

  return fstat (self->partial, &ours) == 0 && lstat (self->paths->partial, &named) == 0 &&
         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

/* Moves everything into the final folder, whose descriptor is @fd. */
static gboolean
move_files (ReconTiffSeriesWriter  *self,
            int                     fd,
            GError                **error)
{
  const ReconSeriesPaths *paths = self->paths;
  const ReconVolume *volume = recon_writer_get_volume (RECON_WRITER (self));
  gboolean overwrite = recon_writer_get_overwrite (RECON_WRITER (self));

  if (!recon_writer_check_free (RECON_WRITER (self), volume->numbers, volume->n_slices, error))
    return FALSE;
  if (overwrite && (!remove_slices (self, paths->folder, fd, error) ||
                    !recon_file_remove (fd, paths->configuration, error) ||
                    !recon_file_remove (fd, paths->ledger, error)))
    return FALSE;

  for (guint i = 0; i < volume->n_slices; i++)
    {
      g_autofree char *from = slice_path (self, paths->partial, i);
      g_autofree char *to = slice_path (self, paths->folder, i);

      if (!recon_file_move_in (self->partial, from, fd, to, overwrite, error))
        return FALSE;
    }

  return recon_file_move_in (self->partial, paths->partial_configuration, fd, paths->configuration, overwrite, error) &&
         (!recon_file_exists (self->partial, paths->partial_ledger) ||
          recon_file_move_in (self->partial, paths->partial_ledger, fd, paths->ledger, overwrite, error));
}

static gboolean
recon_tiff_series_writer_finish (ReconWriter  *writer,
                                 GError      **error)
{
  ReconTiffSeriesWriter *self = RECON_TIFF_SERIES_WRITER (writer);
  const char *folder = recon_writer_get_path (writer);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);
  gboolean success;
  int fd;

  /* This succeeds only where nothing but an empty folder is in the way. */
  if (!self->moved && partial_is_pure (self) && g_rename (recon_writer_get_partial (writer), folder) == 0)
    return TRUE;

  if (!self->moved)
    {
      if (!recon_folder_make (folder, made, error) || (fd = recon_folder_open (folder, TRUE, error)) < 0)
        return FALSE;
      success = move_files (self, fd, error);
      close (fd);
      if (!success)
        return FALSE;
    }

  /* It stays if it holds files of others. */
  g_rmdir (recon_writer_get_partial (writer));

  return TRUE;
}

static void
recon_tiff_series_writer_finalize (GObject *object)
{
  ReconTiffSeriesWriter *self = RECON_TIFF_SERIES_WRITER (object);

  g_clear_pointer (&self->paths, recon_series_paths_free);
  if (self->partial >= 0)
    close (self->partial);

  G_OBJECT_CLASS (recon_tiff_series_writer_parent_class)->finalize (object);
}

static void
recon_tiff_series_writer_class_init (ReconTiffSeriesWriterClass *klass)
{
  ReconWriterClass *writer_class = RECON_WRITER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_tiff_series_writer_finalize;
  writer_class->result_exists = recon_tiff_series_writer_result_exists;
  writer_class->check = recon_tiff_series_writer_check;
  writer_class->open = recon_tiff_series_writer_open;
  writer_class->write = recon_tiff_series_writer_write;
  writer_class->flush = recon_tiff_series_writer_flush;
  writer_class->finish = recon_tiff_series_writer_finish;
}

static void
recon_tiff_series_writer_init (ReconTiffSeriesWriter *self)
{
  self->partial = -1;
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

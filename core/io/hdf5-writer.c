/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/file-writer.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"
#include "base/output-files.h"
#include "io/hdf5-output.h"

#define DEFAULT_DATASET "/entry/data/data"

/* hdf5-output.c says what is in the file, and in the journal beside it. */
#define RECON_TYPE_HDF5_WRITER (recon_hdf5_writer_get_type ())
G_DECLARE_FINAL_TYPE (ReconHdf5Writer, recon_hdf5_writer, RECON, HDF5_WRITER, ReconFileWriter)

struct _ReconHdf5Writer
{
  ReconFileWriter  parent_instance;

  char            *dataset; /* path of the slices in the file */
  ReconHdf5Output *output;
};

G_DEFINE_FINAL_TYPE (ReconHdf5Writer, recon_hdf5_writer, RECON_TYPE_FILE_WRITER)

static gboolean
recon_hdf5_writer_flush (ReconWriter  *writer,
                         GError      **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

  return recon_hdf5_output_flush (self->output, error);
}

static gboolean
recon_hdf5_writer_start (ReconFileWriter    *writer,
                         const ReconVolume  *volume,
                         GError            **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);
  const char *partial = recon_writer_get_partial (RECON_WRITER (writer));
  g_autofree char *scratch = g_strconcat (partial, RECON_HDF5_SCRATCH, NULL);

  if (recon_file_remove (AT_FDCWD, scratch, error))
    self->output = recon_hdf5_output_new (partial, recon_file_writer_get_journal (writer), self->dataset, volume,
                                          error);

  return self->output != NULL;
}

static gboolean
recon_hdf5_writer_resume (ReconFileWriter    *writer,
                          const ReconVolume  *volume,
                          const guint8       *finished,
                          GError            **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);

  self->output = recon_hdf5_output_resume (recon_writer_get_partial (RECON_WRITER (writer)),
                                           recon_file_writer_get_journal (writer), self->dataset, volume, finished,
                                           error);

  return self->output != NULL;
}

static gboolean
recon_hdf5_writer_check_complete (ReconFileWriter    *writer,
                                  const char         *path,
                                  const ReconVolume  *volume,
                                  GError            **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);
  g_auto (ReconHdf5Id) file = recon_hdf5_file_open (path, error);
  g_auto (ReconHdf5Id) data = H5I_INVALID_HID;

  if (file >= 0)
    data = recon_hdf5_volume_open (file, path, self->dataset, volume, error);

  return data >= 0;
}

static gboolean
recon_hdf5_writer_open (ReconWriter        *writer,
                        const ReconVolume  *volume,
                        const guint8       *finished,
                        GError            **error)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

  if (volume->compression == RECON_COMPRESSION_LZW)
    return recon_fail (error, RECON_ERROR_CONFIG, _ ("HDF5 has no compression lzw. Use output.compression deflate."));
  if (volume->compression == RECON_COMPRESSION_DEFLATE && H5Zfilter_avail (H5Z_FILTER_DEFLATE) <= 0)
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("The HDF5 library here cannot compress. Use output.compression none."));

  return RECON_WRITER_CLASS (recon_hdf5_writer_parent_class)->open (writer, volume, finished, error);
}

static gboolean
recon_hdf5_writer_write (ReconWriter    *writer,
                         guint           slice,
                         gconstpointer   pixels,
                         GError        **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

  return recon_hdf5_output_write (self->output, slice, pixels, error);
}

static gboolean
recon_hdf5_writer_close (ReconFileWriter  *writer,
                         GError          **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

  return recon_hdf5_output_close (g_steal_pointer (&self->output), error);
}

static void
recon_hdf5_writer_finalize (GObject *object)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (object);

  if (self->output != NULL)
    {
      g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

      g_clear_pointer (&self->output, recon_hdf5_output_free);
    }
  g_free (self->dataset);

  G_OBJECT_CLASS (recon_hdf5_writer_parent_class)->finalize (object);
}

static void
recon_hdf5_writer_class_init (ReconHdf5WriterClass *klass)
{
  ReconWriterClass *writer_class = RECON_WRITER_CLASS (klass);
  ReconFileWriterClass *file_class = RECON_FILE_WRITER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_hdf5_writer_finalize;
  writer_class->open = recon_hdf5_writer_open;
  writer_class->write = recon_hdf5_writer_write;
  writer_class->flush = recon_hdf5_writer_flush;
  file_class->start = recon_hdf5_writer_start;
  file_class->resume = recon_hdf5_writer_resume;
  file_class->check_complete = recon_hdf5_writer_check_complete;
  file_class->close = recon_hdf5_writer_close;
}

static void
recon_hdf5_writer_init (ReconHdf5Writer *self)
{
}

static gboolean
has_extension (const char *file)
{
  static const char *const extensions[] = { ".h5", ".hdf5", ".hdf", ".nxs" };
  const char *dot = strrchr (file, '.');

  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (extensions); i++)
    if (g_ascii_strcasecmp (dot, extensions[i]) == 0)
      return TRUE;

  return FALSE;
}

/**
 * recon_hdf5_writer_split_path:
 * @path: what users write
 * @file: (out) (transfer full) (optional): the file
 * @dataset: (out) (transfer full) (optional): the path of the dataset in it
 *
 * Takes "vol.h5:/a/b" apart. The first :/ behind the name of an HDF5 file counts.
 *
 * Returns: %FALSE if there is no name of an HDF5 file (.h5, .hdf5, .hdf or .nxs) in @path
 */
gboolean
recon_hdf5_writer_split_path (const char  *path,
                              char       **file,
                              char       **dataset)
{
  for (const char *end = strstr (path, ":/"); ; end = strstr (end + 1, ":/"))
    {
      g_autofree char *name = end != NULL ? g_strndup (path, (gsize) (end - path)) : g_strdup (path);

      if (has_extension (name))
        {
          if (file != NULL)
            *file = g_steal_pointer (&name);
          if (dataset != NULL)
            *dataset = g_strdup (end != NULL ? end + 1 : DEFAULT_DATASET);
          return TRUE;
        }
      if (end == NULL)
        return FALSE;
    }
}

/**
 * recon_hdf5_writer_find_bare:
 * @path: what users write
 *
 * Looks for the name of an HDF5 file with a colon behind it and no slash behind that, as in vol.h5:a: as little a name
 * of a folder as of a file.
 *
 * Returns: (transfer full) (nullable): what @path is likely to mean, such as vol.h5:/a, or %NULL
 */
char *
recon_hdf5_writer_find_bare (const char *path)
{
  if (recon_hdf5_writer_split_path (path, NULL, NULL))
    return NULL;

  for (const char *colon = strchr (path, ':'); colon != NULL; colon = strchr (colon + 1, ':'))
    {
      g_autofree char *file = g_strndup (path, (gsize) (colon - path));

      if (has_extension (file))
        return g_strconcat (file, ":", colon[1] != '\0' ? "/" : DEFAULT_DATASET, colon + 1, NULL);
    }

  return NULL;
}

/* Why @path is no HDF5 file. */
static gpointer
set_path_error (const char  *path,
                GError     **error)
{
  g_autofree char *meant = recon_hdf5_writer_find_bare (path);

  if (meant != NULL)
    return recon_fail_null (error, RECON_ERROR_CONFIG,
                            _ ("%s is neither an HDF5 file nor one with the path of a dataset, which begins with a "
                               "slash. Write %s."),
                            path, meant);

  return recon_fail_null (error, RECON_ERROR_CONFIG,
                          _ ("%s is no HDF5 file: output.path must be a file .h5, .hdf5, .hdf or .nxs, after which "
                             ":/group/dataset may stand."),
                          path);
}

/**
 * recon_hdf5_writer_new:
 * @path: a file, optionally with the path of the dataset in it: vol.h5:/entry/data/data
 * @error: return location
 *
 * The slices become one dataset (slice, row, column) of a NeXus file; what else is in there says hdf5-volume.c.
 *
 * Returns: (transfer full): a writer, or %NULL with #RECON_ERROR_CONFIG
 */
ReconWriter *
recon_hdf5_writer_new (const char  *path,
                       GError     **error)
{
  g_autofree char *file = NULL;
  g_autofree char *dataset = NULL;
  ReconHdf5Writer *self;

  if (!recon_hdf5_writer_split_path (path, &file, &dataset))
    return set_path_error (path, error);
  if (!recon_hdf5_volume_check_path (dataset, error))
    return NULL;

  self = g_object_new (RECON_TYPE_HDF5_WRITER, NULL);
  recon_file_writer_set_path (RECON_FILE_WRITER (self), file);
  self->dataset = g_steal_pointer (&dataset);

  return RECON_WRITER (self);
}

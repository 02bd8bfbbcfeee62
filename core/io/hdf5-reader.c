/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-reader.h"

#include <glib/gi18n-lib.h>

#include "error.h"
#include "io/hdf5-chunks.h"
#include "io/hdf5-storage.h"
#include "io/hdf5-type.h"

struct _ReconHdf5Reader
{
  ReconReader parent_instance;

  ReconHdf5Id dataset; /* keeps its file open */
  int         rank;
};

G_DEFINE_FINAL_TYPE (ReconHdf5Reader, recon_hdf5_reader, RECON_TYPE_READER)

static gboolean
read_block (ReconHdf5Reader *self,
            const hsize_t    start[3],
            const hsize_t    count[3],
            float           *pixels)
{
  g_auto (ReconHdf5Id) space = H5Dget_space (self->dataset);
  g_auto (ReconHdf5Id) memory = H5Screate_simple (3, count, NULL);
  int skip = 3 - self->rank;

  if (space < 0 || memory < 0)
    return FALSE;

  return H5Sselect_hyperslab (space, H5S_SELECT_SET, start + skip, NULL, count + skip, NULL) >= 0 &&
         H5Dread (self->dataset, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, pixels) >= 0;
}

static gboolean
recon_hdf5_reader_read (ReconReader   *reader,
                        guint          frame,
                        guint          n_frames,
                        guint          row,
                        guint          n_rows,
                        float         *pixels,
                        GCancellable  *cancellable,
                        GError       **error)
{
  ReconHdf5Reader *self = RECON_HDF5_READER (reader);
  const hsize_t start[3] = { frame, row, 0 };
  const hsize_t count[3] = { n_frames, n_rows, recon_reader_get_width (reader) };
  g_autoptr (GRecMutexLocker) lock = NULL;

  if (n_frames == 0 || n_rows == 0)
    return TRUE;

  lock = recon_hdf5_lock ();

  /* The wait for the lock may have been long. */
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (!read_block (self, start, count, pixels))
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ,
                            _ ("%s: images %u to %u, rows %u to %u, cannot be read; the file may be damaged or out of "
                               "reach"),
                            recon_reader_get_path (reader), frame, frame + n_frames - 1, row, row + n_rows - 1);
      return FALSE;
    }

  return TRUE;
}

static void
recon_hdf5_reader_finalize (GObject *object)
{
  ReconHdf5Reader *self = RECON_HDF5_READER (object);

  if (self->dataset >= 0)
    {
      g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

      recon_hdf5_id_close (self->dataset);
    }

  G_OBJECT_CLASS (recon_hdf5_reader_parent_class)->finalize (object);
}

static void
recon_hdf5_reader_class_init (ReconHdf5ReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconReaderClass *reader_class = RECON_READER_CLASS (klass);

  object_class->finalize = recon_hdf5_reader_finalize;

  reader_class->read = recon_hdf5_reader_read;
}

static void
recon_hdf5_reader_init (ReconHdf5Reader *self)
{
  self->dataset = H5I_INVALID_HID;
}

/* Whether @dataset holds images that can be read. */
static gboolean
check_shape (hid_t            dataset,
             const char      *path,
             ReconHdf5Shape  *shape,
             GError         **error)
{
  g_autofree char *text = NULL;

  if (!recon_hdf5_shape_get (dataset, shape))
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("Shape and type of %s cannot be read"), path);
      return FALSE;
    }

  text = recon_hdf5_shape_describe (dataset);

  if (!shape->is_number)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s holds %s; images must be integers or floats."), path, text);
      return FALSE;
    }
  if (shape->rank != 2 && shape->rank != 3)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s has %d dimensions (%s); images have 3 (frames, rows, columns), or 2 for a single one."), path,
                   MAX (shape->rank, 0), text);
      return FALSE;
    }

  for (int i = 0; i < shape->rank; i++)
    if (shape->dims[i] == 0 || shape->dims[i] > G_MAXINT32)
      {
        g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                     shape->dims[i] == 0 ? _ ("%s is empty (%s).") : _ ("%s is too large (%s)."), path, text);
        return FALSE;
      }

  return TRUE;
}

/**
 * recon_hdf5_reader_open:
 * @file: path of an HDF5 file
 * @dataset: path of a dataset in it, beginning with a slash
 * @error: return location
 *
 * Opens a stack of images: a dataset of 3 dimensions (frames, rows, columns), or of 2 for a single image. Integers
 * and floats of any size and byte order are read; soft and external links are followed.
 *
 * Returns: (transfer full): the reader, or %NULL with #RECON_ERROR_INPUT where the dataset does not exist (the
 *   message lists those that do), holds no images, or needs a filter or file that is not there;
 *   #RECON_ERROR_READ where the file is damaged or locked
 */
ReconReader *
recon_hdf5_reader_open (const char  *file,
                        const char  *dataset,
                        GError     **error)
{
  g_autoptr (GRecMutexLocker) lock = NULL;
  g_auto (ReconHdf5Id) root = H5I_INVALID_HID;
  g_auto (ReconHdf5Id) plain = H5I_INVALID_HID;
  g_auto (ReconHdf5Id) access = H5I_INVALID_HID;
  g_autoptr (ReconHdf5Reader) self = NULL;
  g_autofree char *path = NULL;
  ReconHdf5Shape shape;
  guint batch;

  g_return_val_if_fail (file != NULL, NULL);
  g_return_val_if_fail (dataset != NULL, NULL);

  lock = recon_hdf5_lock ();
  path = g_strconcat (file, ":", dataset, NULL);

  root = recon_hdf5_file_open (file, error);
  if (root < 0)
    return NULL;

  plain = recon_hdf5_dataset_open (root, file, dataset, error);
  if (plain < 0 || !check_shape (plain, path, &shape, error) || !recon_hdf5_storage_check (plain, path, error))
    return NULL;

  self = g_object_new (RECON_TYPE_HDF5_READER, NULL);
  self->rank = shape.rank;
  batch = recon_hdf5_get_batch (plain, &shape);
  access = recon_hdf5_create_access (plain, &shape);

  /* The size of the cache is settled when a dataset is opened: this handle must not be there then. */
  recon_hdf5_id_close (plain);
  plain = H5I_INVALID_HID;
  self->dataset = H5Dopen2 (root, dataset, access);
  if (self->dataset < 0)
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("%s cannot be opened"), path);
      return NULL;
    }

  recon_reader_set_layout (RECON_READER (self), path, shape.rank == 3 ? (guint) shape.dims[0] : 1,
                           (guint) shape.dims[shape.rank - 2], (guint) shape.dims[shape.rank - 1], shape.type, batch);

  return RECON_READER (g_steal_pointer (&self));
}

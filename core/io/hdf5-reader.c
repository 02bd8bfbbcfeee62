/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-reader.h"

#include <glib/gi18n-lib.h>

#include "base/fail.h"
#include "io/hdf5.h"
#include "io/plain-rows.h"

/* Samples that are fetched from the library at once, so that they are converted without its lock. */
#define PIECE_BYTES ((gsize) 4 << 20)

struct _ReconHdf5Reader
{
  ReconReader       parent_instance;

  ReconHdf5Id       dataset;   /* keeps its file open */
  ReconHdf5Pieces   pieces;
  ReconHdf5Sources *sources;   /* (nullable): of a virtual dataset */
  GPtrArray        *files;     /* (element-type filename) */
  GAsyncQueue      *unpackers; /* (element-type ReconHdf5Unpacker): those that no thread uses now */
};

G_DEFINE_FINAL_TYPE (ReconHdf5Reader, recon_hdf5_reader, RECON_TYPE_READER)

/* Some successive frames and some of the lines of a reading. */
typedef struct
{
  guint      start; /* position in the list of frames */
  guint      n_frames;
  guint      first_line;
  ReconLines lines;
} Piece;

/* The lock is held. */
static gboolean
select_piece (hid_t                space,
              const ReconReading  *reading,
              const Piece         *piece,
              const ReconHdf5View *view)
{
  const ReconLines *lines = &piece->lines;
  gboolean whole = lines->height == lines->stride;
  const hsize_t first[3] = { reading->frames[piece->start], lines->first, reading->column };
  const hsize_t sizes[3] = { piece->n_frames, whole ? (hsize_t) lines->n * lines->height : lines->height,
                             reading->n_columns };
  hsize_t start[H5S_MAX_RANK], stride[H5S_MAX_RANK], count[H5S_MAX_RANK], block[H5S_MAX_RANK];

  recon_hdf5_view_get_offset (view, first, start);
  for (int i = 0; i < view->rank; i++)
    stride[i] = count[i] = block[i] = 1;
  /* Successive blocks may not overlap, also where there is one only. */
  for (int i = 0; i < 3; i++)
    if (view->axes[i] >= 0)
      stride[view->axes[i]] = block[view->axes[i]] = sizes[i];
  if (!whole)
    {
      stride[view->axes[1]] = lines->stride;
      count[view->axes[1]] = lines->n;
    }

  return H5Sselect_hyperslab (space, H5S_SELECT_SET, start, stride, count, block) >= 0;
}

/* Fetches samples of the reader's memory type, without gaps. */
static gboolean
fetch_piece (ReconHdf5Reader     *self,
             const ReconReading  *reading,
             const Piece         *piece,
             gpointer             samples,
             GCancellable        *cancellable,
             GError             **error)
{
  const ReconLines *lines = &piece->lines;
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) space = H5I_INVALID_HID;
  g_auto (ReconHdf5Id) memory = H5I_INVALID_HID;
  hsize_t n = (hsize_t) piece->n_frames * lines->n * lines->height * reading->n_columns;
  guint first = reading->frames[piece->start];

  /* The wait for the lock may have been long. */
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  space = H5Dget_space (self->dataset);
  memory = H5Screate_simple (1, &n, NULL);
  if (space >= 0 && memory >= 0 && select_piece (space, reading, piece, &self->pieces.view) &&
      H5Dread (self->dataset, self->pieces.memory_type, memory, space, H5P_DEFAULT, samples) >= 0)
    return TRUE;

  return recon_hdf5_set_error (error, RECON_ERROR_READ,
                               _ ("%s: images %u to %u, rows %u to %u, cannot be read; the file may be damaged or out "
                                  "of reach"),
                               recon_reader_get_path (RECON_READER (self)), first, first + piece->n_frames - 1,
                               lines->first, lines->first + (lines->n - 1) * lines->stride + lines->height - 1);
}

static gboolean
read_piece (ReconHdf5Reader     *self,
            const ReconReading  *reading,
            const Piece         *piece,
            ReconHdf5Unpacker   *unpacker,
            GCancellable        *cancellable,
            GError             **error)
{
  gsize sample_bytes = recon_sample_type_get_bytes (self->pieces.read_as);
  gsize n_rows = (gsize) piece->lines.n * piece->lines.height;
  gsize row_bytes = reading->n_columns * sample_bytes;
  const guint8 *samples = recon_scratch_get (&unpacker->chunk, piece->n_frames * n_rows * row_bytes);

  if (samples == NULL)
    return recon_fail (error, RECON_ERROR_MEMORY, _ ("There is no memory to read %u images of %s."), piece->n_frames,
                       recon_reader_get_path (RECON_READER (self)));

  if (!fetch_piece (self, reading, piece, unpacker->chunk.data, cancellable, error))
    return FALSE;

  for (guint i = 0; i < piece->n_frames; i++)
    {
      float *pixels = reading->pixels + (piece->start + i) * reading->frame_pitch +
                      (gsize) piece->first_line * piece->lines.height * reading->row_pitch;

      for (gsize k = 0; k < n_rows; k++, samples += row_bytes)
        recon_samples_to_float (self->pieces.read_as, samples, reading->n_columns, pixels + k * reading->row_pitch);
    }

  return TRUE;
}

/* Frames from @start on that follow each other in the file, too. */
static guint
count_frames (const ReconReading *reading,
              guint               start,
              gsize               most)
{
  guint n = 1;

  while (start + n < reading->n_frames && n < most && reading->frames[start + n] == reading->frames[start] + n)
    n++;

  return n;
}

static gboolean
read_by_library (ReconHdf5Reader     *self,
                 const ReconReading  *reading,
                 ReconHdf5Unpacker   *unpacker,
                 GCancellable        *cancellable,
                 GError             **error)
{
  const ReconLines *lines = &reading->lines;
  gsize row_bytes = reading->n_columns * recon_sample_type_get_bytes (self->pieces.read_as);
  gsize n_rows = CLAMP (PIECE_BYTES / row_bytes, 1, G_MAXUINT);
  /* Rows one behind the other may be parted anywhere. */
  gboolean whole = lines->height == lines->stride;
  guint height = whole ? 1 : lines->height;
  guint stride = whole ? 1 : lines->stride;
  guint n_lines = whole ? lines->n * lines->height : lines->n;
  Piece piece;

  for (piece.start = 0; piece.start < reading->n_frames; piece.start += piece.n_frames)
    {
      guint most;

      piece.n_frames = count_frames (reading, piece.start, MAX (n_rows / height, 1));
      most = (guint) MAX (n_rows / height / piece.n_frames, 1);

      for (piece.first_line = 0; piece.first_line < n_lines; piece.first_line += piece.lines.n)
        {
          piece.lines = (ReconLines) { lines->first + piece.first_line * stride, height, stride,
                                       MIN (most, n_lines - piece.first_line) };
          if (!read_piece (self, reading, &piece, unpacker, cancellable, error))
            return FALSE;
        }
    }

  return TRUE;
}

/* After reading, so that nothing that was cut away meanwhile is taken for zeros. */
static gboolean
check_whole (ReconHdf5Reader  *self,
             GError          **error)
{
  if (self->sources != NULL && !recon_hdf5_can_open_files (recon_reader_get_path (RECON_READER (self)), error))
    return FALSE;
  if (!recon_hdf5_pieces_is_cut (&self->pieces))
    return TRUE;

  return recon_fail (error, RECON_ERROR_READ,
                     _ ("%s has become shorter while it was read. Do not change files while they are read; copy it "
                        "again."),
                     recon_reader_get_path (RECON_READER (self)));
}

static gboolean
recon_hdf5_reader_check (ReconReader  *reader,
                         const guint  *frames,
                         guint         n_frames,
                         guint         row,
                         guint         n_rows,
                         GError      **error)
{
  ReconHdf5Reader *self = RECON_HDF5_READER (reader);

  return self->sources == NULL || recon_hdf5_sources_check_images (self->sources, recon_reader_get_path (reader),
                                                                   &self->pieces.view, frames, n_frames, row, n_rows,
                                                                   error);
}

static void
recon_hdf5_reader_list_files (ReconReader *reader,
                              GPtrArray   *files)
{
  ReconHdf5Reader *self = RECON_HDF5_READER (reader);

  for (guint i = 0; i < self->files->len; i++)
    g_ptr_array_add (files, g_strdup (g_ptr_array_index (self->files, i)));
  for (guint i = 0; self->sources != NULL && i < self->sources->files->len; i++)
    g_ptr_array_add (files, g_strdup (g_ptr_array_index (self->sources->files, i)));
}

static gboolean
recon_hdf5_reader_read (ReconReader         *reader,
                        const ReconReading  *reading,
                        GCancellable        *cancellable,
                        GError             **error)
{
  ReconHdf5Reader *self = RECON_HDF5_READER (reader);
  const ReconLines *lines = &reading->lines;
  ReconHdf5Unpacker *unpacker;
  gboolean done;

  if (!recon_hdf5_reader_check (reader, reading->frames, reading->n_frames, lines->first,
                                (lines->n - 1) * lines->stride + lines->height, error))
    return FALSE;

  unpacker = g_async_queue_try_pop (self->unpackers);
  if (unpacker == NULL)
    unpacker = g_new0 (ReconHdf5Unpacker, 1);

  done = (recon_hdf5_pieces_read (&self->pieces, self->dataset, reading, unpacker, cancellable) ||
          read_by_library (self, reading, unpacker, cancellable, error)) &&
         check_whole (self, error);

  g_async_queue_push_front (self->unpackers, unpacker);

  return done;
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
  g_clear_pointer (&self->sources, recon_hdf5_sources_free);
  g_ptr_array_unref (self->files);
  g_async_queue_unref (self->unpackers);
  recon_hdf5_pieces_clear (&self->pieces);

  G_OBJECT_CLASS (recon_hdf5_reader_parent_class)->finalize (object);
}

static void
recon_hdf5_reader_class_init (ReconHdf5ReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconReaderClass *reader_class = RECON_READER_CLASS (klass);

  object_class->finalize = recon_hdf5_reader_finalize;

  reader_class->read = recon_hdf5_reader_read;
  reader_class->check = recon_hdf5_reader_check;
  reader_class->list_files = recon_hdf5_reader_list_files;
}

static void
recon_hdf5_reader_init (ReconHdf5Reader *self)
{
  self->dataset = H5I_INVALID_HID;
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->unpackers = g_async_queue_new_full ((GDestroyNotify) recon_hdf5_unpacker_free);
}

/* The sources of a virtual dataset. An empty one may be so because its sources are missing, so this comes before its
 * shape is looked at. */
static gboolean
find_sources (hid_t              dataset,
              const char        *path,
              ReconHdf5Sources **sources,
              GError           **error)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);

  if (creation < 0 || H5Pget_layout (creation) != H5D_VIRTUAL)
    return TRUE;

  *sources = recon_hdf5_sources_find (dataset, path, error);

  return *sources != NULL && recon_hdf5_sources_check_any (*sources, path, error) &&
         recon_hdf5_allow_files ((*sources)->files->len, path, error);
}

/* The most that the samples of a piece take. */
static gsize
get_piece_bytes (const ReconHdf5Shape *shape,
                 const ReconHdf5View  *view)
{
  gsize most = MAX (PIECE_BYTES, view->n[2] * sizeof (double));

  return (gsize) MIN (most, shape->n_elements > G_MAXSIZE / sizeof (double) ? most
                                                                            : shape->n_elements * sizeof (double));
}

/**
 * recon_hdf5_reader_open:
 * @file: path of an HDF5 file
 * @dataset: path of a dataset in it, beginning with a slash, perhaps with a selection: "/data[:,0]", see hdf5-view.c
 * @error: return location
 *
 * Opens a stack of images: a dataset of 3 dimensions (frames, rows, columns), or of 2 for a single image. Further
 * dimensions of length 1 are dropped; otherwise the selection says which index of them is meant. Integers and
 * floats of any size and byte order are read; soft and external links are followed.
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
  g_autoptr (ReconHdf5Sources) sources = NULL;
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  g_autofree char *selection = NULL;
  ReconHdf5Shape shape;
  ReconHdf5View view;
  guint batch;
  gsize scratch;

  g_return_val_if_fail (file != NULL, NULL);
  g_return_val_if_fail (dataset != NULL, NULL);

  lock = recon_hdf5_lock ();
  path = g_strconcat (file, ":", dataset, NULL);

  root = recon_hdf5_file_open (file, error);
  if (root < 0)
    return NULL;

  recon_hdf5_view_split_path (root, dataset, &name, &selection);
  plain = recon_hdf5_dataset_open (root, file, name, error);
  if (plain < 0 || !find_sources (plain, path, &sources, error) ||
      !recon_hdf5_shape_check_type (plain, path, &shape, error) ||
      !recon_hdf5_view_init (&view, &shape, selection, path, error) || !recon_hdf5_storage_check (plain, path, error))
    return NULL;

  self = g_object_new (RECON_TYPE_HDF5_READER, NULL);
  self->sources = g_steal_pointer (&sources);
  g_ptr_array_add (self->files, g_strdup (file));
  recon_hdf5_storage_list_files (plain, self->files);
  batch = recon_hdf5_get_batch (plain, &view, 0);
  access = recon_hdf5_create_access (plain, &view, shape.size);

  /* The size of the cache is fixed when a dataset is opened: this handle must be closed by then. */
  recon_hdf5_id_close (plain);
  plain = H5I_INVALID_HID;
  self->dataset = H5Dopen2 (root, name, access);
  if (self->dataset < 0)
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("%s cannot be opened"), path);
      return NULL;
    }

  recon_hdf5_pieces_init (&self->pieces, self->dataset, &shape, &view);
  recon_reader_set_layout (RECON_READER (self), path, self->pieces.n_frames, self->pieces.height, self->pieces.width,
                           shape.type, batch);
  scratch = MAX (recon_hdf5_pieces_get_scratch_bytes (&self->pieces), get_piece_bytes (&shape, &view));
  recon_reader_set_pieces (RECON_READER (self), recon_hdf5_get_batch (self->dataset, &view, 1), scratch);

  return RECON_READER (g_steal_pointer (&self));
}

/**
 * recon_hdf5_reader_describe_missing:
 * @self: a reader
 *
 * Returns: (transfer full) (nullable): what is missing of a virtual dataset, in sentences; %NULL where nothing is
 */
char *
recon_hdf5_reader_describe_missing (ReconHdf5Reader *self)
{
  g_return_val_if_fail (RECON_IS_HDF5_READER (self), NULL);

  if (self->sources == NULL)
    return NULL;

  return recon_hdf5_sources_describe (self->sources, recon_reader_get_path (RECON_READER (self)));
}

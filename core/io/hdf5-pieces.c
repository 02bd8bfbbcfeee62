/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <sys/stat.h>

#include "io/plain-rows.h"

/* HDF5 lets one thread in at a time, and unpacks and converts inside. What is stored in simple ways is therefore only
 * fetched through it, or found with its help, and unpacked and converted by the thread that wants it. Whatever is
 * unusual (a chunk that was never written or has other filters than the others, damage) is left to the library. */

/* Smaller chunks cost more to ask for than to unpack. */
#define LEAST_CHUNK (16 * 1024)

/* Each thread unpacks one. */
#define MOST_CHUNK (128 * 1024 * 1024)

/* HDF5 looks for the n-th chunk by going through those before it. */
#define MOST_ADDRESSES 4096

static hid_t
get_memory_type (ReconSampleType type)
{
  const hid_t types[] = {
    [RECON_SAMPLE_UINT8] = H5T_NATIVE_UINT8,    [RECON_SAMPLE_INT8] = H5T_NATIVE_INT8,
    [RECON_SAMPLE_UINT16] = H5T_NATIVE_UINT16,  [RECON_SAMPLE_INT16] = H5T_NATIVE_INT16,
    [RECON_SAMPLE_UINT32] = H5T_NATIVE_UINT32,  [RECON_SAMPLE_INT32] = H5T_NATIVE_INT32,
    [RECON_SAMPLE_UINT64] = H5T_NATIVE_UINT64,  [RECON_SAMPLE_INT64] = H5T_NATIVE_INT64,
    [RECON_SAMPLE_FLOAT16] = H5T_NATIVE_FLOAT,  [RECON_SAMPLE_FLOAT32] = H5T_NATIVE_FLOAT,
    [RECON_SAMPLE_FLOAT64] = H5T_NATIVE_DOUBLE,
  };

  g_return_val_if_fail (type < G_N_ELEMENTS (types), H5T_NATIVE_FLOAT);

  return types[type];
}

/* Whether samples are stored as they are in memory, and become floats as C converts them. */
static gboolean
find_memory_type (ReconHdf5Pieces *self,
                  hid_t            dataset)
{
  g_auto (ReconHdf5Id) stored = H5Dget_type (dataset);
  hid_t native = get_memory_type (self->type);

  self->memory_type = H5T_NATIVE_FLOAT;
  self->read_as = RECON_SAMPLE_FLOAT32;
  if (stored < 0 || H5Tequal (stored, native) <= 0)
    return FALSE;

  self->memory_type = native;
  self->read_as = self->type;

  return TRUE;
}

/* The file as the operating system has it open, if it is one plain file. It stays open with the dataset. */
static void
find_file (ReconHdf5Pieces *self,
           hid_t            dataset)
{
  g_auto (ReconHdf5Id) file = H5Iget_file_id (dataset);
  g_auto (ReconHdf5Id) access = file >= 0 ? H5Fget_access_plist (file) : H5I_INVALID_HID;
  g_auto (ReconHdf5Id) creation = file >= 0 ? H5Fget_create_plist (file) : H5I_INVALID_HID;
  hsize_t user_block = 1;
  void *handle = NULL;
  struct stat info;

  if (access < 0 || creation < 0 || H5Pget_driver (access) != H5FD_SEC2 ||
      H5Fget_vfd_handle (file, access, &handle) < 0 || handle == NULL || fstat (*(const int *) handle, &info) != 0)
    return;

  self->file = *(const int *) handle;
  self->file_bytes = (guint64) info.st_size;
  /* Addresses count from behind the user block. */
  if (H5Pget_userblock (creation, &user_block) >= 0 && user_block == 0)
    self->fd = self->file;
}

static gboolean
find_plain (ReconHdf5Pieces      *self,
            hid_t                 dataset,
            hid_t                 creation,
            const ReconHdf5Shape *shape)
{
  gsize size = recon_sample_type_get_bytes (self->type);
  guint64 bytes = size;
  haddr_t offset;

  if (H5Pget_external_count (creation) != 0)
    return FALSE;

  offset = H5Dget_offset (dataset);
  if (offset == HADDR_UNDEF || self->fd < 0)
    return FALSE;

  /* From the innermost axis on, whose elements are one behind the other. */
  self->offset = offset;
  for (int i = shape->rank - 1; i >= 0; i--)
    {
      if ((i == self->view.axes[2] && bytes != size) || (i == self->view.axes[1] && bytes != size * self->width))
        return FALSE;
      if (i == self->view.axes[0])
        self->frame_bytes = bytes;
      self->offset += self->view.index[i] * bytes;
      if (!g_uint64_checked_mul (&bytes, bytes, shape->dims[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
find_filters (ReconHdf5Pieces *self,
              hid_t            creation)
{
  int n = H5Pget_nfilters (creation);

  for (int i = 0; i < n; i++)
    {
      unsigned flags, config;
      gsize n_values = 0;

      switch (H5Pget_filter2 (creation, (unsigned) i, &flags, &n_values, NULL, 0, NULL, &config))
        {
        case H5Z_FILTER_SHUFFLE:
          if (i != 0)
            return FALSE;
          self->shuffled = TRUE;
          break;
        case H5Z_FILTER_DEFLATE:
          if (i != n - 1)
            return FALSE;
          self->deflated = TRUE;
          break;
        default:
          return FALSE;
        }
    }

  return n >= 0;
}

static gboolean
find_chunks (ReconHdf5Pieces *self,
             hid_t            creation)
{
  hsize_t dims[H5S_MAX_RANK];
  unsigned options = 0;

  if (H5Pget_chunk (creation, H5S_MAX_RANK, dims) != self->view.rank || H5Pget_chunk_opts (creation, &options) < 0 ||
      options != 0)
    return FALSE;

  /* Chunks with images of several indexes are for the library. */
  for (int i = recon_hdf5_view_get_other (&self->view, 0); i >= 0; i = recon_hdf5_view_get_other (&self->view, i + 1))
    if (dims[i] != 1)
      return FALSE;

  self->chunk_bytes = recon_sample_type_get_bytes (self->type);
  for (int i = 0; i < 3; i++)
    {
      hsize_t size = self->view.axes[i] < 0 ? 1 : dims[self->view.axes[i]];

      if (size == 0 || size > G_MAXINT32 || !g_size_checked_mul (&self->chunk_bytes, self->chunk_bytes, size))
        return FALSE;
      self->chunk[i] = (guint) size;
    }

  return self->chunk_bytes >= LEAST_CHUNK && self->chunk_bytes <= MOST_CHUNK && find_filters (self, creation);
}

static gboolean
is_in_view (const ReconHdf5View *view,
            const hsize_t       *offset)
{
  for (int i = recon_hdf5_view_get_other (view, 0); i >= 0; i = recon_hdf5_view_get_other (view, i + 1))
    if (offset[i] != view->index[i])
      return FALSE;

  return TRUE;
}

/* Where chunks are that need no unpacking: of those, only the rows that are wanted are read. */
static void
find_addresses (ReconHdf5Pieces *self,
                hid_t            dataset)
{
  g_auto (ReconHdf5Id) space = H5Dget_space (dataset);
  g_autofree guint64 *addresses = NULL;
  guint n_down = (self->height - 1) / self->chunk[1] + 1;
  guint64 n_all = (guint64) ((self->n_frames - 1) / self->chunk[0] + 1) * n_down;
  hsize_t n = 0;

  if (self->shuffled || self->deflated || self->chunk[2] < self->width || n_all > MOST_ADDRESSES || self->fd < 0 ||
      space < 0 || H5Dget_num_chunks (dataset, space, &n) < 0 || n > MOST_ADDRESSES)
    return;

  addresses = g_new0 (guint64, n_all);
  for (hsize_t i = 0; i < n; i++)
    {
      hsize_t offset[H5S_MAX_RANK], bytes;
      haddr_t address;
      unsigned left_out;
      guint64 k;

      if (H5Dget_chunk_info (dataset, space, i, offset, &left_out, &address, &bytes) < 0)
        return;

      if (!is_in_view (&self->view, offset))
        continue;
      k = (self->view.axes[0] >= 0 ? offset[self->view.axes[0]] / self->chunk[0] * n_down : 0) +
          offset[self->view.axes[1]] / self->chunk[1];
      if (k < n_all && bytes == self->chunk_bytes && address != HADDR_UNDEF)
        addresses[k] = address;
    }

  self->addresses = g_steal_pointer (&addresses);
}

/**
 * recon_hdf5_pieces_clear:
 * @self: how a dataset is stored
 *
 * Frees what was allocated.
 */
void
recon_hdf5_pieces_clear (ReconHdf5Pieces *self)
{
  g_clear_pointer (&self->addresses, g_free);
}

/**
 * recon_hdf5_pieces_init:
 * @self: (out caller-allocates): how the dataset is stored
 * @dataset: an open dataset of images, which stays open as long as @self is used
 * @shape: its shape
 * @view: which elements of it are images
 *
 * The lock is held.
 */
void
recon_hdf5_pieces_init (ReconHdf5Pieces      *self,
                        hid_t                 dataset,
                        const ReconHdf5Shape *shape,
                        const ReconHdf5View  *view)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);

  *self = (ReconHdf5Pieces) {
    .way = RECON_HDF5_BY_LIBRARY,
    .view = *view,
    .n_frames = view->n[0],
    .height = view->n[1],
    .width = view->n[2],
    .type = shape->type,
    .file = -1,
    .fd = -1,
  };

  find_file (self, dataset);
  if (!find_memory_type (self, dataset) || creation < 0)
    return;

  if (H5Pget_layout (creation) == H5D_CONTIGUOUS && find_plain (self, dataset, creation, shape))
    self->way = RECON_HDF5_PLAIN;
  else if (H5Pget_layout (creation) == H5D_CHUNKED && find_chunks (self, creation))
    self->way = RECON_HDF5_CHUNKS;

  if (self->way == RECON_HDF5_CHUNKS)
    find_addresses (self, dataset);
}

/**
 * recon_hdf5_pieces_is_cut:
 * @self: how a dataset is stored
 *
 * HDF5 gives zeros for what lies beyond the end of a file.
 *
 * Returns: whether the file has become shorter since it was opened
 */
gboolean
recon_hdf5_pieces_is_cut (const ReconHdf5Pieces *self)
{
  struct stat info;

  return self->file >= 0 && (fstat (self->file, &info) != 0 || (guint64) info.st_size < self->file_bytes);
}

static gsize
row_bytes (const ReconHdf5Pieces *self)
{
  return self->width * recon_sample_type_get_bytes (self->type);
}

/**
 * recon_hdf5_pieces_get_scratch_bytes:
 * @self: how a dataset is stored
 *
 * Returns: memory that a thread takes for recon_hdf5_pieces_read()
 */
gsize
recon_hdf5_pieces_get_scratch_bytes (const ReconHdf5Pieces *self)
{
  switch (self->way)
    {
    case RECON_HDF5_PLAIN:
      return recon_plain_rows_scratch_bytes (row_bytes (self), self->height);
    case RECON_HDF5_CHUNKS:
      if (self->addresses != NULL)
        return recon_plain_rows_scratch_bytes (self->chunk[2] * recon_sample_type_get_bytes (self->type), self->height);
      return self->chunk_bytes + (self->deflated ? RECON_HDF5_MOST_STORED (self->chunk_bytes) : 0) + row_bytes (self);
    case RECON_HDF5_BY_LIBRARY:
    default:
      return 0;
    }
}

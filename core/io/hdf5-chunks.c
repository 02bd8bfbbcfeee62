/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-chunks.h"

#include "io/hdf5-guard.h"

/* The most that unpacked chunks may take beside what is read. */
#define MAX_CACHE ((guint64) 32 << 20)

/* HDF5's own size of the cache. */
#define MIN_CACHE ((guint64) 1 << 20)

/**
 * recon_hdf5_count_unwritten:
 * @dataset: a dataset
 * @n_chunks: (out): number of chunks that it should have
 *
 * Counts what a scan that was stopped early leaves out. The lock is held.
 *
 * Returns: number of chunks that were never written and read as the fill value, mostly 0
 */
guint64
recon_hdf5_count_unwritten (hid_t    dataset,
                            guint64 *n_chunks)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);
  g_auto (ReconHdf5Id) space = H5Dget_space (dataset);
  hsize_t chunk[H5S_MAX_RANK], n_written = 0;
  ReconHdf5Shape shape;

  *n_chunks = 1;

  if (creation < 0 || space < 0 || H5Pget_layout (creation) != H5D_CHUNKED || !recon_hdf5_shape_get (dataset, &shape))
    return 0;
  if (H5Pget_chunk (creation, H5S_MAX_RANK, chunk) != shape.rank)
    return 0;

  for (int i = 0; i < shape.rank; i++)
    if (chunk[i] == 0 || !g_uint64_checked_mul (n_chunks, *n_chunks, (shape.dims[i] + chunk[i] - 1) / chunk[i]))
      return 0;

  if (H5Dget_num_chunks (dataset, space, &n_written) < 0 || n_written >= *n_chunks)
    return 0;

  return *n_chunks - n_written;
}

/* The chunk of a dataset of images as frames, rows and columns; and the samples in it, some perhaps of other images. */
static gboolean
get_chunk (hid_t                dataset,
           const ReconHdf5View *view,
           guint64              chunk[3],
           guint64             *n_samples)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);
  hsize_t dims[H5S_MAX_RANK];

  *n_samples = 1;

  if (creation < 0 || H5Pget_layout (creation) != H5D_CHUNKED)
    return FALSE;
  if (H5Pget_chunk (creation, H5S_MAX_RANK, dims) != view->rank)
    return FALSE;

  for (int i = 0; i < view->rank; i++)
    if (!g_uint64_checked_mul (n_samples, *n_samples, dims[i]))
      *n_samples = G_MAXUINT64;

  for (int i = 0; i < 3; i++)
    {
      chunk[i] = view->axes[i] < 0 ? 1 : dims[view->axes[i]];
      /* HDF5 has none such, but a damaged file may. */
      if (chunk[i] == 0 || chunk[i] > G_MAXUINT32)
        return FALSE;
    }

  return TRUE;
}

/**
 * recon_hdf5_get_batch:
 * @dataset: a dataset
 * @view: which elements of it are images
 *
 * Returns: how many frames a chunk spans; 1 where there are no chunks. The lock is held.
 */
guint
recon_hdf5_get_batch (hid_t                dataset,
                      const ReconHdf5View *view)
{
  guint64 chunk[3], n_samples;

  if (!get_chunk (dataset, view, chunk, &n_samples))
    return 1;

  return (guint) MIN (chunk[0], MAX (view->n[0], 1));
}

/**
 * recon_hdf5_get_batch_rows:
 * @dataset: a dataset
 * @view: which elements of it are images
 *
 * Returns: how many rows a chunk spans; 1 where there are no chunks. The lock is held.
 */
guint
recon_hdf5_get_batch_rows (hid_t                dataset,
                           const ReconHdf5View *view)
{
  guint64 chunk[3], n_samples;

  if (!get_chunk (dataset, view, chunk, &n_samples))
    return 1;

  return (guint) MIN (chunk[1], MAX (view->n[1], 1));
}

/**
 * recon_hdf5_create_access:
 * @dataset: a dataset
 * @view: which elements of it are images
 * @sample_bytes: size of one
 *
 * A call of H5Dread() unpacks each chunk once whatever the cache is. The cache is for calls that follow: it holds
 * a layer of chunks (all rows of a batch of frames) if that is not too much, so that reading row range after row range
 * of the same frames unpacks nothing twice; else a row of chunks, else one. The lock is held.
 *
 * Returns: a property list to open @dataset with
 */
ReconHdf5Id
recon_hdf5_create_access (hid_t                dataset,
                          const ReconHdf5View *view,
                          gsize                sample_bytes)
{
  ReconHdf5Id access = recon_hdf5_dataset_access_new ();
  guint64 chunk[3], n_samples, bytes, n = 1, row, layer;
  guint slots;

  if (access < 0 || !get_chunk (dataset, view, chunk, &n_samples))
    return access;

  row = (view->n[2] + chunk[2] - 1) / chunk[2];
  if (!g_uint64_checked_mul (&bytes, n_samples, sample_bytes) || bytes > MAX_CACHE || bytes == 0 ||
      !g_uint64_checked_mul (&layer, row, (view->n[1] + chunk[1] - 1) / chunk[1]))
    return access;

  if (layer <= MAX_CACHE / bytes)
    n = layer;
  else if (row <= MAX_CACHE / bytes)
    n = row;

  /* Chunks whose numbers fall on the same slot drive each other out. */
  slots = g_spaced_primes_closest ((guint) MAX (10 * n, 521));
  H5Pset_chunk_cache (access, slots, MAX (n * bytes, MIN_CACHE), H5D_CHUNK_CACHE_W0_DEFAULT);

  return access;
}

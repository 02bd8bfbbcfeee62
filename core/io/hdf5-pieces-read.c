/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include "io/plain-rows.h"

/* Reading what hdf5-pieces.c has found, by several threads at once. */

static gsize
row_bytes (const ReconHdf5Pieces *self)
{
  return self->width * recon_sample_type_get_bytes (self->type);
}

static gboolean
read_plain (const ReconHdf5Pieces *self,
            const ReconReading    *reading,
            ReconHdf5Unpacker     *unpacker,
            GCancellable          *cancellable)
{
  gsize n_rows = (gsize) reading->lines.n * reading->lines.height;

  for (guint i = 0; i < reading->n_frames; i++)
    {
      ReconPlainRows rows = { self->fd, self->offset + reading->frames[i] * self->frame_bytes, row_bytes (self),
                              self->height, self->type };

      if (g_cancellable_is_cancelled (cancellable) ||
          !recon_plain_rows_read (&rows, reading, 0, n_rows, reading->pixels + i * reading->frame_pitch,
                                  &unpacker->row))
        return FALSE;
    }

  return TRUE;
}

/* The chunk as it is stored, with HDF5's lock. */
static gboolean
fetch_chunk (const ReconHdf5Pieces *self,
             hid_t                  dataset,
             const hsize_t          offset[3],
             ReconHdf5Unpacker     *unpacker,
             gsize                 *n_stored)
{
  ReconScratch *scratch = self->deflated ? &unpacker->stored : &unpacker->chunk;
  gsize most = self->deflated ? RECON_HDF5_MOST_STORED (self->chunk_bytes) : self->chunk_bytes;
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  hsize_t start[H5S_MAX_RANK];
  guint32 left_out = 0;
  hsize_t n = 0;

  recon_hdf5_view_get_offset (&self->view, offset, start);
  if (H5Dget_chunk_storage_size (dataset, start, &n) < 0 || n == 0 || n > most ||
      (!self->deflated && n != self->chunk_bytes) || recon_scratch_get (scratch, most) == NULL)
    return FALSE;

  *n_stored = n;

  return H5Dread_chunk (dataset, H5P_DEFAULT, start, &left_out, scratch->data) >= 0 && left_out == 0;
}

static gboolean
inflate_chunk (const ReconHdf5Pieces *self,
               ReconHdf5Unpacker     *unpacker,
               gsize                  n_stored)
{
  guint8 *chunk = recon_scratch_get (&unpacker->chunk, self->chunk_bytes);
  gsize done_in = 0, done_out = 0;
  guint8 beyond;

  if (chunk == NULL)
    return FALSE;

  if (unpacker->inflater == NULL)
    unpacker->inflater = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  g_converter_reset (unpacker->inflater);

  /* The end of the data, with its checksum, is only seen with room for more. */
  while (TRUE)
    {
      gboolean full = done_out == self->chunk_bytes;
      gsize n_in = 0, n_out = 0;
      GConverterResult result =
        g_converter_convert (unpacker->inflater, (const guint8 *) unpacker->stored.data + done_in, n_stored - done_in,
                             full ? &beyond : chunk + done_out, full ? 1 : self->chunk_bytes - done_out,
                             G_CONVERTER_INPUT_AT_END, &n_in, &n_out, NULL);

      done_in += n_in;
      if (result == G_CONVERTER_ERROR || (full && n_out > 0))
        return FALSE;
      done_out += n_out;
      if (result == G_CONVERTER_FINISHED)
        return done_out == self->chunk_bytes;
    }
}

/* Samples of a chunk from sample @start on, in the order of their bytes in memory. */
static gconstpointer
get_samples (const ReconHdf5Pieces *self,
             ReconHdf5Unpacker     *unpacker,
             gsize                  start,
             guint                  n)
{
  gsize size = recon_sample_type_get_bytes (self->type);
  gsize n_samples = self->chunk_bytes / size;
  const guint8 *chunk = unpacker->chunk.data;
  guint8 *row;

  if (!self->shuffled || size == 1)
    return chunk + start * size;

  row = unpacker->row.data;
  for (gsize b = 0; b < size; b++)
    for (guint i = 0; i < n; i++)
      row[i * size + b] = chunk[b * n_samples + start + i];

  return row;
}

/* The part of rows [first, last] of the lines that lies in rows [start, stop) of the images: their numbers [a, b). */
static void
find_rows (const ReconLines *lines,
           guint             start,
           guint             stop,
           gsize            *a,
           gsize            *b)
{
  gsize n = (gsize) lines->n * lines->height;

  if (lines->height == lines->stride)
    {
      *a = start > lines->first ? start - lines->first : 0;
      *b = stop > lines->first ? MIN (stop - lines->first, n) : 0;
      return;
    }

  /* From the line that is at or before @start. */
  *a = start > lines->first ? (gsize) ((start - lines->first) / lines->stride) * lines->height : 0;
  while (*a < n && recon_lines_get_row (lines, *a) < start)
    (*a)++;
  *b = *a;
  while (*b < n && recon_lines_get_row (lines, *b) < stop)
    (*b)++;
}

typedef struct
{
  guint first; /* frames of the reading: [first, end) lie in one layer of chunks */
  guint end;
  guint layer;
} Layer;

/* What is wanted of one chunk. */
static void
scatter_chunk (const ReconHdf5Pieces *self,
               const ReconReading    *reading,
               const Layer           *layer,
               const hsize_t          offset[3],
               gsize                  first_row,
               gsize                  end_row,
               ReconHdf5Unpacker     *unpacker)
{
  guint start = MAX ((guint) offset[2], reading->column);
  guint stop = (guint) MIN (offset[2] + self->chunk[2], (guint64) reading->column + reading->n_columns);

  for (guint i = layer->first; i < layer->end; i++)
    for (gsize k = first_row; k < end_row; k++)
      {
        gsize y = recon_lines_get_row (&reading->lines, k) - offset[1];
        gsize sample = ((reading->frames[i] - offset[0]) * self->chunk[1] + y) * self->chunk[2] + (start - offset[2]);

        recon_samples_to_float (self->type, get_samples (self, unpacker, sample, stop - start), stop - start,
                                reading->pixels + i * reading->frame_pitch + k * reading->row_pitch +
                                  (start - reading->column));
      }
}

/* A chunk that needs no unpacking, at rows from @y on. */
static gboolean
read_plain_chunk (const ReconHdf5Pieces *self,
                  const ReconReading    *reading,
                  const Layer           *layer,
                  guint                  y,
                  gsize                  first_row,
                  gsize                  end_row,
                  ReconHdf5Unpacker     *unpacker)
{
  gsize chunk_row_bytes = self->chunk[2] * recon_sample_type_get_bytes (self->type);
  guint64 k = (guint64) layer->layer * ((self->height - 1) / self->chunk[1] + 1) + y / self->chunk[1];
  guint64 address = self->addresses[k];

  if (address == 0)
    return FALSE;

  for (guint i = layer->first; i < layer->end; i++)
    {
      guint64 above = reading->frames[i] % self->chunk[0] * (guint64) self->chunk[1];
      ReconPlainRows rows = { self->fd, address + above * chunk_row_bytes - (guint64) y * chunk_row_bytes,
                              chunk_row_bytes, self->height, self->type };

      if (!recon_plain_rows_read (&rows, reading, first_row, end_row, reading->pixels + i * reading->frame_pitch,
                                  &unpacker->row))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_layer (const ReconHdf5Pieces *self,
            hid_t                  dataset,
            const ReconReading    *reading,
            const Layer           *layer,
            ReconHdf5Unpacker     *unpacker,
            GCancellable          *cancellable)
{
  const ReconLines *lines = &reading->lines;
  guint64 end = (guint64) reading->column + reading->n_columns;
  gsize n_rows = (gsize) lines->n * lines->height;
  gsize first_row = 0, end_row;

  for (; first_row < n_rows; first_row = end_row)
    {
      guint y = recon_lines_get_row (lines, first_row) / self->chunk[1] * self->chunk[1];

      find_rows (lines, y, (guint) MIN ((guint64) y + self->chunk[1], self->height), &first_row, &end_row);

      if (self->addresses != NULL)
        {
          if (g_cancellable_is_cancelled (cancellable) ||
              !read_plain_chunk (self, reading, layer, y, first_row, end_row, unpacker))
            return FALSE;
          continue;
        }

      for (guint64 x = reading->column / self->chunk[2] * self->chunk[2]; x < end; x += self->chunk[2])
        {
          const hsize_t offset[3] = { (hsize_t) layer->layer * self->chunk[0], y, x };
          gsize n_stored;

          if (g_cancellable_is_cancelled (cancellable) ||
              !fetch_chunk (self, dataset, offset, unpacker, &n_stored) ||
              (self->deflated && !inflate_chunk (self, unpacker, n_stored)))
            return FALSE;

          scatter_chunk (self, reading, layer, offset, first_row, end_row, unpacker);
        }
    }

  return TRUE;
}

static gboolean
read_chunks (const ReconHdf5Pieces *self,
             hid_t                  dataset,
             const ReconReading    *reading,
             ReconHdf5Unpacker     *unpacker,
             GCancellable          *cancellable)
{
  Layer layer;

  if (recon_scratch_get (&unpacker->row, row_bytes (self)) == NULL)
    return FALSE;

  for (layer.first = 0; layer.first < reading->n_frames; layer.first = layer.end)
    {
      layer.layer = reading->frames[layer.first] / self->chunk[0];
      layer.end = layer.first + 1;
      while (layer.end < reading->n_frames && reading->frames[layer.end] / self->chunk[0] == layer.layer)
        layer.end++;

      if (!read_layer (self, dataset, reading, &layer, unpacker, cancellable))
        return FALSE;
    }

  return TRUE;
}

/**
 * recon_hdf5_pieces_read:
 * @self: how the dataset is stored
 * @dataset: the dataset
 * @reading: what to read
 * @unpacker: memory of this thread
 * @cancellable: (nullable): to stop early
 *
 * Reads without HDF5 as far as possible. The lock is not held.
 *
 * Returns: %FALSE where this was cancelled, or where the library should try: it will know why if it cannot either
 */
gboolean
recon_hdf5_pieces_read (const ReconHdf5Pieces *self,
                        hid_t                  dataset,
                        const ReconReading    *reading,
                        ReconHdf5Unpacker     *unpacker,
                        GCancellable          *cancellable)
{
  switch (self->way)
    {
    case RECON_HDF5_PLAIN:
      return read_plain (self, reading, unpacker, cancellable);
    case RECON_HDF5_CHUNKS:
      return read_chunks (self, dataset, reading, unpacker, cancellable);
    case RECON_HDF5_BY_LIBRARY:
    default:
      return FALSE;
    }
}

/**
 * recon_hdf5_unpacker_free:
 * @self: (transfer full): an unpacker from g_new0()
 */
void
recon_hdf5_unpacker_free (ReconHdf5Unpacker *self)
{
  recon_scratch_clear (&self->stored);
  recon_scratch_clear (&self->chunk);
  recon_scratch_clear (&self->row);
  g_clear_object (&self->inflater);
  g_free (self);
}

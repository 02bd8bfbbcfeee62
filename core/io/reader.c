/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/reader.h"

#include <glib/gi18n-lib.h>

#include "base/fail.h"

/* A single image that has one value everywhere: a dark or flat of which a file says no more. */
#define RECON_TYPE_UNIFORM_READER (recon_uniform_reader_get_type ())
G_DECLARE_FINAL_TYPE (ReconUniformReader, recon_uniform_reader, RECON, UNIFORM_READER, ReconReader)

typedef struct
{
  char            *path;
  guint            n_frames;
  guint            height;
  guint            width;
  guint            batch;
  guint            batch_rows;
  gsize            scratch_bytes;
  ReconSampleType  type;
} ReconReaderPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ReconReader, recon_reader, G_TYPE_OBJECT)

/**
 * recon_sample_type_get_name:
 * @type: a type
 *
 * Returns: its name as users know it, such as "uint16"
 */
const char *
recon_sample_type_get_name (ReconSampleType type)
{
  static const char *const names[] = {
    "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32", "float64",
  };

  g_return_val_if_fail (type < G_N_ELEMENTS (names), NULL);

  return names[type];
}

static void
recon_reader_finalize (GObject *object)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (RECON_READER (object));

  g_free (priv->path);

  G_OBJECT_CLASS (recon_reader_parent_class)->finalize (object);
}

static void
recon_reader_class_init (ReconReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_reader_finalize;
}

static void
recon_reader_init (ReconReader *self)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  priv->batch_rows = 1;
}

/**
 * recon_reader_set_layout:
 * @self: a reader that is being opened
 * @path: what the user calls it, for messages
 * @n_frames: number of images
 * @height: rows of an image
 * @width: columns of an image
 * @type: what a sample is in the file
 * @batch: number of images that are best read in one call
 *
 * For subclasses only.
 */
void
recon_reader_set_layout (ReconReader     *self,
                         const char      *path,
                         guint            n_frames,
                         guint            height,
                         guint            width,
                         ReconSampleType  type,
                         guint            batch)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_if_fail (RECON_IS_READER (self));
  g_return_if_fail (batch > 0);

  g_free (priv->path);
  priv->path = g_strdup (path);
  priv->n_frames = n_frames;
  priv->height = height;
  priv->width = width;
  priv->type = type;
  priv->batch = batch;
}

/**
 * recon_reader_set_pieces:
 * @self: a reader that is being opened
 * @batch_rows: number of rows that are best read by one thread
 * @scratch_bytes: memory that a thread takes while it reads
 *
 * For subclasses only. Without it, rows are read as well one by one, with next to no memory.
 */
void
recon_reader_set_pieces (ReconReader *self,
                         guint        batch_rows,
                         gsize        scratch_bytes)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_if_fail (RECON_IS_READER (self));
  g_return_if_fail (batch_rows > 0);

  priv->batch_rows = batch_rows;
  priv->scratch_bytes = scratch_bytes;
}

const char *
recon_reader_get_path (ReconReader *self)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_READER (self), NULL);

  return priv->path;
}

guint
recon_reader_get_n_frames (ReconReader *self)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_READER (self), 0);

  return priv->n_frames;
}

guint
recon_reader_get_height (ReconReader *self)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_READER (self), 0);

  return priv->height;
}

guint
recon_reader_get_width (ReconReader *self)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_READER (self), 0);

  return priv->width;
}

ReconSampleType
recon_reader_get_sample_type (ReconReader *self)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_READER (self), RECON_SAMPLE_FLOAT32);

  return priv->type;
}

/**
 * recon_reader_get_batch:
 * @self: a reader
 *
 * Returns: the number of images that are best read in one call, such as the depth of a chunk; reads
 *   that start at a multiple of it are the cheapest
 */
guint
recon_reader_get_batch (ReconReader *self)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_READER (self), 1);

  return priv->batch;
}

/**
 * recon_reader_get_batch_rows:
 * @self: a reader
 *
 * Returns: the number of rows that are best read by one thread, such as the height of a chunk: two threads that read
 *   from the same multiple of it both unpack it
 */
guint
recon_reader_get_batch_rows (ReconReader *self)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_READER (self), 1);

  return priv->batch_rows;
}

/**
 * recon_reader_get_scratch_bytes:
 * @self: a reader
 *
 * Returns: the memory that each thread that reads takes besides the samples it reads. It is kept for later readings.
 */
gsize
recon_reader_get_scratch_bytes (ReconReader *self)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_READER (self), 0);

  return priv->scratch_bytes;
}

static gboolean
check_rows (ReconReader  *self,
            guint         frame,
            guint         last_frame,
            guint         row,
            guint64       end,
            GError      **error)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);

  if (last_frame < priv->n_frames && end <= priv->height)
    return TRUE;

  return recon_fail (error, RECON_ERROR_READ,
                     _ ("%s holds %u images of %u rows; images %u to %u, rows %u to %" G_GUINT64_FORMAT " do not "
                        "exist."),
                     priv->path, priv->n_frames, priv->height, frame, last_frame, row, end - 1);
}

/**
 * recon_reader_check:
 * @self: a reader
 * @frames: (array length=n_frames): images that will be read, all of which exist
 * @n_frames: number of images
 * @row: first row of each image that will be read
 * @n_rows: number of rows, which exist
 * @error: return location
 *
 * Looks for all files that the images are in, as far as that has a meaning for the format: what a virtual dataset of
 * HDF5 lacks would otherwise read as zeros. Nothing is read; reading it would fail with the same error.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT, what is missing and how much
 */
gboolean
recon_reader_check (ReconReader  *self,
                    const guint  *frames,
                    guint         n_frames,
                    guint         row,
                    guint         n_rows,
                    GError      **error)
{
  ReconReaderClass *klass = RECON_READER_GET_CLASS (self);

  g_return_val_if_fail (RECON_IS_READER (self), FALSE);

  if (klass->check == NULL || n_frames == 0 || n_rows == 0)
    return TRUE;

  return klass->check (self, frames, n_frames, row, n_rows, error);
}

/**
 * recon_reader_list_files:
 * @self: a reader
 * @files: (element-type filename): gets the files that the images are in, those included that they link to
 *
 * A file may come several times.
 */
void
recon_reader_list_files (ReconReader *self,
                         GPtrArray   *files)
{
  ReconReaderClass *klass = RECON_READER_GET_CLASS (self);

  g_return_if_fail (RECON_IS_READER (self));

  if (klass->list_files != NULL)
    klass->list_files (self, files);
}

/**
 * recon_reader_read:
 * @self: a reader
 * @frame: first image, counted from 0
 * @n_frames: number of images
 * @row: first row of each image, counted from 0
 * @n_rows: number of rows
 * @pixels: (out caller-allocates): n_frames × n_rows × width samples
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads the same rows of several successive images as float32. Integers of more than 24 bits and
 * float64 are rounded.
 *
 * Returns: %FALSE with #RECON_ERROR_READ and the file's name, or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_reader_read (ReconReader   *self,
                   guint          frame,
                   guint          n_frames,
                   guint          row,
                   guint          n_rows,
                   float         *pixels,
                   GCancellable  *cancellable,
                   GError       **error)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);
  g_autofree guint *frames = NULL;
  ReconReading reading;

  g_return_val_if_fail (RECON_IS_READER (self), FALSE);
  g_return_val_if_fail (pixels != NULL, FALSE);

  if (n_frames == 0 || n_rows == 0)
    return TRUE;
  if (n_frames > priv->n_frames || frame > priv->n_frames - n_frames)
    return check_rows (self, frame, (guint) MIN ((guint64) frame + n_frames - 1, G_MAXUINT), row,
                       (guint64) row + n_rows, error);

  frames = g_new (guint, n_frames);
  for (guint i = 0; i < n_frames; i++)
    frames[i] = frame + i;

  reading = (ReconReading) {
    .frames = frames,
    .n_frames = n_frames,
    .lines = { row, n_rows, n_rows, 1 },
    .n_columns = priv->width,
    .pixels = pixels,
    .frame_pitch = (gsize) n_rows * priv->width,
    .row_pitch = priv->width,
  };

  return recon_reader_read_lines (self, &reading, cancellable, error);
}

/**
 * recon_reader_read_lines:
 * @self: a reader
 * @reading: what to read, and to where
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * As recon_reader_read(), for any frames and for a part of their rows and columns. Frames of one batch that follow each
 * other in @reading are read together.
 *
 * Returns: %FALSE with #RECON_ERROR_READ and the file's name, or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_reader_read_lines (ReconReader         *self,
                         const ReconReading  *reading,
                         GCancellable        *cancellable,
                         GError             **error)
{
  ReconReaderPrivate *priv = recon_reader_get_instance_private (self);
  const ReconLines *lines = &reading->lines;
  guint64 end;

  g_return_val_if_fail (RECON_IS_READER (self), FALSE);
  g_return_val_if_fail (reading->pixels != NULL, FALSE);
  g_return_val_if_fail (lines->height <= lines->stride, FALSE);
  g_return_val_if_fail (reading->column <= priv->width && reading->n_columns <= priv->width - reading->column, FALSE);

  if (reading->n_frames == 0 || lines->n == 0 || lines->height == 0 || reading->n_columns == 0)
    return TRUE;

  end = lines->first + (guint64) (lines->n - 1) * lines->stride + lines->height;
  for (guint i = 0; i < reading->n_frames; i++)
    if (!check_rows (self, reading->frames[i], reading->frames[i], lines->first, end, error))
      return FALSE;

  return RECON_READER_GET_CLASS (self)->read (self, reading, cancellable, error);
}

struct _ReconUniformReader
{
  ReconReader parent_instance;

  float       value;
};

G_DEFINE_FINAL_TYPE (ReconUniformReader, recon_uniform_reader, RECON_TYPE_READER)

static gboolean
recon_uniform_reader_read (ReconReader         *reader,
                           const ReconReading  *reading,
                           GCancellable        *cancellable,
                           GError             **error)
{
  ReconUniformReader *self = RECON_UNIFORM_READER (reader);
  gsize n_rows = (gsize) reading->lines.n * reading->lines.height;

  for (guint i = 0; i < reading->n_frames; i++)
    for (gsize k = 0; k < n_rows; k++)
      for (guint c = 0; c < reading->n_columns; c++)
        reading->pixels[i * reading->frame_pitch + k * reading->row_pitch + c] = self->value;

  return TRUE;
}

static void
recon_uniform_reader_class_init (ReconUniformReaderClass *klass)
{
  RECON_READER_CLASS (klass)->read = recon_uniform_reader_read;
}

static void
recon_uniform_reader_init (ReconUniformReader *self)
{
}

/**
 * recon_uniform_reader_new:
 * @path: where the value is from, for messages
 * @height: rows
 * @width: columns
 * @value: the value of all pixels
 *
 * Returns: (transfer full): the reader of one image
 */
ReconReader *
recon_uniform_reader_new (const char *path,
                          guint       height,
                          guint       width,
                          double      value)
{
  ReconUniformReader *self = g_object_new (RECON_TYPE_UNIFORM_READER, NULL);

  self->value = (float) value;
  recon_reader_set_layout (RECON_READER (self), path, 1, height, width, RECON_SAMPLE_FLOAT32, 1);

  return RECON_READER (self);
}

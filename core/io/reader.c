/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/reader.h"

#include <glib/gi18n-lib.h>

#include "error.h"

typedef struct
{
  char            *path;
  guint            n_frames;
  guint            height;
  guint            width;
  guint            batch;
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

  g_return_val_if_fail (RECON_IS_READER (self), FALSE);
  g_return_val_if_fail (pixels != NULL, FALSE);

  if (frame > priv->n_frames || n_frames > priv->n_frames - frame || row > priv->height || n_rows > priv->height - row)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                   _ ("%s holds %u images of %u rows; images %u to %u, rows %u to %u do not exist."),
                   priv->path, priv->n_frames, priv->height, frame, frame + n_frames, row, row + n_rows);
      return FALSE;
    }

  return RECON_READER_GET_CLASS (self)->read (self, frame, n_frames, row, n_rows, pixels, cancellable, error);
}

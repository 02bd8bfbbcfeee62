/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/writer.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/output-files.h"

typedef struct
{
  char        *result;
  char        *partial;
  char        *ledger;
  char        *partial_ledger;

  ReconVolume  volume; /* owns what it points to */
  gboolean     overwrite;
  gboolean     opened;
  gsize        n_pixels; /* of a slice */
  gpointer     grey;     /* (nullable): a slice as integers */
  guint8      *done;     /* slices that are written */
} ReconWriterPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ReconWriter, recon_writer, G_TYPE_OBJECT)

static void
volume_clear (ReconVolume *self)
{
  g_free ((gpointer) self->numbers);
  g_free ((gpointer) self->detector_row);
  g_free ((gpointer) self->configuration);
  g_free ((gpointer) self->description);
  memset (self, 0, sizeof *self);
}

static void
volume_copy (ReconVolume       *self,
             const ReconVolume *from)
{
  *self = *from;
  self->numbers = g_memdup2 (from->numbers, from->n_slices * sizeof (guint));
  self->detector_row = g_memdup2 (from->detector_row, from->n_slices * sizeof (double));
  self->configuration = g_strdup (from->configuration);
  self->description = g_strdup (from->description);
}

static void
recon_writer_finalize (GObject *object)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (RECON_WRITER (object));

  g_free (priv->result);
  g_free (priv->partial);
  g_free (priv->ledger);
  g_free (priv->partial_ledger);
  g_free (priv->grey);
  g_free (priv->done);
  volume_clear (&priv->volume);

  G_OBJECT_CLASS (recon_writer_parent_class)->finalize (object);
}

static void
recon_writer_class_init (ReconWriterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = recon_writer_finalize;
}

static void
recon_writer_init (ReconWriter *self)
{
}

/**
 * recon_writer_set_paths:
 * @self: a writer that is being made
 * @result: the file or folder that will hold the slices
 * @partial: what it is called until it is complete
 * @ledger: the record of the run, beside or in the result
 * @partial_ledger: what that is called until the result is complete
 *
 * For subclasses only.
 */
void
recon_writer_set_paths (ReconWriter *self,
                        const char  *result,
                        const char  *partial,
                        const char  *ledger,
                        const char  *partial_ledger)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_if_fail (RECON_IS_WRITER (self));
  g_return_if_fail (priv->result == NULL);

  priv->result = g_strdup (result);
  priv->partial = g_strdup (partial);
  priv->ledger = g_strdup (ledger);
  priv->partial_ledger = g_strdup (partial_ledger);
}

/**
 * recon_writer_get_path:
 * @self: a writer
 *
 * Returns: the file or folder that holds the slices after recon_writer_finish()
 */
const char *
recon_writer_get_path (ReconWriter *self)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_WRITER (self), NULL);

  return priv->result;
}

/**
 * recon_writer_get_partial:
 * @self: a writer
 *
 * Returns: the file or folder that holds them until then
 */
const char *
recon_writer_get_partial (ReconWriter *self)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_WRITER (self), NULL);

  return priv->partial;
}

/**
 * recon_writer_get_ledger:
 * @self: a writer
 *
 * Returns: where the ledger is after recon_writer_finish()
 */
const char *
recon_writer_get_ledger (ReconWriter *self)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_WRITER (self), NULL);

  return priv->ledger;
}

/**
 * recon_writer_get_partial_ledger:
 * @self: a writer
 *
 * Returns: where the ledger is to be written. Its folder exists once recon_writer_open() has succeeded, which
 *   removes an old ledger where it starts anew.
 */
const char *
recon_writer_get_partial_ledger (ReconWriter *self)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_WRITER (self), NULL);

  return priv->partial_ledger;
}

/**
 * recon_writer_find_ledger:
 * @self: a writer
 *
 * Returns: the ledger of an earlier run to go on from: where it is until the result is complete, or, where there is
 *   only that one, that of a complete result
 */
const char *
recon_writer_find_ledger (ReconWriter *self)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_WRITER (self), NULL);

  return !recon_file_exists (AT_FDCWD, priv->partial_ledger) && recon_file_exists (AT_FDCWD, priv->ledger)
             ? priv->ledger
             : priv->partial_ledger;
}

/**
 * recon_writer_set_overwrite:
 * @self: a writer that is not open
 * @overwrite: whether it may replace an earlier result; without a word it may not
 */
void
recon_writer_set_overwrite (ReconWriter *self,
                            gboolean     overwrite)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_if_fail (RECON_IS_WRITER (self));
  g_return_if_fail (!priv->opened);

  priv->overwrite = overwrite;
}

gboolean
recon_writer_get_overwrite (ReconWriter *self)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_WRITER (self), FALSE);

  return priv->overwrite;
}

/**
 * recon_writer_get_volume:
 * @self: a writer
 *
 * Returns: (nullable): the writer's copy of what recon_writer_open() was given, %NULL before
 */
const ReconVolume *
recon_writer_get_volume (ReconWriter *self)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_WRITER (self), NULL);

  return priv->volume.n_slices > 0 ? &priv->volume : NULL;
}

/**
 * recon_writer_result_exists:
 * @self: a writer
 * @numbers: n_slices: the numbers in the names of the slices' files
 * @n_slices: number of slices
 * @what: (out) (transfer full) (optional): what there is, such as "slices holds 512 slices", without a full stop
 *
 * Looks whether recon_writer_finish() would replace something. Files in the folder of a TIFF series that no
 * earlier run can have written do not count: they stay as they are.
 *
 * Returns: whether it would
 */
gboolean
recon_writer_result_exists (ReconWriter  *self,
                            const guint  *numbers,
                            guint         n_slices,
                            char        **what)
{
  g_return_val_if_fail (RECON_IS_WRITER (self), FALSE);

  return RECON_WRITER_GET_CLASS (self)->result_exists (self, numbers, n_slices, what);
}

/**
 * recon_writer_check:
 * @self: a writer
 * @error: return location
 *
 * Looks at what lies at the output's place, before recon_writer_open() would refuse it.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE or #RECON_ERROR_EXISTS if that can't be an output, whether anything may be
 *   overwritten or not
 */
gboolean
recon_writer_check (ReconWriter  *self,
                    GError      **error)
{
  g_return_val_if_fail (RECON_IS_WRITER (self), FALSE);

  return RECON_WRITER_GET_CLASS (self)->check (self, error);
}

/**
 * recon_writer_check_free:
 * @self: a writer
 * @numbers: n_slices: the numbers in the names of the slices' files
 * @n_slices: number of slices
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_EXISTS if recon_writer_finish() would replace something and may not
 */
gboolean
recon_writer_check_free (ReconWriter  *self,
                         const guint  *numbers,
                         guint         n_slices,
                         GError      **error)
{
  g_autofree char *what = NULL;

  g_return_val_if_fail (RECON_IS_WRITER (self), FALSE);

  if (recon_writer_get_overwrite (self) || !recon_writer_result_exists (self, numbers, n_slices, &what))
    return TRUE;

  return recon_fail (error, RECON_ERROR_EXISTS,
                     _ ("There is an earlier result: %s. Choose another --output or allow --overwrite."), what);
}

static gboolean
check_volume (const ReconVolume  *volume,
              gsize              *n_pixels,
              GError            **error)
{
  gsize n_bytes;

  if (volume->n_slices == 0 || volume->height == 0 || volume->width == 0)
    return recon_fail (error, RECON_ERROR_CONFIG, _ ("There is nothing to write: %u slices of %u × %u pixels."),
                       volume->n_slices, volume->height, volume->width);
  if (!g_size_checked_mul (n_pixels, volume->height, volume->width) ||
      !g_size_checked_mul (&n_bytes, *n_pixels, sizeof (float)) ||
      !g_size_checked_mul (&n_bytes, n_bytes, volume->n_slices))
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("%u slices of %u × %u pixels are too large. Choose a smaller region."), volume->n_slices,
                       volume->height, volume->width);
  if (volume->type != RECON_OUTPUT_TYPE_FLOAT32 &&
      (!isfinite (volume->minimum) || !isfinite (volume->maximum) || volume->minimum > volume->maximum))
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("Values from %g to %g cannot become integers: output.minimum must be less than "
                          "output.maximum."),
                       volume->minimum, volume->maximum);

  return TRUE;
}

/**
 * recon_writer_open:
 * @self: a writer
 * @volume: what will be written; copied
 * @finished: (nullable) (array): n_slices flags: which slices an earlier writer has written and flushed; or
 *   %NULL to start anew
 * @error: return location
 *
 * Makes the temporary file or folder. To start anew, what an earlier writer has left there is removed. To
 * resume, it must be there and belong to the same volume; or all slices are finished, and the earlier writer was ended
 * while it gave them their final name, or after that. If this fails, nothing new is left behind.
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if this cannot be written in the format, #RECON_ERROR_RESUME if what is
 *   there does not fit, #RECON_ERROR_EXISTS if an earlier result may not be replaced, or #RECON_ERROR_WRITE
 */
gboolean
recon_writer_open (ReconWriter        *self,
                   const ReconVolume  *volume,
                   const guint8       *finished,
                   GError            **error)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_WRITER (self), FALSE);
  g_return_val_if_fail (!priv->opened, FALSE);
  g_return_val_if_fail (volume != NULL && volume->numbers != NULL && volume->detector_row != NULL, FALSE);

  if (!check_volume (volume, &priv->n_pixels, error))
    return FALSE;

  if (finished == NULL && !recon_writer_check_free (self, volume->numbers, volume->n_slices, error))
    return FALSE;

  /* The ledger that the flags are from is then that of a complete result, and of another one. */
  if (finished != NULL && memchr (finished, 0, volume->n_slices) != NULL &&
      !recon_file_exists (AT_FDCWD, priv->partial_ledger))
    return recon_fail (error, RECON_ERROR_RESUME,
                       _ ("There is nothing to resume: %s does not exist. Start again without --resume."),
                       priv->partial_ledger);

  volume_copy (&priv->volume, volume);
  if (!RECON_WRITER_GET_CLASS (self)->open (self, &priv->volume, finished, error))
    {
      volume_clear (&priv->volume);
      return FALSE;
    }

  priv->done = finished != NULL ? g_memdup2 (finished, volume->n_slices) : g_new0 (guint8, volume->n_slices);
  if (volume->type != RECON_OUTPUT_TYPE_FLOAT32)
    priv->grey = g_malloc_n (priv->n_pixels, recon_output_type_get_bytes (volume->type));
  priv->opened = TRUE;

  return TRUE;
}

/**
 * recon_writer_write:
 * @self: an open writer
 * @slice: which slice, counted from 0
 * @pixels: height × width values
 * @error: return location
 *
 * Writes one slice. Slices may come in any order, and again, but those of a tiff-stack only in increasing order,
 * starting after the finished ones. Only with increasing order are compressed hdf5 files the same bytes each time.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_writer_write (ReconWriter  *self,
                    guint         slice,
                    const float  *pixels,
                    GError      **error)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);
  const ReconVolume *volume = &priv->volume;

  g_return_val_if_fail (RECON_IS_WRITER (self), FALSE);
  g_return_val_if_fail (priv->opened, FALSE);
  g_return_val_if_fail (slice < priv->volume.n_slices, FALSE);
  g_return_val_if_fail (pixels != NULL, FALSE);

  priv->done[slice] = FALSE;
  if (volume->type == RECON_OUTPUT_TYPE_UINT16)
    recon_grey_to_uint16 (pixels, priv->n_pixels, volume->minimum, volume->maximum, priv->grey);
  else if (volume->type == RECON_OUTPUT_TYPE_UINT8)
    recon_grey_to_uint8 (pixels, priv->n_pixels, volume->minimum, volume->maximum, priv->grey);
  if (!RECON_WRITER_GET_CLASS (self)->write (self, slice, priv->grey != NULL ? priv->grey : pixels, error))
    return FALSE;
  priv->done[slice] = TRUE;

  return TRUE;
}

/**
 * recon_writer_flush:
 * @self: an open writer
 * @error: return location
 *
 * Hands everything to the system: the slices written so far can count as finished for recon_writer_open() even if
 * the process is killed right after.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_writer_flush (ReconWriter  *self,
                    GError      **error)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_WRITER (self), FALSE);
  g_return_val_if_fail (priv->opened, FALSE);

  return RECON_WRITER_GET_CLASS (self)->flush (self, error);
}

/**
 * recon_writer_finish:
 * @self: an open writer, all slices of which are written
 * @error: return location
 *
 * Closes what was written and, if everything stands, gives it its final name; an earlier result of that name is
 * replaced, if it may be. The ledger comes last. The writer cannot be used any more.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE, or #RECON_ERROR_EXISTS if there is a result that may not be replaced
 */
gboolean
recon_writer_finish (ReconWriter  *self,
                     GError      **error)
{
  ReconWriterPrivate *priv = recon_writer_get_instance_private (self);
  guint n_done = 0;

  g_return_val_if_fail (RECON_IS_WRITER (self), FALSE);
  g_return_val_if_fail (priv->opened, FALSE);

  for (guint i = 0; i < priv->volume.n_slices; i++)
    n_done += priv->done[i] != 0;
  if (n_done < priv->volume.n_slices)
    return recon_fail (error, RECON_ERROR_WRITE, _ ("%s has only %u of %u slices. Run again."), priv->partial, n_done,
                       priv->volume.n_slices);

  priv->opened = FALSE;

  return RECON_WRITER_GET_CLASS (self)->finish (self, error);
}

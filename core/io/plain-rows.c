/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/plain-rows.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/**
 * recon_sample_type_get_bytes:
 * @type: a type
 *
 * Returns: the bytes of one sample
 */
gsize
recon_sample_type_get_bytes (ReconSampleType type)
{
  static const guint8 bytes[] = { 1, 1, 2, 2, 4, 4, 8, 8, 2, 4, 8 };

  g_return_val_if_fail (type < G_N_ELEMENTS (bytes), 0);

  return bytes[type];
}

/* IEEE 754 binary16: sign, 5 bits of exponent with bias 15, 10 bits of fraction. Every value is also a
 * binary32 (8 bits of exponent with bias 127, 23 of fraction). Only some compilers have a type for it. */
static float
half_to_float (guint16 half)
{
  guint32 sign = (guint32) (half & 0x8000) << 16;
  guint32 exponent = (half >> 10) & 0x1f;
  guint32 fraction = half & 0x3ff;
  guint32 bits;
  float value;

  if (exponent == 0x1f)
    {
      bits = sign | 0x7f800000 | fraction << 13;
    }
  else if (exponent != 0)
    {
      bits = sign | (exponent + 127 - 15) << 23 | fraction << 13;
    }
  else
    {
      /* Zero, or a subnormal number: fraction × 2⁻²⁴. */
      value = (float) fraction * 0x1p-24f;
      return sign != 0 ? -value : value;
    }

  memcpy (&value, &bits, sizeof value);

  return value;
}

/* Without the pragma, not all compilers take the time to use the processor's vectors here. */
#define CONVERT(ctype, expression)         \
  {                                        \
    const ctype *restrict source = samples; \
    float *restrict target = values;       \
                                           \
    _Pragma ("omp simd")                   \
    for (gsize i = 0; i < n; i++)          \
      target[i] = expression (source[i]);  \
  }                                        \
  break

/**
 * recon_samples_to_float:
 * @type: what the samples are
 * @samples: @n samples in the byte order of this machine, aligned as their type wants
 * @n: number of samples
 * @values: (out caller-allocates): @n values; does not overlap with @samples
 *
 * Converts samples to float32, to the nearest value where it is not exact. float64 beyond the range of
 * float32 becomes infinite; infinite values and NaN stay what they are.
 */
void
recon_samples_to_float (ReconSampleType  type,
                        gconstpointer    samples,
                        gsize            n,
                        float           *values)
{
  switch (type)
    {
    case RECON_SAMPLE_UINT8:
      CONVERT (guint8, (float) );
    case RECON_SAMPLE_INT8:
      CONVERT (gint8, (float) );
    case RECON_SAMPLE_UINT16:
      CONVERT (guint16, (float) );
    case RECON_SAMPLE_INT16:
      CONVERT (gint16, (float) );
    case RECON_SAMPLE_UINT32:
      CONVERT (guint32, (float) );
    case RECON_SAMPLE_INT32:
      CONVERT (gint32, (float) );
    case RECON_SAMPLE_UINT64:
      CONVERT (guint64, (float) );
    case RECON_SAMPLE_INT64:
      CONVERT (gint64, (float) );
    case RECON_SAMPLE_FLOAT16:
      /* Not every compiler makes vectors of this one. */
      for (gsize i = 0; i < n; i++)
        values[i] = half_to_float (((const guint16 *) samples)[i]);
      break;
    case RECON_SAMPLE_FLOAT32:
      memcpy (values, samples, n * sizeof (float));
      break;
    case RECON_SAMPLE_FLOAT64:
      CONVERT (double, (float) );
    default:
      g_assert_not_reached ();
    }
}

/* Most scans are not compressed: their samples are read by pread(), which several threads may call on one file at
 * once, in pieces that stay in the processor's cache until they are converted. */

/* Of a piece. */
#define GOOD_BYTES ((gsize) 256 * 1024)

/* Bytes between two lines that are read and dropped: asking a second time costs about as much. */
#define WORTH_SKIPPING (8 * 1024)

/**
 * recon_scratch_get:
 * @self: a scratch
 * @size: bytes
 *
 * Returns: (transfer none) (nullable): memory of that size with any content, valid until the next call; %NULL if there
 *   is none
 */
gpointer
recon_scratch_get (ReconScratch *self,
                   gsize         size)
{
  if (size > self->size)
    {
      g_free (self->data);
      self->data = g_try_malloc (size);
      self->size = self->data != NULL ? size : 0;
    }

  return self->data;
}

void
recon_scratch_clear (ReconScratch *self)
{
  g_clear_pointer (&self->data, g_free);
  self->size = 0;
}

static gboolean
read_bytes (int     fd,
            guint64 offset,
            gsize   n,
            guint8 *bytes)
{
  while (n > 0)
    {
      gssize done = pread (fd, bytes, n, (off_t) offset);

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return FALSE;

      bytes += done;
      offset += (gsize) done;
      n -= (gsize) done;
    }

  return TRUE;
}

/* Turns the bytes of each sample round. */
static void
swap_samples (guint8 *bytes,
              gsize   n,
              gsize   sample_bytes)
{
  for (gsize i = 0; i + sample_bytes <= n; i += sample_bytes)
    for (gsize k = 0; k < sample_bytes / 2; k++)
      {
        guint8 byte = bytes[i + k];

        bytes[i + k] = bytes[i + sample_bytes - 1 - k];
        bytes[i + sample_bytes - 1 - k] = byte;
      }
}

/* The rows of the lines from @i on that are read at once. */
static gsize
count_rows (const ReconPlainRows *self,
            const ReconLines     *lines,
            gsize                 i,
            gsize                 end,
            gsize                 scratch_bytes)
{
  guint first = recon_lines_get_row (lines, i);
  guint last = first;
  gsize n;

  for (n = 1; i + n < end; n++)
    {
      guint row = recon_lines_get_row (lines, i + n);

      if ((gsize) (row - first + 1) * self->row_bytes > scratch_bytes ||
          (gsize) (row - last - 1) * self->row_bytes > WORTH_SKIPPING)
        break;
      last = row;
    }

  return n;
}

/**
 * recon_plain_rows_scratch_bytes:
 * @row_bytes: bytes of a row
 * @n_rows: rows of an image
 *
 * Returns: the memory that recon_plain_rows_read() takes: for some rows, at least one, at most all
 */
gsize
recon_plain_rows_scratch_bytes (gsize row_bytes,
                                guint n_rows)
{
  return row_bytes * CLAMP (GOOD_BYTES / MAX (row_bytes, 1), 1, MAX (n_rows, 1));
}

/**
 * recon_plain_rows_read:
 * @self: an image
 * @reading: which of its rows and columns; frames do not count
 * @first: the first of the rows of the lines, counted from 0, that is read
 * @end: the one after the last
 * @pixels: (out caller-allocates): where row 0 goes; the others by the row pitch of @reading
 * @scratch: memory for this
 *
 * Returns: %FALSE where the file is too short or cannot be read, or where there is no memory
 */
gboolean
recon_plain_rows_read (const ReconPlainRows *self,
                       const ReconReading   *reading,
                       gsize                 first,
                       gsize                 end,
                       float                *pixels,
                       ReconScratch         *scratch)
{
  const ReconLines *lines = &reading->lines;
  gsize sample_bytes = recon_sample_type_get_bytes (self->type);
  gsize skipped = reading->column * sample_bytes;
  gsize wanted = reading->n_columns * sample_bytes;
  gsize scratch_bytes = recon_plain_rows_scratch_bytes (self->row_bytes, self->n_rows);
  guint8 *bytes = recon_scratch_get (scratch, scratch_bytes);
  gboolean dense = wanted == self->row_bytes && reading->row_pitch == reading->n_columns;
  gsize n;

  if (bytes == NULL)
    return FALSE;

  for (gsize i = first; i < end; i += n)
    {
      guint row = recon_lines_get_row (lines, i);
      gsize span;

      n = count_rows (self, lines, i, end, scratch_bytes);
      span = recon_lines_get_row (lines, i + n - 1) - row;
      if (!read_bytes (self->fd, self->offset + (guint64) row * self->row_bytes + skipped,
                       span * self->row_bytes + wanted, bytes))
        return FALSE;
      if (self->swapped)
        swap_samples (bytes, span * self->row_bytes + wanted, sample_bytes);

      if (dense && span + 1 == n)
        recon_samples_to_float (self->type, bytes, n * reading->n_columns, pixels + i * reading->row_pitch);
      else
        for (gsize k = i; k < i + n; k++)
          recon_samples_to_float (self->type, bytes + (recon_lines_get_row (lines, k) - row) * self->row_bytes,
                                  reading->n_columns, pixels + k * reading->row_pitch);
    }

  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/samples.h"

#include <string.h>

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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/reduce.h"

#include <math.h>

struct _ReconReducer
{
  ReconReduction  method;
  guint           n_images;
  gsize           n_pixels;
  double         *sums;   /* n_pixels; average only */
  guint          *n_missing; /* (nullable): n_pixels, how many values were no numbers; average only */
  float          *stacks; /* n_pixels × n_images: the values of a pixel lie together; median only */
};

/**
 * recon_reducer_new:
 * @method: average or median
 * @n_images: how many images will be added, at least 1
 * @n_pixels: pixels of an image
 *
 * Returns: (transfer full): a reducer that waits for recon_reducer_add()
 */
ReconReducer *
recon_reducer_new (ReconReduction method,
                   guint          n_images,
                   gsize          n_pixels)
{
  ReconReducer *self;

  g_return_val_if_fail (n_images > 0, NULL);

  self = g_new0 (ReconReducer, 1);
  self->method = method;
  self->n_images = n_images;
  self->n_pixels = n_pixels;
  if (method == RECON_REDUCTION_MEDIAN)
    self->stacks = g_malloc_n (n_pixels, n_images * sizeof (float));
  else
    self->sums = g_new0 (double, n_pixels);

  return self;
}

void
recon_reducer_free (ReconReducer *self)
{
  g_free (self->sums);
  g_free (self->n_missing);
  g_free (self->stacks);
  g_free (self);
}

/* A value that is no number is left out: one broken sample doesn't cost a pixel that others have measured. */
static void
leave_out (ReconReducer *self,
           gsize         pixel)
{
  if (self->n_missing == NULL)
    self->n_missing = g_new0 (guint, self->n_pixels);
  self->n_missing[pixel]++;
}

/**
 * recon_reducer_add:
 * @self: a reducer
 * @image: which image, counted from 0
 * @first: first pixel
 * @pixels: (array length=n): its values and the next ones
 * @n: number of pixels
 *
 * Each pixel of each image is to be added once.
 */
void
recon_reducer_add (ReconReducer *self,
                   guint         image,
                   gsize         first,
                   const float  *pixels,
                   gsize         n)
{
  g_return_if_fail (image < self->n_images);
  g_return_if_fail (first <= self->n_pixels && n <= self->n_pixels - first);

  if (self->method == RECON_REDUCTION_MEDIAN)
    {
      float *stack = self->stacks + first * self->n_images + image;

      for (gsize i = 0; i < n; i++)
        stack[i * self->n_images] = pixels[i];
    }
  else
    {
      for (gsize i = 0; i < n; i++)
        if (isfinite (pixels[i]))
          self->sums[first + i] += (double) pixels[i];
        else
          leave_out (self, first + i);
    }
}

/* Puts the k-th smallest of values at [k], none greater before it and none less behind it (Hoare's FIND, CACM 4,
 * 1961). No value may be NaN. */
static void
select_smallest (float     *values,
                 ptrdiff_t  n,
                 ptrdiff_t  k)
{
  ptrdiff_t left = 0;
  ptrdiff_t right = n - 1;

  while (left < right)
    {
      float pivot = values[k];
      ptrdiff_t i = left;
      ptrdiff_t j = right;

      while (i <= j)
        {
          while (values[i] < pivot)
            i++;
          while (pivot < values[j])
            j--;

          if (i <= j)
            {
              float swap = values[i];

              values[i++] = values[j];
              values[j--] = swap;
            }
        }

      if (j < k)
        left = i;
      if (k < i)
        right = j;
    }
}

/**
 * recon_reduce_median:
 * @values: (array length=n_values) (inout): values; their order gets lost
 * @n_values: how many
 *
 * What is no number has no rank: it is left out, and so is what is infinite.
 *
 * Returns: the median, the mean of the two in the middle if there are two; NaN if nothing is finite
 */
float
recon_reduce_median (float *values,
                     guint  n_values)
{
  guint n = 0;
  float upper, lower;

  for (guint i = 0; i < n_values; i++)
    if (isfinite (values[i]))
      values[n++] = values[i];

  if (n == 0)
    return NAN;

  select_smallest (values, n, n / 2);
  upper = values[n / 2];
  if (n % 2 == 1)
    return upper;

  lower = values[0];
  for (guint i = 1; i < n / 2; i++)
    lower = MAX (lower, values[i]);

  return (float) (((double) lower + (double) upper) / 2.0);
}

static float
average (ReconReducer *self,
         gsize         pixel)
{
  guint n = self->n_images - (self->n_missing != NULL ? self->n_missing[pixel] : 0);

  return n > 0 ? (float) (self->sums[pixel] / n) : NAN;
}

/**
 * recon_reducer_finish:
 * @self: a reducer that has got all images
 * @result: (out caller-allocates): the pixels of the one image
 *
 * The average is formed in double precision. The median of an even number of values is the mean of the two in the
 * middle. Values that are not finite are left out; a pixel that has no others becomes NaN. The reducer can only be
 * freed afterwards.
 */
void
recon_reducer_finish (ReconReducer *self,
                      float        *result)
{
  for (gsize i = 0; i < self->n_pixels; i++)
    {
      if (self->method == RECON_REDUCTION_MEDIAN)
        result[i] = recon_reduce_median (self->stacks + i * self->n_images, self->n_images);
      else
        result[i] = average (self, i);
    }
}

/**
 * recon_reducer_bytes_per_pixel:
 * @method: average or median
 * @n_images: how many images
 *
 * Returns: memory that a reducer takes for each pixel
 */
gsize
recon_reducer_bytes_per_pixel (ReconReduction method,
                               guint          n_images)
{
  return method == RECON_REDUCTION_MEDIAN ? n_images * sizeof (float) : sizeof (double) + sizeof (guint);
}

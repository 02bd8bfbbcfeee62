/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/dead-pixels.h"

#include <math.h>

#include "base/sort.h"

/* Which pixels of a detector row can't be used, and from which others they get their values. Rows are looked at one by
 * one, so that the answer doesn't depend on how a scan is cut into blocks. */

/* What the light of a pixel is compared with: the median of so many columns on either side. */
#define REACH 16

/* Fractions of that median: a pixel that sees less is dead, one that sees more is hot. An edge of the beam passes: on
 * its dark side most of the columns are dark. */
#define LEAST_LIGHT 0.05f
#define MOST_LIGHT  3.0f

/* In pieces of this size it is first seen whether there is anything to compare. */
#define PIECE 16

/* A pixel is dead if its values are impossible in this share of the projections. With few of them, or in wider runs,
 * it may be the sample that lets nothing pass. */
#define DEAD_SHARE   0.98
#define LEAST_ANGLES 8
#define MOST_COLUMNS 8

typedef struct
{
  float lowest; /* of what is finite */
  float highest;
} Range;

static Range
get_range (const float *light,
           guint        first,
           guint        end)
{
  Range range = { INFINITY, -INFINITY };

  for (guint c = first; c < end; c++)
    if (isfinite (light[c]))
      {
        range.lowest = MIN (range.lowest, light[c]);
        range.highest = MAX (range.highest, light[c]);
      }

  return range;
}

/* Of the pixel's surroundings, itself included; 0 if nothing is finite. */
static float
get_local_median (const float *light,
                  guint        column,
                  guint        width)
{
  float values[2 * REACH + 1];
  guint n = 0;

  for (guint c = column - MIN (column, REACH); c < MIN (column + REACH + 1, width); c++)
    if (isfinite (light[c]))
      values[n++] = light[c];
  if (n == 0)
    return 0;

  recon_sort_floats (values, n);

  return values[n / 2];
}

/* Marks what is far darker or brighter than its surroundings. Where a wider range has values that are near each other,
 * no median needs to be found. */
static void
compare_light (const float *light,
               guint        width,
               guint8      *states)
{
  for (guint first = 0; first < width; first += PIECE)
    {
      const guint end = MIN (first + PIECE, width);
      const Range range = get_range (light, first - MIN (first, REACH), MIN (end + REACH, width));

      if (range.lowest >= LEAST_LIGHT * range.highest && range.highest <= MOST_LIGHT * range.lowest)
        continue;

      for (guint c = first; c < end; c++)
        {
          const float median = get_local_median (light, c, width);

          if (median > 0 && (light[c] < LEAST_LIGHT * median || light[c] > MOST_LIGHT * median))
            states[c] = RECON_PIXEL_NO_FLAT;
        }
    }
}

static guint
count_marked (const guint8 *states,
              guint         width)
{
  guint n = 0;

  for (guint c = 0; c < width; c++)
    n += states[c] != RECON_PIXEL_USABLE;

  return n;
}

/**
 * recon_dead_pixels_mark_flats:
 * @dark: (nullable) (array length=width): a row of the dark; 0 without it
 * @flat: (array length=width): the same row of the flat
 * @dark_scale: factor on the dark
 * @width: columns
 * @states: (inout) (array length=width): #ReconPixelState of each pixel
 *
 * Marks the pixels that have no usable flat: it is not above the dark or no number, or the light is less than 5 % or
 * more than three times of what the pixels around see, so that the pixel is dead or hot.
 *
 * Returns: number of pixels that are marked, by this or earlier calls
 */
guint
recon_dead_pixels_mark_flats (const float *dark,
                              const float *flat,
                              double       dark_scale,
                              guint        width,
                              guint8      *states)
{
  g_autofree float *light = g_new (float, width);

  for (guint c = 0; c < width; c++)
    {
      light[c] = flat[c] - (dark != NULL ? (float) dark_scale * dark[c] : 0.0f);
      if (!isfinite (light[c]) || !(light[c] > 0))
        states[c] = RECON_PIXEL_NO_FLAT;
    }
  compare_light (light, width, states);

  return count_marked (states, width);
}

static gboolean
is_impossible (const guint *n_impossible,
               const guint *n_odd,
               guint        n_angles,
               guint        column)
{
  return (double) n_impossible[column] + n_odd[column] >= DEAD_SHARE * n_angles;
}

/**
 * recon_dead_pixels_mark_data:
 * @n_impossible: (array length=width): in how many projections each pixel's transmission is too low
 * @n_odd: (array length=width): in how many it is too high or no number
 * @n_angles: projections
 * @width: columns
 * @states: (inout) (array length=width): #ReconPixelState of each pixel
 *
 * Marks the pixels whose values are impossible in nearly all projections. In a scan of few projections, or where more
 * than 8 columns in a row are like that, nothing is marked: it may be the sample.
 *
 * Returns: number of pixels that are marked, by this or earlier calls
 */
guint
recon_dead_pixels_mark_data (const guint *n_impossible,
                             const guint *n_odd,
                             guint        n_angles,
                             guint        width,
                             guint8      *states)
{
  guint run = 0;

  if (n_angles < LEAST_ANGLES)
    return count_marked (states, width);

  for (guint c = 0; c <= width; c++)
    {
      if (c < width && is_impossible (n_impossible, n_odd, n_angles, c))
        {
          run++;
          continue;
        }

      for (guint k = c - run; run <= MOST_COLUMNS && k < c; k++)
        if (states[k] == RECON_PIXEL_USABLE)
          states[k] = RECON_PIXEL_NO_DATA;
      run = 0;
    }

  return count_marked (states, width);
}

/**
 * recon_dead_pixels_add_bridges:
 * @states: (array length=width): #ReconPixelState of each pixel of a row
 * @slice: the row
 * @width: columns
 * @bridges: (element-type ReconPixelBridge): gets those of the row
 *
 * A pixel that isn't usable gets a value on the line between the nearest usable pixels on both sides, or that of the
 * outermost one beyond it. A row without any usable pixel gets nothing.
 *
 * Returns: how many were added
 */
guint
recon_dead_pixels_add_bridges (const guint8 *states,
                               guint         slice,
                               guint         width,
                               GArray       *bridges)
{
  const guint n_before = bridges->len;
  guint end;

  for (guint c = 0; c < width; c = end + 1)
    {
      guint left, right;

      for (end = c; end < width && states[end] != RECON_PIXEL_USABLE; end++)
        ;
      if (c == 0 && end == width)
        break;

      left = c > 0 ? c - 1 : end;
      right = end < width ? end : left;
      for (guint k = c; k < end; k++)
        {
          const ReconPixelBridge bridge = { slice, k, left, right,
                                            left < right ? (float) (k - left) / (float) (right - left) : 0.0f };

          g_array_append_val (bridges, bridge);
        }
    }

  return bridges->len - n_before;
}

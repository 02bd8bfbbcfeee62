/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/reference-levels.h"

#include <math.h>
#include <string.h>

#include "base/sort.h"

/* Flats in which the detector could count no further: many pixels share the largest value. They are as sure of their
 * level as no sound flat is, so no majority speaks for them.
 *
 * The largest value tells it alone where it is one that only a full counter has: 2^k − 1. Detectors whose values were
 * changed afterwards (an offset was subtracted) stop at any value; what else differs between frames then shows that
 * there is noise, of which a value that many pixels share has none. */

/* Pixels with the largest value, as a share of all. */
#define SATURATED_SHARE 0.05

/* A frame of so much noise that its values are all over a few steps has its most frequent value elsewhere. */
#define MOST_OTHER 0.1

/* Pixels beyond the end of a detector's modules are marked by the largest value, in flats and projections. */
#define BLIND_SHARE 0.9

/* The longest run of equal ones among sorted values. */
static guint
find_longest_run (const float *sorted,
                  guint        n)
{
  guint longest = 0;

  for (guint i = 0, end; i < n; i = end)
    {
      for (end = i + 1; end < n && !(sorted[end] > sorted[i]); end++)
        ;
      longest = MAX (longest, end - i);
    }

  return longest;
}

/**
 * recon_levels_measure_peak:
 * @values: (array length=width): a row
 * @width: columns
 *
 * Returns: its largest value, and how many pixels have it
 */
ReconPeak
recon_levels_measure_peak (const float *values,
                           guint        width)
{
  ReconPeak peak = { -INFINITY, 0, 0, 0 };
  g_autofree float *others = NULL;
  guint n = 0;

  for (guint c = 0; c < width; c++)
    {
      if (!isfinite (values[c]))
        continue;
      peak.n_total++;
      if (values[c] > peak.value)
        {
          peak.value = values[c];
          peak.n = 0;
        }
      peak.n += !(values[c] < peak.value);
    }
  if (peak.n < SATURATED_SHARE * peak.n_total)
    return peak;

  others = g_new (float, width);
  for (guint c = 0; c < width; c++)
    if (isfinite (values[c]) && values[c] < peak.value)
      others[n++] = values[c];
  recon_sort_floats (others, n);
  peak.n_other = find_longest_run (others, n);

  return peak;
}

/* Whether the projections have the value in a row as often as the frame. */
static gboolean
is_blind (ReconLevels     *projections,
          guint            row,
          const ReconPeak *peak)
{
  for (guint i = 0; i < projections->n; i++)
    {
      const ReconPeak *other = &projections->peaks[(gsize) i * projections->n_rows + row];

      if (other->value < peak->value || other->n < BLIND_SHARE * peak->n)
        return FALSE;
    }

  return projections->n > 0;
}

/* Of all rows together, but for those in which the detector is blind. */
static ReconPeak
get_peak (ReconLevels *group,
          guint        frame,
          ReconLevels *projections)
{
  const ReconPeak *rows = group->peaks + (gsize) frame * group->n_rows;
  ReconPeak peak = { -INFINITY, 0, 0, 0 };

  for (guint i = 0; i < group->n_rows; i++)
    {
      if (rows[i].n_total == 0 ||
          (rows[i].n >= SATURATED_SHARE * rows[i].n_total && is_blind (projections, i, &rows[i])))
        continue;
      if (rows[i].value > peak.value)
        {
          peak.value = rows[i].value;
          peak.n = peak.n_other = 0;
        }
      if (rows[i].value >= peak.value)
        {
          peak.n += rows[i].n;
          peak.n_other += rows[i].n_other;
        }
      peak.n_total += rows[i].n_total;
    }

  return peak;
}

static gboolean
has_many (const ReconPeak *peak)
{
  return peak->n > 0 && peak->n >= SATURATED_SHARE * peak->n_total;
}

/* 255, 4095, 65535 …: all bits of a counter are set, but perhaps for a sign. */
static gboolean
is_full_counter (float value)
{
  for (guint bits = 7; bits <= 32; bits++)
    if (value == (float) ((G_GUINT64_CONSTANT (1) << bits) - 1))
      return TRUE;

  return FALSE;
}

/* Whether something else in the group shows that there is noise: without it, a value may be shared by intent. */
static gboolean
has_noise (const ReconPeak *peaks,
           guint            n,
           const ReconPeak *frame)
{
  for (guint i = 0; i < n; i++)
    if (peaks[i].n_total > 0 && (!has_many (&peaks[i]) || (peaks[i].value == frame->value && peaks[i].n != frame->n)))
      return TRUE;

  return FALSE;
}

static gboolean
is_saturated (const ReconPeak *peaks,
              guint            n,
              const ReconPeak *frame)
{
  return has_many (frame) && (is_full_counter (frame->value) ||
                              (frame->n_other <= MOST_OTHER * frame->n && has_noise (peaks, n, frame)));
}

static double
find_brightest (ReconLevels *group)
{
  double brightest = -INFINITY;

  for (guint i = 0; i < group->n; i++)
    brightest = fmax (brightest, recon_levels_get_frame (group, i));

  return brightest;
}

/**
 * recon_levels_find_saturated:
 * @groups: (array fixed-size=3): darks, flats and flats after, all measured
 * @projections: some projections, measured
 *
 * Gives the verdict #RECON_FRAME_SATURATED to flats of which 5 % of the pixels or more have the largest value that
 * there is. Where no other flats are left, all are kept, and the group's ceiling says so.
 */
void
recon_levels_find_saturated (ReconLevels **groups,
                             ReconLevels  *projections)
{
  double brightest = find_brightest (projections), ceiling = NAN;
  guint n_left = 0;

  for (guint g = 0; g < RECON_N_LEVELS; g++)
    brightest = fmax (brightest, find_brightest (groups[g]));

  for (guint g = RECON_LEVELS_FLATS; g < RECON_N_LEVELS; g++)
    {
      ReconLevels *group = groups[g];
      g_autofree ReconPeak *peaks = g_new (ReconPeak, group->n);

      for (guint i = 0; i < group->n; i++)
        peaks[i] = get_peak (group, i, projections);
      for (guint i = 0; i < group->n; i++)
        {
          if (is_saturated (peaks, group->n, &peaks[i]) && (double) peaks[i].value >= brightest)
            {
              group->verdicts[i] = RECON_FRAME_SATURATED;
              ceiling = (double) peaks[i].value;
            }
          else
            n_left++;
        }
    }

  for (guint g = RECON_LEVELS_FLATS; n_left == 0 && g < RECON_N_LEVELS; g++)
    if (groups[g]->n > 0)
      {
        groups[g]->ceiling = ceiling;
        memset (groups[g]->verdicts, RECON_FRAME_KEPT, groups[g]->n);
      }
}

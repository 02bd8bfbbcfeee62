/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/lost-beam.h"

#include <math.h>
#include <string.h>

#include "base/sort.h"
#include "io/reduce.h"

/* Projections that were taken without the beam, or never: shutters that closed for a while, frames at the end of a file
 * that was made before the scan and not filled. Each of them would be a projection of something that nothing passes.
 *
 * A projection is as bright as the brightest of some parts of its row: what is opaque leaves light beside it. Where it
 * doesn't, it is dark from neighbouring angles too: a lost projection is much darker than the one before or after. */

#define N_PARTS 8

/* Of the brightness that three of four projections don't exceed. */
#define NO_LIGHT     0.02
#define ENOUGH_LIGHT 0.1

/* The least transmission that is usual in a scan of which one can tell. */
#define LEAST_USUAL 0.05

/* Fewer values than this may be equal by chance; no transmission is larger than the second. */
#define LEAST_VALUES 16
#define MOST_AIR     1.5

/* At most so many of the projections can be told from the others. */
#define MOST_LOST 0.7

static float
get_value (const ReconLostBeamRow *row,
           guint                   angle,
           guint                   column)
{
  const float value = row->values[angle * row->pitch + column];
  double dark, flat;

  if (row->flat == NULL)
    return value;

  dark = row->dark_scale * (row->dark != NULL ? (double) row->dark[column] : 0);
  flat = (double) row->flat[column];
  if (row->flat_after != NULL)
    flat += (double) row->positions[angle] * ((double) row->flat_after[column] - flat);

  return flat > dark ? (float) (((double) value - dark) / (flat - dark)) : NAN;
}

/* How far the row is from showing nothing. */
static float
get_range (const float *values,
           guint        n)
{
  float lowest = INFINITY, highest = -INFINITY;

  for (guint c = 0; c < n; c++)
    if (isfinite (values[c]))
      {
        lowest = fminf (lowest, values[c]);
        highest = fmaxf (highest, values[c]);
      }

  return highest - lowest;
}

/* The largest median of a part; NaN without numbers. */
static float
get_brightness (float *values,
                guint  width)
{
  const guint n_parts = MIN (N_PARTS, width);
  float brightness = NAN;

  for (guint i = 0; i < n_parts; i++)
    {
      const guint first = (guint) ((guint64) width * i / n_parts), end = (guint) ((guint64) width * (i + 1) / n_parts);
      guint n = 0;

      for (guint c = first; c < end; c++)
        if (isfinite (values[c]))
          values[first + n++] = values[c];
      if (2 * n >= end - first)
        brightness = fmaxf (brightness, recon_reduce_median (values + first, n));
    }

  return brightness;
}

/* Of each projection; NaN where it can't be an image of anything. */
static float *
measure (const ReconLostBeamRow *row)
{
  float *brightness = g_new (float, row->n_angles);
  g_autofree float *values = g_new (float, row->width);

  for (guint a = 0; a < row->n_angles; a++)
    {
      const gboolean is_constant = row->width >= LEAST_VALUES &&
                                   !(get_range (row->values + a * row->pitch, row->width) > 0);

      for (guint c = 0; c < row->width; c++)
        values[c] = get_value (row, a, c);
      brightness[a] = row->is_integral ? get_range (values, row->width) : get_brightness (values, row->width);
      if (isinf (brightness[a]) || (is_constant && row->flat != NULL && brightness[a] > (float) MOST_AIR))
        brightness[a] = NAN;
    }

  return brightness;
}

static double
get_usual (const float *brightness,
           guint        n)
{
  g_autofree float *sorted = g_new (float, n);
  guint n_finite = 0;

  for (guint i = 0; i < n; i++)
    if (isfinite (brightness[i]))
      sorted[n_finite++] = brightness[i];
  if (n_finite == 0)
    return NAN;
  recon_sort_floats (sorted, n_finite);

  return (double) sorted[(guint) (0.75 * (n_finite - 1))];
}

/**
 * recon_lost_beam_find:
 * @row: a row of all projections
 * @is_lost: (out caller-allocates): for each projection whether its row shows no light, or no numbers
 *
 * Returns: %FALSE if the row can't tell, since there is no light in most projections
 */
gboolean
recon_lost_beam_find (const ReconLostBeamRow *row,
                      gboolean               *is_lost)
{
  const guint n = row->n_angles;
  g_autofree float *brightness = measure (row);
  const double usual = get_usual (brightness, n);
  const double low = row->is_integral ? 0 : NO_LIGHT * usual, high = ENOUGH_LIGHT * usual;
  guint n_lost = 0;

  memset (is_lost, 0, n * sizeof *is_lost);
  if (!(usual > (row->is_integral ? 0 : LEAST_USUAL)))
    return FALSE;

  for (guint i = 0, end; i < n; i = end)
    {
      gboolean is_sure;

      for (end = i; end < n && !((double) brightness[end] > low); end++)
        ;
      is_sure = (i > 0 && (double) brightness[i - 1] > high) || (end < n && (double) brightness[end] > high);
      for (guint k = i; k < end; k++)
        {
          is_lost[k] = is_sure || isnan (brightness[k]);
          n_lost += is_lost[k] != 0;
        }
      end = MAX (end, i + 1);
    }

  return n_lost <= MOST_LOST * n;
}

/**
 * recon_lost_beam_agree:
 * @is_lost: (array length=n) (inout): projections that are lost in some rows; from now on, in another row as well
 * @is_lost_here: (array length=n): those of that row
 * @n: projections
 *
 * Returns: how many are lost in all rows
 */
guint
recon_lost_beam_agree (gboolean       *is_lost,
                       const gboolean *is_lost_here,
                       guint           n)
{
  guint n_lost = 0;

  for (guint i = 0; i < n; i++)
    {
      is_lost[i] = is_lost[i] && is_lost_here[i];
      n_lost += is_lost[i] != 0;
    }

  return n_lost;
}

static void
append_range (GString *text,
              guint    first,
              guint    last)
{
  g_string_append_printf (text, "%s%u", text->len > 0 ? "," : "", first);
  if (last > first)
    g_string_append_printf (text, "-%u", last);
}

/**
 * recon_lost_beam_format:
 * @scan: a scan
 * @is_lost: (array): for each of its projections that are used, whether it is one of those to name
 *
 * Returns: (transfer full): their numbers among all projections, as input.exclude has them: "20,70-71"
 */
char *
recon_lost_beam_format (ReconScan      *scan,
                        const gboolean *is_lost)
{
  const guint n = recon_scan_get_geometry (scan)->n_angles;
  GString *text = g_string_new (NULL);
  guint first = 0, last = 0;
  gboolean is_open = FALSE;

  for (guint i = 0; i < n; i++)
    {
      const guint number = recon_scan_get_projection_number (scan, i);

      if (!is_lost[i])
        continue;
      if (is_open && number == last + 1)
        {
          last = number;
          continue;
        }
      if (is_open)
        append_range (text, first, last);
      first = last = number;
      is_open = TRUE;
    }
  if (is_open)
    append_range (text, first, last);

  return g_string_free (text, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/pairs.h"

#include <math.h>
#include <string.h>

#include "axis/axis-fft.h"
#include "axis/cross-spectrum.h"

#define CLOSE 0.01 /* pixels: an axis that moves no farther has been found */
#define LEAST_PAIRS 2    /* of a part of the scan */
#define PART_REACH 1.5   /* pixels that the axis of a part is moved by, at most */

ReconAxisPairs *
recon_axis_pairs_new (guint width,
                      guint room)
{
  ReconAxisPairs *self = g_new0 (ReconAxisPairs, 1);

  self->width = width;
  self->room = room;
  self->noise = 1;
  self->a = g_new (float, (gsize) width * room);
  self->b = g_new (float, (gsize) width * room);
  self->places = g_new (double, room);

  return self;
}

void
recon_axis_pairs_free (ReconAxisPairs *self)
{
  g_free (self->a);
  g_free (self->b);
  g_free (self->places);
  g_free (self->mean);
  g_free (self);
}

/* The pair that has been written behind the others is one of them now. */
void
recon_axis_pairs_take (ReconAxisPairs *self,
                       double          place)
{
  g_assert (self->n < self->room);
  self->places[self->n++] = place;
}

/* The part of a line from @low on, mirrored if @mirrored, without its mean, tapered. */
static void
load (ReconAxisFft *fft,
      const float  *line,
      guint         low,
      guint         n,
      gboolean      mirrored,
      const float  *taper)
{
  double mean = 0, weight = 0;

  for (guint i = 0; i < n; i++)
    {
      float v = line[mirrored ? low + n - 1 - i : low + i];

      fft->real[i] = v;
      mean += (double) (v * taper[i]);
      weight += (double) taper[i];
    }
  mean /= weight;
  for (guint i = 0; i < n; i++)
    fft->real[i] = (fft->real[i] - (float) mean) * taper[i];
  memset (fft->real + n, 0, (fft->n - n) * sizeof *fft->real);
}

static const float *
get_line (const ReconAxisPairs *self,
          const float          *lines,
          guint                 i,
          gboolean              with_mean,
          float                *whole)
{
  const float *line = lines + (gsize) i * self->width;

  if (!with_mean || self->mean == NULL)
    return line;

  for (guint c = 0; c < self->width; c++)
    whole[c] = line[c] + self->mean[c];

  return whole;
}

/* Spectra of the pairs [first, end) about the half pixel next to an axis, whose shift is twice the axis's distance from
 * it. */
static ReconAxisSpectrum *
make_part (const ReconAxisPairs *pairs,
           guint                 first_pair,
           guint                 end,
           gboolean              with_mean,
           double                axis,
           double               *middle)
{
  guint low;
  const guint n = recon_axis_spectrum_overlap (pairs->width, axis, &low, middle);
  g_autoptr (ReconAxisSpectrum) spectrum = NULL;
  g_autoptr (ReconAxisFft) fft = NULL;
  g_autofree fftwf_complex *first = NULL;
  g_autofree float *taper = NULL;
  g_autofree float *flat = g_new (float, pairs->width);
  g_autofree float *whole = g_new (float, pairs->width);

  if (n < 8)
    return NULL;

  fft = recon_axis_fft_new (recon_axis_fft_round (n + 16));
  first = g_new (fftwf_complex, fft->n / 2 + 1);
  taper = recon_axis_taper_new (n);
  spectrum = recon_axis_spectrum_new (fft->n, 1);

  for (guint i = first_pair; i < end; i++)
    {
      recon_axis_high_pass (get_line (pairs, pairs->a, i, with_mean, whole), pairs->width, flat);
      load (fft, flat, low, n, FALSE, taper);
      recon_axis_fft_forward (fft);
      memcpy (first, fft->spectrum, (fft->n / 2 + 1) * sizeof *first);
      recon_axis_high_pass (get_line (pairs, pairs->b, i, with_mean, whole), pairs->width, flat);
      load (fft, flat, low, n, TRUE, taper);
      recon_axis_fft_forward (fft);

      for (guint k = 0; k <= fft->n / 2; k++)
        {
          double complex a = (double complex) first[k];
          double complex b = (double complex) fft->spectrum[k];

          spectrum->cross[k] += a * conj (b);
          spectrum->power_a[k] += creal (a * conj (a));
          spectrum->power_b[k] += creal (b * conj (b));
        }
    }
  spectrum->counts[0] = end - first_pair;
  spectrum->length = n * (1 - RECON_AXIS_TAPER);

  return g_steal_pointer (&spectrum);
}

static ReconAxisSpectrum *
make_spectrum (gconstpointer data,
               double        axis,
               double       *middle)
{
  const ReconAxisPairs *pairs = data;

  return make_part (pairs, 0, pairs->n, FALSE, axis, middle);
}

/**
 * recon_axis_pairs_refine:
 * @self: pairs of lines
 * @axis: about which they are mirror images, to a few pixels
 *
 * Returns: the axis; none if there is nothing that they have in common
 */
ReconAxisEstimate
recon_axis_pairs_refine (const ReconAxisPairs *self,
                         double                axis)
{
  return recon_axis_spectrum_refine (make_spectrum, self, axis, CLOSE);
}

/**
 * recon_axis_pairs_measure_parts:
 * @self: pairs of lines in the order of their angles
 * @axis: about which they are mirror images, to a part of a pixel
 * @parts: (out caller-allocates): room for %RECON_AXIS_PARTS
 *
 * Looks for the axis in parts of the scan. What all of it has in common decides what of the lines is to be trusted, so
 * that a part of few pairs comes to a number as well.
 *
 * Returns: the number of parts; 0 if there are too few pairs
 */
guint
recon_axis_pairs_measure_parts (const ReconAxisPairs *self,
                                double                axis,
                                ReconAxisPart        *parts)
{
  ReconAxisSpectrum *spectra[RECON_AXIS_PARTS] = { NULL };
  g_autoptr (ReconAxisSpectrum) total = NULL;
  double middle, shifts[RECON_AXIS_PARTS], uncertainties[RECON_AXIS_PARTS];
  const guint n = RECON_AXIS_PARTS;

  if (self->n < n * LEAST_PAIRS)
    return 0;

  for (guint part = 0; part < n; part++)
    {
      const guint first = part * self->n / n, end = (part + 1) * self->n / n;

      spectra[part] = make_part (self, first, end, TRUE, axis, &middle);
      if (spectra[part] == NULL)
        return 0;
      if (total == NULL)
        total = recon_axis_spectrum_new (spectra[part]->n, 1);
      recon_axis_spectrum_add (total, spectra[part]);
      parts[part].place = 0;
      for (guint i = first; i < end; i++)
        parts[part].place += self->places[i] / (end - first);
    }
  recon_axis_spectrum_shift_parts (total, spectra, n, 2 * (axis - middle), 2 * PART_REACH, shifts, uncertainties);
  for (guint part = 0; part < n; part++)
    {
      parts[part].axis = middle + shifts[part] / 2;
      parts[part].uncertainty = uncertainties[part] / 2;
      recon_axis_spectrum_free (spectra[part]);
    }

  return n;
}

/* The first projection of a half turn and the one that would follow the last: the mirror images that every scan has.
 * The last one is missing by one step in most scans. Then both ends of the scan are continued to the angle in the
 * middle of the gap, by straight lines through three samples each: what these miss is the same on both sides. */

#define PAIRS 16        /* of more than half a turn */
#define LINES 3         /* that are continued */
#define LARGEST_GAP 2.5 /* steps */
#define CONTINUED 1.5   /* variance of a continued line, of that of a measured one, half a step away */

/* Returns: the angle between the last line and the opposite of the first; 0 where there is one */
static double
get_gap (const ReconAxisSinogram *sinogram)
{
  return MAX (G_PI - sinogram->angles[sinogram->n - 1], 0);
}

/* Straight lines through three samples at gap / 2, gap / 2 + step, …, at 0. */
static void
continue_lines (const ReconAxisSinogram *sinogram,
                gboolean                 at_end,
                double                   gap,
                float                   *line)
{
  double x[LINES], middle = 0, spread = 0;

  memset (line, 0, sinogram->width * sizeof *line);
  for (guint j = 0; j < LINES; j++)
    {
      guint i = at_end ? sinogram->n - 1 - j : j;

      x[j] = gap / 2 + fabs (sinogram->angles[i] - sinogram->angles[at_end ? sinogram->n - 1 : 0]);
      middle += x[j] / LINES;
    }
  for (guint j = 0; j < LINES; j++)
    spread += (x[j] - middle) * (x[j] - middle);

  for (guint j = 0; j < LINES; j++)
    {
      const float *from = recon_axis_sinogram_line (sinogram, at_end ? sinogram->n - 1 - j : j);
      float weight = (float) (1.0 / LINES - (spread > 0 ? middle * (x[j] - middle) / spread : 0));

      for (guint c = 0; c < sinogram->width; c++)
        line[c] += weight * from[c];
    }
}

/* How far an estimate may be off because the lines of the pair are not exactly opposite. */
double
recon_axis_pair_get_bias (const ReconAxisSinogram *sinogram)
{
  const double gap = get_gap (sinogram);
  const double moves = gap * sinogram->width / 2; /* of the object's rim, in pixels */

  return gap > LARGEST_GAP * sinogram->step ? 0.25 * moves : 0.02 * moves;
}

/**
 * recon_axis_pair_find:
 * @sinogram: a sinogram of about half a turn or more
 *
 * Returns: (transfer full): pairs of lines that are mirror images: the one that closes half a turn, or several where
 *   the scan goes on
 */
ReconAxisPairs *
recon_axis_pair_find (const ReconAxisSinogram *sinogram)
{
  const double end = sinogram->angles[sinogram->n - 1] + 0.02 * sinogram->step;
  const double gap = get_gap (sinogram);
  ReconAxisPairs *pairs = recon_axis_pairs_new (sinogram->width, PAIRS);
  const gsize bytes = sinogram->width * sizeof (float);
  guint n = 0, stride;

  while (n < sinogram->n && sinogram->angles[n] + G_PI <= end)
    n++;
  stride = MAX ((n + PAIRS - 1) / PAIRS, 1);

  for (guint i = 0; i < n; i += stride)
    {
      memcpy (pairs->a + (gsize) pairs->n * sinogram->width, recon_axis_sinogram_line (sinogram, i), bytes);
      recon_axis_sinogram_sample (sinogram, sinogram->angles[i] + G_PI,
                                  pairs->b + (gsize) pairs->n * sinogram->width);
      recon_axis_pairs_take (pairs, 0.5 * (sinogram->places[i] +
                                           recon_axis_sinogram_get_place (sinogram, sinogram->angles[i] + G_PI)));
    }

  if (n == 0 && gap <= LARGEST_GAP * sinogram->step && sinogram->n >= LINES)
    {
      continue_lines (sinogram, FALSE, gap, pairs->a);
      continue_lines (sinogram, TRUE, gap, pairs->b);
      pairs->noise = CONTINUED;
      recon_axis_pairs_take (pairs, 0.5);
    }
  else if (n == 0)
    {
      memcpy (pairs->a, recon_axis_sinogram_line (sinogram, 0), bytes);
      memcpy (pairs->b, recon_axis_sinogram_line (sinogram, sinogram->n - 1), bytes);
      recon_axis_pairs_take (pairs, 0.5);
    }

  return pairs;
}

/* Every projection with its opposite. What is the same at all angles says little about the axis of an object that turns
 * but is all that stripes are made of, and the mean of a full turn is symmetric about the axis for every object: it is
 * taken away from both. An object that is the same from all sides leaves nothing but noise then; the pairs of some
 * projections, which keep it, do for that. */

/* Returns: (transfer full): all pairs of a sinogram of more than half a turn, possibly none */
ReconAxisPairs *
recon_axis_full_turn_find (const ReconAxisSinogram *sinogram)
{
  const double last = sinogram->angles[sinogram->n - 1];
  const gboolean whole = 2 * G_PI - last < 2.5 * sinogram->step;
  g_autofree double *mean = g_new0 (double, sinogram->width);
  ReconAxisPairs *pairs;
  guint n = 0;

  while (n < sinogram->n && sinogram->angles[n] + G_PI <= last + (whole ? 2.5 : 0.02) * sinogram->step &&
         sinogram->angles[n] < G_PI)
    n++;
  pairs = recon_axis_pairs_new (sinogram->width, MAX (n, 1));

  if (whole)
    for (guint i = 0; i < sinogram->n; i++)
      for (guint c = 0; c < sinogram->width; c++)
        mean[c] += (double) recon_axis_sinogram_line (sinogram, i)[c] / sinogram->n;

  for (guint i = 0; i < n; i++)
    {
      float *a = pairs->a + (gsize) i * sinogram->width;
      float *b = pairs->b + (gsize) i * sinogram->width;

      memcpy (a, recon_axis_sinogram_line (sinogram, i), sinogram->width * sizeof *a);
      recon_axis_sinogram_sample (sinogram, sinogram->angles[i] + G_PI, b);
      for (guint c = 0; c < sinogram->width; c++)
        {
          a[c] -= (float) mean[c];
          b[c] -= (float) mean[c];
        }
      recon_axis_pairs_take (pairs, 0.5 * (sinogram->places[i] +
                                           recon_axis_sinogram_get_place (sinogram, sinogram->angles[i] + G_PI)));
    }

  pairs->mean = g_new (float, sinogram->width);
  for (guint c = 0; c < sinogram->width; c++)
    pairs->mean[c] = (float) mean[c];

  return pairs;
}

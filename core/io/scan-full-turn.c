/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "error.h"

/* Where nobody says at which angles the projections were taken, half a turn is assumed. After a full turn the last
 * projection is like the first again, and each is the mirror image of the one half of the scan later; after half a
 * turn neither is so, unless the object is symmetric, which is why both are asked for. A few rows of seven projections
 * tell. What all projections have in common, above all the flat field, drops out of the differences of their
 * logarithms. */

/* Fewer projections have steps too wide to tell. */
#define LEAST_ANGLES 16

/* Rows that are looked at, in the middle, and columns that they are reduced to. */
#define MOST_ROWS    16
#define MOST_COLUMNS 512
#define LEAST_COLUMNS 16

/* How alike the last projection and the first are, measured by neighbours; and how different others have to be. */
#define ALIKE 2.0
#define DIFFERENT 4.0
/* Less than this of the difference of neighbours: the scan came back to its first angle. */
#define SAME 0.5

/* The least correlation of mirror images, and the part of the columns that they share. */
#define MIRRORED 0.7
#define SHARED   0.15

enum
{
  FIRST,
  SECOND,
  QUARTER,
  MIDDLE,
  THREE_QUARTERS,
  LAST_BUT_ONE,
  LAST,
  N_LOOKS
};

typedef struct
{
  guint  n_rows;
  guint  n_columns;
  float *images[N_LOOKS]; /* n_rows × n_columns */
} Looks;

static void
looks_clear (Looks *self)
{
  for (guint i = 0; i < N_LOOKS; i++)
    g_free (self->images[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Looks, looks_clear)

/* Averages columns, of the logarithms where these are counts. Returns NULL where values make no sense. */
static float *
reduce (const Looks *looks,
        const float *rows,
        guint        width,
        gboolean     counts)
{
  guint bin = width / looks->n_columns;
  g_autofree float *image = g_new (float, (gsize) looks->n_rows * looks->n_columns);

  for (guint y = 0; y < looks->n_rows; y++)
    for (guint x = 0; x < looks->n_columns; x++)
      {
        double sum = 0.0;

        for (guint i = 0; i < bin; i++)
          {
            double value = (double) rows[(gsize) y * width + x * bin + i];

            sum += counts ? log (MAX (value, 1e-3)) : value;
          }
        if (!isfinite (sum))
          return NULL;
        image[(gsize) y * looks->n_columns + x] = (float) (sum / bin);
      }

  return g_steal_pointer (&image);
}

static gboolean
look (ReconScan *self,
      Looks     *looks)
{
  guint n = self->n_angles;
  const guint angles[N_LOOKS] = { 0, 1, n / 4, n / 2, (guint) (3 * (guint64) n / 4), n - 2, n - 1 };
  g_autofree float *rows = NULL;
  guint first;

  looks->n_rows = MIN (self->n_slices, MOST_ROWS);
  first = (self->n_slices - looks->n_rows) / 2;
  looks->n_columns = self->width / ((self->width - 1) / MOST_COLUMNS + 1);
  rows = g_new (float, (gsize) looks->n_rows * self->width);

  /* What cannot be read is told by who needs it. */
  for (guint i = 0; i < N_LOOKS; i++)
    {
      const ReconScanPart part = { first, looks->n_rows, 1, angles[i], 1, 1 };

      if (!_recon_scan_read_part (self, &part, looks->n_rows, rows, NULL, NULL))
        return FALSE;
      looks->images[i] = reduce (looks, rows, self->width, !self->sinograms);
      if (looks->images[i] == NULL)
        return FALSE;
    }

  return TRUE;
}

/* The energy of the difference of two images, without that of their means: the beam may have changed. */
static double
measure_difference (const Looks *looks,
                    guint        a,
                    guint        b)
{
  gsize n = (gsize) looks->n_rows * looks->n_columns;
  double sum = 0.0, squares = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      double d = (double) looks->images[a][i] - (double) looks->images[b][i];

      sum += d;
      squares += d * d;
    }

  return squares / n - (sum / n) * (sum / n);
}

/* Subtracts what four projections over a full turn have in common; it is its own mirror image but for the detector. */
static void
subtract_common (Looks *looks)
{
  static const guint quarters[] = { FIRST, QUARTER, MIDDLE, THREE_QUARTERS };
  gsize n = (gsize) looks->n_rows * looks->n_columns;

  for (gsize i = 0; i < n; i++)
    {
      float mean = 0;

      for (guint k = 0; k < G_N_ELEMENTS (quarters); k++)
        mean += looks->images[quarters[k]][i] / G_N_ELEMENTS (quarters);
      for (guint k = 0; k < G_N_ELEMENTS (quarters); k++)
        looks->images[quarters[k]][i] -= mean;
    }
}

/* The correlation of one image with the mirror image of the other, column x of the one on @sum − x of the other. */
static double
correlate_mirrored (const Looks *looks,
                    const float *a,
                    const float *b,
                    int          sum)
{
  int first = MAX (0, sum - (int) looks->n_columns + 1), last = MIN ((int) looks->n_columns - 1, sum);
  double ab = 0.0, aa = 0.0, bb = 0.0;

  for (guint y = 0; y < looks->n_rows; y++)
    {
      const float *p = a + (gsize) y * looks->n_columns, *q = b + (gsize) y * looks->n_columns;

      for (int x = first; x <= last; x++)
        {
          ab += (double) (p[x] * q[sum - x]);
          aa += (double) (p[x] * p[x]);
          bb += (double) (q[sum - x] * q[sum - x]);
        }
    }

  return aa > 0 && bb > 0 ? ab / sqrt (aa * bb) : 0.0;
}

/* Whether the projections in the middle and at three quarters are the mirror images of the first and of that at a
 * quarter, about one axis, wherever it is. */
static gboolean
is_mirrored (Looks *looks)
{
  int shared = MAX ((int) (SHARED * looks->n_columns), LEAST_COLUMNS);
  double best = 0.0;

  subtract_common (looks);
  for (int sum = shared - 1; sum <= 2 * (int) looks->n_columns - 1 - shared; sum++)
    {
      double first = correlate_mirrored (looks, looks->images[FIRST], looks->images[MIDDLE], sum);
      double second = correlate_mirrored (looks, looks->images[QUARTER], looks->images[THREE_QUARTERS], sum);

      best = MAX (best, MIN (first, second));
    }

  return best >= MIRRORED;
}

/* The number of steps of a full turn, or 0 where the projections don't show one. */
static guint
count_steps (ReconScan *self)
{
  g_auto (Looks) looks = { 0 };
  double step, back, least;

  if (self->n_angles < LEAST_ANGLES || self->n_angles != self->n_projections || self->width < 2 * LEAST_COLUMNS ||
      !look (self, &looks))
    return 0;

  step = MAX (measure_difference (&looks, FIRST, SECOND), measure_difference (&looks, LAST_BUT_ONE, LAST));
  back = measure_difference (&looks, FIRST, LAST);
  least = MIN (MIN (measure_difference (&looks, FIRST, QUARTER), measure_difference (&looks, FIRST, MIDDLE)),
               measure_difference (&looks, FIRST, THREE_QUARTERS));
  if (back > ALIKE * step || least <= DIFFERENT * MAX (step, back) || !is_mirrored (&looks))
    return 0;

  return back < SAME * step ? _recon_scan_count_places (self) - 1 : _recon_scan_count_places (self);
}

/* Needs the selection of rows, columns and projections; of angles, that none are known. Looks at the images once. */
gboolean
_recon_scan_check_full_turn (ReconScan  *self,
                        GError    **error)
{
  if (!self->looked_at_turn)
    self->full_turn_steps = count_steps (self);
  self->looked_at_turn = TRUE;

  if (self->full_turn_steps == 0)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("Nothing says at which angles %s was taken, and half a turn, which is assumed then, is not what it "
                  "shows: the last projection matches the first, and the one in the middle its mirror image, as in a "
                  "full turn. Give --reconstruction.angle-step=%s for a full turn, or %s for half a turn all the "
                  "same."),
               self->contents->path, NUMBER (2 * G_PI / self->full_turn_steps),
               NUMBER (G_PI / _recon_scan_count_places (self)));

  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"
#include "io/scan-sample-rows.h"

/* Whether projections look like the half turn in even steps that is assumed where nobody says their angles.
 *
 * Two projections that are half a turn apart are mirror images, about one axis. Samples of the scan are compared at all
 * distances: at that of half a turn they differ least, and much less than at others. It should be one step more than
 * there is. Projections that repeat others at the end of the scan, as check images do, jump. Nothing here needs to know
 * the axis, and objects that are too symmetric, or images without flats of an uneven detector, tell nothing. */

/* Fewer projections have steps too wide to tell, as have narrower images. */
#define LEAST_ANGLES 16
#define LEAST_WIDTH  32

/* What is looked at. */
#define MOST_SAMPLES    96
#define MOST_ROWS       8
#define MOST_COLUMNS    64
#define MOST_PAIRS      6
#define LEAST_OVERLAP   8
/* Samples at which images of the same angle may differ by so much, and how much more others have to. */
#define NEAR_LAG  2
#define ALIKE     2.0
#define DIFFERENT 4.0
/* Less than this part of a step: the same angle; and what a few steps have to add to the difference of neighbours. */
#define SAME       0.6
#define LEAST_RISE 0.5
/* Half a turn ends in this part of the scan. */
#define END 0.95

/* Columns in which the first and last projections are compared with their neighbours, and those at the end of the scan
 * that may be check images. */
#define FINE_COLUMNS 512
#define N_TAIL       9
#define N_ENDS       6

typedef struct
{
  ReconSampleRows rows;
  guint      n;       /* samples; those behind are check images */
  double     spacing; /* places between two */
  double    *mirrored; /* by distance in samples: how different mirror images are, from 0 to 1 */
  double     median;
  double     near;    /* what samples differ by that are near each other, in the same unit */
} Samples;

static void
samples_clear (Samples *self)
{
  _recon_sample_rows_clear (&self->rows);
  g_free (self->mirrored);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Samples, samples_clear)

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double da = *(const double *) a, db = *(const double *) b;

  return da < db ? -1 : da > db;
}

static guint
get_place (ReconScan *self,
           guint      angle)
{
  return _recon_scan_get_place (self, self->used[angle]);
}

/* Reads samples that are even over the first @n projections, and all behind them. */
static gboolean
read_samples (ReconScan *self,
              guint      n,
              Samples   *samples)
{
  guint angles[MOST_SAMPLES + N_TAIL];
  guint all[MOST_SAMPLES];
  guint first = get_place (self, 0), last = get_place (self, n - 1), next = 0;

  samples->n = MIN (n, MOST_SAMPLES);
  samples->spacing = (double) (last - first) / (samples->n - 1);
  for (guint i = 0; i < samples->n; i++)
    {
      double place = first + i * samples->spacing;

      while (next + 1 < n && fabs (get_place (self, next + 1) - place) <= fabs (get_place (self, next) - place))
        next++;
      angles[i] = next;
      all[i] = i;
    }
  for (guint i = n; i < self->geometry->n_angles; i++)
    angles[samples->n + i - n] = i;

  if (!_recon_sample_rows_read (&samples->rows, self, angles, samples->n + self->geometry->n_angles - n, MOST_ROWS,
                                MOST_COLUMNS, TRUE))
    return FALSE;

  /* Without flats, the detector is what projections have in common most of all. */
  if (!samples->rows.is_corrected)
    _recon_sample_rows_subtract_common (&samples->rows, all, samples->n);

  return TRUE;
}

/* Two images of a list. */
typedef struct
{
  guint a;
  guint b;
} Pair;

/* The least difference of the mirror images of some pairs about any one axis, between columns too, as a part of their
 * energy. */
static double
measure_pairs (const ReconSampleRows *rows,
               const Pair            *pairs,
               guint                  n_pairs)
{
  const int n_sums = 2 * (int) rows->n_columns - 1;
  const int shared = MAX ((int) rows->n_columns / 4, LEAST_OVERLAP);
  g_autofree double *sums = g_new (double, n_sums);
  int best = shared - 1;

  for (int sum = shared - 1; sum <= n_sums - shared; sum++)
    {
      sums[sum] = 0;
      for (guint k = 0; k < n_pairs; k++)
        sums[sum] += _recon_sample_rows_measure_mirrored (rows, pairs[k].a, pairs[k].b, sum) / n_pairs;
      if (sums[sum] < sums[best])
        best = sum;
    }

  if (best > shared - 1 && best < n_sums - shared)
    {
      double slope = (sums[best + 1] - sums[best - 1]) / 2;
      double bend = sums[best + 1] - 2 * sums[best] + sums[best - 1];

      if (bend > 0)
        return MAX (sums[best] - slope * slope / (2 * bend), 0);
    }

  return sums[best];
}

static double
measure_mirrored (const Samples *samples,
                  guint          lag)
{
  const guint n = MIN (samples->n - lag, MOST_PAIRS);
  Pair pairs[MOST_PAIRS];

  for (guint k = 0; k < n; k++)
    {
      pairs[k].a = n > 1 ? k * (samples->n - lag - 1) / (n - 1) : 0;
      pairs[k].b = pairs[k].a + lag;
    }

  return measure_pairs (&samples->rows, pairs, n);
}

static double
measure_energy (const ReconSampleRows *rows,
                guint                  image)
{
  const gsize n_pixels = (gsize) rows->n_rows * rows->n_columns;
  const float *values = _recon_sample_rows_get (rows, image);
  double sum = 0, squares = 0;

  for (gsize k = 0; k < n_pixels; k++)
    {
      sum += (double) values[k];
      squares += (double) values[k] * (double) values[k];
    }

  return squares / n_pixels - sum / n_pixels * (sum / n_pixels);
}

static void
measure_samples (Samples *samples)
{
  guint least = samples->n / 8;
  g_autofree double *sorted = NULL;
  double energy = 0;

  for (guint i = 0; i < samples->n; i++)
    {
      energy += measure_energy (&samples->rows, i) / samples->n;
      if (i >= NEAR_LAG)
        samples->near +=
            _recon_sample_rows_measure_difference (&samples->rows, i - NEAR_LAG, i) / (samples->n - NEAR_LAG);
    }
  samples->near = energy > 0 ? samples->near / (2 * energy) : 1;

  samples->mirrored = g_new (double, samples->n);
  for (guint lag = 0; lag < samples->n; lag++)
    samples->mirrored[lag] = lag < least ? 1 : measure_mirrored (samples, lag);
  sorted = g_memdup2 (samples->mirrored + least, (samples->n - least) * sizeof (double));
  qsort (sorted, samples->n - least, sizeof (double), compare);
  samples->median = sorted[(samples->n - least) / 2];
}

/* How many of the last projections jump, so that they may be check images. */
static guint
count_jumps (ReconScan *self)
{
  guint angles[N_TAIL];
  double steps[N_TAIL - 1], sorted[N_TAIL - 1];
  g_auto (ReconSampleRows) rows = { 0 };
  guint n = 0;

  for (guint i = 0; i < N_TAIL; i++)
    angles[i] = self->geometry->n_angles - 1 - i;
  if (!_recon_sample_rows_read (&rows, self, angles, N_TAIL, MOST_ROWS, MOST_COLUMNS, FALSE))
    return 0;

  for (guint i = 0; i < N_TAIL - 1; i++)
    sorted[i] = steps[i] = _recon_sample_rows_measure_difference (&rows, i, i + 1);
  qsort (sorted, N_TAIL - 1, sizeof (double), compare);
  while (n < N_TAIL - 3 && steps[n] > DIFFERENT * sorted[1])
    n++;

  return n;
}

/* Whether each projection behind the samples repeats one of them. */
static gboolean
are_checks (const Samples *samples)
{
  double near = 0, far = 0;

  for (guint i = 0; i < samples->n; i++)
    {
      near += i >= NEAR_LAG ? _recon_sample_rows_measure_difference (&samples->rows, i - NEAR_LAG, i) / samples->n : 0;
      far += _recon_sample_rows_measure_difference (&samples->rows, i, (i + samples->n / 4) % samples->n) / samples->n;
    }

  for (guint i = samples->n; i < samples->rows.n; i++)
    {
      double least = INFINITY;

      for (guint k = 0; k < samples->n; k++)
        least = MIN (least, _recon_sample_rows_measure_difference (&samples->rows, i, k));
      if (least > ALIKE * near || DIFFERENT * least > far)
        return FALSE;
    }

  return TRUE;
}

/* Whether the last of @n projections is the mirror image of the first rather than a step before it: then mirror images
 * from both ends differ as much as projections do that are as many steps apart, and otherwise as if by one more. What
 * else makes mirror images differ speaks against the end. */
static gboolean
includes_end (ReconScan *self,
              guint      n)
{
  guint angles[2 * N_ENDS];
  double mirrored = 0, same = 0, next = 0, first = 0, energy = 0;
  g_auto (ReconSampleRows) rows = { 0 };
  Pair pairs[N_ENDS];

  for (guint i = 0; i < N_ENDS; i++)
    {
      angles[i] = i;
      angles[N_ENDS + i] = n - 1 - i;
    }
  if (!_recon_sample_rows_read (&rows, self, angles, 2 * N_ENDS, MOST_ROWS, FINE_COLUMNS, TRUE) || !rows.is_corrected)
    return FALSE;

  for (guint i = 0; i < 2 * N_ENDS; i++)
    energy += measure_energy (&rows, i) / N_ENDS;
  for (guint steps = 1; steps < N_ENDS - 1; steps++)
    {
      double by[2] = { 0, 0 };

      for (guint k = 0; k < 2; k++)
        for (guint i = 0; i + steps + k < N_ENDS; i++)
          by[k] += (_recon_sample_rows_measure_difference (&rows, i, i + steps + k) +
                    _recon_sample_rows_measure_difference (&rows, N_ENDS + i, N_ENDS + i + steps + k)) /
                   (2 * (N_ENDS - steps - k));
      first = steps == 1 ? by[0] : first;
      same += by[0];
      next += by[1];
      for (guint i = 0; i <= steps; i++)
        pairs[i] = (Pair){ i, N_ENDS + steps - i };
      mirrored += measure_pairs (&rows, pairs, steps + 1) * energy;
    }
  pairs[0] = (Pair){ 0, N_ENDS };

  if (measure_pairs (&rows, pairs, 1) * energy < SAME * first)
    return TRUE;

  return next - same > LEAST_RISE * first && mirrored - same < SAME * (next - same);
}

/* The distance of half a turn in samples, or 0 where there is none before the end of the scan. Of one and a half turns
 * the end is opposite to the beginning, too. */
static double
find_half (const Samples *samples)
{
  const guint last = samples->n - 1;
  const double *mirrored = samples->mirrored;
  guint best = 0;
  double slope, bend;

  for (guint lag = samples->n / 8 + 1; lag < END * last; lag++)
    if (mirrored[lag] < mirrored[lag - 1] && mirrored[lag] < mirrored[lag + 1] &&
        (best == 0 || DIFFERENT * mirrored[lag] < mirrored[best]))
      best = lag;
  if (best == 0 || mirrored[best] > ALIKE * samples->near || DIFFERENT * mirrored[best] > samples->median ||
      (best > last / 2 && DIFFERENT * mirrored[best] > mirrored[last]))
    return 0;

  slope = (mirrored[best + 1] - mirrored[best - 1]) / 2;
  bend = mirrored[best + 1] - 2 * mirrored[best] + mirrored[best - 1];

  return best - (bend > 0 ? CLAMP (slope / bend, -0.5, 0.5) : 0);
}

/* What the projections show, but for the last @n_checks. */
static ReconTurn
judge (ReconScan *self,
       Samples   *samples,
       guint      n_checks)
{
  const guint n = self->geometry->n_angles - n_checks;
  ReconTurn turn = { .n_checks = n_checks };
  guint n_places = n_checks > 0 ? get_place (self, n) : _recon_scan_count_places (self);
  guint n_steps = _recon_scan_count_full_turn_steps (self, n);
  double end, half;

  if (n_steps > 0)
    {
      turn.kind = RECON_TURN_FULL;
      turn.step = 2 * G_PI / n_steps;
      return turn;
    }
  /* Who takes a part of the projections that ends early sees no end. */
  if (get_place (self, 0) > 0 || get_place (self, n - 1) < END * n_places)
    return turn;

  measure_samples (samples);
  end = samples->mirrored[samples->n - 1];
  half = find_half (samples);
  if (half > 0)
    {
      turn.kind = RECON_TURN_OTHER;
      turn.step = G_PI / (half * samples->spacing);
    }
  else if (end <= ALIKE * samples->near && DIFFERENT * end < samples->median)
    {
      turn.kind = includes_end (self, n) ? RECON_TURN_HALF_WITH_END : RECON_TURN_HALF;
      turn.step = G_PI / (turn.kind == RECON_TURN_HALF ? n_places : n_places - 1);
    }
  else if (samples->rows.is_corrected && end > DIFFERENT * samples->near)
    {
      turn.kind = RECON_TURN_UNLIKE;
    }

  return turn;
}

static ReconTurn
look (ReconScan *self)
{
  g_auto (Samples) samples = { 0 };
  ReconTurn turn = { 0 };
  guint n_jumps;

  if (self->geometry->n_angles < LEAST_ANGLES || self->width < LEAST_WIDTH)
    return turn;

  n_jumps = count_jumps (self);
  if (!read_samples (self, self->geometry->n_angles - n_jumps, &samples))
    return turn;
  if (n_jumps > 0 && !are_checks (&samples))
    {
      _recon_sample_rows_clear (&samples.rows);
      n_jumps = 0;
      if (!read_samples (self, self->geometry->n_angles, &samples))
        return turn;
    }

  return judge (self, &samples, n_jumps);
}

/* Half a turn is not what is there. */
static void
set_other_turn (ReconScan  *self,
                GError    **error)
{
  const ReconTurn *turn = &self->turn;
  const guint n = self->geometry->n_angles - turn->n_checks;
  const char *half = NUMBER (G_PI / _recon_scan_count_places (self));
  const char *step = NUMBER (turn->step);

  if (turn->n_checks > 0 && turn->step > 0)
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("Nothing says at which angles %s was taken, and half a turn in even steps, which is assumed then, "
                    "is not what it shows: the last projections (%u) repeat others, as check images do. The %u before "
                    "them look like %s° in all: give --exclude=%u-%u --reconstruction.angle-step=%s, or "
                    "--reconstruction.angle-step=%s for half a turn all the same."),
                 self->contents->path, turn->n_checks, n, g_ascii_formatd ((char[32]){ 0 }, 32, "%.4g",
                                                                          turn->step * (n - 1) * 180 / G_PI),
                 self->used[n], self->used[self->geometry->n_angles - 1], step, half);
  else if (turn->n_checks > 0)
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("Nothing says at which angles %s was taken, and half a turn in even steps, which is assumed then, "
                    "is not what it shows: the last projections (%u) repeat others, as check images do. Leave them out "
                    "with --exclude=%u-%u and give the step of the others with --reconstruction.angle-step=RADIANS, or "
                    "%s for half a turn all the same."),
                 self->contents->path, turn->n_checks, self->used[n], self->used[self->geometry->n_angles - 1], half);
  else if (turn->kind == RECON_TURN_FULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("Nothing says at which angles %s was taken, and half a turn, which is assumed then, is not what it "
                    "shows: the last projection matches the first, and the one in the middle its mirror image, as in a "
                    "full turn. Give --reconstruction.angle-step=%s for a full turn, or %s for half a turn all the "
                    "same."),
                 self->contents->path, step, half);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("Nothing says at which angles %s was taken, and half a turn, which is assumed then, is not what it "
                    "shows: mirror images of each other are about %u projections apart, so that all %u make about %s°. "
                    "Give --reconstruction.angle-step=RADIANS (about %s) or --angles=PATH, or "
                    "--reconstruction.angle-step=%s for half a turn all the same."),
                 self->contents->path, (guint) (G_PI / turn->step + 0.5), self->geometry->n_angles,
                 g_ascii_formatd ((char[32]){ 0 }, 32, "%.3g",
                                  turn->step * get_place (self, self->geometry->n_angles - 1) * 180 / G_PI),
                 g_ascii_formatd ((char[32]){ 0 }, 32, "%.3g", turn->step), half);
}

/* Says that half a turn is assumed, and what the images show of it. */
static void
say (ReconScan *self,
     ReconLog  *log)
{
  const char *path = self->contents->path;
  const char *half = NUMBER (G_PI / _recon_scan_count_places (self));

  switch (self->turn.kind)
    {
    case RECON_TURN_HALF:
      recon_log_info (log, "Nothing says at which angles %s was taken; its images agree with half a turn", path);
      break;
    case RECON_TURN_HALF_WITH_END:
      recon_log_warning (log,
                         "Nothing says at which angles %s was taken. Its last projection is the mirror image of the "
                         "first, as in half a turn that includes its end, but half a turn without it is assumed. Give "
                         "--reconstruction.angle-step=%s, or %s for half a turn without its end",
                         path, NUMBER (self->turn.step), half);
      break;
    case RECON_TURN_UNLIKE:
      recon_log_warning (log,
                         "Nothing says at which angles %s was taken. Half a turn is assumed, but its images do not "
                         "look like that: the last projection is far from the mirror image of the first. Give the "
                         "angles with --angles=PATH, or --reconstruction.angle-step=RADIANS (%s for half a turn)",
                         path, half);
      break;
    default:
      recon_log_warning (log,
                         "Nothing says at which angles %s was taken. Half a turn in even steps is assumed, which its "
                         "images cannot confirm. Give the angles with --angles=PATH, or "
                         "--reconstruction.angle-step=RADIANS (%s for half a turn)",
                         path, half);
    }
}

/* Needs the selection of rows, columns and projections, and the references; of angles, that none are known. Looks at
 * the images once, and says once what it saw. */
gboolean
_recon_scan_check_half_turn (ReconScan  *self,
                             ReconLog   *log,
                             GError    **error)
{
  const gboolean is_new = !self->looked_at_turn;

  if (is_new)
    self->turn = look (self);
  self->looked_at_turn = TRUE;

  if (self->turn.n_checks > 0 || self->turn.kind == RECON_TURN_FULL || self->turn.kind == RECON_TURN_OTHER)
    {
      set_other_turn (self, error);
      return FALSE;
    }
  if (is_new)
    say (self, log);

  return TRUE;
}

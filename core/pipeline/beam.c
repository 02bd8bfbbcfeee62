/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/reduce.h"
#include "io/scan-survey.h"
#include "pipeline/values.h"

/* How bright projections are beside flats. What can't be told from a sample that fills the view is not told: a sample
 * makes nothing brighter, isn't alike at both ends of the rows, and changes little by little as it turns. */

/* Parts of a row, and the transmission that their medians don't exceed: drifts of the beam and bright edges are
 * below. */
#define N_PARTS  16
#define MOST_AIR 1.15

/* Projections, as a share, in which a part is too bright. */
#define BRIGHT_SHARE 0.3

/* Beside the sample transmissions are alike within the first, and a jump is larger than the second. */
#define ALIKE      0.03
#define LEAST_JUMP 0.1

/* Less light than this beside the sample are flats of a longer exposure. */
#define LEAST_AIR 0.7
#define NO_AIR    0.02

/* Values at the largest that a counter has, as a share of all; less than this may be a few bright spots. */
#define SATURATED_SHARE 1e-3
#define LEAST_SATURATED 2

/* Both ends of the rows, of each projection; 0 where the rows aren't alike or there are no usable pixels. */
typedef struct
{
  double left[RECON_SURVEY_ANGLES];
  double right[RECON_SURVEY_ANGLES];
  guint  n;
} Ends;

static float
get_median (const float *values,
            guint        n)
{
  g_autofree float *finite = g_new (float, MAX (n, 1));
  guint n_finite = 0;

  for (guint i = 0; i < n; i++)
    if (isfinite (values[i]))
      finite[n_finite++] = values[i];

  return 2 * n_finite >= n && n_finite > 0 ? recon_reduce_median (finite, n_finite) : NAN;
}

static const float *
get_row (const ReconSurvey *survey,
         const float       *transmissions,
         guint              angle,
         guint              slice)
{
  return transmissions + ((gsize) angle * survey->n_slices + slice) * survey->width;
}

/* The largest median of a part of a projection, or 0. */
static double
get_brightest (const ReconSurvey *survey,
               const float       *transmissions,
               guint              angle)
{
  const guint n_parts = MIN (N_PARTS, survey->width);
  double brightest = 0;

  for (guint k = 0; k < survey->n_slices; k++)
    for (guint i = 0; i < n_parts; i++)
      {
        const guint first = (guint) ((guint64) survey->width * i / n_parts);
        const guint end = (guint) ((guint64) survey->width * (i + 1) / n_parts);

        brightest = fmax (brightest,
                          (double) get_median (get_row (survey, transmissions, angle, k) + first, end - first));
      }

  return brightest;
}

static gboolean
are_alike (double a,
           double b)
{
  return fabs (a - b) <= ALIKE * fmax (fabs (a), fabs (b));
}

/* The level of one end of a projection's rows, if it is the same in all rows and flat. */
static double
get_end (const ReconSurvey *survey,
         const float       *transmissions,
         guint              angle,
         gboolean           is_right)
{
  const guint n = MAX (survey->width / N_PARTS / 2, 1);
  const guint first = is_right ? survey->width - 2 * n : 0;
  double level = 0;

  if (survey->width < 2 * N_PARTS)
    return 0;

  for (guint k = 0; k < survey->n_slices; k++)
    {
      const float *row = get_row (survey, transmissions, angle, k) + first;
      const double here = (double) get_median (row, n), there = (double) get_median (row + n, n);

      if (!are_alike (here, there) || (k > 0 && !are_alike (here, level)))
        return 0;
      level = here;
    }

  return level;
}

static void
measure_ends (const ReconSurvey *survey,
              const float       *transmissions,
              Ends              *ends)
{
  ends->n = survey->n_angles;
  for (guint a = 0; a < ends->n; a++)
    {
      ends->left[a] = get_end (survey, transmissions, a, FALSE);
      ends->right[a] = get_end (survey, transmissions, a, TRUE);
    }
}

/* Whether both ends stay where they are from one projection to before another. */
static gboolean
is_steady (const Ends *ends,
           guint       first,
           guint       end)
{
  for (guint a = first; a < end; a++)
    if (!(ends->left[a] > NO_AIR && ends->right[a] > NO_AIR && are_alike (ends->left[a], ends->left[first]) &&
          are_alike (ends->right[a], ends->right[first])))
      return FALSE;

  return TRUE;
}

/* Returns: the projection before which the beam jumps, or 0 */
static guint
find_jump (const Ends *ends)
{
  for (guint a = 2; a + 2 <= ends->n; a++)
    {
      const double left = ends->left[a] / ends->left[a - 1], right = ends->right[a] / ends->right[a - 1];

      if (is_steady (ends, 0, a) && is_steady (ends, a, ends->n) && fabs (left - 1) > LEAST_JUMP &&
          are_alike (left, right))
        return a;
    }

  return 0;
}

static void
report_ends (ReconScan         *scan,
             const ReconSurvey *survey,
             const float       *transmissions,
             ReconLog          *log)
{
  Ends ends;
  guint jump;

  measure_ends (survey, transmissions, &ends);
  jump = find_jump (&ends);
  if (jump > 0)
    recon_log_warning (log, "The beam changes between projections %u and %u, counted from 0, and stays so: beside the "
                            "sample %.3g %% of the flats' light becomes %.3g %%. Slices are of wrong attenuation where "
                            "the flats are not of the same beam",
                       recon_scan_get_projection_number (scan, survey->angles[jump - 1]),
                       recon_scan_get_projection_number (scan, survey->angles[jump]), 100 * ends.left[jump - 1],
                       100 * ends.left[jump]);
  else if (ends.n > 2 && is_steady (&ends, 0, ends.n) && are_alike (ends.left[0], ends.right[0]) &&
           ends.left[0] < LEAST_AIR)
    recon_log_warning (log, "At both ends of the rows all projections that were looked at have %.3g %% of the flats' "
                            "light. If there is nothing but air, the flats are of a longer exposure or a brighter "
                            "beam, and attenuation is too large", 100 * ends.left[0]);
}

static void
report_bright (const ReconSurvey *survey,
               const float       *transmissions,
               ReconLog          *log)
{
  double most = 0;
  guint n = 0;

  for (guint a = 0; a < survey->n_angles; a++)
    {
      const double brightest = get_brightest (survey, transmissions, a);

      n += brightest > MOST_AIR;
      most = fmax (most, brightest);
    }

  if (n > 0 && n >= BRIGHT_SHARE * survey->n_angles)
    recon_log_warning (log, "Of %u projections that were looked at, %u are in part brighter than the flats, by up to "
                            "%.3g %% of their light: the flats are of a shorter exposure or a weaker beam, or "
                            "something was in the way when they were taken, such as the sample", survey->n_angles, n,
                       100 * (most - 1));
}

/* Pixels that couldn't count further, but for those that never do anything else. */
static void
report_saturated (const ReconSurvey *survey,
                  float              largest,
                  ReconLog          *log)
{
  const gsize n_frame = (gsize) survey->n_slices * survey->width;
  const gsize n = survey->n_angles * n_frame;
  gsize n_saturated = 0;

  for (gsize i = 0; i < n_frame; i++)
    {
      guint n_here = 0;

      for (guint a = 0; a < survey->n_angles; a++)
        n_here += survey->values[a * n_frame + i] >= largest;
      if (2 * n_here < survey->n_angles)
        n_saturated += n_here;
    }

  if (n_saturated >= LEAST_SATURATED && n_saturated >= SATURATED_SHARE * n)
    recon_log_warning (log, "Of the values looked at in %u rows of %u projections, %.2g %% (%" G_GSIZE_FORMAT ") are "
                            "saturated at %.9g, and show as streaks", survey->n_slices, survey->n_angles,
                       100.0 * (double) n_saturated / (double) n, n_saturated, (double) largest);
}

/**
 * recon_tomography_report_beam:
 * @scan: a scan that is corrected
 * @survey: what was seen of it
 * @transmissions: (array): of each value of the survey; NaN where a pixel can't be used
 * @log: hears if the projections were taken with another beam than the flats, or it changed
 */
void
recon_tomography_report_beam (ReconScan         *scan,
                              const ReconSurvey *survey,
                              const float       *transmissions,
                              ReconLog          *log)
{
  const float largest = recon_scan_get_largest (scan);

  report_bright (survey, transmissions, log);
  report_ends (scan, survey, transmissions, log);
  if (largest > 0)
    report_saturated (survey, largest, log);
}

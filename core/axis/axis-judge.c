/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "axis/axis-search.h"
#include "axis/slice-search.h"
#include "axis/statistics.h"

/* How sure the axis is: as sure as the weakest of what speaks for it. */

#define SURE 0.15        /* pixels, one standard deviation */
#define FAIRLY_SURE 0.5
#define UNSURE 4.0       /* more is no answer */
#define MARGIN 15.0      /* of evidence over any other axis */
#define FAIR_MARGIN 5.0
#define LEAST_MARGIN 3.0
#define PART 0.1         /* margin in evidence: less, and there are others nearly as good */
#define MOST_ROWS 0.6
#define ALIKE 0.92        /* 1 where noise is all that differs */
#define HARDLY_ALIKE 0.7
#define DRIFT 0.3        /* pixels during the scan: more is seen in slices */
#define MUCH_DRIFT 2.0
#define UNSTEADY 0.25    /* pixels that parts of the scan are off an even drift */
#define VERY_UNSTEADY 1.0
#define EDGE 0.22         /* of the width: nearer to an edge than that the axis of half a turn rarely lies */
#define FAR_OFF 2.0      /* times what slices may be off without a doubt */

typedef struct
{
  ReconAxisConfidence  confidence;
  char                *reason;
} Verdict;

static void G_GNUC_PRINTF (3, 4)
limit (Verdict             *verdict,
       ReconAxisConfidence  confidence,
       const char          *format,
       ...)
{
  va_list arguments;

  if (verdict->confidence <= confidence)
    return;

  g_free (verdict->reason);
  verdict->confidence = confidence;
  va_start (arguments, format);
  verdict->reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

/* Whether anything at all can be said. */
static void
judge_data (const ReconAxisSearch *self,
            Verdict               *verdict)
{
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    n += self->rows[i]->sinogram != NULL;

  if (n == 0)
    limit (verdict, RECON_AXIS_CONFIDENCE_NONE,
           self->n == 1 ? _ ("Nothing turns in the row that was looked at: it is empty, or without valid values. "
                             "Choose a row that shows the object.")
                        : _ ("Nothing turns in any of the rows that were looked at: they are empty, or without valid "
                             "values. Choose rows that show the object."));
  else if (self->line.n_used == 0)
    limit (verdict, RECON_AXIS_CONFIDENCE_NONE,
           _ ("No projection looks like the mirror image of the one half a turn away. Check the angles, and that the "
              "object did not move."));
  else if (self->line.uncertainty > UNSURE)
    limit (verdict, RECON_AXIS_CONFIDENCE_NONE,
           _ ("The axis is uncertain by %.1f px. Look at more rows, or at some with more contrast."),
           self->line.uncertainty);
}

static void
judge_margin (const ReconAxisSearch *self,
              Verdict               *verdict)
{
  const double rival = recon_geometry_to_detector (self->source->geometry, self->rival);

  if (self->margin < LEAST_MARGIN)
    limit (verdict, RECON_AXIS_CONFIDENCE_NONE,
           _ ("Other axes fit the projections as well. Look at more rows, at some with more contrast, or in a narrower "
              "range."));
  else if (isnan (rival) && self->margin < MARGIN)
    limit (verdict, RECON_AXIS_CONFIDENCE_LOW, _ ("Hardly anything in the projections tells where it is."));
  else if (isnan (rival))
    return;
  else if (self->margin < FAIR_MARGIN)
    limit (verdict, RECON_AXIS_CONFIDENCE_LOW, _ ("Other axes fit the projections nearly as well, such as %.0f."),
           rival);
  else if (self->margin < MARGIN || self->margin < PART * self->evidence)
    limit (verdict, RECON_AXIS_CONFIDENCE_MEDIUM, _ ("Other axes don't fit the projections much worse, such as %.0f."),
           rival);
}

/* In half a turn only what lies within the shorter side of the axis is seen from opposite sides. Where an object
 * reaches beyond the view, nobody would place the axis so that this is little; but what stands still in the beam, and
 * a row of similar parts, match there by chance. */
static void
judge_edge (const ReconAxisSearch *self,
            Verdict               *verdict)
{
  const double side = MIN (self->line.axis, self->width - 1 - self->line.axis);
  guint n = 0, n_cut = 0;

  for (guint i = 0; i < self->n; i++)
    if (self->rows[i]->sinogram != NULL)
      {
        n++;
        n_cut += recon_axis_sinogram_is_cut (self->rows[i]->sinogram) &&
                 self->rows[i]->sinogram->range < RECON_AXIS_FULL_TURN_RANGE;
      }

  if (2 * n_cut > n && side < EDGE * self->width)
    limit (verdict, RECON_AXIS_CONFIDENCE_LOW,
           _ ("About it only %.0f columns of an object that reaches beyond the view are seen from opposite sides. Give "
              "a range of columns to look in, if it lies elsewhere."),
           MAX (2 * side + 1, 1) * self->source->geometry->bin);
}

/* Whatever else there is to say, wrong angles come first. */
static void
judge_ends (const ReconAxisSearch *self,
            Verdict               *verdict)
{
  guint n = 0, n_same = 0;

  for (guint i = 0; i < self->n; i++)
    {
      n += self->rows[i]->sinogram != NULL;
      n_same += self->rows[i]->same_ends;
    }
  if (2 * n_same <= n)
    return;

  g_free (verdict->reason);
  verdict->reason = g_strdup (_ ("The first and the last projection look the same, as after a full turn, but the "
                                 "angles say half a turn. Check the angles: a list of them (input.angles), or "
                                 "reconstruction.angle-step."));
  verdict->confidence = MIN (verdict->confidence, RECON_AXIS_CONFIDENCE_LOW);
}

/* Parts of the scan, of a full turn above all. */
static void
judge_parts (const ReconAxisSearch *self,
             Verdict               *verdict)
{
  const double bin = self->source->geometry->bin;

  if (self->unsteady > UNSTEADY)
    limit (verdict, self->unsteady > VERY_UNSTEADY ? RECON_AXIS_CONFIDENCE_LOW : RECON_AXIS_CONFIDENCE_MEDIUM,
           _ ("Parts of the scan disagree: one has the axis %.2f px off the others. The sample or the detector moved, "
              "or angles are wrong."),
           self->unsteady * bin);
  if (recon_axis_search_drifts (self) && fabs (self->drift) > DRIFT)
    limit (verdict, fabs (self->drift) > MUCH_DRIFT ? RECON_AXIS_CONFIDENCE_LOW : RECON_AXIS_CONFIDENCE_MEDIUM,
           _ ("The axis moves by %s%.2f px from the first projection to the last: the sample or the detector drifted. "
              "What was found is the mean."),
           self->drift < 0 ? "−" : "+", fabs (self->drift) * bin);
}

/* Wrong angles leave lines that are alike about some axis, but are no mirror images. */
static void
judge_likeness (const ReconAxisSearch *self,
                Verdict               *verdict)
{
  g_autofree double *likeness = g_new (double, self->n);
  double usual;
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    if (self->rows[i]->used)
      likeness[n++] = self->rows[i]->likeness;
  usual = n > 0 ? recon_axis_median (likeness, n) : 0;

  if (usual < ALIKE)
    limit (verdict, usual < HARDLY_ALIKE ? RECON_AXIS_CONFIDENCE_LOW : RECON_AXIS_CONFIDENCE_MEDIUM,
           _ ("Projections half a turn apart are mirror images about it to %.0f %% only. Check the angles, and that "
              "the object did not move."),
           100 * usual);
}

static void
judge_rows (const ReconAxisSearch *self,
            Verdict               *verdict)
{
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    n += !isnan (self->rows[i]->estimates[RECON_AXIS_AUTO].axis);

  if (self->line.n_used < MOST_ROWS * n)
    limit (verdict, self->margin < MARGIN ? RECON_AXIS_CONFIDENCE_NONE : RECON_AXIS_CONFIDENCE_LOW,
           _ ("Only %u of %u rows agree."), self->line.n_used, n);
  if (n == 1 && self->line.uncertainty > SURE / 2)
    limit (verdict, RECON_AXIS_CONFIDENCE_MEDIUM, _ ("Only one row tells the axis."));
}

static void
judge_slice (const ReconAxisSearch *self,
             Verdict               *verdict)
{
  double off = self->slice_off;

  if (isnan (off))
    limit (verdict, RECON_AXIS_CONFIDENCE_MEDIUM, _ ("Slices about other axes look no worse."));
  else if (fabs (off) > self->slice_tolerance)
    limit (verdict,
           fabs (off) > FAR_OFF * self->slice_tolerance ? RECON_AXIS_CONFIDENCE_LOW : RECON_AXIS_CONFIDENCE_MEDIUM,
           _ ("Slices look better about %+.2f px from there."), off);
}

static void
judge_uncertainty (const ReconAxisSearch *self,
                   Verdict               *verdict)
{
  if (self->line.uncertainty > FAIRLY_SURE)
    limit (verdict, RECON_AXIS_CONFIDENCE_LOW, _ ("It is uncertain by %.1f px."), self->line.uncertainty);
  else if (self->line.uncertainty > SURE)
    limit (verdict, RECON_AXIS_CONFIDENCE_MEDIUM, _ ("It is uncertain by %.2f px."), self->line.uncertainty);
}

/* Returns how sure the axis is. */
static ReconAxisConfidence
judge (const ReconAxisSearch  *self,
       char                  **reason)
{
  Verdict verdict = { .confidence = RECON_AXIS_CONFIDENCE_HIGH };

  verdict.reason = g_strdup (_ ("Projections half a turn apart are mirror images about it, and slices look best "
                                "about it."));
  judge_data (self, &verdict);
  if (verdict.confidence > RECON_AXIS_CONFIDENCE_NONE)
    {
      judge_margin (self, &verdict);
      judge_edge (self, &verdict);
      judge_parts (self, &verdict);
      judge_likeness (self, &verdict);
      judge_rows (self, &verdict);
      judge_slice (self, &verdict);
      judge_uncertainty (self, &verdict);
      if (self->method != RECON_AXIS_AUTO)
        limit (&verdict, RECON_AXIS_CONFIDENCE_MEDIUM, _ ("One method by itself."));
    }
  judge_ends (self, &verdict);
  *reason = verdict.reason;

  return verdict.confidence;
}

/* From a search to its result, in columns as read. */

#define CANDIDATES 48
#define CANDIDATE_COLUMNS 192
#define CANDIDATE_STEP 0.25 /* pixels of these slices */

/* A little more than what the search looked at, so that the valley shows. */
static void
add_candidates (const ReconAxisSearch *self,
                const ReconAxisRows   *rows,
                ReconAxisResult       *result)
{
  const ReconRowSearch *row = recon_axis_search_get_middle_row (self);
  const double pixel = MAX (self->width / (double) CANDIDATE_COLUMNS, 1);
  double axis, least = G_MAXDOUBLE, most = -G_MAXDOUBLE;

  if (row == NULL)
    return;

  axis = recon_axis_search_get_column (self, row->row);
  result->n_candidates = CANDIDATES;
  result->candidates = g_new (double, CANDIDATES);
  result->scores = g_new (double, CANDIDATES);
  for (guint i = 0; i < CANDIDATES; i++)
    result->candidates[i] = axis + ((double) i - CANDIDATES / 2) * CANDIDATE_STEP * pixel;
  recon_axis_slice_curve (row->sinogram, RECON_AXIS_ENTROPY, result->candidates[0], CANDIDATE_STEP * pixel,
                          result->scores, CANDIDATES, CANDIDATE_COLUMNS);
  for (guint i = 0; i < CANDIDATES; i++)
    {
      least = MIN (least, result->scores[i]);
      most = MAX (most, result->scores[i]);
    }
  for (guint i = 0; i < CANDIDATES; i++)
    {
      result->scores[i] = most > least ? (most - result->scores[i]) / (most - least) : 0;
      /* The candidates are for the row in the middle; the result is for the middle of the rows. */
      result->candidates[i] = recon_geometry_to_detector (rows->geometry,
                                                          result->candidates[i] - axis + self->line.axis);
    }
}

static void
add_rows (const ReconAxisSearch *self,
          const ReconAxisRows   *rows,
          ReconAxisResult       *result)
{
  result->n_rows = self->n;
  result->rows = g_new (ReconAxisRow, self->n);
  for (guint i = 0; i < self->n; i++)
    {
      const ReconAxisEstimate *all = &self->rows[i]->estimates[RECON_AXIS_AUTO];
      gboolean found = !isnan (all->axis) && result->confidence != RECON_AXIS_CONFIDENCE_NONE;

      result->rows[i] = (ReconAxisRow) {
        .row = self->rows[i]->row,
        .axis = found ? recon_geometry_to_detector (rows->geometry, all->axis) : (double) NAN,
        .uncertainty = found ? all->uncertainty * rows->geometry->bin : (double) NAN,
        .score = found ? all->score : 0,
        .used = found && self->rows[i]->used,
      };
    }
}

/* Returns: the method whose estimates weigh most */
static ReconAxisMethod
get_method (const ReconAxisSearch *self)
{
  double weights[RECON_AXIS_N_METHODS] = { 0 };
  guint best = RECON_AXIS_AUTO;

  for (guint i = 0; i < self->n; i++)
    for (guint m = RECON_AXIS_AUTO + 1; m < RECON_AXIS_N_METHODS; m++)
      {
        const ReconAxisEstimate *estimate = &self->rows[i]->estimates[m];

        if (self->rows[i]->used && !isnan (estimate->axis))
          weights[m] += 1 / (estimate->uncertainty * estimate->uncertainty);
        if (weights[m] > weights[best])
          best = m;
      }

  return (ReconAxisMethod) best;
}

/**
 * recon_axis_answer:
 * @self: a search that has come to its end
 * @rows: what it was made with
 *
 * Returns: (transfer full): its result
 */
ReconAxisResult *
recon_axis_answer (const ReconAxisSearch *self,
                   const ReconAxisRows   *rows)
{
  ReconAxisResult *result = g_new0 (ReconAxisResult, 1);

  result->confidence = judge (self, &result->reason);
  result->middle = (rows->width_as_read - 1) / 2.0;
  result->method = get_method (self);
  result->axis = result->uncertainty = result->tilt = result->tilt_uncertainty = NAN;
  result->drift = result->drift_uncertainty = NAN;
  result->middle_row = self->line.row;
  if (result->confidence != RECON_AXIS_CONFIDENCE_NONE)
    {
      result->axis = recon_geometry_to_detector (rows->geometry, self->line.axis);
      result->uncertainty = self->line.uncertainty * rows->geometry->bin;
      if (!isnan (self->drift))
        {
          result->drift = self->drift * rows->geometry->bin;
          result->drift_uncertainty = self->drift_uncertainty * rows->geometry->bin;
        }
      if (!isnan (self->line.slope))
        {
          result->tilt = atan (self->line.slope * rows->geometry->bin) * 180 / G_PI;
          result->tilt_uncertainty = self->line.slope_uncertainty * rows->geometry->bin * 180 / G_PI;
        }
      result->half = recon_axis_search_is_half (self);
      if (result->half)
        result->overlap = (2 * MIN (self->line.axis, self->width - 1 - self->line.axis) + 1) * rows->geometry->bin;
      add_candidates (self, rows, result);
    }
  add_rows (self, rows, result);

  return result;
}

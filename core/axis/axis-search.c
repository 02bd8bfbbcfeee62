/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-search.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "axis/slice-search.h"
#include "axis/statistics.h"
#include "axis/wedge.h"
#include "base/error.h"
#include "compute/device.h"
#include "geometry/angles.h"

/* rows ─▶ each prepared and compared with its mirror image ─▶ coarse axis of all ─▶ each row refined by what suits it
 *      ─▶ line through the rows ─▶ slices about it, which may move the rows ─▶ line ─▶ judged */

#define MOST_GAP (5.0 / 180 * G_PI) /* to half a turn */
#define OFF_MIDDLE 0.1   /* of the width: farther, a cut object of a full turn is half in view */
#define SLICE_REACH 3.0  /* pixels of the slices that look for the axis */
#define SLICE_COLUMNS 256
#define FEW_ROWS 3       /* whose slices are looked at where that takes long or is only to be sure */
#define SURE 0.06        /* pixels, one standard deviation: slices only have to confirm it */

typedef void (*RowFunc) (ReconAxisSearch *self,
                         guint            row);

typedef struct
{
  ReconAxisSearch *search;
  RowFunc          func;
  GCancellable    *cancellable;
} RowWork;

static gboolean
row_cb (guint     row,
        guint     member,
        gpointer  user_data,
        GError  **error)
{
  RowWork *work = user_data;

  if (g_cancellable_set_error_if_cancelled (work->cancellable, error))
    return FALSE;

  work->func (work->search, row);

  return TRUE;
}

/* For all rows, several at a time. */
static gboolean
for_rows (ReconAxisSearch  *self,
          RowFunc           func,
          GCancellable     *cancellable,
          GError          **error)
{
  RowWork work = { self, func, cancellable };

  return recon_team_run (self->team, recon_team_get_n_members (self->team), self->n, row_cb, &work, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Rows. */

static void
prepare_row (ReconAxisSearch *self,
             guint            i)
{
  ReconAxisRows *source = self->source;

  self->rows[i] = recon_row_search_new (source->rows[i], source->sinograms[i], source->geometry->angles,
                                        source->geometry->n_angles, source->width);
  g_clear_pointer (&source->sinograms[i], recon_host_memory_free);
}

static void
refine_row (ReconAxisSearch *self,
            guint            i)
{
  recon_row_search_refine (self->rows[i], self->method);
  recon_row_search_combine (self->rows[i]);
}

static void
weigh_mass (ReconAxisSearch *self,
            guint            i)
{
  recon_row_search_refine (self->rows[i], RECON_AXIS_CENTROID);
}

/* Returns: the column of the line in a row */
double
recon_axis_search_get_column (const ReconAxisSearch *self,
                              double                 row)
{
  return self->line.axis + (isnan (self->line.slope) ? 0 : self->line.slope) * (row - self->line.row);
}

static gboolean
is_one_of_few (const ReconAxisSearch *self,
               guint                  i)
{
  const guint apart = (self->n + FEW_ROWS - 1) / FEW_ROWS;

  return i % apart == self->n / 2 % apart;
}

/* Slices of the row about its axis. */
static void
look_at_row (ReconAxisSearch *self,
             guint            i)
{
  const double pixel = MAX (self->width / (double) SLICE_COLUMNS, 1);

  if (self->line.uncertainty < SURE && !is_one_of_few (self, i))
    return;

  recon_row_search_examine (self->rows[i], recon_axis_search_get_column (self, self->rows[i]->row),
                            MAX (SLICE_REACH * pixel, 4 * self->line.uncertainty));
  recon_row_search_combine (self->rows[i]);
}

static void
search_wedge (ReconAxisSearch *self,
              guint            i)
{
  if (self->rows[i]->sinogram != NULL)
    self->rows[i]->coarse = recon_axis_wedge_search (self->rows[i]->sinogram, &self->range);
  refine_row (self, i);
}

static void
search_slices (ReconAxisSearch *self,
               guint            i)
{
  if (self->rows[i]->sinogram != NULL && is_one_of_few (self, i))
    self->rows[i]->estimates[self->method] =
        recon_axis_slice_search (self->rows[i]->sinogram, self->method, &self->range);
  recon_row_search_combine (self->rows[i]);
}

/* Line. */

static void
fit_line (ReconAxisSearch *self)
{
  g_autofree ReconAxisPoint *points = g_new (ReconAxisPoint, self->n);

  for (guint i = 0; i < self->n; i++)
    {
      const ReconAxisEstimate *all = &self->rows[i]->estimates[RECON_AXIS_AUTO];
      gboolean inside = all->axis >= self->range.low - 0.5 && all->axis <= self->range.high + 0.5;

      points[i] = (ReconAxisPoint) { self->rows[i]->row, inside ? all->axis : (double) NAN, all->uncertainty, FALSE };
    }
  recon_axis_line_fit (points, self->n, &self->line);
  for (guint i = 0; i < self->n; i++)
    self->rows[i]->used = points[i].used;
}

/* Returns: (nullable): the row that stands for all: used, and next to the middle of them */
ReconRowSearch *
recon_axis_search_get_middle_row (const ReconAxisSearch *self)
{
  ReconRowSearch *middle = NULL;

  for (guint i = 0; i < self->n; i++)
    if (self->rows[i]->used &&
        (middle == NULL || fabs (self->rows[i]->row - self->line.row) < fabs (middle->row - self->line.row)))
      middle = self->rows[i];

  return middle;
}

/* Returns: whether the object is half in view, by a full turn about an axis near an edge of the detector */
gboolean
recon_axis_search_is_half (const ReconAxisSearch *self)
{
  const ReconRowSearch *row = recon_axis_search_get_middle_row (self);

  return row != NULL && row->sinogram->full && recon_axis_sinogram_is_cut (row->sinogram) &&
         fabs (self->line.axis - (self->width - 1) / 2.0) > OFF_MIDDLE * self->width;
}

/* What slices say of the line: the median of the rows' distances from it. */
static void
compare_slices (ReconAxisSearch *self)
{
  g_autofree double *off = g_new (double, self->n);
  g_autofree double *unsure = g_new (double, self->n);
  const ReconRowSearch *middle = recon_axis_search_get_middle_row (self);
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    {
      const ReconAxisEstimate *slice = &self->rows[i]->estimates[RECON_AXIS_ENTROPY];

      if (!self->rows[i]->used || isnan (slice->axis))
        continue;
      unsure[n] = slice->uncertainty;
      off[n++] = slice->axis - recon_axis_search_get_column (self, self->rows[i]->row);
    }
  self->slice_off = n > 0 ? recon_axis_median (off, n) : (double) NAN;
  self->slice_tolerance = MAX (0.5 * MAX (self->width / (double) SLICE_COLUMNS, 1),
                               n > 0 ? 2 * recon_axis_median (unsure, n) : 0);
  if (middle != NULL && recon_axis_sinogram_is_cut (middle->sinogram))
    self->slice_tolerance *= 2;
}

static gboolean
find_auto (ReconAxisSearch  *self,
           GCancellable     *cancellable,
           GError          **error)
{
  if (!for_rows (self, weigh_mass, cancellable, error))
    return FALSE;
  if (isnan (recon_axis_consensus (self)))
    return TRUE;
  if (!for_rows (self, refine_row, cancellable, error))
    return FALSE;
  fit_line (self);
  if (self->line.n_used == 0)
    return TRUE;

  /* Slices of what is half in view show how the halves fade, more than the axis. */
  if (recon_axis_search_is_half (self))
    self->slice_off = 0;
  else
    {
      if (!for_rows (self, look_at_row, cancellable, error))
        return FALSE;
      fit_line (self);
      compare_slices (self);
    }

  return TRUE;
}

static gboolean
find_by_method (ReconAxisSearch  *self,
                GCancellable     *cancellable,
                GError          **error)
{
  gboolean done;

  recon_axis_consensus (self);
  switch (self->method)
    {
    case RECON_AXIS_WEDGE:
      done = for_rows (self, search_wedge, cancellable, error);
      break;
    case RECON_AXIS_ENTROPY:
    case RECON_AXIS_NEGATIVITY:
    case RECON_AXIS_SHARPNESS:
      done = for_rows (self, search_slices, cancellable, error);
      break;
    default:
      done = for_rows (self, refine_row, cancellable, error);
      break;
    }
  fit_line (self);
  self->slice_off = 0;
  /* What they look at is no evidence of mirror images. */
  if (self->method != RECON_AXIS_PAIR && self->method != RECON_AXIS_FULL_TURN)
    self->margin = self->evidence = G_MAXDOUBLE;

  return done;
}

/* Beginning. */

static gboolean
check_range (const ReconAxisRows      *rows,
             const ReconAxisSettings  *settings,
             ReconAxisRange           *range,
             GError                  **error)
{
  const double last = rows->width_as_read - 1.0;

  *range = (ReconAxisRange) { 0, rows->width - 1.0 };
  if (isnan (settings->low) && isnan (settings->high))
    return TRUE;

  if (!(settings->low < settings->high))
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("The range %g:%g holds no columns. Give the lower column first."), settings->low, settings->high);
  else if (settings->low > last || settings->high < 0)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("The range %g:%g lies outside the detector, whose columns are 0 to %g. Choose a range inside."),
                 settings->low, settings->high, last);
  else
    {
      range->low = CLAMP (recon_geometry_from_detector (rows->geometry, settings->low), 0, rows->width - 1.0);
      range->high = CLAMP (recon_geometry_from_detector (rows->geometry, settings->high), 0, rows->width - 1.0);
      return TRUE;
    }

  return FALSE;
}

static gboolean
check_angles (const ReconAxisRows  *rows,
              ReconAxisMethod       method,
              GError              **error)
{
  const double range = recon_angles_get_range (rows->geometry->angles, rows->geometry->n_angles);

  if (range < G_PI - MOST_GAP)
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("The projections cover %.1f°: no two are half a turn apart, within 5°. The axis needs a scan of "
                    "half a turn or more. Check reconstruction.angle-step if it has one."),
                 range * 180 / G_PI);
  else if (method == RECON_AXIS_FULL_TURN && range < RECON_AXIS_FULL_TURN_RANGE)
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("The projections cover %.1f°, but the method full-turn wants more than 225°. Choose the method "
                    "auto."),
                 range * 180 / G_PI);
  else
    return TRUE;

  return FALSE;
}

static void
clear (ReconAxisSearch *self)
{
  for (guint i = 0; i < self->n; i++)
    g_clear_pointer (&self->rows[i], recon_row_search_free);
  g_free (self->rows);
  recon_team_free (self->team);
}

/**
 * recon_axis_search:
 * @rows: (inout): rows of a scan; their sinograms are used up
 * @settings: what to do with them
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Returns: (transfer full): a result, possibly without an axis; %NULL with #RECON_ERROR_CONFIG, #RECON_ERROR_INPUT or
 *   %G_IO_ERROR_CANCELLED
 */
ReconAxisResult *
recon_axis_search (ReconAxisRows            *rows,
                   const ReconAxisSettings  *settings,
                   GCancellable             *cancellable,
                   GError                  **error)
{
  const gint64 start = g_get_monotonic_time ();
  ReconAxisSearch self = { .source = rows, .method = settings->method, .width = rows->width, .n = rows->n };
  ReconAxisResult *result = NULL;

  self.line.axis = self.slice_off = self.drift = NAN;
  if (!check_range (rows, settings, &self.range, error) || !check_angles (rows, settings->method, error))
    return NULL;

  self.rows = g_new0 (ReconRowSearch *, self.n);
  self.team = recon_team_new (g_get_num_processors ());
  if (for_rows (&self, prepare_row, cancellable, error) &&
      (self.method == RECON_AXIS_AUTO ? find_auto (&self, cancellable, error)
                                      : find_by_method (&self, cancellable, error)))
    {
      recon_axis_compare_methods (&self);
      recon_axis_compare_parts (&self);
      result = recon_axis_answer (&self, rows);
      result->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    }
  clear (&self);

  return result;
}

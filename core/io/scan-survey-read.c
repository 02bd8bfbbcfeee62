/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/sort.h"
#include "io/reduce.h"

/* What a survey reads: rows of all darks and flats, and of some projections, into memory. */

/* All references that are looked at; where there are very many, in fewer rows. */
#define MOST_BYTES ((gsize) 64 * 1024 * 1024)

/* The rows of a group: exposures × slices × width. */
typedef struct
{
  ReconSurvey *survey;
  ReconLevels *levels;
  float       *values;
} Group;

void
recon_survey_free (ReconSurvey *self)
{
  g_free (self->values);
  g_free (self->dark);
  g_free (self->flat);
  g_free (self->flat_after);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}

/* Of n, the first of `wanted` that are evenly spread, and their distance. */
static void
spread (guint  n,
        guint  wanted,
        guint *first,
        guint *step)
{
  *step = n / wanted;
  *first = (n - 1 - (wanted - 1) * *step) / 2;
}

static void
set_up (ReconScan     *self,
        ReconSurvey   *survey,
        ReconScanPart *part)
{
  gsize bytes = (gsize) self->width * sizeof (float);
  guint n = 0;

  for (guint g = 0; g < RECON_N_LEVELS; g++)
    n += _recon_scan_count_exposures (self, _recon_scan_get_references (self, g));
  part->n_slices = (guint) CLAMP (MOST_BYTES / bytes / MAX (n, 1), 1,
                                  MIN (RECON_SURVEY_SLICES, self->geometry->n_rows));
  part->n_angles = MIN (RECON_SURVEY_ANGLES, self->geometry->n_angles);
  spread (self->geometry->n_rows, part->n_slices, &part->slice, &part->slice_step);
  spread (self->geometry->n_angles, part->n_angles, &part->angle, &part->angle_step);

  survey->width = self->width;
  survey->n_slices = part->n_slices;
  for (guint i = 0; i < part->n_slices; i++)
    survey->slices[i] = part->slice + i * part->slice_step;
  survey->n_angles = part->n_angles;
  for (guint i = 0; i < part->n_angles; i++)
    survey->angles[i] = part->angle + i * part->angle_step;
}

static float *
allocate (const ReconSurvey  *survey,
          guint               n,
          GError            **error)
{
  float *values = g_try_malloc_n ((gsize) n * survey->n_slices, survey->width * sizeof (float));

  if (values == NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("No memory for rows of %u images of %u columns."), n,
                 survey->width);

  return values;
}

static void
put_reference_line (guint        exposure,
                    guint        slice,
                    const float *values,
                    gpointer     user_data)
{
  Group *group = user_data;
  const ReconSurvey *survey = group->survey;

  memcpy (group->values + ((gsize) exposure * survey->n_slices + slice) * survey->width, values,
          survey->width * sizeof *values);
  recon_levels_measure_row (group->levels, exposure, slice, values, survey->width);
}

static gboolean
read_group (ReconScan            *self,
            const ReconScanPart  *part,
            guint                 which,
            Group                *group,
            GCancellable         *cancellable,
            GError              **error)
{
  if (group->levels->n == 0)
    return TRUE;

  group->values = allocate (group->survey, group->levels->n, error);

  return group->values != NULL &&
         _recon_scan_foreach_reference (self, part, which, RECON_LINES_ANY_ORDER, put_reference_line, group,
                                        cancellable, error);
}

static double
get_median (const double *values,
            guint         n)
{
  g_autofree double *sorted = g_new (double, n);
  guint n_finite = 0;

  for (guint i = 0; i < n; i++)
    if (isfinite (values[i]))
      sorted[n_finite++] = values[i];
  if (n_finite == 0)
    return NAN;
  qsort (sorted, n_finite, sizeof *sorted, recon_compare_doubles);

  return sorted[n_finite / 2];
}

static gboolean
read_projections (ReconScan            *self,
                  const ReconScanPart  *part,
                  ReconSurvey          *survey,
                  ReconLevels          *levels,
                  GCancellable         *cancellable,
                  GError              **error)
{
  survey->values = allocate (survey, survey->n_angles, error);
  if (survey->values == NULL ||
      !_recon_scan_read_part (self, part, part->n_slices, survey->values, cancellable, error))
    return FALSE;

  for (guint i = 0; i < survey->n_angles; i++)
    {
      for (guint k = 0; k < survey->n_slices; k++)
        recon_levels_measure_row (levels, i, k, survey->values + ((gsize) i * survey->n_slices + k) * survey->width,
                                  survey->width);
      survey->angle_levels[i] = recon_levels_get_frame (levels, i);
    }
  survey->level = get_median (survey->angle_levels, survey->n_angles);

  return TRUE;
}

/* Of a group whose frames were judged; of another one all frames count. */
static double
get_level (ReconLevels *levels)
{
  g_autofree double *frames = g_new (double, levels->n);

  if (isfinite (levels->level))
    return levels->level;

  for (guint i = 0; i < levels->n; i++)
    frames[i] = recon_levels_get_frame (levels, i);

  return get_median (frames, levels->n);
}

static void
add_kept (ReconReducer *reducer,
          const Group  *group,
          guint         first)
{
  const gsize n = (gsize) group->survey->n_slices * group->survey->width;

  for (guint i = 0; i < group->levels->n; i++)
    if (group->levels->verdicts[i] == RECON_FRAME_KEPT)
      recon_reducer_add (reducer, first++, 0, group->values + i * n, n);
}

/* One image of those that are kept, as recon_scan_read_references() makes it. @pooled: (nullable) */
static float *
reduce (ReconScan    *self,
        const Group  *group,
        const Group  *pooled,
        GError      **error)
{
  const guint n_first = recon_levels_count (group->levels, RECON_FRAME_KEPT);
  const guint n = n_first + (pooled != NULL ? recon_levels_count (pooled->levels, RECON_FRAME_KEPT) : 0);
  g_autoptr (ReconReducer) reducer = NULL;
  float *result = allocate (group->survey, 1, error);

  if (result == NULL)
    return NULL;
  if (n == 0)
    {
      memset (result, 0, (gsize) group->survey->n_slices * group->survey->width * sizeof *result);
      return result;
    }

  reducer = recon_reducer_new (self->reduction, n, (gsize) group->survey->n_slices * group->survey->width);
  add_kept (reducer, group, 0);
  if (pooled != NULL)
    add_kept (reducer, pooled, n_first);
  recon_reducer_finish (reducer, result);

  return result;
}

/* Samples of frames that are used which are no numbers: they are left out of the mean or median. */
static void
report_broken (ReconScan   *self,
               guint        which,
               const Group *group)
{
  const ReconSurvey *survey = group->survey;
  const gsize n_frame = (gsize) survey->n_slices * survey->width;
  gsize n_broken = 0, first = 0;
  double row;
  guint column;

  for (guint i = 0; i < group->levels->n; i++)
    for (gsize k = 0; group->levels->verdicts[i] == RECON_FRAME_KEPT && k < n_frame; k++)
      if (!isfinite (group->values[i * n_frame + k]) && n_broken++ == 0)
        first = i * n_frame + k;

  if (n_broken == 0)
    return;

  row = recon_scan_get_geometry (self)->detector_rows[survey->slices[first % n_frame / survey->width]];
  column = recon_geometry_get_column (recon_scan_get_geometry (self), (guint) (first % survey->width));
  g_ptr_array_add (survey->warnings,
                   g_strdup_printf ("%s: of the values looked at in %u rows, %" G_GSIZE_FORMAT " %s left out of what "
                                    "the frames become (the first in frame %u, row %g, column %u)",
                                    _recon_scan_get_levels_title (which), survey->n_slices, n_broken,
                                    n_broken == 1 ? "is no number and" : "are no numbers and",
                                    (guint) (first / n_frame), row, column));
}

static gboolean
reduce_all (ReconScan    *self,
            ReconSurvey  *survey,
            const Group  *groups,
            GError      **error)
{
  const Group *after = &groups[RECON_LEVELS_FLATS_AFTER];
  const gboolean has_flats = recon_levels_count (groups[RECON_LEVELS_FLATS].levels, RECON_FRAME_KEPT) > 0;
  const gboolean has_after = recon_levels_count (after->levels, RECON_FRAME_KEPT) > 0;
  const gboolean is_pair = has_flats && has_after && self->interpolate;

  survey->dark_level = groups[RECON_LEVELS_DARKS].levels->n > 0 ? get_level (groups[RECON_LEVELS_DARKS].levels) : 0;
  survey->flat_level = get_level (groups[has_flats ? RECON_LEVELS_FLATS : RECON_LEVELS_FLATS_AFTER].levels);
  survey->dark = reduce (self, &groups[RECON_LEVELS_DARKS], NULL, error);
  survey->flat = has_flats ? reduce (self, &groups[RECON_LEVELS_FLATS], has_after && !is_pair ? after : NULL, error)
                           : reduce (self, after, NULL, error);
  survey->flat_after = is_pair ? reduce (self, after, NULL, error) : NULL;

  return survey->dark != NULL && survey->flat != NULL && (survey->flat_after != NULL || !is_pair);
}

/* Reads what a survey looks at, and judges the references.
 *
 * @levels: (out): of darks, flats and flats after, to be freed; their frames are judged. Set on success. */
ReconSurvey *
_recon_scan_read_survey (ReconScan     *self,
                         ReconLevels  **levels,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr (ReconSurvey) survey = g_new0 (ReconSurvey, 1);
  Group groups[RECON_N_LEVELS] = { 0 };
  g_autoptr (ReconLevels) projections = NULL;
  ReconScanPart part;
  gboolean success = TRUE;

  survey->warnings = g_ptr_array_new_with_free_func (g_free);
  set_up (self, survey, &part);
  projections = recon_levels_new (survey->n_angles, survey->n_slices);
  survey->dark_level = survey->flat_level = survey->ceiling = NAN;
  for (guint g = 0; g < RECON_N_LEVELS; g++)
    {
      ReconFrames *frames = self->correct ? _recon_scan_get_references (self, g) : NULL;

      levels[g] = recon_levels_new (_recon_scan_count_exposures (self, frames), survey->n_slices);
      groups[g] = (Group) { survey, levels[g], NULL };
      success = success && read_group (self, &part, g, &groups[g], cancellable, error);
    }
  success = success && read_projections (self, &part, survey, projections, cancellable, error);

  if (success && self->correct)
    {
      recon_levels_judge (levels, projections);
      survey->ceiling = levels[RECON_LEVELS_FLATS]->ceiling;
      success = reduce_all (self, survey, groups, error);
      for (guint g = 0; success && g < RECON_N_LEVELS; g++)
        report_broken (self, g, &groups[g]);
    }

  for (guint g = 0; g < RECON_N_LEVELS; g++)
    {
      g_free (groups[g].values);
      if (!success)
        g_clear_pointer (&levels[g], recon_levels_free);
    }

  return success ? g_steal_pointer (&survey) : NULL;
}

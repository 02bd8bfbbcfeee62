/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"

/* What a survey finds wrong with darks and flats is left out of what the scan reads from then on. */

/* Frames that are named one by one. */
#define MOST_NAMES 6

/* Flats of which it isn't clear which are right differ at most by this factor; else their mean means nothing. */
#define MOST_FACTOR 1.5

static const char *const titles[RECON_N_LEVELS] = { "Darks", "Flats", "Flats after" };

const char *
_recon_scan_get_levels_title (guint which)
{
  return titles[which];
}

static const char *
describe_verdict (guint verdict)
{
  switch (verdict)
    {
    case RECON_FRAME_LIKE_FLATS:
      return "as bright as the flats";
    case RECON_FRAME_LIKE_DARKS:
      return "as dark as the darks";
    case RECON_FRAME_BRIGHTER:
      return "brighter than the others";
    case RECON_FRAME_DARKER:
      return "darker than the others";
    case RECON_FRAME_UNEVEN:
      return "unlike the others in a part of the image";
    case RECON_FRAME_SATURATED:
      return "saturated, with many pixels of the largest value";
    case RECON_FRAME_NO_NUMBERS:
    default:
      return "without numbers";
    }
}

G_GNUC_PRINTF (2, 3)
static void
warn (GPtrArray  *warnings,
      const char *format,
      ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (warnings, g_strdup_vprintf (format, args));
  va_end (args);
}

/* The name of a frame in its file: an exposure of a sinogram is a line. */
static guint
get_number (ReconScan   *self,
            ReconFrames *frames,
            guint        exposure)
{
  return _recon_scan_is_reference_by_rows (self, frames) ? exposure : recon_frames_get_index (frames)[exposure];
}

static void
report_verdict (ReconScan   *self,
                guint        which,
                ReconLevels *levels,
                guint        verdict,
                GPtrArray   *warnings)
{
  ReconFrames *frames = _recon_scan_get_references (self, which);
  const guint n = recon_levels_count (levels, verdict);
  g_autoptr (GString) numbers = g_string_new (NULL);
  double sum = 0;
  guint n_named = 0;

  if (n == 0)
    return;

  for (guint i = 0; i < levels->n; i++)
    {
      if (levels->verdicts[i] != verdict)
        continue;
      sum += recon_levels_get_frame (levels, i);
      if (n_named++ < MOST_NAMES)
        g_string_append_printf (numbers, "%s%u", numbers->len > 0 ? ", " : "", get_number (self, frames, i));
    }
  if (n > MOST_NAMES)
    g_string_append_printf (numbers, " and %u more", n - MOST_NAMES);

  if (verdict == RECON_FRAME_NO_NUMBERS)
    warn (warnings, "%s: %u of %u are left out, without numbers: image%s %s of %s, counted from 0",
                       titles[which], n, levels->n, n > 1 ? "s" : "", numbers->str,
                       recon_reader_get_path (recon_frames_get_reader (frames)));
  else
    warn (warnings, "%s: %u of %u are left out, %s: image%s %s of %s, counted from 0 (level %.6g, others %.6g)",
                       titles[which], n, levels->n, describe_verdict (verdict), n > 1 ? "s" : "", numbers->str,
                       recon_reader_get_path (recon_frames_get_reader (frames)), sum / n, levels->level);
}

/* As many frames of one level as of another: none of them can be left out. */
static gboolean
check_other (ReconScan    *self,
             guint         which,
             ReconLevels  *levels,
             double        dark,
             GPtrArray    *warnings,
             GError      **error)
{
  const char *path = recon_reader_get_path (recon_frames_get_reader (_recon_scan_get_references (self, which)));
  const double low = fmin (levels->level, levels->other), high = fmax (levels->level, levels->other);

  if (which == RECON_LEVELS_DARKS || high - dark <= MOST_FACTOR * (low - dark))
    {
      warn (warnings, "%s: they disagree, and it isn't clear which of them are right: some have a level of "
                              "%.6g, as many or more one of %.6g (%s)",
            titles[which], levels->level, levels->other, path);
      return TRUE;
    }

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("The flats disagree, and it isn't clear which of them are right: some have a level of %.6g, as many "
                  "or more one of %.6g (%s). Choose those that are right by --flats and --flats-after."),
               levels->level, levels->other, path);
  return FALSE;
}

static void
rank (ReconScan   *self,
      guint        which,
      ReconLevels *levels)
{
  guint n = 0;

  if (recon_levels_count (levels, RECON_FRAME_KEPT) == levels->n)
    return;

  self->ranks[which] = g_new (guint, levels->n);
  for (guint i = 0; i < levels->n; i++)
    self->ranks[which][i] = levels->verdicts[i] == RECON_FRAME_KEPT ? n++ : RECON_LEFT_OUT;
}

/* A whole group of flats that are none: the other one is taken for all. */
static void
drop_empty_groups (ReconScan    *self,
                   ReconLevels **levels)
{
  const guint n_flats = recon_levels_count (levels[RECON_LEVELS_FLATS], RECON_FRAME_KEPT);
  const guint n_after = recon_levels_count (levels[RECON_LEVELS_FLATS_AFTER], RECON_FRAME_KEPT);

  if (self->flats_after == NULL || (n_flats > 0 && n_after > 0))
    return;

  if (n_flats == 0)
    {
      self->flats = self->flats_after;
      g_free (self->ranks[RECON_LEVELS_FLATS]);
      self->ranks[RECON_LEVELS_FLATS] = self->ranks[RECON_LEVELS_FLATS_AFTER];
    }
  else
    g_free (self->ranks[RECON_LEVELS_FLATS_AFTER]);
  self->ranks[RECON_LEVELS_FLATS_AFTER] = NULL;
  self->flats_after = NULL;
  _recon_scan_renew_geometry (self);
  g_clear_pointer (&self->geometry->flat_positions, g_free);
}

static gboolean
leave_out (ReconScan    *self,
           ReconLevels **levels,
           GPtrArray    *warnings,
           GError      **error)
{
  const double dark = levels[RECON_LEVELS_DARKS]->n > 0 ? levels[RECON_LEVELS_DARKS]->level : 0;

  for (guint g = 0; g < RECON_N_LEVELS; g++)
    {
      if (isfinite (levels[g]->other) && !check_other (self, g, levels[g], dark, warnings, error))
        return FALSE;

      for (guint verdict = RECON_FRAME_KEPT + 1; verdict < RECON_N_FRAME_VERDICTS; verdict++)
        report_verdict (self, g, levels[g], verdict, warnings);
    }

  for (guint g = 0; g < RECON_N_LEVELS; g++)
    rank (self, g, levels[g]);
  drop_empty_groups (self, levels);

  return TRUE;
}

/* Of a part of a scan, what was found of the whole holds. */
static void
take_warnings (GPtrArray *warnings,
               ReconScan *whole)
{
  for (guint i = 0; whole->survey != NULL && i < whole->survey->warnings->len; i++)
    g_ptr_array_add (warnings, g_strdup (g_ptr_array_index (whole->survey->warnings, i)));
}

/**
 * recon_scan_get_survey:
 * @self: a scan
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Looks at some rows of all darks and flats and of some projections, once for a scan. Darks that are flats, flats that
 * are dark, and others that are far from the rest of their group are left out from then on, whatever the majority: see
 * recon_levels_judge(). A whole group of such flats is, if there is another one.
 *
 * Returns: (transfer none): what was seen; %NULL with #RECON_ERROR_READ, #RECON_ERROR_MEMORY, %G_IO_ERROR_CANCELLED, or
 *   #RECON_ERROR_INPUT if flats disagree and it isn't clear which are right
 */
const ReconSurvey *
recon_scan_get_survey (ReconScan     *self,
                       GCancellable  *cancellable,
                       GError       **error)
{
  ReconLevels *levels[RECON_N_LEVELS] = { NULL };
  ReconSurvey *survey;

  g_return_val_if_fail (RECON_IS_SCAN (self), NULL);

  if (self->survey != NULL)
    return self->survey;

  survey = _recon_scan_read_survey (self, levels, cancellable, error);
  if (survey == NULL)
    return NULL;

  if (self->whole != NULL)
    take_warnings (survey->warnings, self->whole);
  if (self->whole != NULL || leave_out (self, levels, survey->warnings, error))
    self->survey = g_steal_pointer (&survey);
  else
    recon_survey_free (survey);
  for (guint g = 0; g < RECON_N_LEVELS; g++)
    recon_levels_free (levels[g]);

  return self->survey;
}

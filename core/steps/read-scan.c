/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/read-scan.h"

#include <glib/gi18n-lib.h>

#include "error.h"
#include "steps/blanks.h"
#include "steps/lost-beam.h"

/* The source of the standard job: raw sinograms and references of a scan. */

struct _ReconReadScan
{
  ReconSource parent_instance;

  ReconScan          *scan;
  ReconTransmissions *transmissions; /* (nullable) */
  ReconBlanks        *blanks;
  ReconReadScanChecks checks;
  char               *lost; /* (nullable): projections without light */
};

G_DEFINE_FINAL_TYPE (ReconReadScan, recon_read_scan, RECON_TYPE_SOURCE)

static void
recon_read_scan_describe (ReconSource     *source,
                          ReconSourceInfo *info)
{
  ReconReadScan *self = RECON_READ_SCAN (source);
  gboolean correct = recon_scan_get_correct (self->scan);

  *info = (ReconSourceInfo) {
    .n_slices = recon_scan_get_n_slices (self->scan),
    .shape = { RECON_DATA_COUNTS, recon_scan_get_n_angles (self->scan), recon_scan_get_width (self->scan) },
    .has_dark = correct,
    .has_flat = correct,
    .has_flat_after = correct && recon_scan_get_flat_positions (self->scan) != NULL,
    .scratch_bytes = recon_scan_get_scratch_bytes (self->scan),
  };
}

/* One row of a block. */
static gboolean
look_at_row (ReconReadScan    *self,
             const ReconBlock *block,
             const float      *data,
             guint             i,
             gboolean         *is_lost)
{
  const gsize first = (gsize) i * recon_scan_get_width (self->scan);
  const ReconLostBeamRow row = {
    .n_angles = recon_scan_get_n_angles (self->scan),
    .width = recon_scan_get_width (self->scan),
    .values = data + first,
    .pitch = (gsize) block->n_padded * recon_scan_get_width (self->scan),
    .dark = block->dark != NULL ? block->dark + first : NULL,
    .flat = block->flat != NULL ? block->flat + first : NULL,
    .flat_after = block->flat_after != NULL ? block->flat_after + first : NULL,
    .positions = recon_scan_get_flat_positions (self->scan),
    .dark_scale = self->checks.dark_scale,
    .is_integral = !recon_scan_get_correct (self->scan) && !recon_scan_get_absorptivity (self->scan),
  };

  return recon_lost_beam_find (&row, is_lost);
}

/* Where nobody has looked before: in the first block, which is read before any slice is written. The rows in its middle
 * and at its ends have to agree. */
static gboolean
check_beam (ReconReadScan     *self,
            const ReconBlock  *block,
            const float       *data,
            GError           **error)
{
  const guint rows[] = { block->n / 2, 0, block->n - 1 };
  const guint n = recon_scan_get_n_angles (self->scan);
  g_autofree gboolean *is_lost = g_new (gboolean, n);
  g_autofree gboolean *is_lost_here = g_new (gboolean, n);
  guint n_lost;

  if (!self->checks.lost_beam)
    return TRUE;
  self->checks.lost_beam = FALSE;

  if (!look_at_row (self, block, data, rows[0], is_lost))
    return TRUE;
  n_lost = recon_lost_beam_agree (is_lost, is_lost, n);
  for (guint i = 1; n_lost > 0 && i < G_N_ELEMENTS (rows); i++)
    if (look_at_row (self, block, data, rows[i], is_lost_here))
      n_lost = recon_lost_beam_agree (is_lost, is_lost_here, n);
  if (n_lost == 0)
    return TRUE;

  self->lost = recon_lost_beam_format (self->scan, is_lost);
  if (self->checks.force)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               ngettext ("Of %u projections %u shows no light, or nothing at all: %s, counted from 0. Leave it out by "
                         "--exclude=%s, or add --force to use it all the same.",
                         "Of %u projections %u show no light, or nothing at all: %s, counted from 0. Leave them out by "
                         "--exclude=%s, or add --force to use them all the same.", n_lost),
               n, n_lost, self->lost, self->lost);
  return FALSE;
}

static gboolean
recon_read_scan_read (ReconSource       *source,
                      const ReconBlock  *block,
                      float             *data,
                      GCancellable      *cancellable,
                      GError           **error)
{
  ReconReadScan *self = RECON_READ_SCAN (source);
  gsize width = recon_scan_get_width (self->scan);

  if (block->dark != NULL &&
      !recon_scan_read_references (self->scan, block->first, block->n, block->dark, block->flat, block->flat_after,
                                   cancellable, error))
    return FALSE;

  if (!recon_scan_read_sinograms (self->scan, block->first, block->n, block->n_padded, data, cancellable, error))
    return FALSE;
  if (!check_beam (self, block, data, error))
    return FALSE;

  for (guint i = 0; i < block->n; i++)
    recon_blanks_look (self->blanks, data + i * width, block->n_padded * width);

  return TRUE;
}

static void
append_part (GString               *text,
             const ReconBlankParts *parts,
             guint                  first,
             const char            *noun,
             const char            *what)
{
  if (parts->n > 0)
    g_string_append_printf (text, "%s%u %s%s %s (the first is %u)", text->len > 0 ? ", " : "", parts->n, noun,
                            parts->n > 1 ? "s" : "", what, first);
}

/* One warning, whatever was found. */
static void
report_blanks (ReconReadScan *self,
               ReconLog      *log)
{
  g_autoptr (GString) text = g_string_new (NULL);
  ReconBlankSummary summary;

  recon_blanks_summarise (self->blanks, &summary);
  if (summary.everything)
    {
      recon_log_warning (log, "The projections are empty: in each row that was read all values are equal or none is a "
                              "number");
      return;
    }

  append_part (text, &summary.projections, recon_scan_get_projection_number (self->scan, summary.projections.first),
               "projection", "with rows in which all values are equal or none is a number");
  append_part (text, &summary.columns, recon_scan_get_column_number (self->scan, summary.columns.first),
               "column", "with one value in all projections");
  if (text->len > 0)
    recon_log_warning (log, "Parts of the scan hold nothing, which may show as streaks or rings: %s, counted from 0",
                       text->str);
}

static void
report_transmissions (ReconReadScan *self,
                      ReconLog      *log)
{
  g_autofree char *pixels = NULL;
  g_autofree char *values = NULL;

  pixels = recon_transmissions_describe_pixels (self->transmissions, self->scan);
  values = recon_transmissions_describe_values (self->transmissions, self->scan);
  if (pixels != NULL)
    recon_log_warning (log, "In the rows that were reconstructed, %s", pixels);
  if (values != NULL && recon_transmissions_get_share (self->transmissions) >= RECON_FEW_TRANSMISSIONS)
    recon_log_warning (log, "In the rows that were reconstructed, %s", values);
  else if (values != NULL)
    recon_log_info (log, "In the rows that were reconstructed, %s", values);
}

static gboolean
recon_read_scan_report (ReconSource  *source,
                        ReconLog     *log,
                        GError      **error)
{
  ReconReadScan *self = RECON_READ_SCAN (source);
  g_autoptr (ReconLog) counting = recon_log_new_for (log);

  if (self->lost != NULL)
    recon_log_warning (counting, "Projections that show no light, or nothing at all, were used all the same: %s, "
                                 "counted from 0", self->lost);
  report_blanks (self, counting);
  if (self->transmissions != NULL)
    report_transmissions (self, counting);

  return !self->checks.strict || recon_log_check (counting, error);
}

static void
recon_read_scan_finalize (GObject *object)
{
  ReconReadScan *self = RECON_READ_SCAN (object);

  g_clear_object (&self->scan);
  g_clear_pointer (&self->blanks, recon_blanks_free);
  g_free (self->lost);
  g_clear_pointer (&self->transmissions, recon_transmissions_unref);

  G_OBJECT_CLASS (recon_read_scan_parent_class)->finalize (object);
}

static void
recon_read_scan_class_init (ReconReadScanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconSourceClass *source_class = RECON_SOURCE_CLASS (klass);

  object_class->finalize = recon_read_scan_finalize;
  source_class->describe = recon_read_scan_describe;
  source_class->read = recon_read_scan_read;
  source_class->report = recon_read_scan_report;
}

static void
recon_read_scan_init (ReconReadScan *self)
{
}

/**
 * recon_read_scan_new:
 * @scan: a scan, used by this source only from now on
 * @transmissions: (nullable): what the step that corrects it counts, to be told of when all is done
 *
 * Returns: (transfer full): a source of the scan's sinograms, one item per slice
 */
ReconSource *
recon_read_scan_new (ReconScan          *scan,
                     ReconTransmissions *transmissions)
{
  ReconReadScan *self = g_object_new (RECON_TYPE_READ_SCAN, NULL);

  self->scan = g_object_ref (scan);
  self->transmissions = transmissions != NULL ? recon_transmissions_ref (transmissions) : NULL;
  self->blanks = recon_blanks_new (recon_scan_get_n_angles (scan), recon_scan_get_width (scan),
                                   recon_scan_get_correct (scan));

  return RECON_SOURCE (self);
}

/**
 * recon_read_scan_set_checks:
 * @self: a source that hasn't read anything yet
 * @checks: what to look for; nothing, unless this is called
 */
void
recon_read_scan_set_checks (ReconReadScan             *self,
                            const ReconReadScanChecks *checks)
{
  g_return_if_fail (RECON_IS_READ_SCAN (self));

  self->checks = *checks;
}

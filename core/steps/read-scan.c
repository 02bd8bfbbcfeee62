/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/read-scan.h"

#include "steps/blanks.h"

/* The source of the standard job: raw sinograms and references of a scan. */

struct _ReconReadScan
{
  ReconSource parent_instance;

  ReconScan          *scan;
  ReconTransmissions *transmissions; /* (nullable) */
  ReconBlanks        *blanks;
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
recon_read_scan_report (ReconSource *source,
                        ReconLog    *log)
{
  ReconReadScan *self = RECON_READ_SCAN (source);
  g_autofree char *pixels = NULL;
  g_autofree char *values = NULL;

  report_blanks (self, log);
  if (self->transmissions == NULL)
    return;

  pixels = recon_transmissions_describe_pixels (self->transmissions, self->scan);
  values = recon_transmissions_describe_values (self->transmissions, self->scan);
  if (pixels != NULL)
    recon_log_warning (log, "In the rows that were reconstructed, %s", pixels);
  if (values != NULL && recon_transmissions_get_share (self->transmissions) >= RECON_FEW_TRANSMISSIONS)
    recon_log_warning (log, "In the rows that were reconstructed, %s", values);
  else if (values != NULL)
    recon_log_info (log, "In the rows that were reconstructed, %s", values);
}

static void
recon_read_scan_finalize (GObject *object)
{
  ReconReadScan *self = RECON_READ_SCAN (object);

  g_clear_object (&self->scan);
  g_clear_pointer (&self->blanks, recon_blanks_free);
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
